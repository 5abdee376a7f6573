"""The routes of FAQs: an import by upload, exports, files of answers."""

import io
from collections.abc import Iterator
from uuid import UUID

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from saas_admin.conversations import media
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.faqs import queries
from saas_admin.faqs.views import FaqFilter
from saas_admin.web import request as web_request
from saas_admin.web.api import ROUTES
from tests.faqs.conftest import write_faq
from tests.shop import Shop, open_shop, session_of

CSV = "pregunta;respuesta\n¿Hacéis envíos?;Sí\n;x\n".encode()


@pytest.fixture
def shop(db: object, valkey: object) -> Shop:
    del db, valkey
    return open_shop()


@pytest.fixture
def client(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    _sit(monkeypatch, shop.support)
    with TestClient(Starlette(routes=list(ROUTES)), base_url="http://localhost:8080") as browser:
        yield browser


def _sit(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    monkeypatch.setattr(web_request.accounts, "find_session", lambda _token: session_of(actor))


def _titles(shop: Shop) -> list[str]:
    with Work(shop.support) as work:
        return [row.title for row in queries.list_faqs(work, FaqFilter()).rows]


def test_an_upload_is_looked_at_and_then_imported(client: TestClient, shop: Shop):
    seen = client.post("/faq-import", files={"file": ("preguntas.csv", CSV)})
    assert seen.status_code == 200
    assert seen.json()["counts"] == {"new": 1, "adds": 0, "changed": 0, "unchanged": 0, "error": 1}
    assert (seen.json()["is_done"], seen.json()["language"], _titles(shop)) == (False, "es", [])

    whole = client.post("/faq-import?do=1&all_or_nothing=1", files={"file": ("preguntas.csv", CSV)})
    assert (whole.status_code, whole.json()["error"]["code"], _titles(shop)) == (422, "faq_import_has_errors", [])
    assert whole.json()["error"]["message"] == "Una fila tiene errores: no importamos nada."

    done = client.post("/faq-import?do=1&language=pt", files={"file": ("preguntas.csv", CSV)})
    assert (done.json()["is_done"], _titles(shop)) == (True, ["¿Hacéis envíos?"])
    with Work(shop.support) as work:
        assert queries.list_faqs(work, FaqFilter()).rows[0].language == "pt"


def test_columns_are_what_the_reader_says(client: TestClient):
    seen = client.post("/faq-import?columns=answer,question,nonsense", files={"file": ("x.csv", CSV)}).json()
    assert [column["field"] for column in seen["columns"]] == ["answer", "question"]
    assert [row["title"] for row in seen["rows"]] == ["Sí", "x"]
    without = client.post("/faq-import?columns=,-", files={"file": ("x.csv", CSV)}).json()
    assert [column["field"] for column in without["columns"]] == ["question", ""]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "faq_import_empty"),
        (b"PK\x03\x04", 422, "faq_import_excel"),
        (b"x" * 6_000_000, 413, "file_too_large"),
    ],
    ids=["empty", "excel", "large"],
)
def test_a_file_that_is_none_is_refused_in_words(client: TestClient, content: bytes, status: int, code: str):
    answer = client.post("/faq-import", files={"file": ("x.csv", content)})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert not answer.json()["error"]["message"].startswith("errors.")


def test_a_page_elsewhere_can_neither_import_nor_export(client: TestClient, shop: Shop):
    foreign = {"origin": "https://elsewhere.example"}
    assert client.post("/faq-import?do=1", files={"file": ("x.csv", CSV)}, headers=foreign).status_code == 403
    assert client.get("/faq-export.csv", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert _titles(shop) == []


def test_exports_are_downloads_that_come_in_again(client: TestClient, shop: Shop):
    write_faq(shop, "¿Hacéis envíos?")
    for path, mime in (("/faq-export.csv", "text/csv"), ("/faq-export.jsonl", "application/x-ndjson")):
        answer = client.get(path)
        assert answer.headers["content-type"].startswith(mime)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        again = client.post("/faq-import", files={"file": ("faqs", answer.content)}).json()
        assert again["counts"]["unchanged"] == 1


def test_a_file_of_an_answer_is_shown_to_whoever_reads_faqs(
    client: TestClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    with Work(shop.support) as work:
        upload = UUID(media.upload(work, io.BytesIO(b"<html><script>1</script>"), "a.html").id)
    faq_id = write_faq(shop, "a", files=(upload,))
    with Work(shop.support) as work:
        (file,) = queries.find_faq(work, faq_id).files
    _sit(monkeypatch, shop.marketing)
    answer = client.get(file.url)
    assert (answer.status_code, answer.content) == (200, b"<html><script>1</script>")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert client.get(f"{file.url}/thumb").status_code == 404
    assert client.get(f"/faq-files/{upload}").status_code == 404
    assert client.post("/faq-import", files={"file": ("x.csv", CSV)}).status_code == 403

    _sit(monkeypatch, open_shop("Otra tienda", number_id="104857600445566").admin)
    assert client.get(file.url).status_code == 404
