"""Each way of comparing a question with one company's phrasings, as one score for every FAQ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from saas_admin.adapters.embeddings.base import Matrix, Vector, unit_rows
from saas_admin.bots.answering.fold import words
from saas_admin.bots.answering.head import Head
from saas_admin.bots.answering.lexical import CharIndex, WordIndex

HEAD_FROM = 3
"""Phrasings for each FAQ, on average, from which the classifier helps more than it harms."""


@dataclass(frozen=True)
class Groups:
    """Which rows belong to which FAQ; a FAQ's phrasings stand together."""

    owners: tuple[int, ...]
    starts: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, sizes: Sequence[int]) -> "Groups":
        counted = np.array(sizes, dtype=np.int64)
        owners = tuple(int(faq) for faq in np.repeat(np.arange(len(sizes)), counted))
        return cls(owners, np.concatenate([[0], np.cumsum(counted)[:-1]]).astype(np.int64), counted)

    def best(self, rows: Vector) -> Vector:
        return np.maximum.reduceat(rows, self.starts)

    def pooled(self, rows: Vector) -> Vector:
        """Half the closest phrasing, half their mean: one odd phrasing does not decide alone."""
        return 0.5 * self.best(rows) + 0.5 * np.add.reduceat(rows, self.starts) / self.sizes


_NO_OTHERS = (0.0, 1.0)


@dataclass(frozen=True)
class Space:
    """The phrasings' vectors of one model, and the same seen from their middle: what all of them share is no sign."""

    rows: Matrix
    middle: Vector
    centred: Matrix
    usual: tuple[float, float]
    """Mean and spread of the plain cosine of a phrasing with the closest one of another FAQ: this model's yardstick."""
    between: tuple[float, float]
    """The same of all phrasings of other FAQs, seen from the middle."""

    @classmethod
    def of(cls, rows: Matrix, owners: Sequence[int]) -> "Space":
        exact = rows.astype(np.float64)
        middle = exact.mean(axis=0)
        centred = unit_rows(exact - middle)
        others = np.not_equal.outer(owners, owners)
        if not others.any():
            return cls(exact, middle, centred, _NO_OTHERS, _NO_OTHERS)
        closest = np.where(others, exact @ exact.T, -1.0).max(axis=1)
        return cls(exact, middle, centred, _yardstick(closest), _yardstick((centred @ centred.T)[others]))

    def turn(self, vector: Vector) -> Vector:
        return unit_rows((vector.astype(np.float64) - self.middle)[None, :])[0]


@dataclass(frozen=True)
class Seen:
    """What the views say about one question."""

    raw: dict[str, Vector]
    """By model: plain cosine of the closest phrasing."""
    beyond: float
    """How far the closest phrasing is beyond what is usual between FAQs, in spreads; the mean of the models."""
    meaning: Vector | None
    """For each FAQ its score beyond what is usual between others, in spreads; the mean of the models."""
    near: dict[str, Vector]
    """By view (a model, `char`, `bm25`): the score that counts for the order."""
    head: Vector | None
    answer: Vector | None
    """How close the question is to what each FAQ answers, when vectors of the answers were given."""
    rows: Vector
    """For each phrasing how alike it is, to name the one that spoke for its FAQ."""


@dataclass(frozen=True)
class Views:
    language: str
    groups: Groups
    spaces: dict[str, Space]
    char: CharIndex
    bm25: WordIndex
    head: Head | None
    answers: dict[str, Matrix]

    @classmethod
    def build(
        cls,
        phrasings: Sequence[Sequence[str]],
        vectors: Mapping[str, Matrix],
        language: str,
        answers: Mapping[str, Matrix],
    ) -> "Views":
        texts = [words(text, language) for of_faq in phrasings for text in of_faq]
        groups = Groups.of([len(of_faq) for of_faq in phrasings])
        spaces = {model: Space.of(rows, groups.owners) for model, rows in vectors.items()}
        head = None
        if spaces and len(texts) >= HEAD_FROM * len(phrasings):
            kernel = np.mean([space.centred @ space.centred.T for space in spaces.values()], axis=0)
            head = Head.fit(kernel, groups.owners, len(phrasings))
        written = {model: _centred_where_written(answers[model]) for model in spaces if model in answers}
        return cls(language, groups, spaces, CharIndex.build(texts), WordIndex.build(texts, language), head, written)

    def look(self, question: str, vectors: Mapping[str, Vector]) -> Seen:
        text = words(question, self.language)
        asked = {model: space.turn(vectors[model]) for model, space in self.spaces.items()}
        turned = {model: space.centred @ asked[model] for model, space in self.spaces.items()}
        answer = (
            np.mean([rows @ asked[model] for model, rows in self.answers.items()], axis=0) if self.answers else None
        )
        letters, stems = self.char.scores(text), self.bm25.scores(text, self.language)
        near = {model: self.groups.pooled(rows) for model, rows in turned.items()}
        near |= {"char": self.groups.best(letters), "bm25": self.groups.best(stems)}
        alike = np.mean(list(turned.values()), axis=0) if turned else None
        raw = {m: self.groups.best(space.rows @ vectors[m].astype(np.float64)) for m, space in self.spaces.items()}
        beyond = [(float(raw[m].max()) - space.usual[0]) / space.usual[1] for m, space in self.spaces.items()]
        apart = [(near[m] - space.between[0]) / space.between[1] for m, space in self.spaces.items()]
        return Seen(
            raw=raw,
            meaning=np.mean(apart, axis=0) if apart else None,
            beyond=float(np.mean(beyond)) if beyond else 0.0,
            near=near,
            head=self.head.scores(alike) if self.head is not None and alike is not None else None,
            answer=answer,
            rows=letters if alike is None else alike + letters,
        )


def _centred_where_written(rows: Matrix) -> Matrix:
    """Answers seen from their middle; a FAQ without one keeps zeros, which speak for and against nothing."""
    exact = rows.astype(np.float64)
    written = np.abs(exact).sum(axis=1) > 0
    if not written.any():
        return exact
    return unit_rows(np.where(written[:, None], exact - exact[written].mean(axis=0), 0.0))


def _yardstick(alike: Vector) -> tuple[float, float]:
    return float(alike.mean()), max(float(alike.std()), 0.01)
