"""The live hub: one subscription to Valkey per web process, fanned out to whoever listens. Knows no framework."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import redis

from saas_admin.conversations import queries as conversations
from saas_admin.core import metrics, realtime
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.web.request import in_thread

log = logging.getLogger(__name__)

TOTALS_DELAY = 0.1
"""Counts follow the rows they count: one reading for all that changed within this many seconds."""

Listener = Callable[[str, dict[str, Any]], Awaitable[None]]
Revoked = Callable[[UUID, list[UUID] | None], Awaitable[None]]


class Hub:
    """`listen` gets every delta as (room, delta). After a lost subscription each listener hears `resync`."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._revoked: list[Revoked] = []
        self._rooms: dict[str, set[asyncio.Queue[dict[str, Any]]]] = {}
        self._due: set[UUID] = set()
        self._owners: dict[UUID, set[str]] = {}

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def on_revoked(self, listener: Revoked) -> None:
        """Hears of a person whose sessions (`None`: all) are no longer what they were."""
        self._revoked.append(listener)

    def open(self, room: str, most: int = 500) -> asyncio.Queue[dict[str, Any]]:
        """A queue of one room's deltas; one that nobody empties is told to start over instead of growing."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(most)
        self._rooms.setdefault(room, set()).add(queue)
        return queue

    def close(self, room: str, queue: asyncio.Queue[dict[str, Any]]) -> None:
        queues = self._rooms.get(room, set())
        queues.discard(queue)
        if not queues:
            self._rooms.pop(room, None)

    async def run(self) -> None:
        """Read until the process ends; a lost connection is opened again and everybody resynchronises."""
        wait = 0.2
        while True:
            try:
                async with realtime.async_client() as client, client.pubsub() as pubsub:
                    await pubsub.psubscribe(f"{realtime.CHANNEL_PREFIX}*", realtime.REVOKED)
                    await self._tell_all({"kind": "resync", "seq": 0})
                    wait = 0.2
                    async for message in pubsub.listen():
                        if message["type"] == "pmessage":
                            await self._take(message["channel"].decode(), message["data"])
            except (redis.RedisError, OSError) as error:
                log.warning("live subscription lost: %s", type(error).__name__)
            except Exception:
                # Whatever it was, the dashboards of this process must not stay silent for good.
                log.exception("the live hub stumbled")
            await asyncio.sleep(wait)
            wait = min(wait * 2, 5.0)

    async def _take(self, channel: str, data: bytes) -> None:
        try:
            said: dict[str, Any] = json.loads(data)
            if channel == realtime.REVOKED:
                sessions = said["sessions"]
                for listener in self._revoked:
                    await listener(UUID(said["user"]), sessions and [UUID(each) for each in sessions])
                return
        except (ValueError, KeyError, TypeError):
            log.warning("a signal could not be read on %s", channel)
            return
        await self._hand_out(channel[len(realtime.CHANNEL_PREFIX) :], said)

    async def _hand_out(self, room: str, delta: dict[str, Any]) -> None:
        await self._tell(room, delta)
        if room.startswith("inbox:") and room.endswith(":all"):
            self._count_soon(UUID(room.split(":")[1]))

    async def _tell(self, room: str, delta: dict[str, Any]) -> None:
        metrics.LIVE_DELTAS.inc()
        for listener in self._listeners:
            try:
                await listener(room, delta)
            except Exception:
                log.exception("a live listener failed")
        for queue in list(self._rooms.get(room, ())):
            _offer(queue, delta)

    async def _tell_all(self, delta: dict[str, Any]) -> None:
        for listener in self._listeners:
            await listener("*", delta)
        for queues in list(self._rooms.values()):
            for queue in list(queues):
                _offer(queue, delta)

    def _count_soon(self, company_id: UUID) -> None:
        """Totals are read after the last row of a burst, so what is shown at rest is exact."""
        if company_id in self._due:
            return
        self._due.add(company_id)
        task = asyncio.get_running_loop().create_task(self._count(company_id))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _count(self, company_id: UUID) -> None:
        await asyncio.sleep(TOTALS_DELAY)
        self._due.discard(company_id)

        def read() -> dict[str, dict[str, int]]:
            with Work(Actor.system(company_id)) as work:
                return conversations.count_by_owner(work)

        totals = await in_thread(read)
        await self._tell_totals(realtime.inbox_room(company_id), {"totals": totals})
        # Who sees a part of the conversations is told the numbers of that part, also when they have become zero.
        owners = {owner for counts in totals.values() for owner in counts}
        for owner in owners | self._owners.get(company_id, set()):
            own = {bucket: {owner: counts[owner]} for bucket, counts in totals.items() if owner in counts}
            part = "none" if owner == "none" else f"u:{owner}"
            await self._tell_totals(realtime.inbox_room(company_id, part), {"totals": own, "owner": owner})
        self._owners[company_id] = owners

    async def _tell_totals(self, room: str, body: dict[str, Any]) -> None:
        await self._tell(room, {"room": room, "seq": 0, "kind": "totals", **body})


def _offer(queue: asyncio.Queue[dict[str, Any]], delta: dict[str, Any]) -> None:
    try:
        queue.put_nowait(delta)
    except asyncio.QueueFull:
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait({"kind": "resync", "seq": 0})


hub = Hub()
