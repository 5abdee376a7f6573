"""One company's FAQs, ready to be asked. Immutable; built in milliseconds from phrasings and their vectors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from saas_admin.adapters.embeddings.base import Matrix, Vector
from saas_admin.adapters.embeddings.registry import Encoders, key_of
from saas_admin.bots.answering.calibrator import Calibrator, calibrator_for
from saas_admin.bots.answering.features import features
from saas_admin.bots.answering.fold import fold, words
from saas_admin.bots.answering.views import Seen, Views

_WEIGHTS = {"e5s": 0.45, "use3": 0.30, "char": 0.15, "bm25": 0.10}
_OTHER_MODEL = 0.75
_HEAD_SHARE = 0.4
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
    calibrator: Calibrator

    @classmethod
    def build(
        cls,
        faqs: Sequence[FaqEntry],
        vectors: Mapping[str, Matrix] | None = None,
        *,
        language: str = "es",
        calibrator: Calibrator | None = None,
    ) -> "FaqIndex":
        """`vectors` holds for each model one row per phrasing, in the order of `phrasings_of(faqs)`.

        Without vectors only letters and words are compared. A FAQ without a phrasing cannot be found.
        """
        kept = tuple(faq for faq in faqs if faq.phrasings)
        texts = tuple(phrasings_of(kept))
        given = dict(vectors or {})
        for model, rows in given.items():
            if rows.ndim != 2 or len(rows) != len(texts):
                raise ValueError(f"{model}: {rows.shape} for {len(texts)} phrasings")
        views = Views.build([faq.phrasings for faq in kept], given, language) if kept else None
        exact: dict[str, int] = {}
        for number, faq in enumerate(kept):
            for phrasing in faq.phrasings:
                exact.setdefault(fold(phrasing), number)
        exact.pop("", None)
        return cls(kept, texts, views, exact, calibrator or calibrator_for(key_of(list(given))))

    @property
    def models(self) -> tuple[str, ...]:
        """Whose vectors a question must bring."""
        return tuple(self.views.spaces) if self.views else ()

    def rank(self, question: str, vectors: Mapping[str, Vector] | None = None) -> Ranking:
        """`vectors` holds the question's vector for each of `models`."""
        if self.views is None or not fold(question):
            return Ranking((), 0.0, "nothing")
        seen = self.views.look(question, vectors or {})
        total = total_of(seen)
        found = features(
            seen,
            total,
            tokens=len(words(question, self.views.language)),
            faqs=len(self.faqs),
            phrasings=len(self.phrasings),
        )
        same = self.exact.get(fold(question))
        if same is not None:
            total[same] = max(float(total.max()) + 1e-6, float(total[same]))
        ranked = self._ordered(total, seen.rows)
        if same is not None:
            return Ranking(ranked, EXACT, "exact", found)
        return Ranking(ranked, self.calibrator.probability(found), "scored", found)

    def ask(self, question: str, encoders: Encoders) -> Ranking:
        """Rank with these encoders, each of them asked once; they must be those of the phrasings' vectors."""
        vectors = {model: rows[0] for model, rows in encoders.embed([question]).items()} if self.models else {}
        return self.rank(question, vectors)

    def _ordered(self, total: Vector, rows: Vector) -> tuple[Scored, ...]:
        assert self.views is not None  # noqa: S101 - `rank` has looked
        starts, sizes = self.views.groups.starts, self.views.groups.sizes
        ordered: list[Scored] = []
        for number in np.argsort(-total, kind="stable"):
            start = int(starts[number])
            closest = start + int(np.argmax(rows[start : start + int(sizes[number])]))
            ordered.append(Scored(self.faqs[number].id, float(total[number]), self.phrasings[closest]))
        return tuple(ordered)


def phrasings_of(faqs: Sequence[FaqEntry]) -> list[str]:
    """The order in which an index wants its vectors."""
    return [phrasing for faq in faqs for phrasing in faq.phrasings]


def total_of(seen: Seen) -> Vector:
    """One score per FAQ from all views, with the classifier's where there is one."""
    weights = {name: _WEIGHTS.get(name, _OTHER_MODEL) for name in seen.near}
    whole = sum(weights.values())
    total = sum((weights[name] / whole) * scores for name, scores in seen.near.items())
    total = np.asarray(total)
    return total if seen.head is None else (1 - _HEAD_SHARE) * total + _HEAD_SHARE * seen.head
