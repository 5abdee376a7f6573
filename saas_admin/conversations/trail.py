"""What every change of a thread leaves behind: its counter, its trail lines, the latest word in the list."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from saas_admin.conversations import live
from saas_admin.core.ids import parse_id
from saas_admin.core.jobs import Job
from saas_admin.core.work import Work
from saas_admin.models import Activity, BotAnswer, Conversation, Message
from saas_admin.models.conversation import ActivityKind, ConversationState, Voice
from saas_admin.models.message import AuthorKind, Direction, MessageStatus

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
    """An answer that failed answers nobody: the thread is pending again, unless we said something later.

    One of the bot leaves its questions unanswered; while the voice is its own, it owes them to a person.
    """
    if conversation.state is not ConversationState.OPEN:
        return
    later = select(Message).where(
        col(Message.conversation_id) == conversation.id,
        col(Message.direction) == Direction.OUT,
        col(Message.status) != MessageStatus.FAILED,
        col(Message.at) > failed.at,
    )
    if work.first(later.limit(1)) is not None:
        return
    if conversation.waiting_since is None:
        conversation.waiting_since = failed.at
        live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)
    if failed.author_kind is AuthorKind.BOT:
        _owe_again(work, conversation, failed)


def _owe_again(work: Work, conversation: Conversation, failed: Message) -> None:
    receipts = select(BotAnswer).where(
        col(BotAnswer.conversation_id) == conversation.id,
        col(BotAnswer.message_id).in_(
            select(col(Message.id)).where(
                col(Message.conversation_id) == conversation.id,
                col(Message.draft_id) == (failed.draft_id or "").partition("#")[0],
            )
        ),
    )
    receipt = work.first(receipts)
    if receipt is None:
        return
    asked = [key for each in receipt.details.get("questions", ()) if (key := parse_id(each))]
    conversation.unanswered = [*asked, *(key for key in conversation.unanswered if key not in asked)]
    if conversation.voice is Voice.BOT:
        conversation.bot_due_at = work.now
        work.after_commit(Job.ANSWER, company_id=str(work.company_id), conversation_id=str(conversation.id))
