"""What stands in a thread, as the bot needs it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels.base import MessageKind
from saas_admin.adapters.channels.content import Choice, Choices
from saas_admin.core.work import Work
from saas_admin.models import Conversation, Message
from saas_admin.models.message import AuthorKind, Direction

LOOK_BACK = 30
LONGEST = 2000
_SAYS_NOTHING = frozenset({MessageKind.REACTION.value})


@dataclass(frozen=True)
class Heard:
    """What the customer wrote since anybody answered."""

    last_id: UUID
    texts: tuple[str, ...]
    has_file: bool
    tapped: str
    offered: Choices | None
    earlier: tuple[Message, ...] = field(default_factory=tuple)
    """What was said before, oldest first."""

    @property
    def joined(self) -> str:
        return "\n".join(text for text in self.texts if text)


def heard_of(work: Work, conversation: Conversation) -> Heard | None:
    """None when nothing is unanswered."""
    newest = work.all(
        select(Message)
        .where(
            col(Message.company_id) == work.company_id,
            col(Message.conversation_id) == conversation.id,
            col(Message.kind).not_in(_SAYS_NOTHING),
        )
        .order_by(col(Message.at).desc(), col(Message.created_at).desc(), col(Message.id).desc())
        .limit(LOOK_BACK)
    )
    # By the counter of what was answered, not by clocks: an answer is later than what it answers, whatever a provider's
    # clock says. What the bot answered bears its question's id.
    answered = {
        message.draft_id.removeprefix("bot-").partition("#")[0]
        for message in newest
        if message.draft_id and message.draft_id.startswith("bot-")
    }
    open_ones: list[Message] = []
    rest: list[Message] = []
    for message in newest:
        is_over = bool(rest) or message.direction is Direction.OUT or str(message.id) in answered
        (rest if is_over else open_ones).append(message)
    if not open_ones:
        return None
    open_ones.reverse()
    rest.reverse()
    last = open_ones[-1]
    said = next((m for m in reversed(rest) if m.direction is Direction.OUT), None)
    return Heard(
        last_id=last.id,
        texts=tuple(message.text[:LONGEST] for message in open_ones if message.text.strip()),
        has_file=any(message.kind not in (MessageKind.TEXT, MessageKind.INTERACTIVE) for message in open_ones),
        tapped=str(last.data.get("id") or "") if last.data.get("interactive") else "",
        offered=_offered(said),
        earlier=tuple(rest),
    )


def _offered(message: Message | None) -> Choices | None:
    if message is None or message.author_kind is not AuthorKind.BOT or not message.data.get("choices"):
        return None
    found: dict[str, Any] = message.data["choices"]
    return Choices(tuple(Choice(**option) for option in found["options"]), found["opener"])
