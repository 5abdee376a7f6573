"""GET /metrics for Prometheus: from this machine, or with the token of the settings."""

import hmac
import ipaddress

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from saas_admin.core.config import get_settings


async def metrics(request: Request) -> Response:
    if not _may_read(request):
        return PlainTextResponse("", status_code=404)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _may_read(request: Request) -> bool:
    token = get_settings().metrics_token
    given = request.headers.get("authorization", "")
    if token and hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode()):
        return True
    # A proxy on this machine speaks for the whole world, so one that forwards is not "this machine".
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


routes = [Route("/metrics", metrics, methods=["GET"])]
