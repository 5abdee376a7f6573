"""`/messenger` and `/instagram`: play the customer. The same verbs serve the page and the tests (`/_control/pages`)."""

import mimetypes
import secrets
import time
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas_admin.sandbox.messenger import LINK_SECONDS, Messenger
from saas_admin.sandbox.page_events import PageEvents
from saas_admin.sandbox.page_world import Account, Guest, Line, Pages, Thread, new_mid
from saas_admin.sandbox.webhooks import Webhooks


class PageChat:
    def __init__(self, pages: Pages, messenger: Messenger, events: PageEvents, webhooks: Webhooks) -> None:
        self._pages = pages
        self._messenger = messenger
        self._events = events
        self._webhooks = webhooks

    def routes(self) -> list[Route]:
        return [
            Route("/pages/{kind}/state", self.state),
            Route("/pages/files", self.upload, methods=["POST"]),
            Route("/pages/files/{id}", self.file),
            Route("/pages/do", self.do, methods=["POST"]),
            Route("/pages/callback", self.callback, methods=["POST"]),
            Route("/_control/pages", self.register, methods=["POST", "DELETE"]),
            Route("/_control/pages/guests", self.add_guests, methods=["POST"]),
            Route("/_control/pages/settings", self.change, methods=["POST"]),
        ]

    async def register(self, request: Request) -> Response:
        """Know a page or an account (fields of `Account`); again: it changes. `handshake`: the URL answered right."""
        said = await request.json()
        if request.method == "DELETE":
            self._pages.accounts.pop(str(said["id"]), None)
            self._pages.save()
            return JSONResponse({"ok": True})
        known = self._pages.accounts.get(str(said.get("id")))
        try:
            account = Account(**{**(asdict(known) if known else {}), **said})
        except TypeError as error:
            return JSONResponse({"error": str(error)}, 422)
        self._pages.accounts[account.id] = account
        self._pages.save()
        return JSONResponse(
            {"ok": True, "handshake": bool(account.webhook_url) and await self._webhooks.verify(account)}
        )

    async def add_guests(self, request: Request) -> Response:
        for said in await request.json():
            self._pages.guests[said["id"]] = Guest(**said)
        return JSONResponse({"ok": True})

    async def change(self, request: Request) -> Response:
        """`batch_seconds`, `echo_first`."""
        said = await request.json()
        self._events.batch_seconds = float(said.get("batch_seconds", self._events.batch_seconds))
        self._messenger.echo_first = bool(said.get("echo_first", self._messenger.echo_first))
        return JSONResponse({"ok": True})

    async def callback(self, request: Request) -> Response:
        """Meta's panel: an address is saved when it answers the handshake."""
        said = await request.json()
        account = self._pages.accounts.get(str(said.get("id")))
        if account is None:
            return JSONResponse({"error": "account"}, 404)
        before = account.webhook_url, account.verify_token
        account.webhook_url, account.verify_token = str(said["webhook_url"]).strip(), str(said["verify_token"]).strip()
        if not account.webhook_url.startswith("http") or not await self._webhooks.verify(account):
            account.webhook_url, account.verify_token = before
            return JSONResponse({"error": "handshake"}, 422)
        self._pages.save()
        return JSONResponse({"ok": True})

    async def state(self, request: Request) -> Response:
        """All a chat page shows: accounts of its kind, people, and one thread."""
        kind, query = request.path_params["kind"], request.query_params
        accounts = [asdict(a) for a in self._pages.accounts.values() if a.kind == kind]
        thread = self._pages.threads.get((query.get("account", ""), query.get("guest", "")))
        account = self._pages.accounts.get(query.get("account", ""))
        if thread is not None and account is not None and query.get("look") == "1":
            self._messenger.look(account, thread)
        shown: dict[str, Any] | None = None
        if thread is not None:
            now = time.time()
            shown = {"lines": [asdict(line) for line in thread.lines], "is_typing": thread.typing_until > now}
            shown["seen_until"] = thread.seen_until
        guests = [asdict(guest) for guest in self._pages.guests.values()]
        return JSONResponse({"accounts": accounts, "guests": guests, "thread": shown})

    async def upload(self, request: Request) -> Response:
        form = await request.form(max_part_size=30 * 1024 * 1024)
        file = form.get("file")
        if file is None or isinstance(file, str):
            return JSONResponse({"error": "file"}, 422)
        key = secrets.token_urlsafe(18)
        mime = file.content_type or mimetypes.guess_type(file.filename or "")[0] or "application/octet-stream"
        self._pages.links[key] = (await file.read(), mime, time.time() + LINK_SECONDS)
        kind = mime.split("/")[0] if mime.split("/")[0] in ("image", "video", "audio") else "file"
        url = f"{request.url.scheme}://{request.url.netloc}/cdn/{key}"
        return JSONResponse({"type": kind, "payload": {"url": url}})

    async def file(self, request: Request) -> Response:
        """A file the company handed over, for the chat page."""
        content, mime = self._pages.uploads.get(request.path_params["id"], (b"", ""))
        return (
            Response(content, media_type=mime, headers={"x-content-type-options": "nosniff"})
            if mime
            else Response(status_code=404)
        )

    async def do(self, request: Request) -> Response:
        """`do`: say, tap, postback, react, edit, delete, refer, look, leave, native, standby; with `account`, `guest`."""
        said = await request.json()
        account, guest = self._pages.accounts.get(said.get("account")), self._pages.guests.get(said.get("guest"))
        if account is None or guest is None:
            return JSONResponse({"error": "account or guest"}, 404)
        mid = self._act(account, self._pages.thread(account.id, guest.id), said)
        return JSONResponse({"ok": True, "mid": mid})

    def _act(self, account: Account, thread: Thread, said: dict[str, Any]) -> str:
        tell = self._events.from_guest
        match said["do"]:
            case "say":
                return self._say(account, thread, said)
            case "postback":
                tell(account, thread, postback={"mid": new_mid(), "title": said["title"], "payload": said["payload"]})
                thread.last_written = time.time()
            case "refer":
                tell(account, thread, referral=said["referral"])
            case "look":
                thread.is_looked_at = True
                self._messenger.look(account, thread)
            case "leave":
                thread.is_looked_at = False
            case "standby":
                thread.is_standby = bool(said["on"])
            case "native":
                written = thread.add(Line(new_mid(), False, time.time(), str(said["text"])))
                self._events.echo(account, thread, written, is_native=True)
                return written.mid
            case _:
                if line := thread.find(str(said.get("mid", ""))):
                    self._change(account, thread, line, said)
        return str(said.get("mid", ""))

    def _change(self, account: Account, thread: Thread, line: Line, said: dict[str, Any]) -> None:
        tell = self._events.from_guest
        match said["do"]:
            case "react":
                line.reaction = str(said.get("emoji", ""))
                action = {"action": "react", "reaction": "other", "emoji": line.reaction}
                tell(
                    account, thread, reaction={"mid": line.mid, **(action if line.reaction else {"action": "unreact"})}
                )
            case "edit":
                line.text = str(said["text"])
                tell(account, thread, message_edit={"mid": line.mid, "text": line.text, "num_edit": 1})
            case "delete":
                line.is_deleted, line.text, line.attachments = True, "", []
                tell(account, thread, message={"mid": line.mid, "is_deleted": True})
            case _:
                pass

    def _say(self, account: Account, thread: Thread, said: dict[str, Any]) -> str:
        ago = float(said.get("ago", 0))
        line = Line(new_mid(), True, time.time() - ago, str(said.get("text", "")), said.get("attachments") or [])
        thread.add(line)
        message: dict[str, Any] = {"mid": line.mid}
        if line.text:
            message["text"] = line.text
        if line.attachments:
            message["attachments"] = line.attachments
        if said.get("payload"):
            message["quick_reply"] = {"payload": said["payload"]}
        if said.get("reply_to"):
            line.reply_to = str(said["reply_to"])
            message["reply_to"] = {"mid": line.reply_to}
        if said.get("story"):
            message["reply_to"] = {"story": said["story"]}
        if not said.get("is_silent"):
            self._events.from_guest(account, thread, message=message)
        return line.mid
