"""The work list: what customers asked and the bot could not answer, the most asked first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from saas_admin.bots.views import Closest, Unanswered, UnansweredPage
from saas_admin.core.clock import iso
from saas_admin.core.errors import Invalid
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.text import fold
from saas_admin.core.work import Work
from saas_admin.models import BotAnswer, Channel, Faq, FaqPhrasing
from saas_admin.models.bot import Review
from saas_admin.models.faq import FaqStatus

PAGE = 30
CLOSEST = 3


@requires(Permission.CONVERSATIONS_READ)
@requires(Permission.BOTS_READ)
def list_unanswered(
    work: Work, query: str = "", channel_id: UUID | None = None, cursor: str = "", limit: int = PAGE
) -> UnansweredPage:
    """Questions that were asked in the same words are one row. They are customers' messages: only of conversations
    that this person may see."""
    where = _where(query, channel_id)
    total = int(work.session.scalar(select(func.count(func.distinct(col(BotAnswer.folded)))).where(*where)) or 0)
    times, last = func.count(), func.max(col(BotAnswer.at))
    latest = func.array_agg(aggregate_order_by(col(BotAnswer.id), col(BotAnswer.at).desc(), col(BotAnswer.id).desc()))
    grouped = (
        select(latest[1], times, last)
        .where(*where)
        .group_by(col(BotAnswer.folded))
        .order_by(times.desc(), last.desc(), col(BotAnswer.folded).desc())
        .limit(limit + 1)
    )
    if cursor:
        grouped = grouped.having(tuple_(times, last, col(BotAnswer.folded)) < tuple_(*_after(cursor)))
    found = work.session.execute(grouped).all()
    rows = {
        row.id: row for row in work.all(select(BotAnswer).where(col(BotAnswer.id).in_([each[0] for each in found])))
    }
    shown = [(rows[key], int(n), at) for key, n, at in found[:limit]]
    cut = ""
    if len(found) > limit:
        row, n, at = shown[-1]
        cut = f"{n}|{iso(at)}|{row.folded}"
    return UnansweredPage(_views(work, shown), total, cut)


@requires(Permission.BOTS_READ)
def list_closest(work: Work, answer_id: UUID) -> list[Closest]:
    """The published FAQs that were nearest when it was asked."""
    row = work.get(BotAnswer, answer_id)
    titles = _titles(work, _faq_ids([row]))
    return _closest(row, titles, len(row.sources))


def _where(query: str, channel_id: UUID | None) -> list[ColumnElement[bool]]:
    where = [col(BotAnswer.review) == Review.OPEN, col(BotAnswer.folded) != ""]
    if channel_id:
        where.append(col(BotAnswer.channel_id) == channel_id)
    # Folded words hold no sign that LIKE would read.
    where.extend(col(BotAnswer.folded).like(f"%{word}%") for word in fold(query).split())
    return where


def _after(cursor: str) -> tuple[int, datetime, str]:
    n, at, folded = [*cursor.split("|", 2), "", ""][:3]
    try:
        return int(n), datetime.fromisoformat(at), folded
    except ValueError as error:
        raise Invalid("cursor") from error


def _views(work: Work, shown: Sequence[tuple[BotAnswer, int, datetime]]) -> list[Unanswered]:
    channels = {each.id: each for each in work.all(select(Channel))}
    titles = _titles(work, _faq_ids([row for row, _, _ in shown]))
    return [
        Unanswered(
            id=str(row.id),
            question=row.question,
            language=row.language,
            times=n,
            last_at=iso(at) or "",
            channel_name=channels[row.channel_id].name,
            channel_kind=channels[row.channel_id].kind,
            reason=row.reason,
            conversation_id=str(row.conversation_id),
            closest=_closest(row, titles, CLOSEST),
        )
        for row, n, at in shown
    ]


def _closest(row: BotAnswer, titles: dict[UUID, str], most: int) -> list[Closest]:
    found: list[Closest] = []
    for place, source in enumerate(row.sources):
        key = parse_id(source.get("faq_id"))
        if key and key in titles:
            score = float(source.get("score", 0.0))
            weighed = row.probability if place == 0 else None
            found.append(Closest(str(key), titles[key], score, score if weighed is None else weighed))
    return found[:most]


def _faq_ids(rows: Sequence[BotAnswer]) -> set[UUID]:
    return {key for row in rows for source in row.sources if (key := parse_id(source.get("faq_id")))}


def _titles(work: Work, faq_ids: set[UUID]) -> dict[UUID, str]:
    """Of those that are published today: what was deleted since takes no phrasing."""
    query: Any = (
        select(col(FaqPhrasing.faq_id), col(FaqPhrasing.text))
        .join(Faq, (col(Faq.company_id) == col(FaqPhrasing.company_id)) & (col(Faq.id) == col(FaqPhrasing.faq_id)))
        .where(
            col(FaqPhrasing.faq_id).in_(faq_ids),
            col(FaqPhrasing.position) == 0,
            col(Faq.status) == FaqStatus.PUBLISHED,
            col(Faq.deleted_at).is_(None),
        )
    )
    found: list[Any] = list(work.session.execute(query)) if faq_ids else []
    return {row[0]: str(row[1]) for row in found}
