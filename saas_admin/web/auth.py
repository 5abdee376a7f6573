"""Sign-in and its neighbours: JSON in, JSON out, and the session in an HttpOnly cookie."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas_admin.accounts import service as accounts
from saas_admin.accounts.service import SignedIn
from saas_admin.core.config import get_settings
from saas_admin.core.errors import AppError, Invalid
from saas_admin.web.request import (
    client_ip,
    cookie_name,
    ensure_own_origin,
    error_response,
    in_thread,
    language,
    read_body,
)
from saas_admin.web.throttle import ensure_not_too_often, forget

BODY_LIMIT = 16_000
Form = dict[str, Any]


def _route(handler: Callable[[Request, Form, str], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Origin, size and shape are checked once, here; an error speaks the reader's language."""

    async def run(request: Request) -> Response:
        lang = language(request)
        try:
            ensure_own_origin(request)
            form = _parse(await read_body(request, BODY_LIMIT))
            lang = language(request, form.get("lang"))
            return await handler(request, form, lang)
        except AppError as error:
            return error_response(error, lang)

    return run


@_route
async def register(request: Request, form: Form, lang: str) -> Response:
    await ensure_not_too_often("register", client_ip(request), most=10, seconds=1800)

    def run() -> None:
        with accounts.system_work() as work:
            accounts.register(
                work,
                company=_text(form, "company"),
                name=_text(form, "name"),
                email=_text(form, "email"),
                password=_text(form, "password"),
                lang=lang,
            )

    await in_thread(run)
    return JSONResponse({"email": _text(form, "email").strip()})


@_route
async def confirm(request: Request, form: Form, lang: str) -> Response:
    del lang
    await ensure_not_too_often("confirm", client_ip(request), most=30, seconds=1800)

    def run() -> SignedIn:
        with accounts.system_work() as work:
            return accounts.confirm_email(
                work, _text(form, "token"), ip=client_ip(request), user_agent=request.headers.get("user-agent", "")
            )

    return _with_session(await in_thread(run), {"ok": True, "next": "/"})


@_route
async def resend(request: Request, form: Form, lang: str) -> Response:
    email = _text(form, "email")
    await ensure_not_too_often("resend", client_ip(request), most=10, seconds=1800)
    await ensure_not_too_often("resend", email.strip().lower(), most=5, seconds=1800)

    def run() -> None:
        with accounts.system_work() as work:
            accounts.resend_confirmation(work, email, lang)

    await in_thread(run)
    return JSONResponse({"ok": True})


@_route
async def sign_in(request: Request, form: Form, lang: str) -> Response:
    del lang
    email = _text(form, "email")
    await ensure_not_too_often("sign-in", client_ip(request), most=30, seconds=300)
    await ensure_not_too_often("sign-in", email.strip().lower(), most=10, seconds=900)

    def run() -> SignedIn:
        with accounts.system_work() as work:
            return accounts.sign_in(
                work,
                email,
                _text(form, "password"),
                keep=bool(form.get("keep")),
                ip=client_ip(request),
                user_agent=request.headers.get("user-agent", ""),
            )

    signed_in = await in_thread(run)
    await forget("sign-in", email.strip().lower())
    return _with_session(signed_in, {"next": "/" if signed_in.is_confirmed else "/confirm-email"})


@_route
async def sign_out(request: Request, form: Form, lang: str) -> Response:
    del form, lang
    token = request.cookies.get(cookie_name(), "")

    def run() -> None:
        with accounts.system_work() as work:
            accounts.sign_out(work, token)

    if token:
        await in_thread(run)
    response = JSONResponse({"next": "/login"})
    response.delete_cookie(cookie_name(), path="/", secure=get_settings().is_https, httponly=True, samesite="lax")
    return response


def _with_session(signed_in: SignedIn, body: Form) -> Response:
    response = JSONResponse(body)
    response.set_cookie(
        cookie_name(),
        signed_in.token,
        max_age=signed_in.expires_in,
        path="/",
        httponly=True,
        secure=get_settings().is_https,
        samesite="lax",
    )
    return response


def _parse(body: bytes) -> Form:
    try:
        form = json.loads(body or b"{}")
    except ValueError as error:
        raise Invalid from error
    if not isinstance(form, dict):
        raise Invalid
    return form


def _text(form: Form, name: str) -> str:
    value = form.get(name, "")
    return value.replace("\x00", "")[:2000] if isinstance(value, str) else ""


# For the neighbours of these routes (see web/people.py).
route, read_text, with_session = _route, _text, _with_session

routes = [
    Route("/auth/register", register, methods=["POST"]),
    Route("/auth/confirm", confirm, methods=["POST"]),
    Route("/auth/resend", resend, methods=["POST"]),
    Route("/auth/sign-in", sign_in, methods=["POST"]),
    Route("/auth/sign-out", sign_out, methods=["POST"]),
]
