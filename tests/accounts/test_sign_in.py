"""Sign-up to sign-out over the real routes."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from saas_admin.accounts import mails, passwords, queries
from saas_admin.accounts import service as accounts
from saas_admin.core import doors, secrets
from saas_admin.core.clock import now
from saas_admin.core.config import get_settings
from saas_admin.core.errors import Invalid
from saas_admin.core.work import Work
from saas_admin.models import LoginSession, OneTimeToken, UserAccount
from saas_admin.web.api import ROUTES
from tests.accounts.conftest import link_of
from tests.conftest import Engines
from tests.shop import PASSWORD, Shop, open_shop

FROM_ONE, FROM_ANOTHER = {"x-forwarded-for": "198.51.100.1"}, {"x-forwarded-for": "198.51.100.2"}
FORM = {
    "company": "Librería Candil",
    "name": "Julia Prats",
    "email": "julia@candil.example",
    "password": PASSWORD,
    "lang": "es",
}


def test_register_confirm_and_be_in(browser: TestClient):
    assert browser.post("/auth/register", json=FORM).json() == {"email": "julia@candil.example"}
    assert "sid" not in browser.cookies
    mail = mails.list_outbox()[0]
    assert (mail.recipient, mail.subject) == ("julia@candil.example", "Confirma tu correo para entrar en Mostrador")
    assert "Hola, Julia Prats" in mail.text
    assert "Confirmar mi correo" in mail.html

    answer = browser.post("/auth/confirm", json={"token": link_of(r"confirm-email\?token")})

    assert answer.json() == {"ok": True, "next": "/"}
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=lax", "path=/"))
    view = queries.find_session(browser.cookies["sid"])
    assert view is not None
    assert (view.name, view.company_name, view.role, view.email_confirmed) == (
        "Julia Prats",
        "Librería Candil",
        "admin",
        True,
    )


def test_a_confirmation_link_works_once_and_for_a_day(browser: TestClient):
    browser.post("/auth/register", json=FORM)
    token = link_of(r"confirm-email\?token")
    assert browser.post("/auth/confirm", json={"token": token}).status_code == 200
    assert browser.post("/auth/confirm", json={"token": token, "lang": "es"}).json()["error"]["code"] == "link_used"

    browser.post("/auth/register", json={**FORM, "email": "otra@candil.example"})
    late = link_of(r"confirm-email\?token")
    with accounts.system_work() as work:
        found = doors.find_token(work.session, "confirm_email", secrets.token_hash(late))
        assert found
        work.act_in_person(found.user_id)
        row = work.session.get(OneTimeToken, found.token_id)
        assert row
        row.expires_at = now() - timedelta(seconds=1)
    assert browser.post("/auth/confirm", json={"token": late}).json()["error"]["code"] == "link_expired"
    assert browser.post("/auth/confirm", json={"token": "nonsense"}).json()["error"]["code"] == "link_unknown"


def test_an_unconfirmed_account_is_sent_to_the_waiting_page(browser: TestClient):
    browser.post("/auth/register", json=FORM)
    answer = browser.post("/auth/sign-in", json={"email": FORM["email"], "password": PASSWORD, "keep": True})
    assert answer.json() == {"next": "/confirm-email"}
    assert browser.post("/media", files={"file": ("a.txt", b"hola")}).json()["error"]["code"] == "unconfirmed"
    for path in ("password", "email", "two-factor/start", "two-factor/confirm", "two-factor/codes", "photo"):
        assert browser.post(f"/account/{path}", json={}).json()["error"]["code"] == "unconfirmed", path


def test_a_taken_address_gets_the_same_answer_and_a_mail_that_says_so(browser: TestClient):
    first = browser.post("/auth/register", json=FORM)
    second = browser.post("/auth/register", json={**FORM, "company": "Impostora", "password": "otra clave bien larga"})
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert mails.list_outbox()[0].subject == "Ya tienes una cuenta en Mostrador"
    assert (
        browser.post("/auth/sign-in", json={"email": FORM["email"], "password": "otra clave bien larga"}).status_code
        == 401
    )


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"company": ""}, "company", "Escribe el nombre de tu tienda, de 2 a 80 letras."),
        ({"email": "julia@"}, "email", "Escribe un correo completo, como nombre@tienda.es."),
        (
            {"email": "julia@candil.example\r\nBcc: x@y.example"},
            "email",
            "Escribe un correo completo, como nombre@tienda.es.",
        ),
        ({"password": "corta"}, "password", "Usa al menos 10 caracteres."),
        ({"password": "aaaaaaaaaaaa"}, "password", "Es demasiado fácil de adivinar. Prueba con tres palabras sueltas."),
        ({"name": "  "}, "name", "Escribe un nombre de hasta 80 letras."),
    ],
)
def test_bad_input_gets_its_error_beside_the_field(
    browser: TestClient, change: dict[str, str], field: str, sentence: str
):
    answer = browser.post("/auth/register", json={**FORM, **change})
    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, {field: sentence})
    assert mails.list_outbox() == []


def test_no_message_tells_whether_an_address_exists(browser: TestClient):
    open_shop(email="nuria@alborada.example")
    known = browser.post("/auth/sign-in", json={"email": "nuria@alborada.example", "password": "not the password"})
    unknown = browser.post("/auth/sign-in", json={"email": "nadie@alborada.example", "password": "not the password"})
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
    assert known.json()["error"]["message"] == "El correo o la contraseña no coinciden."
    assert browser.post("/auth/resend", json={"email": "nadie@alborada.example"}).json() == {"ok": True}
    assert mails.list_outbox() == []


def test_signing_out_ends_the_session_on_the_server(browser: TestClient):
    open_shop(email="nuria@alborada.example")
    browser.post("/auth/sign-in", json={"email": "NURIA@alborada.example", "password": PASSWORD, "keep": False})
    token = browser.cookies["sid"]
    assert queries.find_session(token)
    browser.post("/auth/sign-out", json={})
    assert queries.find_session(token) is None


def test_only_the_hash_of_a_session_is_stored_and_the_mail_is_sealed(browser: TestClient, db: Engines):
    browser.post("/auth/register", json=FORM)
    link = link_of(r"confirm-email\?token")
    browser.post("/auth/confirm", json={"token": link})
    session = browser.cookies["sid"]
    with db.owner() as connection:
        names = [r[0] for r in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        dump = "".join(str(connection.execute(f"SELECT t::text FROM {name} t").fetchall()) for name in names)  # type: ignore[call-overload]  # noqa: S608
    for secret in (link, session, PASSWORD, link.encode().hex(), session.encode().hex()):
        assert secret not in dump


@pytest.mark.parametrize(
    "path",
    [
        "register",
        "confirm",
        "resend",
        "sign-in",
        "second-step",
        "sign-out",
        "forgot",
        "reset",
        "confirm-change",
        "strength",
    ],
)
def test_a_foreign_page_may_not_post(browser: TestClient, path: str):
    answer = browser.post(f"/auth/{path}", json=FORM, headers={"origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'{"email": 3, "password": {}}', b"\xff"])
def test_a_body_that_is_no_form_is_refused_without_a_traceback(browser: TestClient, body: bytes):
    assert browser.post("/auth/sign-in", content=body).status_code in (401, 422)


def test_a_body_larger_than_a_form_is_refused(browser: TestClient):
    assert browser.post("/auth/sign-in", content=b"x" * 20_000).status_code == 413


def test_the_eleventh_try_on_an_account_waits(browser: TestClient):
    tries = [
        browser.post("/auth/sign-in", json={"email": "nadie@alborada.example", "password": "x" * 12}) for _ in range(11)
    ]
    assert [t.status_code for t in tries] == [401] * 10 + [429]
    assert tries[-1].json()["error"]["message"] == "Demasiados intentos seguidos. Prueba dentro de 15 min."
    assert tries[-1].headers["retry-after"] == "900"


@pytest.mark.parametrize(("path", "most"), [("register", 10), ("confirm", 30), ("resend", 10), ("sign-in", 30)])
def test_one_address_may_not_try_for_ever(browser: TestClient, path: str, most: int):
    tries = [
        browser.post(
            f"/auth/{path}", json={"email": f"nadie-{i}@candil.example", "password": "x"}, headers=FROM_ONE
        ).status_code
        for i in range(most + 1)
    ]
    assert 429 not in tries[:most]
    assert tries[most] == 429
    other = browser.post(f"/auth/{path}", json={"email": "otra@candil.example"}, headers=FROM_ANOTHER)
    assert other.status_code != 429


@pytest.mark.parametrize(
    ("public_url", "is_secure"), [("https://shop.example", True), ("http://localhost:8080", False)]
)
def test_over_https_the_cookie_is_kept_to_this_host_and_to_https(
    db: Engines, valkey: object, monkeypatch: pytest.MonkeyPatch, public_url: str, is_secure: bool
):
    del db, valkey
    open_shop(email="nuria@alborada.example")
    monkeypatch.setenv("PUBLIC_URL", public_url)
    get_settings.cache_clear()
    with TestClient(Starlette(routes=list(ROUTES)), base_url=public_url, headers={"origin": public_url}) as client:
        signed_in = client.post("/auth/sign-in", json={"email": "nuria@alborada.example", "password": PASSWORD})
        cookie = signed_in.headers["set-cookie"]
        out = client.post("/auth/sign-out", json={}).headers["set-cookie"]
    monkeypatch.undo()
    get_settings.cache_clear()
    assert (cookie.startswith("__Host-sid="), "Secure" in cookie, "HttpOnly" in cookie) == (is_secure, is_secure, True)
    assert ("Secure" in out, out.startswith("__Host-sid=")) == (is_secure, is_secure)


def test_a_right_password_ends_the_count_of_wrong_ones(browser: TestClient):
    open_shop(email="nuria@alborada.example")
    for _ in range(2):
        wrong = [
            browser.post("/auth/sign-in", json={"email": "nuria@alborada.example", "password": "x" * 12})
            for _ in range(9)
        ]
        right = browser.post("/auth/sign-in", json={"email": "nuria@alborada.example", "password": PASSWORD})
        assert ([w.status_code for w in wrong], right.status_code) == ([401] * 9, 200)


@pytest.mark.slow_hash
def test_passwords_are_argon2id_and_rehashed_when_the_parameters_change(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
):
    shop = open_shop(email="nuria@alborada.example")
    old = _hash(shop)
    assert old.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    stronger = passwords.context().copy(argon2__time_cost=4)
    monkeypatch.setattr(passwords, "context", lambda: stronger)
    browser.post("/auth/sign-in", json={"email": "nuria@alborada.example", "password": PASSWORD})
    assert _hash(shop).startswith("$argon2id$v=19$m=65536,t=4,p=4$")


def test_few_passwords_are_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch):
    running, most = [0], [0]

    class Slow:
        def hash(self, _password: str) -> str:
            running[0] += 1
            most[0] = max(most[0], running[0])
            time.sleep(0.02)
            running[0] -= 1
            return "x"

    monkeypatch.setattr(passwords, "context", Slow)
    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(passwords.hash_password, ["p"] * 20)) == ["x"] * 20
    assert most[0] == passwords.AT_ONCE


def test_a_profile_is_changed_within_its_rules(browser: TestClient):
    shop = open_shop()
    with Work(shop.support) as work:
        accounts.edit_profile(work, name="Toni F.", language="en", theme="dark")
    with Work(shop.support) as work:
        user = work.get(UserAccount, shop.support.user_id)  # type: ignore[arg-type]
        assert (user.name, user.language, user.theme) == ("Toni F.", "en", "dark")
    for wrong in ({"name": ""}, {"language": "tlh"}, {"theme": "neon"}):
        with pytest.raises(Invalid), Work(shop.support) as work:
            accounts.edit_profile(work, **wrong)
    with Work(shop.system) as work:
        assert work.all(select(LoginSession)) == []


def _hash(shop: Shop) -> str:
    with Work(shop.admin) as work:
        return work.get(UserAccount, shop.admin.user_id).password_hash  # type: ignore[arg-type]
