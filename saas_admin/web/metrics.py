"""GET /metrics for Prometheus: from this machine, or with the token of the settings."""

import hmac

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from saas_admin.core.config import get_settings
from saas_admin.web.proxies import is_from_this_machine


async def metrics(request: Request) -> Response:
    if not _may_read(request):
        return PlainTextResponse("", status_code=404)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _may_read(request: Request) -> bool:
    token = get_settings().metrics_token
    given = request.headers.get("authorization", "")
    if token and hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode()):
        return True
    return is_from_this_machine(request)


routes = [Route("/metrics", metrics, methods=["GET"])]
