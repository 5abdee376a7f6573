"""What became of messages that left: written down for many at once, in the same order of locks as receipts."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import OperationalError
from sqlmodel import col

from saas_admin.adapters.channels.base import Failure, FailureCode, SendResult
from saas_admin.channels import exchanges, health, outbox
from saas_admin.conversations import live
from saas_admin.conversations.trail import touch, wait_again
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.models import Channel, Conversation, Message
from saas_admin.models.message import MessageStatus

log = logging.getLogger(__name__)

TRIES = 6
RECORD_FOR = 60.0
"""Seconds an outcome is kept in hand while the database is away."""
LONGEST_WAIT = 300.0
_OF_THE_CHANNEL = frozenset(
    {FailureCode.UNAUTHORISED, FailureCode.ACCOUNT_BLOCKED, FailureCode.PROVIDER_DOWN, FailureCode.THROTTLED}
)
"""What says something of the channel; the rest concerns one message or one person."""


@dataclass(frozen=True)
class Outcome:
    """What the provider said of one message, to whom it went, how long the call took and when it ended."""

    message_id: UUID
    result: SendResult | Failure
    to: str = ""
    milliseconds: int = 0
    ended: float = field(default_factory=time.monotonic)
    """By time.monotonic."""


def record(company_id: UUID, channel_id: UUID, outcomes: Sequence[Outcome]) -> None:
    """Write outcomes down, patiently: the provider has the messages already, only we might forget."""
    if not outcomes:
        return None
    give_up_at = time.monotonic() + RECORD_FOR
    while True:
        try:
            return _record(company_id, channel_id, outcomes)
        except OperationalError:
            if time.monotonic() > give_up_at:
                raise
            log.warning("the database is away; outcomes wait to be recorded", extra={"count": len(outcomes)})
            time.sleep(1)


def _record(company_id: UUID, channel_id: UUID, outcomes: Sequence[Outcome]) -> None:
    with Work(Actor.system(company_id)) as work:
        channel = work.get(Channel, channel_id)
        messages = _locked(work, [outcome.message_id for outcome in outcomes])
        pacer = outbox.pacer_of(channel)
        written_to = [o for o in outcomes if o.to and not _was_not_sent(o.result)]
        ages = {o.to: max(0.0, time.monotonic() - o.ended) for o in written_to}
        pacer.sent(ages)
        for seconds in {pacer.distance(o.to) for o in written_to} - {0.0}:
            alike = [o for o in written_to if pacer.distance(o.to) == seconds and o.message_id in messages]
            if alike:
                # The oldest of the group says when to look again: the pacer knows each to the millisecond.
                age = max(ages[o.to] for o in alike)
                _let_wait(work, {messages[o.message_id][1].id for o in alike}, seconds - age)
        for outcome in outcomes:
            if outcome.message_id not in messages:
                continue
            message, conversation = messages[outcome.message_id]
            failure = outcome.result if isinstance(outcome.result, Failure) else None
            if outcome.to:
                took = outcome.milliseconds
                exchanges.note(work, channel.id, "send", failure, milliseconds=took, message_id=message.id)
            if isinstance(outcome.result, SendResult):
                _sent(work, channel, message, outcome.result)
            elif outcome.result.code is FailureCode.OUTCOME_UNKNOWN:
                if message.status is MessageStatus.SENDING:
                    _become(message, MessageStatus.UNKNOWN)
            else:
                pacer.slow_down(outcome.to, outcome.result)
                _refused(work, channel, conversation, message, outcome.result)
            touch(work, conversation, message)
            live.tell_message(work, message)


def _let_wait(work: Work, conversation_ids: set[UUID], seconds: float) -> None:
    """What else is queued for these people comes up when they may be written to again, and is not asked for before."""
    allowed = work.now + timedelta(seconds=seconds)
    work.session.execute(
        update(Message)
        .where(
            col(Message.company_id) == work.company_id,
            col(Message.conversation_id).in_(conversation_ids),
            col(Message.status) == MessageStatus.QUEUED,
            col(Message.next_attempt_at) < allowed,
        )
        .values(next_attempt_at=allowed)
        .execution_options(synchronize_session=False)
    )


def _locked(work: Work, ids: list[UUID]) -> dict[UUID, tuple[Message, Conversation]]:
    """Conversations first, then their messages, each in the order of their ids: as everybody locks them."""
    of = {
        row[0]: row[1]
        for row in work.session.execute(select(col(Message.id), col(Message.conversation_id)).where(_in(work, ids)))
    }
    conversations = {
        row.id: row
        for row in work.all(
            select(Conversation)
            .where(col(Conversation.company_id) == work.company_id, col(Conversation.id).in_(set(of.values())))
            .order_by(col(Conversation.id))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    }
    messages = work.all(
        select(Message)
        .where(_in(work, ids))
        .order_by(col(Message.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {message.id: (message, conversations[message.conversation_id]) for message in messages}


def _in(work: Work, ids: list[UUID]) -> ColumnElement[bool]:
    return (col(Message.company_id) == work.company_id) & col(Message.id).in_(ids)


def _sent(work: Work, channel: Channel, message: Message, result: SendResult) -> None:
    message.provider_id = message.provider_id or result.provider_id
    if result.more_ids:
        message.data = {**message.data, "parts": list(result.more_ids)}
    # A receipt may have overtaken the answer: the status only moves forward, and a failure keeps its reason.
    _become(message, MessageStatus.SENT)
    if message.status is not MessageStatus.FAILED:
        message.error_code = message.error_detail = None
    if channel.last_sent_at is None or work.now - channel.last_sent_at > timedelta(seconds=5):
        channel.last_sent_at = work.now
    health.note_success(work, channel)


def _refused(work: Work, channel: Channel, conversation: Conversation, message: Message, failure: Failure) -> None:
    if message.status not in (MessageStatus.SENDING, MessageStatus.QUEUED):
        return
    if failure.code in _OF_THE_CHANNEL:
        health.note_failure(work, channel, failure)
    if failure.can_retry and message.attempts < TRIES:
        message.status = MessageStatus.QUEUED
        wait = failure.retry_after or min(2.0**message.attempts, LONGEST_WAIT)
        message.next_attempt_at = work.now + timedelta(seconds=wait)
        message.error_code = failure.code.value
        return
    message.status = MessageStatus.FAILED
    message.error_code = failure.code.value
    message.error_detail = f"{failure.provider_code} {failure.provider_text}".strip()[:300]
    message.next_attempt_at = None
    wait_again(work, conversation, message)


def _become(message: Message, status: MessageStatus) -> None:
    if message.can_become(status):
        message.status = status
    message.next_attempt_at = None


def _was_not_sent(result: SendResult | Failure) -> bool:
    """Whether the provider surely counted nothing."""
    return isinstance(result, Failure) and result.code in (FailureCode.TIMEOUT_BEFORE, FailureCode.PROVIDER_DOWN)
