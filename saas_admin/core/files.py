"""Files of companies, kept in the data directory. Names are our ids, never a name somebody sent."""

import os
from pathlib import Path
from uuid import UUID

from saas_admin.core.config import get_settings


def write(company_id: UUID, file_id: UUID, content: bytes, *, variant: str = "") -> None:
    """Whole or not at all: a half-written file is never seen under its name."""
    path = path_of(company_id, file_id, variant=variant)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.part")
    draft.write_bytes(content)
    draft.replace(path)


def path_of(company_id: UUID, file_id: UUID, *, variant: str = "") -> Path:
    name = f"{file_id.hex}{'-' + variant if variant else ''}"
    return get_settings().data_dir / "media" / company_id.hex / file_id.hex[-2:] / name


def read(company_id: UUID, file_id: UUID) -> bytes:
    return path_of(company_id, file_id).read_bytes()


def delete(company_id: UUID, file_id: UUID) -> None:
    for variant in ("", "thumb"):
        path_of(company_id, file_id, variant=variant).unlink(missing_ok=True)
