"""A company's circuit breaker: after a series of troubles its model is left alone for a while, then tried by one call.

Kept in Valkey for all workers together, by Valkey's clock. Without Valkey every call passes. What lasts until somebody
changes something (a refused key, no quota) is no matter of time: that is `AiProvider.trouble`.
"""

import logging
from functools import lru_cache
from typing import Any
from uuid import UUID

import redis

from saas_admin.core.realtime import sync_client

log = logging.getLogger(__name__)

TROUBLES = 5
"""Within `WINDOW` seconds they open it."""
WINDOW = 60
FIRST_PAUSE = 30.0
"""Seconds; each probe that fails doubles it, up to `LONGEST_PAUSE`."""
LONGEST_PAUSE = 600.0
_PROBE_SECONDS = 20
"""Longer than a call may take: a probe that nobody ends is over."""
_KEEP = 3600

# KEYS: open, probe, troubles, pause. `open` holds the second until which nobody is asked.
_MAY = """
local until_ = redis.call('GET', KEYS[1])
if not until_ then return 1 end
local t = redis.call('TIME'); local now = t[1] + t[2] / 1e6
if now < tonumber(until_) then return 0 end
if redis.call('SET', KEYS[2], '1', 'NX', 'EX', ARGV[1]) then return 1 end
return 0
"""
_TROUBLE = """
local t = redis.call('TIME'); local now = t[1] + t[2] / 1e6
local until_ = redis.call('GET', KEYS[1])
local pause = tonumber(ARGV[3])
if until_ then
  if now < tonumber(until_) then return 0 end
  pause = math.min(tonumber(redis.call('GET', KEYS[4]) or pause) * 2, tonumber(ARGV[4]))
else
  local n = redis.call('INCR', KEYS[3])
  if n == 1 then redis.call('EXPIRE', KEYS[3], ARGV[2]) end
  if n < tonumber(ARGV[1]) then return 0 end
end
redis.call('SET', KEYS[1], string.format('%.3f', now + pause), 'EX', ARGV[5])
redis.call('SET', KEYS[4], tostring(pause), 'EX', ARGV[5])
redis.call('DEL', KEYS[2], KEYS[3])
return 1
"""
_LEFT = """
local until_ = redis.call('GET', KEYS[1])
if not until_ then return '0' end
local t = redis.call('TIME')
return tostring(math.max(0, tonumber(until_) - t[1] - t[2] / 1e6))
"""


def may_ask(company_id: UUID) -> bool:
    """Whether the model may be asked now. After a pause the first who asks is the probe; the others wait for its end."""
    return _run(_MAY, company_id, [_PROBE_SECONDS], default=1) == 1


def note_trouble(company_id: UUID) -> bool:
    """A call went wrong for a reason of the provider's. True when the breaker opened for it."""
    arguments = [TROUBLES, WINDOW, FIRST_PAUSE, LONGEST_PAUSE, _KEEP]
    is_open = _run(_TROUBLE, company_id, arguments, default=0) == 1
    if is_open:
        log.warning("the model of company %s is left alone for a while", company_id)
    return is_open


def close(company_id: UUID) -> None:
    """The provider answers (again), or its settings are other ones."""
    try:
        sync_client().delete(*_keys(company_id))
    except redis.RedisError as error:
        log.warning("a breaker was not closed: %s", type(error).__name__)


def seconds_left(company_id: UUID) -> float:
    """How long the pause still lasts; 0 when there is none, or a probe may go."""
    return float(_run(_LEFT, company_id, [], default="0"))


def _run(script: str, company_id: UUID, arguments: list[float], *, default: Any) -> Any:
    try:
        return _script(script)(keys=_keys(company_id), args=arguments)
    except redis.RedisError as error:
        log.warning("a breaker was not asked: %s", type(error).__name__)
        return default


def _keys(company_id: UUID) -> list[str]:
    return [f"ai-{what}:{company_id}" for what in ("open", "probe", "troubles", "pause")]


@lru_cache(maxsize=4)
def _script(text: str) -> Any:
    return sync_client().register_script(text)
