"""The handlers behind the settings, called as a browser's socket calls them: by name, with whatever a client sends."""

from typing import Any

import pytest

from saas_admin.accounts import company, invitations, people
from saas_admin.core.i18n import LANGS, catalogue
from saas_admin.core.permissions import ROLE_PERMISSIONS, Permission, Role
from saas_admin.core.work import Work
from saas_admin.settings.components import permission_table
from saas_admin.settings.state import AuditState, CompanyState, PeopleState, SecurityState
from saas_admin.ui.base_state import SessionState
from tests.accounts.people import member_id, membership, post, trail
from tests.channels.test_state import Desk
from tests.shop import PASSWORD, Shop, open_shop

pytestmark = pytest.mark.usefixtures("db", "valkey")
STRANGE: list[Any] = ["", "nope", None, 7, {"a": 1}, ["x"], "01890000-0000-7000-8000-00000000dead", "' or 1=1 --"]
STATES = (CompanyState, PeopleState, SecurityState, AuditState)


@pytest.fixture
def shop() -> Shop:
    return open_shop()


@pytest.fixture
def desk(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch).sit(shop.admin)


def test_the_form_shows_its_problem_beside_the_field_and_then_saves(shop: Shop, desk: Desk):
    desk.call(CompanyState, "load")
    state = desk.of(CompanyState)
    assert (state.is_loaded, state.company["name"]) == (True, "Café Alborada")
    form = {"name": "x", "locale": "es-ES", "time_zone": "Europe/Madrid", "currency": "EUR"}
    desk.call(CompanyState, "save", form)
    assert (state.errors, state.problem, state.done) == ({"name": "company_length"}, "", 0)
    desk.call(CompanyState, "save", {**form, "name": "Café Alborada y Tostadero"})
    assert (state.errors, state.done, state.company["name"]) == ({}, 1, "Café Alborada y Tostadero")
    assert desk.notice["key"] == "settings.saved"


def test_invite_resend_and_cancel(shop: Shop, desk: Desk):
    desk.call(PeopleState, "load")
    state = desk.of(PeopleState)
    desk.call(PeopleState, "invite", {"emails": "mal", "role": "support", "sight": "all"})
    assert (state.errors, state.params) == ({"emails": "emails_format"}, {"which": "mal"})
    desk.call(PeopleState, "invite", {"emails": "a@x.example,b@x.example", "role": "support", "sight": "own"})
    assert (state.errors, state.done, len(state.invitations)) == ({}, 1, 2)
    assert (desk.notice["key"], desk.notice["params"]) == ("settings.people.invited", {"n": 2})
    first = state.invitations[0]
    desk.call(PeopleState, "resend", first["id"])
    assert desk.notice["params"] == {"email": first["email"]}
    desk.call(PeopleState, "cancel", first["id"])
    assert [each["email"] for each in state.invitations] == [state.invitations[0]["email"]]
    assert len(post()) == 3


def test_too_many_invitations_from_one_place_wait(shop: Shop, desk: Desk):
    for n in range(21):
        desk.call(PeopleState, "invite", {"emails": f"p{n}@x.example", "role": "support", "sight": "all"})
    assert desk.of(PeopleState).problem == "throttled"
    with Work(shop.admin) as work:
        assert len(invitations.list_pending(work)) == 20


def test_deactivate_with_the_way_back_in_the_toast(shop: Shop, desk: Desk):
    desk.call(PeopleState, "load")
    target = str(member_id(shop, shop.support))
    desk.call(PeopleState, "deactivate", target)
    notice = desk.notice
    assert (notice["key"], notice["can_undo"]) == ("settings.people.deactivated", True)
    assert membership(shop, shop.support).deactivated_at is not None
    desk.call(SessionState, "undo", notice["id"])
    assert membership(shop, shop.support).deactivated_at is None


def test_the_rule_and_its_reminders(shop: Shop, desk: Desk):
    desk.call(SecurityState, "load")
    desk.call(SecurityState, "save", {"roles": ["support"], "days": 3})
    state = desk.of(SecurityState)
    assert (state.rule["roles"], state.rule["days"], list(state.rule["since"])) == (["support"], 3, ["support"])
    desk.call(SecurityState, "remind", "")
    assert (desk.notice["key"], desk.notice["params"]) == ("settings.security.reminded", {"n": 1})


def test_the_log_by_pages_and_filters(shop: Shop, desk: Desk):
    desk.call(AuditState, "load")
    state = desk.of(AuditState)
    assert [row["action"] for row in state.rows] == ["channel.created"] * 2
    desk.call(AuditState, "narrow", {"query": "telegrama"})
    assert (state.rows, state.is_loaded) == ([], True)
    desk.call(AuditState, "narrow", {"since": "ayer"})
    assert state.errors == {"since": "date"}


def test_deletion_by_form_and_back(shop: Shop, desk: Desk):
    desk.call(CompanyState, "ask_deletion", {"name": "Café", "password": "x"})
    state = desk.of(CompanyState)
    assert state.errors == {"name": "company_name_differs", "password": "wrong_password"}
    desk.call(CompanyState, "ask_deletion", {"name": "Café Alborada", "password": PASSWORD})
    assert state.company["delete_after"]
    desk.call(SessionState, "cancel_deletion")
    with Work(shop.admin) as work:
        assert company.find_company(work).delete_after is None


def test_the_switch_of_availability(shop: Shop, desk: Desk):
    desk.call(SessionState, "choose_availability", "away")
    assert membership(shop, shop.admin).availability == "away"


@pytest.mark.parametrize("role", ["support", "marketing"])
def test_a_lower_role_is_refused_by_every_handler_that_changes(shop: Shop, monkeypatch: pytest.MonkeyPatch, role: str):
    target = str(member_id(shop, shop.admin))
    desk = Desk(monkeypatch).sit(getattr(shop, role))
    allowed = {"load", "leave", "setvar"}
    for state in STATES:
        for name in [n for n in state.event_handlers if n in vars(state) and n not in allowed]:
            takes = 0 if name in ("more", "remove_logo", "logo_changed", "cancel_deletion") else 1
            desk.call(state, name, *([target] if takes else []))
    assert (trail(shop), post()) == ([], [])
    for state in (SecurityState, AuditState):
        desk.call(state, "load")
        assert desk.of(state).is_loaded is False
    desk.call(PeopleState, "load")
    assert desk.of(PeopleState).invitations == []
    assert [p["last_seen_at"] for p in desk.of(PeopleState).people] == [None] * 3


@pytest.mark.parametrize("strange", STRANGE, ids=str)
def test_strange_arguments_change_nothing_and_never_crash(shop: Shop, desk: Desk, strange: Any):
    desk.call(PeopleState, "load")
    for name in ("resend", "cancel", "deactivate", "reactivate", "reset_two_factor"):
        desk.call(PeopleState, name, strange)
    desk.call(PeopleState, "change_role", {"id": strange, "role": strange, "sight": strange})
    desk.call(PeopleState, "invite", {"emails": strange, "role": strange, "sight": strange})
    desk.call(CompanyState, "save_hours", {"hours": strange, "holidays": strange})
    desk.call(SecurityState, "save", {"roles": strange, "days": strange})
    desk.call(AuditState, "narrow", strange)
    assert (trail(shop), post()) == ([], [])
    with Work(shop.admin) as work:
        assert [p.is_active for p in people.list_people(work)] == [True] * 3


def test_the_table_shown_is_the_table_enforced():
    shown = {
        permission["key"]: set(permission["roles"])
        for group in permission_table()
        for permission in group["permissions"]
    }
    assert shown == {
        permission.value.replace(":", "."): {role.value for role in Role if permission in ROLE_PERMISSIONS[role]}
        for permission in Permission
    }
    for lang in LANGS:
        words = catalogue(lang)
        assert [key for key in shown if f"settings.permission.{key}" not in words] == []
        assert [g["group"] for g in permission_table() if f"settings.group.{g['group']}" not in words] == []
