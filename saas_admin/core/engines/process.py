"""One engine as a child process: for tests, benches and bootstraps. `saas-admin up` uses the supervisor instead."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from saas_admin.core.engines.service_user import ServiceUser

PR_SET_PDEATHSIG = 1


class EngineError(RuntimeError):
    """An engine did not do what was asked; the text says which and why."""


class Child:
    def __init__(
        self, command: list[str], log_file: Path, user: ServiceUser | None, stop_signal: signal.Signals
    ) -> None:
        self.log_file = log_file
        self._stop_signal = stop_signal
        with log_file.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
                preexec_fn=die_with_parent(stop_signal),
                # Ctrl-C in a terminal goes to the whole foreground group: engines stop when they are told to, in order.
                process_group=0,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def stop(self, patience: float = 30) -> None:
        if not self.is_alive:
            return
        self._process.send_signal(self._stop_signal)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def last_words(self, lines: int = 8) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-lines:])
        return ""


def wait_until(ready: Callable[[], bool], what: str, patience: float, child: Child | None = None) -> None:
    deadline = time.monotonic() + patience
    while not ready():
        if child is not None and not child.is_alive:
            raise EngineError(f"{what} stopped while starting:\n{child.last_words()}")
        if time.monotonic() > deadline:
            raise EngineError(f"{what} was not ready after {patience:.0f} s.")
        time.sleep(0.02)


def run_as(user: ServiceUser | None, command: list[str]) -> str:
    """Run to the end and return what was printed; a failure becomes a sentence with the program's own words."""
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
        env={"PATH": os.defpath, "LC_ALL": "C"},
    )
    if done.returncode:
        raise EngineError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def die_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, int(stop_signal))
