"""Conversations of somebody who leaves go back to nobody, where the others see them."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.conversations import live, voice
from saas_admin.conversations.trail import note_activity
from saas_admin.core.work import Work
from saas_admin.models import Conversation
from saas_admin.models.conversation import ActivityKind, ConversationState


def give_back(work: Work, user_id: UUID) -> int:
    """Part of a verb that takes a person out: every thread of theirs that is not closed loses its owner, with its line."""
    mine = (
        select(Conversation)
        .where(col(Conversation.assignee_id) == user_id, col(Conversation.state) != ConversationState.CLOSED)
        .order_by(col(Conversation.id))
        .with_for_update(key_share=True)
    )
    given = work.all(mine)
    for conversation in given:
        conversation.assignee_id = None
        # What the bot promised is still owed: now by the queue.
        voice.change_hand_over(work, conversation.id, owner_id=None)
        note_activity(work, conversation, ActivityKind.UNASSIGNED)
        live.tell_conversation(work, conversation, former_owner=user_id)
    return len(given)
