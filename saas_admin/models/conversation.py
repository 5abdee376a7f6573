"""A thread with one customer on one channel, its tags, its trail, and the kept counts."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Computed,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field, SQLModel

from saas_admin.core.db import TenantOwned, enum_field, json_column, moment, moment_now


class ConversationState(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Bucket(StrEnum):
    """What the inbox shows as tabs. Pending: someone waits for us. In progress: we have answered."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Voice(StrEnum):
    """Who speaks for the company in a thread. Changed only under the row's lock."""

    BOT = "bot"
    """The bot, where one is on."""
    PERSON = "person"
    """A person, until the thread is given back: the bot says nothing."""


_BUCKET_SQL = (
    "CASE WHEN state = 'closed' THEN 'closed' WHEN state = 'snoozed' THEN 'snoozed' "
    "WHEN waiting_since IS NOT NULL THEN 'pending' ELSE 'in_progress' END"
)


class Conversation(TenantOwned, table=True):
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "channel_id"], ["channel.company_id", "channel.id"]),
        ForeignKeyConstraint(["company_id", "customer_id"], ["customer.company_id", "customer.id"]),
        # At most one thread of a customer and channel is alive: two workers cannot open two.
        Index(
            "ux_conversation_alive",
            "company_id",
            "channel_id",
            "customer_id",
            unique=True,
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_conversation_waiting", "company_id", "bucket", "waiting_since", "id"),
        Index("ix_conversation_recent", "company_id", "bucket", "last_message_at", "id"),
        Index("ix_conversation_owner", "company_id", "assignee_id", "bucket", "last_message_at"),
        Index("ix_conversation_customer", "company_id", "customer_id", "last_message_at"),
        Index("ix_conversation_changed", "company_id", "changed_at"),
        Index("ix_conversation_bot_due", "bot_due_at", postgresql_where=text("bot_due_at IS NOT NULL")),
    )

    channel_id: UUID
    customer_id: UUID
    state: ConversationState = enum_field(ConversationState, ConversationState.OPEN)
    assignee_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    waiting_since: datetime | None = moment()
    """Starts with the customer's message, stops with a human answer."""
    bucket: str = Field(
        default=None, sa_column=Column(String(16), Computed(_BUCKET_SQL, persisted=True), nullable=False)
    )
    counter: int = 0
    """Counts every change, under the row's lock: "resume from" compares it with a message's `rev`."""
    unread: int = 0
    last_message_at: datetime = moment_now()
    last_customer_at: datetime | None = moment()
    """The customer's last word by the provider's clock: the reply window counts from here."""
    preview: str = Field(default="", max_length=200)
    preview_kind: str = Field(default="text", max_length=16)
    preview_author: str = Field(default="customer", max_length=16)
    preview_author_id: UUID | None = None
    unanswered: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}")
    )
    """The customer's messages that nobody has answered, in the order they were stored, the latest of them. Not told by
    clocks: a provider's runs behind ours, and messages arrive late."""
    voice: Voice = enum_field(Voice, Voice.BOT)
    voice_at: datetime | None = moment()
    """When it last changed hands."""
    bot_due_at: datetime | None = moment()
    """The bot owes an answer, to be looked for from this moment on: the row is the outbox of its job."""
    bot_attempts: int = 0
    opened_at: datetime = moment_now()
    closed_at: datetime | None = moment()
    changed_at: datetime = moment_now()
    created_at: datetime = moment_now()

    @property
    def is_open(self) -> bool:
        return self.state is ConversationState.OPEN


class Tag(TenantOwned, table=True):
    __table_args__ = (Index("ux_tag_name", "company_id", text("lower(name)"), unique=True),)

    name: str = Field(max_length=40)
    color: str = Field(default="c2", max_length=8)
    position: int = 0


class ConversationTag(SQLModel, table=True):
    __tablename__ = "conversation_tag"  # type: ignore[assignment]
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "conversation_id"], ["conversation.company_id", "conversation.id"]),
        ForeignKeyConstraint(["company_id", "tag_id"], ["tag.company_id", "tag.id"]),
        Index("ix_conversation_tag_tag", "company_id", "tag_id", "conversation_id"),
    )

    company_id: UUID = Field(primary_key=True)
    conversation_id: UUID = Field(primary_key=True)
    tag_id: UUID = Field(primary_key=True)


class ActivityKind(StrEnum):
    TAKEN = "taken"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    CLOSED = "closed"
    REOPENED = "reopened"
    TAGGED = "tagged"
    UNTAGGED = "untagged"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    MOVED = "moved"
    """The customer's number or id changed."""
    HANDED_OVER = "handed_over"
    """The bot gave the thread to people; `data` is its note for them."""
    ESCALATED = "escalated"
    """Nobody answered in time."""
    GIVEN_BACK = "given_back"
    """The bot speaks again."""


class Activity(TenantOwned, table=True):
    """Who did what in a thread: the small centred lines."""

    __table_args__ = (
        ForeignKeyConstraint(["company_id", "conversation_id"], ["conversation.company_id", "conversation.id"]),
        Index("ix_activity_conversation", "company_id", "conversation_id", "at"),
        UniqueConstraint("company_id", "conversation_id", "rev"),
    )

    conversation_id: UUID
    kind: ActivityKind = enum_field(ActivityKind)
    actor_kind: str = Field(default="system", max_length=16)
    actor_id: UUID | None = None
    data: dict[str, Any] = json_column()
    rev: int
    at: datetime = moment_now()


class ConversationCount(SQLModel, table=True):
    """Changes of the number of conversations per bucket and owner; a statement trigger writes them, a sweep adds them up.

    Rows are only appended, so that two messages of one company never wait for each other's count.
    """

    __tablename__ = "conversation_count"  # type: ignore[assignment]
    __table_args__ = (Index("ix_conversation_count_company", "company_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    company_id: UUID
    bucket: str = Field(max_length=16)
    owner: UUID
    """The assignee, or the nil UUID for none."""
    n: int
