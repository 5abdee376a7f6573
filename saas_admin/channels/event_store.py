"""Where the intake commits: one statement for all webhooks that arrive while the last one was on its way.

A commit costs the same for one row as for fifty, and nobody waits for company: with nothing under way a webhook is
written at once. An answer is given only after the commit of its own rows.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from psycopg import OperationalError
from psycopg.errors import QueryCanceled
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from saas_admin.core import doors
from saas_admin.core.config import get_settings

WRITERS = 2
CROWD = 32
"""So many webhooks wait before a second statement starts beside the one under way: fewer and larger ones cost less."""
MOST = 200
"""Webhooks in one statement."""


@dataclass(frozen=True)
class NewEvent:
    company_id: UUID
    channel_id: UUID
    id: UUID
    key: str
    kind: str
    payload: bytes
    error: str | None


@dataclass(frozen=True)
class _Waiting:
    events: list[NewEvent]
    stored: "asyncio.Future[set[UUID]]"


class EventStore:
    """One per event loop."""

    def __init__(self) -> None:
        self._pool: AsyncConnectionPool | None = None
        self._waiting: list[_Waiting] = []
        self._writers: set[asyncio.Task[None]] = set()

    async def add(self, events: list[NewEvent]) -> set[UUID]:
        """The ids of those that were not there before, once they are committed."""
        if not events:
            return set()
        waiting = _Waiting(events, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if not self._writers or (len(self._writers) < WRITERS and len(self._waiting) >= CROWD):
            writer = asyncio.create_task(self._write())
            self._writers.add(writer)
        return await waiting.stored

    async def close(self) -> None:
        if self._pool:
            await self._pool.close()

    async def _write(self) -> None:
        try:
            while self._waiting:
                taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._store(taken)
        finally:
            # At once, not in a callback of the finished task: whoever adds in between would count on this writer.
            self._writers.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _store(self, taken: list[_Waiting]) -> None:
        try:
            fresh = await self._insert([event for each in taken for event in each.events])
        except Exception as error:
            if len(taken) > 1 and not isinstance(error, OperationalError):
                # One webhook that cannot be stored never costs the others their place.
                for each in taken:
                    await self._store([each])
                return
            for each in taken:
                if not each.stored.done():
                    each.stored.set_exception(error)
            return
        for each in taken:
            if not each.stored.done():
                each.stored.set_result({event.id for event in each.events} & fresh)

    async def _insert(self, events: list[NewEvent]) -> set[UUID]:
        # In one order for every process, so that two that store the same events never wait for each other crosswise.
        events = sorted(events, key=lambda e: (e.company_id, e.channel_id, e.key))
        columns: list[list[Any]] = [
            [event.company_id for event in events],
            [event.channel_id for event in events],
            [event.id for event in events],
            [event.key for event in events],
            [event.kind for event in events],
            [event.payload for event in events],
            [event.error for event in events],
        ]
        pool = await self._connections()
        # A connection is tried by using it: asking it first would double the way. After a restart of the database
        # every kept one is broken, so one try more than there are.
        for _ in range(WRITERS):
            try:
                return await _call(pool, columns)
            except (PoolTimeout, QueryCanceled):
                raise
            except OperationalError:
                continue
        return await _call(pool, columns)

    async def _connections(self) -> AsyncConnectionPool:
        if self._pool is None:
            self._pool = AsyncConnectionPool(
                get_settings().database_url or "",
                min_size=WRITERS,
                max_size=WRITERS,
                timeout=5,
                kwargs={
                    "autocommit": True,
                    "prepare_threshold": None,
                    "connect_timeout": 5,
                    "tcp_user_timeout": 10_000,
                    "options": "-c statement_timeout=10000",
                },
                open=False,
            )
            await self._pool.open()
        return self._pool


async def _call(pool: AsyncConnectionPool, columns: list[list[Any]]) -> set[UUID]:
    async with pool.connection() as connection:
        return {row[0] for row in await (await connection.execute(doors.ACCEPT, columns)).fetchall()}
