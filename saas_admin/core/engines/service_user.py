"""The system user that root lends to the engines."""

import logging
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "saas-admin"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ServiceUser:
    name: str
    uid: int
    gid: int

    def can_reach(self, path: Path) -> bool:
        """Every directory on the way lets this user through."""
        return all(self._may_enter(place) for place in (path, *path.parents))

    def _may_enter(self, directory: Path) -> bool:
        found = directory.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & 0o100)
        return bool(found.st_mode & (0o010 if found.st_gid == self.gid else 0o001))


def service_user() -> ServiceUser:
    for name in (NAME, "nobody"):
        if name == NAME:
            _create()
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServiceUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise RuntimeError("PostgreSQL does not run as root, and no other user could be found or created for it.")


def _create() -> None:
    useradd = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if _exists() or useradd is None:
        return
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    done = subprocess.run([*command, "--shell", "/usr/sbin/nologin", NAME], capture_output=True, text=True, check=False)
    # Two first starts at once: the other one may have created it in the meantime.
    if done.returncode and not _exists():
        log.warning("The user %s could not be created (%s); the engines run as nobody.", NAME, done.stderr.strip())


def _exists() -> bool:
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        return False
    return True
