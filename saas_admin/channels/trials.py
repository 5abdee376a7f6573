"""Does it work, right now? One question to the provider, one message to a person."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, select
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import (
    ChannelAdapter,
    CheckResult,
    Failure,
    MessageKind,
    OutboundMessage,
    SendError,
)
from saas_admin.channels import exchanges, health
from saas_admin.channels.addresses import webhook_url
from saas_admin.conversations import service as conversations
from saas_admin.core import phone, realtime, secrets
from saas_admin.core.actor import Actor
from saas_admin.core.errors import Conflict, Invalid, NotFound, Throttled
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Channel, Conversation, Customer

_BY_NUMBER = ("whatsapp", "twilio", "sms")
_CHECK_EVERY = 5
"""Seconds: a person who presses twice asks once."""


@dataclass(frozen=True)
class TestTarget:
    """Whom a test message would go to: a number to type, or the last person who wrote. Neither: nobody has written."""

    __test__ = False

    by_number: bool
    name: str = ""


@dataclass(frozen=True)
class TestSent:
    """`conversation_id`: it is in this thread. Without one the provider has taken it from us directly."""

    __test__ = False

    name: str
    conversation_id: str | None = None


@dataclass(frozen=True)
class _Direct:
    adapter: ChannelAdapter
    settings: dict[str, Any]
    keys: dict[str, str]
    url: str
    to: str


def check_now(actor: Actor, channel_id: UUID) -> CheckResult | None:
    """Ask the provider as the hourly check does. None when there is nobody to ask or it was asked a moment ago."""
    with Work(actor) as work:
        ensure_may_check(work, channel_id)
    if not realtime.is_first(f"check-now:{channel_id}", _CHECK_EVERY):
        return None
    return health.check(work.company_id, channel_id)


@requires(Permission.CHANNELS_MANAGE)
def ensure_may_check(work: Work, channel_id: UUID) -> None:
    _live(work, channel_id)


@requires(Permission.CHANNELS_MANAGE)
def find_test_target(work: Work, channel_id: UUID) -> TestTarget:
    channel = work.get(Channel, channel_id)
    if channel.kind.startswith(_BY_NUMBER):
        return TestTarget(by_number=True)
    latest = work.first(_within_window(work, channel))
    return TestTarget(by_number=False, name=_name(work, latest) if latest else "")


def send_test(actor: Actor, channel_id: UUID, to: str, text: str) -> TestSent:
    """One short message, into the thread of the person where there is one. Raises Invalid, Conflict, and SendError.

    `to` counts where channels have numbers; elsewhere the last person who wrote is meant. Where a provider wants a
    template first, that is said instead (Conflict `test_needs_template`).
    """
    with Work(actor) as work:
        found = start_test(work, channel_id, to, text)
    if isinstance(found, TestSent):
        return found
    started = time.monotonic()
    failure: Failure | None = None
    message = OutboundMessage(found.to, MessageKind.TEXT, text.strip(), webhook_url=found.url)
    try:
        found.adapter.send(found.settings, found.keys, message)
    except SendError as error:
        failure = error.failure
    took = int((time.monotonic() - started) * 1000)
    with Work(Actor.system(actor.company_id)) as work:
        exchanges.note(work, channel_id, "test", failure, milliseconds=took)
    if failure is not None:
        raise Conflict(f"delivery.{failure.code.value}")
    return TestSent(phone.shown(f"+{found.to.lstrip('+')}"))


@requires(Permission.CHANNELS_MANAGE)
def start_test(work: Work, channel_id: UUID, to: str, text: str) -> TestSent | _Direct:
    channel = _live(work, channel_id)
    adapter = registry.get(channel.kind)
    if adapter.is_local:
        raise NotFound
    text = text.strip()
    can = adapter.capabilities_of(channel.settings)
    if not text or len(text) > min(can.text_limit, 1000):
        raise Invalid(fields={"text": "test_text"})
    if not channel.kind.startswith(_BY_NUMBER):
        conversation = work.first(_within_window(work, channel))
        if conversation is None:
            raise Conflict("test_nobody")
        return _into_thread(work, conversation, text)
    number = phone.to_e164(to)
    if number is None:
        raise Invalid(fields={"to": "phone_format"})
    conversation = work.first(
        _within_window(work, channel)
        .join(
            Customer,
            (col(Customer.id) == col(Conversation.customer_id))
            & (col(Customer.company_id) == col(Conversation.company_id)),
        )
        .where(col(Customer.phone) == number)
    )
    if conversation is not None:
        return _into_thread(work, conversation, text)
    if can.window_hours is not None:
        raise Conflict("test_needs_template", number=phone.shown(number))
    if not realtime.is_first(f"test:{channel.id}", _CHECK_EVERY):
        raise Throttled(retry_after=_CHECK_EVERY, minutes=1)
    keys = secrets.decrypt(channel.secrets)
    return _Direct(adapter, dict(channel.settings), keys, webhook_url(channel) or "", number)


def _into_thread(work: Work, conversation: Conversation, text: str) -> TestSent:
    conversations.reply(work, conversation.id, text, draft_id=f"test-{uuid4().hex}")
    return TestSent(_name(work, conversation), str(conversation.id))


def _within_window(work: Work, channel: Channel) -> Select[Conversation]:
    query = select(Conversation).where(
        col(Conversation.channel_id) == channel.id, col(Conversation.last_customer_at).is_not(None)
    )
    hours = registry.get(channel.kind).capabilities_of(channel.settings).window_hours
    if hours is not None:
        query = query.where(col(Conversation.last_customer_at) > work.now - timedelta(hours=hours))
    return query.order_by(col(Conversation.last_customer_at).desc())


def _name(work: Work, conversation: Conversation) -> str:
    customer = work.get(Customer, conversation.customer_id)
    return customer.name or (phone.shown(customer.phone) if customer.phone else "")


def _live(work: Work, channel_id: UUID) -> Channel:
    channel = work.get(Channel, channel_id)
    if channel.deleted_at is not None:
        raise NotFound
    if not channel.is_live:
        raise Conflict("channel_disabled")
    return channel
