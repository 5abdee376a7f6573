"""The benches by name; each module has `run(quick) -> Report`."""

from importlib import import_module

from saas_admin.platform.bench.report import Report

NAMES = ("ingest", "live", "inbox", "widget", "pacing")


def run(name: str, quick: bool) -> Report:
    """Loaded by name: a bench brings what it measures with it."""
    return import_module(f"saas_admin.platform.bench.{name}").run(quick)
