"""What speaks for and against the first answer, as named numbers for the calibrator."""

import math

import numpy as np

from saas_admin.adapters.embeddings.base import Vector
from saas_admin.bots.answering.views import Seen


def features(seen: Seen, total: Vector, *, tokens: int, faqs: int, phrasings: int) -> dict[str, float]:
    """For every view: its best score, the distance to its second, what it gives the winner, and whether it agrees.

    Names keep the order in which they are made; a calibrator carries the names that it was fitted on.
    """
    winner = int(np.argmax(total))
    found: dict[str, float] = {}
    for name, scores in [*((f"raw:{m}", s) for m, s in seen.raw.items()), *seen.near.items()]:
        best, margin = top(scores)
        found[f"{name}:best"] = best
        found[f"{name}:margin"] = margin
        found[f"{name}:winner"] = float(scores[winner])
        found[f"{name}:agrees"] = float(scores[winner] >= best)
    for name, scores in (("total", total), ("head", seen.head)):
        # A company with too few phrasings has no head: the total stands in for it.
        found[f"{name}:best"], found[f"{name}:margin"] = top(total if scores is None else scores)
    found["has_head"] = float(seen.head is not None)
    found["log_tokens"] = math.log1p(tokens)
    found["log_faqs"] = math.log(faqs)
    found["log_phrasings"] = math.log(phrasings / faqs)
    return found


def top(scores: Vector) -> tuple[float, float]:
    """The best score and how far the second is behind; a lonely FAQ has the whole of it as its margin."""
    if len(scores) == 1:
        return float(scores[0]), float(scores[0])
    second, best = np.partition(scores, len(scores) - 2)[-2:]
    return float(best), float(best - second)
