"""Passwords: Argon2id through the passlib API, rehashed when its parameters change, and how hard one is to guess."""

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from passlib.context import CryptContext
from zxcvbn import zxcvbn

from saas_admin.core.brand import NAME

MIN_LENGTH = 10
MAX_LENGTH = 200
ENOUGH = 3
"""Of zxcvbn's 0 to 4: more than a hundred million guesses."""

# zxcvbn judges at most this much; what comes after only makes it harder.
_JUDGED = 72
# What it does not know: the words that Spanish speakers reach for first, and ours.
_COMMON = ("contraseña", "contrasena", "clave", "tienda", "bienvenido", "hola", "teamo", "teclado", NAME.lower())


@dataclass(frozen=True)
class Strength:
    level: int
    """0 (a child guesses it) to 4."""
    words: str
    """Key of the sentence: `auth.strength.<words>`."""
    problem: str | None
    """Error code when it is not accepted."""


AT_ONCE = 4
"""Hashes made at a time: each takes 64 MiB, and forty threads would take it together."""
_room = threading.BoundedSemaphore(AT_ONCE)


@lru_cache(maxsize=1)
def context() -> CryptContext:
    """Argon2id with RFC 9106's second recommended set, sized for a small server: 64 MiB, 3 passes, 4 lanes."""
    return CryptContext(
        schemes=["argon2"], argon2__type="ID", argon2__memory_cost=65536, argon2__time_cost=3, argon2__parallelism=4
    )


def hash_password(password: str) -> str:
    with _room:
        return context().hash(password)


def verify_and_update(password: str, stored: str) -> tuple[bool, str | None]:
    """Whether it is right, and a new hash to store where the parameters have changed since."""
    with _room:
        return context().verify_and_update(password[:MAX_LENGTH], stored)


def spend_time(password: str) -> None:
    """Cost an unknown address the same time as a known one, so that the clock tells nothing."""
    decoy = _decoy()
    with _room:
        context().verify(password[:MAX_LENGTH], decoy)


def judge(password: str, own_words: Iterable[str] = ()) -> Strength:
    """How long it stands against guessing, by somebody who knows the person's name, address and shop."""
    if not password:
        return Strength(0, "none", "password_short")
    if len(password) > MAX_LENGTH:
        return Strength(0, "long", "password_long")
    own = _words(own_words)
    found: Any = zxcvbn(password[:_JUDGED], user_inputs=[*own, *_COMMON])
    level = int(found["score"])
    if len(password) < MIN_LENGTH:
        return Strength(min(level, 1), "short", "password_short")
    if _is_own(password, own):
        return Strength(min(level, ENOUGH - 1), "own", "password_own")
    if level >= ENOUGH:
        return Strength(level, "strong" if level > ENOUGH else "good", None)
    return Strength(level, "weak", "password_weak")


def _is_own(password: str, own: list[str]) -> bool:
    """Whether hardly anything is left of it without the person's own words: `Julia-Candil-26` of Julia at Candil."""
    rest = password.lower()
    for word in sorted(own, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < len(password) and len(re.sub(r"[\W_]", "", rest)) < 6


def _words(sources: Iterable[str]) -> list[str]:
    """Each given text, and its parts: `julia@candil.example` is guessed as `julia` and `candil` too."""
    whole = [text.lower() for text in sources if text]
    return [word for text in whole for word in {text, *re.split(r"[\W_]+", text)} if len(word) >= 3][:60]


@lru_cache(maxsize=1)
def _decoy() -> str:
    return hash_password("a password nobody has")
