"""How the shipped coefficients are made: `python -m saas_admin.bots.answering.fit FOLDER… --out DIR`.

A logistic regression on sets of FAQs with judged questions, each set with one, three and five phrasings per FAQ, whole
and as small companies that have a few of its FAQs; all with the same weight however many questions they have."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from saas_admin.adapters.embeddings.base import Matrix, Vector
from saas_admin.adapters.embeddings.registry import Encoders, installed
from saas_admin.bots.answering.calibrator import ANY_MODEL, Calibrator
from saas_admin.bots.answering.index import FaqIndex, answers_of, phrasings_of
from saas_admin.bots.answering.sets import FaqSet, noise_of, read_sets

SHOTS = (1, 3, 5)
SIZES, DRAWS = (5, 12), 4
"""FAQs of small companies, and how many of each size are drawn from a set. Without them a company of five FAQs with one
phrasing each was told 90 % where 71 of 100 were right."""
MOST_ASKED = 800
"""Questions of a set, evenly from its file: groups weigh the same however many there are, and more take hours."""
WHOLE = 3
PENALTY = 0.0026
"""Holds the weights back, the more the more questions there are. Chosen, like the features, by how sets did that were
left out of the fit: with a thirtieth of it, and with plain scores among the features, their mean loss was 0.58; so it
is 0.48, small companies 0.42."""
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
            for each in map(_at_most, read_sets(folder, shots)):
                yield from _asked(each, encoders)
                if change is not None:
                    yield from _asked(each.rewritten(change), encoders)


def fit(samples: Sequence[Sample], models: str) -> Calibrator:
    names = tuple(samples[0].features)
    rows = np.array([[sample.features[name] for name in names] for sample in samples])
    right = np.array([sample.is_right for sample in samples], dtype=float)
    weights = _weights([sample.group for sample in samples])
    means = np.average(rows, axis=0, weights=weights)
    scales = np.sqrt(np.average((rows - means) ** 2, axis=0, weights=weights))
    scales[scales < TINY] = 1.0
    standard = np.hstack([(rows - means) / scales, np.ones((len(rows), 1))])
    found = _logistic(standard, right, weights)
    return Calibrator(
        models, names, tuple(means.tolist()), tuple(scales.tolist()), tuple(found[:-1].tolist()), float(found[-1])
    )


def _at_most(each: FaqSet) -> FaqSet:
    return replace(each, queries=each.queries[:: -(-len(each.queries) // MOST_ASKED)])


def _asked(each: FaqSet, encoders: Encoders) -> Iterator[Sample]:
    """The set's questions, asked of the whole set and of small companies that have a few of its FAQs."""
    phrasings, answers = encoders.embed(phrasings_of(each.faqs)), answers_of(each.faqs, encoders)
    owners = np.repeat(np.arange(len(each.faqs)), [len(faq.phrasings) for faq in each.faqs])
    whole = FaqIndex.build(each.faqs, language=each.language, calibrator=_NO_OPINION)
    asked = encoders.embed([whole.spelled(query.text) for query in each.queries])
    for size, faqs, queries in _companies(each):
        index = FaqIndex.build(
            [each.faqs[number] for number in faqs],
            {model: rows[np.isin(owners, faqs)] for model, rows in phrasings.items()},
            language=each.language,
            answers={model: rows[faqs] for model, rows in answers.items()},
            calibrator=_NO_OPINION,
        )
        for number in queries:
            query = each.queries[number]
            found = index.rank(query.text, {model: rows[number] for model, rows in asked.items()})
            if found.route == "scored":
                yield Sample(f"{each.name} {size}", found.features, found.ranked[0].faq_id == query.gold)


def _companies(each: FaqSet) -> Iterator[tuple[str, list[int], list[int]]]:
    """Numbers of FAQs and of questions. To a small company a question about a FAQ that it lacks is a near miss."""
    gold = np.array([query.gold or "" for query in each.queries])
    yield "whole", list(range(len(each.faqs))), list(range(len(gold)))
    chance = np.random.default_rng(len(each.faqs))
    for size in SIZES:
        for _ in range(DRAWS):
            faqs = sorted(chance.choice(len(each.faqs), size, replace=False).tolist())
            inside = np.flatnonzero(np.isin(gold, [each.faqs[number].id for number in faqs]))
            outside = np.setdiff1d(np.arange(len(gold)), inside)
            few = chance.choice(outside, min(len(outside), len(inside)), replace=False)
            yield f"of {size}", faqs, [*inside.tolist(), *few.tolist()]


def _weights(groups: Sequence[str]) -> Vector:
    """One for each sample: a group weighs the same however large it is, a whole set more than its small companies."""
    sizes = Counter(groups)
    weights = np.array([(WHOLE if group.endswith(" whole") else 1) / sizes[group] for group in groups])
    return weights * len(groups) / weights.sum()


def _logistic(rows: Matrix, right: Vector, weights: Vector) -> Vector:
    """Newton's method; the last column is the intercept, which is not held back."""
    found = np.zeros(rows.shape[1])
    held = np.full(rows.shape[1], PENALTY * len(rows))
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
