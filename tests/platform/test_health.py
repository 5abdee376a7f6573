"""What is wrong is said in words, each thing by its own check."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
import redis

from saas_admin.core.config import Settings
from saas_admin.platform import doctor, health
from saas_admin.platform.health import Check
from tests.conftest import Engines

Usage = namedtuple("Usage", "total used free")


def settings_like(engines: Engines, **changes: object) -> Settings:
    return engines.settings.model_copy(update=changes)


def test_ready_when_everything_is(db: Engines) -> None:
    assert [(check.name, check.ok) for check in health.ready_checks(db.settings)] == [
        ("database", True),
        ("valkey", True),
        ("migrations", True),
        ("disk", True),
    ]


def test_unreachable_engines_are_answers_and_name_no_secret(engines: Engines) -> None:
    gone = settings_like(
        engines, database_url="postgresql://app:hush@127.0.0.1:1/saas", redis_url="redis://:hush@127.0.0.1:1/0"
    )

    checks = {check.name: check for check in health.ready_checks(gone)}

    assert [name for name, check in checks.items() if not check.ok] == ["database", "valkey", "migrations"]
    assert "hush" not in repr(checks)
    assert checks["database"].sentence == "Cannot be checked: the database check failed."


def test_nearly_full_disk_is_reported(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100 << 30, 100 << 30, 100 << 20))

    assert health.disk(engines.settings) == Check(
        "disk",
        False,
        "The disk of the data directory is nearly full.",
        f"100 MB free at {engines.settings.data_dir}",
    )


def test_data_directory_that_cannot_be_written_is_reported(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100 << 30, 50 << 30, 50 << 30))

    check = health.disk(settings_like(engines, data_dir=Path("/proc")))

    assert not check.ok
    assert check.sentence == "The data directory cannot be written to."


def test_secret_readable_by_others_is_reported(engines: Engines, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir(mode=0o700)
    (tmp_path / "secrets" / "keyring").touch(mode=0o644)

    check = doctor.secret_files(settings_like(engines, data_dir=tmp_path))

    assert not check.ok
    assert check.sentence == f"Others can read {tmp_path}/secrets/keyring: chmod go= them."


def test_role_that_owns_tables_is_reported(db: Engines) -> None:
    check = doctor.app_role(settings_like(db, database_url=db.settings.owner_database_url))

    assert not check.ok
    assert "The role owner owns" in check.sentence


def test_superuser_is_reported(db: Engines) -> None:
    check = doctor.app_role(settings_like(db, database_url=db.postgres.dsn("postgres")))

    assert check.sentence == "The role postgres can bypass row-level security: use a plain role."


def test_tenant_table_without_policy_is_reported(db: Engines) -> None:
    assert doctor.row_security(db.settings).ok
    with db.owner() as connection:
        connection.execute("CREATE TABLE bare (company_id uuid)")
    try:
        check = doctor.row_security(db.settings)
    finally:
        with db.owner() as connection:
            connection.execute("DROP TABLE bare")

    assert check == Check("row_security", False, "No row-level security on bare.")


@pytest.mark.parametrize(
    ("changes", "ok"),
    [
        ({"allow_private_hosts": False}, True),
        ({"allow_private_hosts": True, "demo": True}, True),
        ({"allow_private_hosts": True, "public_url": "https://tienda.example"}, False),
    ],
)
def test_private_hosts_are_reported_and_wrong_in_production(
    engines: Engines, changes: dict[str, object], ok: bool
) -> None:
    check = doctor.private_hosts(settings_like(engines, **changes))

    assert check.ok is ok
    assert ("is on" in check.sentence) is bool(changes["allow_private_hosts"])


def test_public_address_without_https_is_reported(engines: Engines) -> None:
    assert doctor.addresses(settings_like(engines, public_url="https://a.example")).ok
    assert not doctor.addresses(settings_like(engines, public_url="http://a.example")).ok


def test_valkey_that_may_drop_jobs_is_reported(engines: Engines, valkey: redis.Redis) -> None:
    valkey.config_set("maxmemory-policy", "allkeys-lru")
    try:
        check = doctor.valkey_durability(engines.settings)
    finally:
        valkey.config_set("maxmemory-policy", "noeviction")

    assert check.sentence == "Valkey may drop jobs when memory is full (allkeys-lru): use noeviction."
