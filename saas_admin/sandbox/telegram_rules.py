"""How Telegram reads a call, what it refuses, and in which words."""

import asyncio
import json
import re
import secrets
from typing import Any, cast
from urllib.parse import urlsplit

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from saas_admin.sandbox.faults import SendFault
from saas_admin.sandbox.telegram_world import Bot

MEGABYTE = 1024 * 1024
PORTS = (443, 80, 88, 8443)
LOOPBACK = ("127.0.0.1", "localhost", "::1")

Parameters = dict[str, Any]


class Refused(Exception):
    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        said: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        self.answer = JSONResponse({**said, "parameters": parameters} if parameters else said, code)


def media(kind: str, file_id: str, name: str, mime: str, size: int) -> dict[str, Any]:
    """A file as a message tells it."""
    about: dict[str, Any] = {"file_id": file_id, "file_unique_id": file_id[-12:], "file_size": size}
    if kind == "photo":
        return {"photo": [{**about, "file_id": file_id, "width": 1280, "height": 960}]}
    named = {"file_name": name} if kind != "voice" else {}
    shape = {"width": 640, "height": 480} if kind in ("video", "animation") else {}
    length = {"duration": 1} if kind != "document" else {}
    told = {**about, **named, **shape, **length, "mime_type": mime}
    return {kind: told, "document": told} if kind == "animation" else {kind: told}


def plain(kind: str, said: Parameters) -> dict[str, Any]:
    if kind == "message":
        words = text_in(said, "text")
        if not words.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if units(words) > 4096:
            raise Refused(400, "Bad Request: message is too long")
        return {"text": words}
    try:
        place = {"latitude": float(said["latitude"]), "longitude": float(said["longitude"])}
    except (KeyError, TypeError, ValueError):
        raise Refused(400, "Bad Request: latitude is empty") from None
    if kind == "location":
        return {"location": place}
    title, address = text_in(said, "title"), text_in(said, "address")
    if not title or not address:
        raise Refused(400, "Bad Request: title must be non-empty")
    return {"location": place, "venue": {"location": place, "title": title, "address": address}}


def keyboard(markup: Any) -> dict[str, Any]:
    rows = cast(dict[str, Any], markup).get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        raise Refused(400, "Bad Request: object expected as reply markup")
    for row in cast(list[Any], rows):
        for button in cast(list[dict[str, Any]], row):
            if not button.get("text"):
                raise Refused(400, "Bad Request: text buttons are unallowed in the inline keyboard")
            if ("url" in button) == ("callback_data" in button):
                raise Refused(400, "Bad Request: text buttons are unallowed in the inline keyboard")
            if "url" in button and not re.match(r"https?://[^\s/]+\.|tg://", button["url"]):
                raise Refused(400, "Bad Request: BUTTON_URL_INVALID")
            if not 1 <= len(str(button.get("callback_data", "x")).encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return {"inline_keyboard": rows}


def check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.hostname in LOOPBACK:
        # The demo and the tests listen here on any port, without https.
        return
    if parts.scheme != "https":
        raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise Refused(400, "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


async def injected(fault: SendFault) -> Response:
    if fault.kind == "timeout_before":
        await asyncio.sleep(fault.seconds)
        return Response(status_code=504)
    if fault.kind in ("throttle", "pair"):
        return Refused(429, "Too Many Requests: retry after 2", retry_after=2).answer
    if fault.kind == "refuse_token":
        return Refused(401, "Unauthorized").answer
    if fault.kind == "not_reachable":
        return Refused(403, "Forbidden: user is deactivated").answer
    if fault.kind == "no_id":
        return ok({})
    if fault.kind == "error_in_200":
        return JSONResponse({"ok": False, "error_code": 500, "description": "Internal Server Error"})
    status = int(fault.kind.removeprefix("error_"))
    return Response("<html>upstream</html>", status, media_type="text/html")


async def parameters_of(request: Request) -> Parameters:
    found: Parameters = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if "json" in kind:
        try:
            said = await request.json()
        except ValueError:
            raise Refused(400, "Bad Request: can't parse JSON object") from None
        return {**found, **(cast(Parameters, said) if isinstance(said, dict) else {})}
    if "form" in kind:
        async with request.form(max_part_size=60 * MEGABYTE) as form:
            for name, value in form.items():
                found[name] = value
                if isinstance(value, UploadFile):
                    mime = value.content_type or "application/octet-stream"
                    found[name] = (await value.read(), value.filename or "file", mime)
    return found


def object_in(said: Parameters, name: str) -> Any:
    """An object or array, or in a form its JSON text."""
    value = said.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise Refused(400, f"Bad Request: can't parse {name} JSON object") from None


def text_in(said: Parameters, name: str) -> str:
    value = said.get(name, "")
    return value if isinstance(value, str) else ""


def int_in(said: Parameters, name: str, default: int) -> int:
    try:
        return int(said.get(name, default))
    except (TypeError, ValueError):
        return default


def units(words: str) -> int:
    return len(words.encode("utf-16-be", "replace")) // 2


def bot_user(bot: Bot) -> dict[str, Any]:
    return {"id": bot.id, "is_bot": True, "first_name": bot.name, "username": bot.username}


def ok(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def new_query_id() -> str:
    return str(secrets.randbelow(9 * 10**17) + 10**17)
