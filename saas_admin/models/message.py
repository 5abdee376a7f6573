"""What was said, its delivery, and its files."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from saas_admin.core.db import TenantOwned, enum_field, json_column, moment, moment_now


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class MessageStatus(StrEnum):
    RECEIVED = "received"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"


class AuthorKind(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"


# Receipts only move forward. A failure may follow "sent" (the provider tells later) but never a delivery.
_RANK = {
    MessageStatus.QUEUED: 0,
    MessageStatus.SENDING: 1,
    MessageStatus.UNKNOWN: 2,
    MessageStatus.SENT: 3,
    MessageStatus.FAILED: 4,
    MessageStatus.DELIVERED: 5,
    MessageStatus.READ: 6,
}


class Message(TenantOwned, table=True):
    """Ordered in its thread by (at, created_at, id): provider clocks are whole seconds."""

    __table_args__ = (
        ForeignKeyConstraint(["company_id", "conversation_id"], ["conversation.company_id", "conversation.id"]),
        ForeignKeyConstraint(["company_id", "channel_id"], ["channel.company_id", "channel.id"]),
        ForeignKeyConstraint(["company_id", "customer_id"], ["customer.company_id", "customer.id"]),
        Index("ix_message_thread", "company_id", "conversation_id", "at", "created_at", "id"),
        Index("ix_message_channel", "company_id", "channel_id", "created_at"),
        Index("ix_message_rev", "company_id", "conversation_id", "rev"),
        Index(
            "ux_message_provider_id",
            "company_id",
            "channel_id",
            "provider_id",
            unique=True,
            postgresql_where=text("provider_id IS NOT NULL"),
        ),
        Index(
            "ux_message_draft_id", "company_id", "draft_id", unique=True, postgresql_where=text("draft_id IS NOT NULL")
        ),
        Index("ix_message_outbox", "next_attempt_at", postgresql_where=text("status IN ('queued', 'sending')")),
        Index(
            "ix_message_due",
            "company_id",
            "channel_id",
            "next_attempt_at",
            postgresql_where=text("status IN ('queued', 'sending')"),
        ),
        Index(
            "ix_message_leaving",
            "company_id",
            "conversation_id",
            "at",
            postgresql_where=text("status IN ('queued', 'sending')"),
        ),
    )

    conversation_id: UUID
    channel_id: UUID
    customer_id: UUID
    direction: Direction = enum_field(Direction)
    kind: str = Field(default="text", max_length=16)
    text: str = Field(default="")
    data: dict[str, Any] = json_column()
    """Location, contact cards, reaction, button: what the kind needs beyond text."""
    status: MessageStatus = enum_field(MessageStatus)
    author_kind: AuthorKind = enum_field(AuthorKind)
    author_id: UUID | None = None
    provider_id: str | None = Field(default=None, max_length=300)
    reply_to_id: UUID | None = None
    draft_id: str | None = Field(default=None, max_length=64)
    """Made by the composer: the same draft sent twice is one message."""
    rev: int = 0
    """The conversation's counter when this row last changed."""
    at: datetime = moment_now()
    """By the provider's clock for what came in, by ours for what goes out."""
    created_at: datetime = moment_now()
    edited_at: datetime | None = moment()
    revoked_at: datetime | None = moment()
    """Taken back by whoever wrote it: the words are gone from the row."""
    attempts: int = 0
    claimed_at: datetime | None = moment()
    next_attempt_at: datetime | None = moment()
    error_code: str | None = Field(default=None, max_length=32)
    error_detail: str | None = Field(default=None, max_length=300)

    def can_become(self, status: MessageStatus) -> bool:
        """Whether a receipt moves this message forward; late and repeated receipts do not."""
        return self.direction is Direction.OUT and _RANK[status] > _RANK[self.status]


class AttachmentState(StrEnum):
    PENDING = "pending"
    STORED = "stored"
    FAILED = "failed"


class Attachment(TenantOwned, table=True):
    """A file of a message. Uploaded before sending it has no message yet; received it has no file yet."""

    __table_args__ = (
        ForeignKeyConstraint(["company_id", "conversation_id"], ["conversation.company_id", "conversation.id"]),
        ForeignKeyConstraint(["company_id", "message_id"], ["message.company_id", "message.id"]),
        Index("ix_attachment_message", "company_id", "message_id"),
        Index("ix_attachment_pending", "next_attempt_at", postgresql_where=text("state = 'pending'")),
        Index("ix_attachment_unsent", "created_at", postgresql_where=text("message_id IS NULL")),
    )

    conversation_id: UUID | None = None
    message_id: UUID | None = None
    uploaded_by: str | None = Field(default=None, max_length=64)
    """`user:<id>` or `visitor:<identity>`: only the uploader may put it into a message."""
    kind: str = Field(max_length=16)
    mime: str = Field(max_length=120)
    filename: str | None = Field(default=None, max_length=200)
    size: int | None = None
    width: int | None = None
    height: int | None = None
    is_voice: bool = False
    sha256: str | None = Field(default=None, max_length=64)
    has_thumb: bool = False
    source: dict[str, Any] = json_column()
    """Where the provider keeps it, until it is fetched."""
    state: AttachmentState = enum_field(AttachmentState, AttachmentState.PENDING)
    attempts: int = 0
    next_attempt_at: datetime | None = moment()
    error_code: str | None = Field(default=None, max_length=32)
    created_at: datetime = moment_now()
