"""What a visitor's browser hears while it listens: the live hub's deltas of one thread, in the visitor's words."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Generator
from typing import Any
from uuid import UUID

from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from saas_admin.conversations import visitor
from saas_admin.conversations.visitor import VisitorThread
from saas_admin.core import realtime
from saas_admin.core.actor import Actor
from saas_admin.core.errors import AppError, NotFound, Throttled
from saas_admin.core.work import Work
from saas_admin.web import widget_views as views
from saas_admin.web.hub import hub
from saas_admin.web.request import ensure_own_origin, parse_json
from saas_admin.web.widget_session import Visitor, find_channel, read_token

log = logging.getLogger(__name__)

Words = asyncio.Queue[dict[str, Any]]

HELLO_WITHIN = 10
QUIET_AT_MOST = 70
"""Browsers say something every 25 seconds; one that has not for this long is gone."""
BACKLOG = 200
PER_VISITOR = 8
MAX_WORD = 4000


_open: dict[str, int] = {}


async def live(socket: WebSocket) -> None:
    """Hello with token and cursor → everything missed → deltas. Close codes: 4401 token, 4403 origin, 4404 channel, 4429 too many, 1013 later."""
    await socket.accept()
    try:
        ensure_own_origin(socket)
        channel = await run_in_threadpool(find_channel, socket.path_params["public_id"])
        hello = await asyncio.wait_for(_hear(socket), HELLO_WITHIN)
        who = read_token(channel, str(hello.get("token") or ""))
        await _serve(socket, who, str(hello.get("after") or ""))
    except AppError as error:
        await _close(socket, 4000 + error.status)
    except (OperationalError, InterfaceError) as error:
        log.warning("a visitor's socket without a database: %s", type(error).__name__)
        await _close(socket, 1013)
    except (WebSocketDisconnect, TimeoutError, ValueError):
        await _close(socket, 1000)


async def _serve(socket: WebSocket, who: Visitor, after: str) -> None:
    with _place(who.external_id):
        thread = await _read(who, after)
        if thread.conversation_id is None:
            raise NotFound
        room = realtime.conversation_room(thread.conversation_id)
        queue = hub.open(room, BACKLOG)
        try:
            await _Listener(socket, who, room, queue, after).run()
        finally:
            hub.close(room, queue)


@contextlib.contextmanager
def _place(external_id: str) -> Generator[None]:
    """A visitor has a few tabs, not hundreds."""
    if _open.get(external_id, 0) >= PER_VISITOR:
        raise Throttled(retry_after=60)
    _open[external_id] = _open.get(external_id, 0) + 1
    try:
        yield
    finally:
        _open[external_id] -= 1
        if not _open[external_id]:
            del _open[external_id]


class _Listener:
    """One socket. Deltas in order are passed on; whatever leaves a doubt (a gap, a lost feed) is answered by reading again."""

    def __init__(self, socket: WebSocket, who: Visitor, room: str, queue: Words, after: str) -> None:
        self.socket, self.who, self.room, self.queue, self.cursor = (
            socket,
            who,
            room,
            queue,
            after,
        )
        self.public_id = socket.path_params["public_id"]
        self.seq = 0

    async def run(self) -> None:
        # Subscribed first, read after: what happens in between arrives twice, and a message's rev makes twice harmless.
        await self._sync()
        hearing = asyncio.create_task(self._hear())
        telling = asyncio.create_task(self._tell())
        try:
            await asyncio.wait({hearing, telling}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            hearing.cancel()
            telling.cancel()
            # `gather` would forget whose cancellation it was, when this socket itself is cancelled.
            await asyncio.wait({hearing, telling})
        # Both may have failed, at the same end of the same socket.
        for ended in (hearing, telling):
            if not ended.cancelled() and (error := ended.exception()):
                raise error

    async def _hear(self) -> None:
        while True:
            word = await asyncio.wait_for(_hear(self.socket), QUIET_AT_MOST)
            if word.get("kind") == "ping":
                await self._answer_ping()

    async def _answer_ping(self) -> None:
        """A publish can be lost in silence: the room's own number says whether this socket has seen it all."""
        heads = await run_in_threadpool(realtime.heads, [self.room])
        if heads.get(self.room) != self.seq:
            await self._sync()
        else:
            await self._say({"kind": "pong"})

    async def _tell(self) -> None:
        while True:
            delta = await self.queue.get()
            is_next = delta["seq"] == self.seq + 1
            if delta["kind"] == "resync" or delta["seq"] > self.seq + 1:
                await self._sync()
                continue
            if not is_next:
                continue
            self.seq = delta["seq"]
            await self._pass_on(delta)

    async def _pass_on(self, delta: dict[str, Any]) -> None:
        kind = delta["kind"]
        if kind == "message" and views.is_shown(delta["message"]):
            await self._say(
                {
                    "kind": "message",
                    "message": views.message_json(delta["message"], self.public_id),
                }
            )
        elif kind == "typing" and delta.get("who") != "customer":
            await self._say(
                {
                    "kind": "typing",
                    "on": bool(delta.get("on")),
                    "name": views.first_name(delta.get("name") or ""),
                    **({"bot": True} if delta.get("who") == "bot" else {}),
                }
            )
        elif kind == "piece":
            await self._say({"kind": "piece", "text": delta["text"], "question": delta["question_id"]})
        elif kind == "read":
            await self._sync()

    async def _sync(self) -> None:
        heads = await run_in_threadpool(realtime.heads, [self.room])
        thread = await _read(self.who, self.cursor)
        if thread.conversation_id is None or realtime.conversation_room(thread.conversation_id) != self.room:
            raise WebSocketDisconnect(1000)
        self.seq = heads.get(self.room, self.seq)
        self.cursor = thread.cursor or self.cursor
        await self._say({"kind": "sync", **views.thread_json(thread, self.public_id)})

    async def _say(self, words: dict[str, Any]) -> None:
        await self.socket.send_text(json.dumps(words, ensure_ascii=False, separators=(",", ":")))


async def _read(who: Visitor, after: str) -> VisitorThread:
    return await run_in_threadpool(_read_now, who.company_id, who.channel_id, who.external_id, after)


def _read_now(company_id: UUID, channel_id: UUID, external_id: str, after: str) -> VisitorThread:
    with Work(Actor.system(company_id)) as work:
        return visitor.find_thread(work, channel_id, external_id, after or None)


async def _hear(socket: WebSocket) -> dict[str, Any]:
    try:
        text = await socket.receive_text()
    except KeyError as error:
        raise ValueError("bytes, not text") from error
    if len(text) > MAX_WORD:
        raise ValueError("too long")
    return parse_json(text)


async def _close(socket: WebSocket, code: int) -> None:
    with contextlib.suppress(RuntimeError):
        await socket.close(code)
