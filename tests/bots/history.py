"""A past for a bot: episodes and receipts at moments of their own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from saas_admin.core.text import fold
from saas_admin.core.work import Work
from saas_admin.models import BotAnswer, BotEpisode
from saas_admin.models.bot import Outcome, Route
from tests.bots.company import Company


def begun(company: Company, conversation_id: UUID, at: datetime, outcome: Outcome, **more: Any) -> None:
    with Work(company.shop.system) as work:
        values: dict[str, Any] = {
            "conversation_id": conversation_id,
            "channel_id": company.shop.whatsapp_id,
            "outcome": outcome,
            "started_at": at,
            "last_at": at,
            **more,
        }
        work.add(BotEpisode(**values))


def asked(company: Company, conversation_id: UUID, at: datetime, question: str, route: Route, **more: Any) -> UUID:
    with Work(company.shop.system) as work:
        values: dict[str, Any] = {
            "conversation_id": conversation_id,
            "channel_id": company.shop.whatsapp_id,
            "question": question,
            "folded": fold(question),
            "language": "es",
            "route": route,
            "at": at,
            **more,
        }
        row = work.add(BotAnswer(**values))
        work.flush()
        return row.id


def source(faq_id: UUID, title: str = "¿Cuánto tarda el envío?", score: float = 0.6) -> dict[str, Any]:
    return {"faq_id": str(faq_id), "version": 1, "title": title, "phrasing": title, "score": score, "cited": False}
