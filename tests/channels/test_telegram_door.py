"""Damaged updates through the door and the worker: each is taken, none costs the good one beside it."""

import asyncio
import copy
import json
import random
from uuid import UUID

import pytest
from sqlalchemy import select

from saas_admin.channels import inbound
from saas_admin.channels import service as channels
from saas_admin.channels.intake import BROKEN, Intake
from saas_admin.core.secrets import decrypt
from saas_admin.core.work import Work
from saas_admin.models import Channel, InboundEvent, Message
from tests.adapters.channels.contract import FIXTURES
from tests.adapters.channels.test_fuzz import _damage
from tests.shop import open_shop

pytestmark = pytest.mark.usefixtures("db", "valkey")
CASES = 200
TOKEN = "7408812256:AAHq3vT0yWc9sJk2LmN4pRx7Zb8DfG1hUe5"


@pytest.mark.parametrize("cases", [CASES, pytest.param(1_000, marks=pytest.mark.prove)])
def test_damaged_updates(cases: int):
    shop = open_shop()
    with Work(shop.admin) as work:
        made = channels.create(work, channels.check("telegram", "T", {"bot_token": TOKEN}, ask_provider=False))
    with Work(shop.system) as work:
        secret = decrypt(work.get(Channel, UUID(made.id)).secrets)["webhook_secret"]
    chance = random.Random(20261126)
    samples = [json.loads(path.read_bytes()) for path in sorted((FIXTURES / "telegram").glob("*.json"))]

    def bodies(case: int) -> list[bytes]:
        damaged = copy.deepcopy(chance.choice(samples))
        for _ in range(chance.randint(1, 4)):
            _damage(damaged, chance)
        chat = {"id": 10_000 + case % 20, "type": "private", "first_name": "Ane"}
        good = {"message_id": case + 1, "chat": chat, "date": 1795003200, "text": f"bien {case}"}
        said = json.dumps(damaged, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
        return [said, json.dumps({"update_id": 10**9 + case, "message": good}).encode()]

    async def knock() -> list[int]:
        intake, headers = Intake(), {"x-telegram-bot-api-secret-token": secret}
        try:
            calls = [intake.accept("telegram", made.public_id, headers, b) for c in range(cases) for b in bodies(c)]
            return [verdict.status for verdict in await asyncio.gather(*calls)]
        finally:
            await intake.close()

    assert set(asyncio.run(knock())) == {200}
    with Work(shop.system) as work:
        waiting = [event.id for event in work.all(select(InboundEvent)) if event.handled_at is None]
    inbound.handle(shop.company_id, waiting)
    with Work(shop.system) as work:
        texts = {message.text for message in work.all(select(Message))}
        kept = [event for event in work.all(select(InboundEvent)) if event.kind != BROKEN]
        # An edit of a message that never came waits for it; nothing else is left over.
        problems = {event.error for event in kept if event.error} - {"waits for its message"}
    assert {f"bien {case}" for case in range(cases)} <= texts
    assert problems == set()
