"""The person at the other end, and the ids channels know them by."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from saas_admin.core.db import TenantOwned, moment, moment_now


class Customer(TenantOwned, table=True):
    __table_args__ = (
        Index("ux_customer_phone", "company_id", "phone", unique=True, postgresql_where=text("phone IS NOT NULL")),
        Index("ix_customer_name", "company_id", "name"),
    )

    name: str = Field(default="", max_length=120)
    phone: str | None = Field(default=None, max_length=20)
    """E.164, or None: a WhatsApp user may hide the number."""
    email: str | None = Field(default=None, max_length=254)
    language: str | None = Field(default=None, max_length=8)
    created_at: datetime = moment_now()


class CustomerIdentity(TenantOwned, table=True):
    """An id of a customer on one channel. WhatsApp gives some people two (number and business-scoped id)."""

    __tablename__ = "customer_identity"  # type: ignore[assignment]
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "customer_id"], ["customer.company_id", "customer.id"]),
        ForeignKeyConstraint(["company_id", "channel_id"], ["channel.company_id", "channel.id"]),
        UniqueConstraint("company_id", "channel_id", "external_id"),
        Index("ix_customer_identity_customer", "company_id", "customer_id"),
    )

    customer_id: UUID
    channel_id: UUID
    external_id: str = Field(max_length=200)
    username: str | None = Field(default=None, max_length=120)
    retired_at: datetime | None = moment()
    """The number or id was changed for another: known, but not written to any more."""
    blocked_at: datetime | None = moment()
    """They blocked us or wrote STOP: nothing arrives until they come back."""
    created_at: datetime = moment_now()


class ConsentEvent(TenantOwned, table=True):
    """A yes or a no of a customer, with its proof. Only ever appended; the latest of a purpose is what counts."""

    __tablename__ = "consent_event"  # type: ignore[assignment]
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "customer_id"], ["customer.company_id", "customer.id"]),
        ForeignKeyConstraint(["company_id", "channel_id"], ["channel.company_id", "channel.id"]),
        Index("ix_consent_event_customer", "company_id", "customer_id", "channel_id", "purpose", "at"),
    )

    customer_id: UUID
    channel_id: UUID
    purpose: str = Field(max_length=16)
    is_allowed: bool
    source: str = Field(max_length=16)
    """`provider`: a notice of Meta, Twilio or Telegram; `agent`: told to a person of the company."""
    words: str = Field(default="", max_length=300)
    at: datetime = moment_now()
    created_at: datetime = moment_now()
