"""The client's promises, against a real server on loopback."""

import socket
import time

import pytest

from saas_admin.adapters import http
from saas_admin.core.config import get_settings
from tests.adapters.provider import Answer, Provider


@pytest.fixture
def guarded(monkeypatch):
    monkeypatch.setenv("ALLOW_PRIVATE_HOSTS", "false")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


def test_answer_is_returned_whatever_its_status(provider: Provider):
    provider.will(Answer(404, {"error": "gone"}, {"x-note": "1"}))
    answer = http.request("GET", f"{provider.url}/a?b=1")
    assert (answer.status, answer.json(), answer.headers["x-note"]) == (404, {"error": "gone"}, "1")
    assert [(asked.method, asked.path) for asked in provider.asked] == [("GET", "/a?b=1")]


def test_silence_is_a_timeout_after_writing(provider: Provider):
    provider.will(Answer(hang=True))
    with pytest.raises(http.HttpFailure) as raised:
        http.request("POST", provider.url, body={"a": 1}, total=0.3)
    assert (raised.value.code, raised.value.was_written) == ("timeout", True)
    assert len(provider.asked) == 1


def test_dropped_line_is_a_broken_connection_after_writing(provider: Provider):
    provider.will(Answer(cut=True))
    with pytest.raises(http.HttpFailure) as raised:
        http.request("POST", provider.url, body={"a": 1})
    assert (raised.value.code, raised.value.was_written) == ("connection", True)
    assert len(provider.asked) == 1


def test_refused_connection_wrote_nothing():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(http.HttpFailure) as raised:
        http.request("POST", f"http://127.0.0.1:{port}/", body={})
    assert (raised.value.code, raised.value.was_written) == ("connection", False)


def test_dripping_answer_ends_with_the_total_time(provider: Provider):
    provider.will(Answer(body=b"x" * 200, drip=True))
    started = time.monotonic()
    with pytest.raises(http.HttpFailure) as raised:
        http.request("GET", provider.url, total=0.5)
    assert raised.value.code == "timeout"
    assert time.monotonic() - started < 2


def test_large_answer_is_cut_off(provider: Provider):
    provider.will(Answer(body=b"x" * 5000))
    with pytest.raises(http.HttpFailure) as raised:
        http.request("GET", provider.url, max_bytes=1000)
    assert raised.value.code == "too_large"


def test_redirect_is_an_answer_not_a_journey(provider: Provider):
    provider.will(Answer(302, headers={"location": "http://169.254.169.254/"}))
    assert http.request("GET", provider.url).status == 302
    assert len(provider.asked) == 1


@pytest.mark.parametrize("url", ["nonsense", "ftp://example.com/", "http://", "http://[::1", "http://a\x00b/"])
def test_unusable_address(url):
    with pytest.raises(http.HttpFailure) as raised:
        http.request("GET", url)
    assert (raised.value.code, raised.value.was_written) == ("bad_url", False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_company_address_inside_our_network_is_refused(provider: Provider, guarded, host):
    port = provider.url.rsplit(":", 1)[1]
    with pytest.raises(http.HttpFailure) as raised:
        http.request("GET", f"http://{host}:{port}/", is_company_url=True)
    assert raised.value.code in ("forbidden_host", "connection")
    assert provider.asked == []


def test_company_address_on_loopback_when_private_hosts_are_allowed(provider: Provider):
    provider.will(Answer(body={"ok": True}))
    assert http.request("GET", provider.url, is_company_url=True).json() == {"ok": True}


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    rows = [(2, 1, 6, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(http.ForbiddenHost):
        http.resolve_public("shop.example", 443, allow_private=False)


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
    ],
)
def test_public_addresses(address, is_public):
    assert http.is_public(address) is is_public


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authorization: Bearer EAAGm0PX4ZCps", "Authorization: Bearer …"),
        ("GET /me?access_token=abc123&x=1", "GET /me?access_token=…&x=1"),
        ("bad token EAAGm0PX4ZCpsBAKZ", "bad token …"),
        ("https://api.telegram.org/bot7719:AAH-x_9/getMe", "https://api.telegram.org/bot…/getMe"),
        ("token 7408812256:AAHq3vT0yWc9sJk2LmN4pRx7Zb8DfG1hUe5.", "token …."),
        ("https://ck_1:cs_2@shop.example/", "https://…@shop.example/"),
        ("line\nbreak\x00", "line break "),
    ],
)
def test_redacted(text, expected):
    assert http.redact(text) == expected


def test_named_secrets_are_redacted_too():
    assert http.redact("said hunter2secret", ["hunter2secret", ""]) == "said …"
