"""GET /outbox: the mails of a demo, on this machine only. Absent everywhere else."""

from pathlib import Path
from secrets import token_urlsafe

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from saas_admin.accounts import mails
from saas_admin.core.brand import NAME
from saas_admin.core.config import get_settings
from saas_admin.core.i18n import catalogue
from saas_admin.web.request import in_thread, language

_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape(["html"])
)


async def outbox(request: Request) -> Response:
    if not get_settings().demo:
        return PlainTextResponse("", status_code=404)
    lang = language(request, request.query_params.get("lang"))
    found = await in_thread(mails.list_outbox)
    nonce = token_urlsafe(12)
    page = _pages.get_template("outbox.html").render(
        mails=found, lang=lang, t=catalogue(lang), product=NAME, nonce=nonce
    )
    own = f"font-src 'self'; img-src 'self'; connect-src 'self'; script-src 'nonce-{nonce}'; frame-src 'self'"
    policy = f"default-src 'none'; style-src 'unsafe-inline'; {own}; frame-ancestors 'none'"
    return HTMLResponse(page, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})


routes = [Route("/outbox", outbox, methods=["GET"])]
