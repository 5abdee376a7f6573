"""Deltas: what the open lists and threads are told after a commit."""

from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from saas_admin.conversations import messages as message_views
from saas_admin.conversations.rows import rows_of
from saas_admin.core import realtime
from saas_admin.core.realtime import Delta, conversation_room, inbox_room
from saas_admin.core.work import Work
from saas_admin.models import Activity, Conversation, Message


@dataclass
class _News:
    """What changed in this transaction. Each thing is read and told once, as it stands at the end."""

    messages: dict[UUID, Message] = field(default_factory=dict[UUID, Message])
    activities: list[Activity] = field(default_factory=list[Activity])
    conversations: dict[UUID, Conversation] = field(default_factory=dict[UUID, Conversation])
    former_owners: dict[UUID, UUID | None] = field(default_factory=dict["UUID", "UUID | None"])


def tell_conversation(work: Work, conversation: Conversation, *, former_owner: UUID | None = None) -> None:
    """The row to everyone who may see it; `gone` to the part of the company that no longer may.

    Parts: `all`, `none` (without owner), `u:<user>` (a person's own). A reader joins those their role allows.
    """
    news = _news(work)
    news.conversations[conversation.id] = conversation
    news.former_owners.setdefault(conversation.id, former_owner)


def tell_message(work: Work, message: Message) -> None:
    _news(work).messages[message.id] = message


def tell_activity(work: Work, activity: Activity) -> None:
    _news(work).activities.append(activity)


def _news(work: Work) -> _News:
    work.before_commit(_compose)
    return work.notes.setdefault(_News, _News())


def _compose(work: Work) -> None:
    with work.seeing_all():
        _compose_all(work)


def _compose_all(work: Work) -> None:
    """One statement for all rows, one each for what messages need: a group of twenty costs little more than one."""
    news = _news(work)
    work.flush()
    for message, view in zip(
        news.messages.values(), message_views.views_of(work, list(news.messages.values())), strict=True
    ):
        work.publish(Delta(conversation_room(message.conversation_id), "message", {"message": view.json()}))
    for activity, view in zip(news.activities, message_views.activity_views(work, news.activities), strict=True):
        work.publish(Delta(conversation_room(activity.conversation_id), "activity", {"activity": asdict(view)}))
    rows = {row.id: row.json() for row in rows_of(work, news.conversations)}
    for conversation in news.conversations.values():
        _publish_row(work, conversation, rows[str(conversation.id)], news.former_owners[conversation.id])


def _publish_row(work: Work, conversation: Conversation, row: dict[str, Any], former_owner: UUID | None) -> None:
    company_id, part = conversation.company_id, _part(conversation.assignee_id)
    # First: whoever may no longer see it is out of the thread's room before its next delta.
    if former_owner != conversation.assignee_id:
        gone = {"id": str(conversation.id), "to": part}
        work.publish(Delta(inbox_room(company_id, _part(former_owner)), "gone", gone))
    work.publish(
        Delta(inbox_room(company_id), "conversation", {"row": row}),
        Delta(inbox_room(company_id, part), "conversation", {"row": row}),
        Delta(conversation_room(conversation.id), "conversation", {"row": row}),
    )


def typing(conversation_id: UUID, who: str, name: str, on: bool) -> Delta:
    body: dict[str, Any] = {"who": who, "name": name, "on": on}
    return Delta(conversation_room(conversation_id), "typing", body)


def draft(conversation_id: UUID, text: str, question_id: UUID) -> None:
    """What the bot is about to say, as far as it has come: shown while it grows, kept nowhere, told at once.

    The whole text each time, so that a lost one costs nothing. An empty one takes it back; the real message replaces it.
    It is shown only while its question is the last word of the thread: a person may have answered since.
    """
    body: dict[str, Any] = {"text": text, "question_id": str(question_id)}
    realtime.publish([Delta(conversation_room(conversation_id), "piece", body)])


def read(conversation_id: UUID, rev: int) -> Delta:
    """Our side has read everything up to `rev`: the visitor's ticks turn."""
    return Delta(conversation_room(conversation_id), "read", {"rev": rev})


def _part(owner: UUID | None) -> str:
    return f"u:{owner}" if owner else "none"
