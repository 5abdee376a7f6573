"""How good a list of ranked answers is: figures of the FAQ benchmark, under its names.

q is a query, its confidence that of its first answer; an answer is right when it is the query's gold FAQ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Answered:
    gold: str | None
    kind: str
    ranked: tuple[str, ...]
    confidence: float

    @property
    def place(self) -> int | None:
        """0 for the first; None when the gold FAQ was not found or there is none."""
        return self.ranked.index(self.gold) if self.gold is not None and self.gold in self.ranked else None


def measure(answered: Sequence[Answered], threshold: float | None = None) -> dict[str, Any]:
    """Shares between 0 and 1; out-of-scope figures only when the file has such queries."""
    inside = [each for each in answered if each.gold is not None]
    if not inside:
        raise ValueError("no query has a gold FAQ")
    places = [each.place for each in inside]
    is_in = np.array([each.gold is not None for each in answered])
    right = np.array([each.place == 0 for each in answered])
    confidence = np.array([each.confidence for each in answered], dtype=np.float64)
    figures: dict[str, Any] = {
        "n": len(answered),
        "n_in": len(inside),
        "n_oos": len(answered) - len(inside),
        "top1": _share(place == 0 for place in places),
        "recall3": _share(place is not None and place < 3 for place in places),
        "mrr": sum(0.0 if place is None else 1 / (place + 1) for place in places) / len(places),
        **_coverage(right, confidence, is_in),
    }
    if len(inside) < len(answered):
        figures |= _rejection(answered, confidence, is_in)
    if threshold is not None:
        figures["at_threshold"] = at_threshold(right, confidence, is_in, threshold)
    return figures


def at_threshold(right: Flags, confidence: Numbers, is_in: Flags, threshold: float) -> dict[str, float | None]:
    """What happens when everything from this confidence on is answered."""
    answers = confidence >= threshold
    outside = ~is_in
    return {
        "threshold": threshold,
        "answered": float(answers.mean()),
        "precision": float(right[answers].mean()) if answers.any() else None,
        "coverage": float((right & answers).sum() / is_in.sum()),
        "oos_rejected": float((~answers[outside]).mean()) if outside.any() else None,
    }


def _coverage(right: Flags, confidence: Numbers, is_in: Flags) -> dict[str, Any]:
    """Precision over all cut-offs, and the largest coverage that keeps 90 and 95 % of it."""
    order = np.argsort(-confidence, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    figures: dict[str, Any] = {"aupc": float(precision.mean())}
    falling = confidence[order]
    # A cut can only be made between two different confidences.
    cuts = np.flatnonzero(np.append(falling[:-1] != falling[1:], True))
    for percent in (90, 95):
        good = cuts[precision[cuts] >= percent / 100]
        threshold = float(falling[good[-1]]) if len(good) else None
        answers = confidence >= (np.inf if threshold is None else threshold)
        figures[f"cov{percent}"] = float((right & answers).sum() / is_in.sum())
        figures[f"thr{percent}"] = threshold
        if not is_in.all():
            figures[f"oosrej@{percent}"] = float((~answers[~is_in]).mean())
    return figures


def _rejection(answered: Sequence[Answered], confidence: Numbers, is_in: Flags) -> dict[str, float]:
    inside, outside = confidence[is_in], confidence[~is_in]
    kinds = sorted({each.kind for each in answered if each.gold is None})
    of_kind = {
        kind: [each.confidence for each in answered if each.gold is None and each.kind == kind] for kind in kinds
    }
    return {
        "oos_auroc": _above(inside, outside),
        "oos_fpr95": float((outside >= np.quantile(inside, 0.05)).mean()),
        **{f"auroc_{kind}": _above(inside, np.array(values)) for kind, values in of_kind.items()},
    }


def _above(inside: Numbers, outside: Numbers) -> float:
    """How often the confidence of one from inside is above one from outside; a tie counts half."""
    ordered = np.sort(outside)
    below = np.searchsorted(ordered, inside, side="left") + np.searchsorted(ordered, inside, side="right")
    return float(below.sum() / 2 / (len(inside) * len(outside)))


def _share(facts: Any) -> float:
    found = list(facts)
    return sum(found) / len(found)
