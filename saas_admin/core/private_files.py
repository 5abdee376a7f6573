"""Files that hold secrets or state: whole or not at all, readable by their owner only."""

import os
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, and never for a moment readable by others."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
