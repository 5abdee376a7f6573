"""`Work`: one transaction, one actor, one company. Jobs and live deltas leave only after the commit."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from saas_admin.core import clock, jobs, realtime
from saas_admin.core.actor import Actor
from saas_admin.core.db import TenantOwned, app_engine, criteria_for
from saas_admin.core.errors import NotFound
from saas_admin.core.jobs import Job
from saas_admin.core.realtime import Delta

T = TypeVar("T", bound=SQLModel)


class Work:
    """The only way to a database session.

    `with Work(actor) as work:` commits at the end, rolls back on an exception. Services never commit.
    """

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.now: datetime = clock.now()
        self.notes: dict[type[Any], Any] = {}
        """What a module collects during the transaction, by the type of its collection."""
        self._last_steps: list[Callable[[Work], None]] = []
        self._jobs: list[tuple[Job, dict[str, Any]]] = []
        self._deltas: list[Delta] = []
        self._once_committed: list[Callable[[], object]] = []

    def __enter__(self) -> Self:
        self.session = Session(app_engine(), expire_on_commit=False, autoflush=True)
        try:
            self._scope()
        except BaseException:
            self.session.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                for step in self._last_steps:
                    step(self)
                self.session.commit()
            else:
                self.session.rollback()
        finally:
            self.session.close()
        if kind is None:
            self._tell()

    @property
    def company_id(self) -> UUID:
        if self.actor.company_id is None:
            raise NotFound
        return self.actor.company_id

    def get(self, table: type[T], row_id: UUID, *, lock: bool = False) -> T:
        """The row of this company, or NotFound: a foreign row is a missing row."""
        row = self.find(table, row_id, lock=lock)
        if row is None:
            raise NotFound(what=table.__name__.lower())
        return row

    def find(self, table: type[T], row_id: UUID, *, lock: bool = False) -> T | None:
        key: Any = (self.company_id, row_id) if issubclass(table, TenantOwned) else row_id
        return self.session.get(
            table, key, with_for_update={"key_share": True} if lock else None, populate_existing=lock
        )

    def add(self, row: T) -> T:
        if isinstance(row, TenantOwned) and getattr(row, "company_id", None) is None:
            row.company_id = self.company_id
        self.session.add(row)
        return row

    def delete(self, row: SQLModel) -> None:
        self.session.delete(row)

    def all(self, query: Select[T]) -> list[T]:
        return list(self.session.scalars(query))

    def first(self, query: Select[T]) -> T | None:
        return self.session.scalars(query.limit(1)).first()

    def flush(self) -> None:
        self.session.flush()

    def before_commit(self, step: "Callable[[Work], None]") -> None:
        """Do this once, as the last thing of the transaction, however often it is asked for."""
        if step not in self._last_steps:
            self._last_steps.append(step)

    def after_commit(self, job: Job, **arguments: Any) -> None:
        self._jobs.append((job, arguments))

    def publish(self, *deltas: Delta) -> None:
        self._deltas.extend(deltas)

    def once_committed(self, call: Callable[[], object]) -> None:
        """For what must be told at once and may be lost: a signal, never the only trace of something."""
        self._once_committed.append(call)

    def tell_nobody(self) -> None:
        """Forget all that was to be told and queued so far: the rows alone are wanted."""
        self.notes.clear()
        self._last_steps.clear()
        self._jobs.clear()
        self._deltas.clear()
        self._once_committed.clear()

    def act_in(self, company_id: UUID, user_id: UUID | None = None) -> None:
        """Enter the company a door has just named (sign-up, sign-in); only a system actor moves."""
        self.actor = replace(self.actor, company_id=company_id, user_id=user_id or self.actor.user_id)
        self._scope()

    def act_in_person(self, user_id: UUID) -> None:
        """Become the person a door has just named, in no company yet."""
        self.actor = replace(self.actor, company_id=None, user_id=user_id)
        self._scope()

    @contextmanager
    def seeing_all(self) -> Generator[None]:
        """Read all of the company for a moment: what somebody has just given away is still told to the others."""
        own = self.session.info["criteria"]
        self.session.info["criteria"] = criteria_for(Actor.system(self.company_id))
        try:
            yield
        finally:
            self.session.info["criteria"] = own

    def act_as(self, actor: Actor) -> None:
        """Become somebody who has just proved who they are (sign-in, a link from their mailbox)."""
        self.actor = actor
        self._scope()

    def _scope(self) -> None:
        company_id, user_id = self.actor.company_id, self.actor.user_id
        self.session.info["company_id"] = company_id
        self.session.info["criteria"] = criteria_for(self.actor) if company_id else None
        self.session.execute(
            select(
                func.set_config("app.company_id", str(company_id or ""), True),
                func.set_config("app.user_id", str(user_id or ""), True),
            )
        )

    def _tell(self) -> None:
        realtime.publish(self._deltas)
        for job, arguments in self._jobs:
            jobs.send(job, **arguments)
        for call in self._once_committed:
            call()
