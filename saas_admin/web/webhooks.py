"""POST /webhooks/{kind}/{public_id}: where providers knock. GET on the same path answers their handshake."""

import logging
import time
from typing import Any

from psycopg import Error as DatabaseError
from psycopg_pool import PoolTimeout
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from saas_admin.adapters.channels import registry
from saas_admin.channels.intake import Intake
from saas_admin.core import metrics
from saas_admin.core.config import get_settings
from saas_admin.web.request import BodyTooLarge, read_body

log = logging.getLogger(__name__)

BODY_LIMIT = 4 * 1024 * 1024
intake = Intake()

# The channel is looked up by one driver, its events are stored by another.
UNREACHABLE = (DatabaseError, SQLAlchemyError, PoolTimeout, OSError)


class Receiver:
    """A plain ASGI endpoint: what Starlette and Reflex put around a function (exception pages, CORS) doubled the cost of a webhook.

    200 when everything new is committed; 401, 404, 413 as refused; 503 (so that it comes again) when we cannot store.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        started = time.perf_counter()
        request = Request(scope, receive)
        kind = request.path_params["kind"]
        said, media_type = "", "text/plain"
        try:
            status = await self._accept(request, kind)
            if status == 200:
                said, media_type = registry.get(kind).acknowledgement
        except ClientDisconnect:
            return
        except Exception:
            log.exception("a webhook could not be taken")
            status = 500
        metrics.WEBHOOKS.labels(kind if kind in registry.kinds() else "unknown", str(status)).inc()
        metrics.WEBHOOK_SECONDS.observe(time.perf_counter() - started)
        await Response(said, status_code=status, media_type=media_type)(scope, receive, send)

    async def _accept(self, request: Request, kind: str) -> int:
        try:
            body = await read_body(request, BODY_LIMIT)
            verdict = await intake.accept(
                kind, request.path_params["public_id"], request.headers, body, url=_called(request)
            )
        except BodyTooLarge:
            return 413
        except UNREACHABLE as error:
            log.warning("a webhook could not be stored: %s", type(error).__name__)
            return 503
        return verdict.status


def _called(request: Request) -> str:
    """Our public address as the provider called it: from the setting, never from the Host header."""
    query = request.scope.get("query_string", b"").decode("latin-1")
    path = request.scope.get("raw_path", request.scope["path"].encode()).decode("latin-1").split("?")[0]
    return f"{get_settings().public_url}{path}{'?' + query if query else ''}"


async def handshake(request: Request) -> Response:
    kind = request.path_params["kind"]
    if kind not in registry.kinds():
        return PlainTextResponse("", status_code=404)
    try:
        answer = await intake.handshake(kind, request.path_params["public_id"], request.query_params)
    except UNREACHABLE as error:
        log.warning("a handshake could not be answered: %s", type(error).__name__)
        return PlainTextResponse("", status_code=503)
    return PlainTextResponse("", status_code=403) if answer is None else PlainTextResponse(answer)


routes = [
    Route("/webhooks/{kind}/{public_id}", Receiver(), methods=["POST"]),
    Route("/webhooks/{kind}/{public_id}", handshake, methods=["GET"]),
]
