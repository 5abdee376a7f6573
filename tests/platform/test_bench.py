"""The shape of what a bench answers. How fast anything is, is no test: machines differ and are busy."""

import json
from typing import Any

import pytest

from saas_admin.platform.bench import inbox, registry
from saas_admin.platform.bench.report import Budget, Report, percentile
from saas_admin.platform.bench.shop import open_shop


@pytest.mark.usefixtures("db", "valkey")
def test_a_bench_answers_in_the_shape_of_the_contract():
    report = inbox.measure(open_shop(), inbox.Size(40, 60, 1))

    answer: dict[str, Any] = json.loads(json.dumps(report.json()))
    assert set(answer) == {"bench", "machine", "figures", "budgets"}
    assert answer["bench"] == "inbox"
    assert answer["machine"]["cpus"] > 0
    assert set(answer["budgets"]) == {"worst_p95_ms", "worst_growth", "search_p95_ms"}
    for budget in answer["budgets"].values():
        assert set(budget) == {"value", "must", "aim", "ok"}
        assert isinstance(budget["ok"], bool)
    assert {"open_thread", "list_pending_mine", "list_tag_often", "search_rare_word", "reply"} <= set(
        answer["figures"]["large_ms"]
    )


@pytest.mark.parametrize(
    ("budget", "ok"),
    [
        (Budget(50.0, 50), True),
        (Budget(50.1, 50), False),
        (Budget(0.5, 0.5, 0.7, more_is_better=True), True),
        (Budget(0.49, 0.5, 0.7, more_is_better=True), False),
        (Budget(None, 50), False),
    ],
)
def test_a_budget_is_missed_when_it_is_worse_than_must_or_not_measured(budget: Budget, ok: bool):
    assert Report("x", budgets={"b": budget}).ok is ok
    assert budget.json()["ok"] is ok


def test_percentiles_are_of_the_values_measured():
    assert [percentile([3.0, 1.0, 2.0], p) for p in (0, 50, 95, 100)] == [1.0, 2.0, 3.0, 3.0]


def test_the_command_knows_the_benches():
    assert registry.NAMES == ("ingest", "live", "inbox", "widget", "pacing", "answers", "faq")
