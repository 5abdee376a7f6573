"""The receipt of each answer: what was asked, which way it went, from what, at what cost."""

from typing import Any
from uuid import UUID

from saas_admin.bots.decision import Decision, Question, Source
from saas_admin.bots.history import Heard
from saas_admin.core.text import fold
from saas_admin.core.work import Work
from saas_admin.models import BotAnswer, Conversation
from saas_admin.models.bot import Review, Route

UNANSWERED = frozenset({"low", "middle", "no_faqs", "loop", "unknown", "not_helped", "sensitive", "health"})
"""Reasons without a model that say: what the bot knows was not enough. The wish for a person says nothing of the kind."""
_NOT_FOR_FAQS = frozenset({"forbidden_topic", "leaks_prompt"})
_LONGEST = 1000


def keep(
    work: Work,
    conversation: Conversation,
    heard: Heard,
    question: Question,
    decision: Decision,
    message_id: UUID | None,
    *,
    route: Route | None = None,
) -> BotAnswer:
    said = route or decision.route
    used = decision.model
    is_open = said is not Route.NONE and said in (Route.OFFER, Route.PERSON) and _is_unanswered(decision)
    return work.add(
        BotAnswer(
            conversation_id=conversation.id,
            channel_id=conversation.channel_id,
            question_id=heard.last_id,
            message_id=message_id,
            question=heard.joined[:_LONGEST],
            folded=fold(heard.joined)[:300],
            language=question.language,
            route=said,
            reason=decision.reason[:32],
            faq_id=decision.faq.id if decision.faq else None,
            probability=decision.probability,
            sources=[source_json(source) for source in decision.sources],
            encoders=decision.encoders,
            model=used.model if used else "",
            tokens_in=used.tokens_in if used else 0,
            tokens_out=used.tokens_out if used else 0,
            cost=used.cost if used else 0,
            milliseconds=decision.milliseconds,
            details={
                "questions": [str(asked) for asked in sorted(heard.ids)],
                "steps": decision.steps,
                **(used.details if used else {}),
            },
            review=Review.OPEN if is_open else Review.NONE,
            at=work.now,
        )
    )


def source_json(source: Source) -> dict[str, Any]:
    return {
        "faq_id": str(source.faq.id),
        "version": source.faq.version,
        "title": source.faq.title,
        "phrasing": source.phrasing,
        "score": source.score,
        "cited": source.is_cited,
    }


def _is_unanswered(decision: Decision) -> bool:
    if decision.route is Route.OFFER or decision.reason in UNANSWERED:
        return True
    # The model was asked and nothing it said could be used: the FAQ that would have answered is missing.
    return decision.model is not None and decision.reason not in _NOT_FOR_FAQS
