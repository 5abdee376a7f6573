"""/widget/v1: what the chat page asks. JSON both ways, same origin only, the visitor's token in the Authorization header."""

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any, BinaryIO, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import (
    DeliveryStatus,
)
from saas_admin.conversations import media, visitor
from saas_admin.conversations.messages import attachment_view
from saas_admin.conversations.views import MessageView
from saas_admin.core import files
from saas_admin.core.actor import Actor
from saas_admin.core.doors import FoundChannel
from saas_admin.core.errors import AppError, Invalid, NotFound
from saas_admin.core.i18n import translate
from saas_admin.core.ids import parse_id
from saas_admin.core.work import Work
from saas_admin.models import Channel
from saas_admin.models.message import AttachmentState
from saas_admin.web import widget_page as page
from saas_admin.web import widget_session as session
from saas_admin.web import widget_views as views
from saas_admin.web.buckets import Bucket, take
from saas_admin.web.proxies import client_ip
from saas_admin.web.request import ensure_own_origin
from saas_admin.web.uploads import uploaded
from saas_admin.web.widget_session import Visitor

log = logging.getLogger(__name__)

JSON_LIMIT = 32_000
MOST_FILES = 10
_LONGEST_CHOICE = 200

# A fast typist stays far below; a shop's visitors behind one address share the larger bucket.
SAY = Bucket("widget-say", 30, 1.0)
SAY_IP = Bucket("widget-say-ip", 300, 20.0)
ASK = Bucket("widget-ask", 120, 5.0)
ASK_IP = Bucket("widget-ask-ip", 1200, 60.0)
UPLOAD = Bucket("widget-upload", 10, 0.1)
UPLOAD_IP = Bucket("widget-upload-ip", 60, 0.5)
BEGIN_IP = Bucket("widget-begin-ip", 60, 1 / 30)

T = TypeVar("T")
Handler = Callable[[Request, FoundChannel], Awaitable[Response]]


def endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Origin and channel are checked before the handler runs; what it refuses becomes a sentence in the reader's language."""

    @functools.wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            ensure_own_origin(request)
            channel = await run_in_threadpool(session.find_channel, request.path_params["public_id"])
            return await handler(request, channel)
        except AppError as error:
            return refusal(error, request.query_params.get("lang", ""))
        except (OperationalError, InterfaceError) as error:
            log.warning("widget: the database did not answer: %s", type(error).__name__)
            return JSONResponse(
                _error("unavailable", request.query_params.get("lang", "")),
                503,
                {"Retry-After": "2"},
            )

    answer.__door__ = "public"  # type: ignore[attr-defined]
    return answer


def refusal(error: AppError, lang: str) -> Response:
    body = _error(error.code, lang, **error.params)
    headers = {"Cache-Control": "no-store"}
    if retry_after := error.params.get("retry_after"):
        headers["Retry-After"] = str(retry_after)
    return JSONResponse(body, error.status, headers)


def _error(code: str, lang: str, /, **params: Any) -> dict[str, Any]:
    key = f"widget.errors.{code}"
    sentence = translate(key, page.pick_lang(lang, None), **params)
    if sentence == key:
        sentence = translate("widget.errors.broken_request", page.pick_lang(lang, None))
    return {"error": {"code": code, "message": sentence, **params}}


@endpoint
async def config(request: Request, channel: FoundChannel) -> Response:
    lang = page.pick_lang(request.query_params.get("lang", ""), channel)
    return JSONResponse({"lang": lang, **await run_in_threadpool(page.looks_of, channel)})


@endpoint
async def begin(request: Request, channel: FoundChannel) -> Response:
    await run_in_threadpool(take, (BEGIN_IP, client_ip(request) or "-"), code="too_many_conversations")
    return _fresh({"token": session.new_token(channel)})


@endpoint
async def list_messages(request: Request, channel: FoundChannel) -> Response:
    who = await _visitor(request, channel, ASK, ASK_IP)
    before = parse_id(request.query_params.get("before"))
    after = request.query_params.get("after") or None

    def read(work: Work) -> visitor.VisitorThread:
        if before:
            return visitor.list_before(work, who.channel_id, who.external_id, before)
        return visitor.find_thread(work, who.channel_id, who.external_id, after)

    return _fresh(views.thread_json(await _do(channel, read), channel_id(request)))


@endpoint
async def say(request: Request, channel: FoundChannel) -> Response:
    """Durable before it answers: the message is committed, and the same client_id again is the same message."""
    who = await _visitor(request, channel, SAY, SAY_IP)
    asked = await session.read_json(request, JSON_LIMIT)
    client_id = parse_id(asked.get("client_id"))
    text = asked.get("text") or ""
    named = asked.get("attachment_ids") or []
    if client_id is None or not isinstance(text, str) or not isinstance(named, list) or len(named) > MOST_FILES:
        raise Invalid("broken_request")
    text = text.strip()
    file_ids = [file_id for file_id in map(parse_id, named) if file_id]
    if not text and not file_ids:
        raise Invalid("empty_message")
    if len(text) > page.TEXT_LIMIT:
        raise Invalid("text_too_long", limit=page.TEXT_LIMIT)
    where = _page_of(asked.get("page"))
    tapped = asked.get("choice")
    choice = tapped[:_LONGEST_CHOICE] if isinstance(tapped, str) and not file_ids else ""

    def keep(work: Work) -> MessageView:
        return visitor.say(
            work, who.channel_id, who.external_id, client_id, text, file_ids=file_ids, page=where, choice=choice
        )

    message = await _do(channel, keep)
    return _fresh(
        {
            "message": views.view_json(message, channel_id(request)),
            "conversation": message.conversation_id,
        }
    )


@endpoint
async def typing(request: Request, channel: FoundChannel) -> Response:
    who = await _visitor(request, channel, ASK, ASK_IP)
    is_on = bool((await session.read_json(request, JSON_LIMIT)).get("on", True))
    await _do(
        channel,
        lambda work: visitor.typing(work, who.channel_id, who.external_id, is_on),
    )
    return _fresh({"ok": True})


@endpoint
async def acknowledge(request: Request, channel: FoundChannel) -> Response:
    who = await _visitor(request, channel, ASK, ASK_IP)
    asked = await session.read_json(request, JSON_LIMIT)
    message_id = parse_id(asked.get("message_id"))
    if message_id is None or asked.get("status") not in ("delivered", "read"):
        raise Invalid("broken_request")
    status = DeliveryStatus(asked["status"])
    await _do(
        channel,
        lambda work: visitor.acknowledge(work, work.get(Channel, who.channel_id), who.external_id, message_id, status),
    )
    return _fresh({"ok": True})


@endpoint
async def upload(request: Request, channel: FoundChannel) -> Response:
    who = await _visitor(request, channel, UPLOAD, UPLOAD_IP)
    async with uploaded(request, page.FILE_LIMIT) as file:
        source, name = file.file, file.filename or ""

        def keep(work: Work) -> dict[str, Any]:
            _ensure_carried(source, name)
            kept = media.store_upload(work, source, name, visitor.uploader(who.external_id))
            return views.upload_json(attachment_view(kept), channel_id(request))

        return _fresh(await _do(channel, keep))


def _ensure_carried(source: BinaryIO, name: str) -> None:
    head = source.read(media.HEAD)
    source.seek(0)
    found = media.sniff(head, name)
    if not head or found.mime not in registry.get(session.KIND).capabilities.media_mimes.get(found.kind, frozenset()):
        raise Invalid("file_type")


@endpoint
async def download(request: Request, channel: FoundChannel) -> Response:
    return await _file(request, channel, is_thumb=False)


@endpoint
async def thumb(request: Request, channel: FoundChannel) -> Response:
    return await _file(request, channel, is_thumb=True)


async def _file(request: Request, channel: FoundChannel, *, is_thumb: bool) -> Response:
    who = await _visitor(request, channel, ASK, ASK_IP)
    file_id = parse_id(request.path_params["file_id"])
    if file_id is None:
        raise NotFound("file_missing")
    file = await _do(
        channel,
        lambda work: visitor.find_file(work, who.channel_id, who.external_id, file_id),
    )
    if file.state is not AttachmentState.STORED or (is_thumb and not file.has_thumb):
        raise NotFound("file_missing")
    path = files.path_of(channel.company_id, file.id, variant="thumb" if is_thumb else "")
    if not path.exists():
        raise NotFound("file_missing")
    # Only what a browser shows without running it is shown; all else is handed over as a file.
    is_shown = file.kind in ("image", "sticker", "audio", "video") or file.mime == "application/pdf"
    return FileResponse(
        path,
        media_type="image/webp" if is_thumb else file.mime,
        filename=file.filename or str(file.id),
        content_disposition_type="inline" if is_shown else "attachment",
        headers={
            "Cache-Control": "private, max-age=86400, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )


def channel_id(request: Request) -> str:
    return request.path_params["public_id"]


async def _visitor(request: Request, channel: FoundChannel, each: Bucket, per_address: Bucket) -> Visitor:
    who = session.read_token(channel, session.token_of(request))
    await run_in_threadpool(take, (each, who.external_id), (per_address, client_ip(request) or "-"))
    return who


async def _do(channel: FoundChannel, act: Callable[[Work], T]) -> T:
    def run() -> T:
        with Work(Actor.system(channel.company_id)) as work:
            return act(work)

    return await run_in_threadpool(run)


def _page_of(told: Any) -> dict[str, str] | None:
    """Where the visitor was when writing: an address without its query, which may hold what is not ours to keep."""
    if not isinstance(told, dict):
        return None
    url, title = str(told.get("url") or "")[:500], str(told.get("title") or "")[:200]
    if not url.startswith(("https://", "http://")):
        return None
    return {"url": url.split("?", 1)[0].split("#", 1)[0], "title": title}


def _fresh(body: dict[str, Any]) -> Response:
    return JSONResponse(body, headers={"Cache-Control": "no-store"})
