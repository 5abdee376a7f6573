"""What came in."""

from uuid import UUID

from saas_admin.channels import inbound, profiles
from saas_admin.conversations import media
from saas_admin.core.jobs import Job
from workers.app import celery_app


@celery_app.task(name=Job.HANDLE_INBOUND.value)
def handle_inbound(company_id: str, ids: list[str]) -> None:
    inbound.handle(UUID(company_id), [UUID(i) for i in ids])


@celery_app.task(name=Job.FETCH_PROFILE.value)
def fetch_profile(company_id: str, channel_id: str, person: str) -> None:
    profiles.fetch(UUID(company_id), UUID(channel_id), person)


@celery_app.task(name=Job.FETCH_MEDIA.value)
def fetch_media(company_id: str, ids: list[str]) -> None:
    for attachment_id in ids:
        media.fetch(UUID(company_id), UUID(attachment_id))
