"""FAQs in a real browser: written, published, found, repeated, imported, brought back from an earlier version and from the bin."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.ui.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

SHEET = """pregunta;pregunta 2;respuesta;categoría
¿Hacéis envíos?;mandais a casa;Sí, a toda España.;Envíos
¿Tenéis novela negra?;algo de detectives;Sí, una pared entera.;Libros
;;Sin pregunta;Libros
¿Hacéis descuento?;;Cuesta {precio}.;Libros
"""


def ready(page: Page) -> None:
    expect(page.locator("h1:not(.sr)").locator("visible=true")).to_be_visible()


def flaws(page: Page) -> list[tuple[str, str]]:
    """What axe finds, once no notice and no transition is on the way."""
    page.mouse.move(700, 20)
    expect(page.locator(".toast")).to_have_count(0)
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in Axe().run(page).response["violations"]]


def shoot(page: Page, name: str) -> None:
    """Pictures to look at: `SHOTS=folder`, wide and narrow, light and dark."""
    if folder := os.environ.get("SHOTS"):
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            for theme in ("light", "dark"):
                page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", theme == "dark")
                page.wait_for_timeout(250)
                page.screenshot(path=f"{folder}/{name}-{theme}-{width}.png")
        page.evaluate("document.documentElement.classList.remove('dark')")
        page.set_viewport_size({"width": 1440, "height": 900})


def test_faqs_are_written_found_imported_and_brought_back(agent: Visit, tmp_path: Path) -> None:
    page = agent.page
    page.goto("/bots/faqs")
    expect(page.get_by_text("Aún no hay preguntas")).to_be_visible()
    shoot(page, "empty")
    write_the_first(page)
    find_it(page)
    be_warned(page)
    come_back_to_a_version(page)
    import_a_sheet(page, tmp_path)
    choose_several(page)
    delete_and_undo(page)


def write_the_first(page: Page) -> None:
    """Three ways of asking, two of them pasted at once; a mistake is marked where it is, nothing is lost on the way."""
    page.get_by_role("link", name="Escribir la primera").click()
    expect(page.locator("h1:not(.sr)")).to_have_text("Nueva pregunta")
    page.get_by_label("La pregunta", exact=True).fill("¿Hacéis envíos?")
    page.get_by_label("La pregunta", exact=True).press("Enter")
    expect(page.get_by_label("Forma 2 de preguntarlo")).to_be_focused()
    page.keyboard.insert_text("enviais a casa")
    page.get_by_label("Forma 2 de preguntarlo").press("Enter")
    page.keyboard.insert_text("HACEIS envios!!")
    expect(page.get_by_role("alert")).to_have_text("Esta forma ya está más arriba.")
    page.get_by_label("Forma 3 de preguntarlo").fill("me lo podeis mandar?")
    expect(page.get_by_text("3 formas", exact=True)).to_be_visible()

    page.get_by_role("button", name="Publicar").click()
    expect(page.get_by_text("Escribe la respuesta para poder publicarla.", exact=False)).to_be_visible()
    expect(page.get_by_label("Qué contesta el bot")).to_be_focused()
    page.get_by_label("Qué contesta el bot").fill("{name}, en {shop} enviamos a toda España desde {precio}.")
    expect(page.get_by_text("No conocemos {precio}.", exact=False)).to_be_visible()
    page.get_by_label("Qué contesta el bot").fill("{name}, en {shop} enviamos a toda España.")
    expect(page.locator(".fb.out")).to_contain_text("Marta, en Librería del Mar enviamos a toda España.")
    page.get_by_role("radio", name="A alguien sin nombre").click()
    expect(page.locator(".fb.out")).to_contain_text("En Librería del Mar enviamos a toda España.")
    page.get_by_role("button", name="Nueva categoría").click()
    page.get_by_label("Nombre de la categoría").fill("Envíos")
    page.get_by_role("button", name="Crear").click()
    expect(page.get_by_label("Categoría", exact=False).locator("option:checked")).to_have_text("Envíos")

    page.get_by_role("link", name="Canales").first.click()
    leaving = page.get_by_role("dialog", name="¿Salir sin guardar?")
    leaving.get_by_role("button", name="Cancelar").click()
    expect(page.get_by_label("La pregunta", exact=True)).to_have_value("¿Hacéis envíos?")
    shoot(page, "editor")
    page.get_by_role("button", name="Publicar").click()
    page.wait_for_url(re.compile(r"/bots/faqs/[0-9a-f-]{36}"))
    expect(page.get_by_text("Publicada", exact=True)).to_be_visible()
    assert flaws(page) == []


def find_it(page: Page) -> None:
    """By a word of its second phrasing, without accents; by keyboard alone."""
    page.get_by_role("link", name="Preguntas frecuentes").click()
    expect(page.locator(".frow")).to_have_count(1)
    page.locator("h1:not(.sr)").focus()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("ENVIAIS")
    expect(page.locator(".frow mark")).to_have_text(["enviais"])
    page.get_by_role("searchbox").fill("unicornio")
    expect(page.get_by_text("Ninguna pregunta encaja")).to_be_visible()
    page.get_by_role("button", name="Quitar filtros").click()
    expect(page.locator(".frow")).to_have_count(1)
    page.locator("h1:not(.sr)").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1:not(.sr)")).to_have_text("¿Hacéis envíos?")
    page.get_by_role("link", name="Preguntas frecuentes").click()
    expect(page.locator(".frow")).to_have_count(1)
    page.locator("h1:not(.sr)").focus()
    page.keyboard.press("n")
    expect(page.locator("h1:not(.sr)")).to_have_text("Nueva pregunta")


def be_warned(page: Page) -> None:
    """The same question in a second FAQ is told while it is typed, and in the list afterwards."""
    page.get_by_label("La pregunta", exact=True).fill("¿Enviáis a casa?")
    expect(page.get_by_text("Otra pregunta tiene esta misma forma.", exact=False)).to_be_visible()
    expect(page.get_by_role("link", name="Abrir «¿Hacéis envíos?»")).to_be_visible()
    page.get_by_role("button", name="Guardar borrador").click()
    page.wait_for_url(re.compile(r"/bots/faqs/[0-9a-f-]{36}"))
    page.get_by_role("link", name="Preguntas frecuentes").click()
    expect(page.get_by_text("Repetida")).to_have_count(2)
    page.get_by_role("button", name="Parecidas").click()
    expect(page.locator(".frow")).to_have_count(2)
    page.get_by_role("button", name="Borradores").click()
    expect(page.locator(".frow")).to_have_count(1)
    page.get_by_role("button", name="Borradores").click()
    page.get_by_role("button", name="Parecidas").click()


def come_back_to_a_version(page: Page) -> None:
    page.get_by_role("link", name="¿Hacéis envíos?").click()
    answer = page.get_by_label("Qué contesta el bot")
    expect(answer).to_have_value("{name}, en {shop} enviamos a toda España.")
    answer.fill("Ya no enviamos.")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Cambios sin guardar", exact=False)).to_be_hidden()
    page.get_by_role("button", name="Historial").click()
    drawer = page.get_by_role("dialog", name="Historial")
    expect(drawer.locator("del")).to_have_text(["{name}, en {shop} enviamos a toda España."])
    shoot(page, "history")
    drawer.get_by_role("button", name="Volver a esta versión").last.click()
    drawer.get_by_role("button", name="Volver a esta", exact=True).click()
    expect(drawer).to_be_hidden()
    expect(answer).to_have_value("{name}, en {shop} enviamos a toda España.")
    expect(page.locator(".toast").last).to_have_text("Como en la versión 1")


def import_a_sheet(page: Page, folder: Path) -> None:
    """The dry run says what each row would do; the wrong ones are named and stay out; a second time nothing changes."""
    sheet = folder / "preguntas.csv"
    sheet.write_bytes(SHEET.encode("cp1252"))
    for turn in ("first", "again"):
        page.goto("/bots/faqs/import")
        page.locator("input[type=file]").set_input_files(sheet)
        rows = page.locator(".frows li")
        expect(rows).to_have_count(4)
        if turn == "again":
            break
        expect(rows.nth(0)).to_contain_text("Añade una forma · Cambia: respuesta")
        expect(rows.nth(1)).to_contain_text("Pregunta nueva, con 2 formas")
        expect(rows.nth(2)).to_contain_text("Escribe al menos una forma de preguntarlo.")
        expect(rows.nth(3)).to_contain_text("No conocemos {precio}.")
        page.get_by_role("button", name="Con errores").click()
        expect(rows).to_have_count(2)
        page.get_by_role("button", name="Con errores").click()
        page.get_by_text("Solo si todas las filas están bien").click()
        expect(page.get_by_role("button", name="Importar 2 preguntas")).to_be_disabled()
        page.get_by_text("Solo si todas las filas están bien").click()
        shoot(page, "import")
        assert flaws(page) == []
        page.get_by_role("button", name="Importar 2 preguntas").click()
        expect(page.get_by_text("Importación terminada")).to_be_visible()
        expect(page.locator(".fdone li")).to_have_text(
            ["Una pregunta nueva", "Una pregunta cambió", "2 filas no entraron"]
        )
    expect(page.get_by_role("button", name="Sin cambios")).to_contain_text("2")
    expect(page.get_by_text("No hay nada que importar.")).to_be_visible()


def choose_several(page: Page) -> None:
    page.goto("/bots/faqs")
    expect(page.locator(".frow")).to_have_count(3)
    shoot(page, "list")
    assert flaws(page) == []
    page.get_by_role("checkbox", name="Elegir «¿Hacéis envíos?»").check()
    page.get_by_role("checkbox", name="Elegir «¿Tenéis novela negra?»").check()
    expect(page.get_by_text("2 elegidas")).to_be_visible()
    page.get_by_role("button", name="Pasar a borrador").click()
    expect(page.locator(".toast").last).to_contain_text("2 preguntas pasadas a borrador")
    expect(page.locator(".frow").get_by_text("Borrador", exact=True)).to_have_count(3)
    page.get_by_role("button", name="Deshacer").click()
    expect(page.locator(".frow").get_by_text("Publicada", exact=True)).to_have_count(2)


def delete_and_undo(page: Page) -> None:
    page.get_by_role("link", name="¿Enviáis a casa?").click()
    page.get_by_role("button", name="Más", exact=True).click()
    page.get_by_role("menuitem", name="Borrar").click()
    page.get_by_role("dialog", name="¿Borrar «¿Enviáis a casa?»?").get_by_role("button", name="Borrar").click()
    page.wait_for_url(re.compile(r"/bots/faqs/?$"))
    expect(page.locator(".frow")).to_have_count(2)
    page.get_by_role("button", name="Deshacer").click()
    expect(page.locator(".frow")).to_have_count(3)


def test_the_pages_speak_english_too(agent: Visit) -> None:
    page = agent.page
    page.goto("/account")
    ready(page)
    page.get_by_role("radio", name="English").click()
    for path, title in (
        ("/bots/faqs", "Frequent questions"),
        ("/bots/faqs/new", "New question"),
        ("/bots/faqs/import", "Import questions"),
        ("/bots/faqs/nothing-here", "This question is not here"),
    ):
        page.goto(path)
        expect(page.locator("h1:not(.sr)").locator("visible=true")).to_have_text(title)
    page.goto("/account")
    ready(page)
    page.get_by_role("radio", name="Español").click()
    expect(page.locator("h1:not(.sr)")).to_have_text("Tu cuenta")
