"""A full disk is said, refused politely, and over when there is room again."""

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from saas_admin.core.config import child_environment
from saas_admin.platform.places import ROOT
from tests.instance import Running, wait_for
from tests.prove.storm import Size, Storm
from tests.prove.test_kill_matrix import judge

SMALL = 1700 * 1024 * 1024
"""The whole disk: an instance takes some hundred megabytes of it, and 500 MB free count as room."""
CHUNK = b"\0" * (1024 * 1024)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.fail("Mounting a small disk takes root: run this proof as root.")
    place = Path(tempfile.mkdtemp(prefix="saas-admin-full-", dir="/tmp"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL},mode=755", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)
    place.rmdir()


def test_what_cannot_be_written_is_said_by_doctor(tmp_path: Path) -> None:
    """No process may write more than a block: what a quota does to anybody's data directory."""
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "from saas_admin.cli import app; app(['doctor', '--data-dir', sys.argv[1]])"
    )
    environment = child_environment()
    environment.pop("SAAS_ADMIN_DATA_DIR", None)

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "WRONG disk: The data directory cannot be written to.\n" in done.stdout
    assert os.strerror(errno.EFBIG) in done.stdout


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_a_full_disk_is_said_and_survived(small_disk: Path, tell: Callable[[str], None]) -> None:
    with Running(small_disk, "--demo") as instance:
        instance.wait_ready()
        wait_for(lambda: "Escribe desde" in instance.output or "demo data" in instance.output, 120)
        with Storm(instance, Size(customers=20, each=5, pause=0)) as storm:
            assert instance.readyz()["checks"]["disk"]["ok"]

            ballast = fill(small_disk)
            answer = instance.readyz()
            doctor = instance.cli("doctor", ok=False)
            room_again = threading.Timer(8, ballast.unlink)
            room_again.start()
            storm.begin()
            storm.settle()
            instance.wait_healthy(120)

            assert answer["ok"] is False
            assert answer["checks"]["disk"]["sentence"] == "The disk of the data directory is nearly full."
            assert doctor.returncode == 1
            assert "WRONG disk: The disk of the data directory is nearly full." in doctor.stdout
            assert not ballast.exists()
            tell(f"{judge(storm)}; begun while full, webhooks refused {dict(storm.refused)}")


def fill(place: Path) -> Path:
    """Until nothing more fits."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):  # no space left
        while file.write(CHUNK):
            pass
    assert shutil.disk_usage(place).free < len(CHUNK)
    return ballast
