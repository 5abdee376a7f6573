"""What the chat costs the page of a shop: bytes and requests before and after somebody opens it, and what it must not do.

Weighed over HTTP as served; then watched in a browser on a page of another origin, as a visitor has it.
"""

import contextlib
import functools
import gzip
import http.server
import shutil
import tempfile
import threading
import urllib.request
from collections.abc import Generator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from saas_admin.channels import service as channels
from saas_admin.core.config import get_settings
from saas_admin.core.i18n import LANGS
from saas_admin.core.work import Work
from saas_admin.platform.bench import stack
from saas_admin.platform.bench.report import Budget, Report
from saas_admin.platform.bench.shop import open_shop
from saas_admin.web import widget_assets

LOOKS = {"title": "Café Alborada", "color": "#5b2a1c", "greeting": "Hola, ¿qué café buscas?", "domains": "localhost"}
HOST_PAGE = """<!doctype html><html lang="es"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Una tienda</title><style>body{{margin:0;font:16px/1.5 sans-serif}}section{{height:900px}}</style>
<section><h1>Café</h1></section><section>Tazas</section><section>Nuestra casa</section>
<script async src="{origin}/widget.js" data-channel="{public_id}"></script></html>"""
# From before the first pixel: every shift that no input excuses.
WATCH = """window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries())
  if (!entry.hadRecentInput) window.shift += entry.value; }).observe({ type: "layout-shift", buffered: true });"""


def run(quick: bool) -> Report:
    with stack.instance():
        return measure(opens=2 if quick else 10)


def measure(opens: int) -> Report:
    report = Report("widget")
    admin = open_shop().admin
    with Work(admin) as work:
        public_id = channels.create(work, channels.check("webchat", "Chat web", LOOKS)).public_id
    origin = get_settings().public_url
    _weigh(report, origin, public_id)
    with _host_page(HOST_PAGE.format(origin=origin, public_id=public_id)) as page_url:
        seen = _browse(page_url, origin, opens)
    report.figures["browser"] = seen or "not measured: playwright or chromium is missing"
    report.budgets["requests_before_opening"] = Budget(seen.get("requests_before_opening"), 1, 1)
    report.budgets["layout_shift"] = Budget(seen.get("layout_shift"), 0, 0)
    report.budgets["third_party_requests"] = Budget(seen.get("third_party_requests"), 0, 0)
    report.budgets["cookies_and_storage_before_use"] = Budget(seen.get("kept_before_use"), 0, 0)
    return report


def _weigh(report: Report, origin: str, public_id: str) -> None:
    """Gzip as it travels. The page is the heavier language; the loader carries the channel's looks."""
    assets = widget_assets.load()
    parts = {
        "loader": _size(f"{origin}/widget.js?c={public_id}"),
        "page": max(_size(f"{origin}/widget/app/{public_id}?lang={lang}") for lang in LANGS),
        "style": _size(f"{origin}/widget/assets/{assets.style}"),
        "script": _size(f"{origin}/widget/assets/{assets.script}"),
    }
    report.figures["gzip_bytes"] = parts
    report.budgets["loader_bytes"] = Budget(parts["loader"], 5_000, 3_000)
    report.budgets["total_bytes"] = Budget(sum(parts.values()), 25_000, 20_000)


def _size(url: str) -> int:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})  # noqa: S310 - our own instance
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        body: bytes = answer.read()
    # A server that does not compress is weighed by what a proxy before it would send.
    return len(body) if answer.headers.get("Content-Encoding") == "gzip" else len(gzip.compress(body, 9))


@contextlib.contextmanager
def _host_page(html: str) -> Generator[str]:
    """A shop's page on an origin of its own."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "index.html").write_text(html, "utf-8")
        (Path(folder) / "favicon.ico").touch()
        handler = functools.partial(_Silent, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://localhost:{server.server_port}/"
            server.shutdown()


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        del format, args


def _browse(page_url: str, origin: str, opens: int) -> dict[str, Any]:
    chromium = shutil.which("chromium")
    if not chromium or not find_spec("playwright"):
        return {}
    from playwright.sync_api import sync_playwright  # a developer's tool: not there in every install

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        visits = [_visit(browser, page_url, origin) for _ in range(opens)]
        browser.close()
    worst = {name: max(visit[name] for visit in visits) for name in visits[0] if name != "open_ms"}
    return {**worst, "open_ms": sorted(visit["open_ms"] for visit in visits)[len(visits) // 2]}


def _visit(browser: Any, page_url: str, origin: str) -> dict[str, Any]:
    """A first visitor: looks, scrolls, opens, writes, closes."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.add_init_script(WATCH)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_url)
    launcher = page.locator("button.l")
    launcher.wait_for()
    page.mouse.wheel(0, 600)
    page.wait_for_timeout(600)
    page.mouse.wheel(0, -600)
    page.wait_for_timeout(600)
    before = [url for url in asked if url.startswith(origin)]
    kept = len(context.cookies()) + int(page.evaluate("localStorage.length + sessionStorage.length"))
    started = page.evaluate("performance.now()")
    launcher.click()
    box = page.frame_locator("iframe[src*='/widget/app/']").locator("textarea")
    box.wait_for()
    opened = page.evaluate("performance.now()")
    box.fill("Hola")
    box.press("Enter")
    page.frame_locator("iframe").locator(".me .meta").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_timeout(400)
    found = {
        "requests_before_opening": len(before),
        "requests_in_all": len([url for url in asked if url.startswith(origin)]),
        "third_party_requests": len([url for url in asked if not url.startswith((origin, page_url))]),
        "kept_before_use": kept,
        "layout_shift": round(page.evaluate("window.shift"), 5),
        "open_ms": round(opened - started),
    }
    context.close()
    return found
