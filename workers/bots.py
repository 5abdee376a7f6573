"""What bots do."""

from typing import Any
from uuid import UUID

from celery.signals import worker_ready

from saas_admin.adapters.embeddings.base import EmbeddingError
from saas_admin.bots import playground, reply
from saas_admin.bots.library import library
from saas_admin.bots.vectors import StoreAway
from saas_admin.core.jobs import BOTS_QUEUE, Job
from workers.app import celery_app


@celery_app.task(name=Job.ANSWER.value)
def answer(company_id: str, conversation_id: str) -> None:
    reply.answer(UUID(company_id), UUID(conversation_id))


@celery_app.task(name=Job.REINDEX.value, throws=(StoreAway, EmbeddingError))
def reindex(company_id: str) -> None:
    library.reindex(UUID(company_id))


@celery_app.task(name=Job.PLAYGROUND.value)
def play(company_id: str, ticket: str, asked: dict[str, Any]) -> None:
    playground.play(UUID(company_id), ticket, asked)


@worker_ready.connect
def _warm(sender: Any, **_: object) -> None:
    """Encoders are loaded before the first customer asks, and only where bots answer."""
    if BOTS_QUEUE in {queue.name for queue in sender.task_consumer.queues}:
        library.warm()
