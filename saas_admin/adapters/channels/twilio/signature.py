"""Whether Twilio signed a request: HMAC over the URL as it called us and the parameters, or the digest of a JSON body.

Sums by Twilio's own `RequestValidator`; around it what a stranger may send must give False, never an exception.
Source: twilio.com/docs/usage/webhooks/webhooks-security, and the SDK 9.13 for SharedKey signatures.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, parse_qsl, urlsplit

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

FRAGMENT = "#rc=2&rp=5xx,ct,rt"
"""Asks Twilio to come again (twice; on 5xx, no connection, silence), which it does not by itself.

Source: twilio.com/docs/usage/webhooks/webhooks-connection-overrides. It stays with Twilio, like any fragment of a URL.
"""
MOST_FIELDS = 1000
_DIGEST = "bodySHA256"
_FORM = "application/x-www-form-urlencoded"


def is_signed(headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str], url: str) -> bool:
    """The auth token signs with SHA-1; with the settings header the shared key does, with the algorithm it names."""
    given = headers.get(SIGNATURE_HEADER.lower(), "")
    settings = headers.get(SIGNATURE_SETTINGS_HEADER.lower())
    keys, algorithm = _keys(settings, secrets)
    if not given or not keys:
        return False
    try:
        is_json = _is_json(headers.get("content-type", ""), url)
        if is_json and not _is_digest_right(url, body):
            return False
        fields = _Fields() if is_json else _Fields(read_form(body))
        expected = [
            RequestValidator(key).compute_signature(called, fields, algorithm)
            for key in keys
            for called in _spellings(url)
        ]
    except (ValueError, UnicodeError):
        return False
    # As bytes: compare_digest refuses non-ASCII strings with an exception.
    said = given.encode("utf-8", "replace")
    return any(hmac.compare_digest(said, one.encode()) for one in expected)


def read_form(body: bytes) -> list[tuple[str, str]]:
    """Names and values in order, blank ones kept: Twilio signs those too. Raises ValueError."""
    return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)


class _Fields(dict[str, list[str]]):
    """What the SDK takes for a form with repeated names."""

    def __init__(self, pairs: list[tuple[str, str]] | None = None) -> None:
        super().__init__()
        for name, value in pairs or []:
            self.setdefault(name, []).append(value)

    def getlist(self, name: str) -> list[str]:
        return self[name]


def _keys(settings: str | None, secrets: Mapping[str, str]) -> tuple[list[str], str]:
    algorithm = get_signature_algorithm(settings).upper()
    shared, token = secrets.get("shared_key", ""), secrets.get("auth_token", "")
    if algorithm == HMAC_SHA256:
        return [shared] if shared else [], algorithm
    if algorithm != HMAC_SHA1:
        return [], algorithm
    return [key for key in (token, shared if settings else "") if key], algorithm


def _is_json(content_type: str, url: str) -> bool:
    named = content_type.split(";")[0].strip().lower()
    return named == "application/json" or (named != _FORM and f"{_DIGEST}=" in url)


def _is_digest_right(url: str, body: bytes) -> bool:
    digest = parse_qs(urlsplit(url).query).get(_DIGEST, [""])[0]
    return hmac.compare_digest(digest.encode("utf-8", "replace"), hashlib.sha256(body).hexdigest().encode())


def _spellings(url: str) -> Iterator[str]:
    """Twilio is not of one mind about the port, and a server cannot see a fragment or an empty query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = host[: host.rindex(":")] if parts.port is not None else host
    before = parts.netloc[: len(parts.netloc) - len(host)]
    port = parts.port or (443 if parts.scheme == "https" else 80)
    hosts = dict.fromkeys((host, bare, f"{bare}:{port}"))
    for each in hosts:
        called = parts._replace(netloc=before + each, fragment="").geturl()
        yield from (called, called + FRAGMENT)
        if not parts.query:
            yield called + "?"
