"""The widget's part of the web process alone, in a process of its own that a test may kill; and a shop's page elsewhere."""

import asyncio
import contextlib
import functools
import http.server
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from saas_admin.core.engines.layout import free_port
from saas_admin.web.hub import hub
from saas_admin.web.widget import routes
from tests.instance import wait_for

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@contextlib.asynccontextmanager
async def with_hub(_app: Starlette) -> AsyncGenerator[None]:
    task = asyncio.create_task(hub.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


app = Starlette(routes=routes, lifespan=with_hub)


class Site:
    """Serves on one port for its whole life, however often it is killed."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Site":
        command = ["-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, *command, "--workers", "1", "--no-access-log", "tests.widget.site:app"],
            cwd=ROOT,
            env={**os.environ, "PUBLIC_URL": self.url},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        wait_for(self._answers, START_SECONDS, lambda: "the widget's site does not answer")
        return self

    def kill(self) -> None:
        """As the machine would: no goodbye to any socket."""
        if self._process is not None:
            subprocess.run(["kill", "-9", "--", f"-{self._process.pid}"], check=False)
            self._process.wait(10)
            self._process = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/widget.js", timeout=5) as answer:  # noqa: S310 - our own address
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        del format, args


@contextlib.contextmanager
def shop_page(folder: Path) -> Generator[str]:
    """Static files on an origin of their own, as `python -m http.server` gives them."""
    (folder / "favicon.ico").touch()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Silent, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
