"""Which queued messages of a channel may leave now, and what each says: claimed in one transaction, many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import (
    ChannelAdapter,
    Failure,
    FailureCode,
    Location,
    MessageKind,
    OutboundMedia,
    OutboundMessage,
)
from saas_admin.adapters.channels.content import Choice, Choices, Link, TemplateUse
from saas_admin.channels import templates
from saas_admin.channels.addresses import file_url, webhook_url
from saas_admin.channels.pacing import HORIZON, Pacer
from saas_admin.core import files, secrets
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.models import Attachment, Channel, CustomerIdentity, Message
from saas_admin.models.message import Direction, MessageStatus

MOST = 48
"""Messages claimed at once: about as many as leave within the horizon of the pacer."""
STUCK_AFTER = timedelta(seconds=45)
"""Longer than the call may take: whoever claimed the message is gone."""
STUCK_AFTER_UPLOAD = timedelta(seconds=180)
"""The same for a message with a file, which is uploaded first."""


@dataclass(frozen=True)
class Leaving:
    """A message on its way: all that the call needs, and in how many seconds its slot is."""

    message_id: UUID
    adapter: ChannelAdapter
    settings: dict[str, Any]
    secrets: dict[str, str]
    message: OutboundMessage
    delay: float
    gap: float
    """The least distance to the message before, in seconds."""
    most: int
    """Messages any one second may hold."""


@dataclass(frozen=True)
class Claim:
    leaving: list[Leaving] = field(default_factory=list[Leaving])
    given_up: list[tuple[UUID, Failure]] = field(default_factory=list["tuple[UUID, Failure]"])
    """What will not be sent: its worker died, or the channel is off."""
    wait: float | None = None
    """Seconds until something else may leave; None when nothing is queued."""


def claim(company_id: UUID, channel_id: UUID) -> Claim:
    """Take what is due and has its turn, and mark it as on its way."""
    with Work(Actor.system(company_id)) as work:
        channel = work.find(Channel, channel_id)
        if channel is None:
            return Claim()
        given_up = _abandoned(work, channel)
        candidates = _candidates(work, channel)
        if not candidates:
            return Claim(given_up=given_up, wait=_next_due(work, channel))
        if not channel.is_live:
            off = Failure(FailureCode.REJECTED, "", "the channel is switched off")
            return Claim(given_up=[*given_up, *((message.id, off) for message in candidates)], wait=0.0)
        return _take(work, channel, candidates, given_up)


def is_due(company_id: UUID, channel_id: UUID) -> bool:
    """Whether something was queued since the last claim found nothing."""
    with Work(Actor.system(company_id)) as work:
        channel = work.find(Channel, channel_id)
        wait = _next_due(work, channel) if channel else None
        return wait is not None and wait <= HORIZON


def pacer_of(channel: Channel) -> Pacer:
    return Pacer(channel.id, registry.get(channel.kind).pace(channel.settings, channel.facts))


def _take(work: Work, channel: Channel, candidates: list[Message], given_up: list[tuple[UUID, Failure]]) -> Claim:
    people, pacer = _people(work, candidates), pacer_of(channel)
    free: list[tuple[float, Message]] = []
    for message, wait in zip(candidates, pacer.waits([people[m.customer_id] for m in candidates]), strict=True):
        if wait > HORIZON:
            # Looked at again when this person may be written to; the others go on.
            message.next_attempt_at = work.now + timedelta(seconds=wait)
        elif people[message.customer_id] not in {people[m.customer_id] for _, m in free}:
            free.append((wait, message))
    # Whoever may be written to first takes the first slot.
    free.sort(key=lambda pair: pair[0])
    taken, wait = _with_slots(pacer, free)
    adapter = registry.get(channel.kind)
    outbound = _outbound(work, channel, [message for message, _ in taken], people)
    keys = secrets.decrypt(channel.secrets)
    for message, delay in taken:
        message.status = MessageStatus.SENDING
        message.claimed_at = work.now
        message.attempts += 1
        message.next_attempt_at = work.now + timedelta(seconds=delay) + stuck_after(message)
    leaving = [
        Leaving(
            message.id,
            adapter,
            dict(channel.settings),
            keys,
            outbound[message.id],
            delay,
            pacer.gap(is_media=message.kind in _FILES),
            pacer.most(is_media=message.kind in _FILES),
        )
        for message, delay in taken
    ]
    # A full hand of people who must wait hides those behind it: they are asked for at once.
    return Claim(leaving, given_up, 0.0 if len(candidates) == MOST and not taken else wait)


def _with_slots(pacer: Pacer, free: list[tuple[float, Message]]) -> tuple[list[tuple[Message, float]], float]:
    """Each with its delay, and the seconds until there are more slots."""
    taken: list[tuple[Message, float]] = []
    waits: list[float] = []
    for is_media in (False, True):
        lane = [pair for pair in free if (pair[1].kind in _FILES) == is_media]
        if lane:
            slots = pacer.take([wait for wait, _ in lane], is_media=is_media)
            taken += [(message, delay) for (_, message), delay in zip(lane, slots.delays, strict=False)]
            waits.append(slots.next_in)
    return taken, min(waits, default=HORIZON)


def stuck_after(message: Message) -> timedelta:
    return STUCK_AFTER_UPLOAD if message.kind in _FILES else STUCK_AFTER


def _candidates(work: Work, channel: Channel) -> list[Message]:
    """Due messages, the first of each thread: an earlier one that is still leaving goes first, whatever it waits for."""
    earlier = aliased(Message)
    is_held_back = exists().where(
        col(earlier.company_id) == col(Message.company_id),
        col(earlier.conversation_id) == col(Message.conversation_id),
        col(earlier.direction) == Direction.OUT,
        col(earlier.status).in_(_OPEN),
        or_(
            col(earlier.at) < col(Message.at),
            and_(col(earlier.at) == col(Message.at), col(earlier.created_at) < col(Message.created_at)),
            and_(
                col(earlier.at) == col(Message.at),
                col(earlier.created_at) == col(Message.created_at),
                col(earlier.id) < col(Message.id),
            ),
        ),
    )
    return work.all(
        select(Message)
        .where(
            col(Message.company_id) == work.company_id,
            col(Message.channel_id) == channel.id,
            col(Message.status) == MessageStatus.QUEUED,
            col(Message.next_attempt_at) <= work.now + timedelta(seconds=HORIZON),
            ~is_held_back,
        )
        .order_by(col(Message.next_attempt_at), col(Message.at), col(Message.id))
        .limit(MOST)
        .with_for_update(of=Message, skip_locked=True)
    )


def _abandoned(work: Work, channel: Channel) -> list[tuple[UUID, Failure]]:
    """Claimed by a worker that is gone: whether the provider has it, nobody knows."""
    query = select(col(Message.id)).where(
        col(Message.company_id) == work.company_id,
        col(Message.channel_id) == channel.id,
        col(Message.status) == MessageStatus.SENDING,
        col(Message.next_attempt_at) <= work.now,
    )
    return [(row[0], Failure(FailureCode.OUTCOME_UNKNOWN)) for row in work.session.execute(query.limit(MOST))]


def _next_due(work: Work, channel: Channel) -> float | None:
    due: datetime | None = work.session.scalar(
        select(func.min(col(Message.next_attempt_at))).where(
            col(Message.company_id) == work.company_id,
            col(Message.channel_id) == channel.id,
            col(Message.status) == MessageStatus.QUEUED,
        )
    )
    return None if due is None else max(0.0, (due - work.now).total_seconds())


def _people(work: Work, messages: Sequence[Message]) -> dict[UUID, str]:
    """The id each customer is written to: the first that is not retired."""
    found: dict[UUID, str] = {message.customer_id: "" for message in messages}
    query = (
        select(CustomerIdentity)
        .where(
            col(CustomerIdentity.channel_id) == messages[0].channel_id,
            col(CustomerIdentity.customer_id).in_(found),
            col(CustomerIdentity.retired_at).is_(None),
        )
        .order_by(col(CustomerIdentity.created_at), col(CustomerIdentity.id))
    )
    for identity in work.all(query):
        found[identity.customer_id] = found[identity.customer_id] or identity.external_id
    return found


def _outbound(
    work: Work, channel: Channel, messages: list[Message], people: dict[UUID, str]
) -> dict[UUID, OutboundMessage]:
    attachments = _attachments(work, [m.id for m in messages if m.kind in _FILES])
    quoted = _quoted(work, {m.reply_to_id for m in messages if m.reply_to_id})
    return {
        m.id: _one(channel, m, people[m.customer_id], attachments.get(m.id), quoted.get(m.reply_to_id))
        for m in messages
    }


def _one(
    channel: Channel, message: Message, to: str, attachment: Attachment | None, quoted: str | None
) -> OutboundMessage:
    said = message.data
    choices, link, place, template = (said.get(name) for name in ("choices", "link", "location", "template"))
    return OutboundMessage(
        to=to,
        kind=MessageKind(message.kind),
        text=message.text,
        media=_media(message, attachment) if attachment else None,
        reply_to=quoted,
        callback_data=str(message.id),
        choices=Choices(tuple(Choice(**option) for option in choices["options"]), choices["opener"])
        if choices and message.kind == MessageKind.INTERACTIVE
        else None,
        link=Link(**link) if link and message.kind == MessageKind.INTERACTIVE else None,
        location=Location(**place) if place and message.kind == MessageKind.LOCATION else None,
        template=TemplateUse(templates.from_json(template["content"]), template["values"]) if template else None,
        is_late=said.get("late") is True,
        webhook_url=webhook_url(channel) or "",
    )


def _media(message: Message, attachment: Attachment) -> OutboundMedia:
    return OutboundMedia(
        MessageKind(attachment.kind),
        attachment.mime,
        attachment.filename or attachment.kind,
        files.path_of(message.company_id, attachment.id),
        file_url(message.company_id, attachment.id, attachment.filename or attachment.kind),
    )


def _attachments(work: Work, ids: list[UUID]) -> dict[UUID, Attachment]:
    if not ids:
        return {}
    return {
        a.message_id: a for a in work.all(select(Attachment).where(col(Attachment.message_id).in_(ids))) if a.message_id
    }


def _quoted(work: Work, ids: set[UUID]) -> dict[UUID | None, str | None]:
    return {m.id: m.provider_id for m in work.all(select(Message).where(col(Message.id).in_(ids)))} if ids else {}


_OPEN = (MessageStatus.QUEUED, MessageStatus.SENDING)
_FILES = frozenset({MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DOCUMENT, MessageKind.STICKER})
