"""Whatever a stranger sends, the answer is one of ours: no traceback, no half-written row."""

import json
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from saas_admin.core.text import cleaned
from saas_admin.models import Message
from saas_admin.web.api import ROUTES
from tests.conftest import Engines
from tests.shop import Shop
from tests.widget.conftest import ORIGIN, Browser, agent, arrive, count, other_shop, shop, stored, visitor, web

__all__ = ["agent", "arrive", "other_shop", "shop", "visitor", "web"]

DEEP = [b"[" * 15_000, b'{"a":' * 3_000]
HALF = '"\\ud800"'
NUL = '"a\\u0000b"'
FORMS = [
    *DEEP,
    f'{{"email":{HALF},"password":{HALF},"token":{HALF},"name":{HALF},"company":{HALF}}}'.encode(),
    f'{{"email":{NUL},"password":{NUL},"token":{NUL}}}'.encode(),
    b'{"email":' + b"9" * 5_000 + b"}",
]


@pytest.mark.parametrize("path", ["register", "confirm", "resend", "sign-in", "sign-out"])
@pytest.mark.parametrize("body", FORMS, ids=["array", "object", "half", "nul", "digits"])
def test_a_form_of_nonsense_is_refused(db: Engines, valkey: object, path: str, body: bytes):
    del db, valkey
    with TestClient(Starlette(routes=list(ROUTES)), base_url=ORIGIN, headers={"origin": ORIGIN}) as client:
        answer = client.post(f"/auth/{path}", content=body)
    assert answer.status_code in (200, 401, 422)
    assert answer.json()


@pytest.mark.parametrize("path", ["messages", "typing", "receipts"])
@pytest.mark.parametrize("body", DEEP, ids=["array", "object"])
def test_a_visitors_body_may_be_nested_however_deep(shop: Shop, visitor: Browser, path: str, body: bytes):
    answer = visitor.web.post(visitor._url(path), content=body, headers=visitor._headers())
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "broken_request")
    assert count(shop, Message) == 0


def test_half_a_letter_of_a_visitor_is_kept_as_a_question_mark(shop: Shop, visitor: Browser):
    page = f'{{"url":"https://shop.example/\\u0000\\ud800","title":{NUL}}}'
    body = f'{{"client_id":"{uuid4()}","text":"hola \\ud800\\u0000!","page":{page}}}'
    answer = visitor.web.post(visitor._url("messages"), content=body.encode(), headers=visitor._headers())
    assert answer.status_code == 200
    (message,) = stored(shop)
    assert (message.text, message.data["page"]) == ("hola ?!", {"url": "https://shop.example/", "title": "ab"})


@pytest.mark.parametrize("word", ["[" * 3_900, json.dumps({"token": "\ud800"}), b"\x00\x01", "[]", "7"])
def test_a_socket_that_begins_with_nonsense_is_closed(visitor: Browser, word: str | bytes):
    visitor.say("hola")
    address = f"/widget/v1/{visitor.public_id}/live"
    with visitor.web.websocket_connect(address, headers={"Origin": ORIGIN}) as socket:
        socket.send_bytes(word) if isinstance(word, bytes) else socket.send_text(word)
        assert socket.receive()["type"] == "websocket.close"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/widget/app/%00aaaaaaaaaaaa", 404),
        ("/widget/v1/%00aaaaaaaaaaaa/config", 404),
        ("/widget.js?c=%00aaaaaaaaaaaa", 200),
        ("/webhooks/whatsapp_cloud/%00abc", 403),
        ("/webhooks/%00/x", 404),
        ("/media/%00", 401),
    ],
)
def test_an_address_of_nonsense_is_not_found(db: Engines, valkey: object, address: str, status: int):
    del db, valkey
    with TestClient(Starlette(routes=list(ROUTES)), base_url=ORIGIN) as client:
        assert client.get(address, headers={"referer": "http://[bad/x"}).status_code == status


def test_texts_are_cleaned_wherever_they_stand():
    assert cleaned({"a\x00": ["\ud83d", {"b": "ñ🙂"}], "n": 7, "none": None}) == {
        "a": ["?", {"b": "ñ🙂"}],
        "n": 7,
        "none": None,
    }
