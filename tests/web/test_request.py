"""What a request says about who sent it."""

import pytest
from starlette.requests import Request

from saas_admin.web.request import client_ip


@pytest.mark.parametrize(
    ("peer", "forwarded", "who"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("::1", "2001:db8::5", "2001:db8::5"),
    ],
)
def test_only_a_proxy_on_this_machine_speaks_for_others(peer: str, forwarded: str, who: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert client_ip(Request({"type": "http", "client": (peer, 1), "headers": headers})) == who
