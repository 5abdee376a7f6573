"""Words of facts in Spanish, English and Portuguese: units, days, months, moments. All folded: lower case, no accents."""

import re


def numbered(lines: str) -> dict[str, int]:
    """A number and its words per line."""
    return {word: int(line.split()[0]) for line in lines.strip().splitlines() for word in line.split()[1:]}


MONTHS = numbered(
    """
    1 enero january janeiro
    2 febrero february fevereiro
    3 marzo march marco
    4 abril april
    5 mayo may maio
    6 junio june junho
    7 julio july julho
    8 agosto august
    9 septiembre setiembre september setembro
    10 octubre october outubro
    11 noviembre november novembro
    12 diciembre december dezembro
    """
)
WEEKDAYS = numbered(
    """
    0 lunes monday mondays segunda-feira
    1 martes tuesday terca-feira
    2 miercoles wednesday quarta-feira
    3 jueves thursday quinta-feira
    4 viernes friday fridays sexta-feira
    5 sabado sabados saturday saturdays
    6 domingo domingos sunday sundays
    """
)
SHORT_DAYS = numbered(
    """
    0 lun l mon segunda
    1 mar tue
    2 mie wed
    3 jue thu
    4 vie v fri sexta
    5 sab s sat
    6 dom d sun
    """
)
DAY_GROUPS = (
    (re.compile(r"todos los dias|cada dia|every day|daily|todos os dias"), range(7)),
    (re.compile(r"fin(?:es)? de semana|weekends?|fins? de semana"), (5, 6)),
    (re.compile(r"laborables|entre semana|habiles|weekdays|business days|working days|dias uteis"), range(5)),
)
WHEN = (
    (re.compile(r"\b(?:hoy|today|tonight|hoje|esta tarde|esta noche)\b"), "when:today"),
    (re.compile(r"(?<!por la )(?<!de la )(?<!esta )\bmanana\b(?! por)|\b(?:tomorrow|amanha)\b"), "when:tomorrow"),
    (
        re.compile(r"\b(?:inmediat\w*|immediate\w*|al instante|instant\w*|ahora mismo|right now|right away)\b"),
        "when:now",
    ),
)

_UNITS = {
    "%": r"%|por ciento|por cento|percent\b",
    "eur": r"€|euros?|eur",
    "usd": r"us\$|usd|dolar(?:es)?|dollars?",
    "brl": r"r\$|reais|real|brl",
    "pen": r"s/\.?|soles|pen",
    "peso": r"pesos?|mxn|ars|cop|clp|uyu|mx\$",
    "$": r"\$",
    "wday": r"(?:dias?|days?)\s+(?:habil(?:es)?|laborables?|laboral(?:es)?|uteis|util)|(?:business|working)\s+days?",
    "day": r"dias?|days?(?:\s+naturales)?",
    "week": r"semanas?|weeks?",
    "month": r"mes(?:es)?|months?",
    "year": r"anos?|years?",
    "min": r"minutos?|minutes?|mins?",
    "h": r"horas?|hours?|hrs?|hs|h",
    "kg": r"kilos?|kg|kilogramos?",
    "mg": r"mg|miligramos?",
    "g": r"gramos?|grams?|g",
    "ml": r"ml|mililitros?",
    "l": r"litros?|l",
    "cm": r"cm|centimetros?",
    "mm": r"mm",
    "km": r"km|kilometros?",
    "m": r"metros?|m",
}
MONEY = frozenset(["eur", "usd", "brl", "pen", "peso", "$"])
_NO_UNITS = """para por con desde hasta los las del que sin sobre entre como cuando donde pero mas tambien solo cada una uno
    the and for from with without until through that only also per los sus son esta este hay menos
    com sem ate dos das uma"""
NO_UNITS = frozenset(_NO_UNITS.split())
UNITS_AFTER = "|".join(_UNITS.values())
MONEY_BEFORE = "|".join(_UNITS[kind] for kind in sorted(MONEY))
COUNTED = "|".join(_UNITS[kind] for kind in ("eur", "usd", "peso", "day", "week", "month", "year", "min", "h", "kg"))
UNIT_NEXT = re.compile(rf"\s*(?:{UNITS_AFTER})(?![a-z])")
# "$" is a peso or a dollar, whichever the shop counts in.
SAME_UNITS = {"$": ("$", "usd", "peso"), "usd": ("usd", "$"), "peso": ("peso", "$")}
_READ = {kind: re.compile(pattern) for kind, pattern in _UNITS.items()}


def unit_of(before: str | None, after: str | None) -> str | None:
    said = after or before
    return next((kind for kind, pattern in _READ.items() if said and pattern.fullmatch(said)), None)
