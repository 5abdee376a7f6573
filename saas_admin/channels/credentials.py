"""New keys for a channel: proven at the provider first, the old signing secret good for another day, what failed tried again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import FailureCode
from saas_admin.channels import forms, registration, service
from saas_admin.channels.registration import Registration
from saas_admin.conversations import service as conversations
from saas_admin.core.actor import Actor
from saas_admin.core.errors import Conflict, Invalid, NotFound
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Channel, Conversation, Message
from saas_admin.models.message import Direction, MessageStatus

RETRIED_FOR = timedelta(hours=24)
"""Older messages than that are not sent after all: what they answer is over."""
MOST = 500


@dataclass(frozen=True)
class Rotated:
    changed: list[str]
    registration: Registration | None
    retriable: int = 0
    """Messages that failed for the old key and may be sent now."""


def rotate(actor: Actor, channel_id: UUID, given: dict[str, str], renew: Collection[str] = ()) -> Rotated:
    """Replace secrets: those `given`, and those to `renew` that are ours to make. Raises Invalid per field.

    The provider is asked about what it gave out; nothing is stored when it says no. Afterwards our webhook is registered
    again, since it carries the secrets we make.
    """
    kind, stored = _read(actor, channel_id)
    fresh = _fresh(kind, given, renew)
    if not fresh:
        raise Invalid("no_new_keys")
    must_ask = any(name not in registry.get(kind).generated for name in fresh)
    return _replace(actor, channel_id, kind, stored, fresh, must_ask=must_ask)


def reauthorise(actor: Actor, channel_id: UUID, given: dict[str, str]) -> Rotated:
    """Bring a channel back that its provider had refused, with new keys or, when none are given, the stored ones."""
    kind, stored = _read(actor, channel_id)
    return _replace(actor, channel_id, kind, stored, _fresh(kind, given, ()), must_ask=True)


@requires(Permission.CHANNELS_MANAGE)
def count_refused(work: Work, channel_id: UUID) -> int:
    """Messages of the last day that failed for our credentials and whose window is still open."""
    return len(_refused(work, channel_id))


@requires(Permission.CHANNELS_MANAGE)
def retry_refused(work: Work, channel_id: UUID) -> int:
    """Queue them again; how many were."""
    queued = 0
    for message_id in _refused(work, channel_id):
        try:
            conversations.retry(work, message_id)
        except (Conflict, Invalid, NotFound):
            continue
        queued += 1
    return queued


def _read(actor: Actor, channel_id: UUID) -> tuple[str, dict[str, str]]:
    with Work(actor) as work:
        stored = service.stored_values(work, channel_id)
        return work.get(Channel, channel_id).kind, stored


def _fresh(kind: str, given: dict[str, str], renew: Collection[str]) -> dict[str, str]:
    adapter = registry.get(kind)
    fresh = {name: service.new_secret() for name in adapter.generated if name in renew}
    typed = {f.name: given.get(f.name, "").strip() for f in adapter.fields if f.secret}
    return {**fresh, **{name: value for name, value in typed.items() if value}}


def _replace(
    actor: Actor, channel_id: UUID, kind: str, stored: dict[str, str], fresh: dict[str, str], *, must_ask: bool
) -> Rotated:
    checked = forms.check(kind, "-", fresh, stored={**stored, **fresh}, ask_provider=must_ask)
    # Cleaned as the form cleans them; what we make may be no field of the form.
    clean = {name: checked.secrets.get(name, value) for name, value in fresh.items()}
    with Work(actor) as work:
        changed = service.replace_secrets(work, channel_id, clean, checked.facts if must_ask else None)
        retriable = len(_refused(work, channel_id)) if must_ask else 0
    return Rotated(changed, registration.register(actor, channel_id), retriable)


def _refused(work: Work, channel_id: UUID) -> list[UUID]:
    channel = work.get(Channel, channel_id)
    if channel.deleted_at is not None:
        raise NotFound
    hours = registry.get(channel.kind).capabilities_of(channel.settings).window_hours
    query = (
        select(col(Message.id))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(
            col(Message.company_id) == work.company_id,
            col(Conversation.company_id) == work.company_id,
            col(Message.channel_id) == channel.id,
            col(Message.direction) == Direction.OUT,
            col(Message.status) == MessageStatus.FAILED,
            col(Message.error_code) == FailureCode.UNAUTHORISED.value,
            col(Message.created_at) > work.now - RETRIED_FOR,
        )
    )
    if hours is not None:
        is_open = col(Conversation.last_customer_at) > work.now - timedelta(hours=hours)
        query = query.where(or_(is_open, col(Message.kind) == "template"))
    return list(work.session.scalars(query.order_by(col(Message.created_at), col(Message.id)).limit(MOST)))
