"""The visitor's socket: what was missed, what is said, and what was lost on the way."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from saas_admin.conversations import visitor as conversations
from saas_admin.core import realtime
from saas_admin.core.realtime import Delta, conversation_room
from saas_admin.web.hub import hub
from tests.shop import Shop
from tests.widget.conftest import ORIGIN, Agent, Browser, disable, words

Listen = Callable[..., WebSocketTestSession]


@pytest.fixture
def listen(web: TestClient) -> Iterator[Listen]:
    with ExitStack() as stack:

        def open_socket(browser: Browser, after: str = "", origin: str = ORIGIN) -> WebSocketTestSession:
            path = f"/widget/v1/{browser.public_id}/live"
            socket = stack.enter_context(web.websocket_connect(path, headers={"Origin": origin}))
            socket.send_text(json.dumps({"token": browser.token, "after": after}))
            return socket

        yield open_socket


def test_socket_begins_with_what_was_missed(listen: Listen, visitor: Browser, agent: Agent) -> None:
    visitor.say("hola")
    cursor = visitor.thread()["cursor"]
    agent.reply("buenas")

    everything, missed = words(listen(visitor)), words(listen(visitor, cursor))

    assert [m["text"] for m in everything["messages"]] == ["hola", "buenas"]
    assert [(m["text"], m.get("status")) for m in missed["messages"]] == [("hola", "read"), ("buenas", None)]


def test_answer_typing_and_ticks_arrive(listen: Listen, visitor: Browser, agent: Agent) -> None:
    visitor.say("hola")
    socket = listen(visitor)
    words(socket)

    agent.typing()
    assert words(socket) == {"kind": "typing", "on": True, "name": "Toni"}
    agent.read()
    assert [(m["text"], m["status"]) for m in words(socket)["messages"]] == [("hola", "read")]
    agent.reply("buenas")
    heard = words(socket)
    assert (heard["kind"], heard["message"]["text"], heard["message"]["author"]) == (
        "message",
        "buenas",
        {"kind": "agent", "name": "Toni"},
    )


def test_own_words_from_another_tab_arrive_but_own_typing_does_not(listen: Listen, visitor: Browser) -> None:
    visitor.say("hola")
    socket = listen(visitor)
    words(socket)
    visitor.post("typing")
    visitor.say("¿hay alguien?")
    assert words(socket)["message"]["text"] == "¿hay alguien?"


def test_lost_publish_is_made_good_at_the_next_heartbeat(
    listen: Listen, visitor: Browser, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.say("hola")
    socket = listen(visitor)
    words(socket)
    monkeypatch.setattr(hub, "_rooms", {})
    agent.reply("se pierde")

    socket.send_text('{"kind":"ping"}')

    assert [m["text"] for m in words(socket)["messages"]] == ["hola", "se pierde"]
    socket.send_text('{"kind":"ping"}')
    assert words(socket) == {"kind": "pong"}


def test_gap_is_answered_by_reading_again(listen: Listen, visitor: Browser, agent: Agent) -> None:
    visitor.say("hola")
    socket = listen(visitor)
    words(socket)
    room = conversation_room(agent.conversation())
    realtime.sync_client().incr(f"live-seq:{room}")
    agent.reply("tras el hueco")
    assert [m["text"] for m in words(socket)["messages"]] == ["hola", "tras el hueco"]


def test_what_is_not_for_visitors_stays_inside(listen: Listen, visitor: Browser, agent: Agent) -> None:
    visitor.say("hola")
    socket = listen(visitor)
    words(socket)
    [view] = agent.reply("para fuera")
    heard = _until(socket, "para fuera")
    room = conversation_room(agent.conversation())
    note = {**view.json(), "kind": "note", "text": "cliente pesado"}
    realtime.publish(
        [Delta(room, "message", {"message": note}), Delta(room, "conversation", {"row": {"phone": "+34"}})]
    )
    agent.reply("otra")
    heard += _until(socket, "otra")
    assert not [word for word in heard if "cliente pesado" in json.dumps(word) or "+34" in json.dumps(word)]


def _until(socket: WebSocketTestSession, text: str) -> list[dict[str, Any]]:
    """All that is heard up to the word that brings this message: as a delta, or within what is read again."""
    heard: list[dict[str, Any]] = []
    while True:
        heard.append(words(socket))
        brought = [*heard[-1].get("messages", []), heard[-1].get("message", {})]
        if text in [message.get("text") for message in brought]:
            return heard


@pytest.mark.parametrize(("case", "code"), [("token", 4401), ("origin", 4403), ("disabled", 4404), ("silent", 4404)])
def test_socket_that_is_refused(listen: Listen, shop: Shop, visitor: Browser, case: str, code: int) -> None:
    if case != "silent":
        visitor.say("hola")
    if case == "token":
        visitor.token = "nonsense"
    if case == "disabled":
        disable(shop)
    with pytest.raises(WebSocketDisconnect) as closed:
        words(listen(visitor, origin="https://evil.example" if case == "origin" else ORIGIN))
    assert closed.value.code == code


def test_socket_of_another_company_hears_nothing(listen: Listen, shop: Shop, other_shop: Shop, web: TestClient) -> None:
    ours = Browser(web, shop.webchat_public_id).begin()
    ours.say("secreto")
    with pytest.raises(WebSocketDisconnect) as closed:
        words(listen(Browser(web, other_shop.webchat_public_id, ours.token)))
    assert closed.value.code == 4401


def test_socket_without_a_database_is_told_to_come_later(
    listen: Listen, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(conversations, "find_thread", down)
    with pytest.raises(WebSocketDisconnect) as closed:
        words(listen(visitor))
    assert closed.value.code == 1013
