"""The widget's routes: the loader a shop's page asks for, the chat page in the iframe, their files, and /widget/v1."""

import hashlib
import logging
from typing import Any
from urllib.parse import urlsplit

import redis
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute

from saas_admin.core import doors
from saas_admin.core.doors import FoundChannel
from saas_admin.core.errors import NotFound, Throttled
from saas_admin.core.realtime import sync_client
from saas_admin.web import widget_api, widget_assets, widget_page, widget_session
from saas_admin.web.buckets import Bucket, take
from saas_admin.web.proxies import client_ip
from saas_admin.web.widget_assets import pack
from saas_admin.web.widget_live import live

log = logging.getLogger(__name__)

FIVE_MINUTES = "public, max-age=300, stale-while-revalidate=86400"
FOR_EVER = "public, max-age=31536000, immutable"
HOST_TTL = 90 * 24 * 3600
MOST_CHANNELS = 4
REMEMBER = Bucket("widget-host-ip", 20, 1 / 600)


async def loader(request: Request) -> Response:
    """/widget.js: one request before anybody chats, so the looks of the page's channel are inside.

    Which channel that is, the snippet's data attribute cannot tell us: we go by `?c=`, else by the site that asks.
    """
    looks = await run_in_threadpool(_looks_for, request)
    body = widget_page.loader_script(looks).encode()
    return _cached(
        request,
        body,
        "text/javascript; charset=utf-8",
        FIVE_MINUTES,
        {"Vary": "Accept-Encoding, Referer"},
    )


async def app_page(request: Request) -> Response:
    public_id = request.path_params["public_id"]
    lang, is_dark = (
        request.query_params.get("lang", ""),
        request.query_params.get("theme") == "dark",
    )
    channel = await run_in_threadpool(_channel, public_id)
    if channel:
        await run_in_threadpool(_remember_host, request, channel, public_id)
    html = await run_in_threadpool(lambda: widget_page.app_page(channel, lang, is_dark=is_dark, public_id=public_id))
    response = HTMLResponse(html, 200 if channel else 404, widget_page.page_headers(channel))
    return _packed(request, response)


async def asset(request: Request) -> Response:
    found = widget_assets.load().files.get(request.path_params["name"])
    if found is None:
        return Response(status_code=404)
    headers = {
        "Cache-Control": FOR_EVER,
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    if _accepts_gzip(request):
        return Response(
            found.packed,
            media_type=found.media_type,
            headers={**headers, "Content-Encoding": "gzip"},
        )
    return Response(found.content, media_type=found.media_type, headers=headers)


def _looks_for(request: Request) -> dict[str, dict[str, Any]]:
    """A page is told only of chats that may stand on it. Without a database the loader still comes, undressed."""
    asked, host = request.query_params.get("c"), _host(request)
    try:
        ids = [asked] if asked else _known_on(host)
        found = {public_id: channel for public_id in ids if (channel := _channel(public_id))}
        return {
            public_id: widget_page.looks_of(channel)
            for public_id, channel in found.items()
            if asked or widget_page.allows(channel.settings, host)
        }
    except (OperationalError, InterfaceError) as error:
        log.warning("widget.js without looks: %s", type(error).__name__)
        return {}


def _known_on(host: str) -> list[str]:
    """Chats whose allowed domains name this host, and those without a list that were opened on it before."""
    return list(dict.fromkeys([*doors.find_widgets(host), *_remembered(host)]))[:MOST_CHANNELS] if host else []


def _channel(public_id: str) -> FoundChannel | None:
    try:
        return widget_session.find_channel(public_id)
    except NotFound:
        return None


def _host(request: Request) -> str:
    try:
        return urlsplit(request.headers.get("referer", "")).netloc.lower()[:200]
    except ValueError:
        return ""


def _remember_host(request: Request, channel: FoundChannel, public_id: str) -> None:
    """A site on which this chat was opened: the next visitor's loader comes in the right colour."""
    host = _host(request)
    if not host or not widget_page.allows(channel.settings, host):
        return
    try:
        # A stranger can name any site: without a limit they could fill our memory with names.
        take((REMEMBER, client_ip(request) or "-"))
    except Throttled:
        return
    key = f"widget-host:{host}"
    try:
        client: Any = sync_client()
        client.zadd(key, {public_id: int(client.time()[0])})
        client.zremrangebyrank(key, 0, -MOST_CHANNELS - 1)
        client.expire(key, HOST_TTL)
    except redis.RedisError:
        return


def _remembered(host: str) -> list[str]:
    client: Any = sync_client()
    try:
        return [public_id.decode() for public_id in client.zrevrange(f"widget-host:{host}", 0, MOST_CHANNELS - 1)]
    except redis.RedisError:
        return []


def _cached(request: Request, body: bytes, media_type: str, cache: str, headers: dict[str, str]) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {
        **headers,
        "Cache-Control": cache,
        "ETag": tag,
        "X-Content-Type-Options": "nosniff",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return _packed(request, Response(body, media_type=media_type, headers=headers))


def _packed(request: Request, response: Response) -> Response:
    if not _accepts_gzip(request):
        return response
    response.body = pack(bytes(response.body))
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.body))
    response.headers.setdefault("Vary", "Accept-Encoding")
    return response


def _accepts_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


V1 = "/widget/v1/{public_id}"
routes = [
    Route("/widget.js", loader),
    Route("/widget/app/{public_id}", app_page),
    Route("/widget/assets/{name}", asset),
    Route(f"{V1}/config", widget_api.config),
    Route(f"{V1}/session", widget_api.begin, methods=["POST"]),
    Route(f"{V1}/messages", widget_api.list_messages, methods=["GET"]),
    Route(f"{V1}/messages", widget_api.say, methods=["POST"]),
    Route(f"{V1}/typing", widget_api.typing, methods=["POST"]),
    Route(f"{V1}/receipts", widget_api.acknowledge, methods=["POST"]),
    Route(f"{V1}/media", widget_api.upload, methods=["POST"]),
    Route(f"{V1}/media/{{file_id}}", widget_api.download),
    Route(f"{V1}/media/{{file_id}}/thumb", widget_api.thumb),
    WebSocketRoute(f"{V1}/live", live),
]
