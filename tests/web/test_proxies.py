"""From where a request comes, and who may speak for others."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from saas_admin.core.config import Settings, get_settings
from saas_admin.web.api import ROUTES
from saas_admin.web.proxies import client_address, client_ip


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.5, 10.1.0.0/16 2001:db8:1::/48")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


def request(peer: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    return Request({"type": "http", "client": (peer, 1) if peer else None, "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "who"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.5", ["198.51.100.1"], "10.0.0.5"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),
        ("::1", ["2001:db8::5"], "2001:db8::5"),
        ("::ffff:127.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("127.0.0.1", ["[2001:db8::5]:4711"], "2001:db8::5"),
        ("127.0.0.1", ["unknown"], "127.0.0.1"),
        ("127.0.0.1", ["6.6.6.6, <script>"], "127.0.0.1"),
        ("127.0.0.1", [", ,"], "127.0.0.1"),
        ("unix", ["6.6.6.6"], "unix"),
        (None, ["6.6.6.6"], None),
    ],
)
def test_only_a_proxy_on_this_machine_speaks_for_others(peer: str | None, forwarded: list[str], who: str | None):
    assert client_ip(request(peer, *forwarded)) == who


@pytest.mark.usefixtures("behind")
@pytest.mark.parametrize(
    ("peer", "forwarded", "who"),
    [
        ("10.0.0.5", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.6", ["198.51.100.1"], "10.0.0.6"),
        ("10.1.44.2", ["6.6.6.6, 198.51.100.1, 10.0.0.5"], "198.51.100.1"),
        ("127.0.0.1", ["6.6.6.6, 198.51.100.1, 10.1.0.9"], "198.51.100.1"),
        ("2001:db8:1::7", ["2001:db8:9::1"], "2001:db8:9::1"),
        ("2001:db8:2::7", ["2001:db8:9::1"], "2001:db8:2::7"),
        ("10.0.0.5", ["10.1.0.1, 10.0.0.5"], "10.1.0.1"),
    ],
)
def test_a_trusted_proxy_speaks_for_others_and_no_further_than_the_first_stranger(
    peer: str, forwarded: list[str], who: str
):
    assert client_ip(request(peer, *forwarded)) == who
    assert client_address(peer, forwarded) == who


@pytest.mark.parametrize("value", ["10.0.0.0/40", "proxy.example", "10.0.0.5;10.0.0.6"])
def test_a_setting_that_names_no_network_is_refused(value: str):
    with pytest.raises(ValueError, match="does not appear to be"):
        Settings(trusted_proxies=value)


@pytest.mark.usefixtures("behind")
@pytest.mark.parametrize(
    ("peer", "host", "headers", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8080", {}, 200),
        ("127.0.0.1", "localhost:8080", {}, 200),
        ("::1", "[::1]:8080", {}, 200),
        ("203.0.113.7", "127.0.0.1:8080", {}, 404),
        ("10.0.0.5", "127.0.0.1:8080", {}, 404),
        ("10.0.0.5", "127.0.0.1:8080", {"x-forwarded-for": "127.0.0.1"}, 404),
        ("127.0.0.1", "127.0.0.1:8080", {"x-forwarded-for": "127.0.0.1"}, 404),
        ("127.0.0.1", "127.0.0.1:8080", {"x-real-ip": "127.0.0.1"}, 404),
        ("127.0.0.1", "127.0.0.1:8080", {"via": "1.1 caddy"}, 404),
        ("127.0.0.1", "127.0.0.1:8080", {"forwarded": "for=127.0.0.1"}, 404),
        ("127.0.0.1", "shop.example", {}, 404),
        ("127.0.0.1", "127.0.0.1.evil.example", {}, 404),
        ("127.0.0.1", "[", {}, 404),
    ],
)
def test_numbers_are_for_this_machine_and_a_proxied_request_is_never_that(
    peer: str, host: str, headers: dict[str, str], status: int
):
    with TestClient(Starlette(routes=list(ROUTES)), client=(peer, 1)) as client:
        assert client.get("/metrics", headers={**headers, "host": host}).status_code == status


def test_numbers_are_for_whoever_has_the_token(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("METRICS_TOKEN", "canela-en-rama")
    get_settings.cache_clear()
    with TestClient(Starlette(routes=list(ROUTES)), client=("203.0.113.7", 1)) as client:
        given = [
            client.get("/metrics", headers={"authorization": said.encode()}).status_code
            for said in ("Bearer canela-en-rama", "Bearer otra", "Bearer ", "Bearer ñ", "canela-en-rama")
        ]
    monkeypatch.undo()
    get_settings.cache_clear()
    assert given == [200, 404, 404, 404, 404]
