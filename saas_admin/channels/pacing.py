"""How fast messages may leave: slots of a rate per address of ours, and a distance between messages to one person.

Kept in Valkey, so that all workers together stay within what a provider allows. A slot is taken with the clock of
Valkey, in one script (GCRA, the leaky bucket as a meter: ITU-T I.371); nothing is ever taken ahead of `HORIZON`.
"""

import threading
import time
from collections import deque
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import redis

from saas_admin.adapters.channels.base import Failure, FailureCode, Pace
from saas_admin.core.config import get_settings
from saas_admin.core.realtime import sync_client

HORIZON = 0.6
"""Seconds a slot may lie ahead: whoever takes it keeps a thread waiting for so long. Longer than a claim and a record take."""
_MARGIN = 1.01
_SECOND = 1.003
"""Providers measure at their own end, by their own clock: a little slower than they allow is never too fast."""
_LONGEST_RIVAL = 3.0
"""Seconds after which a call that nobody answers is not waited for any more."""
_PERSON_MARGIN = 0.03
_KEEP = 3600
"""Seconds after which nobody remembers a person: longer than any distance."""

# KEYS: the lane, its hold. ARGV: seconds between two slots, horizon, burst, and per slot the seconds it may not come before.
# Answers microseconds: until there is another slot, then of each slot taken.
_TAKE = """
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
local gap, horizon, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local next = tonumber(redis.call('GET', KEYS[1]) or '0')
local held = tonumber(redis.call('GET', KEYS[2]) or '0')
next = math.max(next, now - (burst - 1) * gap, held)
local slots = {}
for i = 4, #ARGV do
  local slot = math.max(next, now + tonumber(ARGV[i]))
  if slot - now > horizon then break end
  slots[#slots + 1] = math.max(0, math.floor((slot - now) * 1000000))
  next = slot + gap
end
if #slots > 0 then redis.call('SET', KEYS[1], string.format('%.6f', next), 'EX', 3600) end
return {math.max(0, math.floor((next - now) * 1000000)), unpack(slots)}
"""

# KEYS: one per person. ARGV: until when it is kept, then seconds from now on for each.
_STAMP = """
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
for i = 1, #KEYS do
  local at = string.format('%.6f', now + tonumber(ARGV[i + 1]))
  if tonumber(redis.call('GET', KEYS[i]) or '0') < tonumber(at) then redis.call('SET', KEYS[i], at, 'EX', ARGV[1]) end
end
return #KEYS
"""

# KEYS: one per person. Answers how many microseconds each still has to wait.
_WAITS = """
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
local waits = {}
for i = 1, #KEYS do
  waits[i] = math.max(0, math.ceil((tonumber(redis.call('GET', KEYS[i]) or '0') - now) * 1000000))
end
return waits
"""


class Passage:
    """One call on its way: when it left us, and when its answer came (by time.monotonic)."""

    def __init__(self) -> None:
        self.left: float | None = None
        self.answered: float | None = None

    def arrived_by(self, usual: float) -> float:
        """When the provider had it at the latest, if what it took beyond the usual was spent on the way there."""
        if self.left is None:
            return time.monotonic()
        return max(self.left, (self.answered or time.monotonic()) - usual)


class Turnstile:
    """The calls of one channel in this process, as the provider counts them: by their arrival, which may lag behind ours.

    Slots that are missed are not made up for, and whoever is the n-th after another passes a full second after that
    one has arrived, where n is what a second may hold: however calls bunch on the way, no second ever holds more.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0.0
        self._passed: deque[Passage] = deque(maxlen=1000)

    @contextmanager
    def passing(self, at: float, gap: float, most: int) -> Generator[None]:
        """Wait for `at` (by time.monotonic), for `gap` seconds after whoever passed before, and for the second to have room.

        `most`: calls that may arrive in any one second; 0 where nobody counts.
        """
        mine = Passage()
        with self._lock:
            self._last = slot = max(at, time.monotonic(), self._last + gap)
            rival = self._passed[-most] if 0 < most <= len(self._passed) else None
            if most:
                self._passed.append(mine)
        time.sleep(max(0.0, slot - time.monotonic()))
        if rival:
            self._wait_for(rival)
        mine.left = time.monotonic()
        try:
            yield
        finally:
            mine.answered = time.monotonic()

    def _wait_for(self, rival: Passage) -> None:
        until = time.monotonic() + _LONGEST_RIVAL
        usual = self._usual()
        while (now := time.monotonic()) < until:
            rest = rival.arrived_by(usual) + _SECOND - now
            if rest <= 0:
                return
            time.sleep(rest if rival.answered else min(rest, 0.02))

    def _usual(self) -> float:
        """Seconds a call takes when nothing is in its way."""
        with self._lock:
            took = [call.answered - call.left for call in self._passed if call.answered and call.left]
        return min(took, default=0.0)


@lru_cache(maxsize=512)
def turnstile_of(channel_id: UUID) -> Turnstile:
    del channel_id
    return Turnstile()


@dataclass(frozen=True)
class Slots:
    delays: list[float]
    """Seconds from now, one per slot taken."""
    next_in: float
    """Seconds until the slot after those."""


class Pacer:
    """The rate of one channel. Without a pace (`None`) everything may go at once, unless the provider asked us to wait."""

    def __init__(self, channel_id: UUID, pace: Pace | None) -> None:
        self._key = f"pace:{channel_id}"
        self._pace = pace if get_settings().send_pace > 0 else None

    def take(self, not_before: Sequence[float], *, is_media: bool = False) -> Slots:
        """A slot within the horizon for each, at the earliest after so many seconds (ascending); fewer when there are none."""
        rate, burst, lane = self._rate(is_media=is_media)
        gap = _MARGIN / rate if rate else 0.0
        try:
            next_in, *delays = _script(_TAKE)(
                keys=[lane, f"{self._key}:hold"], args=[gap or 1e-6, HORIZON, burst, *not_before]
            )
        except redis.RedisError:
            return Slots([], 1.0)
        return Slots([int(delay) / 1e6 for delay in delays], int(next_in) / 1e6)

    def waits(self, people: Sequence[str]) -> list[float]:
        """Seconds each person still has to be left alone."""
        if not any(self.distance(person) for person in people):
            return [0.0] * len(people)
        try:
            return [int(wait) / 1e6 for wait in _script(_WAITS)(keys=[self._person(p) for p in people])]
        except redis.RedisError:
            return [1.0] * len(people)

    def sent(self, people: Mapping[str, float]) -> None:
        """These were written to so many seconds ago: their distance counts from then."""
        for seconds in {self.distance(person) for person in people} - {0.0}:
            alike = [person for person in people if self.distance(person) == seconds]
            self._stamp(
                [self._person(person) for person in alike], [seconds + _PERSON_MARGIN - people[p] for p in alike]
            )

    def slow_down(self, person: str, failure: Failure) -> None:
        """The provider's own word goes before our sums: everybody waits, or only this person."""
        if failure.code is not FailureCode.THROTTLED:
            return
        seconds = failure.retry_after or 1.0
        self._stamp([self._person(person) if failure.is_per_person else f"{self._key}:hold"], [seconds])

    def gap(self, *, is_media: bool = False) -> float:
        """Seconds between two slots; 0 where nobody counts."""
        rate, burst, _ = self._rate(is_media=is_media)
        return _MARGIN / rate if rate and burst == 1 else 0.0

    def most(self, *, is_media: bool = False) -> int:
        """Messages any one second may hold; 0 where nobody counts, or where a second holds less than one."""
        rate, burst, _ = self._rate(is_media=is_media)
        return int(rate) if burst == 1 else 0

    def distance(self, person: str) -> float:
        """Seconds between two messages to this person; 0 where there is no such rule."""
        return self._pace.seconds_between(person) / get_settings().send_pace if self._pace else 0.0

    def _rate(self, *, is_media: bool) -> tuple[float, int, str]:
        if self._pace is None:
            return 0.0, 1000, f"{self._key}:free"
        if is_media and self._pace.media_per_second:
            return self._pace.media_per_second * get_settings().send_pace, 1, f"{self._key}:media"
        return self._pace.per_second * get_settings().send_pace, self._pace.burst, f"{self._key}:all"

    def _person(self, person: str) -> str:
        return f"{self._key}:to:{person}"

    def _stamp(self, keys: list[str], seconds: list[float]) -> None:
        try:
            _script(_STAMP)(keys=keys, args=[int(max(seconds)) + _KEEP, *seconds])
        except redis.RedisError:
            return


@lru_cache(maxsize=8)
def _script(text: str) -> Any:
    return sync_client().register_script(text)
