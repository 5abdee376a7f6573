"""What stands before every request: closed framework doors, a body limit, and security headers."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from saas_admin.core.config import get_settings
from saas_admin.web import csp

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Reflex's own: a list of our routes, engine health in detail, an upload without a cookie check, a remote workspace.
CLOSED = ("/_all_routes", "/_health", "/_upload", "/auth-codespace")
WEBHOOKS = "/webhooks/"
BODY_LIMIT = 20 * 1024 * 1024
"""The largest body any route takes; most read with a smaller limit of their own."""
UPLOADS = "/media"
UPLOAD_LIMIT = 512 * 1024 * 1024
"""Above what a channel carries: the route itself refuses by the declared length, and says the limit in words."""


class Guards:
    def __init__(self, app: App, webhooks: App) -> None:
        self._app = app
        self._webhooks = webhooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path.startswith(CLOSED):
            await _refuse(send, 404)
            return
        if _declared_length(scope) > (UPLOAD_LIMIT if path == UPLOADS else BODY_LIMIT):
            await _refuse(send, 413)
            return
        if path.startswith(WEBHOOKS):
            # A provider is no browser: what Reflex and we put around every answer is work for nothing here.
            await self._webhooks(scope, receive, send)
            return
        await self._app(scope, receive, _with_headers(send, framed=path.startswith("/widget/")))


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _with_headers(send: Send, *, framed: bool) -> Send:
    fixed = [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"strict-origin-when-cross-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), payment=()"),
    ]
    if not framed:
        fixed.append((b"x-frame-options", b"DENY"))
    if get_settings().is_https:
        fixed.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower(): value for name, value in message.get("headers", [])}
            # A 304 carries no type, and its headers replace those of the page that the browser kept: it must not get another policy.
            policed = not framed and message["status"] != 304
            wanted = [*fixed, (b"content-security-policy", _policy(given))] if policed else fixed
            message["headers"] = [*message.get("headers", []), *(pair for pair in wanted if pair[0] not in given)]
        await send(message)

    return sending


def _policy(headers: dict[bytes, bytes]) -> bytes:
    is_page = headers.get(b"content-type", b"").startswith(b"text/html")
    return (csp.policy() if is_page else csp.NOTHING).encode()


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
