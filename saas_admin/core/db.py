"""Engines, column helpers and the tenant scope: the first of the two belts (row-level security is the second)."""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import DateTime, Engine, Enum, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlmodel import Field, SQLModel

from saas_admin.core.actor import Actor
from saas_admin.core.clock import now
from saas_admin.core.config import get_settings
from saas_admin.core.ids import new_id
from saas_admin.core.permissions import Sight

E = TypeVar("E", bound=StrEnum)


class TenantOwned(SQLModel):
    """A row that belongs to one company. The key starts with the company, so foreign keys cannot cross."""

    company_id: UUID = Field(default=None, primary_key=True, foreign_key="company.id")
    """Stamped by the Work it is added to."""
    id: UUID = Field(default_factory=new_id, primary_key=True)


def enum_type(of: type[StrEnum]) -> Enum:
    """Stored as the member's value in a plain text column: a new member needs no migration of the type."""
    return Enum(
        of, native_enum=False, length=32, create_constraint=False, values_callable=lambda e: [m.value for m in e]
    )


def moment() -> Any:
    """A point in time that may be missing (timestamptz)."""
    return Field(default=None, sa_type=DateTime(timezone=True), nullable=True)


def moment_now() -> Any:
    """A point in time that is always known, by default now."""
    return Field(default_factory=now, sa_type=DateTime(timezone=True), nullable=False)


def enum_field(of: type[StrEnum], default: Any = ...) -> Any:
    return Field(default=default, sa_type=enum_type(of), nullable=False)


def json_column() -> Any:
    return Field(default_factory=dict, sa_type=JSONB, nullable=False)


@lru_cache(maxsize=1)
def app_engine() -> Engine:
    """The pool of the application role. `prepare_threshold=None` keeps PgBouncer in transaction mode possible."""
    engine = _engine(get_settings().database_url, pool_size=16, max_overflow=16)
    event.listen(engine, "connect", _ensure_powerless)
    return engine


@lru_cache(maxsize=1)
def owner_engine() -> Engine:
    """The pool of the role that owns the tables: migrations, seeds and exports of the operator, never a request."""
    return _engine(get_settings().owner_database_url, pool_size=2, max_overflow=2)


def _engine(url: str | None, **options: Any) -> Engine:
    if not url:
        raise RuntimeError("no database is configured: start one with `saas-admin up` or set DATABASE_URL")
    engine_url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(
        engine_url,
        pool_pre_ping=True,
        # An error in the log shows the statement, not the values: those are people's.
        hide_parameters=True,
        pool_timeout=10,
        connect_args={
            "prepare_threshold": None,
            "connect_timeout": 5,
            # A machine that vanished answers nothing at all: without this a query on it waits for two hours.
            "tcp_user_timeout": 10_000,
            "options": "-c timezone=UTC -c statement_timeout=30000",
        },
        **options,
    )


class MightyRole(RuntimeError):
    """DATABASE_URL names a role that row-level security does not bind: nothing is done with it."""


def _ensure_powerless(connection: Any, _record: Any) -> None:
    """The second belt holds only a role that owns no table and bypasses nothing; asked at every new connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p'))"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        is_mighty = cursor.fetchone()[0]
    connection.rollback()
    if is_mighty:
        raise MightyRole("the role of DATABASE_URL owns tables or bypasses row-level security: use a plain role")


@event.listens_for(Session, "do_orm_execute")
def _scope_to_company(state: ORMExecuteState) -> None:
    criteria = state.session.info.get("criteria")
    if criteria and not state.is_column_load and not state.is_relationship_load:
        state.statement = state.statement.options(*criteria)


@event.listens_for(Session, "before_flush")
def _stamp_company(session: Session, _context: Any, _instances: Any) -> None:
    company_id = session.info.get("company_id")
    for row in session.new:
        if hasattr(row, "company_id"):
            if row.company_id is None and company_id is not None:
                row.company_id = company_id
            if row.company_id != company_id:
                raise ForeignCompany(type(row).__name__)


class ForeignCompany(RuntimeError):
    """A row of another company was about to be written: a bug, never a user's mistake."""


_Key = tuple[UUID | None, UUID | None, str]
_criteria_cache: dict[_Key, list[Any]] = {}
_narrowings: list[Callable[[Actor], list[Any]]] = []


def narrow_by(rule: Callable[[Actor], list[Any]]) -> None:
    """Register criteria that some people's reads get on top of the company's. An aggregate does this where it is defined."""
    _narrowings.append(rule)


def criteria_for(actor: Actor) -> list[Any]:
    """One criterion per tenant table (the mixin form does not work with SQLModel's metaclass), then what narrows this person."""
    # Everybody who sees all of a company shares one list.
    key = (actor.company_id, actor.user_id if actor.sight is not Sight.ALL else None, actor.sight.value)
    known = _criteria_cache.get(key)
    if known is None:
        if len(_criteria_cache) > 512:
            _criteria_cache.clear()
        known = [
            with_loader_criteria(table, table.company_id == actor.company_id, include_aliases=True)
            for table in tenant_tables()
        ]
        known += [criterion for rule in _narrowings for criterion in rule(actor)]
        _criteria_cache[key] = known
    return known


@lru_cache(maxsize=1)
def tenant_tables() -> list[type[Any]]:
    """Every mapped table that has a `company_id`."""
    mappers = sorted(SQLModel._sa_registry.mappers, key=lambda mapper: mapper.class_.__name__)
    return [mapper.class_ for mapper in mappers if "company_id" in mapper.columns]
