"""Every secret that a test run makes is remembered, and looked for afterwards where none may stand: database rows and logs.

Tokens, passwords, TOTP seeds and what a test calls `keep` on are noted as they are made. After each test that used the
database its rows are searched, at the end of the run everything that was logged.
"""

import functools
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pyotp
from psycopg import sql

from saas_admin.accounts import passwords
from saas_admin.core import logs, secrets

SHORTEST = 8
"""Shorter ones (six digits of a code) would be found in any number."""

_known: set[str] = set()
_logged: list[str] = []


def keep(secret: str) -> str:
    if len(secret) >= SHORTEST:
        _known.add(secret)
    return secret


def install() -> None:
    """Once, before any test: the makers of secrets tell what they made."""
    secrets.random_token = _noting(secrets.random_token)
    pyotp.random_base32 = _noting(pyotp.random_base32)
    hash_password = passwords.hash_password

    def noting_password(password: str) -> str:
        keep(password)
        return hash_password(password)

    passwords.hash_password = noting_password
    # Where records are made: handlers come and go during a run.
    make_record, formatter = logging.getLogRecordFactory(), logs.formatter()

    def noting_record(*arguments: Any, **options: Any) -> logging.LogRecord:
        record = make_record(*arguments, **options)
        _logged.append(formatter.format(record))
        return record

    logging.setLogRecordFactory(noting_record)


def find_in_rows(dsn: str) -> list[str]:
    """Tables that hold one of the secrets made so far, in the clear."""
    if not _known:
        return []
    with psycopg.connect(dsn) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            )
        ]
        found: list[str] = []
        for table in tables:
            rows = connection.execute(sql.SQL("SELECT t::text FROM {} t LIMIT 2000").format(sql.Identifier(table)))
            text = "\n".join(row[0] for row in rows)
            found += [table for secret in _known if secret in text]
    return sorted(set(found))


def find_in_logs() -> list[str]:
    """Lines of this run's own log that hold one."""
    return _lines_with_secrets("\n".join(_logged))


def find_in_files(folder: Path) -> list[str]:
    """Lines of an instance's logs that hold one."""
    logs_of = [path for path in folder.rglob("*") if path.is_file()]
    return [line for path in logs_of for line in _lines_with_secrets(path.read_text(errors="replace"))]


def _lines_with_secrets(text: str) -> list[str]:
    found = [secret for secret in _known if secret in text]
    return [line[:200] for line in text.splitlines() if any(secret in line for secret in found)]


def counts() -> tuple[int, int]:
    """How many secrets were made, and how many lines were logged."""
    return len(_known), len(_logged)


def _noting(make: Callable[..., str]) -> Callable[..., str]:
    @functools.wraps(make)
    def noting(*arguments: Any, **options: Any) -> str:
        return keep(make(*arguments, **options))

    return noting
