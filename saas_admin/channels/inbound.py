"""Stored events become messages and receipts. A job names many; each stands in a savepoint of its own."""

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import Event, InboundMessage, StatusUpdate
from saas_admin.conversations import receive as conversations
from saas_admin.core.actor import Actor
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
    A group that runs into another worker's rows is done again one by one.
    """
    return sum(_handle_some(company_id, ids[start : start + GROUP]) for start in range(0, len(ids), GROUP))


def _handle_some(company_id: UUID, ids: list[UUID]) -> int:
    try:
        return _handle_group(company_id, ids)
    except DBAPIError:
        if len(ids) == 1:
            raise
        log.info("a group of events is handled one by one")
        return sum(_handle_group(company_id, [event_id]) for event_id in ids)


def _handle_group(company_id: UUID, ids: list[UUID]) -> int:
    done = 0
    with Work(Actor.system(company_id)) as work:
        events = work.all(
            select(InboundEvent)
            .where(
                col(InboundEvent.company_id) == company_id,
                col(InboundEvent.id).in_(ids),
                col(InboundEvent.handled_at).is_(None),
            )
            .with_for_update(skip_locked=True)
        )
        # Senders in one order for every worker, so that two groups never wait for each other crosswise; a sender's words by time.
        for event, parsed in sorted(((e, _parse(work, e)) for e in events), key=_by_sender):
            done += _handle_one(work, event, parsed)
        # Last of all: its row would stay locked, and the next worker waiting for it may hold a sender that we come to.
        for channel_id in sorted({event.channel_id for event in events if event.handled_at}):
            _seen(work, work.get(Channel, channel_id))
    return done


def _parse(work: Work, event: InboundEvent) -> list[Event]:
    channel = work.get(Channel, event.channel_id)
    return registry.get(channel.kind).parse(event.payload or b"")


def _by_sender(pair: tuple[InboundEvent, list[Event]]) -> tuple[int, str, float, str]:
    event, parsed = pair
    first = parsed[0] if parsed else None
    if isinstance(first, InboundMessage):
        return (0, first.sender.external_id, first.at.timestamp(), str(event.id))
    return (1, getattr(first, "provider_id", ""), event.received_at.timestamp(), str(event.id))


def _handle_one(work: Work, event: InboundEvent, parsed: list[Event]) -> int:
    channel = work.get(Channel, event.channel_id)
    event.attempts += 1
    work.flush()
    mark = work.mark()
    try:
        with work.session.begin_nested():
            outcomes = [_apply(work, channel, item) for item in parsed]
    except DBAPIError:
        raise
    except Exception as error:
        log.exception("an event could not be handled", extra={"event_id": str(event.id)})
        work.back_to(mark)
        _put_off(work, event, f"{type(error).__name__}")
        return 0
    settled = all(outcomes)
    if not settled and work.now - event.received_at < WAIT_FOR_MESSAGE:
        # A receipt of a message whose provider id is not stored yet. Not a failure: it is looked at again.
        event.next_attempt_at = work.now + timedelta(seconds=min(2**event.attempts, 600))
        event.error = "waits for its message"
        return 0
    event.handled_at = work.now
    event.error = None if settled else "its message never came"
    return 1


def _apply(work: Work, channel: Channel, item: Event) -> bool:
    if isinstance(item, InboundMessage):
        conversations.receive(work, channel, item)
        return True
    if isinstance(item, StatusUpdate):
        return conversations.apply_receipt(work, channel, item)
    return True


def _put_off(work: Work, event: InboundEvent, problem: str) -> None:
    event.error = problem[:300]
    if event.attempts >= TRIES:
        # Kept with its error for doctor and for a person; the payload is still there.
        event.handled_at = work.now
        return
    event.next_attempt_at = work.now + timedelta(seconds=2**event.attempts)


def _seen(work: Work, channel: Channel) -> None:
    """Note that the channel is alive, but not on every event: its row would become the busiest of the table."""
    if channel.last_event_at is None or work.now - channel.last_event_at > SEEN_EVERY:
        channel.last_event_at = work.now
