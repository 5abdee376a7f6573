"""Where somebody is signed in: seen, ended, told to open sockets; and who gets no session at all."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import redis
from sqlalchemy import select
from starlette.testclient import TestClient

from saas_admin.accounts import queries, sessions
from saas_admin.core.clock import now
from saas_admin.core.errors import NotFound
from saas_admin.core.work import Work
from saas_admin.models import KnownDevice, LoginSession
from tests.accounts.conftest import EMAIL, subjects
from tests.shop import PASSWORD, Shop, open_shop

LOGIN = {"email": EMAIL, "password": PASSWORD, "keep": True}
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"


@pytest.fixture
def shop(browser: TestClient) -> Shop:
    del browser
    return open_shop(email=EMAIL)


def test_the_list_names_devices_and_marks_this_one(browser: TestClient, second_browser: TestClient, shop: Shop):
    browser.post("/auth/sign-in", json=LOGIN, headers={"user-agent": CHROME})
    second_browser.post("/auth/sign-in", json={**LOGIN, "keep": False}, headers={"user-agent": IPHONE})
    view = queries.find_session(browser.cookies["sid"])
    assert view
    with Work(view.actor()) as work:
        rows = sessions.list_own(work)
    assert [(row.device, row.is_this, row.is_kept) for row in rows] == [
        ("Chrome en Windows", True, True),
        ("Safari en iOS", False, False),
    ]
    with Work(shop.support) as work:
        assert sessions.list_own(work) == []


def test_ending_a_session_tells_open_sockets_and_leaves_the_rest(
    browser: TestClient, second_browser: TestClient, shop: Shop, valkey: redis.Redis
):
    for each in (browser, second_browser):
        each.post("/auth/sign-in", json=LOGIN)
    mine, other = (queries.find_session(each.cookies["sid"]) for each in (browser, second_browser))
    assert mine
    assert other
    with valkey.pubsub() as heard:
        heard.subscribe("control:revoked")
        heard.get_message(timeout=1)
        with pytest.raises(NotFound), Work(shop.support) as work:
            sessions.revoke(work, other.session_id)
        with pytest.raises(NotFound), Work(mine.actor()) as work:
            sessions.revoke(work, uuid4())
        assert heard.get_message(timeout=0.05) is None
        with Work(mine.actor()) as work:
            sessions.revoke(work, other.session_id)
        said = heard.get_message(timeout=1)
    assert said
    assert json.loads(said["data"]) == {"user": str(shop.admin.user_id), "sessions": [str(other.session_id)]}
    assert queries.find_session(second_browser.cookies["sid"]) is None
    assert queries.find_session(browser.cookies["sid"])

    for each in (second_browser, second_browser):
        each.post("/auth/sign-in", json=LOGIN)
    with Work(mine.actor()) as work:
        assert sessions.revoke_others(work) == 2
        assert [row.is_this for row in sessions.list_own(work)] == [True]


def test_the_last_use_is_noted_at_most_once_a_minute(browser: TestClient, shop: Shop):
    browser.post("/auth/sign-in", json=LOGIN)

    def last_use() -> object:
        with Work(shop.admin) as work:
            return work.all(select(LoginSession))[0].last_used_at

    def set_back(by: timedelta) -> None:
        with Work(shop.admin) as work:
            work.all(select(LoginSession))[0].last_used_at = now() - by

    set_back(timedelta(seconds=50))
    before = last_use()
    queries.find_session(browser.cookies["sid"])
    assert last_use() == before
    set_back(timedelta(seconds=70))
    before = last_use()
    queries.find_session(browser.cookies["sid"])
    assert last_use() > before  # type: ignore[operator]


def test_a_session_id_planted_before_sign_in_is_not_taken_over(browser: TestClient, shop: Shop):
    del shop
    planted = "planted-by-somebody-else-0123456789abcdef"
    browser.cookies.set("sid", planted)
    answer = browser.post("/auth/sign-in", json=LOGIN)
    fresh = answer.headers["set-cookie"].split("sid=", 1)[1].split(";", 1)[0]
    assert fresh != planted
    assert (queries.find_session(planted), queries.find_session(fresh) is not None) == (None, True)
    browser.cookies.clear()
    again = browser.post("/auth/sign-in", json=LOGIN)
    assert again.headers["set-cookie"].split("sid=", 1)[1].split(";", 1)[0] != fresh


def test_a_new_device_is_told_once_and_the_first_one_not_at_all(
    browser: TestClient, second_browser: TestClient, shop: Shop
):
    browser.post("/auth/sign-in", json=LOGIN, headers={"user-agent": CHROME})
    browser.post("/auth/sign-in", json=LOGIN, headers={"user-agent": CHROME})
    assert subjects(EMAIL) == []
    for _ in range(2):
        second_browser.post("/auth/sign-in", json=LOGIN, headers={"user-agent": IPHONE})
    assert subjects(EMAIL) == ["Entraste en Mostrador desde un equipo nuevo"]
    with Work(shop.admin) as work:
        assert len(work.all(select(KnownDevice))) == 2


@pytest.mark.parametrize("path", ["password", "email", "two-factor/start", "two-factor/confirm", "photo"])
def test_a_foreign_page_or_nobody_changes_nothing(browser: TestClient, shop: Shop, path: str):
    del shop
    assert browser.post(f"/account/{path}", json={}).status_code == 401
    browser.post("/auth/sign-in", json=LOGIN)
    foreign = browser.post(f"/account/{path}", json={}, headers={"origin": "https://evil.example"})
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "foreign_origin")


def test_guessing_a_password_locks_the_account_and_tells_its_owner_once(browser: TestClient, shop: Shop):
    del shop
    answers = [browser.post("/auth/sign-in", json={**LOGIN, "password": f"guess number {n}"}) for n in range(13)]
    assert [a.status_code for a in answers] == [401] * 10 + [429] * 3
    assert browser.post("/auth/sign-in", json=LOGIN).status_code == 429
    assert subjects(EMAIL) == ["Alguien intenta entrar en tu cuenta"]


def test_a_reset_by_the_mailbox_unlocks_at_once(browser: TestClient, shop: Shop):
    from tests.accounts.conftest import link_of

    del shop
    for n in range(11):
        browser.post("/auth/sign-in", json={**LOGIN, "password": f"guess number {n}"})
    browser.post("/auth/forgot", json={"email": EMAIL})
    form = {"token": link_of(r"reset-password\?token"), "password": "otra clave bien larga"}
    assert browser.post("/auth/reset", json=form).status_code == 200
    assert browser.post("/auth/sign-in", json={**LOGIN, "password": form["password"]}).status_code == 200


def test_guessing_with_somebody_elses_open_session_is_counted_too(browser: TestClient, shop: Shop):
    del shop
    browser.post("/auth/sign-in", json=LOGIN)
    form = {"password": "otra clave bien larga"}
    answers = [browser.post("/account/password", json={**form, "current": f"guess {n}"}) for n in range(11)]
    assert [a.status_code for a in answers] == [422] * 10 + [429]
    assert subjects(EMAIL) == ["Alguien intenta entrar en tu cuenta"]


def test_many_guesses_at_once_get_no_further(browser: TestClient, shop: Shop):
    from concurrent.futures import ThreadPoolExecutor

    del shop

    def guess(n: int) -> int:
        headers = {"x-forwarded-for": f"198.51.100.{n}"}
        return browser.post("/auth/sign-in", json={**LOGIN, "password": f"guess {n}"}, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(30)))
    assert (answers.count(401), answers.count(429)) == (10, 20)


def test_a_photo_replaces_the_one_before(browser: TestClient, shop: Shop):
    import io

    from PIL import Image

    from saas_admin.core import pictures

    del shop
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#c9512c").save(out, "PNG")
    browser.post("/auth/sign-in", json=LOGIN)
    first = browser.post("/account/photo", files={"file": ("yo.png", out.getvalue())}).json()["url"]
    assert browser.get(first).status_code == 200
    second = browser.post("/account/photo", files={"file": ("yo.png", out.getvalue())}).json()["url"]
    assert (browser.get(first).status_code, browser.get(second).status_code) == (404, 200)
    svg = browser.post("/account/photo", files={"file": ("yo.png", b"<svg onload='alert(1)'/>")})
    assert (svg.status_code, svg.json()["error"]["code"]) == (422, "picture_kind")
    assert browser.post("/account/photo", files={"file": ("yo.png", b"x" * 5_100_000)}).status_code == 413
    assert browser.get(second).status_code == 200
    assert browser.delete("/account/photo").json() == {"url": ""}
    view = queries.find_session(browser.cookies["sid"])
    assert (browser.get(second).status_code, view and view.photo_id) == (404, None)
    assert not pictures.path_of(UUID(second[10:-4])).exists()


def test_what_happened_to_a_login_stands_in_the_log_without_its_secrets(browser: TestClient, shop: Shop):
    from saas_admin.models import AuditEntry

    new = "otra clave bien larga"
    browser.post("/auth/sign-in", json=LOGIN)
    browser.post("/account/password", json={"current": PASSWORD, "password": new})
    browser.post("/account/email", json={"email": "nueva@alborada.example", "password": new})
    for n in range(10):
        browser.post("/auth/sign-in", json={**LOGIN, "password": f"guess number {n}"})
    with Work(shop.admin) as work:
        entries = sorted(work.all(select(AuditEntry)), key=lambda entry: entry.at)
    own = [entry for entry in entries if entry.target_id == shop.admin.user_id]
    assert [(entry.action, entry.actor_kind) for entry in own] == [
        ("session.opened", "agent"),
        ("password.changed", "agent"),
        ("email.change_asked", "agent"),
        ("account.locked", "system"),
    ]
    assert own[2].after == {"email": "nueva@alborada.example"}
    assert all(entry.ip for entry in own)
    assert new not in str([(entry.before, entry.after) for entry in own])
