"""`saas-admin up`: start everything in order, keep it running, stop it cleanly.

supervisord holds the processes and brings back what dies; the order (PostgreSQL, migrations, Valkey, Chroma, workers, beat, web)
and the conditions between the steps are here.
"""

import contextlib
import fcntl
import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import psycopg

from saas_admin.core.config import Settings, child_environment, forget_runtime, point_at, write_runtime
from saas_admin.core.engines import Chroma, Layout, Postgres, Valkey
from saas_admin.core.engines.layout import is_free
from saas_admin.core.engines.postgres import APP, OWNER
from saas_admin.core.engines.process import EngineError
from saas_admin.core.jobs import BOTS_QUEUE, OUTBOUND_QUEUE, QUEUE, SWEEPS_QUEUE
from saas_admin.platform import frontend, leftovers, migrations
from saas_admin.platform.places import MIGRATION_ERROR, ROOT
from saas_admin.platform.supervisor import Program, Supervisor
from saas_admin.web import widget_assets

LOOPBACK = ("127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
READY_SECONDS = 180
WATCH_SECONDS = 1.0
ANYWHERE = Path("/")  # the engines' user may not be able to enter the checkout
_WORKERS = {"worker": (QUEUE, SWEEPS_QUEUE), "sender": (OUTBOUND_QUEUE,), "answerer": (BOTS_QUEUE,)}
"""The processes of Celery and what they do: models of bots are in the memory of one of them only."""
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Refused(RuntimeError):
    """`up` will not start; the text is for the person at the terminal."""


class _Stop(BaseException):
    """Ctrl-C or SIGTERM, wherever the start has got to."""


class Instance:
    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        if settings.demo and settings.host not in LOOPBACK:
            raise Refused("--demo listens on this machine only: leave --host away or give 127.0.0.1.")
        self._say = say
        self.layout = Layout.at(settings.data_dir)
        self.settings = settings
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self.chroma: Chroma | None = None
        self.supervisor = Supervisor(self.layout)
        self.started: list[str] = []

    def run(self) -> int:
        with self._alone(), _stopping_signals():
            try:
                self._recover()
                self._start()
                self._watch()
            except _Stop:
                self.say("stopping …")
            except EngineError as failure:
                self.say(str(failure))
                return 1
            finally:
                _ignore_signals()
                self._stop()
        return 0

    def say(self, text: str) -> None:
        with contextlib.suppress(OSError):  # the terminal may be a file on a full disk: that must not end anything
            self._say(text)

    def _start(self) -> None:
        began = time.monotonic()
        self._connect()
        self.supervisor.programs = self._programs()
        self._launch()
        self.say("starting the engines …")
        building = _InBackground(self._build_frontend)
        migrated = self._start_engines()
        if migrated:
            self._run_programs("worker", "sender", "answerer", "beat")
        building.result()
        self._run_programs("sandbox", "web")
        if not migrated:
            return
        self._wait_until_ready()
        self.say(f"ready: {self.settings.public_url}")
        self.say(f"(after {time.monotonic() - began:.1f} s; logs in {self.layout.logs_dir}; Ctrl-C stops everything)")
        if self.settings.demo:
            self._seed()

    def _connect(self) -> None:
        """Decide every address before anything runs, and write them where the other processes look."""
        if not is_free(self.settings.host, self.settings.port):
            raise EngineError(f"Port {self.settings.port} is in use by another program: choose one with --port.")
        self.postgres = None if self.settings.database_url else Postgres(self.layout)
        self.valkey = None if self.settings.redis_url else Valkey(self.layout)
        self.chroma = None if self.settings.chroma_url else Chroma(self.layout)
        changes: dict[str, Any] = {}
        if self.postgres:
            changes |= {"database_url": self.postgres.dsn(APP), "owner_database_url": self.postgres.dsn(OWNER)}
        elif not self.settings.owner_database_url:
            raise EngineError("DATABASE_URL is given without OWNER_DATABASE_URL: migrations need the owning role.")
        if self.valkey:
            changes["redis_url"] = self.valkey.url
        if self.chroma:
            changes["chroma_url"] = self.chroma.url
        if self.settings.demo:
            changes["sandbox_port"] = self.settings.sandbox_port or self.layout.port("sandbox")
            changes["allow_private_hosts"] = True
            changes["meta_graph_url"] = f"http://127.0.0.1:{changes['sandbox_port']}"
            changes["telegram_api_url"] = f"http://127.0.0.1:{changes['sandbox_port']}"
            changes["twilio_api_url"] = f"http://127.0.0.1:{changes['sandbox_port']}"
            changes["openai_base_url"] = f"http://127.0.0.1:{changes['sandbox_port']}/v1"
        self.settings = self.settings.model_copy(update=changes)
        self._write_runtime()
        if self.layout.engines_dir != self.layout.data_dir:
            self.say(
                f"The engines' files are in {self.layout.engines_dir}: their user cannot enter the data directory."
            )

    def _programs(self) -> list[Program]:
        user = self.layout.user.name if self.layout.user else None
        programs: list[Program] = []
        if self.postgres:
            self.postgres.prepare()
            # INT is PostgreSQL's "fast": end the sessions, write everything down, leave.
            programs.append(Program("postgres", self.postgres.command(), ANYWHERE, "INT", 60, 1, user))
        if self.valkey:
            self.valkey.prepare()
            programs.append(Program("valkey", self.valkey.command(), ANYWHERE, "TERM", 30, 1, user))
        if self.chroma:
            self.chroma.prepare()
            programs.append(Program("chroma", self.chroma.command(), ROOT, "TERM", 20, 1))
        celery = [sys.executable, "-m", "celery", "-A", "workers.app", "--quiet"]
        level = f"--loglevel={self.settings.log_level}"
        threads = ["-P", "threads", "-c", str(self.settings.worker_concurrency), level, "--without-gossip"]
        for name, queues in _WORKERS.items():
            worker = ["worker", *threads, "--without-mingle", "-n", f"{name}@%h", "-Q", ",".join(queues)]
            programs.append(Program(name, [*celery, *worker], ROOT))
        programs.append(Program("beat", [*celery, "beat", "--pidfile=", level], ROOT))
        programs.append(Program("web", [sys.executable, "-m", "saas_admin.platform.serve"], ROOT))
        if self.settings.demo and importlib.util.find_spec("saas_admin.sandbox.__main__"):
            programs.append(Program("sandbox", [sys.executable, "-m", "saas_admin.sandbox"], ROOT))
        return programs

    def _launch(self) -> None:
        self.supervisor.launch(self._environment())
        self._write_runtime()

    def _environment(self) -> dict[str, str]:
        return child_environment(
            SAAS_ADMIN_DATA_DIR=str(self.layout.data_dir),
            PYTHONUNBUFFERED="1",
            **{leftovers.MARK: leftovers.mark(self.layout)},
            **frontend.environment(self.layout.data_dir, frontend.served_from(self.settings)),
        )

    def _start_engines(self) -> bool:
        if self.postgres:
            self._run_programs("postgres")
            self._wait("postgres", self.postgres.is_ready)
            self.postgres.bootstrap()
        if self.valkey:
            self._run_programs("valkey")
        if self.chroma:
            # Nobody waits for it: bots answer from what they remember, or by words alone, until it is there.
            self._run_programs("chroma")
        migrated = self._migrate()
        if self.valkey:
            self._wait("valkey", self.valkey.is_ready)
        return migrated

    def _migrate(self) -> bool:
        """A broken migration leaves the web up, to say so at /readyz, and the workers down, to touch nothing."""
        error_file = self.layout.data_dir / MIGRATION_ERROR
        try:
            is_current = migrations.state(self.settings.owner_database_url or "").is_current
        except psycopg.OperationalError as failure:
            raise EngineError(f"The database does not answer: {failure}") from None
        if is_current:
            error_file.unlink(missing_ok=True)
            return True
        done = subprocess.run(
            [sys.executable, "-m", "saas_admin.platform.migrations"],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
            process_group=0,
        )
        if done.returncode == 0:
            error_file.unlink(missing_ok=True)
            return True
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()
        error_file.write_text(words[-1] if words else f"exit code {done.returncode}")
        (self.layout.logs_dir / "migrations.log").write_text(done.stdout + done.stderr)
        self.say(f"The migrations failed: {error_file.read_text()}")
        self.say(f"Background work stays off until they pass; details in {self.layout.logs_dir / 'migrations.log'}.")
        return False

    def _build_frontend(self) -> None:
        widget_assets.build()
        if not frontend.is_built():
            self.say("building the dashboard (once for these sources) …")
        frontend.build(self.settings)

    def _run_programs(self, *names: str) -> None:
        for name in names:
            if any(program.name == name for program in self.supervisor.programs):
                self.started.append(name)
                self.supervisor.start(name)

    def _wait(self, name: str, is_ready: Callable[[], bool], patience: float = READY_SECONDS) -> None:
        deadline = time.monotonic() + patience
        while not is_ready():
            given_up = self.supervisor.states().get(name) == "FATAL" or not self.supervisor.is_alive
            if given_up or time.monotonic() > deadline:
                words = self.supervisor.last_words(name)
                raise EngineError(
                    f"{name} did not become ready; the end of {self.layout.logs_dir / name}.log:\n{words}"
                )
            time.sleep(0.05)

    def _wait_until_ready(self) -> None:
        answer: dict[str, Any] = {}

        def is_ready() -> bool:
            answer.update(self._ask_readyz())
            return bool(answer.get("ok"))

        try:
            self._wait("web", is_ready)
        except EngineError as failure:
            wrong = [check["sentence"] for check in answer.get("checks", {}).values() if not check["ok"]]
            raise EngineError("\n".join([*wrong, str(failure)])) from None

    def _ask_readyz(self) -> dict[str, Any]:
        host = "127.0.0.1" if self.settings.host in EVERYWHERE else self.settings.host
        try:
            with urllib.request.urlopen(f"http://{host}:{self.settings.port}/readyz", timeout=5) as response:
                return json.load(response)
        except urllib.error.HTTPError as refusal:
            with contextlib.suppress(ValueError):
                return json.load(refusal)
        except (OSError, ValueError):
            pass
        return {"ok": False}

    def _seed(self) -> None:
        if importlib.util.find_spec("saas_admin.sandbox.demo") is None:
            return
        # In a process of its own: the models and adapters it loads would stay in this one's memory for good.
        done = subprocess.run(
            [sys.executable, "-c", "from saas_admin.sandbox import demo; print(demo.seed() or '')"],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
            process_group=0,
        )
        self.say(done.stdout.strip() if done.returncode == 0 else f"The demo data could not be made:\n{done.stderr}")

    def _watch(self) -> NoReturn:
        while True:
            time.sleep(WATCH_SECONDS)
            # What a full disk refuses now it may grant in the next round.
            with contextlib.suppress(OSError, EngineError):
                self._keep_running()

    def _keep_running(self) -> None:
        if not self.supervisor.is_alive:
            self._begin_again()
        for name, state in self.supervisor.states().items():
            if state == "FATAL" and name in self.started:
                self.say(f"{name} keeps failing; trying again. {self.supervisor.last_words(name, 1)}")
                self.supervisor.start(name)

    def _begin_again(self) -> None:
        """supervisord itself was killed: its programs are orphans, so end them and start all of it anew."""
        self.say("The process manager died; starting everything again …")
        leftovers.end(self.layout)
        for engine in (self.postgres, self.valkey, self.chroma):
            if engine:
                engine.prepare()
        self._launch()
        for name in self.started:
            self.supervisor.start(name)
            if name == "postgres" and self.postgres:
                with contextlib.suppress(EngineError):  # it is tried again, and so are those that miss it
                    self._wait(name, self.postgres.is_ready)

    def _stop(self) -> None:
        """Against the order of the start: nobody loses the engine under its feet."""
        if self.supervisor.is_alive:
            doors = [name for name in self.started if name not in ("postgres", "valkey", "chroma")]
            threads = [threading.Thread(target=self.supervisor.stop, args=[name]) for name in doors]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for name in ("chroma", "valkey", "postgres"):
                self.supervisor.stop(name)
        self.supervisor.shut_down()
        leftovers.end(self.layout)
        forget_runtime(self.layout.data_dir)

    def _recover(self) -> None:
        """What a killed `up` left running would hold the ports and the database."""
        forget_runtime(self.layout.data_dir)
        if ended := leftovers.end(self.layout):
            self.say(f"ended {ended} processes that an earlier run had left behind")

    def _write_runtime(self) -> None:
        write_runtime(self.settings, pid=os.getpid(), supervisor_pid=self.supervisor.pid)
        # This process reads settings too, and must not see those it was started with.
        point_at(SAAS_ADMIN_DATA_DIR=str(self.layout.data_dir))

    @contextlib.contextmanager
    def _alone(self) -> Generator[None]:
        with (self.layout.data_dir / "up.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused(f"An instance is already running on {self.layout.data_dir}.") from None
            yield


class _InBackground:
    """The frontend build beside the start of the engines."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=[work], daemon=True)
        self._thread.start()

    def result(self) -> None:
        while self._thread.is_alive():
            self._thread.join(0.2)  # in slices, so that a signal is seen
        if self._failure:
            raise self._failure

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as failure:
            self._failure = failure


def _raise_stop(_number: int, _frame: FrameType | None) -> None:
    raise _Stop


@contextlib.contextmanager
def _stopping_signals() -> Generator[None]:
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            signal.signal(number, _raise_stop)
    yield


def _ignore_signals() -> None:
    """A second Ctrl-C must not leave half of it running."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
