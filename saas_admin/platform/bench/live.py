"""A message comes in: how long until every open dashboard has it, and until a browser shows it."""

import http.client
import json
import shutil
import time
import urllib.request
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any

from saas_admin.core.config import get_settings
from saas_admin.platform.bench import stack
from saas_admin.platform.bench.report import Budget, Report, milliseconds
from saas_admin.platform.bench.shop import EMAIL, PASSWORD, Shop, open_shop

RATE = 4
# Writes down when each marked message first stands in the page.
WATCH = r"""() => {
  window.__seen = {};
  const look = () => {
    for (const found of document.body.innerText.matchAll(/bench-(\d+)\./g)) window.__seen[found[1]] ??= Date.now();
  };
  look();
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@dataclass(frozen=True)
class Size:
    dashboards: tuple[int, ...]
    messages: int


QUICK, FULL = Size((1, 50), 20), Size((1, 50, 200), 60)


def run(quick: bool) -> Report:
    with stack.instance():
        return measure(open_shop(), QUICK if quick else FULL)


def measure(shop: Shop, size: Size) -> Report:
    report, cookie = Report("live"), _sign_in()
    _crowd(shop, cookie, 1, 8)  # warms up: the first message opens connections everywhere
    for n in size.dashboards:
        report.figures[f"dashboards_{n}"] = found = _crowd(shop, cookie, n, size.messages)
        if n in (1, 200):
            report.budgets[f"p95_ms_{n}"] = Budget(found["ms"]["p95"], 150 if n == 1 else 300, 80 if n == 1 else 150)
    report.budgets["lost"] = Budget(sum(f["lost"] for f in report.figures.values()), 0)
    shown = _browser(shop, cookie, size.messages)
    report.figures["browser_ms"] = shown or "not measured: playwright or chromium is missing"
    report.budgets["browser_p50_ms"] = Budget(shown.get("p50"), 60, 30)
    report.budgets["browser_p95_ms"] = Budget(shown.get("p95"), 150, 80)
    return report


def _crowd(shop: Shop, cookie: str, dashboards: int, messages: int) -> dict[str, Any]:
    order = {
        "number": asdict(shop.number),
        "cookie": cookie,
        "origin": get_settings().public_url,
        "dashboards": dashboards,
        "messages": messages,
        "rate": RATE,
    }
    found = json.loads(stack.run_module("saas_admin.platform.bench.dashboards", given=json.dumps(order)).stdout)
    return {
        "ms": milliseconds(found["took"], 50, 95),
        "lost": found["expected"] - len(found["took"]),
        "all_entered_seconds": round(found["entered_seconds"], 2),
    }


def _browser(shop: Shop, cookie: str, messages: int) -> dict[str, float]:
    chromium = shutil.which("chromium")
    if not chromium or not find_spec("playwright"):
        return {}
    from playwright.sync_api import sync_playwright

    origin = get_settings().public_url
    name, _, value = cookie.partition("=")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": name, "value": value, "url": origin}])
        page = context.new_page()
        page.goto(f"{origin}/inbox")
        page.get_by_text("bench-").first.wait_for()
        page.evaluate(WATCH)
        posted = {n: _post(shop, n) for n in range(10_000, 10_000 + messages)}
        page.wait_for_timeout(1500)
        seen: dict[str, float] = page.evaluate("() => window.__seen")
        browser.close()
    took = [seen[str(n)] / 1000 - at for n, at in posted.items() if str(n) in seen]
    return {**milliseconds(took, 50, 95), "shown": len(took), "of": messages}


def _post(shop: Shop, n: int) -> float:
    """When the webhook began, by the clock that the browser reads too."""
    head, _, body = shop.number.request(n % 5, f"bench-{n}.").partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    connection = http.client.HTTPConnection(shop.number.host, shop.number.port, timeout=10)
    began = time.time()
    connection.request("POST", shop.number.path, body, headers)
    connection.getresponse().read()
    connection.close()
    time.sleep(max(0.0, 1 / RATE - (time.time() - began)))
    return began


def _sign_in() -> str:
    """The session cookie, as the sign-in page gets it."""
    origin = get_settings().public_url
    form = json.dumps({"email": EMAIL, "password": PASSWORD, "keep": False, "lang": "es"}).encode()
    headers = {"Content-Type": "application/json", "Origin": origin}
    request = urllib.request.Request(f"{origin}/auth/sign-in", form, headers, method="POST")  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        return answer.headers["set-cookie"].split(";")[0]
