"""JSON forms: origin, size and shape are checked once, here; an error speaks the reader's language."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from saas_admin.accounts.devices import Caller
from saas_admin.accounts.queries import SessionView
from saas_admin.core.config import get_settings
from saas_admin.core.errors import AppError
from saas_admin.web.proxies import client_ip
from saas_admin.web.request import BodyTooLarge, ensure_own_origin, error_response, language, read_json, signed_in

BODY_LIMIT = 16_000
DEVICE_FOR = 365 * 24 * 3600
Form = dict[str, Any]


def public_form(
    handler: Callable[[Request, Form, str], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """A form anybody may send; the handler gets it with the reader's language."""

    async def run(request: Request) -> Response:
        lang = language(request)
        try:
            ensure_own_origin(request)
            form = await _read(request)
            lang = language(request, form.get("lang"))
            return await handler(request, form, lang)
        except AppError as error:
            return error_response(error, lang)

    return run


def own_form(
    handler: Callable[[Request, Form, SessionView], Awaitable[Response]], *, during_setup: bool = False
) -> Callable[[Request], Awaitable[Response]]:
    """A form about one's own login. `during_setup`: open to who must set up a second factor before anything else."""

    async def run(request: Request) -> Response:
        lang = language(request)
        try:
            ensure_own_origin(request)
            view = await signed_in(request, during_setup=during_setup)
            lang = view.lang
            form = await _read(request)
            return await handler(request, form, view)
        except AppError as error:
            return error_response(error, lang)

    return run


def text_of(form: Form, name: str) -> str:
    value = form.get(name, "")
    return value[:2000] if isinstance(value, str) else ""


def answer(body: Form | None = None) -> Response:
    """Never kept by anything between us and the reader: some answers are shown once."""
    return JSONResponse(body or {"ok": True}, headers={"Cache-Control": "no-store"})


def host_cookie(name: str) -> str:
    """`__Host-` makes the browser keep it to this host and to https."""
    return f"__Host-{name}" if get_settings().is_https else name


def put_cookie(response: Response, name: str, value: str, max_age: int | None) -> None:
    settings = get_settings()
    response.set_cookie(
        host_cookie(name), value, max_age=max_age, path="/", httponly=True, secure=settings.is_https, samesite="lax"
    )


def drop_cookie(response: Response, name: str) -> None:
    response.delete_cookie(host_cookie(name), path="/", secure=get_settings().is_https, httponly=True, samesite="lax")


def caller_of(request: Request) -> Caller:
    return Caller(
        client_ip(request), request.headers.get("user-agent", ""), request.cookies.get(host_cookie("device"), "")
    )


async def _read(request: Request) -> Form:
    try:
        return await read_json(request, BODY_LIMIT)
    except BodyTooLarge as error:
        raise BodyTooLarge("too_long") from error
