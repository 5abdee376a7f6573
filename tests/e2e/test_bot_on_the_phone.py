"""The bot from a sheet of questions to a customer's phone: imported, asked, explained, taught, asked again."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_story import Demo, customer, demo, inbox

__all__ = ["customer", "demo", "inbox"]

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

THINKING = 90_000
"""Milliseconds: the first question of a process loads the encoders."""
OPENING = "Soy Alba, el asistente automático de Café Alborada."
SHEET = """question,question_2,question_3,answer,status
¿Hacéis catas en casa?,¿Venís a hacer una cata a domicilio?,¿Organizáis catas para grupos en casa?,Sí: catas a domicilio los viernes en Valencia.,published
¿Reparáis molinillos?,¿Arregláis molinillos de café?,¿Podéis reparar mi molino?,Reparamos molinillos en la tienda en una semana.,published
"""
ODD = "mi cacharro de triturar granos ha muerto"


def on_the_phone(page: Page, demo: Demo) -> None:
    """As somebody the shop does not know."""
    number = f"346{uuid4().int % 10**8:08d}"
    page.request.post(f"{demo.sandbox}/phone/people", data={"name": "Inés Roca", "number": number})
    page.goto(f"{demo.sandbox}/phone?me={number}")
    page.get_by_role("button", name="Café Alborada").click()


def ask(page: Page, words: str) -> None:
    page.get_by_placeholder("Mensaje").fill(words)
    page.keyboard.press("Enter")


def test_from_a_sheet_to_the_phone_and_back(inbox: Page, customer: Page, demo: Demo, tmp_path: Path) -> None:
    sheet = tmp_path / "catas.csv"
    sheet.write_text(SHEET, encoding="utf-8")
    inbox.goto("/bots/faqs/import")
    inbox.locator("input[type=file]").set_input_files(sheet)
    expect(inbox.locator(".frows li")).to_have_count(2)
    inbox.get_by_role("button", name="Importar 2 nuevas").click()
    expect(inbox.get_by_text("Importación terminada")).to_be_visible()

    on_the_phone(customer, demo)
    said = customer.locator(".m:not(.me) .b")
    ask(customer, "haceis catas en casa?")
    expect(said.last).to_contain_text(f"{OPENING}", timeout=THINKING)
    expect(said.last).to_contain_text("Sí: catas a domicilio los viernes en Valencia.")
    # Nothing the shop has ever written is like this: a person takes it, and it is on the list.
    ask(customer, ODD)
    expect(said.last).not_to_contain_text("Sí: catas", timeout=THINKING)

    why(inbox)
    teach(inbox)

    on_the_phone(customer, demo)
    ask(customer, ODD)
    expect(said.last).to_contain_text("Reparamos molinillos en la tienda en una semana.", timeout=THINKING)


def why(page: Page) -> None:
    """Under the answer stands where it comes from."""
    page.goto("/inbox")
    expect(page.get_by_role("option").first).to_be_visible()
    row = page.get_by_role("option").filter(has_text="Inés Roca")
    for tab in ("Pendientes", "En proceso"):
        page.get_by_role("tab", name=re.compile(tab)).click()
        page.wait_for_timeout(1500)
        page.get_by_role("listbox").evaluate("list => list.scrollTo(0, list.scrollHeight)")
        page.wait_for_timeout(800)
        if row.count():
            break
    row.last.click()
    expect(page.get_by_role("log")).to_contain_text("Sí: catas a domicilio los viernes en Valencia.")
    page.get_by_role("button", name="Por qué").first.click()
    drawer = page.get_by_role("dialog", name="Por qué respondió así")
    expect(drawer).to_contain_text("¿Hacéis catas en casa?")
    expect(drawer).to_contain_text("Certeza alta")
    page.keyboard.press("Escape")


def teach(page: Page) -> None:
    """Two clicks: the question, and the FAQ that answers it."""
    row = page.locator(".bquestion").filter(has_text=ODD)
    page.goto("/bots/unanswered")
    expect(row).to_be_visible()
    row.get_by_role("button", name="Enseñar como otra forma de").click()
    dialog = page.get_by_role("dialog", name="Enseñar otra forma de preguntarlo")
    dialog.get_by_placeholder("Buscar entre las publicadas").fill("molinillos")
    dialog.get_by_role("radio", name="¿Reparáis molinillos?").click()
    dialog.get_by_role("button", name="Enseñar").click()
    expect(dialog).to_be_hidden()
    expect(row).to_have_count(0)
