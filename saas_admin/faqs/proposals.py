"""Phrasings that customers have found by themselves: real questions a FAQ may answer and does not know yet."""

from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import col

from saas_admin.core.clock import iso
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.text import fold
from saas_admin.core.work import Work
from saas_admin.faqs.content import PHRASING_LENGTH
from saas_admin.faqs.views import Proposal
from saas_admin.models import BotAnswer, Conversation, Faq, FaqPhrasing
from saas_admin.models.bot import Review

MOST = 8
MIDDLING = (0.3, 0.8)
"""Answered by this FAQ, but not with ease: one more phrasing makes it sure."""


@requires(Permission.FAQS_MANAGE)
def list_proposals(work: Work, faq_id: UUID) -> list[Proposal]:
    """The most asked first. Only questions of conversations that this person may see."""
    work.get(Faq, faq_id)
    texts = select(col(FaqPhrasing.text)).where(col(FaqPhrasing.faq_id) == faq_id)
    known = {fold(text) for text in work.session.scalars(texts)}
    best = col(BotAnswer.sources)[0]["faq_id"].as_string()
    left_open = and_(col(BotAnswer.review) == Review.OPEN, best == str(faq_id))
    unsure = and_(
        col(BotAnswer.faq_id) == faq_id,
        col(BotAnswer.review) != Review.DISMISSED,
        col(BotAnswer.probability).between(*MIDDLING),
    )
    times, last = func.count(), func.max(col(BotAnswer.at))
    is_open = func.bool_or(case((col(BotAnswer.review) == Review.OPEN, True), else_=False))
    query = (
        select(col(BotAnswer.folded), func.max(col(BotAnswer.question)), times, last, is_open)
        .join(
            Conversation,
            and_(
                col(Conversation.company_id) == col(BotAnswer.company_id),
                col(Conversation.id) == col(BotAnswer.conversation_id),
            ),
        )
        .where(or_(left_open, unsure), col(BotAnswer.folded) != "")
        .group_by(col(BotAnswer.folded))
        .order_by(times.desc(), last.desc())
        .limit(MOST + 50)
    )
    found = [
        Proposal(question, int(n), iso(at) or "", bool(opened))
        for _, question, n, at, opened in work.session.execute(query)
        if fold(question) not in known and len(question) <= PHRASING_LENGTH
    ]
    return found[:MOST]
