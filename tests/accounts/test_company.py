"""The company's own settings, its rule about second factors, and asking for its end."""

import io
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from saas_admin.accounts import company, lockout, mails, queries
from saas_admin.core import clock, pictures
from saas_admin.core.actor import Actor
from saas_admin.core.errors import Conflict, Forbidden, Invalid, Throttled
from saas_admin.core.work import Work
from tests.accounts.people import email_of, member_id, post, second_admin, sign_in, trail
from tests.conftest import Engines
from tests.shop import PASSWORD, Shop, open_shop

pytestmark = pytest.mark.usefixtures("db", "valkey")
FORM = {"name": "Café Alborada", "locale": "es-MX", "time_zone": "America/Mexico_City", "currency": "MXN"}


@pytest.fixture
def shop() -> Shop:
    return open_shop()


def seen(shop: Shop) -> company.CompanyView:
    with Work(shop.admin) as work:
        return company.find_company(work)


def png(width: int = 400, height: int = 300) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#0e5f63").save(out, "PNG")
    return out.getvalue()


def test_name_format_zone_and_currency(shop: Shop):
    with Work(shop.admin) as work:
        company.edit(work, **FORM)
    now = seen(shop)
    assert (now.name, now.locale, now.time_zone, now.currency) == tuple(FORM.values())
    assert trail(shop) == [
        (
            "company.changed",
            "Café Alborada",
            {"locale": "es-ES", "time_zone": "Europe/Madrid", "currency": "EUR"},
            {"locale": "es-MX", "time_zone": "America/Mexico_City", "currency": "MXN"},
        )
    ]
    with Work(shop.admin) as work:
        company.edit(work, **FORM)
    assert len(trail(shop)) == 1


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "x", "company_length"),
        ("locale", "xx-XX", "locale"),
        ("time_zone", "Mars/Olympus", "time_zone"),
        ("currency", "PTS", "currency"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_changes(shop: Shop, field: str, value: str, code: str):
    before = seen(shop)
    with pytest.raises(Invalid) as refused, Work(shop.admin) as work:
        company.edit(work, **{**FORM, field: value})
    assert refused.value.fields == {field: code}
    assert {**seen(shop).__dict__, "next_opening": ""} == {**before.__dict__, "next_opening": ""}
    assert trail(shop) == []


def test_the_logo_is_squared_shown_in_mails_and_the_former_file_goes(shop: Shop):
    with Work(shop.admin) as work:
        first = company.change_logo(work, png())
    assert seen(shop).logo_id == first
    path = pictures.path_of(UUID(first))
    assert path.exists()
    with Work(shop.admin) as work:
        company.ask_deletion(work, "Café Alborada", PASSWORD)
    assert f"http://localhost:8080/pictures/{first}.png" in mails.list_outbox()[0].html
    with Work(shop.admin) as work:
        company.change_logo(work, png(10, 10))
    assert not path.exists()
    with Work(shop.admin) as work:
        company.remove_logo(work)
    assert seen(shop).logo_id is None
    with pytest.raises(Invalid, match="picture_kind"), Work(shop.admin) as work:
        company.change_logo(work, b"<svg onload=alert(1)></svg>")
    assert [line[0] for line in trail(shop)].count("company.logo_changed") == 3


def test_hours_decide_what_the_widget_says(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monday = {"mon": [["09:30", "14:00"]]}
    with Work(shop.admin) as work:
        company.edit_hours(work, monday, [{"date": "2026-12-25", "name": "Navidad"}])
    moment = datetime.fromisoformat("2026-11-30T08:00:00+00:00")
    monkeypatch.setattr(clock, "now", lambda: moment)
    with Work(shop.system) as work:
        opening = company.find_opening(work)
    assert (opening.is_open, opening.next_opening) == (False, moment + timedelta(minutes=30))
    assert seen(shop).next_opening == "2026-11-30T08:30:00.000000Z"
    with pytest.raises(Invalid) as refused, Work(shop.admin) as work:
        company.edit_hours(work, {"mon": [["14:00", "09:30"]]}, [])
    assert refused.value.fields == {"mon": "hours_order"}
    assert seen(shop).hours["mon"] == [["09:30", "14:00"]]


def test_a_role_must_have_a_second_factor_after_its_grace(shop: Shop):
    token = sign_in(email_of(shop, shop.support))
    with Work(shop.admin) as work:
        company.edit_two_factor(work, ["admin", "support"], 3)
    view = queries.find_session(token)
    assert view is not None
    assert view.two_factor_due is not None
    assert timedelta(days=2, hours=23) < view.two_factor_due - clock.now() <= timedelta(days=3)
    since = seen(shop).two_factor
    with Work(shop.admin) as work:
        company.edit_two_factor(work, ["admin", "support", "marketing"], 0)
    assert {role: seen(shop).two_factor[role] for role in since} == since
    view = queries.find_session(token)
    assert view is not None
    assert view.must_set_up_two_factor
    with Work(shop.admin) as work:
        assert company.remind_two_factor(work) == 3
        assert company.remind_two_factor(work, member_id(shop, shop.support)) == 1
    assert [subject for _, subject in post()] == ["Activa la verificación en dos pasos en Café Alborada"] * 4
    with pytest.raises(Invalid), Work(shop.admin) as work:
        company.edit_two_factor(work, ["admin"], 5)
    assert [line[0] for line in trail(shop)][:2] == ["security.two_factor_changed"] * 2


@pytest.mark.parametrize(
    ("name", "password", "fields"),
    [
        ("Cafe Alborada", PASSWORD, {"name": "company_name_differs"}),
        ("Café Alborada", "no es esta", {"password": "wrong_password"}),
        ("", "", {"name": "company_name_differs", "password": "wrong_password"}),
    ],
)
def test_deletion_asks_for_the_name_and_the_password(shop: Shop, name: str, password: str, fields: dict[str, str]):
    with pytest.raises(Invalid) as refused, Work(shop.admin) as work:
        company.ask_deletion(work, name, password)
    assert refused.value.fields == fields
    assert (seen(shop).delete_after, post(), trail(shop)) == (None, [], [])


def test_guesses_at_a_deletion_count_as_guesses_at_sign_in(shop: Shop):
    """An open session of an Admin is no place to try passwords."""
    for n in range(10):
        with pytest.raises(Invalid) as refused, Work(shop.admin) as work:
            company.ask_deletion(work, "Café Alborada", f"guess {n}")
        assert refused.value.fields == {"password": "wrong_password"}
    with pytest.raises(Throttled), Work(shop.admin) as work:
        company.ask_deletion(work, "Café Alborada", PASSWORD)
    with pytest.raises(Throttled), lockout.counted(email_of(shop, shop.admin), None):
        pass  # what sign-in stands behind
    assert seen(shop).delete_after is None
    assert [subject for _, subject in post()] == ["Alguien intenta entrar en tu cuenta"]
    assert [line[0] for line in trail(shop)] == ["account.locked"]


def test_deletion_waits_fourteen_days_is_told_and_can_be_cancelled(shop: Shop):
    other = second_admin(shop)
    with Work(shop.admin) as work:
        company.ask_deletion(work, "Café Alborada", PASSWORD)
    with Work(shop.marketing) as work:
        told = company.find_deletion(work)
    assert told is not None
    left = datetime.fromisoformat(told.at) - clock.now()
    assert (told.by, timedelta(days=13, hours=23) < left <= timedelta(days=14)) == ("Nuria Sanchis", True)
    recipients = {to for to, subject in post() if subject == "Café Alborada se borrará dentro de 14 días"}
    assert len(recipients) == 2
    with pytest.raises(Conflict, match="deletion_asked"), Work(other) as work:
        company.ask_deletion(work, "Café Alborada", PASSWORD)
    with Work(other) as work:
        company.cancel_deletion(work)
    assert seen(shop).delete_after is None
    assert post()[0][1] == "Café Alborada ya no se borrará"
    assert [line[0] for line in trail(shop)][1:] == ["company.deletion_asked", "company.deletion_cancelled"]


@pytest.mark.parametrize("role", ["support", "marketing"])
def test_only_an_admin_changes_the_company(shop: Shop, role: str):
    me: Actor = getattr(shop, role)
    before = seen(shop).__dict__
    calls: list[tuple[Any, dict[str, Any]]] = [
        (company.edit, FORM),
        (company.edit_hours, {"hours": {}, "holidays": []}),
        (company.edit_two_factor, {"roles": [], "days": 0}),
        (company.remind_two_factor, {}),
        (company.change_logo, {"content": png()}),
        (company.remove_logo, {}),
        (company.ask_deletion, {"name": "Café Alborada", "password": PASSWORD}),
        (company.cancel_deletion, {}),
    ]
    for verb, form in calls:
        with pytest.raises(Forbidden), Work(me) as work:
            verb(work, **form)
    with Work(me) as work:
        assert company.find_company(work).name == "Café Alborada"
    after = seen(shop).__dict__
    assert {**after, "next_opening": None} == {**before, "next_opening": None}
    assert (trail(shop), post()) == ([], [])


def test_every_mail_speaks_both_languages(shop: Shop, db: Engines):
    del db
    with Work(shop.admin) as work:
        for kind in (
            "invitation",
            "joined",
            "role_changed",
            "deactivated",
            "two_factor_reset",
            "two_factor_reminder",
            "deletion_asked",
            "deletion_cancelled",
        ):
            for lang in ("es", "en"):
                words: dict[str, Any] = {"name": "Ana", "who": "Nuria <b>", "role_key": "support", "days": 14}
                if kind not in ("role_changed", "deactivated", "two_factor_reset"):
                    words["path"] = "/x"
                mails.queue_of_company(work, "a@x.example", kind, lang, words)
    for mail in mails.list_outbox():
        assert "{" not in mail.subject + mail.text
        assert "mail." not in mail.subject + mail.text
        assert "Café Alborada" in mail.html
        assert "<b>" not in mail.html
