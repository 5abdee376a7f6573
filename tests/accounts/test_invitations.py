"""From the Admin's list of addresses to somebody at work, and every way a link can be no good."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col
from starlette.applications import Starlette
from starlette.testclient import TestClient

from saas_admin.accounts import invitations, mails, people, queries
from saas_admin.core import clock
from saas_admin.core.errors import Conflict, Forbidden, Invalid
from saas_admin.core.permissions import Role, Sight
from saas_admin.core.work import Work
from saas_admin.models import Membership
from saas_admin.web.api import ROUTES
from tests.accounts.people import email_of, invitation_token, member_id, post, sign_in, trail
from tests.conftest import Engines
from tests.shop import PASSWORD, Shop, open_shop

NEW = {"name": "Carla Muñoz", "password": "tres palabras sueltas"}


@pytest.fixture
def shop(db: Engines, valkey: object) -> Shop:
    del db, valkey
    return open_shop(email="nuria@alborada.example")


@pytest.fixture
def browser(shop: Shop) -> Iterator[TestClient]:
    del shop
    origin = {"origin": "http://localhost:8080"}
    with TestClient(Starlette(routes=list(ROUTES)), base_url="http://localhost:8080", headers=origin) as client:
        yield client


def invite(shop: Shop, emails: str = "carla@alborada.example", role: str = "support", sight: str = "all") -> str:
    with Work(shop.admin) as work:
        invitations.invite(work, emails, role, sight)
    return invitation_token()


def pending(shop: Shop) -> list[invitations.InvitationView]:
    with Work(shop.admin) as work:
        return invitations.list_pending(work)


def offer(browser: TestClient, token: str) -> dict[str, Any]:
    return browser.post("/auth/invitation", json={"token": token}).json()


def accept(browser: TestClient, token: str, **form: Any) -> Any:
    return browser.post("/auth/invitation/accept", json={"token": token, **form})


def test_several_addresses_at_once_each_with_its_mail(shop: Shop):
    with Work(shop.admin) as work:
        sent = invitations.invite(work, "a@x.example, B@x.example\n a@X.example ; c@x.example", "support", "own")
    assert sent == ["a@x.example", "B@x.example", "c@x.example"]
    assert sorted((i.email, i.role, i.sight, i.invited_by) for i in pending(shop)) == [
        ("B@x.example", "support", "own", "Nuria Sanchis"),
        ("a@x.example", "support", "own", "Nuria Sanchis"),
        ("c@x.example", "support", "own", "Nuria Sanchis"),
    ]
    assert sorted(post()) == [(email, "Nuria Sanchis te invita a Café Alborada") for email in sorted(sent)]
    assert "Tu rol será Atención." in mails.list_outbox()[0].text
    assert [line[:2] for line in trail(shop)] == [("invitation.sent", email) for email in sent]


@pytest.mark.parametrize(
    ("emails", "code"),
    [
        ("", "emails_none"),
        ("bien@x.example, mal", "emails_format"),
        (",".join(f"p{n}@x.example" for n in range(21)), "emails_many"),
        ("nuria@alborada.example", "already_member"),
    ],
)
def test_one_wrong_address_and_nothing_is_sent(shop: Shop, emails: str, code: str):
    with pytest.raises(Invalid) as refused, Work(shop.admin) as work:
        invitations.invite(work, emails, "support")
    assert refused.value.fields == {"emails": code}
    assert (pending(shop), post(), trail(shop)) == ([], [], [])


def test_a_new_address_makes_a_login_and_is_in(shop: Shop, browser: TestClient):
    token = invite(shop, sight="unassigned")
    assert offer(browser, token) == {
        "state": "open",
        "company": "Café Alborada",
        "company_id": str(shop.company_id),
        "logo_id": "",
        "email": "carla@alborada.example",
        "role": "support",
        "inviter": "Nuria Sanchis",
        "has_login": False,
        "is_me": False,
        "signed_in_as": "",
    }
    bad = accept(browser, token, name="", password="corta", lang="es")
    assert bad.status_code == 422
    assert set(bad.json()["error"]["fields"]) == {"name", "password"}
    assert "sid" not in browser.cookies

    answer = accept(browser, token, **NEW, lang="en")

    assert answer.json() == {"next": "/"}
    view = queries.find_session(browser.cookies["sid"])
    assert view is not None
    assert (view.name, view.company_id, view.role, view.sight, view.email_confirmed, view.lang) == (
        "Carla Muñoz",
        shop.company_id,
        Role.SUPPORT,
        Sight.UNASSIGNED,
        True,
        "en",
    )
    assert pending(shop) == []
    assert trail(shop)[-1] == ("member.joined", "Carla Muñoz", {}, {"role": "support", "sight": "unassigned"})
    assert post()[0] == ("nuria@alborada.example", "Carla Muñoz ya está en Café Alborada")
    browser.cookies.clear()
    assert offer(browser, token)["state"] == "member"
    assert accept(browser, token, **NEW).status_code in (409, 422)


def test_a_login_joins_with_its_password_and_with_one_button_when_signed_in(shop: Shop, browser: TestClient):
    other = open_shop("Floristería Azahar", number_id="104857600445566", email="flor@azahar.example")
    token = invite(shop, "flor@azahar.example", "marketing")
    assert offer(browser, token)["has_login"] is True
    assert accept(browser, token, password="no es esta").json()["error"]["fields"] == {
        "password": "La contraseña no es correcta."
    }
    assert pending(shop) != []

    browser.cookies.set("sid", sign_in("flor@azahar.example"))
    assert offer(browser, token)["is_me"] is True
    assert accept(browser, token).json() == {"next": "/"}
    view = queries.find_session(browser.cookies["sid"])
    assert view is not None
    assert (view.company_id, view.role, view.user_id) == (shop.company_id, Role.MARKETING, other.admin.user_id)

    third = open_shop("Bodega Ribera", number_id="104857600445577", email="lola@ribera.example")
    token = invite(third, "flor@azahar.example")
    browser.cookies.clear()
    assert accept(browser, token, password=PASSWORD).json()["next"] == "/"
    view = queries.find_session(browser.cookies["sid"])
    assert view is not None
    assert view.company_id == third.company_id


def test_with_a_second_factor_the_password_joins_and_opens_nothing(shop: Shop, browser: TestClient, db: Engines):
    open_shop("Floristería Azahar", number_id="104857600445566", email="flor@azahar.example")
    with db.owner() as connection:
        connection.execute("UPDATE user_account SET totp_confirmed_at = now() WHERE email = 'flor@azahar.example'")
    token = invite(shop, "flor@azahar.example")

    assert accept(browser, token, password=PASSWORD).json() == {"next": "/sign-in-code"}
    assert "sid" not in browser.cookies
    assert pending(shop) == []


def test_signed_in_as_somebody_else_joins_nobody(shop: Shop, browser: TestClient):
    token = invite(shop)
    browser.cookies.set("sid", sign_in("nuria@alborada.example"))
    seen = offer(browser, token)
    assert (seen["state"], seen["signed_in_as"], seen["is_me"]) == ("open", "nuria@alborada.example", False)
    refused = accept(browser, token, **NEW)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "invitation_of_another")
    assert [i.email for i in pending(shop)] == ["carla@alborada.example"]


def test_a_resent_link_kills_the_old_one_and_a_cancelled_one_is_dead(shop: Shop, browser: TestClient):
    old = invite(shop)
    invitation = UUID(pending(shop)[0].id)
    with Work(shop.admin) as work:
        assert invitations.resend(work, invitation) == "carla@alborada.example"
    fresh = invitation_token()
    assert (offer(browser, old)["state"], offer(browser, fresh)["state"]) == ("unknown", "open")
    assert accept(browser, old, **NEW).json()["error"]["code"] == "invitation_unknown"
    with Work(shop.admin) as work:
        invitations.cancel(work, invitation)
    assert offer(browser, fresh)["state"] == "cancelled"
    assert accept(browser, fresh, **NEW).json()["error"]["code"] == "invitation_cancelled"
    with pytest.raises(Conflict, match="invitation_cancelled"), Work(shop.admin) as work:
        invitations.resend(work, invitation)
    assert [line[0] for line in trail(shop)] == ["invitation.sent", "invitation.resent", "invitation.cancelled"]
    assert "sid" not in browser.cookies


def test_after_seven_days_a_link_is_over_until_it_is_sent_again(
    shop: Shop, browser: TestClient, monkeypatch: pytest.MonkeyPatch
):
    token = invite(shop)
    later = clock.now() + timedelta(days=7, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert offer(browser, token)["state"] == "expired"
    assert accept(browser, token, **NEW).json()["error"]["code"] == "invitation_expired"
    assert [i.is_expired for i in pending(shop)] == [True]
    again = invite(shop)
    assert len(pending(shop)) == 1
    assert offer(browser, again)["state"] == "open"


def test_somebody_deactivated_comes_back_by_invitation_as_the_same_person(shop: Shop, browser: TestClient):
    email = email_of(shop, shop.support)
    with Work(shop.admin) as work:
        people.deactivate(work, member_id(shop, shop.support))
    token = invite(shop, email, "marketing")
    assert accept(browser, token, password=PASSWORD).json()["next"] == "/"
    view = queries.find_session(browser.cookies["sid"])
    assert view is not None
    assert (view.user_id, view.role, view.company_id) == (shop.support.user_id, Role.MARKETING, shop.company_id)
    with Work(shop.system) as work:
        assert len(work.all(select(Membership).where(col(Membership.user_id) == shop.support.user_id))) == 1


def test_a_token_is_stored_only_as_its_hash(shop: Shop, db: Engines):
    token = invite(shop)
    with db.owner() as connection:
        dump = connection.execute("SELECT string_agg(i::text, ' ') FROM invitation i").fetchone()
        mail = connection.execute("SELECT string_agg(encode(body, 'escape'), ' ') FROM outbound_mail").fetchone()
    assert token not in str(dump)
    assert token not in str(mail)


def test_who_guesses_links_or_accepts_too_often_waits(browser: TestClient):
    codes = [accept(browser, f"guess-{n}", **NEW).status_code for n in range(22)]
    assert codes == [422] * 20 + [429] * 2


@pytest.mark.parametrize("role", ["support", "marketing"])
def test_only_an_admin_invites(shop: Shop, role: str):
    invite(shop)
    before = len(post())
    found = UUID(pending(shop)[0].id)
    calls: list[tuple[Any, tuple[Any, ...]]] = [
        (invitations.invite, ("x@x.example", "admin")),
        (invitations.resend, (found,)),
        (invitations.cancel, (found,)),
        (invitations.list_pending, ()),
    ]
    for verb, arguments in calls:
        with pytest.raises(Forbidden), Work(getattr(shop, role)) as work:
            verb(work, *arguments)
    assert (len(pending(shop)), len(post())) == (1, before)


def test_guesses_at_an_invitation_count_as_guesses_at_sign_in(shop: Shop, browser: TestClient):
    other = open_shop("Floristería Azahar", number_id="104857600445566")
    email = email_of(other, other.support)
    token = invite(shop, email)
    for n in range(10):
        wrong = accept(browser, token, password=f"guess {n}").json()["error"]["fields"]
        assert wrong == {"password": "La contraseña no es correcta."}
    refused = browser.post("/auth/sign-in", json={"email": email, "password": PASSWORD, "keep": False, "lang": "es"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "throttled")
    assert "Alguien intenta entrar en tu cuenta" in [m.subject for m in mails.list_outbox() if m.recipient == email]
