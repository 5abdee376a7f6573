"""Roles, sight, the way out, and the Admin who stays."""

import threading
from typing import Any
from uuid import UUID

import pytest
import redis
from sqlalchemy import select
from sqlmodel import col

from saas_admin.accounts import people, queries
from saas_admin.conversations import service as conversations
from saas_admin.core.actor import Actor
from saas_admin.core.errors import Conflict, Forbidden, Invalid, NotFound
from saas_admin.core.permissions import Role, Sight
from saas_admin.core.work import Work
from saas_admin.models import Activity, Membership
from saas_admin.models.conversation import ActivityKind
from tests.accounts.people import email_of, member_id, membership, post, second_admin, sign_in, trail
from tests.conftest import Engines
from tests.shop import Shop, conversation, open_shop, write_in

pytestmark = pytest.mark.usefixtures("db", "valkey")


@pytest.fixture
def shop() -> Shop:
    return open_shop()


def test_the_list_says_who_is_there_and_what_they_may(shop: Shop):
    token = sign_in(email_of(shop, shop.support))
    seen = queries.find_session(token)
    assert seen is not None
    with Work(shop.admin) as work:
        people.deactivate(work, member_id(shop, shop.marketing))
    with Work(shop.admin) as work:
        listed = people.list_people(work)
    assert [(p.name, p.role, p.sight, p.is_active, p.is_me, p.has_two_factor) for p in listed] == [
        ("Nuria Sanchis", "admin", "all", True, True, False),
        ("Toni Ferrandis", "support", "all", True, False, False),
        ("Aina Pons", "marketing", "all", False, False, False),
    ]
    assert [p.last_seen_at is not None for p in listed] == [False, True, False]
    with Work(shop.support) as work:
        assert [(p.name, p.last_seen_at) for p in people.list_people(work)] == [
            ("Nuria Sanchis", None),
            ("Toni Ferrandis", None),
        ]


def test_a_role_changes_with_its_mail_and_its_line(shop: Shop):
    with Work(shop.admin) as work:
        people.change_role(work, member_id(shop, shop.marketing), "support", "own")
    changed = membership(shop, shop.marketing)
    assert (changed.role, changed.sight) == (Role.SUPPORT, Sight.OWN)
    assert trail(shop) == [
        (
            "member.role_changed",
            "Aina Pons",
            {"role": "marketing", "sight": "all"},
            {"role": "support", "sight": "own"},
        )
    ]
    assert post() == [(email_of(shop, shop.marketing), "Tu rol en Café Alborada ha cambiado")]


def test_sight_is_only_for_roles_that_read_conversations_and_an_admin_sees_all(shop: Shop):
    with Work(shop.admin) as work:
        people.change_sight(work, member_id(shop, shop.support), "unassigned")
    assert membership(shop, shop.support).sight is Sight.UNASSIGNED
    for who in (shop.admin, shop.marketing):
        with pytest.raises(Conflict, match="sight_of_role"), Work(shop.admin) as work:
            people.change_sight(work, member_id(shop, who), "own")
        assert membership(shop, who).sight is Sight.ALL
    with Work(shop.admin) as work:
        people.change_role(work, member_id(shop, shop.support), "admin")
    assert membership(shop, shop.support).sight is Sight.ALL


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [(people.change_role, ("owner",)), (people.change_sight, ("everything",)), (people.change_role, ("support", "x"))],
)
def test_what_is_no_role_and_no_sight_changes_nothing(shop: Shop, verb: Any, arguments: tuple[str, ...]):
    with pytest.raises(Invalid), Work(shop.admin) as work:
        verb(work, member_id(shop, shop.support), *arguments)
    assert membership(shop, shop.support).role is Role.SUPPORT
    assert trail(shop) == []


def test_the_last_admin_keeps_the_role_and_stays(shop: Shop):
    own = member_id(shop, shop.admin)
    with pytest.raises(Conflict, match="last_admin"), Work(shop.admin) as work:
        people.change_role(work, own, "support")
    with pytest.raises(Conflict, match="last_admin"), Work(shop.admin) as work:
        people.leave(work)
    with pytest.raises(Conflict, match="deactivate_yourself"), Work(shop.admin) as work:
        people.deactivate(work, own)
    with pytest.raises(Conflict, match="last_admin"), Work(shop.system) as work:
        people.deactivate(work, own)
    assert (membership(shop, shop.admin).role, membership(shop, shop.admin).deactivated_at) == (Role.ADMIN, None)
    assert trail(shop) == []
    second_admin(shop)
    with Work(shop.admin) as work:
        people.leave(work)
    with Work(shop.system) as work:
        left = work.first(select(Membership).where(col(Membership.user_id) == shop.admin.user_id))
    assert left is not None
    assert left.deactivated_at is not None


@pytest.mark.parametrize("how", ["demote", "leave"])
def test_two_admins_at_once_leave_one(shop: Shop, how: str):
    other = second_admin(shop)
    ids = {shop.admin: member_id(shop, shop.admin), other: member_id(shop, other)}
    start = threading.Barrier(2)
    results: list[str] = []

    def act(me: Actor, them: Actor) -> None:
        start.wait()
        try:
            with Work(me) as work:
                if how == "leave":
                    people.leave(work)
                else:
                    people.change_role(work, ids[them], "marketing")
            results.append("done")
        except Conflict as error:
            results.append(error.code)

    threads = [threading.Thread(target=act, args=pair) for pair in ((shop.admin, other), (other, shop.admin))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["done", "last_admin"]
    with Work(shop.system) as work:
        admins = work.all(
            select(Membership).where(col(Membership.role) == Role.ADMIN, col(Membership.deactivated_at).is_(None))
        )
    assert len(admins) == 1


def test_who_is_deactivated_is_out_and_their_conversations_wait_for_others(shop: Shop, valkey: redis.Redis):
    open_one = write_in(shop, "sigue abierta", who="34600000001").conversation_id
    closed_one = write_in(shop, "ya cerrada", who="34600000002").conversation_id
    with Work(shop.support) as work:
        conversations.take(work, open_one)
        conversations.take(work, closed_one)
        conversations.close(work, closed_one)
    token = sign_in(email_of(shop, shop.support))
    with valkey.pubsub() as heard:
        heard.psubscribe("live:*")
        heard.get_message(timeout=1)
        with Work(shop.admin) as work:
            assert people.deactivate(work, member_id(shop, shop.support)) == 1
        told = [m["channel"] for m in iter(lambda: heard.get_message(timeout=0.3), None)]
    assert conversation(shop, open_one).assignee_id is None
    assert conversation(shop, closed_one).assignee_id == shop.support.user_id
    assert f"live:inbox:{shop.company_id}:u:{shop.support.user_id}" in told
    assert f"live:inbox:{shop.company_id}:none" in told
    with Work(shop.admin) as work:
        lines = work.all(
            select(Activity).where(
                col(Activity.conversation_id) == open_one, col(Activity.kind) == ActivityKind.UNASSIGNED
            )
        )
    assert [line.actor_id for line in lines] == [shop.admin.user_id]
    assert queries.find_session(token) is None
    assert trail(shop)[-1] == ("member.deactivated", "Toni Ferrandis", {"role": "support"}, {"conversations": 1})
    assert post()[0][1] == "Ya no tienes acceso a Café Alborada"

    with Work(shop.admin) as work:
        people.reactivate(work, member_id(shop, shop.support))
    assert queries.find_session(token) is not None
    assert trail(shop)[-1][0] == "member.reactivated"


def test_an_agent_who_sees_only_their_own_can_leave(shop: Shop):
    mine = write_in(shop, "la mía").conversation_id
    with Work(shop.support) as work:
        conversations.take(work, mine)
    with Work(shop.admin) as work:
        people.change_sight(work, member_id(shop, shop.support), "own")
    with Work(Actor(**{**shop.support.__dict__, "sight": Sight.OWN})) as work:
        people.leave(work)
    assert conversation(shop, mine).assignee_id is None
    assert trail(shop)[-1][0] == "member.left"


def test_a_second_factor_is_reset_only_where_it_weakens_nobody_else(shop: Shop, db: Engines):
    def has_factor() -> bool:
        with db.owner() as connection:
            row = connection.execute(
                "SELECT totp_confirmed_at IS NOT NULL FROM user_account WHERE id = %s", (shop.support.user_id,)
            ).fetchone()
        assert row
        return bool(row[0])

    member = member_id(shop, shop.support)
    with pytest.raises(Conflict, match="member_two_factor_off"), Work(shop.admin) as work:
        people.reset_two_factor(work, member)
    token = sign_in(email_of(shop, shop.support))
    with db.owner() as connection:
        connection.execute(
            "UPDATE user_account SET totp_confirmed_at = now(), totp_secret = 'x' WHERE id = %s",
            (shop.support.user_id,),
        )
    other = open_shop("Floristería Azahar", number_id="104857600445566")
    with Work(other.system) as work:
        work.add(Membership(user_id=shop.support.user_id, role=Role.MARKETING))
    with pytest.raises(Conflict, match="member_elsewhere"), Work(shop.admin) as work:
        people.reset_two_factor(work, member)
    assert has_factor()
    assert trail(shop) == []

    with db.owner() as connection:
        connection.execute(
            "DELETE FROM membership WHERE company_id = %s AND user_id = %s", (other.company_id, shop.support.user_id)
        )
    with Work(shop.admin) as work:
        people.reset_two_factor(work, member)
    assert not has_factor()
    assert queries.find_session(token) is None
    assert trail(shop)[-1][:2] == ("member.two_factor_reset", "Toni Ferrandis")
    assert post()[0][1] == "Han quitado tu verificación en dos pasos"


def test_one_login_in_two_companies_switches_and_only_to_its_own(shop: Shop, db: Engines):
    other = open_shop("Floristería Azahar", number_id="104857600445566")
    foreign = open_shop("Bodega Ribera", number_id="104857600445577")
    with Work(other.system) as work:
        work.add(Membership(user_id=shop.support.user_id, role=Role.ADMIN))
    token = sign_in(email_of(shop, shop.support))
    view = queries.find_session(token)
    assert view is not None
    assert (view.company_id, view.role) == (shop.company_id, Role.SUPPORT)
    with Work(view.actor()) as work:
        choices = people.list_companies(work)
        people.switch_company(work, other.company_id)
    assert [(c.name, c.role, c.is_here) for c in choices] == [
        ("Café Alborada", "support", True),
        ("Floristería Azahar", "admin", False),
    ]
    view = queries.find_session(token)
    assert view is not None
    assert (view.company_id, view.role, view.company_name) == (other.company_id, Role.ADMIN, "Floristería Azahar")
    with pytest.raises(NotFound), Work(view.actor()) as work:
        people.switch_company(work, foreign.company_id)
    again = queries.find_session(token)
    assert again is not None
    assert again.company_id == other.company_id


def test_availability_is_ones_own_and_of_one_company(shop: Shop):
    with Work(shop.support) as work:
        people.choose_availability(work, "away")
    assert membership(shop, shop.support).availability == "away"
    assert membership(shop, shop.admin).availability == "available"
    with pytest.raises(Invalid), Work(shop.support) as work:
        people.choose_availability(work, "on the moon")


@pytest.mark.parametrize("role", ["support", "marketing"])
def test_only_an_admin_manages_people(shop: Shop, role: str):
    me: Actor = getattr(shop, role)
    target: UUID = member_id(shop, shop.admin)
    calls: list[tuple[Any, tuple[Any, ...]]] = [
        (people.change_role, (target, "support")),
        (people.change_sight, (target, "own")),
        (people.deactivate, (target,)),
        (people.reactivate, (target,)),
        (people.reset_two_factor, (target,)),
    ]
    for verb, arguments in calls:
        with pytest.raises(Forbidden), Work(me) as work:
            verb(work, *arguments)
    assert membership(shop, shop.admin).role is Role.ADMIN
    assert trail(shop) == []
