"""Engines, or a whole instance, on a data directory of their own that is thrown away afterwards. Never the user's."""

import contextlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator
from pathlib import Path

from saas_admin.core.config import Settings, child_environment, point_at, read_runtime
from saas_admin.core.engines import Layout, Postgres, Valkey
from saas_admin.core.engines.layout import free_port
from saas_admin.core.engines.postgres import APP, OWNER
from saas_admin.core.engines.process import EngineError, die_with_parent, wait_until
from saas_admin.platform import migrations
from saas_admin.platform.places import ROOT

START_SECONDS = 240
STOP_SECONDS = 90


@contextlib.contextmanager
def engines() -> Generator[Settings]:
    """PostgreSQL, as durable as in production, migrated; and Valkey."""
    with _data_dir() as data_dir:
        layout = Layout.at(data_dir)
        postgres, valkey = Postgres(layout), Valkey(layout)
        try:
            postgres.start()
            valkey.start()
            settings = _point_at(data_dir, postgres.dsn(APP), postgres.dsn(OWNER), valkey.url)
            migrations.upgrade()
            yield settings
        finally:
            valkey.stop()
            postgres.stop()


@contextlib.contextmanager
def instance(**environment: str) -> Generator[Settings]:
    """All of it, started by `saas-admin up`, as an operator would; this process then finds it like any command."""
    with _data_dir() as data_dir:
        up = _Up(data_dir, environment)
        try:
            up.wait_until_ready()
            known = read_runtime(data_dir)
            yield _point_at(
                data_dir,
                known["database_url"],
                known["owner_database_url"],
                known["redis_url"],
                PUBLIC_URL=known["public_url"],
                SAAS_ADMIN_PORT=str(known["port"]),
            )
        finally:
            up.stop()


class _Up:
    def __init__(self, data_dir: Path, environment: dict[str, str]) -> None:
        self._log = data_dir / "up.log"
        command = [sys.executable, "-m", "saas_admin.cli", "up"]
        command += ["--data-dir", str(data_dir), "--host", "127.0.0.1", "--port", str(free_port())]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=child_environment(PYTHONUNBUFFERED="1", **environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        self._ready = threading.Event()
        self._words: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def wait_until_ready(self) -> None:
        self._ready.wait(START_SECONDS)
        if self._process.poll() is not None or not any(line.startswith("ready:") for line in self._words):
            raise EngineError("the instance for the bench did not start:\n" + "".join(self._words[-30:]))

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _read(self) -> None:
        """Always to the end: a full pipe would stop the instance."""
        if self._process.stdout is None:
            return
        for line in self._process.stdout:
            self._words.append(line)
            if line.startswith("ready:"):
                self._ready.set()
        self._ready.set()


def _point_at(data_dir: Path, app: str, owner: str, redis: str, **more: str) -> Settings:
    """Said as variables, since those win over what a data directory says: a user's own must not reach in."""
    return point_at(
        SAAS_ADMIN_DATA_DIR=str(data_dir), DATABASE_URL=app, OWNER_DATABASE_URL=owner, REDIS_URL=redis, **more
    )


@contextlib.contextmanager
def sandbox() -> Generator[str]:
    """The providers, played by a process of their own; answers its address."""
    port = free_port()
    with _data_dir() as data_dir:
        environment = child_environment(SAAS_ADMIN_DATA_DIR=str(data_dir), SAAS_ADMIN_SANDBOX_PORT=str(port))
        process = subprocess.Popen(
            [sys.executable, "-m", "saas_admin.sandbox"],
            cwd=ROOT,
            env=environment,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        try:
            wait_until(lambda: _listens(port), "the sandbox", 30)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def _data_dir() -> Generator[Path]:
    place = Path(tempfile.mkdtemp(prefix="saas-admin-bench-"))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def run_module(name: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """A Python module in a process of its own, such as a load generator; its last line of output is its answer."""
    done = subprocess.run(
        [sys.executable, "-m", name, *arguments],
        cwd=ROOT,
        env=child_environment(),
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise EngineError(f"{name} failed:\n{done.stderr[-2000:]}")
    return done
