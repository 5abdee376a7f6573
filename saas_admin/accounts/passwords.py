"""Passwords: Argon2id through the passlib API, rehashed when its parameters change."""

import threading
from functools import lru_cache

from passlib.context import CryptContext

MIN_LENGTH = 10
MAX_LENGTH = 200


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
        return context().verify_and_update(password, stored)


def spend_time(password: str) -> None:
    """Cost an unknown address the same time as a known one, so that the clock tells nothing."""
    decoy = _decoy()
    with _room:
        context().verify(password, decoy)


@lru_cache(maxsize=1)
def _decoy() -> str:
    return hash_password("a password nobody has")
