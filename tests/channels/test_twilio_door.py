"""Damaged forms through the door and the worker: each is taken, none costs the good one beside it."""

import asyncio
import copy
import random

import pytest
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from saas_admin.adapters.channels.twilio.signature import _Fields, read_form
from saas_admin.channels import inbound
from saas_admin.channels import service as channels
from saas_admin.channels.intake import BROKEN, Intake
from saas_admin.core.config import get_settings
from saas_admin.core.work import Work
from saas_admin.models import InboundEvent, Message
from tests.adapters.channels.contract import FIXTURES
from tests.adapters.channels.test_fuzz import _damage, _form, _read
from tests.adapters.channels.test_twilio import SECRETS, SMS, TOKEN, sid
from tests.shop import open_shop

pytestmark = pytest.mark.usefixtures("db", "valkey")
CASES = 200


@pytest.mark.parametrize("cases", [CASES, pytest.param(1_000, marks=pytest.mark.prove)])
def test_damaged_forms(cases: int):
    shop = open_shop()
    with Work(shop.admin) as work:
        made = channels.create(work, channels.check("twilio", "T", {**SMS, **SECRETS}, ask_provider=False))
    url = f"{get_settings().public_url}/webhooks/twilio/{made.public_id}"
    chance = random.Random(20261126)
    samples = [_read(path) for path in sorted((FIXTURES / "twilio").iterdir())]

    def bodies(case: int) -> list[bytes]:
        damaged = copy.deepcopy(chance.choice(samples))
        for _ in range(chance.randint(1, 4)):
            _damage(damaged, chance)
        good = {"MessageSid": sid(10_000 + case), "From": f"+3460000{case % 20:04}", "To": SMS["from"]}
        return [_form(damaged), _form({**good, "SmsStatus": "received", "Body": f"bien {case}", "ToCity": ""})]

    async def knock() -> list[int]:
        intake = Intake()

        async def call(body: bytes) -> int:
            signature = RequestValidator(TOKEN).compute_signature(url, _Fields(read_form(body)))
            headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
            return (await intake.accept("twilio", made.public_id, headers, body, url=url)).status

        try:
            return list(await asyncio.gather(*[call(body) for case in range(cases) for body in bodies(case)]))
        finally:
            await intake.close()

    assert set(asyncio.run(knock())) == {200}
    with Work(shop.system) as work:
        waiting = [event.id for event in work.all(select(InboundEvent)) if event.handled_at is None]
    inbound.handle(shop.company_id, waiting)
    with Work(shop.system) as work:
        texts = {message.text for message in work.all(select(Message))}
        kept = [event for event in work.all(select(InboundEvent)) if event.kind != BROKEN]
        # A receipt of a message that is not ours waits for it; nothing else is left over.
        problems = {event.error for event in kept if event.error} - {"waits for its message"}
    assert {f"bien {case}" for case in range(cases)} <= texts
    assert problems == set()
