"""The hard facts of a sentence: numbers with their unit, clocks, dates, days, links, contacts, codes.

Each fact has forms; it is proven when the evidence has one of them. `48 h` is proven by `48 horas` and by `24/48 h`, not by `48 €`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from saas_admin.bots import fact_words as words
from saas_admin.bots.numerals import in_digits, values_of
from saas_admin.bots.plain import folded, plain

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(
    r"https?://[^\s<>\"'»)]+|www\.[^\s<>\"'»)]+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|es|net|org|mx|ar|co|cl|pe|uy|br|pt|shop|store|online|io|app|info|eu|me|ly|gl|to|link|site|web|test|example)\b(?:/[^\s<>\"'»)]*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@])@[\w.]{3,}")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})\b|\b(\d{1,2})/(\d{1,2})\b(?!/)")
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:º|o|st|nd|rd|th)?\s+(?:de\s+|of\s+)?({'|'.join(words.MONTHS)})\b")
_MONTH_DAY = re.compile(rf"\b({'|'.join(words.MONTHS)})\s+(\d{{1,2}})(?:st|nd|rd|th)?\b")
_MONTH = re.compile(rf"\b({'|'.join(month for month in words.MONTHS if month not in ('may', 'march', 'marco'))})\b")
_HALF = r"a\.?\s?m\b\.?|p\.?\s?m\b\.?|de la manana|de la tarde|de la noche|da manha|da tarde|da noite"
_CLOCK = re.compile(
    rf"\b([01]?\d|2[0-3])(?::([0-5]\d)|h([0-5]\d)|\.([0-5]\d)(?=\s*h))\s*(?:h(?:s|rs|oras)?\b\.?)?\s*({_HALF})?"
    rf"|\b(1[0-2]|0?[1-9])\s*({_HALF})"
)
_PHONE = re.compile(r"(?<![\w.,])\+?\d(?:[\s().-]{0,2}\d){6,14}(?![\w])")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?")
_NUMBER = re.compile(rf"(?:({words.MONEY_BEFORE})\s*)?(?<![\w])(\d+(?:[.,]\d+)*)(?:\s*({words.UNITS_AFTER})(?![a-z]))?")
_RANGE = re.compile(r"\s*(?:-|–|/|a|al|o|u|y|e|to|or|and|ou|ate)\s*$")
_ENDS = re.compile(r"\s*(?:[.,;!?]|$)")
_NEXT_WORD = re.compile(r"\s+([a-z]{3,})")
_THRESHOLD = re.compile(
    r"\b(?:desde|a partir de|superior(?:es)? a|mayor(?:es)? (?:a|de)|lleg\w+ a|alcan\w+|super\w+|mas de|minimo de|sobre|supere|over|from|above|more than|at least|acima de)"
    r"\s*(?:los\s+)?$"
)
_OR_MORE = re.compile(r"\s*(?:o|or|ou) (?:mas|more|mais)\b")
_OF = re.compile(r"\b(?:de|of|con|with)\s*$")
"""«Si tu compra es *de* 50 € o más»; what costs 50 € or more has no threshold."""
_CODE = re.compile(r"\b(?=[A-Z0-9_-]*[A-Z])(?:(?=[A-Z0-9_-]*\d)[A-Z0-9_-]{4,}|[A-Z]{5,})\b")
_DAYS = re.compile(rf"\b({'|'.join(words.WEEKDAYS)})\b")
_DAY_RANGE = re.compile(
    rf"\b({'|'.join({**words.WEEKDAYS, **words.SHORT_DAYS})})\.?(?:\s*[-–]\s*|\s+(?:a|al|to|through|hasta|ate)\s+(?:el\s+|o\s+|a\s+)?)"
    rf"({'|'.join({**words.WEEKDAYS, **words.SHORT_DAYS})})\b"
)


_COUNTING = re.compile(
    rf"{_EMAIL.pattern}|{_LINK.pattern}|\d[\d.,:/-]*(?:\s*(?:{words.UNITS_AFTER})(?![a-z]))?"
    rf"|\b(?:{'|'.join([*words.WEEKDAYS, *(m for m in words.MONTHS if m not in ('may', 'march', 'marco'))])})\b",
    re.IGNORECASE,
)


_BOTH_WAYS = re.compile(r"\blas dos (?=formas|maneras|opciones)")
"""«Lo hay de las dos formas» counts nothing that a source would have counted."""
_HOURS = re.compile(
    rf"(?<![\w:.,])(\d{{1,2}})(?::(\d\d))?(?:\s*h(?:s|rs|oras)?\b\.?)?\s*(?:-|–|a|to|hasta|ate|till|until)\s*(?:las?\s+|as\s+)?(\d{{1,2}})(?::(\d\d))?"
    rf"(\s*h(?:s|rs|oras)?\b)?(?![\w:]|\s*(?:{_HALF}))"
)
"""From one hour to another: «de 9:30 a 14:00», not «de 3 a 5 días»."""


class FactKind(StrEnum):
    NUMBER = "number"
    LINK = "link"
    CONTACT = "contact"
    CODE = "code"


@dataclass(frozen=True)
class Fact:
    kind: FactKind
    said: str
    forms: frozenset[str]


@dataclass(frozen=True)
class Value:
    """Something counted, at its place in a text."""

    said: str
    kind: str
    start: int
    end: int


_KIND = {
    **dict.fromkeys(words.MONEY, "money"),
    **dict.fromkeys(("h", "min", "day", "wday", "week", "month", "year"), "time"),
}


class Evidence:
    """What is known to be so, as forms."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._forms = proven_by("\n".join(texts))

    def unproven(self, text: str) -> Fact | None:
        """The first fact of the text that is not in here."""
        return next((fact for fact in _facts(text, is_evidence=False) if not fact.forms & self._forms), None)


def without_facts(text: str) -> str:
    """Folded text without what `Evidence` judges."""
    rest = _CLOCK.sub(" ", in_digits(folded(text)))
    for pattern, _ in words.WHEN:
        rest = pattern.sub(" ", rest)
    return _COUNTING.sub(" ", rest)


def _facts(text: str, *, is_evidence: bool) -> Iterator[Fact]:
    rest = plain(text)
    for pattern, kind, form in (
        (_EMAIL, FactKind.CONTACT, lambda said: said.rstrip(".").lower()),
        (_LINK, FactKind.LINK, _link_form),
        (_HANDLE, FactKind.CONTACT, lambda said: said.rstrip(".").lower()),
    ):
        for match in pattern.finditer(rest):
            yield Fact(kind, match[0], frozenset({form(match[0])}))
        rest = pattern.sub(" ", rest)
    for match in _CODE.finditer(rest):
        if is_evidence or not _is_plain_number(match[0]):
            yield Fact(FactKind.CODE, match[0], frozenset({f"code:{match[0].lower()}"}))
    if is_evidence:
        # A code may be written in any case where it is explained.
        yield from (
            Fact(FactKind.CODE, w, frozenset({f"code:{w}"})) for w in re.findall(r"[a-z0-9_-]{4,}", rest.lower())
        )
    yield from _counted(in_digits(_BOTH_WAYS.sub(" ", folded(rest))), is_evidence=is_evidence)


def _counted(text: str, *, is_evidence: bool) -> Iterator[Fact]:
    for reader in (_dates, _clocks, _phones):
        found, text = reader(text, is_evidence)
        yield from found
    yield from _numbers(text, is_evidence=is_evidence)
    for match in _DAYS.finditer(text):
        yield Fact(FactKind.NUMBER, match[0], frozenset({f"day:{words.WEEKDAYS[match[1]]}"}))
    for match in _MONTH.finditer(text):
        yield Fact(FactKind.NUMBER, match[0], frozenset({f"month:{words.MONTHS[match[1]]}"}))
    for pattern, form in words.WHEN:
        if found := pattern.search(text):
            yield Fact(FactKind.NUMBER, found[0], frozenset({form}))


def _dates(text: str, is_evidence: bool) -> tuple[list[Fact], str]:
    found: list[Fact] = []

    def keep(said: str, day: str | int, month: str | int, year: str = "") -> str:
        if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
            return said
        forms = {f"date:{int(month)}-{int(day)}"}
        found.append(Fact(FactKind.NUMBER, said, frozenset(forms)))
        if year:
            full = int(year) + 2000 if len(year) == 2 else int(year)
            found.append(Fact(FactKind.NUMBER, year, frozenset({f"{full}:bare"})))
        found.append(Fact(FactKind.NUMBER, said, frozenset({f"month:{int(month)}", *forms})))
        return " "

    def slashed(match: re.Match[str]) -> str:
        if match[4] and words.UNIT_NEXT.match(text, match.end()):
            return match[0]
        kept = keep(match[0], match[1] or match[4], match[2] or match[5], match[3] or "")
        # Evidence may be read in more than one way (`24/7`), a claim in one.
        return match[0] if is_evidence and match[4] else kept

    text = _ISO_DATE.sub(lambda m: keep(m[0], m[3], m[2], m[1]), text)
    text = _DATE.sub(slashed, text)
    text = _DAY_MONTH.sub(lambda m: keep(m[0], m[1], words.MONTHS[m[2]]), text)
    text = _MONTH_DAY.sub(lambda m: keep(m[0], m[2], words.MONTHS[m[1]]), text)
    return found, text


def _clocks(text: str, is_evidence: bool) -> tuple[list[Fact], str]:
    found: list[Fact] = []

    def keep(match: re.Match[str]) -> str:
        hour, minute = int(match[1] or match[6]), int(match[2] or match[3] or match[4] or 0)
        half = (match[5] or match[7] or "").replace(".", "").replace(" ", "")
        is_late = half.startswith(("pm", "delatarde", "delanoche", "datarde", "danoite"))
        if is_late and hour < 12:
            hour += 12
        elif half and not is_late and hour == 12:
            hour = 0
        forms = {f"clock:{hour * 60 + minute}"}
        if is_evidence and not minute:
            forms |= {f"{hour}:bare", f"{hour % 12 or 12}:bare", f"{hour}:h"}
        found.append(Fact(FactKind.NUMBER, match[0].strip(), frozenset(forms)))
        return " "

    return found, _CLOCK.sub(keep, text)


def _phones(text: str, is_evidence: bool) -> tuple[list[Fact], str]:
    del is_evidence
    found: list[Fact] = []

    def keep(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        if _GROUPED.fullmatch(match[0]) or not 7 <= len(digits) <= 15:
            return match[0]
        # With or without the country in front.
        found.append(Fact(FactKind.CONTACT, match[0], frozenset({f"phone:{digits}", f"phone:{digits[-9:]}"})))
        return " "

    return found, _PHONE.sub(keep, text)


def _numbers(text: str, *, is_evidence: bool) -> Iterator[Fact]:
    matches = list(_NUMBER.finditer(text))
    units = [words.unit_of(match[1], match[3]) for match in matches]
    for n in range(len(matches) - 2, -1, -1):
        between = text[matches[n].end() : matches[n + 1].start()]
        if units[n] is None and _RANGE.fullmatch(between):
            units[n] = units[n + 1]
    for match, unit in zip(matches, units, strict=True):
        counted = unit or _counted_word(text, match.end())
        if counted in words.MONEY and _is_threshold(text, match):
            # `desde 50 €` is no price.
            counted = f"from:{counted}"
        forms: set[str] = set()
        for value in values_of(match[2]):
            forms |= _known_forms(value, counted) if is_evidence else _claimed_forms(value, counted)
        yield Fact(FactKind.NUMBER, match[0].strip(), frozenset(forms))


def _is_threshold(text: str, match: re.Match[str]) -> bool:
    before = max(0, match.start() - 24), match.start()
    is_or_more = _OR_MORE.match(text, match.end()) and _OF.search(text, *before)
    return bool(is_or_more or _THRESHOLD.search(text, *before))


def _counted_word(text: str, end: int) -> str | None:
    """`30 grados`: what is counted, where it is no unit of the list."""
    following = _NEXT_WORD.match(text, end)
    return f"w:{following[1][:4]}" if following and following[1] not in words.NO_UNITS else None


def _known_forms(value: str, unit: str | None) -> set[str]:
    forms = {f"{value}:{unit or '?'}"}
    is_hour = value.isdigit() and int(value) <= 24
    if unit in (None, "h") and is_hour:
        forms.add(f"clock:{int(value) * 60}")
    if unit is None or unit in words.MONEY or unit.startswith("w:") or (unit == "h" and is_hour):
        # Said again without its unit.
        forms.add(f"{value}:bare")
    return forms


def _claimed_forms(value: str, unit: str | None) -> set[str]:
    clock = {f"clock:{int(value) * 60}"} if unit in (None, "h") and value.isdigit() and int(value) <= 24 else set[str]()
    if unit is None:
        return {f"{value}:bare"} | clock
    kind = unit.removeprefix("from:")
    role = "from:" if kind != unit else ""
    # A number that stands bare in the sources («la caja de 12») is no sum of money.
    bare = set[str]() if kind in words.MONEY else {f"{value}:?"}
    return {f"{value}:{role}{each}" for each in words.SAME_UNITS.get(kind, (kind,))} | bare | clock


def claimed(text: str) -> list[frozenset[str]]:
    """The forms of each fact that a text claims."""
    return [fact.forms for fact in _facts(text, is_evidence=False)]


def hours_in(text: str) -> set[tuple[int, int]]:
    """Spans of hours that a text tells, in minutes: who opens from 9 to 14 and from 16 to 20 is not open from 9 to 20."""
    found = [match.groups() for match in _HOURS.finditer(in_digits(folded(text)))]
    return {
        (int(h) * 60 + int(m or 0), int(hh) * 60 + int(mm or 0))
        for h, m, hh, mm, mark in found
        if (m or mm or mark) and int(hh) <= 24
    }


def proven_by(text: str) -> frozenset[str]:
    """Forms of all facts that a text proves."""
    days = {f"day:{day}" for day in days_in(folded(text))}
    return frozenset(form for fact in _facts(text, is_evidence=True) for form in fact.forms) | days


def values_in(text: str, last_kind: str | None = None) -> list[Value]:
    """What is counted in a folded text with its number words as digits, in order; a range is one value.

    `last_kind` is what was counted before: «una taza tiene 95 mg; la otra, menos de 5».
    """
    clocks = [Value(found[0], "clock", found.start(), found.end()) for found in _CLOCK.finditer(text)]
    rest = _CLOCK.sub(lambda found: " " * len(found[0]), text)
    matches = list(_NUMBER.finditer(rest))
    units = [_unit_at(rest, match) for match in matches]
    for n in range(len(matches) - 2, -1, -1):
        if units[n] is None and _RANGE.fullmatch(rest[matches[n].end() : matches[n + 1].start()]):
            units[n] = units[n + 1]
    for n, match in enumerate(matches):
        if units[n] is None and _ENDS.match(rest, match.end()):
            units[n] = units[n - 1] if n else last_kind
    numbers = [
        Value(match[0], _KIND.get(unit, unit), match.start(), match.end())
        for match, unit in zip(matches, units, strict=True)
        if unit
    ]
    found: list[Value] = []
    for value in sorted([*clocks, *numbers], key=lambda value: value.start):
        last = found[-1] if found else None
        if last and last.kind == value.kind and _RANGE.fullmatch(text[last.end : value.start]):
            found[-1] = Value(text[last.start : value.end], value.kind, last.start, value.end)
        else:
            found.append(value)
    return found


def _unit_at(text: str, match: re.Match[str]) -> str | None:
    unit = words.unit_of(match[1], match[3]) or _counted_word(text, match.end())
    if unit in words.MONEY and _is_threshold(text, match):
        return "from:money"
    return unit


def without_links(text: str) -> str:
    return _LINK.sub(" ", _EMAIL.sub(" ", text))


def days_in(text: str) -> set[int]:
    """The days of the week a folded text is about, 0 Monday: named, in a range, or in a word for several."""
    days = {words.WEEKDAYS[match[1]] for match in _DAYS.finditer(text)}
    for match in _DAY_RANGE.finditer(text):
        known = {**words.WEEKDAYS, **words.SHORT_DAYS}
        first, last = known[match[1]], known[match[2]]
        days |= set(range(first, last + 1)) if first <= last else {*range(first, 7), *range(last + 1)}
    for pattern, meant in words.DAY_GROUPS:
        if pattern.search(text):
            days |= set(meant)
    return days


def _link_form(said: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", said.lower()).rstrip(".,;:!?/")


def _is_plain_number(said: str) -> bool:
    return re.fullmatch(r"\d+[A-Z]{1,2}", said) is not None
