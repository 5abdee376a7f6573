"""What is done about a question that was not answered: one more way to ask a FAQ, or a FAQ of its own."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from saas_admin.bots import service
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.faqs import service as faqs
from saas_admin.faqs.content import Content
from saas_admin.faqs.service import Saved
from saas_admin.models import BotAnswer, FaqPhrasing
from saas_admin.models.bot import Review

ANSWERED_BY = "answered_by"
"""In a receipt's details: the FAQ that a person named as the right one. It tells thresholds who was right."""


@dataclass(frozen=True)
class Taught:
    settled: int
    """Receipts that asked it."""
    title: str
    is_new: bool
    """False: the FAQ knew this phrasing already."""


@requires(Permission.FAQS_MANAGE)
def teach(work: Work, answer_id: UUID, faq_id: UUID, text: str = "") -> Taught:
    """Make the question one more way to ask a FAQ, in the customer's words or better ones, and settle all that ask it."""
    row = work.get(BotAnswer, answer_id)
    is_new = faqs.add_phrasing(work, faq_id, text.strip() or row.question)
    title = work.first(select(FaqPhrasing).where(col(FaqPhrasing.faq_id) == faq_id).order_by(col(FaqPhrasing.position)))
    return Taught(_settle(work, row, faq_id), title.text if title else "", is_new)


@requires(Permission.FAQS_MANAGE)
def write_faq(work: Work, answer_id: UUID, content: Content, *, is_published: bool = False) -> Saved:
    """A new FAQ for the question, which is settled with it."""
    row = work.get(BotAnswer, answer_id)
    saved = faqs.create(work, content, is_published=is_published)
    _settle(work, row, UUID(saved.id))
    return saved


def _settle(work: Work, row: BotAnswer, faq_id: UUID) -> int:
    named: Any = literal({ANSWERED_BY: str(faq_id)}, JSONB)
    work.session.execute(
        update(BotAnswer)
        .where(
            col(BotAnswer.company_id) == work.company_id,
            col(BotAnswer.folded) == row.folded,
            col(BotAnswer.review) == Review.OPEN,
        )
        .values(details=col(BotAnswer.details).op("||")(named))
        .execution_options(synchronize_session=False)
    )
    return service.settle(work, row, Review.DONE)
