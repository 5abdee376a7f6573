"""Celery: one-line tasks that call services, and the sweeps' timetable."""

from celery import Celery
from celery.signals import setup_logging
from kombu.entity import Queue

from saas_admin.core import logs
from saas_admin.core.config import get_settings
from saas_admin.core.jobs import BOTS_QUEUE, OUTBOUND_QUEUE, QUEUE, SWEEPS_QUEUE, Job

celery_app = Celery(
    "saas_admin",
    broker=get_settings().redis_url,
    include=["workers.bots", "workers.channels", "workers.inbound", "workers.outbound", "workers.sweeps"],
)
celery_app.conf.update(
    task_ignore_result=True,
    task_queues=[Queue(name, routing_key=name) for name in (QUEUE, SWEEPS_QUEUE, OUTBOUND_QUEUE, BOTS_QUEUE)],
    task_default_queue=QUEUE,
    task_routes={
        "sweeps.*": {"queue": SWEEPS_QUEUE, "routing_key": SWEEPS_QUEUE},
        "bots.*": {"queue": BOTS_QUEUE, "routing_key": BOTS_QUEUE},
        "outbound.*": {"queue": OUTBOUND_QUEUE, "routing_key": OUTBOUND_QUEUE},
    },
    # Acknowledged when taken: the rows are the outbox, and the sweeps find what a killed worker had in hand.
    task_acks_late=False,
    worker_prefetch_multiplier=2,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={"socket_connect_timeout": 5.0, "socket_keepalive": True, "visibility_timeout": 600},
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    timezone="UTC",
    beat_schedule_filename=str(get_settings().data_dir / "beat-schedule"),
    beat_schedule={
        Job.SWEEP_INBOUND.value: {"task": Job.SWEEP_INBOUND.value, "schedule": 10.0, "options": {"expires": 10}},
        Job.SWEEP_OUTBOUND.value: {"task": Job.SWEEP_OUTBOUND.value, "schedule": 2.0, "options": {"expires": 2}},
        Job.SWEEP_BOTS.value: {"task": Job.SWEEP_BOTS.value, "schedule": 10.0, "options": {"expires": 10}},
        Job.SWEEP_MEDIA.value: {"task": Job.SWEEP_MEDIA.value, "schedule": 30.0, "options": {"expires": 30}},
        Job.SWEEP_MAIL.value: {"task": Job.SWEEP_MAIL.value, "schedule": 30.0, "options": {"expires": 30}},
        Job.SWEEP_CHANNELS.value: {"task": Job.SWEEP_CHANNELS.value, "schedule": 60.0, "options": {"expires": 60}},
        Job.SWEEP_COMPANIES.value: {"task": Job.SWEEP_COMPANIES.value, "schedule": 600.0, "options": {"expires": 600}},
        Job.SWEEP_HOUSEKEEPING.value: {
            "task": Job.SWEEP_HOUSEKEEPING.value,
            "schedule": 300.0,
            "options": {"expires": 300},
        },
    },
)


@setup_logging.connect
def _logging(**_: object) -> None:
    logs.set_up()
