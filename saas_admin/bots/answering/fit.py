"""How the shipped coefficients are made: `python -m saas_admin.bots.answering.fit FOLDER… --out DIR`.

A logistic regression on sets of FAQs with judged questions, each set with one, three and five phrasings per FAQ, all
sets with the same weight however many questions they have."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from saas_admin.adapters.embeddings.base import Matrix, Vector
from saas_admin.adapters.embeddings.registry import Encoders, installed
from saas_admin.bots.answering.calibrator import ANY_MODEL, Calibrator
from saas_admin.bots.answering.index import FaqIndex, answers_of, phrasings_of
from saas_admin.bots.answering.sets import FaqSet, noise_of, read_sets

SHOTS = (1, 3, 5)
PENALTY = 300.0
"""Holds the weights back. Chosen, like the features, by how sets did that were left out of the fit: with 10, and with
plain scores among the features, their mean loss was 0.58; so it is 0.47."""
STEPS = 50
TINY = 1e-9
_NO_OPINION = Calibrator("", (), (), (), (), 0.0)


@dataclass(frozen=True)
class Sample:
    """One question, answered by an index that had not seen it."""

    group: str
    features: dict[str, float]
    is_right: bool


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--noise", type=Path, help="a Python file with noisy(text): every question also in that spelling"
    )
    given = parser.parse_args(arguments)
    change = noise_of(given.noise) if given.noise else None
    both = installed()
    alone: list[Sample] = []
    for encoders in (Encoders(), *(Encoders((each,)) for each in both.each), both):
        samples = list(samples_of(given.folders, encoders, change))
        _write(given.out, fit(samples, encoders.key), samples)
        if len(encoders.each) == 1:
            alone.extend(samples)
    _write(given.out, fit(alone, ANY_MODEL), alone)


def _write(folder: Path, calibrator: Calibrator, samples: Sequence[Sample]) -> None:
    groups = sorted({sample.group for sample in samples})
    (folder / f"{calibrator.models}.json").write_text(calibrator.write(fitted_on=groups, questions=len(samples)))


def samples_of(
    folders: Sequence[Path], encoders: Encoders, change: Callable[[str], str] | None = None
) -> Iterator[Sample]:
    for folder in folders:
        for shots in SHOTS:
            for each in read_sets(folder, shots):
                yield from _asked(each, encoders)
                if change is not None:
                    yield from _asked(each.rewritten(change), encoders)


def fit(samples: Sequence[Sample], models: str) -> Calibrator:
    names = tuple(samples[0].features)
    rows = np.array([[sample.features[name] for name in names] for sample in samples])
    right = np.array([sample.is_right for sample in samples], dtype=float)
    weights = _even([sample.group for sample in samples])
    means = np.average(rows, axis=0, weights=weights)
    scales = np.sqrt(np.average((rows - means) ** 2, axis=0, weights=weights))
    scales[scales < TINY] = 1.0
    standard = np.hstack([(rows - means) / scales, np.ones((len(rows), 1))])
    found = _logistic(standard, right, weights)
    return Calibrator(
        models, names, tuple(means.tolist()), tuple(scales.tolist()), tuple(found[:-1].tolist()), float(found[-1])
    )


def _asked(each: FaqSet, encoders: Encoders) -> Iterator[Sample]:
    index = FaqIndex.build(
        each.faqs,
        encoders.embed(phrasings_of(each.faqs)),
        language=each.language,
        answers=answers_of(each.faqs, encoders),
        calibrator=_NO_OPINION,
    )
    vectors = encoders.embed([index.spelled(query.text) for query in each.queries])
    for number, query in enumerate(each.queries):
        answer = index.rank(query.text, {model: rows[number] for model, rows in vectors.items()})
        if answer.route == "scored":
            yield Sample(each.name, answer.features, answer.ranked[0].faq_id == query.gold)


def _even(groups: Sequence[str]) -> Vector:
    """A weight for each sample: every group together weighs the same, all of them as much as there are samples."""
    sizes = Counter(groups)
    return np.array([len(groups) / (len(sizes) * sizes[group]) for group in groups])


def _logistic(rows: Matrix, right: Vector, weights: Vector) -> Vector:
    """Newton's method; the last column is the intercept, which is not held back."""
    found = np.zeros(rows.shape[1])
    held = np.full(rows.shape[1], PENALTY)
    held[-1] = 0
    for _ in range(STEPS):
        guess = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (weights * (guess - right)) + held * found
        curve = (rows * (weights * guess * (1 - guess))[:, None]).T @ rows + np.diag(held + TINY)
        step = np.linalg.solve(curve, slope)
        found = found - step
        if np.abs(step).max() < TINY:
            break
    return found


if __name__ == "__main__":
    main()
