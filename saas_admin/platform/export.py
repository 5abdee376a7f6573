"""Everything of a company that an outsider may see, row by row and in bounded memory."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from saas_admin.accounts import audit
from saas_admin.core.actor import Actor
from saas_admin.core.clock import iso
from saas_admin.core.errors import NotFound
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import (
    Channel,
    Company,
    Conversation,
    ConversationTag,
    Customer,
    CustomerIdentity,
    InboundEvent,
    Message,
    Tag,
)

PAGE = 1000
Row = dict[str, Any]


def rows(what: str, company_id: UUID) -> Iterator[Row]:
    """Rows in order of their ids; each page in a short transaction of its own."""
    after = UUID(int=0)
    with Work(Actor.system(company_id)) as work:
        audit.record(work, "export.made", target=("export", None, what))
    while True:
        with Work(Actor.system(company_id)) as work:
            page = KINDS[what](work, after)
        yield from page
        if len(page) < PAGE:
            return
        after = UUID(page[-1]["id"])


@requires(Permission.COMPANY_EXPORT)
def conversations(work: Work, after: UUID) -> list[Row]:
    page = _page(work, Conversation, after)
    tags = _tags(work, [c.id for c in page])
    return [
        {
            "id": str(c.id),
            "channel_id": str(c.channel_id),
            "customer_id": str(c.customer_id),
            "state": c.state.value,
            "waiting_since": iso(c.waiting_since),
            "tags": tags.get(c.id, []),
            "assignee": str(c.assignee_id) if c.assignee_id else None,
            "unread": c.unread,
            "created_at": iso(c.created_at),
        }
        for c in page
    ]


@requires(Permission.COMPANY_EXPORT)
def messages(work: Work, after: UUID) -> list[Row]:
    return [
        {
            "id": str(m.id),
            "conversation_id": str(m.conversation_id),
            "customer_id": str(m.customer_id),
            "channel_id": str(m.channel_id),
            "direction": m.direction.value,
            "kind": m.kind,
            "text": m.text,
            "status": m.status.value,
            "provider_id": m.provider_id,
            "author": m.author_kind.value,
            "error": m.error_code,
            "at": iso(m.at),
            "created_at": iso(m.created_at),
        }
        for m in _page(work, Message, after)
    ]


@requires(Permission.COMPANY_EXPORT)
def customers(work: Work, after: UUID) -> list[Row]:
    page = _page(work, Customer, after)
    identities = _identities(work, [c.id for c in page])
    return [
        {
            "id": str(c.id),
            "name": c.name,
            "phone": c.phone,
            "email": c.email,
            "identities": identities.get(c.id, []),
            "created_at": iso(c.created_at),
        }
        for c in page
    ]


@requires(Permission.COMPANY_EXPORT)
def events(work: Work, after: UUID) -> list[Row]:
    return [
        {
            "id": str(e.id),
            "channel_id": str(e.channel_id),
            "kind": e.kind,
            "received_at": iso(e.received_at),
            "handled_at": iso(e.handled_at),
            "error": e.error,
        }
        for e in _page(work, InboundEvent, after)
    ]


KINDS: dict[str, Callable[[Work, UUID], list[Row]]] = {
    "conversations": conversations,
    "messages": messages,
    "customers": customers,
    "events": events,
}


def _page(work: Work, table: Any, after: UUID) -> list[Any]:
    if work.find(Company, work.company_id) is None:
        raise NotFound(what="company")
    query = select(table).where(table.company_id == work.company_id, table.id > after).order_by(table.id).limit(PAGE)
    found: list[SQLModel] = work.all(query)
    return found


def _tags(work: Work, ids: list[UUID]) -> dict[UUID, list[str]]:
    query = (
        select(col(ConversationTag.conversation_id), func.array_agg(col(Tag.name)))
        .join(
            Tag, (col(Tag.company_id) == col(ConversationTag.company_id)) & (col(Tag.id) == col(ConversationTag.tag_id))
        )
        .where(col(ConversationTag.company_id) == work.company_id, col(ConversationTag.conversation_id).in_(ids))
        .group_by(col(ConversationTag.conversation_id))
    )
    return {conversation_id: sorted(names) for conversation_id, names in work.session.execute(query)}


def _identities(work: Work, ids: list[UUID]) -> dict[UUID, list[Row]]:
    query = (
        select(
            col(CustomerIdentity.customer_id),
            col(CustomerIdentity.channel_id),
            col(Channel.kind),
            col(CustomerIdentity.external_id),
        )
        .join(
            Channel,
            (col(Channel.company_id) == col(CustomerIdentity.company_id))
            & (col(Channel.id) == col(CustomerIdentity.channel_id)),
        )
        .where(col(CustomerIdentity.company_id) == work.company_id, col(CustomerIdentity.customer_id).in_(ids))
        .order_by(col(CustomerIdentity.created_at))
    )
    found: dict[UUID, list[Row]] = {}
    for customer_id, channel_id, kind, external_id in work.session.execute(query):
        found.setdefault(customer_id, []).append(
            {"channel_id": str(channel_id), "kind": kind, "external_id": external_id}
        )
    return found
