"""What is wrong with this install, in words. `/readyz` asks the first few, `saas-admin doctor` all of them."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import redis

from saas_admin.core.config import Settings, get_settings
from saas_admin.platform import migrations

LEAST_FREE_BYTES = 500 * 1024 * 1024
LEAST_FREE_SHARE = 0.02
PROBE_BYTES = 64 * 1024
CONNECT_SECONDS = 3


@dataclass(frozen=True)
class Check:
    name: str
    ok: bool
    sentence: str


def ready_checks(settings: Settings | None = None) -> list[Check]:
    """Cheap enough to be asked every few seconds, and without anything an outsider should not read."""
    settings = settings or get_settings()
    return [_guarded(check, settings) for check in (database, valkey, migrated, disk)]


def database(settings: Settings) -> Check:
    if not settings.database_url:
        return Check("database", False, "No database is configured or running.")
    with psycopg.connect(settings.database_url, connect_timeout=CONNECT_SECONDS) as connection:
        connection.execute("SELECT 1")
    return Check("database", True, "PostgreSQL answers.")


def valkey(settings: Settings) -> Check:
    if not settings.redis_url:
        return Check("valkey", False, "No Valkey is configured or running.")
    url, patience = settings.redis_url, CONNECT_SECONDS
    client = redis.Redis.from_url(url, socket_timeout=patience, socket_connect_timeout=patience, retry=None)
    with contextlib.closing(client):
        client.ping()
    return Check("valkey", True, "Valkey answers.")


def migrated(settings: Settings) -> Check:
    if not settings.database_url:
        return Check("migrations", False, "Unknown while there is no database.")
    found = migrations.state(settings.database_url)
    if found.is_current:
        return Check("migrations", True, f"The database is at the newest migration ({found.head}).")
    return Check("migrations", False, f"The database is at migration {found.current}, the code expects {found.head}.")


def disk(settings: Settings) -> Check:
    usage = shutil.disk_usage(settings.data_dir)
    free = f"{usage.free // (1024 * 1024)} MB free"
    # Written, not only asked: quotas and read-only mounts do not show in the numbers.
    with tempfile.TemporaryFile(dir=settings.data_dir) as probe:
        probe.write(os.urandom(PROBE_BYTES))
        probe.flush()
    if usage.free < max(LEAST_FREE_BYTES, usage.total * LEAST_FREE_SHARE):
        return Check("disk", False, f"The disk of the data directory is nearly full: {free}.")
    return Check("disk", True, f"The data directory is writable, {free}.")


def _guarded(check: Callable[[Settings], Check], settings: Settings) -> Check:
    """A probe that fails is an answer, not a crash."""
    try:
        return check(settings)
    except (OSError, psycopg.Error, redis.RedisError) as failure:
        return Check(check.__name__, False, f"{check.__name__}: {_first_line(failure)}")


def _first_line(failure: Exception) -> str:
    return (str(failure).strip().splitlines() or [type(failure).__name__])[0]
