"""Who is at the other end: one customer per person, found by the ids a channel knows them by."""

from uuid import UUID

from sqlmodel import col, select

from saas_admin.adapters.channels.base import Sender
from saas_admin.core.permissions import system_only
from saas_admin.core.work import Work
from saas_admin.models import Customer, CustomerIdentity


@system_only
def resolve(work: Work, channel_id: UUID, sender: Sender) -> Customer:
    """The customer behind a channel's sender, made when unknown.

    Looked up by the channel's own id first, then by its aliases, then by phone: a person who writes by two
    channels with one number is one customer. An identity never moves to another customer.
    """
    ids = [sender.external_id, *sender.aliases]
    known = _known_identities(work, channel_id, ids)
    customer = _customer_of(work, ids, known) or _customer_by_phone(work, sender) or _new_customer(work, sender)
    learn(work, customer, sender)
    for external_id in ids:
        if external_id not in known:
            work.add(
                CustomerIdentity(
                    customer_id=customer.id, channel_id=channel_id, external_id=external_id, username=sender.username
                )
            )
    work.flush()
    return customer


def _known_identities(work: Work, channel_id: UUID, ids: list[str]) -> dict[str, UUID]:
    rows = work.all(
        select(CustomerIdentity).where(
            col(CustomerIdentity.channel_id) == channel_id, col(CustomerIdentity.external_id).in_(ids)
        )
    )
    return {row.external_id: row.customer_id for row in rows}


def _customer_of(work: Work, ids: list[str], known: dict[str, UUID]) -> Customer | None:
    for external_id in ids:
        if external_id in known:
            return work.get(Customer, known[external_id])
    return None


def _customer_by_phone(work: Work, sender: Sender) -> Customer | None:
    if not sender.phone:
        return None
    return work.first(select(Customer).where(col(Customer.phone) == sender.phone))


def _new_customer(work: Work, sender: Sender) -> Customer:
    customer = work.add(Customer(name=(sender.name or "")[:120], phone=sender.phone, created_at=work.now))
    work.flush()
    return customer


@system_only
def learn(work: Work, customer: Customer, sender: Sender) -> None:
    """Fill what was missing; what a person of the company may have corrected is left alone."""
    if not customer.name and sender.name:
        customer.name = sender.name[:120]
    if customer.phone is None and sender.phone and _customer_by_phone(work, sender) is None:
        customer.phone = sender.phone
