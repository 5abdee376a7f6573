"""Invitations as their link opens them, the change of company, and the audit log as a file."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from saas_admin.accounts import audit_log, company, invitations, people
from saas_admin.accounts import queries as accounts
from saas_admin.accounts.audit_log import AuditFilter, EntryView
from saas_admin.accounts.invitations import Accepted, Offer
from saas_admin.accounts.queries import SessionView
from saas_admin.accounts.service import system_work
from saas_admin.accounts.sign_in import SecondStep
from saas_admin.core import pictures
from saas_admin.core.errors import AppError, Forbidden, NotFound
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission
from saas_admin.core.work import Work
from saas_admin.web.auth import CHALLENGE, CHALLENGE_SECONDS, with_session
from saas_admin.web.forms import Form, answer, caller_of, own_form, public_form, put_cookie, text_of
from saas_admin.web.proxies import client_ip
from saas_admin.web.request import (
    cookie_name,
    ensure_own_origin,
    error_response,
    in_thread,
    language,
    signed_in,
)
from saas_admin.web.throttle import ensure_not_too_often
from saas_admin.web.uploads import uploaded

COLUMNS = ("at", "actor_kind", "actor_name", "action", "target_kind", "target_name", "before", "after", "ip")


async def _who(request: Request) -> SessionView | None:
    """Who is signed in here, confirmed or not."""
    token = request.cookies.get(cookie_name())
    return await in_thread(lambda: accounts.find_session(token))


@public_form
async def invitation(request: Request, form: Form, lang: str) -> Response:
    """What the link offers: to whoever holds it."""
    del lang
    await ensure_not_too_often("invitation", client_ip(request), most=60, seconds=600)
    view = await _who(request)

    def run() -> Offer:
        with system_work() as work:
            return invitations.find_offer(
                work,
                text_of(form, "token"),
                user_id=view.user_id if view else None,
                signed_in_as=view.email if view else "",
            )

    return JSONResponse((await in_thread(run)).__dict__)


@public_form
async def accept(request: Request, form: Form, lang: str) -> Response:
    await ensure_not_too_often("invitation-accept", client_ip(request), most=20, seconds=900)
    token = text_of(form, "token")
    await ensure_not_too_often("invitation-accept", token, most=10, seconds=900)
    view = await _who(request)

    def run() -> Accepted:
        with system_work() as work:
            return invitations.accept(
                work,
                token,
                name=text_of(form, "name"),
                password=text_of(form, "password"),
                lang=lang,
                user_id=view.user_id if view else None,
                session_id=view.session_id if view else None,
                caller=caller_of(request),
            )

    opened = (await in_thread(run)).opened
    if isinstance(opened, SecondStep):
        response = answer({"next": "/sign-in-code"})
        put_cookie(response, CHALLENGE, f"{opened.token}.{int(opened.keep)}", CHALLENGE_SECONDS)
        return response
    return with_session(opened, {"next": "/"}) if opened else answer({"next": "/"})


@own_form
async def switch(request: Request, form: Form, view: SessionView) -> Response:
    """Look at another company of one's own; the page navigates afterwards."""
    company_id = parse_id(form.get("company_id"))

    def run() -> None:
        if company_id is None:
            raise NotFound
        with Work(view.actor(client_ip(request))) as work:
            people.switch_company(work, company_id)

    await in_thread(run)
    return JSONResponse({"next": "/"})


async def logo(request: Request) -> Response:
    """Multipart `file`: the company's new logo, cut square in the browser and again here."""
    lang = language(request)
    try:
        ensure_own_origin(request)
        view = await signed_in(request)
        lang = view.lang
        if Permission.COMPANY_MANAGE not in view.permissions:
            raise Forbidden
        await ensure_not_too_often("photo", str(view.user_id), most=30, seconds=3600)
        async with uploaded(request, pictures.MAX_BYTES) as file:
            content = await file.read()

        def keep() -> str:
            with Work(view.actor(client_ip(request))) as work:
                return company.change_logo(work, content)

        kept = await in_thread(keep)
    except AppError as error:
        return error_response(error, lang)
    return JSONResponse({"logo_id": kept})


async def audit_csv(request: Request) -> Response:
    return await _export(request, "csv")


async def audit_jsonl(request: Request) -> Response:
    return await _export(request, "jsonl")


async def _export(request: Request, kind: str) -> Response:
    lang = language(request)
    try:
        view = await signed_in(request)
        lang = view.lang
        # A page elsewhere may not start it: a link in another site comes with its own fetch site.
        if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
            raise Forbidden("foreign_origin")
        if Permission.AUDIT_READ not in view.permissions:
            raise Forbidden
        await ensure_not_too_often("audit-export", str(view.user_id), most=20, seconds=3600)
        chosen = AuditFilter.of(dict(request.query_params))
        actor = view.actor(client_ip(request))

        def begin() -> None:
            with Work(actor) as work:
                audit_log.list_entries(work, chosen)
                audit_log.note_export(work, chosen, kind)

        await in_thread(begin)
    except AppError as error:
        return error_response(error, lang)
    rows = audit_log.export(actor, chosen)
    lines, media_type = (_csv(rows), "text/csv") if kind == "csv" else (_jsonl(rows), "application/x-ndjson")
    headers = {
        "Content-Disposition": f'attachment; filename="audit.{kind}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(lines, media_type=f"{media_type}; charset=utf-8", headers=headers)


def _jsonl(rows: Iterator[EntryView]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row.__dict__, ensure_ascii=False) + "\n"


def _csv(rows: Iterator[EntryView]) -> Iterator[str]:
    yield "\ufeff" + _line(list(COLUMNS))
    for row in rows:
        yield _line([_cell(getattr(row, name)) for name in COLUMNS])


def _cell(value: Any) -> str:
    """Text for a spreadsheet: what begins like a formula is not one."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    text = "" if text == "{}" else text
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


routes = [
    Route("/auth/invitation", invitation, methods=["POST"]),
    Route("/auth/invitation/accept", accept, methods=["POST"]),
    Route("/auth/company", switch, methods=["POST"]),
    Route("/settings/logo", logo, methods=["POST"]),
    Route("/settings/audit.csv", audit_csv, methods=["GET"]),
    Route("/settings/audit.jsonl", audit_jsonl, methods=["GET"]),
]
