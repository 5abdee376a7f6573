"""What the company answers to what it is asked: questions in several phrasings, their answer, their history."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from saas_admin.core.db import TenantOwned, enum_field, json_column, moment, moment_now


class FaqStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class FaqCategory(TenantOwned, table=True):
    __tablename__ = "faq_category"  # type: ignore[assignment]
    __table_args__ = (Index("ux_faq_category_name", "company_id", text("lower(name)"), unique=True),)

    name: str = Field(max_length=60)
    position: int = 0
    created_at: datetime = moment_now()


class Faq(TenantOwned, table=True):
    """An answer and what it answers. Its first phrasing is its title. Deleted ones stay, so that they can come back."""

    __table_args__ = (
        ForeignKeyConstraint(["company_id", "category_id"], ["faq_category.company_id", "faq_category.id"]),
        Index("ix_faq_listed", "company_id", "status", "updated_at", postgresql_where=text("deleted_at IS NULL")),
    )

    category_id: UUID | None = None
    language: str = Field(default="es", max_length=8)
    answer: str = Field(default="", max_length=4000)
    """May name variables: `{shop}`, `{name}` … (`faqs.variables`)."""
    media: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """Files that go with the answer: `[{"id", "kind", "mime", "filename", "size"}]`, kept in `core.files`."""
    channel_kinds: list[str] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """Kinds of channel it is given on; empty: all."""
    status: FaqStatus = enum_field(FaqStatus, FaqStatus.DRAFT)
    is_sensitive: bool = False
    """Never said without a second look: the model checks it against the question, or a person answers."""
    version: int = 1
    created_at: datetime = moment_now()
    updated_at: datetime = moment_now()
    updated_by: UUID | None = None
    deleted_at: datetime | None = moment()


class PhrasingSource(StrEnum):
    TYPED = "typed"
    IMPORTED = "imported"
    QUESTION = "question"
    """A customer asked it so."""


class FaqPhrasing(TenantOwned, table=True):
    """One way to ask it."""

    __tablename__ = "faq_phrasing"  # type: ignore[assignment]
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "faq_id"], ["faq.company_id", "faq.id"]),
        Index("ix_faq_phrasing_faq", "company_id", "faq_id", "position"),
    )

    faq_id: UUID
    text: str = Field(max_length=300)
    position: int = 0
    source: PhrasingSource = enum_field(PhrasingSource, PhrasingSource.TYPED)
    created_at: datetime = moment_now()


class FaqChange(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    RESTORED = "restored"
    IMPORTED = "imported"


class FaqRevision(TenantOwned, table=True):
    """How a FAQ was after a change: all of it, so that any state can come back. Only ever appended."""

    __tablename__ = "faq_revision"  # type: ignore[assignment]
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "faq_id"], ["faq.company_id", "faq.id"]),
        UniqueConstraint("company_id", "faq_id", "version"),
    )

    faq_id: UUID
    version: int
    change: FaqChange = enum_field(FaqChange)
    data: dict[str, Any] = json_column()
    actor_id: UUID | None = None
    at: datetime = moment_now()


class Knowledge(SQLModel, table=True):
    """The version of all that a company's bot knows: whoever keeps an index of it compares."""

    company_id: UUID = Field(primary_key=True, foreign_key="company.id")
    version: int = Field(default=1, sa_type=BigInteger)
    indexed_version: int = Field(default=0, sa_type=BigInteger)
    """What the vector store holds."""
    model_id: str = Field(default="", max_length=80)
    """The encoders the stored vectors are of."""
    indexed_at: datetime | None = moment()
