"""The pretend Telegram app: one page, one WebSocket. What is done here leaves as an update."""

import asyncio
import contextlib
import time
from dataclasses import asdict, replace
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from saas_admin.sandbox.telegram_rules import bot_user, media, new_query_id
from saas_admin.sandbox.telegram_updates import Updates
from saas_admin.sandbox.telegram_world import Bot, Chat, Query, TelegramWorld, User, new_token

PEOPLE = (
    User(6214098837, "Nerea", "Olaizola", "nerea_ola", "34622718340"),
    User(5120034411, "Iker", "Mendizabal", "", "34688102247"),
    User(7019926450, "Abril", "Quiroga", "abrilq", "5493415872016"),
)
SPARE = Bot(7408812256, "", "alborada_cafe_bot", "Café Alborada")
SHOWN = ("image", "audio", "video")


class TelegramPhone:
    def __init__(self, world: TelegramWorld, updates: Updates) -> None:
        self._world = world
        self._updates = updates

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/telegram/files", self.upload, methods=["POST"]),
            Route("/telegram/files/{id}", self.file),
            WebSocketRoute("/telegram/ws", self.live),
        ]

    def ensure_spare(self) -> None:
        """A bot to connect, and people to be."""
        if not self._world.bots:
            self._world.bots[SPARE.id] = replace(SPARE, token=new_token(SPARE.id), allowed_updates=[])
        for person in PEOPLE:
            self._world.users.setdefault(person.id, replace(person))

    # What the person does; each is also `POST /_control/telegram/do` with `me` and `bot`

    def do(self, person: User, bot: Bot, said: dict[str, Any]) -> dict[str, Any] | None:
        chat = self._world.chat(bot, person)
        verb = str(said["do"])
        if verb in ("block", "unblock"):
            return self._block(person, bot, chat, on=verb == "block")
        if verb == "tap":
            return self._tap(person, bot, chat, chat.find(said["id"]), int(said["row"]), int(said["column"]))
        if verb == "react":
            return self._react(person, bot, chat, chat.find(said["id"]), str(said.get("emoji", "")))
        if verb == "edit":
            return self._edit(bot, chat, chat.find(said["id"]), str(said["text"]))
        content = self._content(person, verb, said)
        if chat.is_blocked:
            self._block(person, bot, chat, on=False)
        chat.is_started = True
        message = {"from": person.wire(), **content}
        if quoted := chat.find(said.get("quoted")):
            message["reply_to_message"] = {
                k: v for k, v in quoted.items() if k not in ("reply_to_message", "reactions")
            }
        placed = self._world.add_message(chat, message)
        self._updates.tell(bot, "message", placed)
        return placed

    def _content(self, person: User, verb: str, said: dict[str, Any]) -> dict[str, Any]:
        if verb == "text":
            words = str(said["text"])[:4096]
            command = {"entities": [{"type": "bot_command", "offset": 0, "length": len(words.split()[0])}]}
            return {"text": words, **(command if words.startswith("/") else {})}
        if verb == "location":
            return {"location": {"latitude": float(said["latitude"]), "longitude": float(said["longitude"])}}
        if verb == "contact":
            name = {"first_name": person.first_name, **({"last_name": person.last_name} if person.last_name else {})}
            return {"contact": {"phone_number": person.phone, **name, "user_id": person.id}}
        if verb == "file":
            file = self._world.files[str(said["file"])]
            kind = str(said.get("as") or _kind_of(file.mime))
            caption = {"caption": str(said["caption"])} if said.get("caption") else {}
            return {**media(kind, file.id, file.name, file.mime, file.size), **caption}
        if verb == "poll":
            options = [{"persistent_id": str(n), "text": t, "voter_count": 0} for n, t in enumerate(("Sí", "No"))]
            about = {"total_voter_count": 0, "is_closed": False, "is_anonymous": True, "allows_multiple_answers": False}
            more = {"type": "regular", "allows_revoting": False, "members_only": False}
            return {"poll": {"id": new_query_id(), "question": "¿Vamos?", "options": options, **about, **more}}
        raise ValueError(verb)

    def _block(self, person: User, bot: Bot, chat: Chat, *, on: bool) -> None:
        if chat.is_blocked == on:
            return
        chat.is_blocked = on
        states = [
            {"user": bot_user(bot), "status": "member"},
            {"user": bot_user(bot), "status": "kicked", "until_date": 0},
        ]
        before, after = states if on else reversed(states)
        told = {"chat": person.chat(), "from": person.wire(), "date": int(time.time())}
        self._updates.tell(bot, "my_chat_member", {**told, "old_chat_member": before, "new_chat_member": after})
        self._world.tell(person.id)

    def _tap(
        self, person: User, bot: Bot, chat: Chat, message: dict[str, Any] | None, row: int, column: int
    ) -> dict[str, Any] | None:
        if message is None:
            return None
        button = message["reply_markup"]["inline_keyboard"][row][column]
        query = Query(new_query_id(), bot.id, time.time(), person.id)
        self._world.queries[query.id] = query
        told = {"id": query.id, "from": person.wire(), "message": _plain(message), "chat_instance": str(-chat.user_id)}
        self._updates.tell(bot, "callback_query", {**told, "data": button["callback_data"]})
        self._world.tell(person.id)
        return {"query": query.id}

    def _react(self, person: User, bot: Bot, chat: Chat, message: dict[str, Any] | None, emoji: str) -> None:
        if message is None:
            return
        before, after = message.get("reactions", []), [{"type": "emoji", "emoji": emoji}] if emoji else []
        message["reactions"] = after
        about = {
            "chat": person.chat(),
            "message_id": message["message_id"],
            "user": person.wire(),
            "date": int(time.time()),
        }
        self._updates.tell(bot, "message_reaction", {**about, "old_reaction": before, "new_reaction": after})
        self._world.tell(person.id)

    def _edit(self, bot: Bot, chat: Chat, message: dict[str, Any] | None, words: str) -> None:
        if message is None or message["from"]["is_bot"]:
            return
        message["caption" if "caption" in message else "text"] = words
        message["edit_date"] = int(time.time())
        self._updates.tell(bot, "edited_message", _plain(message))
        self._world.tell(chat.user_id)

    # What the page sees

    def state(self, person: User) -> dict[str, Any]:
        now = time.time()
        waiting = {
            query.bot_id for query in self._world.queries.values() if query.user_id == person.id and now - query.at < 20
        }
        bots = [
            {
                "id": bot.id,
                "name": bot.name,
                "username": bot.username,
                "token": bot.token,
                "is_connected": bool(bot.webhook_url),
                "is_blocked": chat.is_blocked,
                "is_started": chat.is_started,
                "typing": max(0.0, chat.typing_until - now),
                "waits": bot.id in waiting,
                "messages": [self._view(message) for message in chat.messages],
            }
            for bot in self._world.bots.values()
            for chat in [self._world.chat(bot, person)]
        ]
        return {
            "kind": "state",
            "me": asdict(person),
            "people": [asdict(u) for u in self._world.users.values()],
            "bots": bots,
        }

    def _view(self, message: dict[str, Any]) -> dict[str, Any]:
        held = next(
            (message[k] for k in ("photo", "voice", "audio", "video", "animation", "document") if k in message), None
        )
        file_id = (held[-1] if isinstance(held, list) else held or {}).get("file_id")
        file = self._world.files.get(file_id) if file_id else None
        shown = (
            {"url": f"/telegram/files/{file.id}", "mime": file.mime, "name": file.name, "size": file.size}
            if file
            else None
        )
        return {**message, "file": shown}

    async def live(self, socket: WebSocket) -> None:
        people = self._world.users
        person = people.get(int(socket.query_params.get("me") or 0)) or next(iter(people.values()))
        await socket.accept()
        changed = asyncio.Event()
        changed.set()
        stop = self._world.listen(lambda user_id: changed.set() if user_id in (0, person.id) else None)

        async def write() -> None:
            while True:
                await changed.wait()
                changed.clear()
                await socket.send_json(self.state(person))

        writer = asyncio.ensure_future(write())
        try:
            while True:
                said = await socket.receive_json()
                with contextlib.suppress(KeyError, ValueError, TypeError, IndexError):
                    self.do(person, self._world.bots[int(said["bot"])], said)
        except (WebSocketDisconnect, ValueError, RuntimeError):
            pass
        finally:
            stop()
            writer.cancel()

    async def upload(self, request: Request) -> Response:
        async with request.form(max_part_size=60 * 1024 * 1024) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                return JSONResponse({"error": "file"}, 422)
            mime = file.content_type or "application/octet-stream"
            stored = self._world.store(await file.read(), mime, file.filename or "archivo", _kind_of(mime) + "s")
        return JSONResponse({"file": stored.id})

    async def file(self, request: Request) -> Response:
        file = self._world.files.get(request.path_params["id"])
        content = self._world.read(file.id) if file else None
        if file is None or content is None:
            return Response(status_code=404)
        is_shown = file.mime.split("/")[0] in SHOWN and "svg" not in file.mime
        headers = {"x-content-type-options": "nosniff"} | ({} if is_shown else {"content-disposition": "attachment"})
        return Response(content, media_type=file.mime if is_shown else "application/octet-stream", headers=headers)


def _plain(message: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != "reactions"}


def _kind_of(mime: str) -> str:
    if mime in ("image/jpeg", "image/png", "image/webp"):
        return "photo"
    if mime in ("audio/ogg", "audio/webm"):
        return "voice"
    return {"audio": "audio", "video": "video"}.get(mime.split("/")[0], "document")
