"""/healthz: this process lives. /readyz: it can do its work (engines reachable, migrations current, disk writable)."""

import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas_admin.platform.health import Check, ready_checks

# /readyz is public and asks the engines: however often it is called, they are asked once a second.
KEEP_SECONDS = 1.0
_last: tuple[float, list[Check]] = (0.0, [])


async def healthz(_request: Request) -> Response:
    return JSONResponse({"ok": True})


async def readyz(_request: Request) -> Response:
    checks = await run_in_threadpool(_recent_checks)
    ok = all(check.ok for check in checks)
    body = {"ok": ok, "checks": {check.name: {"ok": check.ok, "sentence": check.sentence} for check in checks}}
    return JSONResponse(body, status_code=200 if ok else 503, headers={"Cache-Control": "no-store"})


def _recent_checks() -> list[Check]:
    global _last
    asked_at, checks = _last
    if not checks or time.monotonic() - asked_at > KEEP_SECONDS:
        checks = ready_checks()
        _last = (time.monotonic(), checks)
    return checks


routes = [Route("/healthz", healthz), Route("/readyz", readyz)]
