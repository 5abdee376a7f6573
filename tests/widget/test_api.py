"""/widget/v1: what a visitor's browser may say and read."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from saas_admin.core import secrets
from saas_admin.core.realtime import sync_client
from saas_admin.models import Attachment, Conversation, Customer, Message
from saas_admin.web import widget_session
from tests.shop import Shop
from tests.widget.conftest import ORIGIN, Agent, Browser, count, disable, picture, stored

Arrive = Callable[[], Browser]


def test_first_message_makes_customer_thread_and_message(shop: Shop, visitor: Browser) -> None:
    assert count(shop, Customer) == 0, "a session alone leaves nothing behind"

    answer = visitor.say(
        "¿Tenéis molienda fina?", page={"url": "https://cafe.example/las-nubes?utm=x#a", "title": "Las Nubes"}
    )

    message = answer.json()["message"]
    assert (message["text"], message["direction"], message["status"]) == ("¿Tenéis molienda fina?", "in", "sent")
    [row] = stored(shop)
    assert row.data["page"] == {"url": "https://cafe.example/las-nubes", "title": "Las Nubes"}
    assert (count(shop, Customer), count(shop, Conversation)) == (1, 1)


def test_same_client_id_twenty_times_at_once_is_one_message(shop: Shop, visitor: Browser) -> None:
    client_id = str(uuid4())

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: visitor.say("hola", client_id), range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["message"]["id"] for answer in answers}) == 1
    assert (count(shop, Message), count(shop, Conversation), count(shop, Customer)) == (1, 1, 1)


def test_same_client_id_twenty_times_at_once_is_one_message_in_an_open_thread_too(shop: Shop, visitor: Browser) -> None:
    visitor.say("antes")
    client_id = str(uuid4())

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: visitor.say("hola", client_id), range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert (count(shop, Message), count(shop, Conversation)) == (2, 1)


def test_reader_resumes_by_cursor(visitor: Browser, agent: Agent) -> None:
    visitor.say("uno")
    agent.reply("dos")
    cursor = visitor.thread()["cursor"]
    assert visitor.thread(f"?after={cursor}")["messages"] == []

    agent.reply("tres")
    visitor.say("cuatro")

    assert [m["text"] for m in visitor.thread(f"?after={cursor}")["messages"]] == ["tres", "cuatro"]


@pytest.mark.parametrize("cursor", ["", "nonsense", "01890000-0000-7000-8000-00000000dead.3", "9" * 400])
def test_strange_cursor_gives_the_last_page(visitor: Browser, cursor: str) -> None:
    visitor.say("uno")
    assert [m["text"] for m in visitor.thread(f"?after={cursor}")["messages"]] == ["uno"]


def test_long_thread_is_read_page_by_page(visitor: Browser, agent: Agent) -> None:
    visitor.say("hola")
    for n in range(50):
        agent.reply(f"respuesta {n}")

    last = visitor.thread()
    older = visitor.thread(f"?before={last['messages'][0]['id']}")

    assert (len(last["messages"]), last["has_more"]) == (40, True)
    assert (older["messages"][0]["text"], older["has_more"]) == ("hola", False)
    assert len(older["messages"]) == 11


def test_ticks_turn_when_the_shop_has_read(visitor: Browser, agent: Agent) -> None:
    visitor.say("hola")
    assert visitor.thread()["messages"][0]["status"] == "sent"
    agent.read()
    assert visitor.thread()["messages"][0]["status"] == "read"


def test_receipts_move_our_messages_forward_and_never_back(shop: Shop, visitor: Browser, agent: Agent) -> None:
    visitor.say("hola")
    agent.reply("buenas")
    [last] = agent.reply("dime")

    for status, expected in (("delivered", "delivered"), ("read", "read"), ("delivered", "read")):
        assert visitor.post("receipts", {"message_id": last.id, "status": status}).status_code == 200
        assert [m.status.value for m in stored(shop) if m.direction == "out"] == [expected, expected]


def test_typing_reaches_the_room_of_the_thread(visitor: Browser, agent: Agent) -> None:
    visitor.say("hola")
    with sync_client().pubsub(ignore_subscribe_messages=True) as ear:
        ear.subscribe(f"live:conv:{agent.conversation()}")
        ear.get_message(timeout=1)
        visitor.post("typing", {"on": True})
        heard = ear.get_message(timeout=2)
    assert heard
    assert b'"kind": "typing", "who": "customer"' in heard["data"]


def test_agent_is_known_by_first_name_only(visitor: Browser, agent: Agent) -> None:
    visitor.say("hola")
    agent.reply("buenas")
    answer = visitor.get("messages")
    assert answer.json()["messages"][1]["author"] == {"kind": "agent", "name": "Toni"}
    assert "Ferrandis" not in answer.text
    assert str(agent.shop.support.user_id) not in answer.text


# Files


def test_file_goes_up_and_along(shop: Shop, visitor: Browser) -> None:
    ticket = visitor.upload(picture(), "../../molinillo.jpg").json()
    assert (ticket["kind"], ticket["name"], ticket["width"], ticket["height"]) == ("image", "molinillo.jpg", 60, 40)

    message = visitor.say("este", files=(ticket["id"],)).json()["message"]

    assert (message["kind"], [file["id"] for file in message["attachments"]]) == ("image", [ticket["id"]])
    shown = visitor.web.get(f"{ticket['url']}?token={visitor.token}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["content-security-policy"].endswith("sandbox")
    assert visitor.web.get(f"{ticket['thumb_url']}?token={visitor.token}").headers["content-type"] == "image/webp"


def test_resending_a_message_with_its_file_is_harmless(shop: Shop, visitor: Browser) -> None:
    ticket, client_id = visitor.upload(picture(), "a.jpg").json(), str(uuid4())
    first, again = (visitor.say("", client_id, (ticket["id"],)) for _ in range(2))
    assert first.json()["message"]["id"] == again.json()["message"]["id"]
    assert count(shop, Message) == 1


def test_file_of_the_agent_reaches_the_visitor(visitor: Browser, agent: Agent) -> None:
    visitor.say("¿ficha?")
    agent.reply("", (agent.upload(b"%PDF-1.4 ficha", "ficha.pdf"),))
    [file] = visitor.thread()["messages"][1]["attachments"]
    assert visitor.web.get(f"{file['url']}?token={visitor.token}").content == b"%PDF-1.4 ficha"


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"<!doctype html><script>alert(1)</script>", "foto.jpg", 422, "file_type"),
        (b"MZ" + b"\0" * 400, "factura.pdf", 422, "file_type"),
        (b"", "vacio.txt", 422, "file_type"),
        (b"x" * (10 * 1024 * 1024 + 1), "grande.txt", 413, "file_too_large"),
        (b"x" * 12_000_000, "enorme.txt", 413, "file_too_large"),
    ],
)
def test_file_that_may_not_go_up(
    shop: Shop, visitor: Browser, content: bytes, name: str, status: int, code: str
) -> None:
    answer = visitor.upload(content, name)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert count(shop, Attachment) == 0


# Refusals: nothing changes


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"client_id": str(uuid4()), "text": "  \x00 "}, "empty_message"),
        ({"client_id": str(uuid4()), "text": "a" * 4001}, "text_too_long"),
        ({"client_id": "1", "text": "hola"}, "broken_request"),
        ({"client_id": str(uuid4()), "text": {"a": 1}}, "broken_request"),
        ({"client_id": str(uuid4()), "text": "hola", "attachment_ids": [str(uuid4())]}, "file_missing"),
        ({"client_id": str(uuid4()), "text": "hola", "attachment_ids": "x"}, "broken_request"),
    ],
)
def test_message_that_makes_no_sense(shop: Shop, visitor: Browser, body: dict[str, object], code: str) -> None:
    answer = visitor.post("messages", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert count(shop, Message) == 0


@pytest.mark.parametrize(("raw", "status"), [(b"{", 422), (b"[1]", 422), (b'"' + b"x" * 40_000 + b'"', 413)])
def test_body_that_is_no_message(shop: Shop, visitor: Browser, raw: bytes, status: int) -> None:
    headers = {"Authorization": f"Bearer {visitor.token}", "Content-Type": "application/json"}
    answer = visitor.web.post(f"/widget/v1/{visitor.public_id}/messages", content=raw, headers=headers)
    assert answer.status_code == status
    assert count(shop, Message) == 0


@pytest.mark.parametrize("path", ["session", "messages", "typing", "receipts", "media"])
def test_another_origin_is_refused(shop: Shop, visitor: Browser, path: str) -> None:
    headers = {"Origin": "https://evil.example", "Authorization": f"Bearer {visitor.token}"}
    answer = visitor.web.post(
        f"/widget/v1/{visitor.public_id}/{path}", json={"client_id": str(uuid4()), "text": "x"}, headers=headers
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin")
    assert count(shop, Message) == 0


def test_unknown_and_disabled_channels_look_the_same(shop: Shop, visitor: Browser, web: TestClient) -> None:
    disable(shop)
    disabled, unknown = visitor.say("hola"), Browser(web, "no-such-channel-here", visitor.token).say("hola")
    assert (disabled.status_code, disabled.json()) == (unknown.status_code, unknown.json())
    assert disabled.status_code == 404
    assert count(shop, Message) == 0


@pytest.mark.parametrize("lang", ["es", "en"])
def test_refusal_speaks_the_readers_language(visitor: Browser, lang: str) -> None:
    sentence = visitor.post(f"messages?lang={lang}", {"client_id": str(uuid4()), "text": ""}).json()["error"]["message"]
    assert sentence == {"es": "Escribe algo antes de enviar.", "en": "Write something before sending."}[lang]


def test_flood_is_slowed_down_and_nothing_is_lost_of_what_was_taken(shop: Shop, visitor: Browser) -> None:
    answers = [visitor.say(f"{n}") for n in range(45)]
    taken = [a for a in answers if a.status_code == 200]
    refused = next(a for a in answers if a.status_code == 429)
    assert 30 <= len(taken) < 45
    assert refused.json()["error"]["retry_after"] >= 1
    assert refused.headers["retry-after"]
    assert count(shop, Message) == len(taken)


def test_new_visitors_from_one_address_are_limited(shop: Shop, web: TestClient) -> None:
    answers = [Browser(web, shop.webchat_public_id).post("session") for _ in range(62)]
    assert [a.status_code for a in answers].count(200) == 60
    assert answers[-1].json()["error"]["code"] == "too_many_conversations"


# Who is who


@pytest.mark.parametrize("token", ["", "nonsense", "gAAAAAB" + "x" * 80])
def test_without_a_good_token_nothing_is_read_or_written(shop: Shop, web: TestClient, token: str) -> None:
    nobody = Browser(web, shop.webchat_public_id, token)
    assert [nobody.get("messages").status_code, nobody.say("hola").status_code] == [401, 401]
    assert count(shop, Message) == 0


def test_token_for_another_purpose_is_refused(shop: Shop, web: TestClient) -> None:
    token = secrets.sign("mail.confirm", {"c": str(shop.company_id), "h": str(shop.webchat_id), "v": str(uuid4())})
    assert Browser(web, shop.webchat_public_id, token).get("messages").status_code == 401


def test_token_of_another_company_is_refused(shop: Shop, other_shop: Shop, web: TestClient) -> None:
    ours = Browser(web, shop.webchat_public_id).begin()
    ours.say("secreto")
    across = Browser(web, other_shop.webchat_public_id, ours.token)
    assert [across.get("messages").status_code, across.say("hola").status_code] == [401, 401]
    assert count(other_shop, Message) == 0


def test_token_that_names_a_foreign_channel_of_ours_is_refused(shop: Shop, other_shop: Shop, web: TestClient) -> None:
    token = secrets.sign(
        widget_session.PURPOSE, {"c": str(shop.company_id), "h": str(other_shop.webchat_id), "v": str(uuid4())}
    )
    assert Browser(web, shop.webchat_public_id, token).get("messages").status_code == 401


def test_visitors_never_see_each_other(shop: Shop, arrive: Arrive, agent: Agent) -> None:
    anna, berto = arrive(), arrive()
    ticket = anna.upload(picture(), "mia.jpg").json()
    unsent = anna.upload(picture(), "borrador.jpg").json()
    client_id = str(uuid4())
    said = anna.say("soy Anna", client_id, (ticket["id"],)).json()["message"]
    [answer] = agent.reply("hola Anna")
    berto.say("soy Berto")

    assert berto.texts() == ["soy Berto"]
    assert anna.texts() == ["soy Anna", "hola Anna"]
    assert berto.get(f"messages?before={said['id']}").status_code == 404
    assert berto.post("receipts", {"message_id": answer.id, "status": "read"}).status_code == 404
    for file in (ticket, unsent):
        assert berto.web.get(f"{file['url']}?token={berto.token}").status_code == 404
    assert berto.say("robo", files=(unsent["id"],)).json()["error"]["code"] == "file_missing"
    stolen = berto.say("soy Anna", client_id)
    assert (stolen.status_code, "message" in stolen.json()) == (409, False)
    assert [m.status.value for m in stored(shop) if m.direction == "out"] == ["sent"]
    assert count(shop, Message) == 3


def test_file_of_another_company_is_not_found(shop: Shop, other_shop: Shop, web: TestClient) -> None:
    theirs = Browser(web, other_shop.webchat_public_id).begin().upload(picture(), "suya.jpg").json()
    ours = Browser(web, shop.webchat_public_id).begin()
    assert web.get(f"/widget/v1/{shop.webchat_public_id}/media/{theirs['id']}?token={ours.token}").status_code == 404
    assert ours.say("x", files=(theirs["id"],)).status_code == 422


def test_origin_of_the_page_itself_is_ours(visitor: Browser) -> None:
    assert visitor.web.post(f"/widget/v1/{visitor.public_id}/session", headers={"Origin": ORIGIN}).status_code == 200
