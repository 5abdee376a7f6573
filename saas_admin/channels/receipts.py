"""What we tell a provider about a customer's message: that it was read, that we are typing."""

import logging
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import SendError
from saas_admin.core import secrets
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.models import Channel, CustomerIdentity, Message
from saas_admin.models.message import Direction

log = logging.getLogger(__name__)


def acknowledge(company_id: UUID, message_id: UUID, *, typing: bool = False) -> None:
    """A courtesy: tried once, outside any transaction, and whatever fails is left alone."""
    with Work(Actor.system(company_id)) as work:
        message = work.find(Message, message_id)
        if message is None or message.direction is not Direction.IN or not message.provider_id:
            return
        channel = work.get(Channel, message.channel_id)
        if not channel.is_live:
            return
        adapter, settings, keys = registry.get(channel.kind), channel.settings, secrets.decrypt(channel.secrets)
        provider_id, person = message.provider_id, _person(work, message)
    try:
        adapter.acknowledge_to(settings, keys, provider_id, person, typing=typing)
    except SendError as error:
        log.info("a customer was not told that we read: %s", error.failure.code.value)


def _person(work: Work, message: Message) -> str:
    """Under which id the provider knows who wrote."""
    identity = work.first(
        select(CustomerIdentity)
        .where(
            col(CustomerIdentity.channel_id) == message.channel_id,
            col(CustomerIdentity.customer_id) == message.customer_id,
            col(CustomerIdentity.retired_at).is_(None),
        )
        .order_by(col(CustomerIdentity.created_at), col(CustomerIdentity.id))
    )
    return identity.external_id if identity else ""
