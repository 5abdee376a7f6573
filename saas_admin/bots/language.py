"""Which of the customer languages a text is in."""

from functools import lru_cache
from typing import Any

from saas_admin.bots.phrases import LANGUAGES

_LEAST_LETTERS = 8


def guess(text: str, otherwise: str) -> str:
    """`es`, `en` or `pt`; a text too short to tell is in the language `otherwise`."""
    letters = sum(character.isalpha() for character in text)
    if letters < _LEAST_LETTERS:
        return otherwise if otherwise in LANGUAGES else "es"
    return str(_identifier().classify(text.lower())[0])


@lru_cache(maxsize=1)
def _identifier() -> Any:
    import py3langid

    py3langid.set_languages(list(LANGUAGES))
    return py3langid
