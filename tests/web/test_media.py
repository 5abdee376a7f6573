"""Files: whose they are, what they are, and what a browser may do with them."""

import io
from collections.abc import Iterator
from uuid import UUID

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from saas_admin.conversations import media, service
from saas_admin.core.work import Work
from saas_admin.web.api import ROUTES
from tests.conftest import Engines
from tests.shop import PASSWORD, open_shop, write_in

ORIGIN = {"origin": "http://localhost:8080"}


@pytest.fixture
def browser(db: Engines, valkey: object) -> Iterator[TestClient]:
    del db, valkey
    with TestClient(Starlette(routes=list(ROUTES)), base_url="http://localhost:8080", headers=ORIGIN) as client:
        yield client


def _sign_in(browser: TestClient, email: str) -> None:
    assert browser.post("/auth/sign-in", json={"email": email, "password": PASSWORD}).status_code == 200


def _picture(kind: str = "JPEG", size: tuple[int, int] = (900, 600)) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "#c9512c")
    exif = image.getexif()
    exif[0x010E] = "GPS of the shop owner's home"
    image.save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return out.getvalue()


def test_an_image_is_stripped_of_what_the_camera_wrote_and_gets_a_small_one(browser: TestClient):
    open_shop(email="nuria@alborada.example")
    _sign_in(browser, "nuria@alborada.example")

    kept = browser.post("/media", files={"file": ("taza.jpg", _picture(), "text/html")}).json()

    assert (kept["kind"], kept["mime"], kept["width"], kept["height"], kept["name"]) == (
        "image",
        "image/jpeg",
        900,
        600,
        "taza.jpg",
    )
    shown = browser.get(kept["url"])
    assert shown.headers["content-type"] == "image/jpeg"
    assert b"GPS of the shop" not in shown.content
    small = browser.get(kept["thumb_url"])
    assert (small.headers["content-type"], Image.open(io.BytesIO(small.content)).size) == ("image/webp", (640, 427))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("foto.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("foto.jpg", b"<html><body>not a picture"),
        ("x.exe", b"MZ\x90\x00" + b"\x00" * 64),
    ],
)
def test_what_could_run_is_only_ever_downloaded(browser: TestClient, name: str, content: bytes):
    open_shop(email="nuria@alborada.example")
    _sign_in(browser, "nuria@alborada.example")
    kept = browser.post("/media", files={"file": (name, content)}).json()
    answer = browser.get(kept["url"])
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_file_is_seen_by_its_company_only_and_before_sending_by_its_uploader_only(browser: TestClient):
    shop = open_shop(email="nuria@alborada.example")
    open_shop("Floristería", number_id="104857600445566", email="rosa@azahar.example")
    message = write_in(shop)
    with Work(shop.support) as work:
        file = media.upload(work, b"%PDF-1.4 factura", "factura.pdf")

    _sign_in(browser, "nuria@alborada.example")
    assert browser.get(file.url).status_code == 404
    with Work(shop.support) as work:
        service.reply(work, message.conversation_id, "", draft_id="draft-file-1", attachment_ids=[UUID(file.id)])
    assert browser.get(file.url).content == b"%PDF-1.4 factura"

    _sign_in(browser, "rosa@azahar.example")
    assert browser.get(file.url).status_code == 404
    browser.cookies.clear()
    assert browser.get(file.url).status_code == 401


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\boot.ini", "a\x00b.pdf", "x" * 400 + ".pdf", "\u202egnp.exe"]
)
def test_a_name_is_never_a_path(name: str):
    safe = media.safe_name(name)
    assert not set("/\\\x00") & set(safe)
    assert len(safe) <= 120
    assert safe


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0broken", b"\x89PNG\r\n\x1a\nbroken"])
def test_a_broken_picture_says_so(browser: TestClient, content: bytes):
    open_shop(email="nuria@alborada.example")
    _sign_in(browser, "nuria@alborada.example")
    answer = browser.post("/media", files={"file": ("foto.jpg", content)})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "image_broken")


def test_too_large_and_empty_are_refused(browser: TestClient):
    open_shop(email="nuria@alborada.example")
    _sign_in(browser, "nuria@alborada.example")
    assert browser.post("/media", files={"file": ("a.bin", b"")}).json()["error"]["code"] == "file_empty"
    assert browser.post("/media", files={"file": ("a.bin", b"x" * 16_500_000)}).status_code == 413
