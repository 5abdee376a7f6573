"""The templates of a channel as its page shows them, and bringing them anew when somebody asks."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import SendError
from saas_admin.channels import templates
from saas_admin.channels.facts import SYNCED_AT
from saas_admin.channels.kinds import provider_of
from saas_admin.core import realtime
from saas_admin.core.actor import Actor
from saas_admin.core.clock import iso
from saas_admin.core.errors import Conflict, NotFound, Throttled
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Channel, MessageTemplate

_SYNC_EVERY = 10


@dataclass(frozen=True)
class TemplateRow:
    id: str
    name: str
    language: str
    category: str
    former_category: str | None
    status: str
    quality: str
    reason: str
    changed_at: str
    header: str
    header_kind: str
    body: str
    footer: str
    buttons: list[dict[str, Any]]
    slots: list[dict[str, Any]]
    """Variables with the key of their value and the provider's example."""
    is_sendable: bool


@dataclass(frozen=True)
class TemplateList:
    channel_id: str
    channel_name: str
    kind: str
    provider: str
    synced_at: str | None
    rows: list[TemplateRow]


@requires(Permission.CHANNELS_READ)
def list_templates(work: Work, channel_id: UUID) -> TemplateList:
    """All templates, by name and language. NotFound for a channel that has none by its nature."""
    channel = _channel(work, channel_id)
    found = work.all(
        select(MessageTemplate)
        .where(col(MessageTemplate.channel_id) == channel_id)
        .order_by(col(MessageTemplate.name), col(MessageTemplate.language))
    )
    synced = channel.facts.get(SYNCED_AT) or iso(max((row.synced_at for row in found), default=None))
    return TemplateList(
        str(channel.id), channel.name, channel.kind, provider_of(channel.kind), synced, [_row(row) for row in found]
    )


def sync_now(actor: Actor, channel_id: UUID) -> int:
    """Bring them from the provider while somebody waits; how many there are. Raises Conflict with the provider's no."""
    with Work(actor) as work:
        ensure_may_sync(work, channel_id)
        company_id, kind = work.company_id, work.get(Channel, channel_id).kind
    if not realtime.is_first(f"templates-now:{channel_id}", _SYNC_EVERY):
        raise Throttled(retry_after=_SYNC_EVERY, minutes=1)
    try:
        return templates.sync(company_id, channel_id)
    except SendError as error:
        raise Conflict(f"check_{error.failure.code.value}", provider=provider_of(kind)) from None


@requires(Permission.CHANNELS_MANAGE)
def ensure_may_sync(work: Work, channel_id: UUID) -> None:
    if not _channel(work, channel_id).is_live:
        raise Conflict("channel_disabled")


def _channel(work: Work, channel_id: UUID) -> Channel:
    channel = work.get(Channel, channel_id)
    if channel.deleted_at is not None or not registry.get(channel.kind).capabilities_of(channel.settings).has_templates:
        raise NotFound
    return channel


def _row(row: MessageTemplate) -> TemplateRow:
    said = templates.content_of(row)
    return TemplateRow(
        id=str(row.id),
        name=row.name,
        language=row.language,
        category=row.category,
        former_category=row.former_category,
        status=row.status,
        quality=row.quality,
        reason=row.reason,
        changed_at=iso(row.changed_at) or "",
        header=said.header,
        header_kind=said.header_kind,
        body=said.body,
        footer=said.footer,
        buttons=[asdict(button) for button in said.buttons],
        slots=[{"key": slot.key, "name": slot.name, "part": slot.part, "example": slot.example} for slot in said.slots],
        is_sendable=said.is_sendable,
    )
