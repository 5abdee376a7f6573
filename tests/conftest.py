"""The test run's own PostgreSQL and Valkey: real engines, started once, thrown away at the end.

How to use them:

    def test_x(db): ...              a migrated, empty database; `db.owner()` / `db.app()` give psycopg connections,
                                     `get_settings()` already points at it (so does everything built on it)
    def test_y(valkey): ...          an empty Valkey: a `redis.Redis` client (decode_responses=True)
    def test_z(db, valkey): ...      both
    def test_c(chroma): ...          a running, empty vector store (otherwise it is away)
    def test_w(engines): ...         only needs them to run, whatever is inside
    def test_v(instance): ...        a whole demo instance with its own engines, shared by the browser tests
                                     (`tests.instance.Running`: .url, .cli(…), .kill("worker"), …); a test that breaks
                                     things starts its own: `with Running(tmp_dir, "--demo") as mine: mine.wait_ready()`

The environment is set when this file is imported, before any module can read it, but nothing is started until a test
asks: tests of pure functions stay instant. Addresses and passwords are the same during the whole run, so engines and
pools that modules keep stay valid; between tests rows are deleted, not databases.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import psycopg
import pytest
import redis
from passlib.context import CryptContext
from psycopg import sql

from saas_admin.accounts import passwords
from saas_admin.adapters import http
from saas_admin.core.config import Settings, get_settings, point_at, read_runtime
from saas_admin.core.engines import Chroma, Layout, Postgres, Valkey
from saas_admin.core.engines.postgres import APP, OWNER, SUPERUSER
from tests import secret_watch
from tests.instance import Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# How fast something is, is shown by `saas-admin bench`: no test fails because the machine was busy.
hypothesis.settings.register_profile("calm", deadline=None)
hypothesis.settings.load_profile("calm")
for _name in [name for name in os.environ if name.startswith(("SAAS_ADMIN_", "REFLEX_"))]:
    del os.environ[_name]
secret_watch.install()
_layout = Layout.at(Path(tempfile.mkdtemp(prefix="saas-admin-test-", dir="/tmp")))
_postgres = Postgres(_layout, durable=False)
_valkey = Valkey(_layout)
_chroma = Chroma(_layout)
point_at(
    SAAS_ADMIN_DATA_DIR=str(_layout.data_dir),
    DATABASE_URL=_postgres.dsn(APP),
    OWNER_DATABASE_URL=_postgres.dsn(OWNER),
    REDIS_URL=_valkey.url,
    # Not started before a test asks for it: until then the store is away, which bots have to bear.
    CHROMA_URL=_chroma.url,
    PUBLIC_URL="http://localhost:8080",
    ALLOW_PRIVATE_HOSTS="true",
    # A story of a minute would take ten at the pace providers ask for: tests of the pace set it themselves.
    SEND_PACE="0",
)

# Rows that migrations put there belong to the schema: tables that are not empty after them are left alone.
EMPTY = """
DO $$
DECLARE name text; filled boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN
    SELECT quote_ident(relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL ({kept})
  LOOP
    EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO filled;
    IF filled THEN EXECUTE 'DELETE FROM ' || name; END IF;
  END LOOP;
END $$
"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"


CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Of several processes one alone has a browser and the instance it looks at; the others share the files.

    Here, since xdist reads the groups before any conftest sees the whole collection.
    """
    group = "browser" if _needs_browser(item) else item.path.stem + item.path.parent.name
    item.add_marker(pytest.mark.xdist_group(group))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests first: they take longest and are all in one process, while another runs the rest."""
    items.sort(key=_needs_browser, reverse=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """While Playwright's loop lives in this thread, no test can run a loop of its own."""
    if not _needs_browser(item):
        _close_browser()


def _needs_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("e2e") is not None


@dataclass(frozen=True)
class Engines:
    settings: Settings
    layout: Layout
    postgres: Postgres
    valkey: Valkey
    kept_tables: tuple[str, ...]

    def owner(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self.postgres.dsn(OWNER), autocommit=True)

    def app(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self.postgres.dsn(APP), autocommit=True)

    def empty(self) -> None:
        kept = sql.Literal(list(self.kept_tables))
        with psycopg.connect(self.postgres.dsn(SUPERUSER), autocommit=True) as connection:
            connection.execute("SET lock_timeout = '5s'")
            connection.execute(sql.SQL(EMPTY).format(kept=kept))


def pytest_sessionfinish() -> None:
    for is_company_url in (False, True):
        http.client(is_company_url).close()
        http.client(is_company_url, is_plain=True).close()
    _chroma.stop()
    _valkey.stop()
    _postgres.stop()
    shutil.rmtree(_layout.data_dir, ignore_errors=True)


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Argon2 at its real strength costs 100 ms a hash; only the tests marked `slow_hash` pay that."""
    if "slow_hash" in request.keywords:
        return
    quick = CryptContext(
        schemes=["argon2"], argon2__type="ID", argon2__memory_cost=64, argon2__time_cost=1, argon2__parallelism=1
    )
    monkeypatch.setattr(passwords, "context", lambda: quick)


@pytest.fixture(scope="session")
def engines() -> Engines:
    _postgres.start()
    _valkey.start()
    from saas_admin.platform import migrations

    migrations.upgrade()
    with psycopg.connect(_postgres.dsn(SUPERUSER)) as connection:
        tables = [str(row[0]) for row in connection.execute(TABLES)]
        kept = tuple(name for name in tables if _is_filled(connection, name))
    return Engines(get_settings(), _layout, _postgres, _valkey, ("alembic_version", *kept))


def _is_filled(connection: "psycopg.Connection[tuple[object, ...]]", table: str) -> bool:
    found = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))).fetchone()
    return bool(found and found[0])


@pytest.fixture
def db(engines: Engines) -> Iterator[Engines]:
    engines.empty()
    yield engines
    assert secret_watch.find_in_rows(engines.postgres.dsn(OWNER)) == []


@pytest.fixture(scope="session", autouse=True)
def _nothing_secret_is_logged() -> Iterator[None]:
    yield
    assert secret_watch.find_in_logs() == []


@pytest.fixture
def valkey(engines: Engines) -> "Iterator[redis.Redis]":
    with redis.Redis.from_url(engines.valkey.url, decode_responses=True) as client:
        client.flushdb()
        yield client


@pytest.fixture
def chroma() -> Iterator[Chroma]:
    """The vector store, running; gone again afterwards, so that other tests neither wait for it nor find anything in it."""
    _chroma.start()
    yield _chroma
    _chroma.stop()
    shutil.rmtree(_chroma.data, ignore_errors=True)


@pytest.fixture(scope="session")
def instance() -> Iterator[Running]:
    place = Path(tempfile.mkdtemp(prefix="saas-admin-demo-", dir="/tmp"))
    with Running(place, "--demo") as running:
        yield running.wait_ready()
        assert secret_watch.find_in_files(place / "logs") == []
        assert secret_watch.find_in_rows(str(read_runtime(place)["owner_database_url"])) == []
    shutil.rmtree(place, ignore_errors=True)


_playing: "list[Playwright]" = []


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One Chromium for all browser tests: a second Playwright in this process would not start."""
    from playwright.sync_api import sync_playwright

    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    assert path, "The browser tests need Chromium on PATH."
    _playing.append(sync_playwright().start())
    yield _playing[0].chromium.launch(executable_path=path, args=QUIET)
    _close_browser()


def _close_browser() -> None:
    while _playing:
        _playing.pop().stop()
