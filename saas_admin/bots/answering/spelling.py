"""Questions as they are typed into a phone, spelled the way the encoders learned them.

Slang is spelled out, accents that were left away come back, and a word that nobody writes becomes the common word one
slip away from it. Words of the company's own phrasings are never touched. A sentence in another language stays as it is.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase
from types import MappingProxyType

import wordfreq

from saas_admin.bots.answering.fold import LAUGHTER, REPEATED, SLANG
from saas_admin.core.text import fold

LANGUAGES = ("es", "en", "pt")
_RAREST = 650
"""Hundredths of a power of ten: a word rarer than one in three million is as good as unknown."""
_SHORTEST, _LONGEST = 4, 24
"""Letters of a word that is put right: shorter ones have too many neighbours, longer ones are no words."""
_UNSEEN = 1e-8
_FOREIGN = 3.0
"""How much likelier (natural logarithm) a sentence must be in another language to be left alone."""
_NOTHING: Mapping[str, str] = MappingProxyType({})
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Lexicon:
    """How often each folded word is written in a language, and its commonest spelling where that has accents."""

    often: dict[str, float]
    spelled: dict[str, str]

    @classmethod
    def load(cls, language: str) -> "Lexicon":
        often: dict[str, float] = {}
        spelled: dict[str, str] = {}
        # Lists of words, commonest first; the first list is the file's header. `get_frequency_list` would keep it all.
        listed = wordfreq.read_cBpack(wordfreq.available_languages("large")[language])
        for hundredths, of_a_kind in enumerate(listed[1:_RAREST]):
            for word in of_a_kind:
                plain = fold(word)
                if plain and " " not in plain:
                    often[plain] = often.get(plain, 0.0) + 10 ** (-hundredths / 100)
                    spelled.setdefault(plain, word)
        return cls(often, {plain: word for plain, word in spelled.items() if plain != word})

    def likelihood(self, text: list[str]) -> float:
        return sum(math.log(self.often.get(word, _UNSEEN)) for word in text)


@lru_cache(maxsize=len(LANGUAGES))
def lexicon(language: str) -> Lexicon:
    return Lexicon.load(language)


def own_words(texts: Iterable[str]) -> dict[str, str]:
    """The folded words of a company's own texts, each as it is mostly written there, with its accents before without."""
    counted: dict[str, Counter[str]] = {}
    for text in texts:
        for found in _WORD.finditer(text):
            low = found[0].lower()
            counted.setdefault(fold(low), Counter())[low] += 1
    return {
        plain: max(written, key=lambda low: (low != plain, written[low], low)) for plain, written in counted.items()
    }


def repair(text: str, language: str, own: Mapping[str, str] = _NOTHING) -> str:
    """The text in the company's language, spelled out; `own` are words that are right as they are (`own_words`)."""
    plain = _without_emoji(REPEATED.sub(r"\1", text))
    if language not in LANGUAGES or _is_foreign(plain, language):
        return plain
    return " ".join(_WORD.sub(lambda found: _spelled(found[0], language, own), plain).split())


def _spelled(word: str, language: str, own: Mapping[str, str]) -> str:
    known = lexicon(language)
    low = word.lower()
    plain = fold(word)
    if LAUGHTER.fullmatch(plain):
        return ""
    if plain in own:
        if low != plain:
            return word
        return _accented(plain, known, own) or word
    if slang := SLANG.get(language, {}).get(plain):
        return " ".join(known.spelled.get(each, each) for each in slang.split())
    if low != plain:  # who types accents knows the word
        return word
    right = _nearest(plain, known, own)
    right = _accented(right, known, own) or right
    return word if right == low else right


def _accented(plain: str, known: Lexicon, own: Mapping[str, str]) -> str:
    """With the accents that it mostly has; where a shop writes others, «envío» and not «envió», with those. Empty: none."""
    commonest, shops = known.spelled.get(plain, ""), own.get(plain, plain)
    return shops if commonest and shops != plain else commonest


def _nearest(word: str, known: Lexicon, own: Mapping[str, str]) -> str:
    """The word itself when it is one; else the company's or the commonest word that is one slip away."""
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha() or word in known.often:
        return word
    near = {other for other in _slips(word) if other in own or other in known.often}
    return max(near, key=lambda other: (other in own, known.often.get(other, 0.0), other), default=word)


def _slips(word: str) -> Iterator[str]:
    """Every text one lost, doubled, swapped or wrong letter away."""
    for at in range(len(word) + 1):
        left, right = word[:at], word[at:]
        if right:
            yield left + right[1:]
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        for letter in ascii_lowercase:
            yield left + letter + right
            if right:
                yield left + letter + right[1:]


def _is_foreign(text: str, language: str) -> bool:
    spoken = fold(text).split()
    own = lexicon(language).likelihood(spoken) + _FOREIGN
    return any(lexicon(other).likelihood(spoken) > own for other in LANGUAGES if other != language)


def _without_emoji(text: str) -> str:
    return "".join(
        sign for sign in text if unicodedata.category(sign) not in {"So", "Sk", "Cf", "Me"} and sign != "\ufe0f"
    )
