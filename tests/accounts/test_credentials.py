"""Password and address: forgotten, changed, confirmed where they lead to, and nothing told to who asks about others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from passlib.context import CryptContext
from starlette.testclient import TestClient

from saas_admin.accounts import mails, passwords, queries
from saas_admin.core import doors, secrets
from saas_admin.core.clock import now
from saas_admin.core.work import Work
from saas_admin.models import OneTimeToken, UserAccount
from tests.accounts.conftest import EMAIL, link_of, subjects
from tests.shop import PASSWORD, Shop, open_shop

LOGIN = {"email": EMAIL, "password": PASSWORD, "keep": True}
NEW = "otra clave bien larga"
RESET = r"reset-password\?token"
CHANGE = r"confirm-change\?token"


@pytest.fixture
def shop(browser: TestClient) -> Shop:
    del browser
    return open_shop(email=EMAIL)


def user_of(shop: Shop) -> UserAccount:
    with Work(shop.admin) as work:
        return work.get(UserAccount, shop.admin.user_id)  # type: ignore[arg-type]


def expire(shop: Shop, purpose: str, token: str) -> None:
    with Work(shop.admin) as work:
        found = doors.find_token(work.session, purpose, secrets.token_hash(token))
        assert found
        row = work.session.get(OneTimeToken, found.token_id)
        assert row
        assert timedelta(minutes=59) < row.expires_at - row.created_at <= timedelta(hours=24)
        row.expires_at = now() - timedelta(seconds=1)


def test_a_forgotten_password_is_replaced_by_the_link_and_every_session_ends(browser: TestClient, shop: Shop):
    browser.post("/auth/sign-in", json=LOGIN)
    old = browser.cookies["sid"]
    browser.post("/auth/forgot", json={"email": EMAIL.upper()})
    token = link_of(RESET)
    assert queries.find_session(old)

    answer = browser.post("/auth/reset", json={"token": token, "password": NEW})

    assert answer.json() == {"next": "/login"}
    assert queries.find_session(old) is None
    assert browser.post("/auth/sign-in", json=LOGIN).status_code == 401
    assert browser.post("/auth/sign-in", json={**LOGIN, "password": NEW}).status_code == 200
    assert subjects(EMAIL)[-2:] == ["Cambia tu contraseña de Mostrador", "Tu contraseña de Mostrador cambió"]


def test_a_reset_link_works_once_for_an_hour_and_the_newest_only(browser: TestClient, shop: Shop):
    browser.post("/auth/forgot", json={"email": EMAIL})
    first = link_of(RESET)
    browser.post("/auth/forgot", json={"email": EMAIL})
    second = link_of(RESET)
    form = {"password": NEW, "lang": "es"}
    assert browser.post("/auth/reset", json={**form, "token": first}).json()["error"]["code"] == "link_used"
    assert browser.post("/auth/reset", json={**form, "token": second}).status_code == 200
    assert browser.post("/auth/reset", json={**form, "token": second}).json()["error"]["code"] == "link_used"
    browser.post("/auth/forgot", json={"email": EMAIL})
    late = link_of(RESET)
    expire(shop, "reset_password", late)
    assert browser.post("/auth/reset", json={**form, "token": late}).json()["error"]["code"] == "link_expired"
    for other in ("", "nonsense", "x" * 1000):
        assert browser.post("/auth/reset", json={**form, "token": other}).json()["error"]["code"] == "link_unknown"
    browser.post("/auth/forgot", json={"email": EMAIL})
    token = link_of(RESET)
    assert browser.post("/auth/confirm", json={"token": token}).json()["error"]["code"] == "link_unknown"
    assert browser.post("/auth/confirm-change", json={"token": token}).json()["error"]["code"] == "link_unknown"


def test_a_weak_new_password_leaves_the_link_usable(browser: TestClient, shop: Shop):
    before = user_of(shop).password_hash
    browser.post("/auth/forgot", json={"email": EMAIL})
    token = link_of(RESET)
    for password, sentence in (
        ("corta", "Usa al menos 10 caracteres."),
        ("Alborada2026", "Lleva tu nombre, tu correo o tu tienda: es lo primero que probaría alguien."),
        ("qwertyuiop12", "Es demasiado fácil de adivinar. Prueba con tres palabras sueltas."),
    ):
        answer = browser.post("/auth/reset", json={"token": token, "password": password, "lang": "es"})
        assert (answer.status_code, answer.json()["error"]["fields"]) == (422, {"password": sentence})
    assert user_of(shop).password_hash == before
    assert browser.post("/auth/reset", json={"token": token, "password": NEW}).status_code == 200


def test_changing_the_password_asks_for_the_old_one_and_ends_other_sessions(
    browser: TestClient, second_browser: TestClient, shop: Shop
):
    for each in (browser, second_browser):
        each.post("/auth/sign-in", json=LOGIN)
    mine, other = browser.cookies["sid"], second_browser.cookies["sid"]
    wrong = browser.post("/account/password", json={"current": "no es la mía", "password": NEW})
    assert (wrong.status_code, wrong.json()["error"]["fields"]) == (422, {"current": "La contraseña no es correcta."})
    assert queries.find_session(other)

    assert browser.post("/account/password", json={"current": PASSWORD, "password": NEW}).status_code == 200

    assert (queries.find_session(other), queries.find_session(mine) is not None) == (None, True)
    assert subjects(EMAIL)[-1] == "Tu contraseña de Mostrador cambió"
    assert browser.post("/auth/sign-in", json={**LOGIN, "password": NEW}).status_code == 200


def test_a_new_address_is_confirmed_there_and_told_to_the_old_one(browser: TestClient, shop: Shop):
    browser.post("/auth/sign-in", json=LOGIN)
    browser.post("/auth/forgot", json={"email": EMAIL})
    old_reset = link_of(RESET)
    new = "nuria@nueva.example"
    refused = browser.post("/account/email", json={"email": new, "password": "no es la mía"})
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, ["password"])
    assert browser.post("/account/email", json={"email": new, "password": PASSWORD}).json() == {"pending": new}
    assert (user_of(shop).email, user_of(shop).pending_email) == (EMAIL, new)
    assert subjects(new) == ["Confirma tu correo nuevo de Mostrador"]
    assert subjects(EMAIL)[-1] == "Pediste cambiar el correo de tu cuenta"

    assert browser.post("/auth/confirm-change", json={"token": link_of(CHANGE)}).json() == {"email": new}

    assert (user_of(shop).email, user_of(shop).pending_email) == (new, None)
    assert subjects(EMAIL)[-1] == "El correo de tu cuenta cambió"
    assert browser.post("/auth/sign-in", json=LOGIN).status_code == 401
    assert browser.post("/auth/sign-in", json={**LOGIN, "email": new}).status_code == 200
    assert browser.post("/auth/confirm-change", json={"token": link_of(CHANGE)}).json()["error"]["code"] == "link_used"
    # What was sent to the old mailbox opens nothing any more.
    answer = browser.post("/auth/reset", json={"token": old_reset, "password": NEW})
    assert answer.json()["error"]["code"] == "link_used"


def test_a_cancelled_or_replaced_change_leaves_no_open_link(browser: TestClient, shop: Shop):
    from saas_admin.accounts import credentials

    browser.post("/auth/sign-in", json=LOGIN)
    browser.post("/account/email", json={"email": "uno@nueva.example", "password": PASSWORD})
    first = link_of(CHANGE)
    browser.post("/account/email", json={"email": "dos@nueva.example", "password": PASSWORD})
    assert browser.post("/auth/confirm-change", json={"token": first}).json()["error"]["code"] == "link_used"
    second = link_of(CHANGE)
    with Work(shop.admin) as work:
        credentials.cancel_email_change(work)
    assert browser.post("/auth/confirm-change", json={"token": second}).json()["error"]["code"] == "link_used"
    assert (user_of(shop).email, user_of(shop).pending_email) == (EMAIL, None)


def test_an_address_with_an_account_gets_the_same_answer_and_no_link(browser: TestClient, shop: Shop):
    open_shop("Otra", number_id="104857600445566", email="rosa@azahar.example")
    browser.post("/auth/sign-in", json=LOGIN)
    free = browser.post("/account/email", json={"email": "libre@azahar.example", "password": PASSWORD})
    taken = browser.post("/account/email", json={"email": "Rosa@azahar.example", "password": PASSWORD})
    assert (free.status_code, free.json()) == (200, {"pending": "libre@azahar.example"})
    assert (taken.status_code, taken.json()) == (200, {"pending": "Rosa@azahar.example"})
    assert subjects("Rosa@azahar.example") == ["Este correo ya tiene cuenta en Mostrador"]
    assert "token" not in mails.list_outbox()[1].text


@pytest.mark.parametrize("path", ["forgot", "resend"])
def test_asking_about_an_address_answers_the_same_whether_it_is_known(browser: TestClient, shop: Shop, path: str):
    del shop
    answers = [
        browser.post(f"/auth/{path}", json={"email": email})
        for email in (EMAIL, "nadie@alborada.example", "no es un correo")
    ]
    assert {(a.status_code, a.text, a.headers.get("content-length")) for a in answers} == {(200, '{"ok":true}', "11")}


@pytest.mark.slow_hash
def test_a_wrong_password_costs_as_much_for_an_unknown_address(
    browser: TestClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
):
    """One hash of the same cost for each, so that the clock tells nothing (and is not asked here)."""
    del shop
    passwords._decoy.cache_clear()  # another test made it with its quick parameters
    costs: list[str] = []

    def counted(verify: Callable[..., Any]) -> Callable[..., Any]:
        def counting(context: CryptContext, password: str, stored: str) -> Any:
            costs.append(stored.rsplit("$", 2)[0])
            return verify(context, password, stored)

        return counting

    for name in ("verify", "verify_and_update"):
        monkeypatch.setattr(CryptContext, name, counted(getattr(CryptContext, name)))
    for email in (EMAIL, "nadie@alborada.example"):
        browser.post("/auth/sign-in", json={"email": email, "password": "not the password"})
    passwords._decoy.cache_clear()
    assert costs == ["$argon2id$v=19$m=65536,t=3,p=4"] * 2


def test_a_link_of_before_the_confirmation_is_no_second_way_in(browser: TestClient):
    form = {"company": "Candil", "name": "Julia", "email": "julia@candil.example", "password": PASSWORD, "lang": "es"}
    browser.post("/auth/register", json=form)
    first = link_of(r"confirm-email\?token")
    browser.post("/auth/resend", json={"email": form["email"]})
    second = link_of(r"confirm-email\?token")
    assert browser.post("/auth/confirm", json={"token": first}).status_code == 200
    assert browser.post("/auth/confirm", json={"token": second}).json()["error"]["code"] == "link_used"


@pytest.mark.parametrize(
    ("password", "level", "words", "problem"),
    [
        ("", 0, "none", "password_short"),
        ("x7$kQ", 1, "short", "password_short"),
        ("contraseña12", 2, "weak", "password_weak"),
        ("Julia-Candil", 2, "own", "password_own"),
        ("aaaaaaaaaaaa", 0, "weak", "password_weak"),
        ("tres-palabras-sueltas", 4, "strong", None),
        ("x" * 201, 0, "long", "password_long"),
    ],
)
def test_a_real_estimator_judges(password: str, level: int, words: str, problem: str | None):
    judged = passwords.judge(password, ["Librería Candil", "Julia Prats", "julia@candil.example"])
    assert (judged.words, judged.problem) == (words, problem)
    assert judged.level <= level if problem else judged.level >= passwords.ENOUGH


def test_the_meter_says_what_the_server_will_decide(browser: TestClient):
    weak = browser.post("/auth/strength", json={"password": "Candil-Julia", "name": "Julia", "company": "Candil"})
    assert (weak.json()["enough"], weak.json()["words"].split(".")[0]) == (
        False,
        "Lleva tu nombre, tu correo o tu tienda",
    )
    good = browser.post("/auth/strength", json={"password": PASSWORD, "lang": "en"}).json()
    assert good == {"level": 4, "enough": True, "words": "Very hard to guess."}
