"""The embedded engines do what DESIGN asks of them."""

import psycopg
import pytest
import redis

from tests.conftest import Engines


def test_accents_and_spanish_words_are_understood(db: Engines) -> None:
    with db.app() as connection:
        row = connection.execute(
            "SELECT lower('Á'), unaccent('ñandú'), to_tsvector('spanish', 'Canciones')::text, similarity('casa', 'caso')"
        ).fetchone()

    assert row == ("á", "nandu", "'cancion':1", pytest.approx(0.4286, abs=0.001))


def test_app_role_is_powerless(db: Engines) -> None:
    with db.app() as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")

    assert row == (False, False, False, False)


def test_wrong_password_is_refused(engines: Engines) -> None:
    stranger = f"postgresql://app:wrong@/saas?host={engines.postgres.socket_dir}"

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(stranger)


def test_database_is_empty_in_every_test(db: Engines) -> None:
    with db.owner() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS leftover (id int)")
        connection.execute("INSERT INTO leftover VALUES (1)")

    db.empty()

    with db.owner() as connection:
        assert connection.execute("SELECT count(*) FROM leftover").fetchone() == (0,)
        connection.execute("DROP TABLE leftover")


def test_valkey_keeps_every_job_on_disk(valkey: "redis.Redis") -> None:
    assert valkey.config_get("appendonly")["appendonly"] == "yes"
    assert valkey.config_get("appendfsync")["appendfsync"] == "everysec"
    assert valkey.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"


def test_valkey_asks_for_its_password(engines: Engines) -> None:
    with redis.Redis(port=engines.valkey.port, retry=None) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
