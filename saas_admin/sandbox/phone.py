"""The simulated phone: one page, one WebSocket per open page. What is written here leaves as a signed webhook."""

import asyncio
import contextlib
import hashlib
import time
from dataclasses import asdict
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from saas_admin.sandbox.graph import Graph
from saas_admin.sandbox.webhooks import Webhooks
from saas_admin.sandbox.world import Chat, Message, Number, Person, World, new_wamid

MEDIA_TYPES = ("image", "audio", "video", "document", "sticker")
LONGEST_NAME = 80
KEPT_DRAFTS = 500


class Phone:
    def __init__(self, world: World, webhooks: Webhooks, graph: Graph) -> None:
        self._world = world
        self._webhooks = webhooks
        self._graph = graph
        self._placed: dict[str, Message] = {}
        """Draft id → message: a page that lost its line repeats what it is unsure of."""

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/phone/people", self.people, methods=["GET", "POST"]),
            Route("/phone/files", self.upload, methods=["POST"]),
            Route("/phone/files/{id}", self.file),
            WebSocketRoute("/phone/ws", self.live),
        ]

    async def people(self, request: Request) -> Response:
        if request.method == "POST":
            said = await request.json()
            digits = "".join(c for c in str(said.get("number", "")) if c.isdigit())
            if not 8 <= len(digits) <= 15:
                return JSONResponse({"error": "number"}, 422)
            known = self._world.person_at(digits)
            name = str(said.get("name", "")).strip()[:LONGEST_NAME]
            person = known or Person(digits, name or f"+{digits}")
            person.name = name or person.name
            self._world.people[person.wa_id] = person
            self._world.touch()
            return JSONResponse(asdict(person))
        return JSONResponse([asdict(p) for p in self._world.people.values() if p.is_featured])

    async def upload(self, request: Request) -> Response:
        form = await request.form(max_part_size=110 * 1024 * 1024)
        file = form.get("file")
        if file is None or isinstance(file, str):
            return JSONResponse({"error": "file"}, 422)
        content = await file.read()
        mime = file.content_type or "application/octet-stream"
        sha256 = hashlib.sha256(content).hexdigest()
        media = self._world.store_media(content, mime, file.filename or "archivo", sha256)
        return JSONResponse(self._file(media.id))

    async def file(self, request: Request) -> Response:
        media_id = request.path_params["id"]
        content = self._world.read_media(media_id)
        if content is None:
            return Response(status_code=404)
        mime = self._world.media[media_id].mime
        is_shown = mime.split("/")[0] in ("image", "audio", "video") and "svg" not in mime
        headers = {"x-content-type-options": "nosniff", "cache-control": "private, max-age=86400"}
        if not is_shown:
            headers["content-disposition"] = "attachment"
        return Response(content, media_type=mime if is_shown else "application/octet-stream", headers=headers)

    async def live(self, socket: WebSocket) -> None:
        person = self._world.people.get(socket.query_params.get("me", ""))
        await socket.accept()
        if person is None:
            await socket.send_json({"kind": "stranger"})
            await socket.close()
            return
        await _Session(self._world, self._webhooks, self._graph, self, person, socket).run()

    # What a page sees

    def state(self, person: Person) -> dict[str, Any]:
        numbers = [
            {"id": n.phone_number_id, "name": n.name, "phone": n.display_phone, "about": n.about}
            for n in self._world.numbers.values()
            if n.webhook_url
        ]
        chats = {
            number["id"]: [self.view(asdict(m)) for m in chat.messages]
            for number in numbers
            if (chat := self._world.chats.get((person.wa_id, number["id"]))) is not None
        }
        return {"kind": "hello", "me": asdict(person), "numbers": numbers, "chats": chats}

    def view(self, message: dict[str, Any]) -> dict[str, Any]:
        media_id = message["content"].get("id") if message["type"] in MEDIA_TYPES else None
        shown = {k: v for k, v in message.items() if k != "callback_data"}
        return {**shown, "file": self._file(media_id) if media_id in self._world.media else None}

    def _file(self, media_id: str) -> dict[str, Any]:
        media = self._world.media[media_id]
        return {
            "id": media.id,
            "url": f"/phone/files/{media.id}",
            "mime": media.mime,
            "name": media.name,
            "size": media.size,
        }

    # What the person does

    def send(self, person: Person, number: Number, said: dict[str, Any]) -> Message:
        draft = str(said.get("draft") or "")
        if draft in self._placed:
            return self._placed[draft]
        kind, content = str(said["type"]), cast(dict[str, Any], said["content"])
        chat = self._world.chat(person.wa_id, number.phone_number_id)
        message = Message(
            id=new_wamid(person.wa_id),
            is_mine=True,
            type=kind,
            at=time.time(),
            content=content,
            quoted=said.get("quoted") or None,
        )
        self._world.add_message(chat, message)
        if draft:
            self._placed[draft] = message
            if len(self._placed) > KEPT_DRAFTS:
                del self._placed[next(iter(self._placed))]
        wire = {**_head(person, message), "type": kind, **self._wire(kind, content)}
        if message.quoted:
            wire["context"] = {"from": _digits(number.display_phone), "id": message.quoted}
        self._webhooks.later(self._hand_over(number, person, chat, message, wire))
        return message

    def react(self, person: Person, number: Number, message_id: str, emoji: str) -> None:
        chat = self._world.chat(person.wa_id, number.phone_number_id)
        target = chat.find(message_id)
        if target is None:
            return
        target.reactions["me"] = emoji
        event = {"kind": "reaction", "number": number.phone_number_id, "id": target.id, "reactions": target.reactions}
        self._world.tell(person.wa_id, event)
        reaction = {"message_id": target.id, **({"emoji": emoji} if emoji else {})}
        now = str(int(time.time()))
        wire = {"from": person.wa_id, "from_user_id": person.user_id, "id": new_wamid(person.wa_id), "timestamp": now}
        self._webhooks.message(number, person, {**wire, "type": "reaction", "reaction": reaction})

    async def _hand_over(
        self, number: Number, person: Person, chat: Chat, message: Message, wire: dict[str, Any]
    ) -> None:
        if await self._webhooks.message(number, person, wire):
            self._world.set_status(chat, message, "delivered")

    def _wire(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """The content as Meta tells it."""
        if kind == "unsupported":
            details = {"details": "Message type is currently not supported."}
            error = {"code": 131051, "title": "Message type unknown", "message": "Message type unknown"}
            return {"errors": [{**error, "error_data": details}], "unsupported": {"type": "poll"}}
        if kind == "contacts":
            return {"contacts": content["contacts"]}
        if kind in MEDIA_TYPES:
            media = self._world.media[str(content["id"])]
            said: dict[str, Any] = {"id": media.id, "mime_type": media.mime, "sha256": media.sha256}
            if content.get("caption"):
                said["caption"] = content["caption"]
            if kind == "document":
                said["filename"] = media.name
            if kind == "audio":
                said["voice"] = bool(content.get("voice"))
            return {kind: said}
        return {kind: content}


class _Session:
    """One open page: forwards what concerns its person, and does what the person asks."""

    def __init__(
        self, world: World, webhooks: Webhooks, graph: Graph, phone: Phone, person: Person, socket: WebSocket
    ) -> None:
        self._world = world
        self._webhooks = webhooks
        self._graph = graph
        self._phone = phone
        self._person = person
        self._socket = socket
        self._open: str | None = None
        self._outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def run(self) -> None:
        stop_listening = self._world.listen(self._hear)
        self._outgoing.put_nowait(self._phone.state(self._person))
        writer = asyncio.ensure_future(self._write())
        try:
            while True:
                self._do(await self._socket.receive_json())
        except (WebSocketDisconnect, ValueError, KeyError, TypeError, RuntimeError):
            pass
        finally:
            stop_listening()
            self._look_at(None)
            writer.cancel()
            with contextlib.suppress(Exception):
                await self._socket.close()

    def _hear(self, wa_id: str, event: dict[str, Any]) -> None:
        if wa_id == "*":
            self._outgoing.put_nowait(self._phone.state(self._person))
        elif wa_id == self._person.wa_id:
            if event["kind"] == "message":
                event = {**event, "message": self._phone.view(event["message"])}
            self._outgoing.put_nowait(event)

    async def _write(self) -> None:
        while True:
            await self._socket.send_json(await self._outgoing.get())

    def _do(self, said: dict[str, Any]) -> None:
        number = self._world.number(str(said.get("number")))
        match said["do"]:
            case "open":
                self._look_at(number.phone_number_id if number else None)
            case "send" if number is not None:
                message = self._phone.send(self._person, number, said)
                self._outgoing.put_nowait({"kind": "placed", "draft": said.get("draft"), "id": message.id})
            case "react" if number is not None:
                self._phone.react(self._person, number, str(said["id"]), str(said["emoji"]))
            case "online":
                self._person.is_online = bool(said["on"])
                self._world.touch()
                if self._person.is_online:
                    self._graph.came_online(self._person)
            case _:
                pass

    def _look_at(self, phone_number_id: str | None) -> None:
        """Which chat is on the screen decides whether messages count as read."""
        for shown, change in ((self._open, -1), (phone_number_id, 1)):
            if shown is not None:
                key = (self._person.wa_id, shown)
                self._world.open_chats[key] = self._world.open_chats.get(key, 0) + change
        self._open = phone_number_id
        if phone_number_id is not None and self._person.is_online:
            self._graph.opened(self._world.chat(self._person.wa_id, phone_number_id))


def _head(person: Person, message: Message) -> dict[str, Any]:
    return {"from": person.wa_id, "from_user_id": person.user_id, "id": message.id, "timestamp": str(int(message.at))}


def _digits(written: str) -> str:
    return "".join(c for c in written if c.isdigit())
