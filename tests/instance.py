"""A whole running instance, as `saas-admin up` makes it, for tests that look at it from outside."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from saas_admin.core.config import child_environment
from saas_admin.core.engines import Layout
from saas_admin.core.engines.layout import free_port
from saas_admin.platform import leftovers
from saas_admin.platform.places import ROOT
from saas_admin.platform.supervisor import Supervisor

READY_SECONDS = 240


class Running:
    """`stop()` it, or use it as a context manager."""

    def __init__(self, data_dir: Path, *options: str, port: int | None = None, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        data_dir.mkdir(parents=True, exist_ok=True)
        self._log = data_dir / "up.out"
        self._environment = child_environment(**{"SEND_PACE": "0", **environment})
        self._environment.pop("SAAS_ADMIN_DATA_DIR", None)
        command = [sys.executable, "-m", "saas_admin.cli", "up", "--data-dir", str(data_dir), "--port", str(self.port)]
        with self._log.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, *options],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def output(self) -> str:
        """What it printed so far."""
        return self._log.read_text()

    def wait_ready(self) -> "Running":
        wait_for(
            lambda: "ready: " in self.output or self.process.poll() is not None, READY_SECONDS, lambda: self.output
        )
        assert self.process.poll() is None, self.output
        return self

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def cli(self, *arguments: str, ok: bool = True) -> "subprocess.CompletedProcess[str]":
        """`saas-admin …` on this instance's data directory."""
        command = [sys.executable, "-m", "saas_admin.cli", *arguments, "--data-dir", str(self.data_dir)]
        done = subprocess.run(command, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0 or not ok, done.stdout + done.stderr
        return done

    def run(self, code: str, *arguments: str) -> None:
        """Python in a process of its own that finds this instance's database, as one of its processes would."""
        environment = {**self._environment, "SAAS_ADMIN_DATA_DIR": str(self.data_dir)}
        subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment, check=True, timeout=60)

    def readyz(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            return json.load(refusal)
        except OSError:
            return {"ok": False, "checks": {}}

    def wait_healthy(self, patience: float = 60) -> None:
        """Everything runs and /readyz agrees."""
        wait_for(lambda: set(self.states().values()) == {"RUNNING"}, patience, lambda: str(self.states()))
        wait_for(lambda: bool(self.readyz()["ok"]), patience, lambda: str(self.readyz()))

    def states(self) -> dict[str, str]:
        return self._supervisor().states()

    def pids(self) -> dict[str, int]:
        return self._supervisor().pids()

    def kill(self, name: str) -> int:
        """kill -9 of one program (postgres valkey worker beat web sandbox); its old pid."""
        pid = self.pids()[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def processes(self) -> list[psutil.Process]:
        return leftovers.find(Layout.at(self.data_dir))

    def _supervisor(self) -> Supervisor:
        return Supervisor(Layout.at(self.data_dir))


def wait_for(condition: Callable[[], bool], patience: float, words: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"not within {patience:.0f} s: {words()}"
        time.sleep(0.1)


def mailed_link(outbox: Callable[[], str], path: str, to: str = "") -> str:
    """The link to `path` with its token, of the newest mail (to that address) in the page of the outbox, once it is there."""
    found: list[str] = []

    def is_there() -> bool:
        mails = outbox()
        about = mails[mails.index(to) :] if to in mails else ""
        found.extend(re.findall(rf"/{path}\?token=[\w-]+", about)[:1])
        return bool(found)

    wait_for(is_there, 30, lambda: f"no mail with /{path}")
    return found[0]
