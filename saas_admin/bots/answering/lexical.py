"""How alike a question and the phrasings are by their letters and by their words. Immutable, numpy only."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock

import numpy as np
import snowballstemmer

from saas_admin.adapters.embeddings.base import Vector

_SHORTEST, _LONGEST = 2, 5
_K1, _B = 1.2, 0.4
_stemming = Lock()
"""A stemmer keeps the word that it works on."""
_STEMMERS = {"es": "spanish", "pt": "portuguese", "en": "english"}


@dataclass(frozen=True)
class Postings:
    """A sparse matrix of texts by terms, kept by term."""

    columns: dict[str, int]
    starts: np.ndarray
    rows: np.ndarray
    values: np.ndarray
    texts: int

    @classmethod
    def of(cls, weighted: Sequence[dict[str, float]]) -> "Postings":
        columns: dict[str, int] = {}
        column = [columns.setdefault(term, len(columns)) for terms in weighted for term in terms]
        row = np.repeat(np.arange(len(weighted)), [len(terms) for terms in weighted])
        value = np.array([value for terms in weighted for value in terms.values()], dtype=np.float64)
        by_term = np.argsort(column, kind="stable")
        ordered = np.array(column, dtype=np.int64)[by_term]
        starts = np.searchsorted(ordered, np.arange(len(columns) + 1))
        return cls(columns, starts, row[by_term], value[by_term], len(weighted))

    def dot(self, terms: Iterable[tuple[str, float]]) -> Vector:
        """The scalar product of these terms with every text."""
        pieces = [
            (self.starts[at], self.starts[at + 1], value)
            for term, value in terms
            if (at := self.columns.get(term)) is not None
        ]
        if not pieces:
            return np.zeros(self.texts)
        rows = np.concatenate([self.rows[start:end] for start, end, _ in pieces])
        values = np.concatenate([self.values[start:end] * value for start, end, value in pieces])
        return np.bincount(rows, weights=values, minlength=self.texts).astype(np.float64)


@dataclass(frozen=True)
class CharIndex:
    """TF-IDF over the pieces of two to five letters of each word: typing errors leave most of them whole."""

    idf: dict[str, float]
    postings: Postings

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]]) -> "CharIndex":
        counts = [Counter(pieces(text)) for text in texts]
        seen = Counter(piece for count in counts for piece in count)
        idf = {piece: math.log((1 + len(texts)) / (1 + times)) + 1 for piece, times in seen.items()}
        return cls(idf, Postings.of([_unit(count, idf) for count in counts]))

    def scores(self, text: Sequence[str]) -> Vector:
        """Cosine with every text, 0 to 1."""
        return self.postings.dot(_unit(Counter(pieces(text)), self.idf).items())


@dataclass(frozen=True)
class WordIndex:
    """BM25 over word stems, as a share of what the question could reach: 1 would be every word, often."""

    idf: dict[str, float]
    unseen: float
    postings: Postings

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]], language: str) -> "WordIndex":
        counts = [Counter(stems(text, language)) for text in texts]
        seen = Counter(stem for count in counts for stem in count)
        total = len(texts)
        idf = {stem: math.log(1 + (total - times + 0.5) / (times + 0.5)) for stem, times in seen.items()}
        lengths = [sum(count.values()) for count in counts]
        mean = max(1.0, sum(lengths) / max(1, total))
        weighted = [
            {
                stem: idf[stem] * times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length / mean))
                for stem, times in count.items()
            }
            for count, length in zip(counts, lengths, strict=True)
        ]
        return cls(idf, math.log(1 + (total + 0.5) / 0.5), Postings.of(weighted))

    def scores(self, text: Sequence[str], language: str) -> Vector:
        asked = set(stems(text, language))
        reach = sum(self.idf.get(stem, self.unseen) for stem in asked)
        return (
            self.postings.dot((stem, 1.0) for stem in sorted(asked)) / reach if reach else np.zeros(self.postings.texts)
        )


def pieces(text: Sequence[str]) -> list[str]:
    """Pieces of two to five letters inside a word and its two edges; a word shorter than a piece counts once."""
    found: list[str] = []
    for word in text:
        edged = f" {word} "
        for size in range(_SHORTEST, _LONGEST + 1):
            found.extend(edged[start : start + size] for start in range(max(1, len(edged) - size + 1)))
            if size >= len(edged):
                break
    return found


def stems(text: Sequence[str], language: str) -> list[str]:
    return [_stem(word, language) for word in text]


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    with _stemming:
        return _stemmer(language).stemWord(word)


@cache
def _stemmer(language: str):
    return snowballstemmer.stemmer(_STEMMERS.get(language, "spanish"))


def _unit(count: Counter[str], idf: dict[str, float]) -> dict[str, float]:
    weights = {piece: (1 + math.log(times)) * idf[piece] for piece, times in count.items() if piece in idf}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {piece: weight / length for piece, weight in weights.items()} if length else {}
