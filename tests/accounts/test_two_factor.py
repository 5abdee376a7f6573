"""The second factor over the real routes: proven before it counts, asked at sign-in, no code twice, no way around."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from saas_admin.accounts import queries
from saas_admin.core import clock
from saas_admin.core.clock import now
from saas_admin.core.work import Work
from saas_admin.models import AuditEntry, Company, RecoveryCode, UserAccount
from tests import secret_watch
from tests.accounts.conftest import EMAIL, code_at, link_of, subjects
from tests.conftest import Engines
from tests.shop import PASSWORD, Shop, open_shop

LOGIN = {"email": EMAIL, "password": PASSWORD, "keep": True}


@pytest.fixture
def shop(browser: TestClient) -> Shop:
    del browser
    return open_shop(email=EMAIL)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """Time passes: `later[0]` is added to the clock of the product."""
    ahead = [timedelta()]
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + ahead[0])
    return ahead


def at(later: list[timedelta]) -> datetime:
    return now() + later[0]


def turn_on(browser: TestClient, later: list[timedelta]) -> tuple[str, list[str]]:
    assert browser.post("/auth/sign-in", json=LOGIN).json() == {"next": "/"}
    secret = browser.post("/account/two-factor/start", json={}).json()["secret"]
    answer = browser.post("/account/two-factor/confirm", json={"code": code_at(secret, clock.now())})
    assert answer.status_code == 200, answer.text
    later[0] += timedelta(minutes=2)
    return secret, [secret_watch.keep(code) for code in answer.json()["codes"]]


def test_it_counts_only_after_a_right_code_and_its_secrets_are_shown_once(
    browser: TestClient, shop: Shop, db: Engines, later: list[timedelta]
):
    browser.post("/auth/sign-in", json=LOGIN)
    setup = browser.post("/account/two-factor/start", json={}).json()
    assert (len(setup["secret"]), setup["path"].startswith("M4 4h7"), setup["size"] > 30) == (32, True, True)
    wrong = browser.post("/account/two-factor/confirm", json={"code": "000000"})
    assert (wrong.status_code, list(wrong.json()["error"]["fields"])) == (422, ["code"])
    assert browser.post("/auth/sign-in", json=LOGIN).json() == {"next": "/"}

    codes = browser.post("/account/two-factor/confirm", json={"code": code_at(setup["secret"], at(later))}).json()[
        "codes"
    ]

    assert (len(codes), len(set(codes)), {len(c) for c in codes}) == (10, 10, {14})
    assert browser.post("/auth/sign-in", json=LOGIN).json() == {"next": "/sign-in-code"}
    assert browser.post("/account/two-factor/start", json={}).json()["error"]["code"] == "two_factor_on"
    assert subjects(EMAIL)[-1] == "Activaste la verificación en dos pasos"
    with db.owner() as connection:
        names = [r[0] for r in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        dump = "".join(str(connection.execute(f"SELECT t::text FROM {name} t").fetchall()) for name in names)  # type: ignore[call-overload]  # noqa: S608
    for kept in (setup["secret"], *codes, *(c.replace("-", "") for c in codes)):
        assert kept not in dump
    with Work(shop.admin) as work:
        actions = [entry.action for entry in work.all(select(AuditEntry).order_by(AuditEntry.id))]  # type: ignore[arg-type]
    assert "two_factor.turned_on" in actions


def test_the_password_alone_opens_nothing(browser: TestClient, shop: Shop, later: list[timedelta]):
    secret, _ = turn_on(browser, later)
    browser.cookies.clear()

    first = browser.post("/auth/sign-in", json=LOGIN)

    assert first.json() == {"next": "/sign-in-code"}
    assert "sid" not in browser.cookies
    cookie = first.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("challenge=", "httponly", "samesite=lax", "max-age=600"))
    assert queries.find_session(browser.cookies["challenge"].partition(".")[0]) is None
    assert browser.post("/account/photo", files={"file": ("a.png", b"x")}).status_code == 401

    second = browser.post("/auth/second-step", json={"code": code_at(secret, at(later))})

    assert (second.status_code, second.json()) == (200, {"next": "/"})
    assert queries.find_session(browser.cookies["sid"])
    assert "challenge" not in browser.cookies


def test_a_code_works_once_for_anybody_and_neighbouring_steps_are_taken(
    browser: TestClient, second_browser: TestClient, shop: Shop, later: list[timedelta]
):
    secret, _ = turn_on(browser, later)
    browser.cookies.clear()
    browser.post("/auth/sign-in", json=LOGIN)
    second_browser.post("/auth/sign-in", json=LOGIN)  # the newest challenge is the one that counts
    assert browser.post("/auth/second-step", json={"code": "123456"}).json()["error"]["code"] == "challenge_over"
    code = code_at(secret, at(later) - timedelta(seconds=30))
    assert second_browser.post("/auth/second-step", json={"code": code}).status_code == 200

    browser.post("/auth/sign-in", json=LOGIN)
    replay = browser.post("/auth/second-step", json={"code": code})

    assert (replay.status_code, list(replay.json()["error"]["fields"])) == (422, ["code"])
    assert "ya se usó" in replay.json()["error"]["fields"]["code"]
    assert "sid" not in browser.cookies
    for far in (-90, 90):
        late = browser.post("/auth/second-step", json={"code": code_at(secret, at(later) + timedelta(seconds=far))})
        assert late.status_code == 422
    assert browser.post("/auth/second-step", json={"code": code_at(secret, at(later))}).status_code == 200


def test_a_challenge_ends_after_ten_minutes_and_is_used_up_by_success(
    browser: TestClient, shop: Shop, later: list[timedelta]
):
    secret, _ = turn_on(browser, later)
    browser.cookies.clear()
    browser.post("/auth/sign-in", json=LOGIN)
    challenge = browser.cookies["challenge"]
    later[0] += timedelta(minutes=11)
    over = browser.post("/auth/second-step", json={"code": code_at(secret, at(later))})
    assert (over.status_code, over.json()["error"]["code"]) == (401, "challenge_over")

    browser.post("/auth/sign-in", json=LOGIN)
    challenge = browser.cookies["challenge"]
    assert browser.post("/auth/second-step", json={"code": code_at(secret, at(later))}).status_code == 200
    later[0] += timedelta(minutes=2)
    browser.cookies.clear()
    browser.cookies.set("challenge", challenge)
    again = browser.post("/auth/second-step", json={"code": code_at(secret, at(later))})
    assert again.json()["error"]["code"] == "challenge_over"


def test_a_recovery_code_works_once_and_says_how_many_are_left(browser: TestClient, shop: Shop, later: list[timedelta]):
    _, codes = turn_on(browser, later)
    browser.cookies.clear()
    browser.post("/auth/sign-in", json=LOGIN)
    answer = browser.post("/auth/second-step", json={"code": f" {codes[0].upper()} "})
    assert answer.json() == {"next": "/", "codes_left": 9}
    assert subjects(EMAIL)[-1] == "Usaste un código de recuperación"

    browser.post("/auth/sign-in", json=LOGIN)
    assert browser.post("/auth/second-step", json={"code": codes[0]}).status_code == 422
    assert browser.post("/auth/second-step", json={"code": codes[1]}).json()["codes_left"] == 8


def test_new_recovery_codes_ask_for_a_proof_and_end_the_old_ones(
    browser: TestClient, shop: Shop, later: list[timedelta]
):
    secret, old = turn_on(browser, later)
    assert browser.post("/account/two-factor/codes", json={"code": "000000"}).status_code == 422
    fresh = browser.post("/account/two-factor/codes", json={"code": code_at(secret, at(later))}).json()["codes"]
    assert (len(fresh), set(fresh) & set(old)) == (10, set())
    browser.post("/auth/sign-in", json=LOGIN)
    assert browser.post("/auth/second-step", json={"code": old[0]}).status_code == 422
    assert browser.post("/auth/second-step", json={"code": fresh[0]}).status_code == 200


def test_turning_it_off_asks_for_password_and_code(browser: TestClient, shop: Shop, later: list[timedelta]):
    secret, codes = turn_on(browser, later)
    good = {"password": PASSWORD, "code": codes[3]}
    for wrong, field in (({"password": "no es esta clave"}, "password"), ({"code": "aaaa-bbbb-cccc"}, "code")):
        answer = browser.post("/account/two-factor/disable", json={**good, **wrong})
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, [field])
    assert browser.post("/account/two-factor/disable", json=good).status_code == 200
    assert browser.post("/auth/sign-in", json=LOGIN).json() == {"next": "/"}
    with Work(shop.admin) as work:
        user = work.get(UserAccount, shop.admin.user_id)  # type: ignore[arg-type]
        assert (user.totp_secret, user.totp_confirmed_at, work.all(select(RecoveryCode))) == (None, None, [])
    assert "Se desactivó la verificación en dos pasos" in subjects(EMAIL)
    assert secret not in "".join(subjects(EMAIL))


def _require(shop: Shop, since: datetime, days: int = 7) -> None:
    with Work(shop.admin) as work:
        company = work.get(Company, shop.company_id)
        company.two_factor, company.two_factor_days = {"admin": since.isoformat()}, days


def test_while_the_company_asks_for_it_it_stays_on(browser: TestClient, shop: Shop, later: list[timedelta]):
    secret, codes = turn_on(browser, later)
    _require(shop, now())
    answer = browser.post("/account/two-factor/disable", json={"password": PASSWORD, "code": codes[0]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "two_factor_required")
    browser.post("/auth/sign-in", json=LOGIN)
    assert browser.post("/auth/second-step", json={"code": codes[0]}).status_code == 200  # not spent by the refusal
    assert secret


def test_after_the_grace_only_the_set_up_is_reachable(browser: TestClient, shop: Shop, later: list[timedelta]):
    _require(shop, now() - timedelta(days=60), days=0)
    with Work(shop.admin) as work:
        from saas_admin.models import Membership

        for membership in work.all(select(Membership)):
            membership.created_at = now() - timedelta(days=60)
    browser.post("/auth/sign-in", json=LOGIN)
    for path in ("/account/password", "/account/email", "/account/two-factor/codes", "/account/two-factor/disable"):
        refused = browser.post(path, json={})
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "two_factor_first"), path
    assert browser.post("/media", files={"file": ("a.txt", b"hola")}).json()["error"]["code"] == "two_factor_first"

    secret = browser.post("/account/two-factor/start", json={}).json()["secret"]
    confirmed = browser.post("/account/two-factor/confirm", json={"code": code_at(secret, at(later))})

    assert confirmed.status_code == 200
    assert browser.post("/media", files={"file": ("a.txt", b"hola")}).status_code == 200


def test_a_new_address_asks_for_the_code_too(browser: TestClient, shop: Shop, later: list[timedelta]):
    _, codes = turn_on(browser, later)
    form = {"email": "nueva@alborada.example", "password": PASSWORD}
    for wrong in ({}, {"code": "000000"}, {"code": "aaaa-bbbb-cccc"}):
        refused = browser.post("/account/email", json={**form, **wrong})
        assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, ["code"])
    with Work(shop.admin) as work:
        assert work.get(UserAccount, shop.admin.user_id).pending_email is None  # type: ignore[arg-type]
    assert browser.post("/account/email", json={**form, "code": codes[0]}).status_code == 200


def test_two_at_once_get_one_session_of_one_code(browser: TestClient, shop: Shop, later: list[timedelta]):
    from concurrent.futures import ThreadPoolExecutor

    del shop
    secret, _ = turn_on(browser, later)
    browser.cookies.clear()
    browser.post("/auth/sign-in", json=LOGIN)
    code = code_at(secret, at(later))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: browser.post("/auth/second-step", json={"code": code}).status_code, range(4)))
    assert answers.count(200) == 1


def test_a_reset_password_does_not_go_around_it(browser: TestClient, shop: Shop, later: list[timedelta]):
    secret, _ = turn_on(browser, later)
    browser.cookies.clear()
    browser.post("/auth/forgot", json={"email": EMAIL})
    answer = browser.post(
        "/auth/reset", json={"token": link_of(r"reset-password\?token"), "password": "otra clave bien larga"}
    )
    assert answer.json() == {"next": "/login"}
    assert "sid" not in browser.cookies
    again = browser.post("/auth/sign-in", json={**LOGIN, "password": "otra clave bien larga"})
    assert again.json() == {"next": "/sign-in-code"}
    assert browser.post("/auth/second-step", json={"code": code_at(secret, at(later))}).status_code == 200


def test_guessing_codes_locks_the_account_and_tells_its_owner_once(
    browser: TestClient, shop: Shop, later: list[timedelta]
):
    secret, codes = turn_on(browser, later)
    browser.cookies.clear()
    before = len(subjects(EMAIL))
    answers: list[int] = []
    for n in range(14):
        if n % 3 == 0:  # a right password in between does not buy more guesses
            answers.append(browser.post("/auth/sign-in", json=LOGIN).status_code)
        answers.append(browser.post("/auth/second-step", json={"code": f"{n:06d}"}).status_code)
    assert answers[:10] == [200, 422, 422, 422, 200, 422, 422, 422, 200, 422]
    assert set(answers[10:]) == {429}
    assert browser.post("/auth/second-step", json={"code": code_at(secret, at(later))}).status_code == 429
    assert browser.post("/auth/second-step", json={"code": codes[0]}).status_code == 429
    assert subjects(EMAIL)[before:] == ["Alguien intenta entrar en tu cuenta"]
