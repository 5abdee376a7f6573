"""How often somebody may try: counted in Valkey, per address and per account, with the wait told."""

import logging

import anyio.to_thread
import redis

from saas_admin.core import realtime, secrets
from saas_admin.core.errors import Throttled

log = logging.getLogger(__name__)


async def ensure_not_too_often(what: str, who: str | None, *, most: int, seconds: int) -> None:
    """Raise Throttled from try number `most` + 1 within `seconds`. Who tries is kept only as a hash."""
    key = _key(what, who)
    try:
        count, left = await anyio.to_thread.run_sync(_count, key, seconds)
    except redis.RedisError as error:
        # Without a counter the password is still asked for: locking everybody out would be the worse failure.
        log.warning("a throttle could not be counted: %s", type(error).__name__)
        return
    if count > most:
        raise Throttled(retry_after=max(left, 1), minutes=max(1, round(left / 60)))


async def forget(what: str, who: str | None) -> None:
    """Somebody proved who they are: their earlier tries no longer count."""
    try:
        await anyio.to_thread.run_sync(realtime.sync_client().delete, _key(what, who))
    except redis.RedisError as error:
        log.warning("a throttle could not be cleared: %s", type(error).__name__)


def _key(what: str, who: str | None) -> str:
    return f"throttle:{what}:{secrets.token_hash(who or '-').hex()[:32]}"


def _count(key: str, seconds: int) -> tuple[int, int]:
    with realtime.sync_client().pipeline(transaction=True) as pipe:
        pipe.incr(key)
        pipe.expire(key, seconds, nx=True)
        pipe.ttl(key)
        count, _, left = pipe.execute()
    return int(count), int(left)
