"""What an instance needs to do its work. `/readyz` asks these few; `saas-admin doctor` asks them and many more."""

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
    """For anybody: names nothing of the machine."""
    detail: str = ""
    """For the operator, in `doctor` only."""


Probe = Callable[[Settings], Check]


def ready_checks(settings: Settings | None = None) -> list[Check]:
    """Cheap enough to be asked every few seconds."""
    return ask((database, valkey, migrated, disk), settings or get_settings())


def ask(probes: tuple[Probe, ...], settings: Settings) -> list[Check]:
    return [_ask_one(probe, settings) for probe in probes]


def database(settings: Settings) -> Check:
    if not settings.database_url:
        return Check("database", False, "No database is configured or running.")
    with psycopg.connect(settings.database_url, connect_timeout=CONNECT_SECONDS) as connection:
        connection.execute("SELECT 1")
    return Check("database", True, "PostgreSQL answers.")


def valkey(settings: Settings) -> Check:
    if not settings.redis_url:
        return Check("valkey", False, "No Valkey is configured or running.")
    with valkey_client(settings.redis_url) as client:
        client.ping()
    return Check("valkey", True, "Valkey answers.")


def migrated(settings: Settings) -> Check:
    if not settings.database_url:
        return Check("migrations", False, "Unknown while there is no database.")
    found = migrations.state(settings.database_url)
    if found.is_current:
        return Check("migrations", True, f"The database is at the newest migration ({found.head}).")
    sentence = f"The database is at migration {found.current or 'none'}, this version expects {found.head}."
    return Check("migrations", False, sentence, migrations.last_error(settings.data_dir))


def disk(settings: Settings) -> Check:
    usage = shutil.disk_usage(settings.data_dir)
    detail = f"{usage.free // (1024 * 1024)} MB free at {settings.data_dir}"
    if usage.free < max(LEAST_FREE_BYTES, min(usage.total * LEAST_FREE_SHARE, 4 * LEAST_FREE_BYTES)):
        return Check("disk", False, "The disk of the data directory is nearly full.", detail)
    # Written, not only asked: quotas and read-only mounts do not show in the numbers.
    try:
        with tempfile.TemporaryFile(dir=settings.data_dir) as probe:
            probe.write(os.urandom(PROBE_BYTES))
            probe.flush()
    except OSError as failure:
        return Check("disk", False, "The data directory cannot be written to.", str(failure))
    return Check("disk", True, "The data directory is writable and has room.", detail)


def valkey_client(url: str) -> "contextlib.closing[redis.Redis]":
    client = redis.Redis.from_url(
        url,
        socket_timeout=CONNECT_SECONDS,
        socket_connect_timeout=CONNECT_SECONDS,
        retry=None,
        decode_responses=True,
    )
    return contextlib.closing(client)


def _ask_one(probe: Probe, settings: Settings) -> Check:
    """A probe that fails is an answer, not a crash."""
    try:
        return probe(settings)
    except Exception as failure:
        name = {"migrated": "migrations"}.get(probe.__name__, probe.__name__)
        return Check(name, False, f"Cannot be checked: the {name} check failed.", str(failure).strip() or repr(failure))
