"""The benches by name; each module has `run(quick) -> Report`, but for `faq`, which is asked about files."""

from importlib import import_module
from pathlib import Path
from typing import Any

from saas_admin.platform.bench.report import Report

NAMES = ("ingest", "live", "inbox", "widget", "pacing", "answers", "faq")


class Unusable(Exception):
    """What the bench was pointed at cannot be measured."""


def run(name: str, quick: bool) -> Report:
    """Loaded by name: a bench brings what it measures with it."""
    return import_module(f"saas_admin.platform.bench.{name}").run(quick)


def run_faq(folder: Path | None, k: int, options: dict[str, Any]) -> Report:
    from saas_admin.bots.answering.sets import BadSet
    from saas_admin.platform.bench import faq

    faqs: Path | None = options.get("faqs")
    place = folder or (faqs.parent if faqs else None)
    if place is None:
        raise Unusable("Which folder of FAQs? saas-admin bench faq FOLDER --k 3")
    try:
        return faq.run(place, k, **options)
    except BadSet as failure:
        raise Unusable(str(failure)) from None
