"""Who did what: rows that the application may add and read, and nothing more."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from saas_admin.core.db import TenantOwned, json_column, moment_now


class AuditEntry(TenantOwned, table=True):
    __tablename__ = "audit_entry"  # type: ignore[assignment]
    __table_args__ = (
        Index("ix_audit_entry_at", "company_id", "at", "id"),
        Index("ix_audit_entry_actor", "company_id", "actor_id", "at"),
        Index("ix_audit_entry_target", "company_id", "target_kind", "target_id", "at"),
    )

    at: datetime = moment_now()
    actor_kind: str = Field(max_length=16)
    actor_id: UUID | None = None
    actor_name: str = Field(default="", max_length=120)
    """As it was then: a log still reads when the person is gone."""
    action: str = Field(max_length=64)
    """`thing.verb`, such as `member.role_changed`; `audit.<action>` of the catalogue is its sentence."""
    target_kind: str = Field(default="", max_length=32)
    target_id: UUID | None = None
    target_name: str = Field(default="", max_length=200)
    before: dict[str, Any] = json_column()
    after: dict[str, Any] = json_column()
    """What changed; secrets stand as `•••`."""
    ip: str | None = Field(default=None, max_length=64)
