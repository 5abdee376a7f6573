"""The bot of a company: how it speaks, where it is on, what it answered and why, and to whom it handed over."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from saas_admin.core.db import TenantOwned, enum_field, json_column, moment, moment_now


class BotKind(StrEnum):
    FAQ = "faq"


class Schedule(StrEnum):
    ALWAYS = "always"
    OPEN = "open"
    """Within the company's business hours."""
    CLOSED = "closed"
    """Outside of them."""


class GiveBack(StrEnum):
    """When a thread that a person has had goes back to the bot by itself."""

    NEVER = "never"
    ON_CLOSE = "on_close"
    AFTER_HOURS = "after_hours"


class Bot(TenantOwned, table=True):
    """One per company and kind. What a channel does not say for itself (`BotChannel`) is said here."""

    __table_args__ = (UniqueConstraint("company_id", "kind"),)

    kind: BotKind = enum_field(BotKind, BotKind.FAQ)
    is_on: bool = False
    name: str = Field(default="", max_length=40)
    persona: str = Field(default="", max_length=600)
    """How it speaks, in the company's words: given to the model, never to the customer."""
    address_form: str = Field(default="tu", max_length=8)
    """tu, vos, usted."""
    language: str = Field(default="customer", max_length=8)
    """es, en, pt, or the customer's."""
    greeting: str = Field(default="", max_length=600)
    """Said once, before the first answer of a thread; that it is a machine is always said with it."""
    schedule: Schedule = enum_field(Schedule, Schedule.ALWAYS)
    direct_at: float = 0.9
    """From this probability on a FAQ is answered by itself."""
    person_at: float = 0.1
    """Below this one a person answers."""
    most_answers: int = 12
    """Answers in a row in one thread before a person is asked to look."""
    forbidden_topics: list[str] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """Words that hand over at once."""
    give_back: GiveBack = enum_field(GiveBack, GiveBack.ON_CLOSE)
    give_back_hours: int = 12
    answer_within: int = 30
    """Minutes of business time a person has after a hand-over, before it is escalated."""
    created_at: datetime = moment_now()
    updated_at: datetime = moment_now()


class BotChannel(SQLModel, table=True):
    """Whether a bot answers on a channel, and what is different there."""

    __tablename__ = "bot_channel"  # type: ignore[assignment]
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "bot_id"], ["bot.company_id", "bot.id"]),
        ForeignKeyConstraint(["company_id", "channel_id"], ["channel.company_id", "channel.id"]),
    )

    company_id: UUID = Field(primary_key=True)
    bot_id: UUID = Field(primary_key=True)
    channel_id: UUID = Field(primary_key=True)
    is_on: bool = False
    differs: dict[str, Any] = json_column()
    """Any of `name`, `persona`, `address_form`, `greeting`, `schedule`."""


class AiProvider(TenantOwned, table=True):
    """An OpenAI-compatible endpoint of the company, its key sealed, and what may be spent on it."""

    __tablename__ = "ai_provider"  # type: ignore[assignment]
    __table_args__ = (UniqueConstraint("company_id"),)

    is_on: bool = True
    base_url: str = Field(default="", max_length=300)
    model: str = Field(default="", max_length=80)
    embedding_model: str = Field(default="", max_length=80)
    """Empty: the packaged encoders."""
    secrets: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    price_in: int = 0
    """Micro-units of the account's currency (1 USD = 1,000,000) for a million tokens read."""
    price_out: int = 0
    """The same for a million tokens written."""
    price_embedding: int = 0
    """The same for a million tokens made into vectors."""
    monthly_cap: int = Field(default=20_000_000, sa_type=BigInteger)
    """Micro-units a calendar month may cost; from then on FAQs and people answer."""
    checked_at: datetime | None = moment()
    trouble: str = Field(default="", max_length=32)
    """Why it does not answer at the moment, from the closed list of `adapters.llm`; empty when it does."""
    trouble_detail: str = Field(default="", max_length=300)
    embedding_trouble: str = Field(default="", max_length=32)
    """Why its model for vectors does not answer, from the same list. While it lasts the packaged encoders compare."""
    embedding_trouble_detail: str = Field(default="", max_length=300)
    updated_at: datetime = moment_now()


class AiUsage(TenantOwned, table=True):
    """What was spent in a calendar month of the company's zone, added up call by call."""

    __tablename__ = "ai_usage"  # type: ignore[assignment]
    __table_args__ = (UniqueConstraint("company_id", "month"),)

    month: str = Field(max_length=7)
    """`2026-11`."""
    calls: int = 0
    tokens_in: int = Field(default=0, sa_type=BigInteger)
    tokens_out: int = Field(default=0, sa_type=BigInteger)
    cost: int = Field(default=0, sa_type=BigInteger)
    """Micro-units."""
    warned_at: datetime | None = moment()
    """Admins were told that 80 % are gone."""
    capped_at: datetime | None = moment()


class Route(StrEnum):
    """How a question was answered; the order is from the surest to a person."""

    EXACT = "exact"
    FAQ = "faq"
    MODEL = "model"
    OFFER = "offer"
    """The closest questions to choose from."""
    SMALL_TALK = "small_talk"
    PERSON = "person"
    NONE = "none"
    """Nothing was said: a person had the thread by then."""


LIKELY_AT = 0.5
"""Probability from which the closest FAQ is likelier right than wrong."""


def certainty(route: str, reason: str, probability: float | None, direct_at: float, person_at: float) -> str:
    """In words: `high` from where the company lets the bot answer by itself, `low` where it is likelier wrong than right or
    a person answers, `middle` between. Empty for small talk and for what the customer tapped: nothing was weighed there."""
    if probability is None or reason == "chosen" or route == Route.SMALL_TALK:
        return ""
    return "high" if probability >= direct_at else "low" if probability < max(person_at, LIKELY_AT) else "middle"


class Review(StrEnum):
    """Where a question stands in the list of those that were not answered."""

    NONE = "none"
    OPEN = "open"
    DONE = "done"
    DISMISSED = "dismissed"


class BotAnswer(TenantOwned, table=True):
    """The receipt of an answer: what was asked, what was said, why, and what it cost."""

    __tablename__ = "bot_answer"  # type: ignore[assignment]
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "conversation_id"], ["conversation.company_id", "conversation.id"]),
        ForeignKeyConstraint(["company_id", "channel_id"], ["channel.company_id", "channel.id"]),
        Index("ix_bot_answer_conversation", "company_id", "conversation_id", "at"),
        Index("ix_bot_answer_at", "company_id", "at"),
        Index("ix_bot_answer_message", "company_id", "message_id", postgresql_where=text("message_id IS NOT NULL")),
        Index("ix_bot_answer_review", "company_id", "folded", "at", postgresql_where=text("review = 'open'")),
    )

    conversation_id: UUID
    channel_id: UUID
    question_id: UUID | None = None
    """The customer's message that is answered, the last of them when there were several."""
    message_id: UUID | None = None
    """The answer's first message; None when nothing was said."""
    question: str = Field(default="", max_length=1000)
    folded: str = Field(default="", max_length=300)
    """The question as it is compared: without accents, case and marks."""
    language: str = Field(default="", max_length=8)
    route: Route = enum_field(Route)
    reason: str = Field(default="", max_length=32)
    """Why this route: a threshold, a rule, a fault of the model (`bots.reasons`)."""
    faq_id: UUID | None = None
    probability: float | None = None
    """That the best FAQ is the right one, as the calibrator says."""
    sources: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """`[{"faq_id", "version", "title", "phrasing", "score", "cited"}]`, best first."""
    encoders: str = Field(default="", max_length=80)
    model: str = Field(default="", max_length=80)
    tokens_in: int = 0
    tokens_out: int = 0
    cost: int = Field(default=0, sa_type=BigInteger)
    milliseconds: int = 0
    details: dict[str, Any] = json_column()
    """Steps with their times, tool calls, what was rejected and why."""
    review: Review = enum_field(Review, Review.NONE)
    reviewed_by: UUID | None = None
    at: datetime = moment_now()


class HandOver(TenantOwned, table=True):
    """The bot gave a thread to people: to whom, until when, and what became of it."""

    __tablename__ = "hand_over"  # type: ignore[assignment]
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "conversation_id"], ["conversation.company_id", "conversation.id"]),
        Index(
            "ux_hand_over_open",
            "company_id",
            "conversation_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL AND ended_at IS NULL"),
        ),
        Index(
            "ix_hand_over_due",
            "due_at",
            postgresql_where=text("answered_at IS NULL AND ended_at IS NULL AND escalated_at IS NULL"),
        ),
        Index("ix_hand_over_at", "company_id", "at"),
    )

    conversation_id: UUID
    channel_id: UUID
    reason: str = Field(max_length=32)
    owner_id: UUID | None = Field(default=None, foreign_key="user_account.id")
    """Who has to answer; None: the queue, that is everybody who answers."""
    note: dict[str, Any] = json_column()
    """For whoever takes over: what was asked, what was tried, the mood."""
    due_at: datetime = moment_now()
    escalated_at: datetime | None = moment()
    answered_at: datetime | None = moment()
    ended_at: datetime | None = moment()
    """Closed or given back without an answer."""
    at: datetime = moment_now()


class Outcome(StrEnum):
    OPEN = "open"
    HANDED_OVER = "handed_over"
    CONFIRMED = "confirmed"
    """The customer said that it helped."""
    ASSUMED = "assumed"
    """Nobody said anything any more."""
    TAKEN = "taken"
    """A person answered without being asked."""
    UNRESOLVED = "unresolved"
    """Nobody said anything any more, and nothing had been answered."""


class BotEpisode(TenantOwned, table=True):
    """The bot's part of a thread, from its first answer until a person, a yes or silence ends it."""

    __tablename__ = "bot_episode"  # type: ignore[assignment]
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "conversation_id"], ["conversation.company_id", "conversation.id"]),
        ForeignKeyConstraint(["company_id", "channel_id"], ["channel.company_id", "channel.id"]),
        Index(
            "ux_bot_episode_open",
            "company_id",
            "conversation_id",
            unique=True,
            postgresql_where=text("outcome = 'open'"),
        ),
        Index("ix_bot_episode_started", "company_id", "started_at"),
        Index("ix_bot_episode_silent", "last_at", postgresql_where=text("outcome = 'open'")),
    )

    conversation_id: UUID
    channel_id: UUID
    answers: int = 0
    unsure: int = 0
    """Answers in a row that were no answer: a loop after some."""
    outcome: Outcome = enum_field(Outcome, Outcome.OPEN)
    reopened_at: datetime | None = moment()
    """The customer came back with it within seven days after it had counted as resolved."""
    started_at: datetime = moment_now()
    last_at: datetime = moment_now()
    ended_at: datetime | None = moment()
