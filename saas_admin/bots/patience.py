"""A company whose vectors could not be stored is tried again later and later. Kept in Valkey for all workers together."""

import logging
from uuid import UUID

import redis

from saas_admin.core.realtime import sync_client

log = logging.getLogger(__name__)

FIRST = 20
"""Seconds after the first failure; each further one in a row doubles them, up to `LONGEST`."""
LONGEST = 3600
_KEEP = 24 * 3600


def note_failure(company_id: UUID) -> int:
    """The seconds it is left alone from now on; without Valkey nobody counts, and nothing is swept either."""
    wait, failures = _keys(company_id)
    try:
        client = sync_client()
        count = int(client.incr(failures))  # type: ignore[arg-type]
        client.expire(failures, _KEEP)
        seconds = min(FIRST * 2 ** min(count - 1, 20), LONGEST)
        client.set(wait, 1, ex=seconds)
    except redis.RedisError as error:
        log.warning("a failed reindex was not counted: %s", type(error).__name__)
        return FIRST
    return seconds


def is_over(company_id: UUID) -> bool:
    """Whether it may be tried now."""
    try:
        return not sync_client().exists(_keys(company_id)[0])
    except redis.RedisError:
        return True


def end(company_id: UUID) -> None:
    """It went well."""
    try:
        sync_client().delete(*_keys(company_id))
    except redis.RedisError as error:
        log.warning("a wait was not ended: %s", type(error).__name__)


def _keys(company_id: UUID) -> tuple[str, str]:
    return f"reindex-wait:{company_id}", f"reindex-failures:{company_id}"
