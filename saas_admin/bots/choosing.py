"""Questions to choose from, and what people write instead of tapping one: its number, its place, «ninguna»."""

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from uuid import UUID

from saas_admin.adapters.channels.content import Choice, Choices
from saas_admin.core.text import fold

CHOICE = "faq:"
PERSON_CHOICE = "faq:person"
_TITLE = 24
"""Letters of a title on the narrowest channel (a WhatsApp list's row, Cloud API)."""


class Reply(StrEnum):
    """What is said to a list without choosing from it."""

    NONE = "none"
    """None of them is meant."""
    ONE = "one"
    """One of them is, untold which."""


_FILL = (
    r"(?:(?:es|era|seria|quiero|quisiera|prefiero|me interesa|digo|pues|mejor|si|opcion|pregunta|numero|num|n|option|question|number|"
    r"opcao|pergunta|its|it is|e|quero|la|el|lo|the|a|o|esa|ese) )*"
)
_TAIL = r"(?: (?:opcion|pregunta|de (?:esas|ellas|todas)|one|option|question|opcao|pergunta|delas|por favor|porfa|porfavor|please|gracias|thanks))*"
_PLACES = (
    r"1|1[ao]|un[oa]|primer[oa]?|first|1st|one|um|uma|primeir[oa]",
    r"2|2[ao]|dos|segund[oa]|second|2nd|two|dois|duas",
    r"3|3[ao]|tres|tercer[oa]?|third|3rd|three|terceir[oa]",
)
_AT = tuple(re.compile(rf"{_FILL}(?:{place}){_TAIL}") for place in _PLACES)
_LAST = re.compile(rf"{_FILL}(?:(?:de )?(?:ultim[oa]|last)){_TAIL}")
_MIDDLE = re.compile(rf"{_FILL}(?:(?:de )?(?:el |en )?(?:medio|en medio|del medio|central|middle|do meio)){_TAIL}")
_ALL = re.compile(rf"{_FILL}(?:tod[oa]s|las tres|los tres|all(?: of them| three)?|todas elas){_TAIL}")
_FIRST_TWO = re.compile(rf"{_FILL}(?:l[ao]s )?(?:dos primer[oa]s|primer[oa]s dos|first two|duas primeiras){_TAIL}")
_LEAD = re.compile(r"^(?:y|e|and|pues|ahora|tambien|also|now) ")
_AND = re.compile(r" (?:y|e|and|mas|tambien) (?:tambien )?")
_POINTS = re.compile(
    r"^(?:(?:si|no|pues|ah|vale|ok|y) )*(?:la|lo|el|las|los|esa|ese|eso) (?:de|del|que)\b|^(?:the one|the one about|a do|a da)\b"
)
_WORDED = re.compile(
    r"\b(?:la|el|lo|opcion|pregunta|option|question|primer[oa]?|segund[oa]|tercer[oa]?|ultim[oa]|first|second|third|last)\b"
)
_NONE = re.compile(
    r"(?:(?:no|pues|mmm?|es que|eh|nao|perdon|sorry|gracias|hola|la verdad|pero) )*"
    r"(?:no|nop|nope|nel|nah|nao|ningun[oa]?|ningun[oa] de (?:es[ao]s|est[ao]s|ell[ao]s|l[ao]s (?:tres|anteriores|opciones|preguntas))|"
    r"(?:no )?es[ao]s (?:no|tampoco)|nada de eso|nada que ver|(?:es )?otra (?:cosa|pregunta|duda)|none|none of (?:them|these|those|the above)|neither|something else|"
    r"nenhum|nenhuma|nenhuma (?:delas|dessas|destas)|outra coisa|nada disso)"
    r"(?: (?:no|gracias|la verdad|tampoco|es otra cosa|otra cosa|por favor|thanks|obrigad[oa]))*"
)
_DECLINES = re.compile(r"(?:no|nop|nope|nel|nao) (?:muchas |mil |muito )?(?:gracias|thanks|thank you|obrigad[oa])")
_ONE = re.compile(
    r"(?:(?:si|sip|yes|yep|sim|claro|exacto|correcto|eso|es eso|esa|asi es|exactly|isso|alguna|de esas) ?)+"
)


def read(said: str, offered: Choices) -> list[Choice] | Reply:
    """What these words choose of a list, or say to it. Empty: they are about something else, as «no, gracias» is."""
    said = fold(said)
    if not said or _DECLINES.fullmatch(said):
        return []
    faqs = _faqs(offered)
    if named := _named(said, offered.options):
        return [named]
    if found := _placed(said, faqs):
        return found
    if _NONE.fullmatch(said):
        return Reply.NONE
    if not _ONE.fullmatch(said):
        return []
    return faqs if len(faqs) == 1 else Reply.ONE


def points(said: str) -> bool:
    """«la del horario», «lo de los gastos»: it speaks of something that was just shown."""
    return _POINTS.search(fold(said)) is not None


def placed(said: str, offered: Choices) -> list[Choice]:
    """What is chosen of a list that lies some messages back: a place in words, for a bare number may be anything."""
    said = fold(said)
    return [] if said.isdigit() or not _WORDED.search(said) else _placed(said, _faqs(offered))


def _faqs(offered: Choices) -> list[Choice]:
    return [option for option in offered.options if option.id != PERSON_CHOICE]


def _named(said: str, options: Sequence[Choice]) -> Choice | None:
    """By its number or its words."""
    for number, option in enumerate(options, 1):
        if said in (str(number), fold(option.title), fold(option.description)):
            return option
    return None


def _placed(said: str, faqs: list[Choice]) -> list[Choice]:
    """«La segunda», «la 1 y la 3», «las dos primeras»: a person is no question."""
    if _ALL.fullmatch(said):
        return faqs
    if _FIRST_TWO.fullmatch(said):
        return faqs[:2]
    parts = _AND.split(_LEAD.sub("", said))
    found = [option for part in parts if (option := _at(part, faqs))]
    return found if len(found) == len(parts) else []


def _at(said: str, faqs: Sequence[Choice]) -> Choice | None:
    if faqs and _LAST.fullmatch(said):
        return faqs[-1]
    if len(faqs) == 3 and _MIDDLE.fullmatch(said):
        return faqs[1]
    return next((option for place, option in zip(_AT, faqs, strict=False) if place.fullmatch(said)), None)


def listed(faqs: Sequence[tuple[UUID, str]], person: str, opener: str) -> Choices:
    """Those FAQs by their titles, and a person as the last option."""
    options = [_option(f"{CHOICE}{faq_id}", title) for faq_id, title in faqs]
    return Choices(tuple(_distinct([*options, Choice(PERSON_CHOICE, person)])), opener)


def _option(choice_id: str, title: str) -> Choice:
    """A row of a list: what does not fit into its title is its description, whole."""
    if len(title) <= _TITLE:
        return Choice(choice_id, title)
    return Choice(choice_id, title[: _TITLE - 1].rstrip() + "…", title[:72])


def _distinct(options: list[Choice]) -> list[Choice]:
    seen: set[str] = set()
    kept: list[Choice] = []
    for number, option in enumerate(options, 1):
        title = option.title if option.title.lower() not in seen else f"{number}. {option.title}"[:_TITLE]
        seen.add(title.lower())
        kept.append(replace(option, title=title))
    return kept
