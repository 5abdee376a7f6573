"""supervisord as the process manager: its configuration, and a conversation with it over its Unix socket."""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import xmlrpc.client
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from saas_admin.core.engines.layout import Layout
from saas_admin.core.engines.process import die_with_parent, wait_until
from saas_admin.core.private_files import write_private

HEAD = """\
[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisord]
nodaemon=true
silent=true
logfile={logs}/supervisord.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={data_dir}/supervisord.pid
childlogdir={logs}
{user}
"""
# `autostart` is off because order matters and is `up`'s business; `autorestart` brings back whatever dies.
PROGRAM = """
[program:{name}]
command={command}
directory={directory}
autostart=false
autorestart=true
startsecs={steady}
startretries=5
stopsignal={stop_signal}
stopwaitsecs={patience}
killasgroup=true
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=2
{user}
"""


@dataclass(frozen=True)
class Program:
    name: str
    command: list[str]
    directory: Path
    stop_signal: str = "TERM"
    patience: int = 20
    # Dying sooner than this after a start counts as a failed start, and the next one waits longer.
    steady: int = 4
    user: str | None = None


@dataclass
class Supervisor:
    layout: Layout
    programs: list[Program] = field(default_factory=list[Program])
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def socket(self) -> Path:
        return self.layout.run_dir / "supervisor.sock"

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def launch(self, environment: dict[str, str]) -> None:
        config = self.layout.data_dir / "supervisord.conf"
        write_private(config, self._config())
        self.socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "supervisor.supervisord", "--configuration", str(config)],
            stdin=subprocess.DEVNULL,
            # It has its log. When that cannot be written it complains here, and would die of a complaint that
            # cannot be written either: so not into a file of the same disk.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            # A Ctrl-C in the terminal is for `up`, which stops everything in order.
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        wait_until(self._answers, "supervisord", 20)

    def start(self, name: str) -> None:
        with contextlib.suppress(xmlrpc.client.Fault):  # already started
            self._call("startProcess", name, False)

    def stop(self, name: str) -> None:
        with contextlib.suppress(xmlrpc.client.Fault, OSError):  # not running
            self._call("stopProcess", name)

    def states(self) -> dict[str, str]:
        """RUNNING, STARTING, BACKOFF, FATAL … by program; empty when supervisord does not answer."""
        try:
            return {info["name"]: info["statename"] for info in self._call("getAllProcessInfo")}
        except (OSError, xmlrpc.client.Error):
            return {}

    def pids(self) -> dict[str, int]:
        try:
            return {info["name"]: info["pid"] for info in self._call("getAllProcessInfo") if info["pid"]}
        except (OSError, xmlrpc.client.Error):
            return {}

    def shut_down(self) -> None:
        if self._process is None:
            return
        if self.is_alive:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def last_words(self, name: str, lines: int = 12) -> str:
        with contextlib.suppress(OSError):
            log = self.layout.logs_dir / f"{name}.log"
            return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
        return ""

    def _answers(self) -> bool:
        with contextlib.suppress(OSError, xmlrpc.client.Error):
            return bool(self._call("getState"))
        return False

    def _call(self, method: str, *arguments: object) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self.socket}")
        proxy = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
        try:
            return getattr(proxy.supervisor, method)(*arguments)
        finally:
            transport.close()

    def _config(self) -> str:
        places = {"logs": _plain(self.layout.logs_dir), "data_dir": _plain(self.layout.data_dir)}
        root = "user=root" if os.geteuid() == 0 else ""
        parts = [HEAD.format(socket=_plain(self.socket), user=root, **places)]
        for program in self.programs:
            parts.append(
                PROGRAM.format(
                    name=program.name,
                    command=_plain(shlex.join(program.command)),
                    directory=_plain(program.directory),
                    stop_signal=program.stop_signal,
                    patience=program.patience,
                    steady=program.steady,
                    user=f"user={program.user}" if program.user else "",
                    logs=places["logs"],
                )
            )
        return "".join(parts)


def _plain(value: object) -> str:
    """The configuration expands `%(name)s`."""
    return str(value).replace("%", "%%")
