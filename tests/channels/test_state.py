"""The handlers behind the channels pages, called as a browser's socket calls them: by name, with whatever a client sends."""

import asyncio
import json
from typing import Any

import pytest
import reflex as rx

from saas_admin.accounts.queries import SessionView
from saas_admin.adapters.channels.base import Failure, FailureCode
from saas_admin.channels import exchanges, health, queries, service
from saas_admin.channels.state import (
    ChannelKeysState,
    ChannelLogState,
    ChannelsState,
    ChannelState,
    ChannelTemplatesState,
    common,
    one,
)
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.models import Channel
from saas_admin.ui import base_state
from saas_admin.ui.base_state import SessionState
from tests.shop import APP_SECRET, Shop, add_template, open_shop, session_of

pytestmark = pytest.mark.usefixtures("db", "valkey")

STRANGE: list[Any] = ["", "nope", None, 7, {"a": 1}, ["x"], "01890000-0000-7000-8000-00000000dead", "' or 1=1 --"]


class Desk:
    """One browser tab of a person."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        make: Any = rx.State
        self.root = make(_reflex_internal_init=True)
        self._patch = monkeypatch

    def sit(self, actor: Actor) -> "Desk":
        view = session_of(actor)

        async def identity(_cookie: str) -> SessionView:
            return view

        self._patch.setattr(base_state, "find_identity", identity)
        return self

    def of(self, state: Any) -> Any:
        return self.root.get_substate(state.get_full_name().split("."))

    def call(self, state: Any, name: str, *arguments: Any, path: str = "/channels") -> Any:
        visit = {"pathname": path, "asPath": path, "sid": "socket-1", "query": {}, "headers": {}}
        self.root._update_router_vars(visit, {})
        return asyncio.run(state.event_handlers[name].fn(self.of(state), *arguments))

    @property
    def notice(self) -> dict[str, Any]:
        return self.of(SessionState).notice


@pytest.fixture
def shop() -> Shop:
    return open_shop()


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def states_of(shop: Shop) -> dict[str, str]:
    with Work(shop.admin) as work:
        return {row.id: row.state for row in queries.list_channels(work)}


def test_the_list_says_how_things_stand(shop: Shop, desk: Desk) -> None:
    desk.sit(shop.support).call(ChannelsState, "load")

    state = desk.of(ChannelsState)
    assert [row["name"] for row in state.rows] == ["WhatsApp de la tienda", "Chat web"]
    assert (state.count, state.working, state.incoming, state.outgoing) == (2, 2, 0, 0)
    assert len(state.rows[0]["pulse"]) == 24


def test_pausing_can_be_undone_from_the_toast(shop: Shop, desk: Desk) -> None:
    desk.sit(shop.admin).call(ChannelsState, "pause", str(shop.webchat_id))
    assert states_of(shop)[str(shop.webchat_id)] == "disabled"
    assert desk.notice["key"] == "channels.pause.done"
    assert desk.notice["can_undo"] is True

    desk.call(SessionState, "undo", desk.notice["id"])

    assert states_of(shop)[str(shop.webchat_id)] == "connected"
    desk.call(SessionState, "undo", desk.notice["id"])
    assert states_of(shop)[str(shop.webchat_id)] == "connected"


def test_only_who_manages_channels_may_touch_them(shop: Shop, desk: Desk) -> None:
    before = states_of(shop)

    for name in ("pause", "resume", "remove"):
        answer = desk.sit(shop.support).call(ChannelsState, name, str(shop.webchat_id))
        assert answer is SessionState.say_forbidden

    assert states_of(shop) == before


def test_a_page_that_is_not_for_a_role_says_so_itself_and_no_toast_repeats_it(shop: Shop, desk: Desk) -> None:
    assert desk.sit(shop.support).call(ChannelState, "start") is None


def test_another_company_s_channel_is_not_found_and_stays_as_it_is(shop: Shop, desk: Desk) -> None:
    other = open_shop("Librería del Mar", "104857600112299")
    desk.sit(shop.admin)

    for state in (ChannelsState, ChannelState):
        for name in ("pause", "resume", "remove"):
            desk.call(state, name, str(other.webchat_id))
            assert desk.notice["key"] == "errors.not_found"
    desk.call(ChannelState, "load", path=f"/channels/{other.webchat_id}")

    assert desk.of(ChannelState).is_missing is True
    assert desk.of(ChannelState).channel == {}
    assert set(states_of(other).values()) == {"connected"}


@pytest.mark.parametrize("value", STRANGE, ids=repr)
def test_whatever_a_client_sends_as_an_id_does_no_harm(shop: Shop, desk: Desk, value: Any) -> None:
    desk.sit(shop.admin)

    for name in ("pause", "resume", "remove"):
        desk.call(ChannelsState, name, value)
    desk.call(ChannelState, "load", path=f"/channels/{value}")

    assert set(states_of(shop).values()) == {"connected"}
    assert desk.of(ChannelState).is_found is False


def test_one_channel_shows_its_webhook_but_never_its_secrets(shop: Shop, desk: Desk) -> None:
    desk.sit(shop.admin).call(ChannelState, "load", path=f"/channels/{shop.whatsapp_id}/")

    state = desk.of(ChannelState)
    assert state.values["name"] == "WhatsApp de la tienda"
    assert state.values["phone_number_id"] == shop.number_id
    assert state.webhook_url.endswith(f"/webhooks/whatsapp_cloud/{shop.whatsapp_public_id}")
    assert state.verify_token == "canela-en-rama"
    assert state.secrets_set == ["access_token", "app_secret", "verify_token"]
    seen = json.dumps(desk.root.dict(), default=str)
    assert APP_SECRET not in seen
    assert "EAAtestaccesstoken" not in seen


def test_a_reader_does_not_see_the_verify_token(shop: Shop, desk: Desk) -> None:
    desk.sit(shop.support).call(ChannelState, "load", path=f"/channels/{shop.whatsapp_id}")

    assert desk.of(ChannelState).is_found is True
    assert desk.of(ChannelState).verify_token == ""


def test_removing_keeps_the_toast_honest(shop: Shop, desk: Desk) -> None:
    desk.sit(shop.admin).call(ChannelsState, "remove", str(shop.webchat_id))

    assert desk.notice["key"] == "channels.remove.done"
    assert desk.notice["params"] == {"name": "Chat web"}
    assert desk.notice["can_undo"] is False
    assert str(shop.webchat_id) not in states_of(shop)


@pytest.mark.parametrize("form", [None, "x", 7, ["a"]], ids=repr)
def test_a_form_that_is_none_is_refused_before_anybody_is_asked(form: Any) -> None:
    checked, error = asyncio.run(common.check("webchat", form))

    assert checked is None
    assert error is not None
    assert asyncio.run(common.check("carrier_pigeon", {}))[0] is None


def test_each_wrong_field_has_its_own_code() -> None:
    values = {"name": "", "title": "", "color": "red", "domains": "no es un dominio!", "position": "top"}
    checked, error = asyncio.run(common.check("webchat", values))

    assert checked is None
    assert error is not None
    assert error.fields == {
        "name": "name_length",
        "title": "required",
        "color": "format_color",
        "domains": "domains",
        "position": "format_position",
    }


def in_attention(shop: Shop) -> None:
    for _ in range(2):
        with Work(shop.system) as work:
            channel = work.get(Channel, shop.whatsapp_id, lock=True)
            health.note_failure(work, channel, Failure(FailureCode.UNAUTHORISED, "190", "expired"))


def test_trouble_is_told_to_whoever_answers_customers_and_to_nobody_else(shop: Shop, desk: Desk) -> None:
    in_attention(shop)
    answer = desk.sit(shop.marketing).call(SessionState, "look_for_trouble")
    assert answer is SessionState.say_forbidden
    assert desk.of(SessionState).troubles == []

    desk.sit(shop.support).call(SessionState, "look_for_trouble")
    (trouble,) = desk.of(SessionState).troubles
    assert (trouble["id"], trouble["name"], trouble["provider"]) == (
        str(shop.whatsapp_id),
        "WhatsApp de la tienda",
        "Meta",
    )

    with Work(shop.admin) as work:
        service.disable(work, shop.whatsapp_id)
    desk.call(SessionState, "look_for_trouble")
    assert desk.of(SessionState).troubles == []


def test_the_log_is_read_by_every_role_and_paged(shop: Shop, desk: Desk) -> None:
    with Work(shop.system) as work:
        for index in range(60):
            failure = Failure(FailureCode.THROTTLED, "429") if index < 3 else None
            exchanges.note(work, shop.whatsapp_id, "send", failure, milliseconds=index)
    here = f"/channels/{shop.whatsapp_id}/log"
    desk.sit(shop.marketing).call(ChannelLogState, "load", path=here)
    state = desk.of(ChannelLogState)
    assert (len(state.rows), bool(state.next), state.is_loaded) == (50, True, True)

    desk.call(ChannelLogState, "more", path=here)
    assert (len(state.rows), state.next) == (60, "")

    desk.call(ChannelLogState, "choose", True, path=here)
    assert [row["is_ok"] for row in state.rows] == [False] * 3
    desk.call(ChannelLogState, "choose", "nonsense", path=here)
    assert len(state.rows) == 50


def test_templates_of_a_channel_and_of_one_that_has_none(shop: Shop, desk: Desk) -> None:
    with Work(shop.system) as work:
        add_template(work, shop.whatsapp_id)
    desk.sit(shop.support).call(ChannelTemplatesState, "load", path=f"/channels/{shop.whatsapp_id}/templates")
    state = desk.of(ChannelTemplatesState)
    assert (len(state.rows), state.is_loaded, state.is_missing) == (1, True, False)

    desk.call(ChannelTemplatesState, "load", path=f"/channels/{shop.webchat_id}/templates")
    assert (state.rows, state.is_loaded, state.is_missing) == ([], False, True)


def test_the_parts_of_another_company_s_channel_stay_empty(shop: Shop, desk: Desk) -> None:
    other = open_shop("Librería del Mar", "104857600112299")
    with Work(other.system) as work:
        add_template(work, other.whatsapp_id)
        exchanges.note(work, other.whatsapp_id, "send")
    desk.sit(shop.admin)

    desk.call(ChannelLogState, "load", path=f"/channels/{other.whatsapp_id}/log")
    desk.call(ChannelTemplatesState, "load", path=f"/channels/{other.whatsapp_id}/templates")
    desk.call(ChannelKeysState, "open_dialog", path=f"/channels/{other.whatsapp_id}")
    desk.call(ChannelKeysState, "retry_refused", path=f"/channels/{other.whatsapp_id}")

    assert (desk.of(ChannelLogState).rows, desk.of(ChannelTemplatesState).rows) == ([], [])
    assert desk.of(ChannelKeysState).target == {}
    assert desk.notice["key"] == "errors.not_found"


def test_a_dialog_knows_whom_a_test_would_go_to(shop: Shop, desk: Desk) -> None:
    desk.sit(shop.admin).call(ChannelKeysState, "open_dialog", path=f"/channels/{shop.whatsapp_id}")
    assert desk.of(ChannelKeysState).target == {"by_number": True, "name": ""}

    desk.call(ChannelKeysState, "open_dialog", path=f"/channels/{shop.webchat_id}")
    assert desk.of(ChannelKeysState).target == {"by_number": False, "name": ""}


def test_a_settings_form_cannot_carry_keys_in() -> None:
    form = {"name": "Mío", "waba_id": "1", "access_token": "EAAother", "app_secret": "x", "verify_token": "y"}
    assert one._without_secrets("whatsapp_cloud", form) == {"name": "Mío", "waba_id": "1"}


@pytest.mark.parametrize(
    ("path", "kind"), [("telegram", "telegram"), ("carrier_pigeon", ""), ("whatsapp_cloud/", "whatsapp_cloud")]
)
def test_the_wizard_knows_the_kinds_there_are(shop: Shop, desk: Desk, path: str, kind: str) -> None:
    desk.sit(shop.admin).call(ChannelState, "start", path=f"/channels/new/{path}")

    assert (desk.of(ChannelState).kind, desk.of(ChannelState).is_missing) == (kind, not kind)
