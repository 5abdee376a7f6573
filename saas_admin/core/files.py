"""Files of companies, kept in the data directory. Names are our ids, never a name somebody sent."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast
from uuid import UUID, uuid4

from saas_admin.core.config import get_settings

CHUNK = 256 * 1024


@dataclass(frozen=True)
class Written:
    size: int
    sha256: str


def write(company_id: UUID, file_id: UUID, source: BinaryIO, *, variant: str = "") -> Written:
    """Whole or not at all: a half-written file is never seen under its name. Piece by piece, whatever its size."""
    path = path_of(company_id, file_id, variant=variant)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{uuid4().hex}.part")
    try:
        with draft.open("xb") as target:
            written = _copy(source, target)
            target.flush()
            # The row that names it is committed next: a power cut must not leave the row alone.
            os.fsync(target.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return written


def copy(company_id: UUID, file_id: UUID, new_id: UUID) -> None:
    """A second file with the same content, its small picture too. Raises FileNotFoundError."""
    for variant in ("", "thumb"):
        source, target = path_of(company_id, file_id, variant=variant), path_of(company_id, new_id, variant=variant)
        if variant and not source.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        # Files are never changed once they are written, so both names may lead to one place on the disk.
        os.link(source, target)


def scratch() -> BinaryIO:
    """A nameless file on the disk of the data directory, gone when it is closed."""
    folder = get_settings().data_dir / "media"
    folder.mkdir(parents=True, exist_ok=True)
    return cast(BinaryIO, tempfile.TemporaryFile(dir=folder))


def path_of(company_id: UUID, file_id: UUID, *, variant: str = "") -> Path:
    name = f"{file_id.hex}{'-' + variant if variant else ''}"
    return get_settings().data_dir / "media" / company_id.hex / file_id.hex[-2:] / name


def delete(company_id: UUID, file_id: UUID) -> None:
    for variant in ("", "thumb"):
        path_of(company_id, file_id, variant=variant).unlink(missing_ok=True)


def _copy(source: BinaryIO, target: IO[bytes]) -> Written:
    size, digest = 0, hashlib.sha256()
    while chunk := source.read(CHUNK):
        target.write(chunk)
        digest.update(chunk)
        size += len(chunk)
    return Written(size, digest.hexdigest())
