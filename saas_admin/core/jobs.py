"""Background jobs by name. The row is the outbox, the broker only a hint: a lost job is found again by a sweep."""

import logging
from enum import StrEnum
from functools import lru_cache
from typing import Any

import redis
from celery import Celery

from saas_admin.core.config import get_settings
from saas_admin.core.realtime import sync_client

log = logging.getLogger(__name__)

QUEUE = "celery"
SWEEPS_QUEUE = "sweeps"
"""A line of their own: sweeps come in time however many jobs wait."""
OUTBOUND_QUEUE = "outbound"
"""With a process of its own: a campaign must not make what comes in wait, nor the other way round."""
BOTS_QUEUE = "bots"
"""With a process of its own, which keeps the encoders in memory and waits for models."""
BACKLOG = 200


class Job(StrEnum):
    HANDLE_INBOUND = "inbound.handle"
    DELIVER = "outbound.deliver"
    ACKNOWLEDGE = "outbound.acknowledge"
    FETCH_PROFILE = "inbound.profile"
    FETCH_MEDIA = "media.fetch"
    SYNC_TEMPLATES = "channels.templates"
    CHECK_CHANNEL = "channels.check"
    ANSWER = "bots.answer"
    REINDEX = "bots.reindex"
    PLAYGROUND = "bots.playground"
    SEND_MAIL = "mail.send"
    SWEEP_INBOUND = "sweeps.inbound"
    SWEEP_OUTBOUND = "sweeps.outbound"
    SWEEP_MEDIA = "sweeps.media"
    SWEEP_CHANNELS = "sweeps.channels"
    SWEEP_BOTS = "sweeps.bots"
    SWEEP_MAIL = "sweeps.mail"
    SWEEP_COMPANIES = "sweeps.companies"
    SWEEP_HOUSEKEEPING = "sweeps.housekeeping"


@lru_cache(maxsize=1)
def client() -> Celery:
    """The sending half of Celery: it knows the broker and no task."""
    app = Celery("saas_admin", broker=get_settings().redis_url)
    app.conf.update(
        task_ignore_result=True,
        broker_connection_retry=False,
        broker_transport_options={"socket_connect_timeout": 1.0, "socket_timeout": 2.0, "max_retries": 0},
    )
    return app


def send(job: Job, **arguments: Any) -> bool:
    """Queue a job. False when the broker does not answer: whoever stored the row has done enough."""
    try:
        client().send_task(job.value, kwargs=arguments, queue=queue_of(job), ignore_result=True, retry=False)
    except Exception as error:
        log.warning("broker did not take %s: %s", job.value, type(error).__name__)
        return False
    return True


def queue_of(job: Job) -> str:
    """The line a job waits in: the part before the dot of its name decides."""
    return {"sweeps": SWEEPS_QUEUE, "outbound": OUTBOUND_QUEUE, "bots": BOTS_QUEUE}.get(job.value.split(".")[0], QUEUE)


def are_backed_up() -> bool:
    """Whether the workers are behind by more than a moment's work."""
    try:
        return int(sync_client().llen(QUEUE)) > BACKLOG  # type: ignore[arg-type]
    except redis.RedisError:
        return True
