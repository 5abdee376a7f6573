"""Token buckets in Valkey: how often one visitor or one address may do something."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any

import redis

from saas_admin.core.errors import Throttled
from saas_admin.core.realtime import sync_client

log = logging.getLogger(__name__)

# One round trip for all buckets of a request: nothing is taken unless every one of them has a token left.
_TAKE = """
local now = redis.call('TIME'); now = now[1] + now[2] / 1e6
local wait = 0
local left = {}
for i = 1, #KEYS do
  local burst, rate = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local seen = redis.call('HMGET', KEYS[i], 'n', 't')
  local n = math.min(burst, (tonumber(seen[1]) or burst) + (now - (tonumber(seen[2]) or now)) * rate)
  left[i] = n
  if n < 1 then wait = math.max(wait, (1 - n) / rate) end
end
if wait > 0 then return tostring(wait) end
for i = 1, #KEYS do
  local burst, rate = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  redis.call('HSET', KEYS[i], 'n', left[i] - 1, 't', now)
  redis.call('EXPIRE', KEYS[i], math.ceil(burst / rate) + 1)
end
return '0'
"""


@dataclass(frozen=True)
class Bucket:
    name: str
    burst: int
    per_second: float


def take(*wanted: tuple[Bucket, str], code: str = "throttled") -> None:
    """Take one token of each bucket or raise Throttled. Without Valkey everything passes: keeping messages matters more."""
    keys = [f"bucket:{bucket.name}:{who}" for bucket, who in wanted]
    numbers = [number for bucket, _ in wanted for number in (bucket.burst, bucket.per_second)]
    try:
        wait = float(_script()(keys=keys, args=numbers))
    except redis.RedisError as error:
        log.warning("limits are not checked: %s", type(error).__name__)
        return
    if wait > 0:
        raise Throttled(code, retry_after=ceil(wait))


@lru_cache(maxsize=1)
def _script() -> Any:
    return sync_client().register_script(_TAKE)
