"""Alembic, as a library: `up` migrates, `doctor` and `/readyz` compare."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from saas_admin.platform.places import MIGRATION_ERROR, ROOT

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = ROOT / "alembic" / "versions"
_REVISION = re.compile(r"""^(down_)?revision\b[^=]*=\s*['"](\w+)['"]""", re.MULTILINE)


@dataclass(frozen=True)
class MigrationState:
    current: str | None
    head: str | None

    @property
    def is_current(self) -> bool:
        return self.current == self.head


def config() -> "Config":
    """`alembic/env.py` takes the database from `get_settings().owner_database_url`."""
    from alembic.config import Config  # every web process imports this module, and only `up` migrates

    made = Config()
    made.set_main_option("script_location", str(ROOT / "alembic"))
    made.set_main_option("path_separator", "os")
    return made


def upgrade() -> None:
    from alembic import command

    command.upgrade(config(), "head")


@lru_cache(maxsize=1)
def head() -> str | None:
    """The one revision that no other builds on, read from the files: Alembic would cost half a second to ask."""
    names: set[str] = set()
    built_upon: set[str] = set()
    for file in VERSIONS.glob("*.py"):
        for down, name in _REVISION.findall(file.read_text()):
            (built_upon if down else names).add(name)
    return max(names - built_upon, default=None)


def last_error(data_dir: Path) -> str:
    """Why the last `up` could not migrate, in the words of the failure; empty when it could."""
    try:
        return (data_dir / MIGRATION_ERROR).read_text()
    except OSError:
        return ""


def state(database_url: str) -> MigrationState:
    with psycopg.connect(database_url, connect_timeout=5) as connection:
        # Asked first, since a missing table would be an error in the server's log at each probe.
        known = connection.execute("SELECT to_regclass('public.alembic_version') IS NOT NULL").fetchone()
        if not known or not known[0]:
            return MigrationState(None, head())
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return MigrationState(row[0] if row else None, head())


if __name__ == "__main__":
    upgrade()
