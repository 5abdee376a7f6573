"""Deltas: what the open lists and threads are told after a commit."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from saas_admin.conversations import messages as message_views
from saas_admin.conversations.rows import row_of
from saas_admin.core.realtime import Delta, conversation_room, inbox_room
from saas_admin.core.work import Work
from saas_admin.models import Activity, Conversation, Message


def tell_conversation(work: Work, conversation: Conversation, *, former_owner: UUID | None = None) -> None:
    """The row to everyone who may see it; `gone` to the part of the company that no longer may.

    Parts: `all`, `none` (without owner), `u:<user>` (a person's own). A reader joins those their role allows.
    """
    row = row_of(work, conversation).json()
    company_id = conversation.company_id
    part = _part(conversation.assignee_id)
    work.publish(
        Delta(inbox_room(company_id), "conversation", {"row": row}),
        Delta(inbox_room(company_id, part), "conversation", {"row": row}),
    )
    if former_owner != conversation.assignee_id:
        work.publish(Delta(inbox_room(company_id, _part(former_owner)), "gone", {"id": str(conversation.id)}))
    work.publish(Delta(conversation_room(conversation.id), "conversation", {"row": row}))


def tell_message(work: Work, message: Message) -> None:
    view = message_views.view_of(work, message)
    work.publish(Delta(conversation_room(message.conversation_id), "message", {"message": view.json()}))


def tell_activity(work: Work, activity: Activity) -> None:
    work.flush()
    view = message_views.activity_views(work, [activity])[0]
    work.publish(Delta(conversation_room(activity.conversation_id), "activity", {"activity": asdict(view)}))


def typing(conversation_id: UUID, who: str, name: str, on: bool) -> Delta:
    body: dict[str, Any] = {"who": who, "name": name, "on": on}
    return Delta(conversation_room(conversation_id), "typing", body)


def read(conversation_id: UUID, rev: int) -> Delta:
    """Our side has read everything up to `rev`: the visitor's ticks turn."""
    return Delta(conversation_room(conversation_id), "read", {"rev": rev})


def _part(owner: UUID | None) -> str:
    return f"u:{owner}" if owner else "none"
