"""Webhook intake: verified, deduplicated and committed before the answer, against routes that do less.

The bare route and the bare insert run in a web server of the same kind beside the product, one after the other and
several times over, so that what else the machine does falls on all of them.
"""

import contextlib
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from dataclasses import asdict, dataclass, replace
from typing import Any

import psycopg

from saas_admin.core.config import child_environment, get_settings
from saas_admin.core.engines.layout import free_port
from saas_admin.core.engines.process import wait_until
from saas_admin.platform.bench import bare, stack
from saas_admin.platform.bench.report import Budget, Report, median, milliseconds
from saas_admin.platform.bench.shop import Shop, open_shop
from saas_admin.platform.bench.webhooks import Number
from saas_admin.platform.places import ROOT

CUSTOMERS = 200
REPEATED = 20
"""Every twentieth webhook comes twice."""
SETTLE_SECONDS = 300


@dataclass(frozen=True)
class Size:
    rounds: int
    requests: int
    steady_seconds: int
    connections: tuple[int, ...] = (1, 16)


QUICK, FULL = Size(2, 600, 5), Size(5, 2000, 20)
STEADY_RATE = 100


def run(quick: bool) -> Report:
    with stack.instance():
        return measure(open_shop(), QUICK if quick else FULL)


def measure(shop: Shop, size: Size) -> Report:
    report = Report("ingest")
    fresh = 0
    with _bare_server() as port:
        aside = replace(shop.number, port=port)
        for connections in size.connections:
            rates: dict[str, list[float]] = {"durable": [], "bare": [], "insert": []}
            waits: list[float] = []
            for n in range(size.rounds + 1):
                for name, number, path in (
                    ("bare", aside, "/bare"),
                    ("insert", aside, "/insert"),
                    ("durable", shop.number, None),
                ):
                    count = size.requests if connections > 1 else size.requests // 2
                    found = _load(number, count, connections=connections, path=path)
                    if name == "durable":
                        fresh += found["fresh"]
                        _settle(shop, fresh)
                    if n:  # the first round only warms up
                        rates[name].append(found["sent"] / found["seconds"])
                        waits += found["took"] if name == "durable" else []
            report.figures |= _rates(rates, connections)
            report.figures[f"durable_{connections}_ms"] = milliseconds(waits, 50, 99)
    report.figures["handled_per_second"] = _drain(shop, fresh, size.requests)
    fresh += size.requests
    steady = _load(shop.number, STEADY_RATE * size.steady_seconds, rate=STEADY_RATE)
    fresh += steady["fresh"]
    report.figures["steady_100_per_second_ms"] = milliseconds(steady["took"], 50, 95, 99)
    report.figures |= _count(shop, fresh)
    _judge(report, steady)
    return report


def _judge(report: Report, steady: dict[str, Any]) -> None:
    figures = report.figures
    ratio = figures.get("durable_to_bare_16") or figures["durable_to_bare_1"]
    report.budgets = {
        "durable_to_bare": Budget(ratio, 0.5, 0.7, more_is_better=True),
        "p99_ms_at_100_per_second": Budget(milliseconds(steady["took"], 99)["p99"], 100),
        "lost_or_doubled": Budget(figures["lost"] + figures["doubled"], 0),
    }


def _rates(rates: dict[str, list[float]], connections: int) -> dict[str, Any]:
    """Ratios are taken round by round: what disturbs a round disturbs both of its halves."""
    figures: dict[str, Any] = {f"{name}_{connections}_per_second": median(values, 0) for name, values in rates.items()}
    for other in ("bare", "insert"):
        figures[f"durable_to_{other}_{connections}"] = median(
            [ours / theirs for ours, theirs in zip(rates["durable"], rates[other], strict=True)]
        )
    return figures


def _load(number: Number, requests: int, **more: Any) -> dict[str, Any]:
    order = {
        "number": asdict(number),
        "requests": requests,
        "customers": CUSTOMERS,
        "first": 0,
        "repeated": REPEATED,
        **more,
    }
    answer: dict[str, Any] = json.loads(
        stack.run_module("saas_admin.platform.bench.load", given=json.dumps(order)).stdout
    )
    if set(answer["statuses"]) != {"200"}:
        raise RuntimeError(f"not every webhook was answered with 200: {answer['statuses']}")
    return answer


def _drain(shop: Shop, before: int, requests: int) -> float:
    """How fast the workers turn a burst into messages."""
    began = time.perf_counter()
    _load(shop.number, requests, connections=16, repeated=0)
    _settle(shop, before + requests)
    return round(requests / (time.perf_counter() - began), 0)


def _settle(shop: Shop, events: int) -> None:
    """Until everything that came in is handled, so that the next round measures the intake and not the backlog."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while _counts(shop)[1] < events:
        if time.monotonic() > deadline:
            return
        time.sleep(0.05)


def _count(shop: Shop, fresh: int) -> dict[str, Any]:
    _settle(shop, fresh)
    stored, handled, messages, distinct = _counts(shop)
    return {
        "sent_distinct": fresh,
        "stored": stored,
        "handled": handled,
        "messages": messages,
        "lost": fresh - min(handled, distinct),
        "doubled": max(0, stored - fresh) + messages - distinct,
    }


def _counts(shop: Shop) -> tuple[int, int, int, int]:
    with psycopg.connect(get_settings().owner_database_url or "") as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM inbound_event WHERE company_id = %(c)s),"
            " (SELECT count(*) FROM inbound_event WHERE company_id = %(c)s AND handled_at IS NOT NULL),"
            " (SELECT count(*) FROM message WHERE company_id = %(c)s),"
            " (SELECT count(DISTINCT provider_id) FROM message WHERE company_id = %(c)s)",
            {"c": shop.company_id},
        ).fetchone()
    return row or (0, 0, 0, 0)


@contextlib.contextmanager
def _bare_server() -> Generator[int]:
    with psycopg.connect(get_settings().owner_database_url or "", autocommit=True) as connection:
        connection.execute(bare.TABLE)
        connection.execute(bare.GRANT)
    port = free_port()
    command = [sys.executable, "-m", "saas_admin.platform.bench.bare", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=child_environment())
    try:
        wait_until(lambda: _answers(port), "the bare server", 30)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/bare", data=b"x", method="POST")
    with (
        contextlib.suppress(urllib.error.URLError, ConnectionError),
        urllib.request.urlopen(request, timeout=2) as answer,  # noqa: S310 - our own address
    ):
        return answer.status == 200
    return False
