"""Which questions are the same, or nearly: pure functions over folded texts.

Nearly is measured like `pg_trgm` does, by shared groups of three letters. It is done here since row-level security keeps
PostgreSQL from using a trigram index, and since every pair of a company is wanted, not the neighbours of one text.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import TypeVar

from saas_admin.core.text import fold

Key = TypeVar("Key")

LIKELY = 0.72
"""From this share of common trigrams on two questions are probably one."""


@dataclass(frozen=True)
class Pair:
    """Two of the texts that were given, by their place; 1.0: the same."""

    first: int
    second: int
    score: float

    @property
    def is_certain(self) -> bool:
        return self.score == 1.0


@lru_cache(maxsize=32768)
def trigrams(text: str) -> frozenset[str]:
    """Of a folded text."""
    return frozenset(
        padded[at : at + 3] for padded in (f"  {word} " for word in text.split()) for at in range(len(padded) - 2)
    )


def similarity(first: str, second: str) -> float:
    """0 to 1; 1 only for the same folded words."""
    a, b = fold(first), fold(second)
    return _score(a, trigrams(a), b, trigrams(b))


def pairs(texts: Sequence[str], least: float = LIKELY) -> list[Pair]:
    """All pairs that are at least so similar, the most similar first.

    Two sets that share so much share one of their rarest members (prefix filtering, Chaudhuri 2006): only those pairs
    are compared, which takes 10,000 questions from a minute to a second.
    """
    folded = [fold(text) for text in texts]
    sets = [trigrams(text) for text in folded]
    rarity = Counter(gram for grams in sets for gram in grams)
    seen: dict[str, list[int]] = defaultdict(list)
    found: list[Pair] = []
    for at, grams in enumerate(sets):
        ordered = sorted(grams, key=lambda gram: (rarity[gram], gram))
        prefix = ordered[: len(ordered) - ceil(least * len(ordered)) + 1]
        candidates = {other for gram in prefix for other in seen[gram]}
        for other in candidates:
            score = _score(folded[at], grams, folded[other], sets[other])
            if score >= least:
                found.append(Pair(other, at, score))
        for gram in prefix:
            seen[gram].append(at)
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


def nearest(text: str, known: Iterable[tuple[Key, str]], least: float = LIKELY) -> Mapping[Key, tuple[str, float]]:
    """For each key the text of its own that is most like `text`, when it is like it at all."""
    folded = fold(text)
    grams = trigrams(folded)
    best: dict[Key, tuple[str, float]] = {}
    if not grams:
        return best
    for key, other in known:
        theirs = fold(other)
        score = _score(folded, grams, theirs, trigrams(theirs))
        if score >= least and score > best.get(key, ("", 0.0))[1]:
            best[key] = (other, score)
    return best


def _score(a: str, first: frozenset[str], b: str, second: frozenset[str]) -> float:
    if not first or not second:
        return 0.0
    if a == b:
        return 1.0
    common = len(first & second)
    # The same letters in another order are very much alike, but not the same.
    return min(common / (len(first) + len(second) - common), 0.99)
