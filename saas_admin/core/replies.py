"""An answer that a job hands back to whoever waits for it, by a one-shot key in Valkey.

For work that only another process can do (it holds the encoders) and that somebody watches. Nothing may depend on it: a
waiter who has gone loses nothing but the answer.
"""

import json
import logging
from typing import Any
from uuid import uuid4

import redis

from saas_admin.core.realtime import async_client, sync_client

log = logging.getLogger(__name__)

KEPT = 60
"""Seconds an answer waits for its reader."""
_PREFIX = "reply:"


def new_ticket() -> str:
    """Nobody can guess it: who knows it may read the answer."""
    return uuid4().hex


def hand_in(ticket: str, answer: dict[str, Any]) -> bool:
    """False when Valkey does not take it: the waiter finds out by its time-out."""
    key = _PREFIX + ticket
    try:
        with sync_client().pipeline() as pipe:
            pipe.rpush(key, json.dumps(answer, default=str))
            pipe.expire(key, KEPT)
            pipe.execute()
    except redis.RedisError as error:
        log.warning("an answer was not handed in: %s", type(error).__name__)
        return False
    return True


async def wait_for(ticket: str, seconds: float) -> dict[str, Any] | None:
    """The answer, or None when it does not come in time. No thread waits."""
    client = async_client()
    try:
        found: Any = await client.blpop([_PREFIX + ticket], timeout=seconds)  # type: ignore[misc]
    except redis.RedisError as error:
        log.warning("an answer was not waited for: %s", type(error).__name__)
        return None
    finally:
        await client.aclose()
    return json.loads(found[1]) if found else None
