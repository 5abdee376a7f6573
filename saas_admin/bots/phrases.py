"""What bots say by themselves, in the customer's language and the company's form of address."""

import tomllib
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

LANGUAGES = ("es", "en", "pt")
FORMS = ("tu", "vos", "usted")


def say(key: str, language: str, form: str = "tu", /, **values: object) -> str:
    """Raises KeyError for a phrase that does not exist: these are ours, and a test reads them all."""
    found = _phrases()[language if language in LANGUAGES else "es"][key]
    text = found if isinstance(found, str) else found[form if form in FORMS else "tu"]
    return text.format(**values)


def moment(at: datetime, now: datetime, zone: ZoneInfo, language: str, locale: str) -> str:
    """`hoy a las 18:30`, in the company's zone and the clock of its country."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    spoken = locale.replace("-", "_") if locale[:2] == language else language
    clock = format_time(local.time(), "short", locale=spoken)
    if local.date() == today:
        return say("today", language, time=clock)
    if local.date() == today + timedelta(days=1):
        return say("tomorrow", language, time=clock)
    day = format_date(local.date(), "EEEE", locale=spoken)
    if local.date() < today + timedelta(days=7):
        return say("weekday", language, day=day, time=clock)
    return say("date", language, day=day, date=format_date(local.date(), "d MMMM", locale=spoken), time=clock)


@lru_cache(maxsize=1)
def _phrases() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "phrases.toml").read_text("utf-8"))
