"""Stored events become messages and receipts. A job names many; a bad one never costs the others."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import InboundMessage, StatusUpdate
from saas_admin.adapters.channels.events import (
    AccountNotice,
    AddressMoved,
    Echo,
    Edited,
    Event,
    Preference,
    ReadUpTo,
    Revoked,
    TemplateChanged,
)
from saas_admin.channels import notices
from saas_admin.conversations import changes
from saas_admin.conversations import receive as conversations
from saas_admin.core.actor import Actor
from saas_admin.core.jobs import Job
from saas_admin.core.work import Work
from saas_admin.models import Channel, InboundEvent

log = logging.getLogger(__name__)

TRIES = 8
GROUP = 20
WAIT_FOR_MESSAGE = timedelta(hours=24)
"""How long a receipt may wait for the message it speaks of."""
SEEN_EVERY = timedelta(seconds=5)


def handle(company_id: UUID, ids: list[UUID]) -> int:
    """Handle what is still unhandled of these events; answers how many. Two workers with the same ids do it once.

    In small groups: a sender's lock is held until its group commits, and under a backlog every group has the same senders.
    A group in which anything goes wrong is rolled back and done again one by one, so that a bad item never loses the others.
    """
    return sum(_handle_some(company_id, ids[start : start + GROUP]) for start in range(0, len(ids), GROUP))


def _handle_some(company_id: UUID, ids: list[UUID]) -> int:
    try:
        return _handle_group(company_id, ids)
    except Exception as error:
        if len(ids) > 1:
            log.info("a group of events is handled one by one: %s", type(error).__name__)
            return sum(_handle_some(company_id, [event_id]) for event_id in ids)
        # The database went away, or two workers crossed: not the event's fault, a sweep brings it again.
        if isinstance(error, (OperationalError, InterfaceError)):
            raise
        log.exception("an event could not be handled", extra={"event_id": str(ids[0])})
        _put_off(company_id, ids[0], type(error).__name__)
        return 0


def _handle_group(company_id: UUID, ids: list[UUID]) -> int:
    with Work(Actor.system(company_id)) as work:
        events = _take(work, ids)
        channels = {channel_id: work.get(Channel, channel_id) for channel_id in {event.channel_id for event in events}}
        parsed = [(event, _parse(channels[event.channel_id], event)) for event in events]
        # Senders in one order for every worker, so that two groups never wait for each other crosswise; a sender's words by time.
        done = sum(
            _handle_one(work, channels[event.channel_id], event, found)
            for event, found in sorted(parsed, key=_by_sender)
        )
        # Last of all: its row would stay locked, and the next worker waiting for it may hold a sender that we come to.
        work.flush()
        for channel_id in sorted({event.channel_id for event in events if event.handled_at}):
            _seen(work, channels[channel_id])
    return done


def _take(work: Work, ids: list[UUID]) -> list[InboundEvent]:
    """Those of them that nobody has handled and nobody else has in hand."""
    return work.all(
        select(InboundEvent)
        .where(
            col(InboundEvent.company_id) == work.company_id,
            col(InboundEvent.id).in_(ids),
            col(InboundEvent.handled_at).is_(None),
        )
        .with_for_update(skip_locked=True)
    )


def _parse(channel: Channel, event: InboundEvent) -> list[Event]:
    return registry.get(channel.kind).parse(event.payload or b"")


def _by_sender(pair: tuple[InboundEvent, list[Event]]) -> tuple[int, str, float, str]:
    event, parsed = pair
    first = parsed[0] if parsed else None
    if isinstance(first, Echo):
        first = first.message
    if isinstance(first, InboundMessage):
        return (0, first.sender.external_id, first.at.timestamp(), str(event.id))
    return (1, getattr(first, "provider_id", ""), event.received_at.timestamp(), str(event.id))


def _handle_one(work: Work, channel: Channel, event: InboundEvent, parsed: list[Event]) -> int:
    event.attempts += 1
    outcomes = [_apply(work, channel, item) for item in parsed]
    is_settled = all(outcomes)
    if not is_settled and work.now - event.received_at < WAIT_FOR_MESSAGE:
        # A receipt of a message whose provider id is not stored yet. Not a failure: it is looked at again.
        event.next_attempt_at = work.now + timedelta(seconds=min(2**event.attempts, 600))
        event.error = "waits for its message"
        return 0
    event.handled_at = work.now
    event.error = None if is_settled else "its message never came"
    return 1


def _apply(work: Work, channel: Channel, item: Event) -> bool:
    if isinstance(item, InboundMessage):
        message = conversations.receive(work, channel, item)
        if message is not None and item.awaits_answer:
            work.after_commit(
                Job.ACKNOWLEDGE, company_id=str(work.company_id), message_id=str(message.id), typing=False
            )
        return True
    apply = _APPLY.get(type(item))
    return apply(work, channel, item) if apply else True


_APPLY: dict[type[Any], Callable[[Work, Channel, Any], bool]] = {
    StatusUpdate: conversations.apply_receipt,
    Echo: conversations.receive_echo,
    Edited: changes.apply_edit,
    Revoked: changes.apply_revocation,
    ReadUpTo: changes.apply_read_up_to,
    Preference: changes.apply_preference,
    AddressMoved: changes.apply_move,
    TemplateChanged: notices.apply_template_change,
    AccountNotice: notices.apply_notice,
}
"""Each answers False when the message it speaks of is not stored yet: the event is looked at again."""


def _put_off(company_id: UUID, event_id: UUID, problem: str) -> None:
    with Work(Actor.system(company_id)) as work:
        for event in _take(work, [event_id]):
            event.attempts += 1
            event.error = problem[:300]
            event.next_attempt_at = work.now + timedelta(seconds=2**event.attempts)
            if event.attempts >= TRIES:
                # Kept with its error for doctor and for a person; the payload is still there.
                event.handled_at = work.now


def _seen(work: Work, channel: Channel) -> None:
    """Note that the channel is alive, but not on every event: its row would become the busiest of the table."""
    if channel.last_event_at is None or work.now - channel.last_event_at > SEEN_EVERY:
        channel.last_event_at = work.now
