"""Pictures of people and companies: what is kept is pixels, a small square of them, and nothing else."""

import io
import zlib
from uuid import UUID, uuid4

import pytest
from PIL import Image, PngImagePlugin
from starlette.applications import Starlette
from starlette.testclient import TestClient

from saas_admin.core import pictures
from saas_admin.core.errors import Invalid
from saas_admin.web.pictures import routes


def drawn(kind: str = "JPEG", size: tuple[int, int] = (900, 600), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "#c9512c").save(out, kind, **more)
    return out.getvalue()


def kept(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(pictures.path_of(pictures.keep(content)).read_bytes()))


@pytest.mark.parametrize(("kind", "size"), [("JPEG", (900, 600)), ("PNG", (40, 300)), ("WEBP", (256, 256))])
def test_every_picture_becomes_a_square_png(kind: str, size: tuple[int, int]) -> None:
    image = kept(drawn(kind, size))
    assert (image.format, image.size, image.mode) == ("PNG", (256, 256), "RGB")


def test_what_the_camera_wrote_is_gone_and_the_picture_is_upright() -> None:
    image = Image.new("RGB", (200, 100), "#c9512c")
    image.paste("#0e5f63", (0, 0, 100, 100))
    exif = image.getexif()
    exif[0x0112], exif[0x010E] = 6, "39.47,-0.37 at home"  # turned by 90 degrees, and where it was taken
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=100)
    result = kept(out.getvalue())
    assert result.getpixel((128, 8))[2] > 80  # what was left is on top now
    assert b"39.47" not in pictures.path_of(pictures.keep(out.getvalue())).read_bytes()
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "<script>alert(1)</script>")
    assert kept(drawn("PNG", pnginfo=notes)).info == {}


def test_a_transparent_logo_stays_transparent() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(out, "PNG")
    assert kept(out.getvalue()).getpixel((5, 5)) == (0, 0, 0, 0)


def moving() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


def bomb() -> bytes:
    """A PNG that says it is 30,000 pixels wide and high."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)

    head = (30_000).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "picture_kind"),
        (b"<html><body>not a picture", "picture_kind"),
        (b"\xff\xd8\xff\xe0broken", "image_broken"),
        (drawn("PNG")[:200], "image_broken"),
        (drawn("GIF"), "picture_kind"),
        (moving(), "picture_kind"),
        (bomb(), "image_broken"),
        (drawn("PNG", (8000, 5001)), "image_too_large"),
        (b"\xff\xd8\xff" + b"x" * 5_000_000, "picture_too_large"),
    ],
)
def test_what_is_no_still_picture_is_refused_and_nothing_is_written(content: bytes, code: str) -> None:
    folder = pictures.path_of(uuid4()).parent
    before = set(folder.glob("*"))
    with pytest.raises(Invalid) as refusal:
        pictures.keep(content)
    assert (refusal.value.code, set(folder.glob("*"))) == (code, before)


def test_a_picture_is_served_for_ever_and_as_nothing_but_a_picture() -> None:
    picture_id = pictures.keep(drawn())
    with TestClient(Starlette(routes=routes)) as client:
        answer = client.get(pictures.url_of(picture_id))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        for wrong in (UUID(int=1), "..%2f..%2fsecrets%2fkeyring", "x"):
            assert client.get(f"/pictures/{wrong}.png").status_code == 404
        pictures.delete(picture_id)
        assert client.get(pictures.url_of(picture_id)).status_code == 404
