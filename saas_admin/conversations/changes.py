"""What becomes of messages and people after the words: edits, revocations, receipts by time, a yes or a no, a new number."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels.events import AddressMoved, Edited, Preference, Purpose, ReadUpTo, Revoked
from saas_admin.conversations import live
from saas_admin.conversations.trail import PREVIEW, note_activity, touch
from saas_admin.core.permissions import system_only
from saas_admin.core.work import Work
from saas_admin.models import Attachment, Channel, ConsentEvent, Conversation, CustomerIdentity, Message
from saas_admin.models.conversation import ActivityKind, ConversationState
from saas_admin.models.message import AttachmentState, Direction, MessageStatus

WATERMARK_MOST = 500


@system_only
def apply_edit(work: Work, channel: Channel, edit: Edited) -> bool:
    """Other words in place of the first ones. False when the message is not known yet."""
    message = _by_provider_id(work, channel.id, edit.provider_id)
    if message is None:
        return False
    conversation = _lock(work, message)
    if message.revoked_at or (message.edited_at and message.edited_at >= edit.at):
        return True
    message.text, message.edited_at = edit.text, edit.at
    _show_change(work, conversation, message)
    return True


@system_only
def apply_revocation(work: Work, channel: Channel, revoked: Revoked) -> bool:
    """Taken back: the words leave the row, that something was said stays. False when the message is not known yet."""
    message = _by_provider_id(work, channel.id, revoked.provider_id)
    if message is None:
        return False
    conversation = _lock(work, message)
    if message.revoked_at:
        return True
    message.revoked_at, message.text, message.data = revoked.at, "", {}
    for attachment in work.all(select(Attachment).where(col(Attachment.message_id) == message.id)):
        attachment.message_id = None
        attachment.state = AttachmentState.FAILED
    _show_change(work, conversation, message)
    return True


@system_only
def apply_read_up_to(work: Work, channel: Channel, receipt: ReadUpTo) -> bool:
    """All we sent this person until a moment was delivered or read."""
    identity = _identity(work, channel.id, receipt.external_id)
    if identity is None:
        return True
    status = MessageStatus(receipt.status.value)
    sent = work.all(
        select(Message)
        .where(
            col(Message.channel_id) == channel.id,
            col(Message.customer_id) == identity.customer_id,
            col(Message.direction) == Direction.OUT,
            col(Message.status).in_([MessageStatus.SENT, MessageStatus.DELIVERED]),
            col(Message.created_at) <= receipt.until,
        )
        .order_by(col(Message.at).desc())
        .limit(WATERMARK_MOST)
    )
    for conversation_id in sorted({message.conversation_id for message in sent}):
        conversation = work.get(Conversation, conversation_id, lock=True)
        for message in sent:
            if message.conversation_id == conversation_id and message.can_become(status):
                message.status = status
                touch(work, conversation, message)
                live.tell_message(work, message)
    return True


@system_only
def apply_preference(work: Work, channel: Channel, preference: Preference) -> bool:
    """A yes or a no of a customer goes into the ledger with its proof, and into the trail of the thread."""
    identity = _identity(work, channel.id, preference.external_id)
    if identity is None:
        return True
    if preference.purpose is Purpose.ANY:
        identity.blocked_at = None if preference.is_allowed else preference.at
    latest = work.first(
        select(ConsentEvent)
        .where(
            col(ConsentEvent.customer_id) == identity.customer_id,
            col(ConsentEvent.channel_id) == channel.id,
            col(ConsentEvent.purpose) == preference.purpose.value,
        )
        .order_by(col(ConsentEvent.at).desc(), col(ConsentEvent.id).desc())
    )
    if latest and latest.is_allowed == preference.is_allowed and latest.at >= preference.at:
        return True
    work.add(
        ConsentEvent(
            customer_id=identity.customer_id,
            channel_id=channel.id,
            purpose=preference.purpose.value,
            is_allowed=preference.is_allowed,
            source="provider",
            words=preference.words[:300],
            at=preference.at,
            created_at=work.now,
        )
    )
    alive = _alive_thread(work, channel.id, identity.customer_id)
    if alive:
        kind = ActivityKind.OPTED_IN if preference.is_allowed else ActivityKind.OPTED_OUT
        note_activity(work, alive, kind, {"purpose": preference.purpose.value})
        live.tell_conversation(work, alive, former_owner=alive.assignee_id)
    return True


@system_only
def apply_move(work: Work, channel: Channel, moved: AddressMoved) -> bool:
    """The person has a new number or id: they stay one, and what we send goes to the new one."""
    old, new = _identity(work, channel.id, moved.old_id), _identity(work, channel.id, moved.new_id)
    if old is None or old.retired_at or moved.old_id == moved.new_id:
        return True
    if new is not None and new.customer_id != old.customer_id:
        # Somebody else is known by it already: joining two people is a person's decision.
        return True
    if new is None:
        work.add(
            CustomerIdentity(
                customer_id=old.customer_id,
                channel_id=channel.id,
                external_id=moved.new_id,
                username=old.username,
                created_at=work.now,
            )
        )
    old.retired_at = moved.at
    alive = _alive_thread(work, channel.id, old.customer_id)
    if alive:
        note_activity(work, alive, ActivityKind.MOVED, {"old": moved.old_id, "new": moved.new_id})
        live.tell_conversation(work, alive, former_owner=alive.assignee_id)
    return True


def _by_provider_id(work: Work, channel_id: UUID, provider_id: str) -> Message | None:
    return work.first(
        select(Message).where(col(Message.channel_id) == channel_id, col(Message.provider_id) == provider_id)
    )


def _identity(work: Work, channel_id: UUID, external_id: str) -> CustomerIdentity | None:
    return work.first(
        select(CustomerIdentity).where(
            col(CustomerIdentity.channel_id) == channel_id, col(CustomerIdentity.external_id) == external_id
        )
    )


def _lock(work: Work, message: Message) -> Conversation:
    conversation = work.get(Conversation, message.conversation_id, lock=True)
    work.session.refresh(message, with_for_update=True)
    return conversation


def _show_change(work: Work, conversation: Conversation, message: Message) -> None:
    """A message reads otherwise now; the list too, when it was the last one."""
    touch(work, conversation, message)
    live.tell_message(work, message)
    if message.at == conversation.last_message_at and message.author_kind.value == conversation.preview_author:
        conversation.preview = " ".join(message.text.split())[:PREVIEW]
        live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)


def _alive_thread(work: Work, channel_id: UUID, customer_id: UUID) -> Conversation | None:
    return work.first(
        select(Conversation)
        .where(
            col(Conversation.channel_id) == channel_id,
            col(Conversation.customer_id) == customer_id,
            col(Conversation.state) != ConversationState.CLOSED,
        )
        .with_for_update(key_share=True)
    )
