"""Seven questions, small enough to count by hand."""

import pytest

from saas_admin.platform.bench.ranking import Answered, measure

ASKED = (
    Answered("a", "in", ("a", "b", "c"), 0.9),
    Answered("b", "in", ("b", "a", "c"), 0.8),
    Answered(None, "near", ("a", "b", "c"), 0.7),
    Answered("c", "in", ("c", "a", "b"), 0.6),
    Answered("a", "in", ("b", "a", "c"), 0.5),
    Answered("a", "in", ("b", "c", "d", "a"), 0.4),
    Answered(None, "far", ("a", "b", "c"), 0.4),
)


def test_figures_of_ranking_are_over_questions_that_have_an_answer():
    figures = measure(ASKED)

    assert (figures["n"], figures["n_in"], figures["n_oos"]) == (7, 5, 2)
    assert figures["top1"] == pytest.approx(3 / 5)
    assert figures["recall3"] == pytest.approx(4 / 5)
    assert figures["mrr"] == pytest.approx((1 + 1 + 1 + 1 / 2 + 1 / 4) / 5)


def test_precision_is_taken_over_all_and_coverage_where_it_holds():
    figures = measure(ASKED)

    assert figures["aupc"] == pytest.approx((1 + 1 + 2 / 3 + 3 / 4 + 3 / 5 + 3 / 6 + 3 / 7) / 7)
    assert (figures["cov90"], figures["thr90"], figures["oosrej@90"]) == (pytest.approx(2 / 5), 0.8, 1.0)
    assert (figures["cov95"], figures["thr95"], figures["oosrej@95"]) == (pytest.approx(2 / 5), 0.8, 1.0)


def test_what_has_no_answer_should_be_less_sure_and_a_tie_counts_half():
    figures = measure(ASKED)

    # Above 0.7: two of five; above 0.4: four, and one as sure.
    assert figures["auroc_near"] == pytest.approx(2 / 5)
    assert figures["auroc_far"] == pytest.approx(4.5 / 5)
    assert figures["oos_auroc"] == pytest.approx(6.5 / 10)
    # 95 % of the five stay from 0.42 on: the near one does too.
    assert figures["oos_fpr95"] == pytest.approx(1 / 2)


def test_a_threshold_fixed_beforehand():
    assert measure(ASKED, 0.6)["at_threshold"] == {
        "threshold": 0.6,
        "answered": pytest.approx(4 / 7),
        "precision": pytest.approx(3 / 4),
        "coverage": pytest.approx(3 / 5),
        "oos_rejected": pytest.approx(1 / 2),
    }
    assert measure(ASKED, 0.95)["at_threshold"]["precision"] is None


def test_nothing_is_cut_between_equal_confidences():
    figures = measure([Answered("a", "in", ("a",), 0.5), Answered("a", "in", ("b",), 0.5)])

    assert (figures["cov95"], figures["thr95"]) == (0.0, None)
    assert "oos_auroc" not in figures


def test_gold_that_was_never_found_counts_as_nothing():
    figures = measure([Answered("a", "in", (), 0.0), Answered("a", "in", ("a",), 1.0)])

    assert (figures["top1"], figures["recall3"], figures["mrr"]) == (0.5, 0.5, 0.5)


def test_without_a_single_answer_there_is_nothing_to_measure():
    with pytest.raises(ValueError, match="gold"):
        measure([Answered(None, "near", ("a",), 0.3)])
