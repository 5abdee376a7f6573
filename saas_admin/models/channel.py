"""Where messages come from and leave by, and the raw events each channel received."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from saas_admin.core.db import TenantOwned, enum_field, json_column, moment, moment_now


class ChannelState(StrEnum):
    CONNECTED = "connected"
    ATTENTION = "attention"
    DISABLED = "disabled"


class Channel(TenantOwned, table=True):
    """A connected address of a company. `address` (a number's id, a page) belongs to one live channel at a time."""

    __table_args__ = (
        UniqueConstraint("public_id"),
        Index(
            "ux_channel_address",
            "kind",
            "address",
            unique=True,
            postgresql_where=text("deleted_at IS NULL AND address <> ''"),
        ),
    )

    kind: str = Field(max_length=32)
    name: str = Field(max_length=80)
    public_id: str = Field(max_length=40)
    address: str = Field(default="", max_length=128)
    settings: dict[str, Any] = json_column()
    secrets: bytes | None = Field(default=None, sa_type=LargeBinary)
    former_secrets: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Signing secrets that were replaced and are still good until `former_until`."""
    former_until: datetime | None = moment()
    expires_at: datetime | None = moment()
    """When the provider's token runs out, where it does."""
    facts: dict[str, Any] = json_column()
    """What the provider said at the last check: display number, verified name, quality."""
    registered_at: datetime | None = moment()
    """When our webhook was last registered at the provider, or answered its handshake."""
    checked_at: datetime | None = moment()
    refusals: int = 0
    """Refused credentials in a row."""
    has_bot: bool = False
    """A bot answers here: kept by `bots.service`, so that what comes in need not ask."""
    state: ChannelState = enum_field(ChannelState, ChannelState.CONNECTED)
    last_event_at: datetime | None = moment()
    last_sent_at: datetime | None = moment()
    last_error_code: str | None = Field(default=None, max_length=64)
    last_error_text: str | None = Field(default=None, max_length=300)
    last_error_at: datetime | None = moment()
    created_at: datetime = moment_now()
    deleted_at: datetime | None = moment()

    @property
    def is_live(self) -> bool:
        return self.deleted_at is None and self.state is not ChannelState.DISABLED


class MessageTemplate(TenantOwned, table=True):
    """A template as the provider last told it."""

    __tablename__ = "message_template"  # type: ignore[assignment]
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "channel_id"], ["channel.company_id", "channel.id"]),
        UniqueConstraint("company_id", "channel_id", "name", "language"),
    )

    channel_id: UUID
    provider_id: str = Field(max_length=120)
    name: str = Field(max_length=512)
    language: str = Field(max_length=16)
    category: str = Field(max_length=16)
    status: str = Field(max_length=16)
    quality: str = Field(default="", max_length=16)
    reason: str = Field(default="", max_length=300)
    content: dict[str, Any] = json_column()
    """Header, body, footer, buttons and variables (`adapters.channels.content.Template`)."""
    former_category: str | None = Field(default=None, max_length=16)
    """What it was before the provider changed it."""
    changed_at: datetime = moment_now()
    synced_at: datetime = moment_now()


class Exchange(TenantOwned, table=True):
    """One call between a provider and us, redacted: what the company reads when something does not work. Kept 14 days."""

    __table_args__ = (
        ForeignKeyConstraint(["company_id", "channel_id"], ["channel.company_id", "channel.id"]),
        Index("ix_exchange_channel", "company_id", "channel_id", "at"),
        Index("ix_exchange_age", "at"),
    )

    channel_id: UUID
    direction: str = Field(max_length=3)
    """`out`: we called; `in`: we were called."""
    action: str = Field(max_length=32)
    """`send`, `check`, `connect`, `media`, `templates`, `webhook` …"""
    is_ok: bool
    code: str = Field(default="", max_length=64)
    """Our failure code, or the status we answered with."""
    words: str = Field(default="", max_length=400)
    """The provider's own words."""
    milliseconds: int | None = None
    message_id: UUID | None = None
    at: datetime = moment_now()


class InboundEvent(TenantOwned, table=True):
    """One provider item as it came, unique per channel and provider key. `payload` is emptied after 30 days."""

    __tablename__ = "inbound_event"  # type: ignore[assignment]
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "channel_id"], ["channel.company_id", "channel.id"]),
        UniqueConstraint("company_id", "channel_id", "dedupe_key"),
        Index("ix_inbound_event_unhandled", "next_attempt_at", postgresql_where=text("handled_at IS NULL")),
        Index("ix_inbound_event_received", "received_at", postgresql_where=text("payload IS NOT NULL")),
    )

    channel_id: UUID
    dedupe_key: str = Field(max_length=300)
    kind: str = Field(max_length=64)
    payload: bytes | None = Field(default=None, sa_type=LargeBinary)
    received_at: datetime = moment_now()
    handled_at: datetime | None = moment()
    next_attempt_at: datetime = moment_now()
    """When a sweep may pick it up; moved forward each time, so that a poison item does not hold the others."""
    attempts: int = 0
    error: str | None = Field(default=None, max_length=300)
