"""What an answer may leave open: `{shop}`, `{name}`, the hours. `{{` is a brace.

A variable stands only for what the shop has told the product; one that has no value is left out together with the blank
or comma that led to it, so that «Hola, {name}.» is «Hola.» for a stranger.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import groupby

from babel import Locale
from babel.dates import format_time

from saas_admin.accounts.hours import MIDNIGHT, Hours, is_open, next_opening
from saas_admin.core.work import Work
from saas_admin.models import Company, Customer

LANGUAGES = ("es", "en", "pt")
VARIABLES = ("shop", "name", "hours", "hours_today", "next_opening")

_PLACE = re.compile(r"\{\{|\}\}|\{\s*(\w+)\s*\}")
_STOP = re.compile(r"\.(?!\.)")
_LONGEST_NAME = 40
_NO_NAME = re.compile(r"[\d@/\\<>{}]|https?:")

_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "span": "de {start} a {end}",
        "and": " y ",
        "to": "de {first} a {last}",
        "closed": "cerrado",
        "all_day": "todo el día",
        "always": "todos los días, a cualquier hora",
        "day": "{day}, {spans}",
        "today": "hoy a las {time}",
        "tomorrow": "mañana a las {time}",
        "later": "el {day} a las {time}",
        "now": "ahora mismo",
    },
    "en": {
        "span": "{start} to {end}",
        "and": " and ",
        "to": "{first} to {last}",
        "closed": "closed",
        "all_day": "all day",
        "always": "every day, at any time",
        "day": "{day}, {spans}",
        "today": "today at {time}",
        "tomorrow": "tomorrow at {time}",
        "later": "{day} at {time}",
        "now": "right now",
    },
    "pt": {
        "span": "das {start} às {end}",
        "and": " e ",
        "to": "de {first} a {last}",
        "closed": "fechado",
        "all_day": "o dia todo",
        "always": "todos os dias, a qualquer hora",
        "day": "{day}, {spans}",
        "today": "hoje às {time}",
        "tomorrow": "amanhã às {time}",
        "later": "{day} às {time}",
        "now": "agora mesmo",
    },
}


def render(work: Work, answer: str, customer: Customer | None, language: str = "es") -> str:
    """The answer as this customer reads it. `customer` None: somebody unknown."""
    return fill(answer, values_for(work, customer.name if customer else "", language))


def values_for(work: Work, customer_name: str, language: str) -> dict[str, str]:
    company = work.get(Company, work.company_id)
    hours = Hours.of(company.hours, company.holidays, company.time_zone)
    # The clock of the company's country, where its language is spoken.
    language = company.locale if company.locale[:2] == language else language
    return {
        "shop": company.name,
        "name": first_name(customer_name),
        "hours": week(hours, language),
        "hours_today": today(hours, work.now, language),
        "next_opening": opening(hours, work.now, language),
    }


def fill(answer: str, values: Mapping[str, str]) -> str:
    """Pure: every place gets its value, an empty one goes with what led to it."""
    parts: list[str] = []
    end = 0
    for found in _PLACE.finditer(answer):
        parts.append(answer[end : found.start()])
        end = found.end()
        name = found[1]
        if name is None:
            parts.append(found[0][0])
        elif value := values.get(name, ""):
            parts.append(value)
            # «6:00 p. m.» ends the sentence too.
            end += 1 if value.endswith(".") and _STOP.match(answer, end) else 0
        else:
            end = _leave_out(parts, answer, end)
    parts.append(answer[end:])
    return "".join(parts)


def unknown_in(answer: str) -> list[str]:
    """Names in braces that mean nothing here, in their order."""
    names = [found[1] for found in _PLACE.finditer(answer) if found[1]]
    return [name for name in dict.fromkeys(names) if name not in VARIABLES]


def first_name(name: str) -> str:
    """«Marta» of «Marta Soler»; nothing when it is a number, an address or a nickname full of signs."""
    word = name.strip().split(" ")[0] if name.strip() else ""
    if not word or len(word) > _LONGEST_NAME or _NO_NAME.search(word) or not any(letter.isalpha() for letter in word):
        return ""
    return word[0].upper() + word[1:].lower() if word.isupper() or word.islower() else word


def week(hours: Hours, language: str) -> str:
    """«lunes a viernes, de 9:30 a 14:00 y de 16:30 a 20:00; sábado, de 10:00 a 14:00; domingo, cerrado»."""
    words = _words(language)
    if hours.is_always_open:
        return words["always"]
    names = _locale(language).days["format"]["wide"]
    spoken: list[str] = []
    for spans, days in groupby(range(7), key=lambda day: tuple(hours.spans.get(day, ()))):
        run = list(days)
        label = _days([names[day] for day in run], words)
        spoken.append(words["day"].format(day=label, spans=_spans(spans, language)))
    return "; ".join(spoken)


def _days(names: list[str], words: Mapping[str, str]) -> str:
    """«sábado», «sábado y domingo», «de lunes a viernes»."""
    return words["and"].join(names) if len(names) <= 2 else words["to"].format(first=names[0], last=names[-1])


def today(hours: Hours, at: datetime, language: str) -> str:
    """«de 9:30 a 14:00 y de 16:30 a 20:00», «cerrado», «todo el día»."""
    local = at.astimezone(hours.zone).date()
    if local in hours.holidays:
        return _words(language)["closed"]
    spans = ((0, MIDNIGHT),) if hours.is_always_open else tuple(hours.spans.get(local.weekday(), ()))
    return _spans(spans, language)


def opening(hours: Hours, at: datetime, language: str) -> str:
    """«mañana a las 9:30»; «ahora mismo» while it is open; nothing when it never opens."""
    words = _words(language)
    if is_open(hours, at):
        return words["now"]
    found = next_opening(hours, at)
    if found is None:
        return ""
    local, now = found.astimezone(hours.zone), at.astimezone(hours.zone)
    time = _clock(local.hour * 60 + local.minute, language)
    ahead = (local.date() - now.date()) // timedelta(days=1)
    if ahead < 2:
        return words["today" if ahead == 0 else "tomorrow"].format(time=time)
    return words["later"].format(day=_locale(language).days["format"]["wide"][local.weekday()], time=time)


def _leave_out(parts: list[str], answer: str, end: int) -> int:
    """Drop what led to a missing value; where the next part starts. At the start of a line the next sentence opens it."""
    before = "".join(parts)
    rest = answer[end:]
    if before.strip() and not before.endswith("\n"):
        parts[:] = [re.sub(r"[,;]?[ \t]+$", "", before)]
        return end
    led = re.match(r"[ \t,;:.!?]+", rest)
    skipped = led.end() if led else 0
    if skipped < len(rest):
        parts.append(rest[skipped].upper())
        return end + skipped + 1
    return end + skipped


def _spans(spans: tuple[tuple[int, int], ...], language: str) -> str:
    words = _words(language)
    if not spans:
        return words["closed"]
    if spans == ((0, MIDNIGHT),):
        return words["all_day"]
    return words["and"].join(
        words["span"].format(start=_clock(start, language), end=_clock(end, language)) for start, end in spans
    )


def _clock(minute: int, language: str) -> str:
    if minute == MIDNIGHT and language[:2] != "en":
        return "24:00"
    moment = datetime.combine(date.min, datetime.min.time()) + timedelta(minutes=minute)
    return format_time(moment.time(), "short", locale=_locale(language)).replace("\u202f", " ")


def _words(language: str) -> Mapping[str, str]:
    return _WORDS.get(language[:2], _WORDS["es"])


def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_") if language[:2] in LANGUAGES else "es")
