"""What the bot did in a period, beside the period before it: exact counts, resolved confirmed and assumed kept apart."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, func, or_, select
from sqlmodel import col

from saas_admin.bots import standing
from saas_admin.bots.decision import CLARIFY
from saas_admin.bots.views import ChannelFigures, Counts, Figures
from saas_admin.core.clock import iso
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import BotAnswer, BotEpisode, Company
from saas_admin.models.bot import Outcome, Route

PERIODS = (1, 7, 30, 90)
"""Days, today included."""
_ANSWERED = (Route.EXACT, Route.FAQ, Route.MODEL)
_NOW, _BEFORE = "now", "before"


@requires(Permission.BOTS_READ)
def find_figures(work: Work, days: int = 7, channel_id: UUID | None = None) -> Figures:
    """Days are the company's. The period before ends at the same hour as this one, so that both are equally long."""
    days = days if days in PERIODS else 7
    zone = ZoneInfo(work.get(Company, work.company_id).time_zone)
    first = work.now.astimezone(zone).date() - timedelta(days=days - 1)
    since = datetime.combine(first, time.min, zone)
    shift = timedelta(days=days)
    before = (datetime.combine(first - shift, time.min, zone), work.now - shift)
    counts = _counts(work, since, work.now, before)
    channels = [
        ChannelFigures(str(each.id), each.name, each.kind, each.deleted_at is not None, counts[_NOW, each.id])
        for each in standing.all_channels(work)
        if (_NOW, each.id) in counts
    ]
    return Figures(
        days=days,
        since=iso(since) or "",
        now=counts.get((_NOW, channel_id), Counts()),
        before=counts.get((_BEFORE, channel_id), Counts()),
        channels=channels,
    )


_Key = tuple[str, UUID | None]
"""The period and the channel; None: all of them."""


def _counts(work: Work, since: datetime, now: datetime, before: tuple[datetime, datetime]) -> dict[_Key, Counts]:
    values: dict[_Key, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    _add_episodes(work, values, since, now, before)
    _add_answers(work, values, since, now, before)
    medians = _medians(work, since, now, before)
    found: dict[_Key, Counts] = {}
    for key, named in values.items():
        routes = {name.removeprefix("route:"): n for name, n in named.items() if name.startswith("route:")}
        plain = {name: n for name, n in named.items() if not name.startswith("route:")}
        answered = sum(routes.get(route.value, 0) for route in _ANSWERED)
        found[key] = replace(Counts(**plain), routes=routes, answered=answered, milliseconds=medians.get(key, 0))
    return found


def _add_episodes(
    work: Work, values: Mapping[_Key, dict[str, Any]], since: datetime, now: datetime, before: tuple[datetime, datetime]
) -> None:
    started = col(BotEpisode.started_at)
    period = _period(started, since, now)
    query = (
        select(
            period,
            col(BotEpisode.channel_id),
            col(BotEpisode.outcome),
            func.count(),
            func.count(col(BotEpisode.reopened_at)),
        )
        .where(_within(started, since, now, before))
        .group_by("period", col(BotEpisode.channel_id), col(BotEpisode.outcome))
    )
    for name, channel_id, outcome, n, reopened in work.session.execute(query):
        for key in ((name, channel_id), (name, None)):
            values[key]["handled"] += n
            values[key]["reopened"] += reopened
            values[key][Outcome(outcome).value] += n


def _add_answers(
    work: Work, values: Mapping[_Key, dict[str, Any]], since: datetime, now: datetime, before: tuple[datetime, datetime]
) -> None:
    at = col(BotAnswer.at)
    period = _period(at, since, now)
    # A question back is no answer: it is beside the choices.
    route_told = case((col(BotAnswer.reason) == CLARIFY, Route.OFFER.value), else_=col(BotAnswer.route)).label("told")
    query = (
        select(period, col(BotAnswer.channel_id), route_told, func.count(), func.sum(col(BotAnswer.cost)))
        .where(_within(at, since, now, before))
        .group_by("period", col(BotAnswer.channel_id), "told")
    )
    for name, channel_id, route, n, cost in work.session.execute(query):
        for key in ((name, channel_id), (name, None)):
            values[key]["cost"] += int(cost)
            # What nobody was told is paid for, and no answer.
            if route != Route.NONE:
                values[key][f"route:{Route(route).value}"] += n


def _medians(work: Work, since: datetime, now: datetime, before: tuple[datetime, datetime]) -> dict[_Key, int]:
    at = col(BotAnswer.at)
    period = _period(at, since, now)
    median = func.percentile_cont(0.5).within_group(col(BotAnswer.milliseconds))
    where = (_within(at, since, now, before), col(BotAnswer.route) != Route.NONE)
    each = select(period, col(BotAnswer.channel_id), median).where(*where).group_by("period", col(BotAnswer.channel_id))
    found: dict[_Key, int] = {(name, channel_id): round(n) for name, channel_id, n in work.session.execute(each)}
    whole = select(period, median).where(*where).group_by("period")
    return found | {(name, None): round(n) for name, n in work.session.execute(whole)}


def _period(moment: SQLColumnExpression[datetime], since: datetime, now: datetime) -> ColumnElement[str]:
    return case((and_(moment >= since, moment <= now), _NOW), else_=_BEFORE).label("period")


def _within(
    moment: SQLColumnExpression[datetime], since: datetime, now: datetime, before: tuple[datetime, datetime]
) -> ColumnElement[bool]:
    return or_(and_(moment >= since, moment <= now), and_(moment >= before[0], moment <= before[1]))
