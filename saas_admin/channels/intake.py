"""The one hot path: verify over the raw bytes, store once, answer. Asynchronous and close to the driver.

`accept` commits before it answers; jobs leave afterwards in micro-batches, and a broker that does not answer
changes nothing: the row is the outbox, a sweep finds it.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

import anyio.to_thread

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import BrokenPayload, ChannelAdapter, RawItem
from saas_admin.channels import registration
from saas_admin.channels.event_store import EventStore, NewEvent
from saas_admin.core import doors, jobs, secrets
from saas_admin.core.doors import FoundChannel
from saas_admin.core.ids import new_id
from saas_admin.core.jobs import Job

log = logging.getLogger(__name__)

CHANNEL_TTL = 3.0
"""Seconds a channel's settings may be remembered: a rotated secret or a disabled channel takes effect within them."""

BATCH_DELAY = 0.004
BATCH_MOST = 200
LONGEST_PAUSE = 0.1
BROKEN = "broken"
REFUSALS_EVERY = 60.0
"""Seconds between two notes of a refused signature on one channel."""


@dataclass(frozen=True)
class Verdict:
    status: int
    stored: int = 0


@dataclass(frozen=True)
class _Known:
    channel: FoundChannel
    secrets: dict[str, str]
    former: dict[str, str]
    """Signing secrets replaced within the last day: a provider may take its time to change over."""

    def signed(self, adapter: ChannelAdapter, headers: Mapping[str, str], body: bytes, url: str) -> bool:
        if adapter.verify(headers, body, self.secrets, url=url):
            return True
        return bool(self.former) and adapter.verify(headers, body, {**self.secrets, **self.former}, url=url)


class Intake:
    """One per web process; `run` is its background half."""

    def __init__(self) -> None:
        self._channels: dict[tuple[str, str], tuple[float, _Known | None]] = {}
        self._looking: dict[tuple[str, str], asyncio.Future[_Known | None]] = {}
        self._events = EventStore()
        self._waiting: dict[UUID, list[UUID]] = {}
        self._has_work = asyncio.Event()
        self._refused: dict[UUID, float] = {}
        self._notes: set[asyncio.Future[None]] = set()

    async def run(self) -> None:
        """Hand stored events to the workers in micro-batches, off the event loop."""
        while True:
            await self._has_work.wait()
            await asyncio.sleep(BATCH_DELAY)
            self._has_work.clear()
            batches, self._waiting = self._waiting, {}
            began = time.monotonic()
            await anyio.to_thread.run_sync(_send, batches)
            # Under load the batches grow instead of their number: sending takes a fifth of the time, not all of it.
            await asyncio.sleep(min(4 * (time.monotonic() - began), LONGEST_PAUSE))

    async def close(self) -> None:
        await self._events.close()

    async def handshake(self, kind: str, public_id: str, query: Mapping[str, str]) -> str | None:
        known = await self._find(kind, public_id, by_address=False)
        if known is None:
            return None
        answer = registry.get(kind).handshake(query, known.secrets)
        if answer is not None:
            self._note(registration.note_handshake, known.channel)
        elif query:
            self._note_refusal(known.channel, registration.note_wrong_token)
        return answer

    async def accept(
        self, kind: str, public_id: str, headers: Mapping[str, str], body: bytes, *, url: str = ""
    ) -> Verdict:
        """404 unknown channel or no secret, 401 signature, else 200 once everything new is committed.

        `url`: our public address as it was called, query included.
        """
        if kind not in registry.kinds():
            return Verdict(404)
        adapter = registry.get(kind)
        named = await self._find(kind, public_id, by_address=False)
        if named is None or not named.secrets.get(adapter.signing_secret):
            return Verdict(404)
        if not named.signed(adapter, headers, body, url):
            self._note_refusal(named.channel, registration.note_refusal)
            return Verdict(401)
        try:
            items = adapter.split_called(body, url)
        except BrokenPayload as error:
            digest = hashlib.sha256(body).hexdigest()
            await self._store(
                named, [RawItem("", f"{BROKEN}:{digest}", BROKEN, body)], error=str(error)[:300] or BROKEN
            )
            return Verdict(200, 1)
        stored = 0
        for owner, owned in (await self._by_owner(kind, named, items, headers, body, url)).values():
            stored += await self._store(owner, owned)
        return Verdict(200, stored)

    async def _by_owner(
        self, kind: str, named: _Known, items: list[RawItem], headers: Mapping[str, str], body: bytes, url: str
    ) -> dict[UUID, tuple[_Known, list[RawItem]]]:
        """Meta posts all numbers of an app to one URL: an item goes to the channel of its number, and only when
        that channel's own app secret signed this body. What belongs to nobody here is not kept."""
        adapter = registry.get(kind)
        owned: dict[UUID, tuple[_Known, list[RawItem]]] = {}
        for item in items:
            owner: _Known | None = named
            if item.address and not adapter.owns(named.channel.settings, item.address):
                owner = await self._find_any(kind, item.address)
                if owner is None or not owner.signed(adapter, headers, body, url):
                    log.info("an item of an address that is not ours was left out", extra={"kind": kind})
                    continue
            if not owner.channel.is_disabled:
                owned.setdefault(owner.channel.channel_id, (owner, []))[1].append(item)
        return owned

    async def _store(self, owner: _Known, items: list[RawItem], error: str | None = None) -> int:
        channel = owner.channel
        events = [
            NewEvent(
                channel.company_id, channel.channel_id, new_id(), item.key[:300], item.kind[:64], item.payload, error
            )
            for item in items
        ]
        fresh = await self._events.add(events)
        if fresh and error is None:
            self._waiting.setdefault(channel.company_id, []).extend(event.id for event in events if event.id in fresh)
            self._has_work.set()
        return len(fresh)

    async def _find_any(self, kind: str, address: str) -> _Known | None:
        """Whoever has this address; one of several ways to name our end may stand in it (Twilio: number and service)."""
        for part in address.split(" "):
            if found := await self._find(kind, part, by_address=True):
                return found
        return None

    def _note_refusal(self, channel: FoundChannel, verb: Callable[[UUID, UUID], None]) -> None:
        """In the channel's log, once a minute: the company pasted the wrong secret, or somebody tries doors."""
        now = time.monotonic()
        if self._refused.get(channel.channel_id, 0.0) > now:
            return
        if len(self._refused) > 10_000:
            self._refused.clear()
        self._refused[channel.channel_id] = now + REFUSALS_EVERY
        self._note(verb, channel)

    def _note(self, verb: Callable[[UUID, UUID], None], channel: FoundChannel) -> None:
        """Beside the answer, in a thread: nobody waits for it, and its failure is nobody's but ours."""
        task = asyncio.ensure_future(anyio.to_thread.run_sync(verb, channel.company_id, channel.channel_id))
        self._notes.add(task)
        task.add_done_callback(self._noted)

    def _noted(self, task: "asyncio.Future[None]") -> None:
        self._notes.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.warning("a note for a channel's log was lost: %s", type(task.exception()).__name__)

    async def _find(self, kind: str, key: str, *, by_address: bool) -> _Known | None:
        slot = (f"{kind}@" if by_address else kind, key)
        cached = self._channels.get(slot)
        if cached and cached[0] > time.monotonic():
            return cached[1]
        # One asks, and all that wait for the same channel hear the answer.
        looking = self._looking.get(slot)
        if looking is None:
            looking = self._looking[slot] = asyncio.ensure_future(self._look(slot, kind, key, by_address=by_address))
            looking.add_done_callback(lambda _: self._looking.pop(slot, None))
        return await asyncio.shield(looking)

    async def _look(self, slot: tuple[str, str], kind: str, key: str, *, by_address: bool) -> _Known | None:
        if len(self._channels) > 20_000:
            self._channels.clear()
        look = doors.find_address if by_address else doors.find_channel
        found = await anyio.to_thread.run_sync(look, kind, key)
        known = None
        if found:
            former = secrets.decrypt(found.former_secrets) if found.former_secrets else {}
            known = _Known(found, secrets.decrypt(found.secrets), former)
        self._channels[slot] = (time.monotonic() + CHANNEL_TTL, known)
        return known


def _send(batches: dict[UUID, list[UUID]]) -> None:
    for company_id, ids in batches.items():
        for start in range(0, len(ids), BATCH_MOST):
            chunk = ids[start : start + BATCH_MOST]
            jobs.send(Job.HANDLE_INBOUND, company_id=str(company_id), ids=[str(i) for i in chunk])
