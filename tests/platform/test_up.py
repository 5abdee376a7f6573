"""`saas-admin up` from outside: it starts, survives kill -9 of anything, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from saas_admin.core.config import child_environment
from saas_admin.core.engines.postgres import OWNER
from saas_admin.platform import migrations
from saas_admin.platform.places import ROOT
from tests.conftest import Engines
from tests.instance import READY_SECONDS, Running, wait_for

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="saas-admin-up-", dir="/tmp"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def running(place: Path) -> Iterator[Running]:
    with Running(place) as started:
        yield started.wait_ready()


def test_doctor_finds_nothing_wrong_with_a_fresh_instance(running: Running) -> None:
    running.wait_healthy()

    done = running.cli("doctor")

    assert "WRONG" not in done.stdout
    assert "Running: answerer, beat, chroma, postgres, sender, valkey, web, worker." in done.stdout


def test_second_up_on_the_same_data_directory_is_refused(running: Running) -> None:
    before = running.pids()

    done = running.cli("up", "--port", "1", ok=False)

    assert done.returncode == 1
    assert done.stderr == f"An instance is already running on {running.data_dir}.\n"
    assert running.pids() == before


def test_secrets_are_for_the_owner_only(running: Running) -> None:
    private = [running.data_dir / "runtime.json", *(running.data_dir / "secrets").iterdir()]

    assert [oct(file.stat().st_mode & 0o777) for file in private] == ["0o600"] * len(private)


@pytest.mark.parametrize("name", ["postgres", "valkey", "chroma", "worker", "sender", "answerer", "beat", "web"])
def test_what_is_killed_comes_back(running: Running, name: str) -> None:
    old = running.kill(name)

    wait_for(lambda: running.pids().get(name, old) != old, 30)
    running.wait_healthy()


def test_two_instances_of_one_checkout_do_not_disturb_each_other(running: Running) -> None:
    before = running.pids()
    other_place = Path(tempfile.mkdtemp(prefix="saas-admin-up2-", dir="/tmp"))

    with Running(other_place) as other:
        other.wait_ready()
        other_url, own_url = other.url, running.url
        baked = [other.data_dir / "web" / "build" / "client", running.data_dir / "web" / "build" / "client"]
        code = other.stop()

    assert code == 0
    assert running.pids() == before
    assert running.readyz()["ok"]
    assert _mentions(baked[0], other_url)
    assert not _mentions(baked[0], own_url)
    assert _mentions(baked[1], own_url)
    assert not _mentions(baked[1], other_url)
    shutil.rmtree(other_place)


def test_death_of_the_process_manager_is_made_good(running: Running) -> None:
    before = running.pids()
    supervisor = psutil.Process(before["web"]).ppid()

    os.kill(supervisor, signal.SIGKILL)

    wait_for(lambda: bool(running.pids()) and not set(running.pids().values()) & set(before.values()), 60)
    running.wait_healthy()


def test_after_a_kill_of_up_the_next_start_recovers_and_leaves_nothing_behind(running: Running, place: Path) -> None:
    running.process.kill()
    running.process.wait()

    with Running(place, port=running.port) as again:
        again.wait_ready()
        again.wait_healthy()
        survivors = again.processes()
        code = again.stop()

    assert code == 0
    assert survivors
    assert not [process for process in survivors if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert not (place / "runtime.json").exists()


def test_broken_migration_is_said_by_readyz_and_doctor(db: Engines) -> None:
    place = Path(tempfile.mkdtemp(prefix="saas-admin-broken-", dir="/tmp"))
    with db.owner() as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'gone'")
    given = {
        "DATABASE_URL": db.postgres.dsn(),
        "OWNER_DATABASE_URL": db.postgres.dsn(OWNER),
        "REDIS_URL": db.valkey.url,
    }

    try:
        with Running(place, **given) as broken:
            wait_for(lambda: bool(broken.readyz()["checks"]), READY_SECONDS, lambda: broken.output)
            answer = broken.readyz()
            states = broken.states()
            done = broken.cli("doctor", ok=False)
            output = broken.output
    finally:
        with db.owner() as connection:
            connection.execute("UPDATE alembic_version SET version_num = %s", [migrations.head()])

    assert answer["ok"] is False
    assert answer["checks"]["migrations"]["sentence"] == (
        f"The database is at migration gone, this version expects {migrations.head()}."
    )
    assert done.returncode == 1
    assert "WRONG migrations: The database is at migration gone" in done.stdout
    assert "Can't locate revision identified by 'gone'" in done.stdout
    assert "The migrations failed: " in output
    assert set(states) == {"answerer", "beat", "chroma", "sender", "web", "worker"}
    assert states["worker"] == "STOPPED"
    shutil.rmtree(place)


def test_commands_without_a_running_instance_say_so(tmp_path: Path) -> None:
    done = _cli("export", "messages", "--company", "7b3d3f2e-0000-4000-8000-000000000000", "--data-dir", str(tmp_path))

    assert done.returncode == 1
    assert done.stderr.startswith(f"No instance is running on {tmp_path}.")


def test_port_of_another_program_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        done = _cli("up", "--port", str(port), "--data-dir", str(tmp_path))

    assert done.returncode == 1
    assert done.stdout == f"Port {port} is in use by another program: choose one with --port.\n"


def test_demo_does_not_listen_to_the_outside(tmp_path: Path) -> None:
    done = _cli("up", "--demo", "--host", "192.0.2.1", "--data-dir", str(tmp_path))

    assert done.returncode == 1
    assert done.stderr == "--demo listens on this machine only: leave --host away or give 127.0.0.1.\n"


def _cli(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = child_environment()
    environment.pop("SAAS_ADMIN_DATA_DIR", None)
    command = [sys.executable, "-m", "saas_admin.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _mentions(folder: Path, text: str) -> bool:
    return any(f"{text}/" in file.read_text() for file in folder.rglob("*.js"))
