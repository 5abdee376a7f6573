"""Which of the customer languages a text is in."""

from functools import lru_cache
from typing import Any

from saas_admin.bots.answering.spelling import lexicon
from saas_admin.bots.phrases import LANGUAGES
from saas_admin.core.text import fold

_LEAST_LETTERS = 6
_GREETINGS = {
    **dict.fromkeys(
        ("hi", "hello", "hi there", "hello there", "hiya", "good morning", "good afternoon", "good evening"), "en"
    ),
    **dict.fromkeys(("oi", "bom dia", "boa tarde", "boa noite"), "pt"),
    **dict.fromkeys(("hola", "buenas", "buenos dias", "buenas tardes", "buenas noches"), "es"),
}
_MARGIN = 3.5
"""Log-likelihood by which another language must lead: between Spanish and Portuguese two words often decide nothing."""

_NEIGHBOURS_LEAD = 6.0
"""The same by their words: Spanish as Spain types it, «a que hora cerrais», leads in Portuguese by up to 5, Portuguese by 7."""


def guess(text: str, otherwise: str) -> str:
    """`es`, `en` or `pt`; what cannot be told surely is in the language `otherwise`."""
    fallback = otherwise if otherwise in LANGUAGES else "es"
    if greeted := _GREETINGS.get(fold(text)):
        return greeted
    if sum(character.isalpha() for character in text) < _LEAST_LETTERS:
        return fallback
    likely: dict[str, float] = dict(_identifier().rank(text.lower()))
    best = max(likely, key=lambda language: likely[language])
    if likely[best] - likely[fallback] < _MARGIN:
        return fallback
    # The letters alone take «cuando me vais a contestar» for Portuguese; its words are Spanish.
    spoken = fold(text).split()
    lead = lexicon(best).likelihood(spoken) - lexicon(fallback).likelihood(spoken)
    return best if lead > (_NEIGHBOURS_LEAD if "en" not in (best, fallback) else 0.0) else fallback


def is_certain(text: str) -> bool:
    """Whether the text alone says which language it is in. A greeting is answered in its own and settles nothing."""
    return fold(text) not in _GREETINGS and len({guess(text, language) for language in LANGUAGES}) == 1


@lru_cache(maxsize=1)
def _identifier() -> Any:
    import py3langid

    py3langid.set_languages(list(LANGUAGES))
    return py3langid
