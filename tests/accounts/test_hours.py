"""Open or closed, and when next: on ordinary days, holidays, and the nights when clocks change."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saas_admin.accounts.hours import DAYS, Hours, checked_holidays, checked_hours, is_open, next_opening
from saas_admin.core.errors import Invalid

SHOP = {
    **{day: [["09:30", "14:00"], ["16:30", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "sat": [["10:00", "14:00"]],
}
MADRID = Hours.of(SHOP, [{"date": "2026-12-25", "name": "Navidad"}], "Europe/Madrid")


@pytest.mark.parametrize(
    ("at", "opened", "following"),
    [
        ("2026-11-25T08:29:59", False, "2026-11-25T08:30:00"),  # 09:29:59 in Madrid
        ("2026-11-25T08:30:00", True, "2026-11-25T08:30:00"),
        ("2026-11-25T12:59:59", True, "2026-11-25T12:59:59"),
        ("2026-11-25T13:00:00", False, "2026-11-25T15:30:00"),
        ("2026-11-28T13:00:00", False, "2026-11-30T08:30:00"),  # Saturday afternoon: Monday
        ("2026-12-25T10:00:00", False, "2026-12-26T09:00:00"),  # a Friday off: Saturday at ten
        ("2026-07-01T07:30:00", True, "2026-07-01T07:30:00"),  # summer time
    ],
)
def test_a_shop_in_madrid(at: str, opened: bool, following: str):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert is_open(MADRID, moment) is opened
    assert next_opening(MADRID, moment) == datetime.fromisoformat(following).replace(tzinfo=UTC)


def test_an_opening_inside_the_hour_that_does_not_exist_is_when_the_clock_lands():
    night = Hours.of({"sun": [["02:30", "06:00"]]}, [], "Europe/Madrid")
    before = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    assert next_opening(night, before) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_the_hour_that_comes_twice_opens_twice():
    night = Hours.of({"sun": [["02:00", "02:30"]]}, [], "Europe/Madrid")
    first = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    assert is_open(night, first)
    assert next_opening(night, first + timedelta(minutes=30)) == first + timedelta(hours=1)


def test_no_hours_means_always_open_but_on_holidays():
    always = Hours.of({}, [{"date": "2026-12-25", "name": "Navidad"}], "Europe/Madrid")
    eve = datetime(2026, 12, 24, 22, 59, tzinfo=UTC)
    assert is_open(always, eve)
    assert not is_open(always, eve + timedelta(minutes=1))
    assert next_opening(always, eve + timedelta(minutes=1)) == datetime(2026, 12, 25, 23, 0, tzinfo=UTC)


def test_never_open_says_so():
    holidays = [{"date": (date(2026, 1, 1) + timedelta(days=n)).isoformat(), "name": ""} for n in range(500)]
    assert next_opening(Hours.of({}, holidays, "UTC"), datetime(2026, 1, 2, tzinfo=UTC)) is None


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


cuts = st.lists(st.integers(0, 96).map(lambda quarter: quarter * 15), min_size=2, max_size=6, unique=True).map(
    lambda found: [[clock(a), clock(b)] for a, b in zip(*[iter(sorted(found))] * 2, strict=False)]
)
weeks = st.dictionaries(st.sampled_from(DAYS), cuts, min_size=1)
# Europe changes at 1:00 UTC; Lord Howe by half an hour; Santiago and Beirut at midnight; Apia skipped a day in 2011.
zones = st.sampled_from(
    [
        "Europe/Madrid",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Asia/Beirut",
        "Asia/Kolkata",
        "UTC",
    ]
)
# Minutes of 2026: all the nights when clocks change are among them.
moments = st.integers(0, 60 * 24 * 364).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@settings(max_examples=150, deadline=None)
@given(weeks, zones, moments)
def test_the_next_opening_is_the_first_open_minute(week: dict[str, Any], zone: str, at: datetime):
    hours = Hours.of(checked_hours(week), [], zone)
    if hours.is_always_open:
        return
    following = next_opening(hours, at)
    assert following is not None
    assert following >= at
    assert is_open(hours, following)
    steps = int((following - at) / timedelta(minutes=15))
    assert not any(
        is_open(hours, at + timedelta(minutes=15 * n))
        for n in range(steps)
        if at + timedelta(minutes=15 * n) < following
    )
    if following > at:
        assert not is_open(hours, following - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("week", "fields"),
    [
        ({"mon": [["9:30", "14:00"]]}, {"mon": "hours_format"}),
        ({"mon": [["14:00", "09:30"]]}, {"mon": "hours_order"}),
        ({"tue": [["09:00", "14:00"], ["13:00", "20:00"]]}, {"tue": "hours_overlap"}),
        ({"tue": [["09:00", "10:00"]] * 5}, {"tue": "hours_many"}),
        ({"sun": "always", "mon": [["25:00", "26:00"]]}, {"sun": "hours_many", "mon": "hours_format"}),
    ],
)
def test_a_wrong_day_is_named(week: Any, fields: dict[str, str]):
    with pytest.raises(Invalid) as refused:
        checked_hours(week)
    assert refused.value.fields == fields


def test_hours_and_holidays_are_kept_in_order():
    assert checked_hours({"mon": [["16:00", "24:00"], ["09:00", "14:00"]], "sun": []}) == {
        **{day: [] for day in DAYS},
        "mon": [["09:00", "14:00"], ["16:00", "24:00"]],
    }
    assert checked_hours({"mon": []}) == {}
    assert checked_holidays([{"date": "2026-12-25", "name": " Navidad "}, {"date": "2026-01-06"}]) == [
        {"date": "2026-01-06", "name": ""},
        {"date": "2026-12-25", "name": "Navidad"},
    ]
    with pytest.raises(Invalid):
        checked_holidays([{"date": "25/12/2026"}])
