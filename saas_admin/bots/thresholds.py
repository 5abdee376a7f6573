"""What another pair of thresholds would have done to questions of the past, and who would have been right.

Only questions whose way a threshold decided count: not a tap, a rule, small talk or a wish for a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import col

from saas_admin.bots import intents
from saas_admin.bots.questions import ANSWERED_BY
from saas_admin.bots.views import Moved, Preview, Zone
from saas_admin.core.clock import iso
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Bot, BotAnswer
from saas_admin.models.bot import BotKind, Route

MOST = 2000
"""Questions that are looked at, the latest."""
_READ = 6000
"""Receipts that are read for them: small talk and taps lie between."""
EXAMPLES = 6
_OWN_WISH = ("asked", "chosen")
_STEPS = 100


@dataclass(frozen=True)
class Asked:
    """A question of the past, with what is known about its best FAQ."""

    question: str
    title: str
    probability: float
    is_exact: bool
    is_right: bool | None
    at: datetime

    @property
    def bucket(self) -> int:
        """Of hundredths, as thresholds are set: 0.7999 is not 0.80."""
        return round(self.probability * 10_000) // 100

    def zone(self, direct_at: float, person_at: float) -> str:
        if self.is_exact or self.bucket >= round(direct_at * _STEPS):
            return "direct"
        return "person" if self.bucket < round(person_at * _STEPS) else "middle"


@requires(Permission.BOTS_READ)
def preview(work: Work, direct_at: float, person_at: float, most: int = MOST) -> Preview:
    """Compared with what is set today. Who may not read conversations gets the counts without the questions."""
    asked = read(work, min(most, MOST))
    bot = work.first(select(Bot).where(col(Bot.kind) == BotKind.FAQ)) or Bot(company_id=work.company_id)
    zones: dict[str, list[Asked]] = {"direct": [], "middle": [], "person": []}
    moved: list[Moved] = []
    buckets = [[0, 0, 0] for _ in range(_STEPS + 1)]
    for each in asked:
        after = each.zone(direct_at, person_at)
        before = each.zone(bot.direct_at, bot.person_at)
        zones[after].append(each)
        if before != after:
            moved.append(
                Moved(
                    each.question,
                    each.title,
                    each.probability,
                    before,
                    after,
                    each.is_right,
                    iso(each.at) or "",
                )
            )
        if not each.is_exact:
            cell = buckets[each.bucket]
            cell[0] += 1
            cell[1] += each.is_right is True
            cell[2] += each.is_right is False
    return Preview(
        total=len(asked),
        exact=sum(each.is_exact for each in asked),
        since=iso(asked[-1].at) or "" if asked else "",
        direct=_zone(zones["direct"]),
        middle=_zone(zones["middle"]),
        person=_zone(zones["person"]),
        buckets=buckets,
        # Those whose end is known teach most.
        moved=sorted(moved, key=lambda each: each.is_right is None)[:EXAMPLES]
        if work.actor.can(Permission.CONVERSATIONS_READ)
        else [],
        moves=len(moved),
    )


def read(work: Work, most: int) -> list[Asked]:
    """Part of a read: the latest questions, newest first."""
    rows = work.session.execute(
        select(
            col(BotAnswer.conversation_id),
            col(BotAnswer.at),
            col(BotAnswer.question),
            col(BotAnswer.route),
            col(BotAnswer.reason),
            col(BotAnswer.faq_id),
            col(BotAnswer.probability),
            col(BotAnswer.sources)[0]["faq_id"].as_string().label("best"),
            col(BotAnswer.sources)[0]["title"].as_string().label("title"),
            col(BotAnswer.details)[ANSWERED_BY].as_string().label("named"),
        )
        .where(or_(col(BotAnswer.probability).is_not(None), _tells_of_another()))
        .order_by(col(BotAnswer.at).desc(), col(BotAnswer.id).desc())
        .limit(_READ)
    ).all()
    following: dict[UUID, Any] = {}
    found: list[Asked] = []
    for row in rows:
        if _is_by_threshold(row) and len(found) < most:
            known = _is_right(row, following.get(row.conversation_id))
            found.append(Asked(row.question, row.title or "", row.probability, row.route is Route.EXACT, known, row.at))
        following[row.conversation_id] = row
    return found


def _tells_of_another() -> Any:
    """Receipts without a probability that say how the one before them ended."""
    return and_(
        col(BotAnswer.probability).is_(None), col(BotAnswer.reason).in_(("chosen", "asked", "not_helped", "none_fits"))
    )


def _is_by_threshold(row: Any) -> bool:
    if row.probability is None or row.best is None or row.reason in _OWN_WISH:
        return False
    return row.route not in (Route.SMALL_TALK, Route.NONE)


def _is_right(row: Any, following: Any) -> bool | None:
    """Whether the best FAQ was the right one. What a person named first, then what the customer chose or said next."""
    if row.named:
        return row.named == row.best
    if following is None:
        return None
    if following.reason == "none_fits":
        return False
    if row.route is Route.OFFER:
        return str(following.faq_id) == row.best if following.reason == "chosen" else None
    if row.route not in (Route.EXACT, Route.FAQ):
        return None
    if following.reason == "not_helped":
        return False
    thanked = following.route is Route.SMALL_TALK and following.reason in ("thanks", "bye")
    return True if thanked and intents.confirms(following.question) else None


def _zone(asked: Sequence[Asked]) -> Zone:
    return Zone(len(asked), sum(each.is_right is True for each in asked), sum(each.is_right is False for each in asked))
