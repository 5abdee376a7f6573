"""The pretend Twilio's phone in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from saas_admin.adapters.channels.base import MessageKind
from saas_admin.adapters.channels.events import Preference
from tests.sandbox.conftest import wait_for
from tests.sandbox.test_twilio import MARTA, Place, linked, place, send, text

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
    page.goto(f"{linked.url}/sms?me=%2B34622718340&sender={linked.whatsapp}")
    expect(page.locator("#hook")).to_have_text("Conectado: los mensajes llegan a la bandeja.")
    yield page
    context.close()
    assert problems == []


def test_a_talk_by_whatsapp_and_a_stop_by_sms(page: Page, linked: Place):
    page.get_by_placeholder("Mensaje").fill("¿Tenéis Etiopía?")
    page.keyboard.press("Enter")
    wait_for(lambda: [m for m in linked.messages() if m.text == "¿Tenéis Etiopía?"])
    send(text("Sí, de Sidamo", webhook_url=linked.hook))
    expect(page.locator(".m:not(.me) .b")).to_have_text("Sí, de Sidamo")
    expect(page.get_by_text("leído", exact=True)).to_be_visible()
    page.get_by_role("button", name="Ubicación").click()
    wait_for(lambda: [m for m in linked.messages() if m.kind is MessageKind.LOCATION])

    page.get_by_role("button", name="SMS · +14472100999").click()
    page.get_by_role("button", name="STOP").click()
    expect(page.get_by_text("Has escrito STOP")).to_be_visible()
    wait_for(lambda: [e for e in linked.events() if isinstance(e, Preference) and e.external_id == MARTA])
    page.get_by_role("button", name="START").click()
    expect(page.get_by_text("Has escrito STOP")).to_be_hidden()


def test_words_follow_the_language_and_a_token_is_changed(page: Page, linked: Place):
    del linked
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    token = page.locator("#keys code").nth(1)
    before = token.inner_text()
    page.get_by_role("button", name="Change the Auth Token").click()
    expect(token).not_to_have_text(before)
