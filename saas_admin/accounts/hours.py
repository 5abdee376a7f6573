"""Business hours in the company's zone: pure functions, right across the two nights a year when clocks change."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from saas_admin.core.errors import Invalid

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD = 400
MAX_SPANS = 4
MAX_HOLIDAYS = 200
MIDNIGHT = 24 * 60
_CLOCK = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)$|^24:00$")


@dataclass(frozen=True)
class Hours:
    """Spans of minutes per weekday (0 Monday); a moment counts from its first minute to the one before its last."""

    zone: ZoneInfo
    spans: Mapping[int, Sequence[tuple[int, int]]] = field(default_factory=dict[int, Sequence[tuple[int, int]]])
    holidays: frozenset[date] = frozenset()

    @classmethod
    def of(cls, hours: Mapping[str, Any], holidays: Sequence[Mapping[str, str]], time_zone: str) -> "Hours":
        """From what a company stores. Nothing stored: always open."""
        spans = {
            DAYS.index(day): sorted((_minutes(start), _minutes(end)) for start, end in listed)
            for day, listed in hours.items()
            if day in DAYS
        }
        return cls(_zone(time_zone), spans, frozenset(date.fromisoformat(each["date"]) for each in holidays))

    @property
    def is_always_open(self) -> bool:
        return not self.spans


def is_open(hours: Hours, at: datetime) -> bool:
    if hours.is_always_open:
        return at.astimezone(hours.zone).date() not in hours.holidays
    local = at.astimezone(hours.zone)
    minute = local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in _spans_on(hours, local.date()))


def next_opening(hours: Hours, at: datetime) -> datetime | None:
    """The first moment from `at` on that is open (`at` itself when it is), in UTC. None: not within a year."""
    if is_open(hours, at):
        return at.astimezone(UTC)
    first = at.astimezone(hours.zone).date() - timedelta(days=1)
    for ahead in range(LOOK_AHEAD):
        found = [
            moment for moment in _edges(hours, first + timedelta(days=ahead)) if moment >= at and is_open(hours, moment)
        ]
        if found:
            return min(found)
    return None


def after_open_minutes(hours: Hours, at: datetime, minutes: int) -> datetime | None:
    """The moment at which the shop has been open for so many minutes since `at`. None: not within a year."""
    moment = next_opening(hours, at)
    for _ in range(minutes):
        if moment is None:
            return None
        moment = next_opening(hours, moment + timedelta(minutes=1))
    return moment


def checked_hours(hours: Any) -> dict[str, list[list[str]]]:
    """Hours as a form sends them, or Invalid with the day as the field."""
    if not isinstance(hours, dict):
        raise Invalid
    clean: dict[str, list[list[str]]] = {}
    problems: dict[str, str] = {}
    given: Mapping[Any, Any] = hours
    for day in DAYS:
        spans = given.get(day) or []
        code = _problem(spans)
        if code:
            problems[day] = code
        else:
            clean[day] = sorted([str(start), str(end)] for start, end in spans)
    if problems:
        raise Invalid("hours", fields=problems)
    return clean if any(clean.values()) else {}


def checked_holidays(holidays: Any) -> list[dict[str, str]]:
    if not isinstance(holidays, list) or len(holidays) > MAX_HOLIDAYS:
        raise Invalid("holidays")
    clean: dict[str, str] = {}
    listed: Sequence[Any] = holidays
    for each in listed:
        try:
            day = date.fromisoformat(str(each["date"])).isoformat()
            name = " ".join(str(each.get("name", "")).split())
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise Invalid("holidays", fields={"holidays": "holiday_date"}) from error
        if len(name) > 80:
            raise Invalid("holidays", fields={"holidays": "holiday_name"})
        clean[day] = name
    return [{"date": day, "name": clean[day]} for day in sorted(clean)]


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Names people choose from: places, not the abbreviations and offsets kept for old programs."""
    regions = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    return frozenset(name for name in available_timezones() if name.startswith(regions)) | {"UTC"}


def is_zone(name: str) -> bool:
    return name in zones()


def _problem(spans: Any) -> str | None:
    if not isinstance(spans, list) or len(spans) > MAX_SPANS:
        return "hours_many"
    last = -1
    pairs: list[tuple[int, int]] = []
    listed: Sequence[Any] = spans
    for span in listed:
        if not isinstance(span, list | tuple) or len(span) != 2 or not all(_CLOCK.match(str(each)) for each in span):
            return "hours_format"
        start, end = (_minutes(str(each)) for each in span)
        pairs.append((start, end))
    for start, end in sorted(pairs):
        if end <= start:
            return "hours_order"
        if start < last:
            return "hours_overlap"
        last = end
    return None


def _spans_on(hours: Hours, day: date) -> Sequence[tuple[int, int]]:
    if day in hours.holidays:
        return ()
    return ((0, MIDNIGHT),) if hours.is_always_open else hours.spans.get(day.weekday(), ())


def _edges(hours: Hours, day: date) -> Iterator[datetime]:
    """Every moment of a local day at which an opening could begin."""
    for start, _ in _spans_on(hours, day):
        if start < MIDNIGHT:
            clock = datetime.combine(day, time(start // 60, start % 60), hours.zone)
            # A repeated hour has this clock twice.
            yield from (clock.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if _spans_on(hours, day):
        # A clock that jumps forward over an opening, or back into one.
        yield from _clock_changes(hours.zone, day)


def _clock_changes(zone: ZoneInfo, day: date) -> Iterator[datetime]:
    low = datetime.combine(day, time(), zone).astimezone(UTC) - timedelta(hours=3)
    high = low + timedelta(hours=30)
    if low.astimezone(zone).utcoffset() == high.astimezone(zone).utcoffset():
        return
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    yield high.replace(microsecond=0)


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name) if is_zone(name) else ZoneInfo("UTC")
