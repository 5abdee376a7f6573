"""Text from strangers in a shape that PostgreSQL and UTF-8 take: JSON may hold a NUL or half of a surrogate pair."""

import re
import unicodedata
from typing import Any


def clean(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def is_clean(text: str) -> bool:
    return clean(text) == text


def cleaned(value: Any) -> Any:
    """The same value with every text in it clean, keys too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [cleaned(inner) for inner in value]
    if isinstance(value, dict):
        return {cleaned(key): cleaned(inner) for key, inner in value.items()}
    return value


_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_NO_WORD = re.compile(r"[^\w]+|_+")


def fold(text: str) -> str:
    """Two spellings of one sentence become one: no case, accents, signs or emoji; `holaaaa` is `hola`."""
    letters = unicodedata.normalize("NFD", text.lower().replace("’", "'").replace("'", ""))
    plain = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return " ".join(_NO_WORD.sub(" ", _REPEATED.sub(r"\1", plain)).split())
