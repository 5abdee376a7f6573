"""Why the bot said what it said: the receipt of one of its messages, for whoever may read the thread."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.conversations.messages import receipt_line
from saas_admin.conversations.views import ReceiptLine
from saas_admin.core.clock import iso
from saas_admin.core.errors import NotFound
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Bot, BotAnswer, Message
from saas_admin.models.bot import BotKind


@dataclass(frozen=True)
class SourceView:
    faq_id: str
    title: str
    phrasing: str
    """Which of its phrasings came closest."""
    score: float
    is_cited: bool


@dataclass(frozen=True)
class ReceiptView:
    message_id: str
    route: str
    reason: str
    """Of the closed list: `receipts.reason.*` in the catalogue says each in words."""
    question: str
    faq_id: str | None
    faq_title: str
    probability: float | None
    """0–1, that the best FAQ is the right one; None where nothing was weighed."""
    certainty: str
    """The same in words, as under the message."""
    sources: list[SourceView]
    model: str
    tokens_in: int
    tokens_out: int
    cost: int
    """Micro-units of the provider's currency: 1 USD = 1,000,000."""
    milliseconds: int
    at: str

    def json(self) -> dict[str, Any]:
        return asdict(self)


@requires(Permission.CONVERSATIONS_READ)
def find_receipt(work: Work, message_id: UUID) -> ReceiptView:
    """Of an answer in several messages any one leads to it. A message without a receipt is not found, like a foreign one."""
    message = work.get(Message, message_id)
    parts = select(col(Message.id)).where(
        col(Message.company_id) == work.company_id,
        col(Message.conversation_id) == message.conversation_id,
        col(Message.draft_id) == (message.draft_id or "").partition("#")[0],
    )
    receipt = work.first(select(BotAnswer).where(col(BotAnswer.message_id).in_(parts)))
    if receipt is None:
        raise NotFound
    bot = work.first(select(Bot).where(col(Bot.kind) == BotKind.FAQ)) or Bot(company_id=work.company_id)
    return _view(receipt, message, receipt_line(receipt, bot))


def _view(receipt: BotAnswer, message: Message, line: ReceiptLine) -> ReceiptView:
    faq_id = str(receipt.faq_id) if receipt.faq_id else None
    return ReceiptView(
        message_id=str(message.id),
        route=receipt.route.value,
        reason=receipt.reason.partition(":")[0],
        question=receipt.question,
        faq_id=faq_id,
        faq_title=next((s["title"] for s in receipt.sources if s["faq_id"] == faq_id), ""),
        probability=line.probability,
        certainty=line.certainty,
        sources=[
            SourceView(s["faq_id"], s["title"], s["phrasing"], float(s["score"]), bool(s["cited"]))
            for s in receipt.sources
        ],
        model=receipt.model,
        tokens_in=receipt.tokens_in,
        tokens_out=receipt.tokens_out,
        cost=receipt.cost,
        milliseconds=receipt.milliseconds,
        at=iso(receipt.at) or "",
    )
