"""Webhook intake: verified, deduplicated and committed before the answer, against routes that do less.

The budget is a share of the bare INSERT, a route that stores the body and commits and does nothing else; how far both are
from a route that only answers is a figure beside it. The bare route and the bare insert run in a web server of the same kind beside the product, one after the other and
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

import psutil
import psycopg

from saas_admin.core.config import child_environment, get_settings
from saas_admin.core.engines import Layout
from saas_admin.core.engines.layout import free_port
from saas_admin.core.engines.process import wait_until
from saas_admin.platform.bench import bare, stack
from saas_admin.platform.bench.report import Budget, Report, median, milliseconds
from saas_admin.platform.bench.shop import Shop, open_shop
from saas_admin.platform.bench.webhooks import Number
from saas_admin.platform.places import ROOT
from saas_admin.platform.supervisor import Supervisor

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


QUICK, FULL = Size(3, 600, 5), Size(5, 2000, 20)
STEADY_RATE = 100


def run(quick: bool) -> Report:
    with stack.instance():
        return measure(open_shop(), QUICK if quick else FULL)


def measure(shop: Shop, size: Size) -> Report:
    report = Report("ingest")
    supervisor = Supervisor(Layout.at(get_settings().data_dir))
    # Ratios compare the intake alone; what the workers take from it shows in the burst and the steady hundred below.
    supervisor.stop("worker")
    with _bare_server() as aside:
        fresh = sum(_compare(report, shop, aside, size, connections) for connections in size.connections)
    began = time.perf_counter()
    supervisor.start("worker")
    _settle(shop, fresh)
    report.figures["backlog_handled_per_second"] = round(fresh / (time.perf_counter() - began), 0)
    burst = _load(shop.number, size.requests, connections=16)
    fresh += burst["fresh"]
    report.figures["durable_16_per_second_with_workers"] = round(burst["sent"] / burst["seconds"], 0)
    _settle(shop, fresh)
    steady = _load(shop.number, STEADY_RATE * size.steady_seconds, rate=STEADY_RATE)
    fresh += steady["fresh"]
    report.figures["steady_100_per_second_ms"] = milliseconds(steady["took"], 50, 95, 99)
    report.figures |= _count(shop, fresh)
    _judge(report, steady)
    return report


def _compare(report: Report, shop: Shop, aside: int, size: Size, connections: int) -> int:
    """The three routes in turn; answers how many different webhooks the product was sent."""
    other = replace(shop.number, port=aside)
    routes = {"bare": (other, "/bare"), "insert": (other, "/insert"), "durable": (shop.number, None)}
    rates: dict[str, list[float]] = {name: [] for name in routes}
    cpu: dict[str, list[float]] = {name: [] for name in routes}
    waits: list[float] = []
    fresh = 0
    for n in range(size.rounds + 1):
        for name, (number, path) in routes.items():
            processes = _serving(number.port)
            before = _cpu_seconds(processes)
            count = size.requests if connections > 1 else size.requests // 2
            found = _load(number, count, connections=connections, path=path)
            if name == "durable":
                fresh += found["fresh"]
            if n:  # the first round only warms up
                rates[name].append(found["sent"] / found["seconds"])
                cpu[name].append((_cpu_seconds(processes) - before) / found["sent"] * 1e6)
                waits += found["took"] if name == "durable" else []
    report.figures |= _rates(rates, connections)
    report.figures[f"durable_{connections}_ms"] = milliseconds(waits, 50, 99)
    # A busy machine stretches the clock, not the work.
    report.figures[f"web_cpu_us_each_{connections}"] = {name: median(values, 0) for name, values in cpu.items()}
    return fresh


def _serving(port: int) -> list[psutil.Process]:
    """The processes of the web server that listens there."""
    listening: list[Any] = [c for c in psutil.net_connections("tcp") if c.pid and c.status == psutil.CONN_LISTEN]
    return [psutil.Process(pid) for pid in {c.pid for c in listening if c.laddr.port == port}]


def _cpu_seconds(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def _judge(report: Report, steady: dict[str, Any]) -> None:
    figures = report.figures
    ratio = figures.get("durable_to_insert_16") or figures["durable_to_insert_1"]
    report.budgets = {
        "durable_to_bare_insert": Budget(ratio, 0.5, 0.7, more_is_better=True),
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
