"""A queued message leaves: claim, call the provider outside any transaction, record in a second one.

A crash between call and record leaves `sending`; the sweep turns it into `unknown`, and only the provider's own
receipt says more. It is never sent a second time on a guess.
"""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import OperationalError
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import (
    Failure,
    FailureCode,
    MessageKind,
    OutboundMedia,
    OutboundMessage,
    SendError,
    SendResult,
)
from saas_admin.channels import health
from saas_admin.conversations import live
from saas_admin.conversations.receive import touch, wait_again
from saas_admin.core import files, secrets
from saas_admin.core.actor import Actor
from saas_admin.core.jobs import Job
from saas_admin.core.work import Work
from saas_admin.models import Attachment, Channel, Conversation, CustomerIdentity, Message
from saas_admin.models.message import Direction, MessageStatus

log = logging.getLogger(__name__)

TRIES = 6
STUCK_AFTER = timedelta(seconds=45)
"""Longer than the call may take: whoever claimed the message is gone."""
STUCK_AFTER_UPLOAD = timedelta(seconds=180)
"""The same for a message with a file, which is uploaded first."""
RECORD_FOR = 60.0
"""Seconds an outcome is kept in hand while the database is away."""


@dataclass(frozen=True)
class _Claimed:
    message_id: UUID
    kind: str
    settings: dict[str, str]
    secrets: dict[str, str]
    message: OutboundMessage


def deliver(company_id: UUID, message_id: UUID) -> None:
    """Send one message if it is its turn; called as often as anybody likes."""
    claimed = _claim(company_id, message_id)
    if claimed is None:
        return
    try:
        outcome: SendResult | Failure = registry.get(claimed.kind).send(
            claimed.settings, claimed.secrets, claimed.message
        )
    except SendError as error:
        outcome = error.failure
    except FileNotFoundError:
        outcome = Failure(FailureCode.MEDIA_REJECTED, "", "the file is not on our disk any more")
    except Exception:
        log.exception("an adapter raised what it should have classified", extra={"message_id": str(message_id)})
        outcome = Failure(FailureCode.OUTCOME_UNKNOWN)
    _record(company_id, message_id, outcome)


def _claim(company_id: UUID, message_id: UUID) -> _Claimed | None:
    with Work(Actor.system(company_id)) as work:
        message = work.first(
            select(Message)
            .where(
                col(Message.company_id) == company_id,
                col(Message.id) == message_id,
                col(Message.direction) == Direction.OUT,
            )
            .with_for_update(skip_locked=True)
        )
        if message is None:
            return None
        if (
            message.status is MessageStatus.SENDING
            and message.claimed_at
            and work.now - message.claimed_at > _stuck_after(message)
        ):
            _give_up(work, message)
            return None
        if message.status is not MessageStatus.QUEUED or _is_held_back(work, message):
            return None
        channel = work.get(Channel, message.channel_id)
        if not channel.is_live:
            _fail(work, message, Failure(FailureCode.REJECTED, "", "the channel is switched off"))
            return None
        message.status = MessageStatus.SENDING
        message.claimed_at = work.now
        message.attempts += 1
        message.next_attempt_at = work.now + _stuck_after(message)
        return _Claimed(
            message.id, channel.kind, dict(channel.settings), secrets.decrypt(channel.secrets), _outbound(work, message)
        )


def _stuck_after(message: Message) -> timedelta:
    return STUCK_AFTER if message.kind == MessageKind.TEXT else STUCK_AFTER_UPLOAD


def _outbound(work: Work, message: Message) -> OutboundMessage:
    to = work.first(
        select(CustomerIdentity)
        .where(
            col(CustomerIdentity.channel_id) == message.channel_id,
            col(CustomerIdentity.customer_id) == message.customer_id,
            col(CustomerIdentity.retired_at).is_(None),
        )
        .order_by(col(CustomerIdentity.created_at), col(CustomerIdentity.id))
    )
    attachment = work.first(select(Attachment).where(col(Attachment.message_id) == message.id))
    media = None
    if attachment:
        media = OutboundMedia(
            MessageKind(attachment.kind),
            attachment.mime,
            attachment.filename or attachment.kind,
            files.path_of(message.company_id, attachment.id),
        )
    quoted = work.find(Message, message.reply_to_id) if message.reply_to_id else None
    return OutboundMessage(
        to=to.external_id if to else "",
        kind=MessageKind(message.kind),
        text=message.text,
        media=media,
        reply_to=quoted.provider_id if quoted else None,
        callback_data=str(message.id),
    )


def _is_held_back(work: Work, message: Message) -> bool:
    """An earlier message of the thread that is still leaving goes first; a failed or unknown one does not hold the next."""
    earlier = select(Message).where(
        col(Message.company_id) == message.company_id,
        col(Message.conversation_id) == message.conversation_id,
        col(Message.direction) == Direction.OUT,
        col(Message.status).in_([MessageStatus.QUEUED, MessageStatus.SENDING]),
        or_(
            col(Message.at) < message.at,
            and_(col(Message.at) == message.at, col(Message.created_at) < message.created_at),
            and_(
                col(Message.at) == message.at,
                col(Message.created_at) == message.created_at,
                col(Message.id) < message.id,
            ),
        ),
    )
    return work.first(earlier) is not None


def _record(company_id: UUID, message_id: UUID, outcome: SendResult | Failure) -> None:
    """Write the outcome down, patiently: the provider has it already, only we might forget."""
    give_up_at = time.monotonic() + RECORD_FOR
    while True:
        try:
            return _record_once(company_id, message_id, outcome)
        except OperationalError:
            if time.monotonic() > give_up_at:
                raise
            log.warning("the database is away; an outcome waits to be recorded")
            time.sleep(1)


def _record_once(company_id: UUID, message_id: UUID, outcome: SendResult | Failure) -> None:
    with Work(Actor.system(company_id)) as work:
        message = work.get(Message, message_id)
        conversation = work.get(Conversation, message.conversation_id, lock=True)
        work.session.refresh(message, with_for_update=True)
        channel = work.get(Channel, message.channel_id)
        if isinstance(outcome, SendResult):
            _sent(work, channel, message, outcome)
        elif outcome.code is FailureCode.OUTCOME_UNKNOWN:
            _become(message, MessageStatus.UNKNOWN)
        else:
            _refused(work, channel, conversation, message, outcome)
        touch(work, conversation, message)
        live.tell_message(work, message)
        _next_of(work, message)


def _sent(work: Work, channel: Channel, message: Message, result: SendResult) -> None:
    message.provider_id = message.provider_id or result.provider_id
    # A receipt may have overtaken the answer: the status only moves forward, and a failure keeps its reason.
    _become(message, MessageStatus.SENT)
    if message.status is not MessageStatus.FAILED:
        message.error_code = message.error_detail = None
    if channel.last_sent_at is None or work.now - channel.last_sent_at > timedelta(seconds=5):
        channel.last_sent_at = work.now
    health.note_success(work, channel)


def _refused(work: Work, channel: Channel, conversation: Conversation, message: Message, failure: Failure) -> None:
    if message.status is not MessageStatus.SENDING:
        return
    health.note_failure(work, channel, failure)
    if failure.can_retry and message.attempts < TRIES:
        message.status = MessageStatus.QUEUED
        wait = failure.retry_after or min(2.0**message.attempts, 300.0)
        message.next_attempt_at = work.now + timedelta(seconds=wait)
        message.error_code = failure.code.value
        return
    _set_failure(message, failure)
    wait_again(work, conversation, message)


def _become(message: Message, status: MessageStatus) -> None:
    if message.can_become(status):
        message.status = status
    message.next_attempt_at = None


def _set_failure(message: Message, failure: Failure) -> None:
    message.status = MessageStatus.FAILED
    message.error_code = failure.code.value
    message.error_detail = f"{failure.provider_code} {failure.provider_text}".strip()[:300]
    message.next_attempt_at = None


def _fail(work: Work, message: Message, failure: Failure) -> None:
    conversation = work.get(Conversation, message.conversation_id, lock=True)
    _set_failure(message, failure)
    wait_again(work, conversation, message)
    touch(work, conversation, message)
    live.tell_message(work, message)
    _next_of(work, message)


def _give_up(work: Work, message: Message) -> None:
    conversation = work.get(Conversation, message.conversation_id, lock=True)
    _become(message, MessageStatus.UNKNOWN)
    touch(work, conversation, message)
    live.tell_message(work, message)
    _next_of(work, message)


def _next_of(work: Work, message: Message) -> None:
    """What waited behind this message may go now."""
    if message.status is MessageStatus.QUEUED:
        return
    work.flush()
    following = work.first(
        select(Message)
        .where(
            col(Message.company_id) == message.company_id,
            col(Message.conversation_id) == message.conversation_id,
            col(Message.direction) == Direction.OUT,
            col(Message.status) == MessageStatus.QUEUED,
        )
        .order_by(col(Message.at), col(Message.created_at), col(Message.id))
    )
    if following:
        work.after_commit(Job.DELIVER_MESSAGE, company_id=str(work.company_id), ids=[str(following.id)])
