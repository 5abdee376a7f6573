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
_SHARED = 6
"""Rare trigrams two sets must share to be compared: more of them, fewer comparisons and longer lists."""


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
def _seen(text: str) -> tuple[str, frozenset[str]]:
    """Folded, with its trigrams: the same phrasings are looked at again and again."""
    folded = fold(text)
    return folded, trigrams(folded)


def trigrams(text: str) -> frozenset[str]:
    """Of a folded text."""
    return frozenset(
        padded[at : at + 3] for padded in (f"  {word} " for word in text.split()) for at in range(len(padded) - 2)
    )


def similarity(first: str, second: str) -> float:
    """0 to 1; 1 only for the same folded words."""
    return _score(*_seen(first), *_seen(second))


def pairs(texts: Sequence[str], least: float = LIKELY) -> list[Pair]:
    """All pairs that are at least so similar, the most similar first.

    Two sets that have so much in common have at least `k` of their rarest members in common (prefix filtering, as in
    Wang, Li, Feng 2012): only those pairs are compared, which takes 10,000 questions from a minute to a second or two.
    """
    folded, sets = zip(*map(_seen, texts), strict=True) if texts else ((), ())
    rarity = Counter(gram for grams in sets for gram in grams)
    seen: dict[str, list[int]] = defaultdict(list)
    shares: list[int] = []
    found: list[Pair] = []
    for at, grams in enumerate(sets):
        needed = ceil(least * len(grams))
        k = min(_SHARED, needed)
        shares.append(k)
        prefix = sorted(grams, key=lambda gram: (rarity[gram], gram))[: len(grams) - needed + k]
        common: Counter[int] = Counter()
        for gram in prefix:
            common.update(seen[gram])
            seen[gram].append(at)
        for other, n in common.items():
            if n < k and n < shares[other]:
                continue
            score = _score(folded[at], grams, folded[other], sets[other])
            if score >= least:
                found.append(Pair(other, at, score))
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


def nearest(text: str, known: Iterable[tuple[Key, str]], least: float = LIKELY) -> Mapping[Key, tuple[str, float]]:
    """For each key the text of its own that is most like `text`, when it is like it at all."""
    folded, grams = _seen(text)
    best: dict[Key, tuple[str, float]] = {}
    if not grams:
        return best
    for key, other in known:
        score = _score(folded, grams, *_seen(other))
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
