"""What speaks for and against the first answer, as named numbers for the calibrator.

Few, and none of them a plain score of an encoder: with those the calibrator learned its sets by heart and was too sure
of itself on a company it had not seen.
"""

import math

import numpy as np

from saas_admin.adapters.embeddings.base import Vector
from saas_admin.bots.answering.views import Seen


def features(seen: Seen, total: Vector, phrasings_each: float) -> dict[str, float]:
    """For every view: its best score, the distance to its second, what it gives the winner, and whether it agrees."""
    winner = int(np.argmax(total))
    found = _view("char", seen.near["char"], winner) | _view("bm25", seen.near["bm25"], winner)
    if seen.meaning is not None:
        # The encoders, measured by the company's own yardsticks: those hold for every model and any number of FAQs.
        found |= _view("any", seen.meaning, winner) | {"any:beyond": seen.beyond}
    # A company with too few phrasings has no head: the total stands in for it.
    found["head:best"], found["head:margin"] = top(total if seen.head is None else seen.head)
    found["answer:agrees"] = float(seen.answer is not None and seen.answer[winner] >= seen.answer.max())
    found["log_phrasings"] = math.log(phrasings_each)
    found["log_faqs"] = math.log(len(total))
    return found


def top(scores: Vector) -> tuple[float, float]:
    """The best score and how far the second is behind; a lonely FAQ has the whole of it as its margin."""
    if len(scores) == 1:
        return float(scores[0]), float(scores[0])
    second, best = np.partition(scores, len(scores) - 2)[-2:]
    return float(best), float(best - second)


def _view(name: str, scores: Vector, winner: int) -> dict[str, float]:
    best, margin = top(scores)
    of_winner = float(scores[winner])
    return {
        f"{name}:best": best,
        f"{name}:margin": margin,
        f"{name}:winner": of_winner,
        f"{name}:agrees": float(of_winner >= best),
    }
