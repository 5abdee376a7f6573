"""What several routes need of a request: who calls, from where, how much, and errors in the caller's language."""

import json
from collections.abc import Callable
from typing import Any, TypeVar, cast

import anyio.to_thread
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from saas_admin.accounts import queries as accounts
from saas_admin.accounts.queries import SessionView
from saas_admin.core.config import get_settings
from saas_admin.core.errors import AppError, Forbidden, Invalid, Unauthorised
from saas_admin.core.i18n import DEFAULT_LANG, LANGS, translate
from saas_admin.core.permissions import Permission
from saas_admin.core.text import cleaned

T = TypeVar("T")


class BodyTooLarge(AppError):
    status = 413


async def read_body(request: Request, limit: int) -> bytes:
    """The raw bytes, counted while they arrive: a Content-Length can lie or be missing."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise BodyTooLarge("file_too_large", limit=limit // 1_000_000)
    chunks: list[bytes] = []
    size, is_more = 0, True
    while is_more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge("file_too_large", limit=limit // 1_000_000)
        chunks.append(chunk)
        is_more = message.get("more_body", False)
    return b"".join(chunks)


async def read_json(request: Request, limit: int) -> dict[str, Any]:
    try:
        return parse_json(await read_body(request, limit))
    except ClientDisconnect as error:
        raise Invalid from error


def parse_json(body: bytes | str) -> dict[str, Any]:
    """The JSON object of a body, its texts clean. Raises Invalid for everything else, however deep it is nested."""
    try:
        value = cleaned(json.loads(body or b"{}"))
    except (ValueError, RecursionError) as error:
        raise Invalid from error
    if not isinstance(value, dict):
        raise Invalid
    return cast("dict[str, Any]", value)


def cookie_name() -> str:
    """`__Host-` makes the browser keep it to this host and to https."""
    return "__Host-sid" if get_settings().is_https else "sid"


async def in_thread(call: Callable[[], T]) -> T:
    return await anyio.to_thread.run_sync(call)


async def signed_in(
    request: Request, permission: Permission | None = None, *, during_setup: bool = False
) -> SessionView:
    """Who asks, with a confirmed address and, where one is named, the permission; asked before the body is read.

    Somebody who must set up a second factor first gets no further than where that is done.
    """
    token = request.cookies.get(cookie_name())
    view = await in_thread(lambda: accounts.find_session(token))
    if view is None:
        raise Unauthorised
    if not view.email_confirmed:
        raise Forbidden("unconfirmed")
    if view.must_set_up_two_factor and not during_setup:
        raise Forbidden("two_factor_first")
    if permission is not None and permission not in view.permissions:
        raise Forbidden(permission=permission.value)
    return view


def ensure_own_origin(request: HTTPConnection) -> None:
    """A browser names the page a post comes from; a foreign page may not act with our cookie."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    if origin is not None and origin not in get_settings().allowed_origins:
        raise Forbidden("foreign_origin")
    if origin is None and site not in (None, "same-origin", "none"):
        raise Forbidden("foreign_origin")


def language(request: Request, chosen: object = None) -> str:
    if chosen in LANGS:
        return str(chosen)
    accepted = request.headers.get("accept-language", "")[:2].lower()
    return accepted if accepted in LANGS else DEFAULT_LANG


def error_response(error: AppError, lang: str) -> Response:
    body: dict[str, Any] = {
        "code": error.code,
        "message": translate(f"errors.{error.code}", lang, **error.params),
        "fields": {name: translate(f"errors.{code}", lang, **error.params) for name, code in error.fields.items()},
    }
    headers = {"Retry-After": str(error.params["retry_after"])} if "retry_after" in error.params else None
    return JSONResponse({"error": body}, status_code=error.status, headers=headers)
