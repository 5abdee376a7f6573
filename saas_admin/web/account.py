"""One's own login: password, address, second factor, photo. Secrets travel here and not through the State of a tab."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas_admin.accounts import credentials, lockout, two_factor
from saas_admin.accounts import service as accounts
from saas_admin.accounts.queries import SessionView
from saas_admin.core import pictures
from saas_admin.core.errors import AppError
from saas_admin.core.work import Work
from saas_admin.web.forms import Form, answer, own_form, text_of
from saas_admin.web.proxies import client_ip
from saas_admin.web.request import (
    BodyTooLarge,
    ensure_own_origin,
    error_response,
    in_thread,
    language,
    signed_in,
)
from saas_admin.web.throttle import ensure_not_too_often
from saas_admin.web.uploads import uploaded

T = TypeVar("T")


async def change_password(request: Request, form: Form, view: SessionView) -> Response:
    current, password = text_of(form, "current"), text_of(form, "password")
    await _proven(request, view, lambda work: credentials.change_password(work, current, password))
    return answer()


async def change_email(request: Request, form: Form, view: SessionView) -> Response:
    email, password, code = text_of(form, "email"), text_of(form, "password"), text_of(form, "code")
    # Each try writes to an address of the caller's choice.
    await ensure_not_too_often("change-email", str(view.user_id), most=5, seconds=3600)
    pending = await _proven(
        request, view, lambda work: credentials.request_email_change(work, email, password, code), in_full=True
    )
    return answer({"pending": pending})


async def start_two_factor(request: Request, form: Form, view: SessionView) -> Response:
    del form
    return answer(asdict(await _run(request, view, two_factor.start)))


async def confirm_two_factor(request: Request, form: Form, view: SessionView) -> Response:
    code = text_of(form, "code")
    codes = await _proven(request, view, lambda work: two_factor.confirm(work, code), in_full=True)
    return answer({"codes": codes})


async def renew_codes(request: Request, form: Form, view: SessionView) -> Response:
    code = text_of(form, "code")
    codes = await _proven(request, view, lambda work: two_factor.regenerate(work, code), in_full=True)
    return answer({"codes": codes})


async def disable_two_factor(request: Request, form: Form, view: SessionView) -> Response:
    password, code = text_of(form, "password"), text_of(form, "code")
    await _proven(request, view, lambda work: two_factor.disable(work, password, code), in_full=True)
    return answer()


async def photo(request: Request) -> Response:
    """POST: multipart `file`, cut square by the browser and again here. DELETE: initials again."""
    lang = language(request)
    try:
        ensure_own_origin(request)
        view = await signed_in(request)
        lang = view.lang
        if request.method == "DELETE":
            await _run(request, view, accounts.remove_photo)
            return answer({"url": ""})
        await ensure_not_too_often("photo", str(view.user_id), most=30, seconds=3600)
        content = await _file_of(request)
        picture_id = await _run(request, view, lambda work: accounts.change_photo(work, content))
    except AppError as error:
        return error_response(error, lang)
    return JSONResponse({"url": pictures.url_of(picture_id)})


async def _file_of(request: Request) -> bytes:
    try:
        async with uploaded(request, pictures.MAX_BYTES) as file:
            return await file.read()
    except BodyTooLarge as error:
        raise BodyTooLarge("picture_too_large", limit=pictures.MAX_BYTES // 1_000_000) from error


async def _run(request: Request, view: SessionView, verb: Callable[[Work], T]) -> T:
    def run() -> T:
        with Work(view.actor(client_ip(request))) as work:
            return verb(work)

    return await in_thread(run)


async def _proven(request: Request, view: SessionView, verb: Callable[[Work], T], *, in_full: bool = False) -> T:
    """A verb that asks for a proof: wrong ones count like wrong passwords at sign-in. A right password alone ends the count
    only where it is all that is asked: else it would buy ten more guesses at the code."""

    def run() -> T:
        with lockout.counted(view.email, client_ip(request)) as tries:
            with Work(view.actor(client_ip(request))) as work:
                result = verb(work)
            if in_full or not view.has_two_factor:
                tries.forget()
            return result

    return await in_thread(run)


routes = [
    Route("/account/password", own_form(change_password), methods=["POST"]),
    Route("/account/email", own_form(change_email), methods=["POST"]),
    Route("/account/two-factor/start", own_form(start_two_factor, during_setup=True), methods=["POST"]),
    Route("/account/two-factor/confirm", own_form(confirm_two_factor, during_setup=True), methods=["POST"]),
    Route("/account/two-factor/codes", own_form(renew_codes), methods=["POST"]),
    Route("/account/two-factor/disable", own_form(disable_two_factor), methods=["POST"]),
    Route("/account/photo", photo, methods=["POST", "DELETE"]),
]
