"""A sweep finds what was lost, and does not make a rush worse."""

import pytest
import redis

from saas_admin.channels import sweeps
from saas_admin.conversations import service
from saas_admin.core import jobs
from saas_admin.core.work import Work
from saas_admin.models.message import MessageStatus
from tests.conftest import Engines
from tests.shop import open_shop, write_in

ANSWERS = 30


@pytest.fixture
def lost(db: Engines, valkey: redis.Redis) -> None:
    """Answers whose jobs are gone, half a minute later."""
    shop = open_shop()
    thread = write_in(shop).conversation_id
    for n in range(ANSWERS):
        with Work(shop.support) as work:
            service.reply(work, thread, f"respuesta {n}", draft_id=f"borrador-{n}")
    valkey.delete(jobs.QUEUE)
    with db.owner() as database:
        database.execute("UPDATE message SET next_attempt_at = now() WHERE status = %s", [MessageStatus.QUEUED.value])


@pytest.mark.usefixtures("lost")
def test_lost_jobs_are_queued_again(valkey: redis.Redis) -> None:
    assert sweeps.outbound() == ANSWERS
    assert valkey.llen(jobs.QUEUE) == 1
    assert sweeps.outbound() == 0


@pytest.mark.usefixtures("lost")
def test_a_sweep_in_a_rush_adds_only_a_few(valkey: redis.Redis) -> None:
    valkey.rpush(jobs.QUEUE, *["a job"] * (jobs.BACKLOG + 1))

    assert sweeps.outbound() == sweeps.FEW
    assert sweeps.outbound() == ANSWERS - sweeps.FEW


def test_sweeps_wait_in_a_line_of_their_own(valkey: redis.Redis) -> None:
    from workers.app import celery_app

    celery_app.send_task(jobs.Job.SWEEP_OUTBOUND.value)
    celery_app.send_task(jobs.Job.SEND_MAIL.value, kwargs={"mail_id": "x"})
    jobs.send(jobs.Job.HANDLE_INBOUND, company_id="x", ids=[])

    assert (valkey.llen(jobs.SWEEPS_QUEUE), valkey.llen(jobs.QUEUE)) == (1, 2)
