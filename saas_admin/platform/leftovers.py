"""Processes that an instance left behind when `up` or its supervisor was killed with -9."""

import contextlib
import os
import time
from pathlib import Path

import psutil

from saas_admin.core.engines.layout import Layout

# Set for the supervisor and inherited by everything it starts: a pid file can lie, an environment cannot.
MARK = "SAAS_ADMIN_INSTANCE"


def mark(layout: Layout) -> str:
    return str(layout.data_dir)


def find(layout: Layout) -> list[psutil.Process]:
    found = [process for process in psutil.process_iter() if _belongs(process, mark(layout))]
    return found + [process for process in _postmasters(layout) if process not in found]


def end(layout: Layout, patience: float = 20) -> int:
    """Politely, then not. The supervisor first, so that it does not bring the others back."""
    processes = find(layout)
    for process in sorted(processes, key=lambda each: "supervisord" not in _words(each)):
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _, stubborn = psutil.wait_procs(processes, timeout=patience)
    for process in stubborn:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(stubborn, timeout=5)
    if processes:
        time.sleep(0.1)  # PostgreSQL's own children leave a moment after their parent
    return len(processes)


def _belongs(process: psutil.Process, value: str) -> bool:
    if process.pid == os.getpid():
        return False
    with contextlib.suppress(psutil.Error, OSError):
        return process.environ().get(MARK) == value
    return False


def _postmasters(layout: Layout) -> list[psutil.Process]:
    """PostgreSQL overwrites its environment, but writes down its pid."""
    pid_file = Path(layout.engines_dir) / "postgres" / "data" / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        if str(pid_file.parent) in process.cmdline():
            return [process]
    return []


def _words(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""
