"""A thread in somebody's hands: whose it is, and that we have seen what the customer wrote."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.conversations import live, voice
from saas_admin.conversations.trail import note_activity, touch
from saas_admin.core.jobs import Job
from saas_admin.core.permissions import Permission
from saas_admin.core.work import Work
from saas_admin.models import Channel, Conversation, Message, UserAccount
from saas_admin.models.conversation import ActivityKind
from saas_admin.models.message import Direction, MessageStatus


def see(work: Work, conversation: Conversation) -> None:
    """What the customer wrote is read, as of now."""
    conversation.unread = 0
    rev = touch(work, conversation)
    turned = (
        update(Message)
        .where(*_unseen(work, conversation))
        .values(status=MessageStatus.READ, rev=rev)
        .returning(col(Message.at), col(Message.created_at), col(Message.id))
        .execution_options(synchronize_session=False)
    )
    found = [(at, created_at, message_id) for at, created_at, message_id in work.session.execute(turned)]
    if found:
        work.publish(live.read(conversation.id, rev))
        # The latest says it for all before it.
        acknowledge(work, conversation, max(found)[2])


def acknowledge(work: Work, conversation: Conversation, message_id: UUID, *, typing: bool = False) -> None:
    """Tell the provider, after the commit. Only who may answer turns a customer's ticks."""
    if not work.actor.can(Permission.CONVERSATIONS_REPLY):
        return
    channel = work.get(Channel, conversation.channel_id)
    adapter = registry.get(channel.kind)
    can = adapter.capabilities_of(channel.settings)
    if adapter.is_local or not (can.has_typing if typing else can.has_receipts):
        return
    work.after_commit(Job.ACKNOWLEDGE, company_id=str(work.company_id), message_id=str(message_id), typing=typing)


def give(work: Work, conversation: Conversation, user_id: UUID | None, kind: ActivityKind) -> None:
    conversation.assignee_id = user_id
    if user_id is not None:
        voice.of_a_person(work, conversation, is_answer=False)
    # Whose the thread is owes what the bot promised; nobody's is the queue's.
    voice.change_hand_over(work, conversation.id, owner_id=user_id)
    name = work.session.scalar(select(col(UserAccount.name)).where(col(UserAccount.id) == user_id)) if user_id else None
    note_activity(work, conversation, kind, {"to": name} if name else {})


def has_unseen(work: Work, conversation: Conversation) -> bool:
    return work.first(select(Message).where(*_unseen(work, conversation))) is not None


def _unseen(work: Work, conversation: Conversation) -> list[ColumnElement[bool]]:
    return [*theirs(work, conversation), col(Message.status) == MessageStatus.RECEIVED]


def theirs(work: Work, conversation: Conversation) -> list[ColumnElement[bool]]:
    return [
        col(Message.company_id) == work.company_id,
        col(Message.conversation_id) == conversation.id,
        col(Message.direction) == Direction.IN,
    ]
