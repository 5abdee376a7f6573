"""The simulated phone in a browser: what its page does over the wire."""

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import DeliveryStatus, MessageKind
from saas_admin.adapters.channels.content import Choice, Choices
from tests.sandbox.conftest import ADAPTER, SECRETS, SETTINGS, XIMENA, Sandbox, wait_for

pytestmark = pytest.mark.e2e


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desktop", "phone"])
def page(browser: Browser, sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, locale="es-ES")
    context.set_default_timeout(20_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{sandbox.url}/phone?me={XIMENA}")
    page.get_by_role("button", name="Café Alborada").click()
    yield page
    context.close()
    assert problems == []


def answer(words: str) -> str:
    return ADAPTER.send(SETTINGS, SECRETS, base.OutboundMessage("523318472290", MessageKind.TEXT, words)).provider_id


def test_a_talk(page: Page, sandbox: Sandbox):
    page.get_by_placeholder("Mensaje").fill("¿Tienen taza salvia?")
    page.keyboard.press("Enter")
    (message,) = wait_for(sandbox.messages)
    assert message.text == "¿Tienen taza salvia?"
    expect(page.locator(".m.me .meta use")).to_have_attribute("href", "#checks")

    ADAPTER.acknowledge(SETTINGS, SECRETS, message.provider_id, typing=True)
    expect(page.locator(".m.me .meta.read")).to_be_visible()
    expect(page.locator(".dots")).to_be_visible()
    answer("Sí, quedan dos")
    expect(page.locator(".m:not(.me) .b")).to_contain_text("Sí, quedan dos")
    expect(page.locator(".dots")).to_have_count(0)
    wait_for(lambda: [s.status for s in sandbox.statuses()][-1:] == [DeliveryStatus.READ])

    page.locator(".m:not(.me) .b").hover()
    page.locator(".m:not(.me) .opt").click()
    page.get_by_role("menuitem", name="Responder").click()
    page.get_by_placeholder("Mensaje").fill("Apártame una")
    page.get_by_role("button", name="Enviar").click()
    quoted = wait_for(lambda: [m for m in sandbox.messages() if m.text == "Apártame una"])[0]
    assert quoted.reply_to is not None
    expect(page.locator(".m.me .q")).to_contain_text("Sí, quedan dos")


def test_a_picture_and_a_place(page: Page, sandbox: Sandbox):
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "#c9623a").save(picture, "PNG")
    page.get_by_role("button", name="Adjuntar").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Foto").click()
    chooser.value.set_files({"name": "bolsa.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    page.get_by_placeholder("Añade un comentario").fill("Así llegó")
    page.get_by_role("dialog").get_by_role("button", name="Enviar").click()
    message = wait_for(sandbox.messages)[0]
    assert (message.kind, message.text) == (MessageKind.IMAGE, "Así llegó")
    expect(page.locator(".m.me img.pic")).to_be_visible()

    page.get_by_role("button", name="Adjuntar").click()
    page.get_by_role("menuitem", name="Ubicación").click()
    wait_for(lambda: [m for m in sandbox.messages() if m.kind is MessageKind.LOCATION])
    expect(page.locator(".m.me .map")).to_be_visible()


def test_words_follow_the_language_and_nothing_scrolls_sideways(page: Page):
    page.evaluate("localStorage.setItem('phone.lang', 'en')")
    page.reload()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("heading", name="Chats")).to_be_visible()
    expect(page.get_by_role("button", name="Be someone else")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_another_person(page: Page, sandbox: Sandbox):
    page.get_by_role("button", name="Volver").click()
    page.get_by_role("button", name="Cambiar de persona").click()
    page.get_by_role("button", name=re.compile("Otra persona")).click()
    page.get_by_label("Nombre").fill("Aitor Mena")
    page.get_by_label("Número con prefijo").fill("123")
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_text("Escribe el número con su prefijo")).to_be_visible()
    page.get_by_label("Número con prefijo").fill("+34 655 40 21 87")
    page.get_by_role("button", name="Entrar").click()
    page.get_by_role("button", name="Café Alborada").click()
    page.get_by_placeholder("Mensaje").fill("Hola")
    page.keyboard.press("Enter")
    (message,) = wait_for(sandbox.messages)
    assert (message.sender.phone, message.sender.name) == ("+34655402187", "Aitor Mena")


def offer(choices: Choices) -> str:
    message = base.OutboundMessage(XIMENA, MessageKind.INTERACTIVE, "¿Te refieres a alguna de estas?", choices=choices)
    return ADAPTER.send(SETTINGS, SECRETS, message).provider_id


def write_first(page: Page, sandbox: Sandbox) -> None:
    page.get_by_placeholder("Mensaje").fill("hola")
    page.keyboard.press("Enter")
    wait_for(sandbox.messages)


def test_a_row_of_a_list_is_chosen(page: Page, sandbox: Sandbox):
    write_first(page, sandbox)
    rows = (
        Choice("faq:1", "¿Hacéis catas?"),
        Choice("faq:2", "¿Cuánto tarda el envío…", "¿Cuánto tarda el envío a Canarias?"),
    )
    sent = offer(Choices(rows, "Ver preguntas"))
    expect(page.locator(".m:not(.me) .b")).to_contain_text("¿Te refieres a alguna de estas?")
    page.get_by_role("button", name="Ver preguntas").click()
    page.get_by_role("dialog").get_by_role("button", name="¿Cuánto tarda el envío a Canarias?").click()
    chosen = wait_for(lambda: [m for m in sandbox.messages() if m.kind is MessageKind.INTERACTIVE])[0]
    assert (chosen.text, chosen.data["id"]) == ("¿Cuánto tarda el envío…", "faq:2")
    assert chosen.reply_to == sent
    expect(page.locator(".m.me .b").last).to_contain_text("¿Cuánto tarda el envío…")


def test_a_button_is_tapped(page: Page, sandbox: Sandbox):
    write_first(page, sandbox)
    sent = offer(Choices((Choice("yes", "Sí, la quiero"), Choice("no", "Ahora no"))))
    page.get_by_role("button", name="Sí, la quiero").click()
    chosen = wait_for(lambda: [m for m in sandbox.messages() if m.kind is MessageKind.INTERACTIVE])[0]
    assert (chosen.text, chosen.data["id"], chosen.reply_to) == ("Sí, la quiero", "yes", sent)
