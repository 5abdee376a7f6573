"""Queued messages leave: claim, call the provider outside any transaction at the pace it allows, record in a second one.

One drain per channel at a time takes what is due, keeps many calls under way, and writes their outcomes down in groups.
A crash between call and record leaves `sending`; a later drain turns it into `unknown`, and only the provider's own
receipt says more. It is never sent a second time on a guess.
"""

import logging
import time
from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID, uuid4

import redis

from saas_admin.adapters.channels.base import Failure, FailureCode, SendError, SendResult
from saas_admin.channels import outbox, outcomes
from saas_admin.channels.outbox import Leaving
from saas_admin.channels.outcomes import Outcome
from saas_admin.channels.pacing import Turnstile, turnstile_of
from saas_admin.core import jobs
from saas_admin.core.jobs import Job
from saas_admin.core.realtime import sync_client

log = logging.getLogger(__name__)

TURN = 10.0
"""Seconds a drain goes on before it queues itself again: other channels want a worker too."""
PATIENCE = 1.0
"""A drain waits this long for the next message; what is due later is found by the sweep."""
LOCK_SECONDS = 8
THREADS = 128
"""Calls under way at once in one worker."""
GATHER = 0.1
"""While calls are under way outcomes are written down together, at most this late."""


def deliver(company_id: UUID, channel_id: UUID) -> None:
    """Send what this channel has to send; called as often as anybody likes.

    Whoever finds another drain at work leaves it to that one: it looks once more after it has let go.
    """
    with _turn(channel_id) as is_mine:
        if not is_mine:
            return
        left = _drain(company_id, channel_id)
    # Nothing was queued a moment ago: a message whose own job found us at work is looked for once more.
    if left == 0.0 or (left is None and outbox.is_due(company_id, channel_id)):
        jobs.send(Job.DELIVER, company_id=str(company_id), channel_id=str(channel_id))


@dataclass
class _Pipeline:
    company_id: UUID
    channel_id: UUID
    calls: "dict[Future[Outcome], Leaving]"
    turnstile: Turnstile

    def start(self, leaving: list[Leaving]) -> None:
        now = time.monotonic()
        for each in leaving:
            self.calls[_pool().submit(_call, each, now + each.delay, self.turnstile)] = each

    def collect(self, timeout: float) -> None:
        """Write down what has come back; while more is under way, a group at a time."""
        done, rest = wait(self.calls, timeout, return_when=FIRST_COMPLETED)
        if done and rest:
            done, _ = wait(self.calls, GATHER)
        outcomes.record(self.company_id, self.channel_id, [call.result() for call in done])
        for call in done:
            del self.calls[call]


def _drain(company_id: UUID, channel_id: UUID) -> float | None:
    """Until nothing is queued (None), nothing is due for so many seconds, or the turn is over (0)."""
    pipeline = _Pipeline(company_id, channel_id, {}, turnstile_of(channel_id))
    until = time.monotonic() + TURN
    while True:
        is_over = time.monotonic() > until
        is_full = len(pipeline.calls) > THREADS - outbox.MOST
        claim = outbox.Claim(wait=outbox.HORIZON) if is_over or is_full else outbox.claim(company_id, channel_id)
        outcomes.record(company_id, channel_id, [Outcome(i, failure) for i, failure in claim.given_up])
        pipeline.start(claim.leaving)
        _keep_turn(channel_id)
        pause = outbox.HORIZON if claim.wait is None else min(claim.wait, outbox.HORIZON)
        if pipeline.calls:
            pipeline.collect(max(pause, 0.01))
        elif is_over:
            return 0.0
        elif claim.wait is None or claim.wait > PATIENCE:
            return claim.wait
        elif not claim.given_up:
            time.sleep(max(pause, 0.01))


def _call(leaving: Leaving, at: float, turnstile: Turnstile) -> Outcome:
    """The call itself, in its slot."""
    with turnstile.passing(at, leaving.gap, leaving.most):
        started = time.monotonic()
        result = _send(leaving)
        ended = time.monotonic()
    return Outcome(leaving.message_id, result, leaving.message.to, int((ended - started) * 1000), ended)


def _send(leaving: Leaving) -> SendResult | Failure:
    """An adapter classifies all that goes wrong; what it does not, leaves the outcome open."""
    try:
        return leaving.adapter.send(leaving.settings, leaving.secrets, leaving.message)
    except SendError as error:
        return error.failure
    except FileNotFoundError:
        return Failure(FailureCode.MEDIA_REJECTED, "", "the file is not on our disk any more")
    except Exception:
        log.exception("an adapter raised what it should have classified", extra={"message_id": str(leaving.message_id)})
        return Failure(FailureCode.OUTCOME_UNKNOWN)


@contextmanager
def _turn(channel_id: UUID) -> Generator[bool]:
    """One drain per channel; a dead worker's turn ends by itself. Without Valkey there is no pacing, so nothing leaves."""
    key, mark = f"drain:{channel_id}", uuid4().hex
    try:
        is_mine = bool(sync_client().set(key, mark, nx=True, ex=LOCK_SECONDS))
    except redis.RedisError:
        is_mine = False
    try:
        yield is_mine
    finally:
        if is_mine:
            _let_go(key, mark)


def _keep_turn(channel_id: UUID) -> None:
    try:
        sync_client().expire(f"drain:{channel_id}", LOCK_SECONDS)
    except redis.RedisError:
        log.warning("the turn of a channel could not be kept")


def _let_go(key: str, mark: str) -> None:
    try:
        if sync_client().get(key) == mark.encode():
            sync_client().delete(key)
    except redis.RedisError:
        log.warning("the turn of a channel ends by itself in %s s", LOCK_SECONDS)


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="send")
