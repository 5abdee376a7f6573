import json
from collections import Counter
from pathlib import Path

import pytest

from saas_admin.adapters.embeddings.registry import Encoders
from saas_admin.bots.answering.fit import MOST_ASKED, fit, samples_of

THINGS = [
    "gorra",
    "boina",
    "fieltro",
    "paja",
    "lluvia",
    "viento",
    "talla",
    "color",
    "envío",
    "regalo",
    "cambio",
    "pago",
]


@pytest.fixture
def hats(tmp_path: Path) -> Path:
    """Twelve FAQs and twice as many questions as are asked, and one."""
    faqs = [{"id": thing, "lang": "es", "phrasings": [f"¿qué {thing}?", f"su {thing}"]} for thing in THINGS]
    asked = [THINGS[number % 12] for number in range(2 * MOST_ASKED + 1)]
    queries = [
        {"text": f"{thing if number % 2 else 'xyz'} {number}", "gold": thing, "kind": "in"}
        for number, thing in enumerate(asked)
    ]
    for name, rows in (("faqs", faqs), ("queries", queries)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    return tmp_path


def test_no_more_questions_of_a_set_are_asked_than_tell_it_apart(hats: Path):
    samples = list(samples_of([hats], Encoders()))
    groups = Counter(sample.group for sample in samples)

    assert groups[f"{hats.name} whole"] == 3 * 534  # every third of 1601, with one, three and five phrasings


def test_the_coefficients_do_not_depend_on_how_often_the_same_questions_are_counted(hats: Path):
    samples = list(samples_of([hats], Encoders()))
    once, thrice = fit(samples, "lexical"), fit(samples * 3, "lexical")

    assert thrice.weights == pytest.approx(once.weights, abs=1e-6)
    assert thrice.intercept == pytest.approx(once.intercept, abs=1e-6)
