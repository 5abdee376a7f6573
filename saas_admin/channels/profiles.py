"""Who writes, where webhooks carry only a number: the provider is asked once, when somebody is new."""

import logging
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import SendError
from saas_admin.channels import exchanges
from saas_admin.conversations import live
from saas_admin.core import secrets
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.customers import service as customers
from saas_admin.models import Channel, Conversation, Customer, CustomerIdentity

log = logging.getLogger(__name__)


def fetch(company_id: UUID, channel_id: UUID, person: str) -> None:
    """Asked outside any transaction, kept in a second one. A name the company gave is left alone."""
    with Work(Actor.system(company_id)) as work:
        channel = work.find(Channel, channel_id)
        if channel is None or not channel.is_live:
            return
        adapter, settings, keys = registry.get(channel.kind), dict(channel.settings), secrets.decrypt(channel.secrets)
    try:
        found = adapter.profile(settings, keys, person)
    except SendError as error:
        with Work(Actor.system(company_id)) as work:
            exchanges.note(work, channel_id, "profile", error.failure)
        return
    if found is None:
        return
    with Work(Actor.system(company_id)) as work:
        identity = work.first(
            select(CustomerIdentity).where(
                col(CustomerIdentity.channel_id) == channel_id, col(CustomerIdentity.external_id) == person
            )
        )
        if identity is None:
            return
        identity.username = found.username or identity.username
        customer = work.get(Customer, identity.customer_id, lock=True)
        customers.learn(work, customer, found)
        for conversation in work.all(
            select(Conversation)
            .where(col(Conversation.channel_id) == channel_id, col(Conversation.customer_id) == customer.id)
            .limit(20)
        ):
            live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)
