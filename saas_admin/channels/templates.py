"""Templates of a channel: brought from the provider, listed, filled in."""

import time
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import SendError
from saas_admin.adapters.channels.content import (
    Slot,
    SlotKind,
    Template,
    TemplateButton,
    TemplateCategory,
    TemplateStatus,
)
from saas_admin.channels import exchanges
from saas_admin.channels.facts import SYNCED_AT
from saas_admin.core import secrets
from saas_admin.core.actor import Actor
from saas_admin.core.clock import iso
from saas_admin.core.jobs import Job
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Channel, MessageTemplate

_CONTENT = ("header", "header_kind", "body", "footer", "is_named", "is_sendable")


def sync(company_id: UUID, channel_id: UUID) -> int:
    """Bring all templates of the account; what the provider no longer has goes. Raises SendError."""
    with Work(Actor.system(company_id)) as work:
        channel = work.get(Channel, channel_id)
        if not channel.is_live:
            return 0
        adapter, settings, keys = registry.get(channel.kind), channel.settings, secrets.decrypt(channel.secrets)
    started = time.monotonic()
    try:
        found = adapter.templates(settings, keys)
    except SendError as error:
        with Work(Actor.system(company_id)) as work:
            exchanges.note(work, channel_id, "templates", error.failure, milliseconds=_milliseconds(started))
        raise
    took = _milliseconds(started)
    with Work(Actor.system(company_id)) as work:
        store(work, channel_id, found)
        exchanges.note(work, channel_id, "templates", milliseconds=took)
    return len(found)


def _milliseconds(started: float) -> int:
    return int((time.monotonic() - started) * 1000)


def store(work: Work, channel_id: UUID, found: list[Template]) -> None:
    # Two syncs of one channel take turns.
    channel = work.get(Channel, channel_id, lock=True)
    channel.facts = {**channel.facts, SYNCED_AT: iso(work.now)}
    known = {
        (row.name, row.language): row
        for row in work.all(select(MessageTemplate).where(col(MessageTemplate.channel_id) == channel_id))
    }
    for template in found:
        row = known.pop((template.name[:512], template.language[:16]), None)
        if row is None:
            row = work.add(
                MessageTemplate(
                    channel_id=channel_id,
                    provider_id=template.provider_id[:120],
                    name=template.name[:512],
                    language=template.language[:16],
                    category=template.category.value,
                    status=template.status.value,
                    changed_at=work.now,
                )
            )
        take_over(work, row, template)
    for gone in known.values():
        work.delete(gone)


def take_over(work: Work, row: MessageTemplate, template: Template) -> None:
    if row.category != template.category.value:
        row.former_category, row.category = row.category, template.category.value
    if row.status != template.status.value:
        row.status, row.changed_at = template.status.value, work.now
    row.provider_id = template.provider_id[:120]
    row.quality, row.reason = template.quality[:16], template.reason[:300]
    row.content = {
        **{name: getattr(template, name) for name in _CONTENT},
        "buttons": [asdict(button) for button in template.buttons],
        "slots": [{**asdict(slot), "kind": slot.kind.value} for slot in template.slots],
    }
    row.synced_at = work.now


def sync_soon(work: Work, channel: Channel) -> None:
    work.after_commit(Job.SYNC_TEMPLATES, company_id=str(work.company_id), channel_id=str(channel.id))


@requires(Permission.CONVERSATIONS_REPLY)
def find(work: Work, template_id: UUID) -> tuple[MessageTemplate, Template]:
    """A template of the company by id. Raises NotFound."""
    row = work.get(MessageTemplate, template_id)
    return row, content_of(row)


def content_of(row: MessageTemplate) -> Template:
    about = ("provider_id", "name", "language", "category", "status", "quality", "reason")
    return from_json({**row.content, **{name: getattr(row, name) for name in about}})


def as_json(template: Template) -> dict[str, Any]:
    """All of a template, to be kept with a message: what was sent stays what it was, whatever becomes of the template."""
    return {
        **asdict(template),
        "buttons": [asdict(b) for b in template.buttons],
        "slots": [asdict(s) for s in template.slots],
    }


def from_json(said: dict[str, Any]) -> Template:
    return Template(
        provider_id=said["provider_id"],
        name=said["name"],
        language=said["language"],
        category=TemplateCategory(said["category"]),
        status=TemplateStatus(said["status"]),
        quality=said.get("quality", ""),
        reason=said.get("reason", ""),
        buttons=tuple(TemplateButton(**button) for button in said.get("buttons", [])),
        slots=tuple(
            Slot(slot["part"], slot["name"], SlotKind(slot["kind"]), slot["index"], slot["example"])
            for slot in said.get("slots", [])
        ),
        **{name: said[name] for name in _CONTENT if name in said},
    )
