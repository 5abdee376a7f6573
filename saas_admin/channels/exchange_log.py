"""The log of a channel, for whoever may see channels: what was asked, what was answered, in the provider's own words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import col

from saas_admin.core.clock import iso
from saas_admin.core.errors import Invalid, NotFound
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Channel, Exchange, Message

PAGE = 50


@dataclass(frozen=True)
class ExchangeRow:
    id: str
    at: str
    direction: str
    action: str
    is_ok: bool
    code: str
    words: str
    milliseconds: int | None
    conversation_id: str | None
    """The thread of the message it was about, for whoever may read it."""


@dataclass(frozen=True)
class ExchangePage:
    rows: list[ExchangeRow]
    next: str | None
    """Where the next older page starts."""


@requires(Permission.CHANNELS_READ)
def list_exchanges(
    work: Work, channel_id: UUID, *, only_problems: bool = False, before: str | None = None
) -> ExchangePage:
    """Newest first, a page at a time. Raises Invalid `cursor` for a page that was never handed out."""
    if work.get(Channel, channel_id).deleted_at is not None:
        raise NotFound
    query = select(Exchange).where(col(Exchange.channel_id) == channel_id)
    if only_problems:
        query = query.where(col(Exchange.is_ok).is_(False))
    if before:
        at, last = _cursor(before)
        query = query.where(or_(col(Exchange.at) < at, and_(col(Exchange.at) == at, col(Exchange.id) < last)))
    found = work.all(query.order_by(col(Exchange.at).desc(), col(Exchange.id).desc()).limit(PAGE + 1))
    page = found[:PAGE]
    threads = _threads(work, {row.message_id for row in page if row.message_id})
    rows = [
        ExchangeRow(
            str(row.id),
            iso(row.at) or "",
            row.direction,
            row.action,
            row.is_ok,
            row.code,
            row.words,
            row.milliseconds,
            threads.get(row.message_id) if row.message_id else None,
        )
        for row in page
    ]
    return ExchangePage(rows, f"{rows[-1].at}|{rows[-1].id}" if len(found) > PAGE else None)


def _threads(work: Work, message_ids: set[UUID]) -> dict[UUID, str]:
    """Only threads that this person may open: the session narrows messages to their sight."""
    if not message_ids or not work.actor.can(Permission.CONVERSATIONS_READ):
        return {}
    found = work.all(select(Message).where(col(Message.id).in_(message_ids)))
    return {message.id: str(message.conversation_id) for message in found}


def _cursor(text: str) -> tuple[datetime, UUID]:
    at, _, last = text.partition("|")
    try:
        moment = datetime.fromisoformat(at)
        key = UUID(last)
    except ValueError:
        raise Invalid("cursor") from None
    if moment.tzinfo is None:
        raise Invalid("cursor")
    return moment, key
