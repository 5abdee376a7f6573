"""What a visitor's browser hears while it listens: one Valkey subscription per web process, one small queue per socket."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import redis
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from saas_admin.conversations import visitor
from saas_admin.conversations.visitor import VisitorThread
from saas_admin.core import realtime
from saas_admin.core.actor import Actor
from saas_admin.core.doors import FoundChannel
from saas_admin.core.errors import AppError, Forbidden, NotFound, Unauthorised
from saas_admin.core.realtime import CHANNEL_PREFIX, async_client
from saas_admin.core.work import Work
from saas_admin.web import widget_session as session
from saas_admin.web import widget_views as views

log = logging.getLogger(__name__)

HELLO_WITHIN = 10
QUIET_AT_MOST = 70
"""Browsers say something every 25 seconds; one that has not for this long is gone."""
BACKLOG = 200
PER_VISITOR = 8
SUBSCRIBED_WITHIN = 2
MAX_WORD = 4000
RESYNC: dict[str, Any] = {"kind": "resync", "seq": 0}


class Rooms:
    """Fans deltas of the rooms somebody listens to out to their queues; one for each event loop.

    The subscription lives as long as there are listeners. It may be lost and come back: then everybody reads again.
    """

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[dict[str, Any]]]] = {}
        self._pubsub: Any = None
        self._task: asyncio.Task[None] | None = None
        self._is_ready = asyncio.Event()

    @contextlib.asynccontextmanager
    async def listen(self, room: str) -> AsyncGenerator[asyncio.Queue[dict[str, Any]]]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(BACKLOG)
        self._queues.setdefault(room, set()).add(queue)
        try:
            await self._join(room)
            yield queue
        finally:
            self._queues[room].discard(queue)
            if not self._queues[room]:
                del self._queues[room]
                await self._leave(room)

    async def _join(self, room: str) -> None:
        if self._task is None:
            self._is_ready.clear()
            self._task = asyncio.create_task(self._run(), name="widget-rooms")
            # Without Valkey the visitor is served all the same, from the database at every heartbeat.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_ready.wait(), SUBSCRIBED_WITHIN)
        elif self._pubsub is not None and len(self._queues[room]) == 1:
            # While Valkey is away there is nothing to tell: the task joins every room when it is back.
            with contextlib.suppress(redis.RedisError):
                await self._pubsub.subscribe(CHANNEL_PREFIX + room)

    async def _leave(self, room: str) -> None:
        if self._queues:
            if self._pubsub is not None:
                with contextlib.suppress(redis.RedisError):
                    await self._pubsub.unsubscribe(CHANNEL_PREFIX + room)
            return
        task, self._task, self._pubsub = self._task, None, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        is_back = False
        while True:
            try:
                async with async_client() as client, client.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(*[CHANNEL_PREFIX + room for room in self._queues])
                    self._pubsub = pubsub
                    self._is_ready.set()
                    if is_back:
                        self._tell_all(RESYNC)
                    async for message in pubsub.listen():
                        self._deliver(
                            message["channel"].decode().removeprefix(CHANNEL_PREFIX), json.loads(message["data"])
                        )
            except (redis.RedisError, OSError) as error:
                log.warning("visitors' live feed lost Valkey: %s", type(error).__name__)
            self._pubsub = None
            is_back = True
            await asyncio.sleep(1)

    def _deliver(self, room: str, delta: dict[str, Any]) -> None:
        for queue in self._queues.get(room, ()):
            if queue.full():
                # A reader that slow is better off asking once for everything than getting it all late.
                while not queue.empty():
                    queue.get_nowait()
                delta = RESYNC
            queue.put_nowait(delta)

    def _tell_all(self, delta: dict[str, Any]) -> None:
        for room in list(self._queues):
            self._deliver(room, delta)


_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, Rooms] = WeakKeyDictionary()
_open: dict[str, int] = {}


def rooms() -> Rooms:
    return _rooms.setdefault(asyncio.get_running_loop(), Rooms())


async def live(socket: WebSocket) -> None:
    """Hello with token and cursor → everything missed → deltas. Close codes: 4401 token, 4403 origin, 4404 channel, 4429 too many."""
    await socket.accept()
    try:
        session.ensure_own_origin(socket)
        channel = await run_in_threadpool(session.find_channel, socket.path_params["public_id"])
        hello = await asyncio.wait_for(_hear(socket), HELLO_WITHIN)
        who = session.read_token(channel, str(hello.get("token") or ""))
        await _serve(socket, channel, who, str(hello.get("after") or ""))
    except (Forbidden, Unauthorised, NotFound) as error:
        await _close(socket, 4000 + error.status)
    except (WebSocketDisconnect, TimeoutError, ValueError):
        await _close(socket, 1000)
    except AppError as error:
        await _close(socket, 4000 + error.status)


async def _serve(socket: WebSocket, channel: FoundChannel, who: session.Visitor, after: str) -> None:
    if _open.get(who.external_id, 0) >= PER_VISITOR:
        await _close(socket, 4429)
        return
    _open[who.external_id] = _open.get(who.external_id, 0) + 1
    try:
        thread = await _read(who, after)
        if thread.conversation_id is None:
            await _close(socket, 4404)
            return
        room = realtime.conversation_room(thread.conversation_id)
        async with rooms().listen(room) as queue:
            await _Listener(socket, channel, who, room, queue, after).run()
    finally:
        _open[who.external_id] -= 1
        if not _open[who.external_id]:
            del _open[who.external_id]


class _Listener:
    """One socket. Deltas in order are passed on; whatever leaves a doubt (a gap, a lost feed) is answered by reading again."""

    def __init__(
        self,
        socket: WebSocket,
        channel: FoundChannel,
        who: session.Visitor,
        room: str,
        queue: "asyncio.Queue[dict[str, Any]]",
        after: str,
    ) -> None:
        self.socket, self.who, self.room, self.queue, self.cursor = (
            socket,
            who,
            room,
            queue,
            after,
        )
        self.public_id = socket.path_params["public_id"]
        self.channel = channel
        self.seq = 0

    async def run(self) -> None:
        # Subscribed first, read after: what happens in between arrives twice, and a message's rev makes twice harmless.
        await self._sync()
        hearing = asyncio.create_task(self._hear())
        telling = asyncio.create_task(self._tell())
        done, pending = await asyncio.wait({hearing, telling}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            task.result()

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
                }
            )
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


async def _read(who: session.Visitor, after: str) -> VisitorThread:
    return await run_in_threadpool(_read_now, who.company_id, who.channel_id, who.external_id, after)


def _read_now(company_id: UUID, channel_id: UUID, external_id: str, after: str) -> VisitorThread:
    with Work(Actor.system(company_id)) as work:
        return visitor.find_thread(work, channel_id, external_id, after or None)


async def _hear(socket: WebSocket) -> dict[str, Any]:
    text = await socket.receive_text()
    if len(text) > MAX_WORD:
        raise ValueError("too long")
    word = json.loads(text)
    return word if isinstance(word, dict) else {}


async def _close(socket: WebSocket, code: int) -> None:
    with contextlib.suppress(RuntimeError):
        await socket.close(code)
