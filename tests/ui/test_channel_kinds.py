"""Every kind of channel in a real browser: connected by its wizard, used both ways, its token revoked, and told about."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from saas_admin.core.config import read_runtime
from tests.instance import Running, wait_for
from tests.ui.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

GUEST = "7719402853316048"
PHONE = "+34622718340"
SHOTS = os.environ.get("SHOTS")
"""A folder for pictures of each step, for people who want to look."""


class Sandbox:
    def __init__(self, instance: Running) -> None:
        self._client = httpx.Client(base_url=read_runtime(instance.data_dir)["meta_graph_url"], trust_env=False)

    def close(self) -> None:
        self._client.close()

    def post(self, path: str, body: Any) -> Any:
        answer = self._client.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        return self._client.get(path).json()


@pytest.fixture(scope="module")
def sandbox(instance: Running) -> Iterator[Sandbox]:
    found = Sandbox(instance)
    yield found
    found.close()


@dataclass
class Line:
    """What a kind needs: its form, how its customer writes and reads, and how its token is revoked."""

    label: str
    form: dict[str, str]
    hook: Callable[[str], None]
    write: Callable[[str], None]
    read: Callable[[], list[str]]
    revoke: Callable[[], None]
    asks: str
    called: str


def page_line(sandbox: Sandbox, kind: str) -> Line:
    account = f"1{uuid4().int % 10**14:014d}" if kind == "messenger" else f"17841{uuid4().int % 10**12:012d}"
    token = ("EAAG" if kind == "messenger" else "IGAA") + uuid4().hex
    secret = uuid4().hex
    said = {"kind": kind, "id": account, "name": "Librería del Mar", "token": token, "app_secret": secret}
    sandbox.post("/_control/pages", said)
    sandbox.post("/_control/pages/guests", [{"id": GUEST, "name": "Valeria Ocampo"}])
    ids = {"messenger": ("page_id", "page_token"), "instagram": ("ig_id", "access_token")}[kind]

    def hook(url: str) -> None:
        sandbox.post("/_control/pages", {"id": account, "webhook_url": url})

    def write(text: str) -> None:
        sandbox.post("/pages/do", {"account": account, "guest": GUEST, "do": "say", "text": text})

    def read() -> list[str]:
        shown = sandbox.get(f"/pages/{kind}/state?account={account}&guest={GUEST}")["thread"]
        return [line["text"] for line in shown["lines"] if not line["is_mine"]]

    def revoke() -> None:
        sandbox.post("/_control/pages", {"id": account, "token": "EAAG" + uuid4().hex})

    form = {ids[0]: account, ids[1]: token, "app_secret": secret}
    label = {"messenger": "Messenger", "instagram": "Instagram"}[kind]
    return Line(label, form, hook, write, read, revoke, "Meta", label)


def twilio_line(sandbox: Sandbox, kind: str) -> Line:
    sid, token = "AC" + uuid4().hex, uuid4().hex
    number = f"+1447{uuid4().int % 10**7:07d}"
    address = number if kind == "sms" else f"whatsapp:{number}"
    sandbox.post("/_control/twilio/accounts", {"sid": sid, "auth_token": token, "friendly_name": "Librería del Mar"})
    sender = sandbox.post("/_control/twilio/senders", {"account_sid": sid, "address": address})["sid"]
    sandbox.post("/_control/twilio/people", [{"number": PHONE, "name": "Marta Cruz", "user_id": "ES.1042"}])

    def write(text: str) -> None:
        sandbox.post("/_control/twilio/do", {"me": PHONE, "sender": sender, "do": "text", "text": text})

    def read() -> list[str]:
        found = sandbox.get(f"/sms/state?me={PHONE.replace('+', '%2B')}")["senders"]
        return [m["body"] for s in found if s["sid"] == sender for m in s["messages"] if not m["is_mine"]]

    def revoke() -> None:
        sandbox.post("/_control/twilio/rotate", {"account": sid})

    form = {"account_sid": sid, "auth_token": token, "from": address}
    called = "SMS" if kind == "sms" else "WhatsApp"
    return Line("Twilio", form, lambda _: None, write, read, revoke, "Twilio", called)


KINDS: dict[str, Callable[[Sandbox, str], Line]] = {
    "messenger": page_line,
    "instagram": page_line,
    "sms": twilio_line,
    "whatsapp": twilio_line,
}


def look(page: Page, kind: str, step: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{kind}-{step}.png")


def connect(page: Page, line: Line, name: str) -> str:
    page.goto("/channels/new")
    page.get_by_role("link", name=re.compile(line.label)).first.click()
    page.fill("input[name=name]", name)
    for field, value in line.form.items():
        page.fill(f"input[name='{field}']", value)
    page.locator("button[type=submit]").click()
    page.wait_for_url(re.compile(r"/channels/[0-9a-f-]{36}"))
    expect(page.locator("h1:not(.sr)")).to_have_text(name)
    address = re.search(r"https?://[^\s\"<]+/webhooks/[\w/-]+", page.content())
    assert address
    return address[0]


def last(page: Page, text: str) -> Locator:
    return page.locator(".bx-m.out").filter(has_text=text).last


def answer(page: Page, text: str) -> None:
    box = page.locator("form.bx-composer textarea")
    box.fill(text)
    box.press("Control+Enter")
    expect(last(page, text)).to_be_visible()


@pytest.mark.parametrize("kind", KINDS)
def test_connected_used_both_ways_and_broken(agent: Visit, sandbox: Sandbox, kind: str) -> None:
    page, line, key = agent.page, KINDS[kind](sandbox, kind), uuid4().hex[:6]
    name = f"{line.label} {key}"
    line.hook(connect(page, line, name))
    look(page, kind, "1-connected")

    line.write(f"¿Abrís el sábado? {key}")
    page.goto("/inbox")
    row = page.get_by_role("option").filter(has_text=f"¿Abrís el sábado? {key}")
    row.click()
    answer(page, f"Sí, de 9 a 14 ({key})")
    wait_for(lambda: f"Sí, de 9 a 14 ({key})" in line.read(), 30)
    line.write(f"Perfecto, gracias {key}")
    expect(page.get_by_role("log")).to_contain_text(f"Perfecto, gracias {key}")
    # What comes by Twilio's WhatsApp is a WhatsApp to everybody here.
    expect(page.locator("form.bx-composer")).to_contain_text(f"por {line.called}")
    look(page, kind, "2-both-ways")

    line.revoke()
    for n in (1, 2):
        answer(page, f"Os esperamos {n} ({key})")
        expect(last(page, f"Os esperamos {n} ({key})")).to_contain_text("El canal ya no acepta nuestro token")
    look(page, kind, "3-failed")
    page.goto("/channels")
    expect(page.get_by_text(f"{name} no funciona desde las", exact=False).first).to_be_visible()
    look(page, kind, "4-attention")
    page.get_by_role("link", name=re.compile(re.escape(name))).first.click()
    expect(page.get_by_text(f"{line.asks} ya no acepta las claves de este canal.", exact=False).first).to_be_visible()
    look(page, kind, "5-why")
    # The tests after this one share the shop: no trouble of ours stands above their pages.
    page.get_by_role("button", name="Pausar").click()
    expect(page.get_by_text(f"{name} en pausa", exact=False).first).to_be_visible()
    assert agent.errors == []
