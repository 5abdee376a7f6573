"""Processes that an instance left behind when `up` or its supervisor was killed with -9."""

import contextlib
import os
import time

import psutil

from saas_admin.core.engines.layout import Layout

# Set for the supervisor and inherited by everything it starts: a pid file can lie, an environment cannot.
MARK = "SAAS_ADMIN_INSTANCE"


def mark(layout: Layout) -> str:
    return str(layout.data_dir)


def find(layout: Layout) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if _belongs(process, layout)]


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


def _belongs(process: psutil.Process, layout: Layout) -> bool:
    if process.pid == os.getpid():
        return False
    with contextlib.suppress(psutil.Error, OSError):
        if process.environ().get(MARK) == mark(layout):
            return True
        # Engines overwrite their environment to show a title, but were told their directory on the command line.
        return any(word.startswith(f"{layout.engines_dir}{os.sep}") for word in process.cmdline()[1:])
    return False


def _words(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""
