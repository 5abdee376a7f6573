"""The bot in a real browser: switched on, told how to speak, tried, taught what it did not know, and tried again."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from tests.instance import Running
from tests.ui.conftest import PASSWORD, Visit
from tests.ui.looking import does_not_scroll_sideways, flaws, shoot

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(500)]

UNKNOWN = "teneis sitio pa aparcar??"
KNOWN = "¿Cuánto tarda el envío?"

# Two web chats and four questions, through the product's own verbs.
FURNISH = f"""
import sys
from uuid import UUID
from saas_admin.channels import service as channels
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.faqs import service as faqs
from saas_admin.faqs.content import Content, Phrase
FAQS = [
    (("{KNOWN}", "¿En cuántos días llega mi pedido?", "¿Cuándo me llega?"), "Enviamos en 48 horas por 4,90 €."),
    (("¿Dónde está la tienda?", "¿Cuál es vuestra dirección?"), "En la calle Mayor 3, con un garaje enfrente."),
    (("¿Cómo puedo pagar?", "¿Aceptáis Bizum?", "¿Se puede pagar con tarjeta?"), "Con tarjeta, Bizum o transferencia."),
    (("¿Puedo devolver un libro?", "¿Cómo hago una devolución?"), "Tienes 30 días, con el tique."),
]
with Work(Actor.system(UUID(sys.argv[1]))) as work:
    for title in ("Chat web", "Chat de la newsletter"):
        channels.create(work, channels.check("webchat", title, {{"title": title}}, ask_provider=False))
    for texts, answer in FAQS:
        faqs.create(work, Content(tuple(Phrase(text) for text in texts), answer, "es"), is_published=True)
"""

# A visitor writes: what the bot then does is the product's.
WRITE = """
import sys
from datetime import UTC, datetime
from uuid import UUID, uuid4
from sqlalchemy import select
from sqlmodel import col
from saas_admin.adapters.channels.base import InboundMessage, MessageKind, Sender
from saas_admin.conversations import receive
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.models import Channel
company, who, text = sys.argv[1:]
with Work(Actor.system(UUID(company))) as work:
    channel = work.first(select(Channel).where(col(Channel.name) == "Chat web"))
    inbound = InboundMessage(uuid4().hex, Sender(who, name="Iker Mendizabal"), datetime.now(UTC), MessageKind.TEXT, text)
    receive.receive(work, channel, inbound)
"""


# One FAQ is as full as it may be.
FILL = """
import sys
from uuid import UUID
from sqlalchemy import select
from sqlmodel import col
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.faqs import service as faqs
from saas_admin.models import FaqPhrasing
with Work(Actor.system(UUID(sys.argv[1]))) as work:
    full = work.first(select(FaqPhrasing).where(col(FaqPhrasing.text) == "¿Puedo devolver un libro?")).faq_id
    for number in range(48):
        faqs.add_phrasing(work, full, f"¿Puedo devolver {number + 2} libros?")
"""

# What a model said and the guard did not let through.
REFUSED = """
import sys
from uuid import UUID
from sqlalchemy import select
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.models import BotAnswer, Conversation
from saas_admin.models.bot import Review, Route
with Work(Actor.system(UUID(sys.argv[1]))) as work:
    thread = work.first(select(Conversation))
    work.add(BotAnswer(
        conversation_id=thread.id, channel_id=thread.channel_id, question="cuanto pesa el catalogo", folded="catalogo",
        route=Route.PERSON, reason="invented_number", review=Review.OPEN,
    ))
"""


@pytest.fixture(scope="module")
def company(instance: Running) -> dict[str, str]:
    email = f"olatz-{uuid4().hex[:8]}@papeleria.example"
    names = ("--name", "Papelería Olatz", "--email", email, "--password", PASSWORD, "--json")
    made = json.loads(instance.cli("company", "create", *names).stdout)
    instance.run(FURNISH, made["company_id"])
    return {"id": made["company_id"], "email": email}


@pytest.fixture
def owner(browser: Browser, instance: Running, company: dict[str, str]) -> Iterator[Visit]:
    context = browser.new_context(base_url=instance.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(40_000)
    answer = context.request.post(
        "/auth/sign-in",
        data={"email": company["email"], "password": PASSWORD, "keep": True, "lang": "es"},
        headers={"origin": instance.url},
    )
    assert answer.ok, answer.text()
    visit = Visit(context, instance.url.split("://", 1)[1])
    yield visit
    context.close()
    assert (visit.errors, visit.strangers) == ([], [])


def test_a_bot_is_switched_on_tried_taught_and_tried_again(
    owner: Visit, instance: Running, company: dict[str, str]
) -> None:
    page = owner.page
    switch_on(page)
    tell_how_to_behave(page)
    differ_on_one_channel(page)
    ask_known_and_unknown(page)
    instance.run(WRITE, company["id"], "visitor-1", UNKNOWN)
    instance.run(WRITE, company["id"], "visitor-2", UNKNOWN.upper())
    instance.run(WRITE, company["id"], "visitor-3", KNOWN)
    instance.run(FILL, company["id"])
    teach(page)
    ask_again(page)
    move_thresholds(page)
    instance.run(REFUSED, company["id"])
    read_what_the_guard_said(page)
    look_at_the_figures(page)


def test_a_page_that_could_not_be_read_is_asked_for_again(owner: Visit) -> None:
    """What the State says of a failed read is put in the place of a good one, once."""
    page = owner.page
    left = [1]

    def as_failed(text: str | bytes) -> str | bytes:
        if isinstance(text, bytes) or "behaviour_state" not in text or '"is_loaded_rx_state_":true' not in text:
            return text
        if not left:
            return text
        left.pop()
        return text.replace('"is_loaded_rx_state_":true', '"is_loaded_rx_state_":false').replace(
            '"failed_rx_state_":0', '"failed_rx_state_":1'
        )

    def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        server.on_message(lambda text: route.send(as_failed(text)))

    page.route_web_socket("**/_event/**", between)
    page.goto("/bots/behaviour")
    expect(page.get_by_role("alert")).to_contain_text("No pudimos leer esto")
    shoot(page, "retry")
    assert does_not_scroll_sideways(page)
    assert (found := flaws(page)) == [], found
    page.get_by_role("button", name="Reintentar").click()
    expect(page.get_by_label("Saludo", exact=False).first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert left == []


def switch_on(page: Page) -> None:
    page.goto("/bots")
    expect(page.locator("h1:not(.sr)")).to_have_text("Bots")
    expect(page.get_by_text("El bot está apagado").first).to_be_visible()
    expect(page.get_by_text("Preguntas: 4 · formas de preguntarlas: 10")).to_be_visible()
    shoot(page, "overview-off")
    page.get_by_role("switch", name="Contestar en Chat web.").click()
    expect(page.get_by_role("switch", name="Contestar en Chat web.")).to_have_attribute("aria-checked", "true")
    page.get_by_role("switch", name="Bot encendido").click()
    expect(page.get_by_role("heading", name="El bot contesta en un canal")).to_be_visible()
    expect(page.get_by_text("Contesta ahora")).to_have_count(1)
    expect(page.get_by_text("Apagado en este canal")).to_have_count(1)


def tell_how_to_behave(page: Page) -> None:
    """What customers will read stands beside the form and follows it; a mistake is said beside its field."""
    page.get_by_role("link", name="Comportamiento").click()
    page.get_by_label("Nombre", exact=False).first.fill("Alba")
    leave_and_think_better_of_it(page)
    page.get_by_role("radio", name="Vos").click()
    page.get_by_label("Saludo", exact=False).first.fill("¡Hola! Un gusto.")
    said = page.get_by_label("Así habla")
    expect(said).to_contain_text("¡Hola! Un gusto. Soy Alba, el asistente automático de Papelería Olatz.")
    expect(said).to_contain_text("Si necesitás algo más, acá estoy.")
    page.get_by_label("Temas que van a una persona").fill("alergia, factura")
    page.get_by_label("Temas que van a una persona").press("Enter")
    expect(page.locator(".btopics li")).to_have_text(["alergia", "factura"])
    page.get_by_label("Plazo para una persona").fill("1")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("alert")).to_have_text("Entre 5 y 2.880")
    expect(page.get_by_label("Plazo para una persona")).to_be_focused()
    page.get_by_label("Plazo para una persona").fill("45")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Comportamiento guardado").last).to_be_visible()
    expect(page.locator(".savebar")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Plazo para una persona")).to_have_value("45")
    expect(page.locator(".btopics li")).to_have_text(["alergia", "factura"])
    shoot(page, "behaviour")
    assert does_not_scroll_sideways(page)
    assert (found := flaws(page)) == [], found


def leave_and_think_better_of_it(page: Page) -> None:
    """A tab above the form does not take away what was typed."""
    page.get_by_role("link", name="Umbrales").click()
    asked = page.get_by_role("dialog", name="¿Salir sin guardar?")
    expect(asked).to_contain_text("Lo que has cambiado en esta página se perderá.")
    shoot(page, "leave")
    asked.get_by_role("button", name="Cancelar").click()
    expect(page.get_by_label("Nombre", exact=False).first).to_have_value("Alba")


def differ_on_one_channel(page: Page) -> None:
    page.get_by_role("link", name="Resumen").click()
    page.get_by_role("link", name="Chat de la newsletter").click()
    expect(page.get_by_text("En los demás: «Alba»")).to_be_visible()
    page.get_by_role("radio", name="Usted").click()
    expect(page.get_by_label("Así habla")).to_contain_text("Si necesita algo más, aquí estoy.")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Guardado para Chat de la newsletter").last).to_be_visible()
    shoot(page, "channel")
    assert (found := flaws(page)) == [], found
    page.locator("a.back").click()
    expect(page.get_by_text("Distinto: trato")).to_be_visible()


def ask_known_and_unknown(page: Page) -> None:
    """A known question with its receipt, then one that goes on the work list, then a person: there it ends."""
    page.get_by_role("link", name="Probar el bot").click()
    ask(page, "cuanto tarda el envio")
    log, paper = page.get_by_role("log"), page.get_by_label("Por qué respondió así", exact=True)
    expect(log).to_contain_text("¡Hola! Un gusto. Soy Alba, el asistente automático de Papelería Olatz.")
    expect(log).to_contain_text("Enviamos en 48 horas por 4,90 €.")
    expect(paper).to_contain_text("Pregunta idéntica")
    expect(paper).to_contain_text("Usada")
    shoot(page, "playground-known")
    ask(page, "quiero hablar con una persona")
    expect(log).to_contain_text("Te paso con una persona del equipo.")
    expect(paper).to_contain_text("El cliente pidió hablar con una persona.")
    expect(page.get_by_text("Desde aquí contesta una persona; el bot calla.")).to_be_visible()
    page.get_by_role("button", name="Empezar otra conversación").click()
    expect(page.locator(".breceipt")).to_have_count(0)
    ask(page, UNKNOWN)
    expect(paper).to_contain_text("Certeza")
    expect(log.get_by_text("En la calle Mayor 3")).to_have_count(0)
    shoot(page, "playground-unknown")
    assert does_not_scroll_sideways(page)
    assert (found := flaws(page)) == [], found


def ask(page: Page, text: str) -> None:
    before = page.locator(".breceipt").count()
    page.get_by_label("Tu pregunta").fill(text)
    page.get_by_label("Tu pregunta").press("Enter")
    expect(page.locator(".breceipt")).to_have_count(before + 1)


def teach(page: Page) -> None:
    """Asked twice, one row; another FAQ than the suggested one is found by search; two clicks teach it."""
    row = page.locator(".bquestion")
    for _ in range(20):
        page.goto("/bots/unanswered")
        expect(page.locator("h1:not(.sr)")).to_have_text("Sin respuesta")
        page.wait_for_timeout(1500)
        if row.count() == 1 and "2 veces" in row.inner_text():
            break
    expect(row).to_contain_text("2 veces")
    expect(page.get_by_role("navigation", name="Páginas del bot").get_by_text("1", exact=True)).to_be_visible()
    shoot(page, "unanswered")
    page.get_by_role("button", name="Descartar", exact=False).click()
    expect(page.get_by_text("Nada por enseñar")).to_be_visible()
    expect(page.get_by_role("link", name="Sin respuesta")).to_have_text("Sin respuesta")
    shoot(page, "unanswered-empty")
    page.get_by_role("button", name="Deshacer").click()
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Enseñar como otra forma de").click()
    dialog = page.get_by_role("dialog", name="Enseñar otra forma de preguntarlo")
    dialog.get_by_placeholder("Buscar entre las publicadas").fill("direccion")
    dialog.get_by_role("radio", name="¿Dónde está la tienda?").click()
    refuse_one_too_many(dialog, page)
    expect(dialog.get_by_role("radio", checked=True)).to_have_count(1)
    shoot(page, "teach")
    dialog.get_by_role("button", name="Enseñar").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Nada por enseñar")).to_be_visible()
    assert (found := flaws(page)) == [], found


def refuse_one_too_many(dialog: Locator, page: Page) -> None:
    """Why not is said where it was asked; another choice is another try."""
    dialog.get_by_placeholder("Buscar entre las publicadas").fill("devolver")
    dialog.get_by_role("radio", name="¿Puedo devolver un libro?").click()
    dialog.get_by_role("button", name="Enseñar").click()
    expect(dialog.get_by_role("alert")).to_have_text("Caben hasta 50 formas de preguntar.")
    shoot(page, "teach-refused")
    dialog.get_by_placeholder("Buscar entre las publicadas").fill("direccion")
    dialog.get_by_role("radio", name="¿Dónde está la tienda?").click()
    expect(dialog.get_by_role("alert")).to_have_count(0)


def ask_again(page: Page) -> None:
    page.get_by_role("navigation", name="Páginas del bot").get_by_role("link", name="Probar").click()
    page.get_by_role("button", name="Empezar de nuevo").click()
    expect(page.locator(".breceipt")).to_have_count(0)
    ask(page, UNKNOWN)
    expect(page.get_by_role("log")).to_contain_text("En la calle Mayor 3, con un garaje enfrente.")
    expect(page.get_by_label("Por qué respondió así", exact=True)).to_contain_text("Pregunta idéntica")


def move_thresholds(page: Page) -> None:
    page.get_by_role("link", name="Umbrales").click()
    slider = page.get_by_label("Contesta por sí solo a partir de")
    expect(slider).to_have_value("90")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator("output").first).to_contain_text("95")
    shoot(page, "thresholds")
    assert does_not_scroll_sideways(page)
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Umbrales guardados").last).to_be_visible()
    page.reload()
    expect(page.get_by_label("Contesta por sí solo a partir de")).to_have_value("95")
    assert (found := flaws(page)) == [], found


def read_what_the_guard_said(page: Page) -> None:
    """A code of the guard is a sentence, and what the thumb hits around a switch is the switch."""
    page.goto("/bots/unanswered")
    expect(page.locator(".bquestion")).to_contain_text("El modelo dio una cifra que no está en tus respuestas.")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/bots")
    switch = page.get_by_role("switch", name="Contestar en Chat web.")
    expect(switch).to_be_visible()
    box = switch.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (34, 20)
    for x, y in ((-4, -11), (38, 31), (17, -11), (17, 31)):
        hit = "([x, y]) => document.elementFromPoint(x, y).getAttribute('role')"
        assert page.evaluate(hit, [box["x"] + x, box["y"] + y]) == "switch"
    page.set_viewport_size({"width": 1440, "height": 900})


def look_at_the_figures(page: Page) -> None:
    page.get_by_role("navigation", name="Páginas del bot").get_by_role("link", name="Resumen").click()
    expect(page.locator(".kpi").first).to_contain_text("3")
    page.get_by_role("radio", name="Hoy").click()
    expect(page.locator(".kpi").first).to_contain_text("3")
    shoot(page, "overview")
    assert does_not_scroll_sideways(page)
    assert (found := flaws(page)) == [], found
    page.get_by_role("switch", name="Bot encendido").click()
    leaving = page.get_by_role("dialog", name="¿Apagar el bot?")
    leaving.get_by_role("button", name="Cancelar").click()
    expect(page.get_by_role("switch", name="Bot encendido")).to_have_attribute("aria-checked", "true")
