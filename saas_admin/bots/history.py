"""What stands in a thread, as the bot needs it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels.base import MessageKind
from saas_admin.adapters.channels.content import Choice, Choices
from saas_admin.core.ids import parse_id
from saas_admin.core.work import Work
from saas_admin.models import BotAnswer, Conversation, Message
from saas_admin.models.bot import Route
from saas_admin.models.message import AuthorKind, Direction

LOOK_BACK = 30
_LISTS = 3
"""Messages of ours, the last ones, among which a list is looked for."""
_WISHES = ("asked", "anger", "not_helped", "none_fits", "topic", "limit", "harm", "details")
"""Why a person has a thread that no FAQ would have kept."""
LONGEST = 2000
_SAYS_NOTHING = frozenset({MessageKind.REACTION.value})
_IN_WORDS = frozenset({MessageKind.TEXT.value, MessageKind.INTERACTIVE.value, MessageKind.STICKER.value})
"""A sticker says as little as a smile: nobody has to look at it."""


@dataclass(frozen=True)
class Heard:
    """What the customer wrote and nobody has answered."""

    ids: frozenset[UUID]
    last_id: UUID
    texts: tuple[str, ...]
    has_file: bool
    tapped: str
    offered: Choices | None
    offered_before: Choices | None = None
    """The bot's last list, where its last message is none."""
    earlier: tuple[Message, ...] = field(default_factory=tuple)
    """What was said before, oldest first."""

    @property
    def joined(self) -> str:
        return "\n".join(text for text in self.texts if text)


def heard_of(work: Work, conversation: Conversation) -> Heard | None:
    """None when nothing is unanswered."""
    if not conversation.unanswered:
        return None
    of_thread = (
        select(Message)
        .where(col(Message.company_id) == work.company_id, col(Message.conversation_id) == conversation.id)
        .order_by(col(Message.at).desc(), col(Message.created_at).desc(), col(Message.id).desc())
    )
    asked = work.all(of_thread.where(col(Message.id).in_(conversation.unanswered)))[::-1]
    if not asked:
        return None
    is_earlier = col(Message.id).not_in(conversation.unanswered) & col(Message.kind).not_in(_SAYS_NOTHING)
    earlier = work.all(of_thread.where(is_earlier).limit(LOOK_BACK))[::-1]
    # A wish for a person that was granted is not granted again to whoever asks something else since.
    granted = _granted(work, conversation)
    spoken = [message for message in asked if message.id not in granted] or asked
    last = asked[-1]
    said = [m for m in reversed(earlier) if m.direction is Direction.OUT]
    offered = _offered(said[0]) if said else None
    return Heard(
        ids=frozenset(message.id for message in asked),
        last_id=last.id,
        texts=tuple(message.text[:LONGEST] for message in spoken if message.text.strip()),
        has_file=any(message.kind not in _IN_WORDS for message in spoken),
        tapped=str(last.data.get("id") or "") if last.data.get("interactive") else "",
        offered=offered,
        offered_before=None if offered else next(filter(None, map(_offered, said[:_LISTS])), None),
        earlier=tuple(earlier),
    )


def _granted(work: Work, conversation: Conversation) -> set[UUID]:
    receipts = select(BotAnswer).where(
        col(BotAnswer.conversation_id) == conversation.id,
        col(BotAnswer.question_id).in_(conversation.unanswered),
        col(BotAnswer.route) == Route.PERSON,
        col(BotAnswer.reason).in_(_WISHES),
    )
    listed = [key for receipt in work.all(receipts) for key in receipt.details.get("questions", ())]
    return {key for each in listed if (key := parse_id(each))}


def _offered(message: Message) -> Choices | None:
    if message.author_kind is not AuthorKind.BOT or not message.data.get("choices"):
        return None
    found: dict[str, Any] = message.data["choices"]
    return Choices(tuple(Choice(**option) for option in found["options"]), found["opener"])
