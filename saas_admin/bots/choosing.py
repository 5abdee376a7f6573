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
_NONE = re.compile(
    r"(?:(?:no|pues|mmm?|es que|eh|nao|perdon|sorry|gracias|hola|la verdad|pero) )*"
    r"(?:no|nop|nope|nel|nah|nao|ningun[oa]?|ningun[oa] de (?:es[ao]s|est[ao]s|ell[ao]s|l[ao]s (?:tres|anteriores|opciones|preguntas))|"
    r"nada de eso|nada que ver|(?:es )?otra (?:cosa|pregunta|duda)|none|none of (?:them|these|those|the above)|neither|something else|"
    r"nenhum|nenhuma|nenhuma (?:delas|dessas|destas)|outra coisa|nada disso)"
    r"(?: (?:no|gracias|la verdad|tampoco|es otra cosa|otra cosa|por favor|thanks|obrigad[oa]))*"
)
_DECLINES = re.compile(r"(?:no|nop|nope|nel|nao) (?:muchas |mil |muito )?(?:gracias|thanks|thank you|obrigad[oa])")
_ONE = re.compile(
    r"(?:(?:si|sip|yes|yep|sim|claro|exacto|correcto|eso|es eso|esa|asi es|exactly|isso|alguna|de esas) ?)+"
)


def read(said: str, offered: Choices) -> Choice | Reply | None:
    """What these words choose of a list, or say to it. None: they are about something else, as «no, gracias» is."""
    said = fold(said)
    if not said or _DECLINES.fullmatch(said):
        return None
    faqs = [option for option in offered.options if option.id != PERSON_CHOICE]
    if option := _named(said, offered.options) or _placed(said, faqs):
        return option
    if _NONE.fullmatch(said):
        return Reply.NONE
    if not _ONE.fullmatch(said):
        return None
    return faqs[0] if len(faqs) == 1 else Reply.ONE


def _named(said: str, options: Sequence[Choice]) -> Choice | None:
    """By its number or its words."""
    for number, option in enumerate(options, 1):
        if said in (str(number), fold(option.title), fold(option.description)):
            return option
    return None


def _placed(said: str, faqs: Sequence[Choice]) -> Choice | None:
    """«La segunda», «opción 2», «la última»: a person is no question."""
    if faqs and _LAST.fullmatch(said):
        return faqs[-1]
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
