"""A sweep finds what was lost, and does not make a rush worse."""

import pytest
import redis

from saas_admin.channels import sweeps
from saas_admin.conversations import service
from saas_admin.core import jobs
from saas_admin.core.work import Work
from saas_admin.models import InboundEvent
from tests.conftest import Engines
from tests.shop import open_shop, write_in

ROWS = 30


@pytest.fixture
def lost(db: Engines, valkey: redis.Redis) -> None:
    """Webhooks whose jobs are gone, half a minute later."""
    shop = open_shop()
    with Work(shop.system) as work:
        for n in range(ROWS):
            work.add(InboundEvent(channel_id=shop.whatsapp_id, dedupe_key=f"lost-{n}", kind="messages", payload=b"{}"))
    valkey.delete(jobs.QUEUE)
    with db.owner() as database:
        database.execute("UPDATE inbound_event SET next_attempt_at = now()")


@pytest.mark.usefixtures("lost")
def test_lost_jobs_are_queued_again(valkey: redis.Redis) -> None:
    assert sweeps.inbound() == ROWS
    assert valkey.llen(jobs.QUEUE) == 1
    assert sweeps.inbound() == 0


@pytest.mark.usefixtures("lost")
def test_a_sweep_in_a_rush_adds_only_a_few(valkey: redis.Redis) -> None:
    valkey.rpush(jobs.QUEUE, *["a job"] * (jobs.BACKLOG + 1))

    assert sweeps.inbound() == sweeps.FEW
    assert sweeps.inbound() == ROWS - sweeps.FEW


def test_a_channel_is_woken_once_however_many_messages_wait(db: Engines, valkey: redis.Redis) -> None:
    del db
    shop = open_shop()
    thread = write_in(shop).conversation_id
    for n in range(3):
        with Work(shop.support) as work:
            service.reply(work, thread, f"respuesta {n}", draft_id=f"borrador-{n}")
    valkey.delete(jobs.OUTBOUND_QUEUE)

    assert sweeps.outbound() == 1
    assert valkey.llen(jobs.OUTBOUND_QUEUE) == 1


def test_sweeps_wait_in_a_line_of_their_own(valkey: redis.Redis) -> None:
    from workers.app import celery_app

    celery_app.send_task(jobs.Job.SWEEP_OUTBOUND.value)
    celery_app.send_task(jobs.Job.SEND_MAIL.value, kwargs={"mail_id": "x"})
    jobs.send(jobs.Job.HANDLE_INBOUND, company_id="x", ids=[])

    assert (valkey.llen(jobs.SWEEPS_QUEUE), valkey.llen(jobs.QUEUE)) == (1, 2)
