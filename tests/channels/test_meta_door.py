"""Damaged webhooks of Meta through the door and the worker: each is taken, none costs the good item in the same body."""

import asyncio
import copy
import hashlib
import hmac
import json
import random
from typing import Any

import pytest
from sqlalchemy import select

from saas_admin.channels import inbound
from saas_admin.channels import service as channels
from saas_admin.channels.intake import BROKEN, Intake
from saas_admin.core.work import Work
from saas_admin.models import InboundEvent, Message
from tests.adapters.channels.contract import FIXTURES
from tests.adapters.channels.test_fuzz import _damage
from tests.shop import open_shop

pytestmark = pytest.mark.usefixtures("db", "valkey")
CASES = 150
SECRET = "5f0e1c7a93b24d68a1c07f3b9d52e846"
OWN = {"messenger": "104482917350001", "instagram": "17841405309210001", "whatsapp_cloud": "104857600119977"}
VALUES: dict[str, dict[str, str]] = {
    "messenger": {"page_id": OWN["messenger"], "page_token": "EAAGdoor"},
    "instagram": {"ig_id": OWN["instagram"], "access_token": "IGAAdoor"},
    "whatsapp_cloud": {
        "phone_number_id": OWN["whatsapp_cloud"],
        "waba_id": "209715200998877",
        "access_token": "EAAdoor",
    },
}


def good(kind: str, case: int) -> tuple[str, dict[str, Any]]:
    """The envelope's name and an entry that says `bien <case>`."""
    text, at = f"bien {case}", 1795003200 + case
    if kind == "whatsapp_cloud":
        message = {"from": f"346000{case % 20:05d}", "id": f"wamid.good{case}", "timestamp": str(at), "type": "text"}
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "34960318274", "phone_number_id": OWN[kind]},
            "messages": [{**message, "text": {"body": text}}],
        }
        return "whatsapp_business_account", {
            "id": "209715200998877",
            "changes": [{"field": "messages", "value": value}],
        }
    person, page = {"id": f"77194028533{case % 20:05d}"}, {"id": OWN[kind]}
    event = {
        "sender": person,
        "recipient": page,
        "timestamp": at * 1000,
        "message": {"mid": f"m_good{case}", "text": text},
    }
    return {"messenger": "page", "instagram": "instagram"}[kind], {"id": OWN[kind], "time": at, "messaging": [event]}


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("cases", [CASES, pytest.param(1_000, marks=pytest.mark.prove)])
def test_damaged_webhooks(kind: str, cases: int):
    shop = open_shop()
    values = {**VALUES[kind], "app_secret": SECRET, "verify_token": "alborada"}
    with Work(shop.admin) as work:
        made = channels.create(work, channels.check(kind, "M", values, ask_provider=False))
    chance = random.Random(20261126)
    samples = [json.loads(path.read_bytes()) for path in sorted((FIXTURES / kind).glob("*.json"))]

    def body(case: int) -> bytes:
        damaged = copy.deepcopy(chance.choice(samples))
        entries = damaged.get("entry") if isinstance(damaged, dict) else None
        for _ in range(chance.randint(1, 4)):
            _damage(entries if isinstance(entries, list) and entries else damaged, chance)
        name, entry = good(kind, case)
        around = entries if isinstance(entries, list) else []
        said = {"object": name, "entry": [*around[: len(around) // 2], entry, *around[len(around) // 2 :]]}
        return json.dumps(said, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")

    async def knock() -> list[int]:
        intake = Intake()
        try:
            bodies = [body(case) for case in range(cases)]
            calls = [intake.accept(kind, made.public_id, signed(each), each) for each in bodies]
            return [verdict.status for verdict in await asyncio.gather(*calls)]
        finally:
            await intake.close()

    assert set(asyncio.run(knock())) == {200}
    with Work(shop.system) as work:
        waiting = [event.id for event in work.all(select(InboundEvent)) if event.handled_at is None]
    inbound.handle(shop.company_id, waiting)
    with Work(shop.system) as work:
        texts = {message.text for message in work.all(select(Message))}
        events = work.all(select(InboundEvent))
    broken = [event for event in events if event.kind == BROKEN]
    # A receipt, an edit or a reaction of a message that never came waits for it; nothing else is left over.
    problems = {event.error for event in events if event.error and event.kind != BROKEN} - {"waits for its message"}
    # Half a surrogate pair makes a body that is no UTF-8: it is kept as a whole, and nobody can read a good item in it.
    unread = {f"bien {case}" for case in range(cases) for e in broken if f'bien {case}"'.encode() in (e.payload or b"")}
    assert {f"bien {case}" for case in range(cases)} - texts == unread
    assert len(unread) < cases / 10
    assert problems == set()


def signed(body: bytes) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}
