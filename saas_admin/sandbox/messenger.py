"""Meta's Send API for pages and Instagram accounts: validation, windows, limits and errors as documented."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas_admin.sandbox.faults import Faults
from saas_admin.sandbox.graph import Graph, GraphError
from saas_admin.sandbox.page_events import PageEvents
from saas_admin.sandbox.page_shapes import checked, known_fields
from saas_admin.sandbox.page_world import DAY, Account, Line, Pages, Thread, new_mid, window

LINK_SECONDS = 600
_MEGABYTE = 1024 * 1024
Endpoint = Callable[[Request], Awaitable[Response]]


class Messenger:
    def __init__(
        self, pages: Pages, faults: Faults, events: PageEvents, graph: Graph, later: Callable[[Any], None]
    ) -> None:
        self._pages = pages
        self._faults = faults
        self._events = events
        self._graph = graph
        self._later = later
        self.echo_first = False
        """The echo arrives before our own call is answered."""

    def routes(self) -> list[Route]:
        """Before the Graph's own: what names a page or carries its token is answered here, the rest there."""
        v, graph = "/v{version}", self._graph
        hidden = graph._guarded
        return [
            Route(v + "/{id}/messages", self._ours(self.send, hidden(graph.send)), methods=["POST"]),
            Route(v + "/{id}/message_attachments", self._ours(self.upload), methods=["POST"]),
            Route(
                v + "/{id}/subscribed_apps",
                self._ours(self.subscribed_apps, hidden(graph.subscribed_apps)),
                methods=["GET", "POST", "DELETE"],
            ),
            Route(v + "/{id}", self._ours(self.node, hidden(graph.node))),
            Route("/refresh_access_token", self._ours(self.refresh)),
            Route("/cdn/{key}", self.link),
        ]

    def _ours(
        self, endpoint: Callable[[Request, Account], Awaitable[Response]], other: Endpoint | None = None
    ) -> Endpoint:
        async def answer(request: Request) -> Response:
            asked = request.path_params.get("id", "me")
            found = self._pages.by_token(_token(request))
            if found is None and asked not in {*self._pages.accounts, *self._pages.guests, "me"} and other is not None:
                return await other(request)
            try:
                if found is None:
                    raise GraphError(190, "Invalid OAuth access token - Cannot parse access token", 401)
                # With a linked page's token `me` is the page; the account itself is meant here all the same.
                if asked in self._pages.guests and request.method == "GET":
                    return self._person(request, found, asked)
                if asked not in ("me", found.id, found.page_id or found.id):
                    words = f"Unsupported get request. Object with ID '{asked}' does not exist"
                    raise GraphError(100, words, 400, subcode=33)
                self._prove(request, found)
                return await endpoint(request, found)
            except GraphError as error:
                return error.answer

        return answer

    def _prove(self, request: Request, account: Account) -> None:
        proof = request.query_params.get("appsecret_proof")
        expected = hmac.new(account.app_secret.encode(), account.token.encode(), hashlib.sha256).hexdigest()
        if proof is not None and not hmac.compare_digest(expected, proof):
            raise GraphError(100, "Invalid appsecret_proof provided in the API argument")

    # Sending

    async def send(self, request: Request, account: Account) -> Response:
        body = await _body(request)
        action = body.get("sender_action")
        fault = self._faults.next_send() if action is None else None
        if fault is not None:
            _refuse(fault.kind)
        guest_id = str(cast(dict[str, Any], body.get("recipient") or {}).get("id", ""))
        guest = self._pages.guests.get(guest_id)
        if guest is None:
            raise GraphError(100, "(#100) No matching user found", 400, subcode=2018001)
        thread = self._pages.thread(account.id, guest_id)
        if action is not None:
            return self._act(thread, str(action), body)
        said = checked(account, body)
        if not self._faults.lenient:
            self._admit(account, thread, body)
        if guest.has_blocked or (fault is not None and fault.kind == "not_reachable"):
            raise GraphError(551, "(#551) This person isn't available right now.", 400, subcode=1545041)
        if fault is not None and fault.kind == "timeout_before":
            await asyncio.sleep(fault.seconds)
            raise GraphError(2, "An unexpected error has occurred.", 504)
        line = thread.add(Line(new_mid(), False, time.time(), **said))
        line.reply_to = str(cast(dict[str, Any], body.get("reply_to") or {}).get("mid", ""))
        thread.typing_until = 0
        echo = self._events.echo(account, thread, line, metadata=str(body["message"].get("metadata", "")))
        if self.echo_first and echo is not None:
            await echo
        self._later(self._arrive(account, thread, line))
        if fault is not None and fault.kind == "timeout_after":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "no_id":
            return JSONResponse({"recipient_id": guest_id})
        return JSONResponse({"recipient_id": guest_id, "message_id": line.mid})

    def _admit(self, account: Account, thread: Thread, body: dict[str, Any]) -> None:
        if account.is_restricted:
            raise GraphError(10, "(#10) This Page is restricted from messaging", 403, subcode=1893063)
        if not self._faults.takes_token(f"page:{account.id}", 300, 300):
            raise GraphError(613, "(#613) Calls to this api have exceeded the rate limit.", 403)
        is_late = body.get("messaging_type") == "MESSAGE_TAG"
        if is_late and not account.has_human_agent:
            raise GraphError(10, "(#10) Application does not have permission for this action", 403)
        if window(thread) > (7 * DAY if is_late else DAY):
            subcode = 2018278 if account.kind == "messenger" else 2534022
            raise GraphError(10, "(#10) This message is sent outside of allowed window.", 403, subcode=subcode)

    def _act(self, thread: Thread, action: str, body: dict[str, Any]) -> Response:
        if "message" in body:
            raise GraphError(100, "(#100) Cannot send both message and state at the same time", 400, subcode=2018004)
        if action == "mark_seen":
            thread.seen_until = time.time()
        elif action == "typing_on":
            thread.typing_until = time.time() + 20
        elif action == "typing_off":
            thread.typing_until = 0
        else:
            raise GraphError(100, "(#100) Param sender_action must be one of {TYPING_ON, TYPING_OFF, MARK_SEEN}")
        return JSONResponse({"recipient_id": thread.guest_id})

    async def _arrive(self, account: Account, thread: Thread, line: Line) -> None:
        await asyncio.sleep((0.3 + self._faults.chance.random() * 0.5) * self._faults.status_scale)
        line.status = "delivered"
        self._events.arrived(account, thread, line)
        if thread.is_looked_at:
            await asyncio.sleep(0.5 * self._faults.status_scale)
            self.look(account, thread)

    def look(self, account: Account, thread: Thread) -> None:
        """The guest looks at the thread: the last unread line tells for all before it."""
        unread = [line for line in thread.lines if not line.is_mine and line.status != "read"]
        for line in unread:
            line.status = "read"
        if unread:
            self._events.seen(account, thread, unread[-1])

    # Files

    async def upload(self, request: Request, account: Account) -> Response:
        form = await request.form(max_part_size=30 * _MEGABYTE)
        file = form.get("filedata")
        try:
            kind = json.loads(str(form.get("message")))["attachment"]["type"]
        except (ValueError, KeyError, TypeError):
            raise GraphError(100, "(#100) Param message must be an attachment") from None
        if file is None or isinstance(file, str) or kind not in ("image", "video", "audio", "file"):
            raise GraphError(100, "(#100) Upload attachment failure.", 400, subcode=2018047)
        content = await file.read()
        if not content or len(content) > 25 * _MEGABYTE:
            raise GraphError(100, "(#100) Attachment size exceeds allowable limit", 400, subcode=2018109)
        attachment_id = str(secrets.randbelow(9 * 10**15) + 10**15)
        self._pages.uploads[attachment_id] = (content, file.content_type or "application/octet-stream")
        del account
        return JSONResponse({"attachment_id": attachment_id})

    async def link(self, request: Request) -> Response:
        """Short-lived, and without any token: whoever has the address has the file."""
        content, mime, until = self._pages.links.get(request.path_params["key"], (b"", "", 0.0))
        if until < time.time():
            return Response("URL signature expired", 403)
        return Response(content, media_type=mime)

    # Reading and subscribing

    async def node(self, request: Request, account: Account) -> Response:
        own = {"id": account.id, "name": account.name, "username": account.username, "user_id": account.id}
        if account.page_id and request.path_params["id"] in ("me", account.page_id):
            own = {"id": account.page_id, "name": account.name, "instagram_business_account": {"id": account.id}}
        wanted = [name.strip() for name in request.query_params.get("fields", "id,name").split(",")]
        return JSONResponse({name: own[name] for name in dict.fromkeys([*wanted, "id"]) if name in own})

    def _person(self, request: Request, account: Account, guest_id: str) -> Response:
        """The profile of who has written to this page or account; of nobody else."""
        guest = self._pages.guests[guest_id]
        if (account.id, guest_id) not in self._pages.threads:
            raise GraphError(
                100, f"Unsupported get request. Object with ID '{guest_id}' does not exist", 400, subcode=33
            )
        first, _, last = guest.name.partition(" ")
        known = {"id": guest.id, "first_name": first, "last_name": last}
        if account.kind == "instagram":
            known = {"id": guest.id, "name": guest.name, "username": guest.name.lower().replace(" ", ".")}
        wanted = request.query_params.get("fields", "first_name,last_name").split(",")
        if unknown := set(wanted) - {*known, "profile_pic"}:
            raise GraphError(100, f"(#100) Tried accessing nonexisting field ({min(unknown)})")
        return JSONResponse({key: known[key] for key in [*wanted, "id"] if key in known})

    async def subscribed_apps(self, request: Request, account: Account) -> Response:
        if request.method == "GET":
            app = {"id": "1517776481860111", "name": "Mostrador (sandbox)", "subscribed_fields": account.fields}
            return JSONResponse({"data": [app] if account.fields else []})
        fields: list[str] = []
        if request.method == "POST":
            said = request.query_params.get("subscribed_fields") or (await _body(request)).get("subscribed_fields")
            fields = said if isinstance(said, list) else [name for name in str(said or "").split(",") if name]
            known = known_fields("messenger" if account.page_id else account.kind)
            if not fields or set(fields) - known:
                raise GraphError(100, f"(#100) Param subscribed_fields must be one of {sorted(known)}")
        account.fields = [*fields, *({"messaging_seen", "messaging_referral"} if account.page_id and fields else ())]
        self._pages.save()
        return JSONResponse({"success": True})

    async def refresh(self, request: Request, account: Account) -> Response:
        if request.query_params.get("grant_type") != "ig_refresh_token" or not account.token.startswith("IGAA"):
            raise GraphError(100, "(#100) Invalid grant_type")
        account.token = f"IGAASandbox{secrets.token_hex(20)}"
        self._pages.save()
        return JSONResponse({"access_token": account.token, "token_type": "bearer", "expires_in": 5183944})


def _refuse(kind: str) -> None:
    if kind == "throttle":
        raise GraphError(613, "(#613) Calls to this api have exceeded the rate limit.", 403)
    if kind == "refuse_token":
        raise GraphError(190, "Error validating access token: the session has been invalidated", 401, subcode=460)
    if kind in ("error_500", "error_503"):
        raise GraphError(1200, "(#1200) Temporary send message failure. Please try again later.", int(kind[-3:]))
    if kind == "error_in_200":
        raise GraphError(1200, "(#1200) Temporary send message failure. Please try again later.", 200)
    if kind == "error_504":
        raise GraphError(2, "Gateway Timeout", 504)


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else request.query_params.get("access_token", "")


async def _body(request: Request) -> dict[str, Any]:
    try:
        found = await request.json()
    except ValueError:
        raise GraphError(100, "(#100) Invalid JSON") from None
    return cast(dict[str, Any], found) if isinstance(found, dict) else {}
