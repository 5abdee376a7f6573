"""Rows of the conversation list, read in one statement."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, false, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.conversations.views import ConversationRow, TagView
from saas_admin.core.clock import iso
from saas_admin.core.work import Work
from saas_admin.models import (
    Channel,
    Conversation,
    ConversationTag,
    Customer,
    HandOver,
    Message,
    Tag,
    UserAccount,
)
from saas_admin.models.message import AuthorKind, MessageStatus

TINTS = 6


def tint_of(customer_id: UUID) -> int:
    return customer_id.int % TINTS


def select_rows(work: Work, *where: ColumnElement[bool]) -> Any:
    """Conversations with all that a row shows. `Work` scopes each table to the company."""
    tags = (
        select(
            func.jsonb_agg(
                aggregate_order_by(
                    func.jsonb_build_array(col(Tag.id), col(Tag.name), col(Tag.color)), col(Tag.position)
                )
            )
        )
        .join(
            ConversationTag,
            (col(ConversationTag.company_id) == col(Tag.company_id)) & (col(ConversationTag.tag_id) == col(Tag.id)),
        )
        .where(
            col(ConversationTag.company_id) == col(Conversation.company_id),
            col(ConversationTag.conversation_id) == col(Conversation.id),
        )
        .correlate(Conversation)
        .scalar_subquery()
    )
    # Only where the last word is ours: one step back in the thread's own index.
    last_status = (
        select(col(Message.status) == MessageStatus.FAILED)
        .where(
            col(Message.company_id) == col(Conversation.company_id),
            col(Message.conversation_id) == col(Conversation.id),
        )
        .order_by(col(Message.at).desc(), col(Message.created_at).desc(), col(Message.id).desc())
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )
    is_ours = col(Conversation.preview_author).in_([AuthorKind.AGENT.value, AuthorKind.BOT.value])
    return (
        select(
            Conversation,
            case((is_ours, last_status), else_=false()).label("has_failed"),
            col(Customer.name).label("customer_name"),
            col(Customer.phone).label("phone"),
            col(Channel.kind).label("channel_kind"),
            col(Channel.name).label("channel_name"),
            col(Channel.settings).label("channel_settings"),
            col(Channel.has_bot).label("has_bot"),
            col(HandOver.due_at).label("hand_over_due_at"),
            col(UserAccount.name).label("assignee_name"),
            tags.label("tags"),
        )
        .join(
            Customer,
            (col(Customer.company_id) == col(Conversation.company_id))
            & (col(Customer.id) == col(Conversation.customer_id)),
        )
        .join(
            Channel,
            (col(Channel.company_id) == col(Conversation.company_id))
            & (col(Channel.id) == col(Conversation.channel_id)),
        )
        .outerjoin(UserAccount, col(UserAccount.id) == col(Conversation.assignee_id))
        # One at most: a unique index of those that are open.
        .outerjoin(
            HandOver,
            (col(HandOver.company_id) == col(Conversation.company_id))
            & (col(HandOver.conversation_id) == col(Conversation.id))
            & col(HandOver.answered_at).is_(None)
            & col(HandOver.ended_at).is_(None),
        )
        .where(col(Conversation.company_id) == work.company_id, *where)
    )


def read_rows(work: Work, query: Select[Any]) -> list[ConversationRow]:
    return [_row(record) for record in work.session.execute(query)]


def row_of(work: Work, conversation: Conversation) -> ConversationRow:
    work.flush()
    return read_rows(work, select_rows(work, col(Conversation.id) == conversation.id))[0]


def rows_of(work: Work, ids: Iterable[UUID]) -> list[ConversationRow]:
    wanted = list(ids)
    return read_rows(work, select_rows(work, col(Conversation.id).in_(wanted))) if wanted else []


def bucket_of(conversation: Conversation) -> str:
    """The generated column's rule, for a row that is not read back yet."""
    if conversation.state != "open":
        return str(conversation.state)
    return "pending" if conversation.waiting_since else "in_progress"


def _row(record: Any) -> ConversationRow:
    conversation: Conversation = record.Conversation
    adapter = registry.get(record.channel_kind)
    can = adapter.capabilities_of(record.channel_settings)
    window, late = (_until(conversation, hours) for hours in (can.window_hours, can.late_hours))
    return ConversationRow(
        id=str(conversation.id),
        customer_id=str(conversation.customer_id),
        customer_name=record.customer_name,
        phone=record.phone,
        avatar_url=None,
        tint=tint_of(conversation.customer_id),
        channel_id=str(conversation.channel_id),
        channel_kind=adapter.shown_as(record.channel_settings),
        channel_name=record.channel_name,
        state=str(conversation.state),
        bucket=bucket_of(conversation),
        assignee_id=str(conversation.assignee_id) if conversation.assignee_id else None,
        assignee_name=record.assignee_name,
        preview=conversation.preview,
        preview_kind=conversation.preview_kind,
        preview_author=conversation.preview_author,
        preview_author_id=str(conversation.preview_author_id) if conversation.preview_author_id else None,
        has_failed=bool(record.has_failed),
        last_message_at=iso(conversation.last_message_at) or "",
        waiting_since=iso(conversation.waiting_since),
        unread=conversation.unread,
        tags=[TagView(*tag) for tag in record.tags or []],
        window_expires_at=iso(window),
        late_expires_at=iso(late),
        voice=conversation.voice.value,
        has_bot=record.has_bot,
        hand_over_due_at=iso(record.hand_over_due_at),
        rev=conversation.counter,
        changed_at=iso(conversation.changed_at) or "",
    )


def _until(conversation: Conversation, hours: int | None) -> datetime | None:
    wrote = conversation.last_customer_at
    return wrote + timedelta(hours=hours) if hours and wrote else None
