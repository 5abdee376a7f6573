"""Chroma from the wheel `chromadb`: vectors of what bots know. A copy of what PostgreSQL holds: it may be lost at any time."""

import contextlib
import signal
import sys

import httpx

from saas_admin.core.engines.layout import Layout
from saas_admin.core.engines.process import Child, wait_until

# The console script `chroma` of the package, by its module: the script's place depends on how the package was installed.
_RUN = "from chromadb.cli.cli import app; app()"


class Chroma:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.data = layout.data_dir / "chroma"
        self.port = layout.port("chroma")
        self._child: Child | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)

    def command(self) -> list[str]:
        # Loopback only: the server knows no users.
        place = ["--path", str(self.data), "--host", "127.0.0.1", "--port", str(self.port)]
        return [sys.executable, "-c", _RUN, "run", *place]

    def start(self, patience: float = 60) -> None:
        self.prepare()
        self._child = Child(self.command(), self.layout.logs_dir / "chroma.log", None, signal.SIGTERM)
        wait_until(self.is_ready, "Chroma", patience, self._child)

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()

    def kill(self) -> None:
        """kill -9, for tests of what survives it."""
        if self._child is not None:
            self._child.kill()

    def is_ready(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/api/v2/heartbeat", timeout=2, trust_env=False).is_success
        return False
