"""Pictures of people and companies: decoded once, drawn again as a small square PNG, kept under a name nobody can guess.

What a camera or a sender wrote into the file (place, author, a page hidden behind the pixels) does not survive that.
"""

import io
import logging
import os
from pathlib import Path
from uuid import UUID, uuid4

from PIL import Image, ImageOps, UnidentifiedImageError

from saas_admin.core.config import get_settings
from saas_admin.core.errors import Invalid

log = logging.getLogger(__name__)

SIDE = 256
MAX_BYTES = 5_000_000
MAX_PIXELS = 40_000_000
# By what the bytes are, never by a name or a declared type. SVG is a document that can run and is not among them.
FORMATS = ("JPEG", "PNG", "WEBP")


def keep(content: bytes) -> UUID:
    """Store the middle square of an image. Raises Invalid with `picture_…` for what is none, moves, or is too large."""
    if not content:
        raise Invalid("picture_kind")
    if len(content) > MAX_BYTES:
        raise Invalid("picture_too_large", limit=MAX_BYTES // 1_000_000)
    clean = _draw(content)
    picture_id = uuid4()
    path = path_of(picture_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.part")
    draft.write_bytes(clean)
    draft.replace(path)
    return picture_id


def delete(picture_id: UUID | None) -> None:
    if picture_id is not None:
        path_of(picture_id).unlink(missing_ok=True)


def path_of(picture_id: UUID) -> Path:
    return get_settings().data_dir / "pictures" / f"{picture_id.hex}.png"


def url_of(picture_id: UUID | None) -> str:
    """Where a browser finds it; empty without a picture."""
    return f"/pictures/{picture_id}.png" if picture_id else ""


def _draw(content: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Invalid("image_too_large")
            if getattr(image, "is_animated", False):
                raise Invalid("picture_kind")
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except UnidentifiedImageError as error:
        raise Invalid("picture_kind") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        log.info("a picture could not be read: %s", type(error).__name__)
        raise Invalid("image_broken") from error
    square = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    if square.getchannel("A").getextrema() == (255, 255):
        square = square.convert("RGB")
    # A fresh image holds pixels only: nothing of `info` (profiles, texts) goes along.
    bare = Image.new(square.mode, square.size)
    bare.paste(square)
    out = io.BytesIO()
    bare.save(out, "PNG", optimize=True)
    return out.getvalue()
