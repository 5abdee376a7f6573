"""What keeps channels in order."""

from uuid import UUID

from saas_admin.channels import health, templates
from saas_admin.core.jobs import Job
from workers.app import celery_app


@celery_app.task(name=Job.SYNC_TEMPLATES.value)
def sync_templates(company_id: str, channel_id: str) -> None:
    templates.sync(UUID(company_id), UUID(channel_id))


@celery_app.task(name=Job.CHECK_CHANNEL.value)
def check_channel(company_id: str, ids: list[str]) -> None:
    for channel_id in ids:
        health.check(UUID(company_id), UUID(channel_id))
