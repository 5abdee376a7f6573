"""A small classifier of one company's phrasings: a discriminant analysis with a squared kernel. Fits in milliseconds.

What sets the phrasings of one FAQ apart from each other counts for less than what sets FAQs apart. The square lets two
signs that only together speak for a FAQ do so. On seven judged sets it placed 2 of 100 questions more right than a
ridge regression of the plain likeness, up to 3 where FAQs are near one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from saas_admin.adapters.embeddings.base import Matrix, Vector

HELD = 0.2
"""How little is made of differences inside a FAQ; chosen between 0.05 and 1, where it hardly matters."""
TINY = 1e-9


@dataclass(frozen=True)
class Head:
    weights: Matrix
    """Phrasings by FAQs."""
    offsets: Vector

    @classmethod
    def fit(cls, kernel: Matrix, owners: Sequence[int], faqs: int) -> "Head":
        """`kernel` says how alike each two phrasings are, -1 to 1; `owners` which FAQ each belongs to."""
        targets = np.zeros((len(owners), faqs))
        targets[np.arange(len(owners)), owners] = 1
        share = targets / targets.sum(axis=0)
        alike = _squared(kernel)
        # Phrasings seen from the middle of their FAQ: against all phrasings, then against each other.
        apart = alike - targets @ (share.T @ alike)
        inside = apart - (apart @ share) @ targets.T
        spread = np.linalg.solve(inside + HELD * np.eye(len(owners)), apart @ share)
        weights = share - spread + targets @ (share.T @ spread)
        told = alike @ weights
        offsets = -0.5 * (share * told).sum(axis=0)
        return cls(weights, offsets)._to_unit(told + offsets, targets)

    def scores(self, alike: Vector) -> Vector:
        """About 1 for the FAQ a question belongs to and about 0 for the others."""
        return _squared(alike) @ self.weights + self.offsets

    def _to_unit(self, told: Matrix, targets: Matrix) -> "Head":
        """So that its own phrasings have 1 for their FAQ and 0 for the others, on average."""
        own = float((told * targets).sum() / targets.sum())
        other = float((told * (1 - targets)).sum() / max(1.0, (1 - targets).sum()))
        unit = own - other if own - other > TINY else 1.0
        return Head(self.weights / unit, (self.offsets - other) / unit)


def _squared(alike: Matrix | Vector) -> Matrix | Vector:
    return ((1 + alike) / 2) ** 2
