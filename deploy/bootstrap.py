"""From a bare machine (Python 3.11 with pip, nothing else) to `.venv`: uv into `.boot`, then the hash-locked packages.

uv does not read pip's configuration, and a machine may have told only pip where its packages come from, so pip is asked
and its answers are handed on. Run again, it does nothing unless the lock or the project file changed.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BOOT = ROOT / ".boot"
VENV = ROOT / ".venv"
UV = BOOT / "bin" / "uv"
STAMP = VENV / "installed"
UV_REQUIREMENT = "uv>=0.8,<1"


def main() -> None:
    if sys.version_info[:2] < (3, 11):  # noqa: UP036 - this file is what finds out
        sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: make PYTHON=/path/to/python3.11")
    if STAMP.exists() and STAMP.read_text() == wanted():
        return
    print("installing the packages into .venv …", flush=True)
    if not UV.exists():
        run(sys.executable, "-m", "pip", "install", "-qq", "--target", str(BOOT), "--upgrade", UV_REQUIREMENT)
    environment = uv_environment()
    if not (VENV / "bin" / "python").exists():
        uv(environment, "venv", "--quiet", "--python", sys.executable, str(VENV))
    lock = str(ROOT / "requirements.lock")
    uv(environment, "pip", "sync", "--quiet", "--require-hashes", lock)
    # The console script and the import path; what it needs is in the lock. Built without isolation: hatchling is too.
    uv(environment, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(wanted())


def wanted() -> str:
    files = (ROOT / "requirements.lock", ROOT / "pyproject.toml", Path(__file__))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def uv_environment() -> dict[str, str]:
    pip = pip_settings()
    given = {
        "UV_DEFAULT_INDEX": pip.get("index-url"),
        "UV_INDEX": pip.get("extra-index-url"),
        "UV_FIND_LINKS": ",".join((pip.get("find-links") or "").split()),
        "UV_INSECURE_HOST": pip.get("trusted-host"),
        "SSL_CERT_FILE": pip.get("cert"),
        "UV_HTTP_TIMEOUT": pip.get("default-timeout"),
    }
    chosen = {name: value for name, value in given.items() if value}
    # pip takes the best of all its indexes; the hashes in the lock decide what is acceptable.
    fixed = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(VENV)}
    return {**chosen, **fixed, **{name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}}


def pip_settings() -> dict[str, str]:
    """pip's files and PIP_* variables, by its own reading of them."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    settings: dict[str, str] = {}
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        settings[key.rsplit(".", 1)[-1]] = " ".join(value.strip("'\"").replace("\\n", " ").split())
    return settings


def uv(environment: dict[str, str], *arguments: str) -> None:
    run(str(UV), *arguments, environment=environment)


def run(*command: str, environment: dict[str, str] | None = None) -> None:
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        sys.exit(f"This did not work: {' '.join(command)}")


if __name__ == "__main__":
    main()
