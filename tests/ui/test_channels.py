"""Channels in a real browser: connected by the wizard, tried, rotated, broken, read in the log, and brought back."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from saas_admin.core.config import read_runtime
from tests.instance import Running
from tests.ui.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

BOT = 7301155208
ASKS = "Telegram ya no acepta las claves de este canal."


class Botfather:
    """Telegram in the sandbox, as @BotFather and as a customer."""

    def __init__(self, instance: Running) -> None:
        sandbox = read_runtime(instance.data_dir)["telegram_api_url"]
        self._client = httpx.Client(base_url=f"{sandbox}/_control/telegram", trust_env=False)

    def close(self) -> None:
        self._client.close()

    def post(self, path: str, body: Any) -> dict[str, Any]:
        answer = self._client.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def make(self) -> str:
        return self.post("/bots", {"id": BOT, "username": "libreria_mar_bot", "name": "Librería del Mar"})["token"]

    def revoke(self) -> str:
        return self.post("/revoke", {"bot": BOT})["token"]

    def write(self, text: str) -> None:
        person = {"id": 5120034411, "first_name": "Iker", "last_name": "Mendizabal"}
        self.post("/people", [person])
        self.post("/do", {"me": person["id"], "bot": BOT, "do": "text", "text": text})


@pytest.fixture(scope="module")
def botfather(instance: Running) -> Iterator[Botfather]:
    found = Botfather(instance)
    yield found
    found.close()


def ready(page: Page) -> None:
    expect(page.locator("h1:not(.sr)").locator("visible=true")).to_be_visible()


def flaws(page: Page) -> list[tuple[str, str]]:
    """What axe finds, once no notice and no transition is on the way."""
    page.mouse.move(700, 20)
    expect(page.locator(".toast")).to_have_count(0)
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in Axe().run(page).response["violations"]]


def test_a_bot_is_connected_written_to_tried_rotated_broken_and_brought_back(
    agent: Visit, botfather: Botfather
) -> None:
    page, token = agent.page, botfather.make()
    connect(page, token)
    address = page.url
    assert token not in page.content()
    write_and_try(page, botfather)
    rotate(page, token)
    fresh = break_it(page, botfather, address)
    read_the_log(page)
    bring_it_back(page, fresh)


def connect(page: Page, token: str) -> None:
    page.goto("/channels/new")
    expect(page.get_by_text("No ofrecemos WhatsApp por código QR", exact=False)).to_be_visible()
    page.get_by_role("link", name="Telegram").click()
    expect(page.locator("h1:not(.sr)")).to_have_text("Conectar Telegram")

    # A field that is wrong says so beside itself; what was typed stays.
    page.fill("input[name=name]", "Bot de la librería")
    page.fill("input[name=bot_token]", "123:abc")
    page.locator("button[type=submit]").click()
    expect(page.locator("input[name=bot_token]")).to_be_focused()
    expect(page.locator("input[name=bot_token]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("input[name=bot_token]")).to_have_value("123:abc")
    page.fill("input[name=bot_token]", f"{BOT}:{'A' * 35}")
    page.locator("button[type=submit]").click()
    expect(page.get_by_text("Telegram no acepta este token.", exact=False)).to_be_visible()

    page.fill("input[name=bot_token]", token)
    page.locator("button[type=submit]").click()
    page.wait_for_url(re.compile(r"/channels/[0-9a-f-]{36}"))
    expect(page.get_by_text("Conectado por nosotros")).to_be_visible()
    expect(page.locator("h1:not(.sr)")).to_have_text("Bot de la librería")


def write_and_try(page: Page, botfather: Botfather) -> None:
    """The last person who wrote is the one."""
    botfather.write("Kaixo, ¿tenéis la última de Atxaga?")
    expect(page.get_by_text("Recibe y envía", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Enviar prueba").click()
    dialog = page.get_by_role("dialog", name="Enviar un mensaje de prueba")
    expect(dialog.get_by_text("Se enviará a Iker Mendizabal", exact=False)).to_be_visible()
    dialog.get_by_role("button", name="Enviar", exact=True).click()
    expect(dialog).to_be_hidden()


def rotate(page: Page, token: str) -> None:
    """Refused keys change nothing, a secret of ours is made anew."""
    page.get_by_role("button", name="Cambiar claves").click()
    dialog = page.get_by_role("dialog", name="Cambiar claves")
    dialog.get_by_role("button", name="Comprobar y cambiar").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Escribe la clave que cambia")
    dialog.locator("input[name=bot_token]").fill(f"{BOT}:{'B' * 35}")
    dialog.get_by_role("button", name="Comprobar y cambiar").click()
    expect(dialog.get_by_text("Telegram no acepta este token.", exact=False)).to_be_visible()
    dialog.locator("input[name=bot_token]").fill(token)
    dialog.get_by_text("Crear otra", exact=False).click()
    dialog.get_by_role("button", name="Comprobar y cambiar").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("La clave anterior sirve hasta", exact=False)).to_be_visible()


def break_it(page: Page, botfather: Botfather, address: str) -> str:
    """Two refusals, and every page of whoever answers customers says so."""
    fresh = botfather.revoke()
    for _ in range(2):
        page.get_by_role("button", name="Comprobar ahora").click()
        page.wait_for_timeout(5500)
    expect(page.get_by_text("Bot de la librería no funciona desde las", exact=False)).to_be_visible()
    page.get_by_role("link", name="Bandeja").first.click()
    banner = page.get_by_role("status").filter(has_text="Bot de la librería no funciona")
    expect(banner).to_be_visible()
    banner.get_by_role("link", name="Revisar").click()
    page.wait_for_url(address)
    return fresh


def read_the_log(page: Page) -> None:
    """In words, with Telegram's own beside them."""
    page.get_by_role("link", name="Registro").click()
    expect(page.get_by_text(ASKS).first).to_be_visible()
    expect(page.get_by_text("Envió un mensaje")).to_be_visible()
    expect(page.get_by_role("link", name="Ver conversación")).to_be_visible()
    page.get_by_role("radio", name="Solo problemas").click()
    expect(page.get_by_text("Envió un mensaje")).to_be_hidden()
    expect(page.get_by_text("Telegram: 401 Unauthorized").first).to_be_visible()
    assert flaws(page) == []


def bring_it_back(page: Page, fresh: str) -> None:
    page.get_by_role("link", name="Resumen").click()
    page.get_by_role("button", name="Volver a conectar").click()
    dialog = page.get_by_role("dialog", name="Volver a conectar")
    dialog.locator("input[name=bot_token]").fill(fresh)
    dialog.get_by_role("button", name="Comprobar y conectar").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text(ASKS)).to_have_count(0)
    expect(page.get_by_text("Conectado", exact=True)).to_be_visible()
    assert flaws(page) == []
    page.goto("/inbox")
    ready(page)
    expect(page.get_by_text("Bot de la librería no funciona", exact=False)).to_be_hidden()


def test_the_wizard_speaks_english_too(agent: Visit) -> None:
    page = agent.page
    page.goto("/account")
    ready(page)
    page.get_by_role("radio", name="English").click()
    expect(page.locator("h1:not(.sr)")).to_have_text("Your account")
    page.goto("/channels/new/twilio")
    expect(page.locator("h1:not(.sr)")).to_have_text("Connect WhatsApp or SMS with Twilio")
    page.locator("button[type=submit]").click()
    expect(page.get_by_text("Paste the Account SID.", exact=False)).to_be_visible()
    page.goto("/channels/new/carrier_pigeon")
    expect(page.locator("h1:not(.sr)")).to_have_text("There is no such kind of channel")
    page.goto("/account")
    ready(page)
    page.get_by_role("radio", name="Español").click()
    expect(page.locator("h1:not(.sr)")).to_have_text("Tu cuenta")
