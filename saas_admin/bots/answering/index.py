"""One company's FAQs, ready to be asked. Immutable; built in milliseconds from phrasings and their vectors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from saas_admin.adapters.embeddings.base import Matrix, Vector
from saas_admin.adapters.embeddings.registry import LEXICAL, Encoders, key_of
from saas_admin.bots.answering.calibrator import Calibrator, calibrator_for
from saas_admin.bots.answering.features import features
from saas_admin.bots.answering.spelling import own_words, repair
from saas_admin.bots.answering.views import Seen, Views
from saas_admin.bots.small_talk import without_courtesies
from saas_admin.core.text import fold

_WEIGHTS = {"e5s": 0.45, "use3": 0.30, "char": 0.15, "bm25": 0.10}
_OTHER_MODEL = 0.75
_HEAD_SHARE = 0.4
_ANSWER_MOST, _ANSWER_ONE = 0.25, 1.0
LONGEST = 1000
"""Letters of a question that are read."""
EXACT = 0.999
"""Confidence when the question is one of the phrasings, letter by letter after folding."""


@dataclass(frozen=True)
class FaqEntry:
    id: str
    phrasings: tuple[str, ...]
    answer: str = ""


@dataclass(frozen=True)
class Scored:
    faq_id: str
    score: float
    phrasing: str
    """The phrasing that came closest."""


@dataclass(frozen=True)
class Ranking:
    ranked: tuple[Scored, ...]
    """Every FAQ, best first."""
    confidence: float
    """Probability that the first one answers the question."""
    route: str
    """`exact`, `scored` or `nothing` (no FAQ, or nothing was asked)."""
    features: dict[str, float] = field(default_factory=dict[str, float])

    @property
    def closest(self) -> tuple[Scored, ...]:
        return self.ranked[:3]


@dataclass(frozen=True)
class FaqIndex:
    faqs: tuple[FaqEntry, ...]
    phrasings: tuple[str, ...]
    views: Views | None
    exact: dict[str, int]
    own: Mapping[str, str]
    """Words of the phrasings, by their folded form."""
    calibrator: Calibrator

    @classmethod
    def build(
        cls,
        faqs: Sequence[FaqEntry],
        vectors: Mapping[str, Matrix] | None = None,
        *,
        language: str = "es",
        answers: Mapping[str, Matrix] | None = None,
        calibrator: Calibrator | None = None,
    ) -> "FaqIndex":
        """`vectors` holds for each model one row per phrasing, in the order of `phrasings_of(faqs)`.

        Without vectors only letters and words are compared. `answers` holds for the same models one row per FAQ, of
        zeros where it has no answer: they help most where there are few phrasings. A FAQ without a phrasing cannot
        be found.
        """
        texts = tuple(phrasings_of(faqs))
        given = dict(vectors or {})
        _check(given, len(texts), "phrasings")
        _check(answers or {}, len(faqs), "FAQs")
        with_phrasings = [number for number, faq in enumerate(faqs) if faq.phrasings]
        kept = tuple(faqs[number] for number in with_phrasings)
        told = {model: rows[with_phrasings] for model, rows in (answers or {}).items()}
        views = Views.build([faq.phrasings for faq in kept], given, language, told) if kept else None
        exact: dict[str, int] = {}
        for number, faq in enumerate(kept):
            for phrasing in faq.phrasings:
                exact.setdefault(fold(phrasing), number)
        exact.pop("", None)
        return cls(kept, texts, views, exact, own_words(texts), calibrator or calibrator_for(key_of(list(given))))

    @property
    def models(self) -> tuple[str, ...]:
        """Whose vectors a question must bring."""
        return tuple(self.views.spaces) if self.views else ()

    def spelled(self, question: str) -> str:
        """What the encoders are given: slang, lost accents and slips put right."""
        return repair(question[:LONGEST], self.views.language if self.views else "", self.own)

    @cached_property
    def by_words(self) -> "FaqIndex":
        """The same FAQs compared by words and letters alone."""
        views = replace(self.views, spaces={}, head=None, answers={}) if self.views else None
        return replace(self, views=views, calibrator=calibrator_for(LEXICAL))

    def rank(self, question: str, vectors: Mapping[str, Vector] | None = None) -> Ranking:
        """`vectors` holds for each of `models` the vector of `spelled(question)`."""
        if self.views is None or not fold(question):
            return Ranking((), 0.0, "nothing")
        text = self.spelled(question)
        seen = self.views.look(text, vectors or {})
        each = len(self.phrasings) / len(self.faqs)
        total = total_of(seen, each)
        found = features(seen, total, each)
        same = self._same(question, text)
        if same is not None:
            total[same] = max(float(total.max()) + 1e-6, float(total[same]))
        ranked = self._ordered(total, seen.rows)
        if same is not None:
            return Ranking(ranked, EXACT, "exact", found)
        return Ranking(ranked, self.calibrator.probability(found), "scored", found)

    def ask(self, question: str, encoders: Encoders) -> Ranking:
        """Rank with these encoders, each of them asked once; they must be those of the phrasings' vectors. What is a
        phrasing letter by letter asks none of them. Raises EmbeddingError.

        With a greeting in front or thanks behind, whichever is surer counts: the whole, or what is between them.
        """
        asked = list(dict.fromkeys([question, without_courtesies(question)]))
        texts = [self.spelled(each) for each in asked]
        same = [each for each, text in zip(asked, texts, strict=True) if self._same(each, text) is not None]
        if not self.models or same:
            return _surest([self.by_words.rank(each) for each in same or asked])
        rows = encoders.embed(texts)
        each_vectors = ({model: found[number] for model, found in rows.items()} for number in range(len(asked)))
        return _surest([self.rank(each, vectors) for each, vectors in zip(asked, each_vectors, strict=True)])

    def _same(self, question: str, spelled: str) -> int | None:
        """The FAQ that is asked for letter by letter."""
        return self.exact.get(fold(question), self.exact.get(fold(spelled)))

    def _ordered(self, total: Vector, rows: Vector) -> tuple[Scored, ...]:
        assert self.views is not None  # noqa: S101 - `rank` has looked
        starts, sizes = self.views.groups.starts, self.views.groups.sizes
        ordered: list[Scored] = []
        for number in np.argsort(-total, kind="stable"):
            start = int(starts[number])
            closest = start + int(np.argmax(rows[start : start + int(sizes[number])]))
            ordered.append(Scored(self.faqs[number].id, float(total[number]), self.phrasings[closest]))
        return tuple(ordered)


def _surest(rankings: Sequence[Ranking]) -> Ranking:
    return max(rankings, key=lambda ranking: ranking.confidence)


def phrasings_of(faqs: Sequence[FaqEntry]) -> list[str]:
    """The order in which an index wants its vectors."""
    return [phrasing for faq in faqs for phrasing in faq.phrasings]


def answers_of(faqs: Sequence[FaqEntry], encoders: Encoders) -> dict[str, Matrix]:
    """Vectors of the answers, zeros where there is none; nothing when no FAQ has one."""
    written = [number for number, faq in enumerate(faqs) if faq.answer.strip()]
    if not written:
        return {}
    found = encoders.embed([faqs[number].answer for number in written])
    answers = {model: np.zeros((len(faqs), rows.shape[1]), dtype=np.float32) for model, rows in found.items()}
    for model, rows in found.items():
        answers[model][written] = rows
    return answers


def _check(given: Mapping[str, Matrix], wanted: int, what: str) -> None:
    for model, rows in given.items():
        if rows.ndim != 2 or len(rows) != wanted:
            raise ValueError(f"{model}: {rows.shape} for {wanted} {what}")


def total_of(seen: Seen, phrasings_each: float) -> Vector:
    """One score per FAQ from all views, with the classifier's where there is one."""
    weights = {name: _WEIGHTS.get(name, _OTHER_MODEL) for name in seen.near}
    whole = sum(weights.values())
    total = sum((weights[name] / whole) * scores for name, scores in seen.near.items())
    total = np.asarray(total)
    if seen.head is not None:
        total = (1 - _HEAD_SHARE) * total + _HEAD_SHARE * seen.head
    if seen.answer is not None:
        # What a FAQ answers matters less the more ways of asking for it are known.
        total = total + min(_ANSWER_MOST, _ANSWER_ONE / phrasings_each) * seen.answer
    return total
