"""Sign-up, sign-in and their neighbours: JSON in, JSON out, and the session in an HttpOnly cookie."""

import logging
from collections.abc import Callable

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas_admin.accounts import credentials, lockout, passwords, sign_in
from saas_admin.accounts import queries as accounts_queries
from saas_admin.accounts import service as accounts
from saas_admin.accounts.sign_in import SecondStep, SignedIn
from saas_admin.core.errors import Invalid, Unauthorised
from saas_admin.core.i18n import translate
from saas_admin.web.forms import (
    DEVICE_FOR,
    Form,
    answer,
    caller_of,
    drop_cookie,
    host_cookie,
    public_form,
    put_cookie,
    text_of,
)
from saas_admin.web.proxies import client_ip
from saas_admin.web.request import cookie_name, in_thread
from saas_admin.web.throttle import ensure_not_too_often

log = logging.getLogger(__name__)

CHALLENGE = "challenge"
CHALLENGE_SECONDS = 600


@public_form
async def register(request: Request, form: Form, lang: str) -> Response:
    email = text_of(form, "email").strip()
    await ensure_not_too_often("register", client_ip(request), most=10, seconds=1800)
    await ensure_not_too_often("register", email.lower(), most=5, seconds=1800)

    def run() -> None:
        with accounts.system_work() as work:
            accounts.register(
                work,
                company=text_of(form, "company"),
                name=text_of(form, "name"),
                email=email,
                password=text_of(form, "password"),
                lang=lang,
            )

    await in_thread(run)
    return answer({"email": email})


@public_form
async def confirm(request: Request, form: Form, lang: str) -> Response:
    del lang
    await ensure_not_too_often("confirm", client_ip(request), most=30, seconds=1800)

    def run() -> SignedIn:
        with accounts.system_work() as work:
            return accounts.confirm_email(work, text_of(form, "token"), caller=caller_of(request))

    return _with_session(await in_thread(run), {"ok": True, "next": "/"})


@public_form
async def resend(request: Request, form: Form, lang: str) -> Response:
    email = text_of(form, "email").strip()
    await _ensure_few_mails(request, "resend", email)

    def run() -> None:
        with accounts.system_work() as work:
            accounts.resend_confirmation(work, email, lang)

    return _and_then(run)


@public_form
async def start(request: Request, form: Form, lang: str) -> Response:
    """The first step of signing in: the session, or the question for the code."""
    del lang
    email, caller = text_of(form, "email"), caller_of(request)
    await ensure_not_too_often("sign-in", client_ip(request), most=30, seconds=300)

    def run() -> SignedIn | SecondStep:
        with lockout.counted(email, caller.ip) as tries:
            with accounts.system_work() as work:
                outcome = sign_in.sign_in(
                    work, email, text_of(form, "password"), keep=bool(form.get("keep")), caller=caller
                )
            if isinstance(outcome, SignedIn):
                tries.forget()
            return outcome

    outcome = await in_thread(run)
    if isinstance(outcome, SecondStep):
        response = answer({"next": "/sign-in-code"})
        put_cookie(response, CHALLENGE, f"{outcome.token}.{int(outcome.keep)}", CHALLENGE_SECONDS)
        return response
    return _with_session(outcome, {"next": "/" if outcome.is_confirmed else "/confirm-email"})


@public_form
async def second_step(request: Request, form: Form, lang: str) -> Response:
    """The code, for who has just given the right password in this browser."""
    del lang
    caller = caller_of(request)
    token, _, keep = request.cookies.get(host_cookie(CHALLENGE), "").partition(".")
    await ensure_not_too_often("second-step", client_ip(request), most=30, seconds=300)

    def run() -> SignedIn:
        try:
            with accounts.system_work() as work:
                email = sign_in.email_of_challenge(work, token)
        except Invalid as error:
            raise Unauthorised("challenge_over") from error
        with lockout.counted(email, caller.ip) as tries:
            with accounts.system_work() as work:
                signed_in = sign_in.second_step(work, token, text_of(form, "code"), keep=keep == "1", caller=caller)
            tries.forget()
            return signed_in

    signed_in = await in_thread(run)
    body: Form = {"next": "/"}
    if signed_in.codes_left is not None:
        body["codes_left"] = signed_in.codes_left
    response = _with_session(signed_in, body)
    drop_cookie(response, CHALLENGE)
    return response


@public_form
async def sign_out(request: Request, form: Form, lang: str) -> Response:
    del form, lang
    token = request.cookies.get(cookie_name(), "")

    def run() -> None:
        with accounts.system_work() as work:
            sign_in.sign_out(work, token)

    if token:
        await in_thread(run)
    response = answer({"next": "/login"})
    drop_cookie(response, "sid")
    drop_cookie(response, CHALLENGE)
    return response


@public_form
async def forgot(request: Request, form: Form, lang: str) -> Response:
    email = text_of(form, "email").strip()
    await _ensure_few_mails(request, "forgot", email)

    def run() -> None:
        with accounts.system_work() as work:
            credentials.request_reset(work, email, lang)

    return _and_then(run)


@public_form
async def reset(request: Request, form: Form, lang: str) -> Response:
    del lang
    await ensure_not_too_often("reset", client_ip(request), most=30, seconds=1800)

    def run() -> None:
        with accounts.system_work() as work:
            email = credentials.reset_password(
                work, text_of(form, "token"), text_of(form, "password"), ip=client_ip(request)
            )
        if email is not None:
            lockout.Tries(email).forget()

    await in_thread(run)
    response = answer({"next": "/login"})
    drop_cookie(response, "sid")
    return response


@public_form
async def confirm_change(request: Request, form: Form, lang: str) -> Response:
    """The link that went to somebody's new address."""
    del lang
    await ensure_not_too_often("confirm", client_ip(request), most=30, seconds=1800)

    def run() -> str:
        with accounts.system_work() as work:
            return credentials.confirm_email_change(work, text_of(form, "token"), ip=client_ip(request))

    return answer({"email": await in_thread(run)})


@public_form
async def strength(request: Request, form: Form, lang: str) -> Response:
    """What the meter shows while a password is typed: the judge is the same that decides afterwards."""
    await ensure_not_too_often("strength", client_ip(request), most=600, seconds=600)
    token = request.cookies.get(cookie_name())

    def run() -> passwords.Strength:
        own = [text_of(form, name) for name in ("company", "name", "email")]
        if view := accounts_queries.find_session(token):
            own += [view.name, view.email, view.company_name]
        return passwords.judge(text_of(form, "password"), own)

    judged = await in_thread(run)
    words = translate(f"auth.strength.{judged.words}", lang)
    return answer({"level": judged.level, "enough": judged.problem is None, "words": words})


async def _ensure_few_mails(request: Request, what: str, email: str) -> None:
    await ensure_not_too_often(what, client_ip(request), most=10, seconds=1800)
    await ensure_not_too_often(what, email.lower(), most=5, seconds=1800)


def _and_then(run: Callable[[], None]) -> Response:
    """Answer first, work after: the time it takes tells no more than the answer."""

    def quietly() -> None:
        try:
            run()
        except Exception:
            log.exception("work after an answer failed")

    return JSONResponse({"ok": True}, background=BackgroundTask(quietly))


def _with_session(signed_in: SignedIn, body: Form) -> Response:
    response = answer(body)
    put_cookie(response, "sid", signed_in.token, signed_in.expires_in)
    put_cookie(response, "device", signed_in.device, DEVICE_FOR)
    return response


# For the neighbours of these routes (see web/people.py).
with_session = _with_session

routes = [
    Route("/auth/register", register, methods=["POST"]),
    Route("/auth/confirm", confirm, methods=["POST"]),
    Route("/auth/resend", resend, methods=["POST"]),
    Route("/auth/sign-in", start, methods=["POST"]),
    Route("/auth/second-step", second_step, methods=["POST"]),
    Route("/auth/sign-out", sign_out, methods=["POST"]),
    Route("/auth/forgot", forgot, methods=["POST"]),
    Route("/auth/reset", reset, methods=["POST"]),
    Route("/auth/confirm-change", confirm_change, methods=["POST"]),
    Route("/auth/strength", strength, methods=["POST"]),
]
