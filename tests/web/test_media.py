"""Files: whose they are, what they are, and what a browser may do with them."""

import io
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

import pytest
from httpx import Response
from PIL import Image
from sqlalchemy import select
from sqlmodel import col
from starlette.applications import Starlette
from starlette.testclient import TestClient

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import MEGABYTE, FetchedMedia, Media, MessageKind
from saas_admin.channels import sweeps
from saas_admin.conversations import media, service, visitor
from saas_admin.core import files
from saas_admin.core.clock import now
from saas_admin.core.errors import Invalid
from saas_admin.core.work import Work
from saas_admin.models import Attachment, Conversation
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
        file = media.upload(work, io.BytesIO(b"%PDF-1.4 factura"), "factura.pdf")

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


def test_an_empty_file_is_refused(browser: TestClient):
    open_shop(email="nuria@alborada.example")
    _sign_in(browser, "nuria@alborada.example")
    assert browser.post("/media", files={"file": ("a.bin", b"")}).json()["error"]["code"] == "file_empty"


Send = Callable[[str, int, bytes], Response]


@pytest.fixture
def send(browser: TestClient, tmp_path: Path) -> Send:
    """Upload a file of so many bytes that takes no room on the disk."""

    def upload(name: str, size: int, start: bytes) -> Response:
        with (tmp_path / "file").open("w+b") as file:
            file.write(start)
            file.truncate(size)
            file.seek(0)
            return browser.post("/media", files={"file": (name, file)})

    return upload


@pytest.mark.parametrize(
    ("name", "start", "limit"),
    [("catálogo.pdf", b"%PDF-1.7 ", 100), ("foto.jpg", b"\xff\xd8\xff\xe0", 10), ("voz.mp3", b"ID3\x03", 50)],
)
def test_each_kind_of_file_has_its_own_limit_and_says_it(
    browser: TestClient, send: Send, name: str, start: bytes, limit: int
):
    open_shop(email="nuria@alborada.example")
    _sign_in(browser, "nuria@alborada.example")
    refused = send(name, limit * MEGABYTE + 1, start)
    assert (refused.status_code, refused.json()["error"]["code"]) in ((422, "file_too_large"), (413, "file_too_large"))
    assert f" {limit} MB" in refused.json()["error"]["message"]


def test_a_document_of_a_hundred_megabytes_goes_out_and_a_channel_that_takes_less_says_how_much(
    browser: TestClient, send: Send
):
    shop = open_shop(email="nuria@alborada.example")
    _sign_in(browser, "nuria@alborada.example")
    kept = send("catálogo.pdf", 100 * MEGABYTE, b"%PDF-1.7 ").json()
    assert (kept["kind"], kept["size"], kept["state"]) == ("document", 100 * MEGABYTE, "stored")

    with Work(shop.system) as work:
        visitor.say(work, shop.webchat_id, "v:0", uuid4(), "Hola")
        chat = visitor.find_thread(work, shop.webchat_id, "v:0").conversation_id
    assert chat
    with pytest.raises(Invalid) as refused, Work(shop.admin) as work:
        service.reply(work, chat, "", draft_id="draft-large-0", attachment_ids=[UUID(kept["id"])])
    assert (refused.value.code, refused.value.params) == ("file_too_large", {"limit": 20})

    with Work(shop.admin) as work:
        sent = service.reply(
            work, write_in(shop).conversation_id, "", draft_id="draft-large-1", attachment_ids=[UUID(kept["id"])]
        )
    assert [file.name for file in sent[0].attachments] == ["catálogo.pdf"]


def test_an_upload_is_never_whole_in_memory(browser: TestClient, send: Send, monkeypatch: pytest.MonkeyPatch):
    open_shop(email="nuria@alborada.example")
    _sign_in(browser, "nuria@alborada.example")
    pieces: list[int] = []
    read = tempfile.SpooledTemporaryFile.read

    def noted(self: Any, *size: int) -> bytes:
        piece = read(self, *size)
        pieces.append(len(piece))
        return piece

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "read", noted)
    answer = send("catálogo.pdf", 30 * MEGABYTE, b"%PDF-1.7 ")
    assert answer.status_code == 200
    assert sum(pieces) > 30 * MEGABYTE
    assert max(pieces) <= files.CHUNK


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"nonsense"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--x--'),
    ],
)
def test_what_is_no_form_with_a_file_is_refused(browser: TestClient, content_type: str, body: bytes):
    open_shop(email="nuria@alborada.example")
    _sign_in(browser, "nuria@alborada.example")
    answer = browser.post("/media", content=body, headers={"content-type": content_type})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


def test_a_body_that_says_no_length_is_counted_while_it_comes(browser: TestClient, monkeypatch: pytest.MonkeyPatch):
    open_shop(email="nuria@alborada.example")
    _sign_in(browser, "nuria@alborada.example")
    monkeypatch.setattr(registry, "largest_file", lambda: MEGABYTE)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    pieces = (head if i == 0 else b"x" * 100_000 for i in range(20))
    answer = browser.post("/media", content=pieces, headers={"content-type": "multipart/form-data; boundary=x"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "file_too_large")


def test_an_upload_nobody_sent_is_forgotten_after_two_days(db: Engines, valkey: object):
    del db, valkey
    shop = open_shop()
    with Work(shop.support) as work:
        old, new, sent = (media.upload(work, io.BytesIO(_picture()), f"{i}.jpg") for i in range(3))
        service.reply(work, write_in(shop).conversation_id, "", draft_id="draft-sent-1", attachment_ids=[UUID(sent.id)])
        for file in (old, sent):
            work.get(Attachment, UUID(file.id)).created_at = now() - timedelta(hours=sweeps.UPLOAD_HOURS, minutes=1)

    assert [sweeps.housekeeping()["uploads_removed"] for _ in range(2)] == [1, 0]

    with Work(shop.system) as work:
        assert [bool(work.find(Attachment, UUID(file.id))) for file in (old, new, sent)] == [False, True, True]
    for variant in ("", "thumb"):
        kept = [files.path_of(shop.company_id, UUID(f.id), variant=variant).exists() for f in (old, new, sent)]
        assert kept == [False, True, True]


class _Provider:
    """What a provider keeps for us."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def fetch_media(self, _settings: Any, _secrets: Any, _media: Media, _limit: int, into: IO[bytes]) -> FetchedMedia:
        into.write(self.content)
        return FetchedMedia("image/jpeg")


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0broken", b"\x89PNG\r\n\x1a\nbroken", b"not a picture"])
def test_a_customers_broken_picture_is_kept_as_a_file(
    db: Engines, valkey: object, monkeypatch: pytest.MonkeyPatch, content: bytes
):
    del db, valkey
    shop = open_shop()
    monkeypatch.setattr(registry.get("whatsapp_cloud"), "fetch_media", _Provider(content).fetch_media)
    sent = Media(MessageKind.IMAGE, "image/jpeg", provider_id="1")
    message = write_in(shop, "", kind=MessageKind.IMAGE, media=sent)
    with Work(shop.system) as work:
        (attachment,) = work.all(select(Attachment).where(col(Attachment.message_id) == message.id))

    media.fetch(shop.company_id, attachment.id)

    with Work(shop.system) as work:
        kept = work.get(Attachment, attachment.id)
        counter = work.get(Conversation, message.conversation_id).counter
    assert (kept.state, kept.kind, kept.mime) == ("stored", "document", "application/octet-stream")
    assert files.path_of(shop.company_id, kept.id).read_bytes() == content

    media.fetch(shop.company_id, attachment.id)
    with Work(shop.system) as work:
        assert work.get(Conversation, message.conversation_id).counter == counter
