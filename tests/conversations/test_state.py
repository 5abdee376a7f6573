"""The handlers behind the inbox, called as a browser's socket calls them: by name, with whatever a client sends."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
import reflex as rx
from sqlalchemy.exc import OperationalError

from saas_admin.accounts.queries import SessionView
from saas_admin.conversations import receipts, service
from saas_admin.conversations import state as state_module
from saas_admin.conversations.state import InboxState
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.ui import base_state
from tests.shop import Shop, conversation, open_shop, session_of, write_in

pytestmark = pytest.mark.usefixtures("db", "valkey")


class Desk:
    """One browser tab of a person: its State, the rooms its socket is in, and a way to call handlers."""

    def __init__(self, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        make: Any = rx.State
        root = make(_reflex_internal_init=True)
        self.state: Any = root.get_substate(InboxState.get_full_name().split("."))
        self.rooms: set[str] = set()
        self._be(actor, monkeypatch)

    def call(self, name: str, *arguments: Any, path: str = "/inbox") -> Any:
        visit = {
            "pathname": path,
            "asPath": path,
            "sid": "socket-1",
            "query": {},
            "headers": {"origin": "http://localhost:8080"},
        }
        self.state._get_root_state()._update_router_vars(visit, {})
        return asyncio.run(InboxState.event_handlers[name].fn(self.state, *arguments))

    def _be(self, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        view = session_of(actor)

        async def identity(_cookie: str) -> SessionView:
            return view

        async def join(_state: Any, rooms: list[str]) -> None:
            self.rooms |= set(rooms)

        async def leave(_state: Any, rooms: list[str]) -> None:
            self.rooms -= set(rooms)

        monkeypatch.setattr(base_state, "find_identity", identity)
        monkeypatch.setattr(state_module, "join_rooms", join)
        monkeypatch.setattr(state_module, "leave_rooms", leave)


@pytest.fixture
def shop() -> Shop:
    return open_shop()


@pytest.fixture
def desk(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(shop.support, monkeypatch)


def test_opening_the_inbox_joins_the_room_and_seeds_the_list(shop: Shop, desk: Desk):
    write_in(shop, "¿Hacéis envíos a Canarias?")

    desk.call("open")

    assert desk.rooms == {f"inbox:{shop.company_id}:all"}
    assert [row["preview"] for row in desk.state.seed["rows"]] == ["¿Hacéis envíos a Canarias?"]
    assert desk.state.seed["filter"] == {
        "bucket": "pending",
        "owner": "all",
        "tag_ids": [],
        "channel_ids": [],
        "voice": "",
        "query": "",
    }
    assert [member["name"] for member in desk.state.people["members"]] == ["Nuria Sanchis", "Toni Ferrandis"]
    assert {channel["kind"] for channel in desk.state.people["channels"]} == {"whatsapp_cloud", "webchat"}
    assert desk.state.thread == {}


def test_an_address_with_a_conversation_opens_its_thread_and_leaves_the_one_before(shop: Shop, desk: Desk):
    first, second = write_in(shop), write_in(shop, who="34622333444")

    desk.call("open", path=f"/inbox/{first.conversation_id}")
    desk.call("open", path=f"/inbox/{second.conversation_id}")

    assert desk.rooms == {f"inbox:{shop.company_id}:all", f"conv:{second.conversation_id}"}
    assert desk.state.thread["conversation"]["id"] == str(second.conversation_id)
    assert [message["text"] for message in desk.state.thread["messages"]] == ["Hola, ¿tenéis el Oaxaca?"]


@pytest.mark.parametrize("asked", ["nada", "01890000-0000-7000-8000-00000000dead", "../etc", "0"])
def test_an_address_of_nothing_says_so_and_joins_no_room(shop: Shop, desk: Desk, asked: str):
    desk.call("open", path=f"/inbox/{asked}")

    assert desk.state.thread["error"] == "missing"
    assert desk.rooms == {f"inbox:{shop.company_id}:all"}


def test_another_companys_conversation_is_missing_and_every_verb_leaves_it_as_it_was(shop: Shop, desk: Desk):
    theirs = open_shop("Papelería Lluna", number_id="104857600119999")
    message = write_in(theirs, "Esto no es vuestro")
    wanted = str(message.conversation_id)
    before = conversation(theirs, message.conversation_id)

    desk.call("open", path=f"/inbox/{wanted}")
    desk.call("show_thread", wanted)
    desk.call("show_older", wanted, f"2026-11-22T10:00:00.000000Z|{message.id}|2026-11-22T10:00:00.000000Z")
    for verb in ("see", "close", "reopen", "take", "give_back"):
        desk.call(verb, wanted)
    desk.call("assign", wanted, str(shop.support.user_id))
    desk.call("create_tag", wanted, "Nuestra", "ok")
    desk.call("reply", {"conversation_id": wanted, "text": "Hola", "draft_id": "draft-0001"})
    desk.call("retry", str(message.id))
    desk.call("show_typing", wanted, True)
    desk.call("show_receipt", str(message.id))

    after = conversation(theirs, message.conversation_id)
    assert (after.counter, after.state, after.assignee_id, after.unread) == (before.counter, before.state, None, 1)
    assert desk.state.thread["error"] == "missing"
    assert desk.state.older == {}
    assert desk.state.receipt == {
        "message_id": str(message.id),
        "error": "missing",
        "tried": desk.state.receipt["tried"],
    }
    assert desk.state.sent["error"]["code"] == "not_found"
    assert f"conv:{wanted}" not in desk.rooms


def test_a_receipt_that_could_not_be_read_is_not_called_missing(
    shop: Shop, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    message = write_in(shop, "Hola")

    def away(*_: Any) -> Any:
        raise OperationalError("select", {}, Exception())

    monkeypatch.setattr(receipts, "find_receipt", away)
    desk.call("show_receipt", str(message.id))

    assert (desk.state.receipt["message_id"], desk.state.receipt["error"]) == (str(message.id), "trouble")


@pytest.mark.parametrize("asked", ["nada", "", None, {"id": 1}])
def test_a_receipt_of_nothing_is_not_even_asked_for(desk: Desk, asked: Any):
    desk.call("show_receipt", asked)

    assert desk.state.receipt == {}


def test_a_reply_is_taken_once_however_often_its_draft_arrives(shop: Shop, desk: Desk):
    message = write_in(shop)
    draft = {"conversation_id": str(message.conversation_id), "text": "Nos quedan 12", "draft_id": "draft-0001"}

    desk.call("reply", draft)
    desk.call("reply", draft)
    desk.call("show_thread", str(message.conversation_id))

    assert desk.state.sent == {"draft_id": "draft-0001"}
    assert [m["text"] for m in desk.state.thread["messages"]] == ["Hola, ¿tenéis el Oaxaca?", "Nos quedan 12"]


@pytest.mark.parametrize(
    ("text", "code"), [("", "message_empty"), ("   ", "message_empty"), ("x" * 5000, "message_too_long")]
)
def test_a_refused_reply_tells_its_draft_why(shop: Shop, desk: Desk, text: str, code: str):
    message = write_in(shop)

    desk.call("reply", {"conversation_id": str(message.conversation_id), "text": text, "draft_id": "draft-0001"})

    assert (desk.state.sent["draft_id"], desk.state.sent["error"]["code"]) == ("draft-0001", code)
    assert conversation(shop, message.conversation_id).waiting_since is not None


NONSENSE: list[Any] = [
    None,
    7,
    "",
    "zzz",
    [],
    {},
    {"conversation_id": 3},
    {"bucket": ["x"], "owner": {}, "tag_ids": "a", "query": 5},
]


def test_a_search_and_an_answer_with_half_a_letter_are_taken(shop: Shop, desk: Desk):
    message = write_in(shop, "Hola")
    desk.call("show_list", {"query": "Ho\x00la"})
    assert [row["id"] for row in desk.state.seed["rows"]] == [str(message.conversation_id)]
    draft = {"conversation_id": str(message.conversation_id), "draft_id": uuid4().hex, "text": "vale \ud83d\x00"}
    desk.call("reply", draft)
    assert desk.state.sent == {"draft_id": draft["draft_id"]}
    desk.call("create_tag", str(message.conversation_id), "rojo\ud800", "c2")
    assert "rojo?" in [tag["name"] for tag in desk.state.people["tags"]]


@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_from_a_client_changes_nothing_and_raises_nothing(shop: Shop, desk: Desk, value: Any):
    message = write_in(shop)
    before = conversation(shop, message.conversation_id)

    for name in ("see", "close", "reopen", "take", "retry", "reply", "show_thread", "poll"):
        desk.call(name, value)
    for name in ("tag", "untag", "assign", "show_typing", "show_older"):
        desk.call(name, value, value)
    desk.call("create_tag", value, value, value)
    desk.call("show_list", value)

    after = conversation(shop, message.conversation_id)
    assert (after.counter, after.state, after.assignee_id) == (before.counter, before.state, None)
    assert desk.state.seed["filter"]["bucket"] == "pending"
    assert len(desk.state.seed["rows"]) == 1


def test_pages_are_handed_over_one_at_a_time(shop: Shop, desk: Desk):
    for n in range(52):
        write_in(shop, f"Hola {n}", who=f"346223334{n:02}")

    desk.call("show_list", {"bucket": "pending", "owner": "unassigned"})
    desk.call("show_more", desk.state.seed["filter"], desk.state.seed["cursor"])

    assert [row["preview"] for row in desk.state.seed["rows"]] == [f"Hola {n}" for n in range(50)]
    assert [row["preview"] for row in desk.state.more["rows"]] == ["Hola 50", "Hola 51"]
    assert desk.state.more["cursor"] is None
    assert desk.state.more["filter"] == desk.state.seed["filter"]
    assert desk.state.more["after"] == desk.state.seed["cursor"]


def test_a_new_tag_is_put_on_and_offered(shop: Shop, desk: Desk):
    message = write_in(shop)

    desk.call("create_tag", str(message.conversation_id), "Regalo", "ok")
    desk.call("show_list", {})

    assert [tag["name"] for tag in desk.state.seed["rows"][0]["tags"]] == ["Regalo"]
    assert "Regalo" in [tag["name"] for tag in desk.state.people["tags"]]


def test_the_poll_tells_where_the_rooms_stand(shop: Shop, desk: Desk):
    message = write_in(shop)
    desk.call("open", path=f"/inbox/{message.conversation_id}")

    with Work(shop.admin) as work:
        service.close(work, message.conversation_id)
    desk.call("poll", str(message.conversation_id))

    room = f"inbox:{shop.company_id}:all"
    assert desk.state.heads["seq"][room] > desk.state.seed["seq"][room]
    assert desk.state.heads["changed_at"] > desk.state.seed["changed_at"]
    assert desk.state.heads["rev"][str(message.conversation_id)] > desk.state.thread["conversation"]["rev"]


def test_a_role_without_conversations_reaches_no_handler(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    message = write_in(shop)
    desk = Desk(shop.marketing, monkeypatch)

    for name, arguments in (("open", []), ("show_list", [{}]), ("close", [str(message.conversation_id)])):
        desk.call(name, *arguments)

    assert (desk.state.seed, desk.rooms) == ({}, set())
    assert conversation(shop, message.conversation_id).state == "open"
