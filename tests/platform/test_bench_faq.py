"""`saas-admin bench faq` on files of a hat shop."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from saas_admin.bots.answering.sets import read_sets
from saas_admin.cli import app
from tests.bots.answering.shop import HATS

QUERIES = [
    {"text": "a que hora abris", "gold": "horario", "kind": "in"},
    {"text": "como lavo el fieltro", "gold": "lavado", "kind": "in"},
    {"text": "la capital de Mongolia", "gold": None, "kind": "oos_general"},
]


def lines(file: Path, rows: list[dict[str, Any]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file


@pytest.fixture
def hats(tmp_path: Path) -> Path:
    folder = tmp_path / "hats"
    faqs = [{"id": faq.id, "lang": "es", "answer": faq.answer, "phrasings": list(faq.phrasings)} for faq in HATS]
    lines(folder / "faqs.jsonl", faqs)
    lines(folder / "queries_dev.jsonl", QUERIES)
    lines(folder / "queries_dev_en.jsonl", [{"text": "what time do you open", "gold": "horario", "kind": "in"}])
    return folder


def bench(*arguments: object) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["bench", "faq", *(str(each) for each in arguments), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_it_answers_in_the_shape_of_a_bench_with_the_figures_of_the_set(hats: Path):
    report = bench(hats, "--k", 3, "--threshold", 0.5)

    assert set(report) == {"bench", "machine", "figures", "budgets"}
    assert (report["bench"], report["figures"]["encoders"], report["figures"]["k"]) == ("faq", "use3+e5s", 3)
    assert report["figures"]["rss_mb"] > 0
    figures = report["figures"]["hats"]
    assert (figures["n"], figures["n_in"], figures["n_oos"], figures["top1"]) == (3, 2, 1, 1.0)
    assert figures["at_threshold"]["threshold"] == 0.5
    assert figures["at_threshold"]["oos_rejected"] == 1.0
    assert figures["ms_per_query"] > 0


def test_a_folder_of_sets_gives_a_block_for_each_that_has_the_language(hats: Path, tmp_path: Path):
    lines(tmp_path / "gloves" / "faqs.jsonl", [{"id": "g", "lang": "es", "phrasings": ["guantes", "manoplas"]}])
    lines(tmp_path / "gloves" / "queries.jsonl", [{"text": "guantes?", "gold": "g", "kind": "in"}])

    assert {"hats", "gloves"} <= bench(tmp_path, "--k", 1)["figures"].keys()
    english = bench(tmp_path, "--k", 3, "--lang", "en")["figures"]
    assert "gloves" not in english
    assert (english["hats"]["n"], english["hats"]["top1"]) == (1, 1.0)


def test_files_by_another_name_and_noise_from_a_file(hats: Path, tmp_path: Path):
    held = lines(tmp_path / "held.jsonl", [{"text": "x", "gold": "talla", "kind": "in"}])
    noise = tmp_path / "noise.py"
    noise.write_text('def noisy(text):\n    return "guia de tallas"\n')

    given = bench(hats, "--queries", held, "--noise", noise)["figures"]
    assert (given["noisy"], given["hats"]["n"], given["hats"]["top1"]) == (True, 1, 1.0)
    assert bench(hats, "--queries", held, "--noisy")["figures"]["hats"]["top1"] == 1.0
    assert bench(hats, "--queries", held)["figures"]["hats"]["top1"] == 0.0


def test_more_phrasings_are_taken_from_the_file_that_holds_them(hats: Path):
    lines(hats / "faqs_5shot.jsonl", [{"id": "a", "lang": "es", "phrasings": ["1", "2", "3", "4", "5"]}])

    assert len(read_sets(hats, 5)[0].faqs) == 1
    assert [len(faq.phrasings) for faq in read_sets(hats, 3)[0].faqs] == [3, 3, 3, 3]
    assert [len(faq.phrasings) for faq in read_sets(hats, 2)[0].faqs] == [2, 2, 2, 2]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Which folder"),
        (["nowhere"], "holds no faqs.jsonl"),
        (["hats", "--lang", "fr"], "no queries in fr"),
        (["hats", "--queries", "hats/bad.jsonl"], "not JSON lines"),
        (["hats", "--queries", "hats/half.jsonl"], "every line needs"),
        (["hats", "--noise", "hats/none.py"], "not a Python file"),
    ],
)
def test_what_cannot_be_measured_is_said(
    hats: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], sentence: str
):
    monkeypatch.chdir(tmp_path)
    (hats / "bad.jsonl").write_text("{")
    lines(hats / "half.jsonl", [{"text": "x"}])

    result = CliRunner().invoke(app, ["bench", "faq", *arguments])

    assert result.exit_code == 1
    assert sentence in result.output
