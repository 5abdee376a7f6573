"""How adapters speak HTTP: bounded time and size, a guard for addresses a company typed, errors without secrets.

It never retries: whether a second attempt is safe is the caller's knowledge (`HttpFailure.was_written`).
"""

import ipaddress
import json
import logging
import socket
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, BinaryIO

import httpcore
import httpx

from saas_admin.core import secrets
from saas_admin.core.config import get_settings

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
TOTAL_SECONDS = 30.0
MAX_BYTES = 2_000_000
_KEEPALIVE_SECONDS = 4.0
"""Shorter than any provider's own: a connection the peer has just closed would turn a send into an unknown one."""

_AGENT = "saas-admin/1.0.0"
"""With a version of three numbers: Meta's specification allows nothing else."""

# They log every address and header, and some (Telegram's) have a token in their path.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_deadline: ContextVar[float | None] = ContextVar("http_deadline", default=None)
_room: ContextVar["_Room | None"] = ContextVar("http_room", default=None)


class HttpFailure(Exception):
    """No usable answer. `was_written` says whether the other side may have acted on the request."""

    def __init__(self, text: str, *, was_written: bool, code: str) -> None:
        super().__init__(redact(text))
        self.was_written = was_written
        self.code = code
        """`timeout`, `connection`, `too_large`, `forbidden_host` or `bad_url`."""


@dataclass(frozen=True)
class Response:
    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON, or None when it is not."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    body: Any = None,
    form: Mapping[str, str] | None = None,
    files: Mapping[str, tuple[str, BinaryIO, str]] | None = None,
    total: float | None = None,
    max_bytes: int = MAX_BYTES,
    into: BinaryIO | None = None,
    is_company_url: bool = False,
) -> Response:
    """One request, one answer of at most `max_bytes` within `total` seconds. Redirects are not followed.

    With `into` the body of a success goes into that file, piece by piece, and `content` is empty.
    """
    token = _deadline.set(time.monotonic() + (total or TOTAL_SECONDS))
    try:
        with client(is_company_url).stream(
            method, url, headers=headers, params=params, json=body, data=form, files=files
        ) as answer:
            if into is not None and answer.is_success:
                _save(answer, max_bytes, into)
                return Response(answer.status_code, answer.headers, b"")
            return Response(answer.status_code, answer.headers, _read(answer, min(max_bytes, MAX_BYTES)))
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
        raise HttpFailure(f"not a usable address: {error}", was_written=False, code="bad_url") from None
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise HttpFailure(f"no connection in time: {error}", was_written=False, code="timeout") from None
    except httpx.ConnectError as error:
        code = "forbidden_host" if isinstance(error.__cause__, ForbiddenHost) else "connection"
        raise HttpFailure(f"no connection: {error}", was_written=False, code=code) from None
    except httpx.TimeoutException as error:
        raise HttpFailure(f"no answer in time: {error}", was_written=True, code="timeout") from None
    except httpx.HTTPError as error:
        raise HttpFailure(f"connection broke: {error}", was_written=True, code="connection") from None
    finally:
        _deadline.reset(token)


@contextmanager
def within(seconds: float, max_bytes: int) -> Generator[None]:
    """For packages that speak HTTP with our client: all they do in here together keeps the time and the size."""
    until, room = _deadline.set(time.monotonic() + seconds), _room.set(_Room(max_bytes))
    try:
        yield
    finally:
        _room.reset(room)
        _deadline.reset(until)


@lru_cache(maxsize=4)
def client(is_company_url: bool, *, is_plain: bool = False) -> httpx.Client:
    """The shared client (thread-safe). Proxies of the environment are not used: they would connect past the guard.

    `is_plain`: compressed answers are refused, so that what is read is no larger than what came over the line.
    """
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=_KEEPALIVE_SECONDS)
    return httpx.Client(
        transport=_transport(limits, is_guarded=is_company_url),
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        trust_env=False,
        follow_redirects=False,
        headers={"user-agent": _AGENT} | ({"accept-encoding": "identity"} if is_plain else {}),
        event_hooks={"response": [_refuse_compressed]} if is_plain else {},
    )


def _refuse_compressed(answer: httpx.Response) -> None:
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise httpx.DecodingError("a compressed answer was not asked for", request=answer.request)


def redact(text: str, values: Iterable[str] = ()) -> str:
    """Text fit for a log or a tenant's eyes: no tokens, no control characters, not endless."""
    return "".join(c if c.isprintable() else " " for c in secrets.redact(text, values))[:400]


class ForbiddenHost(httpcore.ConnectError):
    """The name leads to an address inside our own network."""


class _Network(httpcore.SyncBackend):
    """Connects only where it may, and gives each read and write what is left of the request's total time.

    The guard resolves and connects to the very address it judged, so a name that changes its answer
    between the check and the call (DNS rebinding) wins nothing.
    """

    def __init__(self, *, is_guarded: bool) -> None:
        super().__init__()
        self._is_guarded = is_guarded

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        targets = [host]
        if self._is_guarded:
            targets = resolve_public(host, port, allow_private=get_settings().allow_private_hosts)
        for position, target in enumerate(targets):
            try:
                stream = super().connect_tcp(target, port, _left(timeout), local_address, socket_options)
                return _Timed(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == len(targets) - 1:
                    raise
        raise httpcore.ConnectError(f"{host} has no address")


@dataclass
class _Room:
    """Bytes that may still be read."""

    left: int


class _Timed(httpcore.NetworkStream):
    """A stream whose single steps together keep the total. Otherwise a peer dripping bytes holds a worker for ever."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))
        room = _room.get()
        if room is not None:
            room.left -= len(data)
            if room.left < 0:
                raise httpcore.ReadError("the answer is too large")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def resolve_public(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Addresses of a name, all of them public; ForbiddenHost when one is not (a mixed answer is an attack)."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} was not found") from error
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    if not allow_private and not all(is_public(address) for address in addresses):
        raise ForbiddenHost(f"{host} is not a public address")
    return addresses


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        # An IPv4 address in an IPv6 coat (mapped, 6to4, NAT64) is judged by what is inside.
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.teredo is not None:
            return False
    return ip.is_global and not ip.is_multicast


def _transport(limits: httpx.Limits, *, is_guarded: bool) -> httpx.HTTPTransport:
    transport = httpx.HTTPTransport(limits=limits)
    # httpx has no public way to hand its pool a network backend; a test fails when this stops working.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(),
        max_connections=limits.max_connections,
        max_keepalive_connections=limits.max_keepalive_connections,
        keepalive_expiry=limits.keepalive_expiry,
        network_backend=_Network(is_guarded=is_guarded),
    )
    return transport


def _read(answer: httpx.Response, max_bytes: int) -> bytes:
    return b"".join(_pieces(answer, max_bytes))


def _save(answer: httpx.Response, max_bytes: int, into: BinaryIO) -> None:
    into.writelines(_pieces(answer, max_bytes))


def _pieces(answer: httpx.Response, max_bytes: int) -> Iterator[bytes]:
    size = 0
    for piece in answer.iter_bytes(65_536):
        size += len(piece)
        if size > max_bytes:
            raise HttpFailure(f"the answer is larger than {max_bytes} bytes", was_written=True, code="too_large")
        yield piece


def _left(step: float | None, error: type[Exception] = httpcore.ConnectTimeout) -> float | None:
    deadline = _deadline.get()
    if deadline is None:
        return step
    left = deadline - time.monotonic()
    if left <= 0:
        raise error("the total time is used up")
    return left if step is None else min(step, left)
