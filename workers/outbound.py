"""What goes out."""

from uuid import UUID

from saas_admin.accounts import mails
from saas_admin.channels import outbound, receipts
from saas_admin.core.jobs import Job
from workers.app import celery_app


@celery_app.task(name=Job.DELIVER.value)
def deliver(company_id: str, channel_id: str) -> None:
    outbound.deliver(UUID(company_id), UUID(channel_id))


@celery_app.task(name=Job.ACKNOWLEDGE.value)
def acknowledge(company_id: str, message_id: str, typing: bool = False) -> None:
    receipts.acknowledge(UUID(company_id), UUID(message_id), typing=typing)


@celery_app.task(name=Job.SEND_MAIL.value)
def send_mail(mail_id: str) -> None:
    mails.send_due(UUID(mail_id))
