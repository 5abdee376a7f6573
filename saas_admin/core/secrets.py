"""Encryption at rest with a rotating key ring, and signed tokens.

The ring is the setting SECRET_KEYS or the file `secrets/keyring` of the data directory, newest key first; back it up apart from the database.
"""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from saas_admin.core.config import get_settings

REDACTED = "…"
_SECRETS = (
    re.compile(r"(?i)((?:bearer|basic)\s+)[^\s\"',]+"),
    re.compile(r"(?i)((?:access_token|appsecret_proof|token|client_secret|key|password)=)[^&\s\"']+"),
    re.compile(r"()\b(?:EAA|IGAA|IGQV)[A-Za-z0-9_-]{8,}"),
    re.compile(r"(/bot)\d+:[A-Za-z0-9_-]+"),
    re.compile(r"()\b\d{5,20}(?::|%3A)[A-Za-z0-9_-]{30,}"),
    re.compile(r"(//)[^/\s@]+:[^/\s@]+(?=@)"),
)


def random_token(length: int = 32) -> str:
    """An unguessable URL-safe token of `length` bytes."""
    return secrets.token_urlsafe(length)


def token_hash(token: str) -> bytes:
    """What is stored of a token: SHA-256, since a random token needs no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def encrypt(values: dict[str, str]) -> bytes:
    return _ring().encrypt(json.dumps(values).encode())


def decrypt(blob: bytes | None) -> dict[str, str]:
    """The stored secrets; an empty dict where nothing was stored. Raises KeyRingError when no key fits."""
    if not blob:
        return {}
    try:
        return json.loads(_ring().decrypt(bytes(blob)))
    except InvalidToken as error:
        raise KeyRingError("no key of the ring opens this secret") from error


def sign(purpose: str, payload: dict[str, Any]) -> str:
    """A sealed token that only this install can read and only for the same purpose."""
    return _ring().encrypt(json.dumps({"p": purpose, **payload}, separators=(",", ":")).encode()).decode()


def unsign(purpose: str, token: str, max_age: int | None = None) -> dict[str, Any] | None:
    """The payload, or None when the token is forged, of another purpose, or older than `max_age` seconds."""
    try:
        raw = _ring().decrypt(token.encode(), ttl=max_age) if max_age else _ring().decrypt(token.encode())
        payload: dict[str, Any] = json.loads(raw)
    except (InvalidToken, ValueError, UnicodeEncodeError):
        return None
    return payload if payload.pop("p", None) == purpose else None


def redact(text: str, values: Iterable[str] = ()) -> str:
    """Take known secrets and whatever looks like one out of a text."""
    for value in values:
        if len(value) >= 6:
            text = text.replace(value, REDACTED)
    for pattern in _SECRETS:
        text = pattern.sub(rf"\1{REDACTED}", text)
    return text


class KeyRingError(RuntimeError):
    pass


@lru_cache(maxsize=1)
def _ring() -> MultiFernet:
    settings = get_settings()
    keys = settings.secret_keys.split(",") if settings.secret_keys else _ring_file(settings.secrets_dir / "keyring")
    return MultiFernet([Fernet(key.strip()) for key in keys if key.strip()])


def _ring_file(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = Fernet.generate_key().decode()
    try:
        # O_EXCL: of several processes starting together one writes the ring, the others read it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().split()
    with os.fdopen(handle, "w") as file:
        file.write(fresh + "\n")
    return [fresh]
