"""Whose conversations somebody sees: the one policy, laid under every read of a `Work` whose actor does not see all."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import with_loader_criteria
from sqlmodel import col

from saas_admin.core.actor import Actor
from saas_admin.core.db import narrow_by
from saas_admin.core.permissions import Sight
from saas_admin.models.bot import BotAnswer, BotEpisode, HandOver
from saas_admin.models.conversation import Activity, Conversation, ConversationTag
from saas_admin.models.message import Attachment, Message


def narrow(actor: Actor) -> list[Any]:
    """Lists, counts, search, threads and files go through these; live rooms follow `conversations.queries.inbox_rooms`."""
    if actor.sight is Sight.ALL:
        return []
    # As a plain table, so that the criteria of the entity are not laid upon it a second time.
    table = Conversation.__table__.alias("seen")  # type: ignore[attr-defined]
    seen = select(table.c.id).where(table.c.company_id == actor.company_id, _is_seen(table.c.assignee_id, actor))
    return [
        with_loader_criteria(Conversation, _is_seen(col(Conversation.assignee_id), actor), include_aliases=True),
        *(
            with_loader_criteria(part, col(part.conversation_id).in_(seen), include_aliases=True)
            for part in (Activity, BotAnswer, BotEpisode, ConversationTag, HandOver, Message)
        ),
        # A file that is not in a message yet belongs to its uploader, which the reader checks.
        with_loader_criteria(
            Attachment,
            or_(col(Attachment.conversation_id).is_(None), col(Attachment.conversation_id).in_(seen)),
            include_aliases=True,
        ),
    ]


def _is_seen(owner: Any, actor: Actor) -> ColumnElement[bool]:
    mine = owner == actor.user_id
    return or_(mine, owner.is_(None)) if actor.sight is Sight.UNASSIGNED else mine


narrow_by(narrow)
