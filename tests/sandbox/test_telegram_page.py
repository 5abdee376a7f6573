"""The pretend Telegram app in a browser."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import MessageKind
from saas_admin.adapters.channels.content import Choice, Choices
from saas_admin.adapters.channels.events import Preference
from tests.sandbox.conftest import wait_for
from tests.sandbox.test_telegram import ADAPTER, NEREA, SECRETS, Place, linked, place, send

__all__ = ["linked", "place"]
pytestmark = pytest.mark.e2e


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desktop", "phone"])
def page(browser: Browser, linked: Place, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, locale="es-ES")
    context.set_default_timeout(20_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{linked.url}/telegram?me={NEREA}")
    page.get_by_role("button", name="Iniciar").click()
    yield page
    context.close()
    assert problems == []


def test_a_talk_with_buttons(page: Page, linked: Place):
    page.get_by_placeholder("Mensaje").fill("¿Tenéis Etiopía?")
    page.keyboard.press("Enter")
    asked = wait_for(lambda: [m for m in linked.messages() if m.text == "¿Tenéis Etiopía?"])[0]
    ADAPTER.acknowledge({}, SECRETS, asked.provider_id, typing=True)
    expect(page.get_by_role("status")).to_have_text("escribe…")
    choices = Choices((Choice("f", "Molido fino"), Choice("g", "En grano")))
    send(MessageKind.INTERACTIVE, "Sí. ¿Cómo lo quieres?", choices=choices, reply_to=asked.provider_id)
    expect(page.locator(".m:not(.me) .q")).to_have_text("¿Tenéis Etiopía?")
    page.get_by_role("button", name="En grano").click()
    expect(page.get_by_text("espera respuesta del bot…")).to_be_visible()
    tapped = wait_for(lambda: [m for m in linked.messages() if m.kind is MessageKind.INTERACTIVE])[0]
    assert (tapped.text, tapped.data["id"]) == ("En grano", "g")
    ADAPTER.acknowledge({}, SECRETS, tapped.provider_id)
    expect(page.get_by_text("espera respuesta del bot…")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_picture_a_place_and_a_block(page: Page, linked: Place):
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "#c9623a").save(picture, "PNG")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Archivo").click()
    chooser.value.set_files({"name": "bolsa.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    expect(page.locator(".m.me img")).to_be_visible()
    page.get_by_role("button", name="Ubicación").click()
    wait_for(lambda: {MessageKind.IMAGE, MessageKind.LOCATION} <= {m.kind for m in linked.messages()})
    page.get_by_role("button", name="Bloquear").click()
    expect(page.get_by_text("Lo tienes bloqueado")).to_be_visible()
    wait_for(lambda: [e for e in linked.events() if isinstance(e, Preference) and not e.is_allowed])
    with pytest.raises(base.SendError):
        send()
    page.get_by_role("button", name="Desbloquear").click()
    expect(page.get_by_text("Lo tienes bloqueado")).to_be_hidden()
    assert send()


def test_words_follow_the_language_and_a_token_is_revoked(page: Page, linked: Place):
    del linked
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    token = page.locator("#token")
    before = token.inner_text()
    page.get_by_role("button", name="Revoke token").click()
    expect(token).not_to_have_text(before)
    checked = ADAPTER.check({}, SECRETS)
    assert checked.field == "bot_token"
