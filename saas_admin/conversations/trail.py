"""What every change of a thread leaves behind: its counter, its trail lines, the latest word in the list."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from saas_admin.conversations import live
from saas_admin.core.work import Work
from saas_admin.models import Activity, Conversation, Message
from saas_admin.models.conversation import ActivityKind, ConversationState
from saas_admin.models.message import Direction, MessageStatus

PREVIEW = 160


def touch(work: Work, conversation: Conversation, message: Message | None = None) -> int:
    """Count a change of the thread, under its row lock, and stamp the message with it."""
    conversation.counter += 1
    conversation.changed_at = work.now
    if message is not None:
        message.rev = conversation.counter
    return conversation.counter


def note_activity(
    work: Work,
    conversation: Conversation,
    kind: ActivityKind,
    data: dict[str, Any] | None = None,
    *,
    at: datetime | None = None,
) -> Activity:
    """A trail line in the thread: who did what."""
    rev = touch(work, conversation)
    activity = work.add(
        Activity(
            conversation_id=conversation.id,
            kind=kind,
            actor_kind=work.actor.kind.value,
            actor_id=work.actor.user_id,
            data=data or {},
            rev=rev,
            at=at or work.now,
        )
    )
    live.tell_activity(work, activity)
    return activity


def show_last(conversation: Conversation, message: Message) -> None:
    """The list shows the latest word; one that arrives late and is older changes nothing there."""
    if message.at < conversation.last_message_at and conversation.preview_kind:
        return
    conversation.last_message_at = message.at
    conversation.preview = " ".join(message.text.split())[:PREVIEW]
    conversation.preview_kind = message.kind
    conversation.preview_author = message.author_kind.value
    conversation.preview_author_id = message.author_id


def wait_again(work: Work, conversation: Conversation, failed: Message) -> None:
    """An answer that failed answers nobody: the thread is pending again, unless we said something later."""
    if conversation.state is not ConversationState.OPEN or conversation.waiting_since is not None:
        return
    later = select(Message).where(
        col(Message.conversation_id) == conversation.id,
        col(Message.direction) == Direction.OUT,
        col(Message.status) != MessageStatus.FAILED,
        col(Message.at) > failed.at,
    )
    if work.first(later.limit(1)) is None:
        conversation.waiting_since = failed.at
        live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)
