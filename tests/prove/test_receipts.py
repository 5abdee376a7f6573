"""Whatever the order of answers, receipts, crashes and second tries: what is shown of a message only moves forward."""

import contextlib
import itertools
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import (
    DeliveryStatus,
    Failure,
    FailureCode,
    OutboundMessage,
    SendError,
    SendResult,
    StatusUpdate,
)
from saas_admin.channels import outbound, outcomes
from saas_admin.conversations import receive, service
from saas_admin.core.clock import now
from saas_admin.core.realtime import sync_client
from saas_admin.core.work import Work
from saas_admin.models import Channel, Message
from saas_admin.models.message import MessageStatus
from tests.shop import Shop, open_shop, write_in

RANK = ["queued", "sending", "unknown", "sent", "failed", "delivered", "read"]
RECEIPTS = ["sent", "delivered", "read", "failed"]
ANSWERS = ["taken", "refused", "try again", "no answer", "killed"]

receipts = st.lists(st.sampled_from(RECEIPTS), max_size=3)
a_call = st.tuples(receipts, st.sampled_from(ANSWERS))
"""Receipts that arrive while the call is under way, then how it ends."""
steps = st.lists(st.one_of(st.just("deliver"), st.just("give up"), st.sampled_from(RECEIPTS)), max_size=10)


@dataclass
class Provider:
    """Answers as it is told; says how often it has been asked to send."""

    calls: list[tuple[list[str], str]]
    story: "Story | None" = None
    asked: int = 0
    taken: int = 0

    def send(self, _settings: object, _secrets: object, message: OutboundMessage) -> SendResult:
        overtaking, ending = self.calls[self.asked] if self.asked < len(self.calls) else ([], "taken")
        self.asked += 1
        assert self.story
        assert message.callback_data == str(self.story.message_id)
        if ending in ("taken", "no answer", "killed"):
            self.taken += 1
            for status in overtaking:
                self.story.receipt(status)
        if ending == "taken":
            return SendResult(self.story.provider_id)
        if ending == "killed":
            raise KeyboardInterrupt
        codes = {"refused": FailureCode.REJECTED, "try again": FailureCode.THROTTLED}
        raise SendError(Failure(codes.get(ending, FailureCode.OUTCOME_UNKNOWN), "131000", "no"))


class Story:
    """One message, and what the screen showed of it."""

    def __init__(self, shop: Shop, conversation_id: UUID, provider: Provider) -> None:
        self.shop = shop
        self.provider = provider
        provider.story = self
        self.provider_id = f"wamid.{uuid4().hex}"
        with Work(shop.support) as work:
            self.message_id = UUID(service.reply(work, conversation_id, "Sí", draft_id=uuid4().hex)[0].id)
        self.shown = [self.message().status]

    def message(self) -> Message:
        with Work(self.shop.system) as work:
            return work.get(Message, self.message_id)

    def receipt(self, status: str) -> None:
        failure = Failure(FailureCode.NOT_REACHABLE, "131026", "undeliverable") if status == "failed" else None
        update = StatusUpdate(
            self.provider_id, DeliveryStatus(status), now(), callback_data=str(self.message_id), failure=failure
        )
        with Work(self.shop.system) as work:
            assert receive.apply_receipt(work, work.get(Channel, self.shop.whatsapp_id), update)
        self.look()

    def deliver(self) -> None:
        with contextlib.suppress(KeyboardInterrupt):  # the worker is gone, between the call and its record
            with Work(self.shop.system) as work:
                message = work.get(Message, self.message_id)
                if message.status is MessageStatus.QUEUED:
                    message.next_attempt_at = now()
            sync_client().flushdb()  # a killed worker's turn, and what a refusal asked for, are over by now
            outbound.deliver(self.shop.company_id, self.shop.whatsapp_id)
        self.look()

    def give_up(self) -> None:
        """A sweep, long after whoever had the message died."""
        with Work(self.shop.system) as work:
            message = work.get(Message, self.message_id)
            if message.status is MessageStatus.SENDING:
                message.next_attempt_at = now() - timedelta(seconds=1)
        if self.message().status is MessageStatus.SENDING:
            self.deliver()

    def look(self) -> None:
        message = self.message()
        assert (message.error_code is not None) or message.status is not MessageStatus.FAILED
        self.shown.append(message.status)

    @property
    def went_back(self) -> list[tuple[str, str]]:
        """A refusal that may pass puts a message back into the queue, where it stood before: that shows as nothing."""
        pairs = [(a.value, b.value) for a, b in itertools.pairwise(self.shown)]
        return [(a, b) for a, b in pairs if RANK.index(b) < RANK.index(a)]


@pytest.fixture
def conversation_id(db: object, valkey: object) -> tuple[Shop, UUID]:
    del db, valkey
    shop = open_shop()
    return shop, write_in(shop).conversation_id


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    provider = Provider([])
    monkeypatch.setattr(registry.get("whatsapp_cloud"), "send", lambda *args: provider.send(*args))
    return provider


def check(
    shop: Shop, conversation_id: UUID, provider: Provider, calls: list[tuple[list[str], str]], told: list[str]
) -> None:
    provider.calls, provider.asked, provider.taken = calls, 0, 0
    story = Story(shop, conversation_id, provider)
    for step in [*told, "deliver", "give up"]:
        {"deliver": story.deliver, "give up": story.give_up}.get(step, lambda step=step: _if_taken(story, step))()
    for _ in range(2 * outcomes.TRIES):  # refused for now, or its worker killed, again and again
        if story.message().status is MessageStatus.QUEUED:
            story.deliver()
        story.give_up()
    assert story.went_back == []
    assert provider.taken <= 1
    assert story.message().status not in (MessageStatus.QUEUED, MessageStatus.SENDING)


def _if_taken(story: Story, status: str) -> None:
    """A provider says nothing of what it never had."""
    if story.provider.taken:
        story.receipt(status)


ENGINES_STAY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=25, deadline=None, suppress_health_check=ENGINES_STAY, derandomize=True)
@given(calls=st.lists(a_call, max_size=3), told=steps)
def test_a_status_only_moves_forward_in_a_sample(
    conversation_id: tuple[Shop, UUID], provider: Provider, calls: list[tuple[list[str], str]], told: list[str]
) -> None:
    check(*conversation_id, provider, calls, told)


@pytest.mark.prove
@pytest.mark.timeout(1800)
@settings(max_examples=1000, deadline=None, suppress_health_check=ENGINES_STAY)
@given(calls=st.lists(a_call, max_size=6), told=steps)
def test_a_status_only_moves_forward(
    conversation_id: tuple[Shop, UUID], provider: Provider, calls: list[tuple[list[str], str]], told: list[str]
) -> None:
    check(*conversation_id, provider, calls, told)
