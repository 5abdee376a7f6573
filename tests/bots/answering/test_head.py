import numpy as np
import pytest

from saas_admin.bots.answering.head import RIDGE, Head


def test_the_head_is_a_ridge_regression_on_who_owns_a_phrasing():
    head = Head.fit(np.eye(2), [0, 1], 2)

    assert head.scores(np.array([1.0, 0.0])) == pytest.approx([1 / (1 + RIDGE), 0.0])
    assert head.scores(np.array([0.5, 0.5])) == pytest.approx([0.5 / (1 + RIDGE), 0.5 / (1 + RIDGE)])
