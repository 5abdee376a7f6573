"""The part of Meta's Graph API an inbox uses: its validation, its error objects, its late failures."""

import asyncio
import hashlib
import hmac
import secrets
import time
from dataclasses import replace
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas_admin.sandbox import shapes
from saas_admin.sandbox.faults import Faults, SendFault
from saas_admin.sandbox.templates import Templates
from saas_admin.sandbox.webhooks import Webhooks
from saas_admin.sandbox.world import Chat, Message, Number, Person, World, canonical, new_wamid

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TYPING_SECONDS = 25
MEDIA_URL_SECONDS = 300
MEGABYTE = 1024 * 1024
_SIZES = {"image": 5, "video": 16, "audio": 16, "document": 100, "sticker": 1}
_MEDIA_TYPES = tuple(_SIZES)


class GraphError(Exception):
    def __init__(
        self, code: int, message: str, status: int = 400, details: str = "", subcode: int | None = None
    ) -> None:
        super().__init__(message)
        error: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code}
        if details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": details}
        if subcode is not None:
            error["error_subcode"] = subcode
        self.answer = JSONResponse({"error": {**error, "fbtrace_id": "A" + secrets.token_urlsafe(16)}}, status)


class Graph:
    def __init__(self, world: World, faults: Faults, webhooks: Webhooks) -> None:
        self._world = world
        self._faults = faults
        self._webhooks = webhooks
        self.templates = Templates(webhooks, world)
        self._media_urls: dict[str, tuple[str, float]] = {}

    def routes(self) -> list[Route]:
        v = "/v{version}"
        return [
            Route(v + "/{id}/messages", self._guarded(self.send), methods=["POST"]),
            Route(v + "/{id}/media", self._guarded(self.upload), methods=["POST"]),
            Route(v + "/{id}/phone_numbers", self._guarded(self.phone_numbers)),
            Route(v + "/{id}/register", self._guarded(self.register), methods=["POST"]),
            Route(v + "/{id}/message_templates", self._guarded(self.message_templates), methods=["GET", "POST"]),
            Route(v + "/{id}/subscribed_apps", self._guarded(self.subscribed_apps), methods=["GET", "POST", "DELETE"]),
            Route(v + "/{id}", self._guarded(self.node)),
            Route("/media-bytes/{id}", self._guarded(self.media_bytes)),
        ]

    # Sending

    async def send(self, request: Request) -> Response:
        body = await _json(request)
        fault = self._faults.next_send() if "status" not in body else None
        if fault is not None and (refused := await self._refuse(fault)) is not None:
            return refused
        number = self._owned_number(request)
        if body.get("messaging_product") != "whatsapp":
            raise GraphError(100, "(#100) The parameter messaging_product is required.")
        if body.get("status") == "read":
            return self._mark_read(number, body)
        person_written, content = _validated(body)
        kind = cast(str, body.get("type", "text"))
        if (
            refusal := self.templates.refusal(number.waba_id, content)
            if kind == "template"
            else shapes.refusal(kind, content)
        ):
            raise GraphError(*refusal)
        if not self._faults.lenient:
            self._ensure_rates(number, canonical(person_written))
        if kind in _MEDIA_TYPES and "id" in content and content["id"] not in self._world.media:
            raise GraphError(
                131009, "(#131009) Parameter value is not valid", 400, f"Media id {content['id']} is unknown."
            )
        return await self._accept(number, person_written, kind, content, body, fault)

    def _ensure_rates(self, number: Number, person: str) -> None:
        faults, own, pair = self._faults, f"number:{number.phone_number_id}", f"pair:{number.phone_number_id}:{person}"
        if faults.strict_rates:
            is_pair_ok, is_number_ok = faults.is_within(pair, 1, 6.0), faults.is_within(own, 80, 1.0)
        else:
            is_number_ok, is_pair_ok = faults.takes_token(own, 80, 80), faults.takes_token(pair, 45, 1 / 6)
        if not is_number_ok:
            faults.refused_for_rate["number"] += 1
            raise GraphError(130429, "(#130429) Rate limit hit", 400, "Cloud API message throughput has been reached.")
        if not is_pair_ok:
            faults.refused_for_rate["pair"] += 1
            words = "(#131056) (Business Account, Consumer Account) pair rate limit hit"
            raise GraphError(131056, words, 400, "Too many messages sent from this number to the same recipient.")

    async def _accept(
        self,
        number: Number,
        written: str,
        kind: str,
        content: dict[str, Any],
        body: dict[str, Any],
        fault: SendFault | None,
    ) -> Response:
        self._faults.accepted_at.append(time.monotonic())
        person = self._world.person_at(written)
        problem = None
        if person is None and self._faults.lenient:
            person = Person(canonical(written), f"+{canonical(written)}")
            self._world.people[person.wa_id] = person
        if person is None or (fault is not None and fault.kind == "not_reachable"):
            person = person or Person(written.lstrip("+"), "")
            problem = (131026, "Message undeliverable", "Message undeliverable.")
        chat = self._world.chat(person.wa_id, number.phone_number_id) if person.wa_id in self._world.people else None
        is_open = chat is not None and chat.is_window_open(time.time())
        if problem is None and kind != "template" and not is_open and not self._faults.lenient:
            details = "Message failed to send because more than 24 hours have passed since the customer last replied."
            problem = (131047, "Re-engagement message", details)
            if self._faults.window_errors == "answer":
                raise GraphError(131047, "(#131047) Re-engagement message", 400, details)
        if fault is not None and fault.kind == "timeout_before":
            await asyncio.sleep(fault.seconds)
            raise GraphError(1, "An unknown error has occurred.", 504)
        message = Message(
            id=new_wamid(person.wa_id),
            is_mine=False,
            type=kind,
            at=time.time(),
            content=content,
            status="waiting",
            quoted=_text(_dict(body.get("context")).get("message_id")) or None,
            callback_data=_text(body.get("biz_opaque_callback_data")) or None,
        )
        if problem is not None:
            self._webhooks.later(self._fail(number, person, message, problem))
        else:
            self._webhooks.later(self._deliver(number, person, cast(Chat, chat), message))
        if fault is not None and fault.kind == "timeout_after":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "no_id":
            return JSONResponse({"messaging_product": "whatsapp"})
        contacts = [{"input": written, "wa_id": person.wa_id, "user_id": person.user_id}]
        return JSONResponse({"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": message.id}]})

    async def _deliver(self, number: Number, person: Person, chat: Chat, message: Message) -> None:
        if message.type == "reaction":
            self._react(chat, message)
            return
        await self._pause(0.15, 0.35)
        self._world.add_message(chat, message)
        self._world.set_status(chat, message, "sent")
        self._webhooks.status(number, person, message, "sent")
        if person.is_online:
            await self._pause(0.5, 1.1)
            self.arrive(number, person, chat, message)

    def arrive(self, number: Number, person: Person, chat: Chat, message: Message) -> None:
        """The phone got it; when the chat is on its screen, it was read too."""
        if message.status == "sent":
            self._world.set_status(chat, message, "delivered")
            self._webhooks.status(number, person, message, "delivered")
        if self._world.is_open(chat):
            self._webhooks.later(self._read(number, person, chat, message))

    async def _read(self, number: Number, person: Person, chat: Chat, message: Message) -> None:
        await self._pause(0.6, 1.2)
        if message.status == "delivered":
            self._world.set_status(chat, message, "read")
            self._webhooks.status(number, person, message, "read")

    def opened(self, chat: Chat) -> None:
        """The person looks at the chat: everything in it is read."""
        number, person = self._world.number(chat.phone_number_id), self._world.people.get(chat.wa_id)
        if number is None or person is None:
            return
        for message in chat.messages:
            if not message.is_mine and message.status in ("sent", "delivered"):
                self.arrive(number, person, chat, message)

    def came_online(self, person: Person) -> None:
        for (wa_id, phone_number_id), chat in list(self._world.chats.items()):
            number = self._world.number(phone_number_id)
            if wa_id == person.wa_id and number is not None:
                for message in chat.messages:
                    if not message.is_mine and message.status == "sent":
                        self.arrive(number, person, chat, message)

    async def _fail(self, number: Number, person: Person, message: Message, problem: tuple[int, str, str]) -> None:
        await self._pause(0.4, 0.8)
        code, title, details = problem
        error = {"code": code, "title": title, "message": title, "error_data": {"details": details}}
        error["href"] = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
        self._webhooks.status(number, person, message, "failed", errors=[error])

    def _react(self, chat: Chat, message: Message) -> None:
        target = chat.find(_text(message.content.get("message_id")))
        if target is not None:
            target.reactions["them"] = _text(message.content.get("emoji"))
            event = {"kind": "reaction", "number": chat.phone_number_id, "id": target.id, "reactions": target.reactions}
            self._world.tell(chat.wa_id, event)

    def _mark_read(self, number: Number, body: dict[str, Any]) -> Response:
        message_id = _text(body.get("message_id"))
        for chat in self._world.chats.values():
            if chat.phone_number_id != number.phone_number_id or (found := chat.find(message_id)) is None:
                continue
            for message in chat.messages:
                if message.is_mine and message.at <= found.at:
                    self._world.set_status(chat, message, "read")
            if "typing_indicator" in body:
                chat.typing_until = time.time() + TYPING_SECONDS
                event = {"kind": "typing", "number": chat.phone_number_id, "seconds": TYPING_SECONDS}
                self._world.tell(chat.wa_id, event)
            return JSONResponse({"success": True})
        if self._faults.lenient:
            return JSONResponse({"success": True})
        raise GraphError(131009, "(#131009) Parameter value is not valid", 400, "Message id is invalid.")

    async def _refuse(self, fault: SendFault) -> Response | None:
        if fault.kind == "throttle":
            raise GraphError(130429, "(#130429) Rate limit hit", 400)
        if fault.kind == "pair":
            raise GraphError(131056, "(#131056) (Business Account, Consumer Account) pair rate limit hit", 400)
        if fault.kind == "refuse_token":
            raise _bad_token()
        if fault.kind in ("error_500", "error_503"):
            raise GraphError(131000, "(#131000) Something went wrong", int(fault.kind[-3:]))
        if fault.kind == "error_504":
            return Response("<html>Gateway Timeout</html>", 504, media_type="text/html")
        if fault.kind == "error_in_200":
            raise GraphError(131000, "(#131000) Something went wrong", 200)
        return None

    async def _pause(self, least: float, most: float) -> None:
        await asyncio.sleep((least + self._faults.chance.random() * (most - least)) * self._faults.status_scale)

    # Files

    async def upload(self, request: Request) -> Response:
        self._owned_number(request)
        form = await request.form()
        file = form.get("file")
        if form.get("messaging_product") != "whatsapp" or file is None or isinstance(file, str):
            raise GraphError(100, "(#100) Invalid parameter", 400, "messaging_product and file are required.")
        content = await file.read()
        mime = str(form.get("type") or file.content_type or "application/octet-stream")
        kind = mime.split("/", 1)[0] if mime.split("/", 1)[0] in _SIZES else "document"
        if not content or len(content) > _SIZES[kind] * MEGABYTE:
            details = f"{len(content)} bytes is not a size for {kind}"
            raise GraphError(131053, "(#131053) Media upload error", 400, details)
        if kind == "image" and mime not in ("image/jpeg", "image/png", "image/webp"):
            raise GraphError(131053, "(#131053) Media upload error", 400, f"Unsupported image type {mime}")
        sha256 = hashlib.sha256(content).hexdigest()
        media = self._world.store_media(content, mime, file.filename or "file", sha256)
        return JSONResponse({"id": media.id})

    async def media_bytes(self, request: Request) -> Response:
        self._any_number(request)
        media_id, until = self._media_urls.get(request.path_params["id"], ("", 0.0))
        content = self._world.read_media(media_id)
        if content is None or until < time.time():
            return Response("URL signature expired", 404)
        return Response(content, media_type=self._world.media[media_id].mime)

    # Reading

    async def node(self, request: Request) -> Response:
        """A phone number or a file, whichever the id names: Meta's ids live in one space."""
        asked = request.path_params["id"]
        media = self._world.media.get(asked)
        if media is None:
            return JSONResponse(_fields(_number_json(self._owned_number(request)), request))
        self._any_number(request)
        key = secrets.token_urlsafe(18)
        self._media_urls[key] = (media.id, time.time() + MEDIA_URL_SECONDS)
        url = f"{request.url.scheme}://{request.url.netloc}/media-bytes/{key}"
        said = {"url": url, "mime_type": media.mime, "sha256": media.sha256, "file_size": media.size}
        return JSONResponse({**said, "id": media.id, "messaging_product": "whatsapp"})

    async def phone_numbers(self, request: Request) -> Response:
        token = self._token(request)
        found = [n for n in self._world.numbers.values() if n.waba_id == request.path_params["id"]]
        if not found or token not in {n.access_token for n in found}:
            raise _unknown(request.path_params["id"])
        rows = [_fields(_number_json(n), request) for n in found]
        return JSONResponse({"data": rows, "paging": {"cursors": {"before": "QVFI", "after": "QVFJ"}}})

    async def message_templates(self, request: Request) -> Response:
        token = self._token(request)
        waba_id = request.path_params["id"]
        if token not in {n.access_token for n in self._world.numbers.values() if n.waba_id == waba_id}:
            raise _unknown(waba_id)
        if request.method == "POST":
            return JSONResponse(self.templates.create(waba_id, await _json(request)))
        return JSONResponse(self.templates.page(waba_id, dict(request.query_params)))

    async def subscribed_apps(self, request: Request) -> Response:
        token = self._token(request)
        found = [n for n in self._world.numbers.values() if n.waba_id == request.path_params["id"]]
        if not found or token not in {n.access_token for n in found}:
            raise _unknown(request.path_params["id"])
        if request.method == "POST":
            body = await _json(request) if await request.body() else {}
            await self._override(found, body)
            return JSONResponse({"success": True})
        if request.method == "DELETE":
            for number in found:
                number.webhook_url, number.is_overridden = "", False
            return JSONResponse({"success": True})
        app = {
            "id": "670843887433847",
            "name": "Mostrador (sandbox)",
            "link": "https://www.facebook.com/games/?app_id=670843887433847",
        }
        override = {"override_callback_uri": found[0].webhook_url} if found[0].is_overridden else {}
        return JSONResponse({"data": [{"whatsapp_business_api_data": app, **override}]})

    async def register(self, request: Request) -> Response:
        number = self._owned_number(request)
        body = await _json(request)
        pin = _text(body.get("pin"))
        if body.get("messaging_product") != "whatsapp" or len(pin) != 6 or not pin.isdecimal():
            raise GraphError(100, "(#100) Invalid parameter", 400, "pin must be 6 digits.")
        if number.pin and number.pin != pin:
            raise GraphError(133005, "(#133005) Two-step verification PIN mismatch", 400)
        number.pin = pin
        self._world.touch()
        return JSONResponse({"success": True})

    async def _override(self, found: list[Number], body: dict[str, Any]) -> None:
        url, token = _text(body.get("override_callback_uri")), _text(body.get("verify_token"))
        if not url:
            return
        for number in found:
            trial = replace(number, webhook_url=url, verify_token=token)
            if not await self._webhooks.verify(trial):
                raise GraphError(2200, "(#2200) Callback verification failed", 400)
            number.webhook_url, number.verify_token, number.is_verified = url, token, True
            number.is_overridden = True
        self._world.touch()

    # Who asks

    def _token(self, request: Request) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        token = token if scheme.lower() == "bearer" else request.query_params.get("access_token", "")
        known = [
            n
            for n in self._world.numbers.values()
            if token and hmac.compare_digest(n.access_token.encode(), token.encode())
        ]
        if not known:
            raise _bad_token()
        proof = request.query_params.get("appsecret_proof")
        if proof is not None:
            expected = hmac.new(known[0].app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
            if not hmac.compare_digest(expected, proof):
                raise GraphError(100, "Invalid appsecret_proof provided in the API argument")
        return token

    def _any_number(self, request: Request) -> None:
        self._token(request)

    def _owned_number(self, request: Request) -> Number:
        token = self._token(request)
        number = self._world.number(request.path_params["id"])
        if number is None or number.access_token != token:
            raise _unknown(request.path_params["id"])
        return number

    def _guarded(self, endpoint: Any) -> Any:
        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)
            except GraphError as error:
                return error.answer

        return answer


def _validated(body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if body.get("recipient_type") not in ("individual", "group"):
        raise GraphError(100, "(#100) Invalid parameter", 400, "recipient_type must be one of {individual, group}.")
    written = _text(body.get("to")) or _text(body.get("recipient"))
    if not written:
        raise GraphError(131008, "(#131008) Required parameter is missing", 400, "Parameter 'to' is mandatory.")
    if len(_text(body.get("biz_opaque_callback_data"))) > 512:
        raise GraphError(
            100, "(#100) Invalid parameter", 400, "biz_opaque_callback_data is longer than 512 characters."
        )
    kind = body.get("type", "text")
    content = _dict(body.get(kind)) if isinstance(kind, str) else {}
    if not content:
        raise GraphError(100, "(#100) Invalid parameter", 400, f"Parameter {kind!r} is missing or not known.")
    if kind == "text" and not _text(content.get("body")):
        raise GraphError(131008, "(#131008) Required parameter is missing", 400, "Parameter text.body is mandatory.")
    if len(_text(content.get("body"))) > TEXT_LIMIT:
        words = f"(#100) Param text['body'] must be at most {TEXT_LIMIT} characters long."
        raise GraphError(100, words)
    if len(_text(content.get("caption"))) > CAPTION_LIMIT:
        raise GraphError(100, f"(#100) Param {kind}['caption'] must be at most {CAPTION_LIMIT} characters long.")
    if kind == "audio" and "caption" in content:
        raise GraphError(100, "(#100) Invalid parameter", 400, 'Unexpected key "caption" on param "audio".')
    if kind in _MEDIA_TYPES and not (content.get("id") or content.get("link")):
        raise GraphError(131008, "(#131008) Required parameter is missing", 400, f"{kind} needs an id or a link.")
    return written, content


def _number_json(number: Number) -> dict[str, Any]:
    return {
        "id": number.phone_number_id,
        "display_phone_number": number.display_phone,
        "verified_name": number.name,
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "is_on_biz_app": False,
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
    }


def _fields(found: dict[str, Any], request: Request) -> dict[str, Any]:
    wanted = [name.strip() for name in request.query_params.get("fields", "").split(",") if name.strip()]
    return {name: found[name] for name in [*wanted, "id"] if name in found} if wanted else found


async def _json(request: Request) -> dict[str, Any]:
    try:
        return _dict(await request.json())
    except ValueError:
        raise GraphError(100, "(#100) Invalid JSON") from None


def _dict(value: Any) -> dict[str, Any]:
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _bad_token() -> GraphError:
    return GraphError(190, "Invalid OAuth access token - Cannot parse access token", 401)


def _unknown(asked: str) -> GraphError:
    words = (
        f"Unsupported get request. Object with ID '{asked}' does not exist, cannot be loaded due to missing permissions"
    )
    return GraphError(100, words, 400, subcode=33)
