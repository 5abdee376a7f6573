"""The bot's answers to judged questions, by the very code that answers customers. Needs no engines.

`run(folder, k)` reads FAQ sets (see `saas_admin.bots.answering.sets`) and gives one block of figures for each.
With `noisy` every question is first rewritten by `noisy(text)` of the `noise.py` in the folder or the one above, or of
the file `noise`; that file is run.
"""

import time
from pathlib import Path
from typing import Any

import psutil

from saas_admin.adapters.embeddings.registry import Encoders, installed
from saas_admin.bots.answering.index import FaqIndex, Ranking, answers_of, phrasings_of
from saas_admin.bots.answering.routes import DIRECT_AT
from saas_admin.bots.answering.sets import FaqSet, noise_of, read_sets
from saas_admin.bots.answering.warm import warm
from saas_admin.platform.bench.ranking import Answered, measure
from saas_admin.platform.bench.report import Report, milliseconds


def run(
    folder: Path,
    k: int,
    *,
    lang: str | None = None,
    noisy: bool = False,
    noise: Path | None = None,
    threshold: float = DIRECT_AT,
    faqs: Path | None = None,
    queries: Path | None = None,
) -> Report:
    sets = read_sets(folder, k, lang=lang, faqs=faqs, queries=queries)
    change = noise_of(noise or _noise_near(folder)) if noise or noisy else None
    warm()
    encoders = installed()
    report = Report("faq", {"encoders": encoders.key, "k": k, "noisy": change is not None})
    for each in sets:
        report.figures[each.name] = _figures(each if change is None else each.rewritten(change), encoders, threshold)
    report.figures["rss_mb"] = round(psutil.Process().memory_info().rss / 1e6, 1)
    return report


def _noise_near(folder: Path) -> Path:
    beside = folder / "noise.py"
    return beside if beside.is_file() else folder.resolve().parent / "noise.py"


def _figures(each: FaqSet, encoders: Encoders, threshold: float) -> dict[str, Any]:
    vectors, answers = encoders.embed(phrasings_of(each.faqs)), answers_of(each.faqs, encoders)
    started = time.perf_counter()
    index = FaqIndex.build(each.faqs, vectors, language=each.language, answers=answers)
    built = time.perf_counter() - started
    seconds: list[float] = []
    answered: list[Answered] = []
    for query in each.queries:
        started = time.perf_counter()
        ranking = index.ask(query.text, encoders)
        seconds.append(time.perf_counter() - started)
        answered.append(_answered(query.gold, query.kind, ranking))
    return {
        **_rounded(measure(answered, threshold)),
        "ms_per_query": round(sum(seconds) / len(seconds) * 1000, 2),
        "ms": milliseconds(seconds, 50, 95, 99),
        "build_ms": round(built * 1000, 1),
    }


def _answered(gold: str | None, kind: str, ranking: Ranking) -> Answered:
    return Answered(gold, kind, tuple(scored.faq_id for scored in ranking.ranked), ranking.confidence)


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: _round(value) for name, value in figures.items()}


def _round(value: Any) -> Any:
    if isinstance(value, dict):
        return _rounded(value)
    return round(value, 4) if isinstance(value, float) else value
