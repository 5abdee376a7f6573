"""What a lost job, a killed worker or a pause left behind is found here."""

from saas_admin.accounts import mails, removal
from saas_admin.bots import sweeps as bots
from saas_admin.channels import sweeps
from saas_admin.core.jobs import Job
from workers.app import celery_app


@celery_app.task(name=Job.SWEEP_INBOUND.value)
def sweep_inbound() -> None:
    sweeps.inbound()


@celery_app.task(name=Job.SWEEP_OUTBOUND.value)
def sweep_outbound() -> None:
    sweeps.outbound()


@celery_app.task(name=Job.SWEEP_MEDIA.value)
def sweep_media() -> None:
    sweeps.media()


@celery_app.task(name=Job.SWEEP_CHANNELS.value)
def sweep_channels() -> None:
    sweeps.checks()


@celery_app.task(name=Job.SWEEP_MAIL.value)
def sweep_mail() -> None:
    mails.send_due()


@celery_app.task(name=Job.SWEEP_COMPANIES.value)
def sweep_companies() -> None:
    removal.sweep()


@celery_app.task(name=Job.SWEEP_HOUSEKEEPING.value)
def sweep_housekeeping() -> None:
    sweeps.housekeeping()


@celery_app.task(name=Job.SWEEP_BOTS.value)
def sweep_bots() -> None:
    bots.sweep()
