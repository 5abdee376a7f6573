"""Migrations run as the role `owner`, over the models of the product."""

from alembic import context
from sqlalchemy import create_engine, pool
from sqlmodel import SQLModel

import saas_admin.models  # noqa: F401 (registers the tables)
from saas_admin.core.config import get_settings

# Written in alembic/sql, where SQLAlchemy's metadata has no words for them.
_IN_SQL = {"ix_message_words", "ix_customer_words", "ix_customer_digits"}


def _include(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return not (kind == "index" and name in _IN_SQL)


def _url() -> str:
    given = (
        context.config.attributes.get("url")
        or context.get_x_argument(as_dictionary=True).get("url")
        or get_settings().owner_database_url
    )
    if not given:
        raise RuntimeError("no database is configured: start one with `saas-admin up` or set OWNER_DATABASE_URL")
    return str(given).replace("postgresql://", "postgresql+psycopg://", 1)


def run() -> None:
    engine = create_engine(_url(), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=SQLModel.metadata, compare_type=True, include_object=_include
        )
        with context.begin_transaction():
            context.run_migrations()


run()
