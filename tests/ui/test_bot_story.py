"""A bot as both sides have it: on a shop's page of another origin, and in the inbox where people read why and take over."""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests import shop
from tests.instance import Running
from tests.widget.site import shop_page

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

# The first question of a process loads the encoders.
THINKING = 90_000

SEED = """
import sys
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4
from sqlalchemy import select
from saas_admin.adapters.channels.base import InboundMessage, MessageKind, Sender
from saas_admin.bots import reply
from saas_admin.conversations import receive
from saas_admin.core.clock import now
from saas_admin.core.work import Work
from saas_admin.models import Bot, Channel, Conversation, HandOver
from tests.bots.company import with_bot
company = with_bot(number_id=sys.argv[1], email=sys.argv[2])
with Work(company.shop.admin) as work:
    work.all(select(Bot))[0].person_at = 0.0
def ask(name, *texts):
    for text in texts:
        said = InboundMessage(uuid4().hex, Sender("v:" + name.split()[0].lower(), name=name), now(), MessageKind.TEXT, text)
        with Work(company.shop.system) as work:
            thread = receive.receive(work, work.get(Channel, company.shop.webchat_id), said).conversation_id
        reply.answer(company.shop.company_id, thread, shelves=company.library)
        # The instance's own process may have been first: then it is still at it.
        for _ in range(300):
            with Work(company.shop.system) as work:
                if work.get(Conversation, thread).bot_due_at is None:
                    break
            time.sleep(0.1)
    return thread
ask("Lucía Prats", "¿cuánto tarda el envío?")
ask("Berta Collado", "me lo mandais molido para espresso?", "a que hora abren el domingo", "quiero hablar con una persona")
late = ask("Simón Vela", "esto es una vergüenza, llevo tres días esperando y nadie contesta")
tomorrow = ask("Iria Pazos", "quiero hablar con una persona")
with Work(company.shop.system) as work:
    work.all(select(HandOver).where(HandOver.conversation_id == tomorrow))[0].due_at = now() + timedelta(days=1)
    row = work.all(select(HandOver).where(HandOver.conversation_id == late))[0]
    row.due_at = now() - timedelta(minutes=25)
    row.at = now() - timedelta(hours=1)
Path(sys.argv[3]).write_text(f"{company.shop.webchat_public_id} {company.shop.company_id}")
"""
PIECES = """
import sys
from uuid import UUID
from saas_admin.conversations import live
live.draft(UUID(sys.argv[1]), sys.argv[2], UUID(sys.argv[3]))
"""
# The channel did not take what the bot said.
FAIL = """
import sys
from uuid import UUID
from sqlalchemy import select
from sqlmodel import col
from saas_admin.conversations import live
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.models import Channel, Message
from saas_admin.models.message import AuthorKind, MessageStatus
with Work(Actor.system(UUID(sys.argv[1]))) as work:
    bots = select(Message).where(Message.conversation_id == UUID(sys.argv[2]), Message.author_kind == AuthorKind.BOT)
    message = work.first(bots)
    message.status, message.error_code = MessageStatus.FAILED, "rejected"
"""
HTML = """<!doctype html><html lang="es"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Café Alborada</title><main style="height:2600px"><h1>Café</h1></main>
<script async src="{site}/widget.js" data-channel="{channel}"></script></html>"""


@dataclass(frozen=True)
class Place:
    email: str
    channel: str
    company_id: str


@pytest.fixture(scope="module")
def place(instance: Running, tmp_path_factory: pytest.TempPathFactory) -> Place:
    email, told = f"nuria-{uuid4().hex[:8]}@alborada.example", tmp_path_factory.mktemp("bot") / "channel"
    instance.run(SEED, f"1049{int(time.time())}", email, str(told))
    return Place(email, *told.read_text().split())


@pytest.fixture
def inbox(browser: Browser, instance: Running, place: Place) -> Iterator[Page]:
    context = browser.new_context(
        base_url=instance.url, viewport={"width": 1440, "height": 900}, locale="es-ES", timezone_id="UTC"
    )
    context.set_default_timeout(40_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto("/login")
    page.fill("input[name=email]", place.email)
    page.fill("input[name=password]", shop.PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(re.compile("/inbox"))
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def page(browser: Browser, instance: Running, place: Place, tmp_path: Path) -> Iterator[Page]:
    """The shop's own page, elsewhere."""
    (tmp_path / "index.html").write_text(HTML.format(site=instance.url, channel=place.channel), encoding="utf-8")
    with shop_page(tmp_path) as url:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="es-ES")
        context.set_default_timeout(40_000)
        page = context.new_page()
        page.goto(url)
        page.locator("button.l").click()
        yield page
        context.close()


def shoot(page: Page, name: str, *, is_widget: bool = False) -> None:
    """Pictures to look at: `SHOTS=folder`, wide and narrow, light and dark."""
    if folder := os.environ.get("SHOTS"):
        for width, height in ((1440, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            for theme in ("light",) if is_widget else ("light", "dark"):
                page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", theme == "dark")
                page.wait_for_timeout(300)
                page.screenshot(path=f"{folder}/{name}-{theme}-{width}.png")
        page.evaluate("document.documentElement.classList.remove('dark')")
        page.set_viewport_size({"width": 1440, "height": 900})


def write(chat: FrameLocator, text: str) -> None:
    chat.get_by_role("textbox").fill(text)
    chat.get_by_role("button", name="Enviar").click()


def test_a_visitor_asks_chooses_and_is_handed_over(page: Page, instance: Running) -> None:
    chat = page.frame_locator("iframe")
    said = chat.locator(".us .b")
    write(chat, "¿cuánto tarda el envío?")
    expect(said.last).to_contain_text("Enviamos a toda España en 48 horas", timeout=THINKING)
    expect(chat.locator(".us .meta").last).to_contain_text("Alba")
    expect(chat.locator(".us .meta").last).to_contain_text("Asistente automático")

    write(chat, "a que hora abren")
    offers = chat.get_by_role("group", name="Elige una respuesta")
    expect(offers.get_by_role("button")).to_have_count(4)
    shoot(page, "widget-offer", is_widget=True)
    chosen = offers.get_by_role("button").first
    words = chosen.inner_text()
    chosen.click()
    expect(chat.locator(".me .b").last).to_have_text(words)
    for button in offers.get_by_role("button").all():
        expect(button).to_be_disabled()
    expect(chosen).to_have_class("on")
    expect(said).to_have_count(4, timeout=THINKING)

    write(chat, "quiero hablar con una persona")
    expect(said.last).to_contain_text("a más tardar", timeout=THINKING)
    shoot(page, "widget-handed-over", is_widget=True)


def test_agents_see_why_who_speaks_and_what_was_handed_over(inbox: Page, instance: Running, place: Place) -> None:
    rows = inbox.get_by_role("option")
    expect(rows.filter(has_text="Simón Vela")).to_contain_text("Vencido hace")
    expect(rows.filter(has_text="Iria Pazos")).to_contain_text("Mañana, antes de las")
    shoot(inbox, "inbox-list")

    inbox.get_by_role("tab", name="En proceso").click()
    lucia = rows.filter(has_text="Lucía Prats")
    expect(lucia.get_by_role("img", name="La atiende el bot")).to_be_visible()
    lucia.click()
    strip = inbox.get_by_label("Quién responde")
    expect(strip).to_contain_text("Responde Alba (bot)")
    shoot(inbox, "inbox-bot-speaks")

    why_line = inbox.get_by_role("button", name="Por qué").last
    expect(why_line).to_have_text("Alba · Pregunta idéntica «¿Cuánto tarda el envío?»")
    expect(inbox.locator(".bx-m.bot .rest")).to_contain_text(re.compile(r"Certeza alta · 100\s%"))
    why_line.click()
    why = inbox.get_by_role("dialog", name="Por qué respondió así")
    expect(why).to_contain_text("La pregunta coincide con una de las tuyas.")
    expect(why).to_contain_text("Certeza alta")
    expect(why.get_by_role("link", name="¿Cuánto tarda el envío?").first).to_have_attribute(
        "href", re.compile(r"/bots/faqs/[0-9a-f-]{36}")
    )
    shoot(inbox, "inbox-why")
    assert flaws(inbox) == []
    inbox.keyboard.press("Escape")
    expect(why).to_be_hidden()

    thread = inbox.url.rsplit("/", 1)[-1]
    words = [str(each.get_attribute("data-message")) for each in inbox.locator("[data-message]").all()]
    instance.run(PIECES, thread, "Enviamos a toda España.", words[-1])
    expect(inbox.locator(".bx-m.writing")).to_contain_text("Enviamos a toda España.")
    shoot(inbox, "inbox-piece")
    # Of a question that somebody has answered since, nothing is shown.
    instance.run(PIECES, thread, "Enviamos a Portugal.", words[0])
    expect(inbox.locator(".bx-m.writing")).to_have_count(0)

    strip.get_by_role("button", name="Tomar").click()
    expect(strip).to_contain_text("Responde una persona")
    inbox.get_by_role("button", name="Deshacer").click()
    expect(strip).to_contain_text("Responde Alba (bot)")

    # What did not leave has its receipt too.
    instance.run(FAIL, place.company_id, thread)
    inbox.reload()
    expect(inbox.locator(".bx-outcome.bad")).to_be_visible()
    expect(why_line).to_have_text("Alba · Pregunta idéntica «¿Cuánto tarda el envío?»")
    shoot(inbox, "inbox-failed")


def test_the_card_says_what_was_asked_and_tried_and_a_person_gives_it_back(inbox: Page) -> None:
    inbox.get_by_role("option").filter(has_text="Simón Vela").click()
    card = inbox.get_by_label("Conversación traspasada")
    expect(card).to_contain_text("El cliente está enfadado.")
    expect(card).to_contain_text("Enfadado")
    expect(card).to_contain_text("Vencido hace")
    shoot(inbox, "inbox-overdue")
    inbox.get_by_role("option").filter(has_text="Berta Collado").click()
    expect(card).to_contain_text("quiero hablar con una persona")
    expect(card).to_contain_text("¿Moléis el café?")
    expect(card).to_contain_text(re.compile("Prometido(: mañana,)? antes de las"))
    # The customer was told the shop's hour, and this browser is elsewhere.
    (told,) = re.findall(r"a más tardar .*a las? (\d+:\d\d)", inbox.get_by_role("log").inner_text())
    expect(card).to_contain_text(re.compile(rf"\D0?{told} en la hora de la tienda"))
    shoot(inbox, "inbox-handed-over")
    assert flaws(inbox) == []

    inbox.get_by_label("Quién responde").get_by_role("button", name="Devolver al bot").click()
    expect(inbox.get_by_label("Quién responde")).to_contain_text("Responde Alba (bot)")
    expect(card.first).to_contain_text("Cerrado sin responder")
    expect(inbox.locator(".bx-act").last).to_contain_text("Se la devolviste al bot")


def flaws(page: Page) -> list[tuple[str, str]]:
    """What axe finds, once no notice is on the way."""
    page.mouse.move(700, 20)
    expect(page.locator(".toast")).to_have_count(0)
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in Axe().run(page).response["violations"]]
