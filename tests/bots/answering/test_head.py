import numpy as np
import pytest

from saas_admin.bots.answering.head import HELD, Head


def alike(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    return rows @ others.T


def unit(*rows: tuple[float, ...]) -> np.ndarray:
    found = np.array(rows, dtype=float)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


PHRASINGS = unit((1, 0.2, 0.1), (1, -0.2, 0.1), (1, 0, -0.3), (0, 1, 0.2), (0.2, 1, 0), (-0.1, 1, -0.2))
OWNERS = [0, 0, 0, 1, 1, 1]


def test_it_is_the_discriminant_of_pairs_of_signs():
    head = Head.fit(alike(PHRASINGS, PHRASINGS), OWNERS, 2)
    question = unit((0.6, 0.5, 0.4))

    # (1 + x · y)² / 4 is the scalar product of these: the sign that all share, each sign, and each pair of signs.
    def pairs(rows: np.ndarray) -> np.ndarray:
        return np.array([np.outer([1, *row], [1, *row]).ravel() / 2 for row in rows])

    known, asked = pairs(PHRASINGS), pairs(question)
    middles = np.array([known[:3].mean(axis=0), known[3:].mean(axis=0)])
    inside = known - np.repeat(middles, 3, axis=0)
    pull = np.linalg.inv(inside.T @ inside + HELD * np.eye(known.shape[1])) @ middles.T * HELD

    def told(rows: np.ndarray) -> np.ndarray:
        return rows @ pull - 0.5 * np.einsum("ij,ji->i", middles, pull)

    own = np.mean(told(known)[range(6), OWNERS])
    other = np.mean(told(known)[range(6), [1 - owner for owner in OWNERS]])
    assert head.scores(alike(question, PHRASINGS)[0]) == pytest.approx((told(asked)[0] - other) / (own - other))


def test_a_companys_own_phrasings_have_one_for_their_faq_and_nothing_for_the_other():
    head = Head.fit(alike(PHRASINGS, PHRASINGS), OWNERS, 2)
    scores = np.array([head.scores(row) for row in alike(PHRASINGS, PHRASINGS)])

    assert scores[range(6), OWNERS].mean() == pytest.approx(1.0)
    assert scores[range(6), [1 - owner for owner in OWNERS]].mean() == pytest.approx(0.0)


def test_what_sets_phrasings_of_one_faq_apart_says_less_than_what_sets_faqs_apart():
    # Each FAQ is asked for politely and rudely (second sign); only the third sign tells them apart.
    rows = unit((1, 1, 0.4), (1, -0.5, 0.4), (1, 0.5, -0.4), (1, -1, -0.4))
    head = Head.fit(alike(rows, rows), [0, 0, 1, 1], 2)
    question = unit((1, -1, 0.15))

    closest = int(np.argmax(alike(question, rows)))
    scores = head.scores(alike(question, rows)[0])

    assert closest == 3
    assert scores[0] > scores[1]


@pytest.mark.parametrize("owners", [[0, 0, 0], [0, 1, 1]])
def test_a_lonely_faq_and_phrasings_that_are_all_alike_are_no_error(owners: list[int]):
    head = Head.fit(np.zeros((3, 3)), owners, max(owners) + 1)

    assert np.isfinite(head.scores(np.zeros(3))).all()
