"""Live deltas: one Lua script numbers and publishes, so that parallel publishers never make a false gap."""

import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import redis
import redis.asyncio

from saas_admin.core.config import get_settings

log = logging.getLogger(__name__)

CHANNEL_PREFIX = "live:"
REVOKED = "control:revoked"
"""Where web processes hear that a person's sessions, role or sight are no longer what their open sockets believe."""
SEQ_PREFIX = "live-seq:"
SEQ_TTL = 7 * 24 * 3600

# The number is put into the JSON text by string surgery: decoding it in Lua would cost more than all the rest.
_PUBLISH = """
for i = 1, #KEYS do
  local seq = redis.call('INCR', 'live-seq:' .. KEYS[i])
  redis.call('EXPIRE', 'live-seq:' .. KEYS[i], ARGV[1])
  redis.call('PUBLISH', 'live:' .. KEYS[i], '{"seq":' .. seq .. ',' .. string.sub(ARGV[i + 1], 2))
end
return #KEYS
"""


@dataclass(frozen=True)
class Delta:
    """A change that one room is told of. `kind` names the reader's action, `body` is JSON-ready."""

    room: str
    kind: str
    body: dict[str, Any]


def inbox_room(company_id: UUID, part: str = "all") -> str:
    """The conversations of a company: `all`, `none` (without owner) or `u:<user>` (one person's own)."""
    return f"inbox:{company_id}:{part}"


def conversation_room(conversation_id: UUID) -> str:
    return f"conv:{conversation_id}"


def publish(deltas: list[Delta]) -> bool:
    """Tell the rooms. False when Valkey does not answer; readers find out by their head poll."""
    if not deltas:
        return True
    bodies = [json.dumps({"room": d.room, "kind": d.kind, **d.body}, default=str) for d in deltas]
    try:
        _script()(keys=[d.room for d in deltas], args=[SEQ_TTL, *bodies])
    except redis.RedisError as error:
        log.warning("live publish lost: %s", type(error).__name__)
        return False
    return True


def tell_revoked(user_id: UUID, session_ids: list[UUID] | None) -> None:
    """The person's open sockets must ask again who they are; `None`: all of them. Lost with Valkey away, when nothing live passes either."""
    ids = None if session_ids is None else [str(session_id) for session_id in session_ids]
    try:
        sync_client().publish(REVOKED, json.dumps({"user": str(user_id), "sessions": ids}))
    except redis.RedisError as error:
        log.warning("a revocation was not told: %s", type(error).__name__)


def heads(rooms: list[str]) -> dict[str, int]:
    """The last number of each room; empty when Valkey does not answer."""
    try:
        values: Any = sync_client().mget([SEQ_PREFIX + room for room in rooms])
    except redis.RedisError:
        return {}
    return {room: int(value or 0) for room, value in zip(rooms, values, strict=True)}


def is_first(what: str, seconds: int) -> bool:
    """Whether nobody did this within so many seconds; without Valkey somebody may have."""
    try:
        return bool(sync_client().set(f"first:{what}", 1, nx=True, ex=seconds))
    except redis.RedisError:
        return False


@lru_cache(maxsize=1)
def sync_client() -> redis.Redis:
    return redis.Redis.from_url(
        get_settings().redis_url or "", socket_connect_timeout=1.0, socket_timeout=2.0, health_check_interval=30
    )


def async_client() -> redis.asyncio.Redis:
    """A client of its own for the running event loop."""
    return redis.asyncio.Redis.from_url(
        get_settings().redis_url or "", socket_connect_timeout=2.0, health_check_interval=30
    )


@lru_cache(maxsize=1)
def _script() -> Any:
    return sync_client().register_script(_PUBLISH)
