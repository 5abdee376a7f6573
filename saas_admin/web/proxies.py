"""From where somebody asks, when a proxy asks for them (setting TRUSTED_PROXIES)."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from saas_admin.core.config import get_settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What a proxy puts on a request it passes on. One of them is enough: the caller is not the socket's other end.
_TRACES = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "via")


def client_address(peer: str | None, forwarded: Iterable[str]) -> str | None:
    """The nearest address that is no proxy of ours, read from the socket backwards along `X-Forwarded-For`.

    Each proxy appends whom it saw, so what stands left of a stranger's address is the stranger's own claim.
    """
    nearest = _address(peer or "")
    if nearest is None:
        return peer
    claimed = [part for line in forwarded for part in line.split(",")]
    while claimed and _is_proxy(nearest):
        further = _address(claimed.pop())
        if further is None:
            break
        nearest = further
    return str(nearest)


def client_ip(request: HTTPConnection) -> str | None:
    peer = request.client.host if request.client else None
    # A header may stand there several times, and a proxy may add a line of its own instead of a comma.
    return client_address(peer, request.headers.getlist("x-forwarded-for"))


def is_from_this_machine(request: HTTPConnection) -> bool:
    """Asked on loopback, for loopback, and by no proxy: one on this machine speaks for the whole world."""
    peer = _address(request.client.host) if request.client else None
    if peer is None or not peer.is_loopback or any(name in request.headers for name in _TRACES):
        return False
    return _names_loopback(request.headers)


def _names_loopback(headers: Headers) -> bool:
    try:
        name = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    address = _address(name)
    return name == "localhost" or (address is not None and address.is_loopback)


def _is_proxy(address: Address) -> bool:
    return address.is_loopback or any(address in network for network in get_settings().proxy_networks)


def _address(text: str) -> Address | None:
    """An address as proxies write it: some add the port, some write IPv4 in an IPv6 coat."""
    text = text.strip()[:64]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
