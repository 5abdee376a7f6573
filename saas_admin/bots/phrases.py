"""What bots say by themselves, in the customer's language and the company's form of address."""

import re
import tomllib
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta

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
    spoken = _spoken(language, locale)
    # Plain blanks: one of the others would double the price of an SMS.
    clock = " ".join(format_time(local.time(), "short", locale=spoken).split())
    # One o'clock is one: «a la 1:15 p. m.»
    time = {"time": clock, "at": say("at_one" if re.match(r"0?1\D", clock) else "at_other", language)}
    if local.date() == today:
        return say("today", language, **time)
    if local.date() == today + timedelta(days=1):
        return say("tomorrow", language, **time)
    day = format_date(local.date(), "EEEE", locale=spoken)
    if local.date() < today + timedelta(days=7):
        return say("weekday", language, day=day, **time)
    return say("date", language, day=day, date=format_date(local.date(), "d MMMM", locale=spoken), **time)


def length(minutes: int, language: str, locale: str) -> str:
    """`1 minuto`, `25 minutos`, `3 horas`."""
    return format_timedelta(
        timedelta(minutes=minutes), granularity="minute", threshold=1.5, locale=_spoken(language, locale)
    )


def sentences(*texts: str) -> str:
    """Put together as they are read: a clock that ends in a stop ends its sentence too."""
    return " ".join(re.sub(r"\.\.+$", ".", text) for text in texts)


def _spoken(language: str, locale: str) -> str:
    return locale.replace("-", "_") if locale[:2] == language else language


@lru_cache(maxsize=1)
def _phrases() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "phrases.toml").read_text("utf-8"))
