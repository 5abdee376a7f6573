"""Text as it is compared: one form for every way to write a letter, nothing invisible, no accents, lower case."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def plain(text: str) -> str:
    """Full-width digits, ligatures and the like as plain ones; without characters that nobody sees."""
    if text.isascii():
        return text
    even = unicodedata.normalize("NFKC", text).replace("’", "'")
    return "".join(c for c in even if unicodedata.category(c) != "Cf")


def folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFD", plain(text).lower())
    return "".join(c for c in spread if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """Its words, folded, in order."""
    return _WORD.findall(folded(text))
