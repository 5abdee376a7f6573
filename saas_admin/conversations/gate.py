"""The one gate of the send path: what must be true before anything may be queued for a customer."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels.base import Capabilities
from saas_admin.adapters.channels.content import Template, TemplateCategory, TemplateStatus
from saas_admin.adapters.channels.events import Purpose
from saas_admin.core.actor import ActorKind
from saas_admin.core.errors import Conflict
from saas_admin.core.work import Work
from saas_admin.models import Channel, ConsentEvent, Conversation, CustomerIdentity, Message
from saas_admin.models.message import Direction


def ensure_channel_works(channel: Channel) -> None:
    if not channel.is_live:
        raise Conflict("channel_disabled")


def ensure_reachable(work: Work, conversation: Conversation) -> None:
    if not is_reachable(work, conversation):
        raise Conflict("customer_blocked")


def is_reachable(work: Work, conversation: Conversation) -> bool:
    """False when they blocked us or wrote STOP on this channel: nothing leaves until they come back."""
    identities = work.all(
        select(CustomerIdentity).where(
            col(CustomerIdentity.channel_id) == conversation.channel_id,
            col(CustomerIdentity.customer_id) == conversation.customer_id,
            col(CustomerIdentity.retired_at).is_(None),
        )
    )
    return not identities or any(identity.blocked_at is None for identity in identities)


def ensure_ours(work: Work, conversation: Conversation, can: Capabilities) -> None:
    """Where another app owns the thread by now, that app answers (Messenger's standby)."""
    if not can.has_standby:
        return
    latest = work.first(
        select(Message)
        .where(
            col(Message.company_id) == work.company_id,
            col(Message.conversation_id) == conversation.id,
            col(Message.direction) == Direction.IN,
        )
        .order_by(col(Message.at).desc(), col(Message.created_at).desc(), col(Message.id).desc())
    )
    if latest and latest.data.get("standby"):
        raise Conflict("thread_elsewhere")


def is_late(work: Work, conversation: Conversation, can: Capabilities) -> bool:
    """Whether free text leaves by the provider's exception for people. Raises Conflict outside of every window.

    WhatsApp 24 hours; Messenger and Instagram 24 hours, and 7 days for an answer a person writes (human-agent tag).
    """
    if can.window_hours is None or _within(work.now, conversation, can.window_hours):
        return False
    if can.late_hours and work.actor.kind is ActorKind.AGENT and _within(work.now, conversation, can.late_hours):
        return True
    raise Conflict("window_closed" if can.has_templates else "window_over", hours=can.late_hours or can.window_hours)


def ensure_template_may_go(template: Template) -> None:
    if template.status is not TemplateStatus.APPROVED:
        raise Conflict(f"template_{template.status.value}")
    if not template.is_sendable:
        raise Conflict("template_unsendable")


def may_advertise(work: Work, conversation: Conversation) -> bool | None:
    """What the customer last said about promotions on this channel; None when they never said anything."""
    latest = work.first(
        select(ConsentEvent)
        .where(
            col(ConsentEvent.customer_id) == conversation.customer_id,
            col(ConsentEvent.channel_id) == conversation.channel_id,
            col(ConsentEvent.purpose) == Purpose.MARKETING.value,
        )
        .order_by(col(ConsentEvent.at).desc(), col(ConsentEvent.id).desc())
    )
    return latest.is_allowed if latest else None


def ensure_consent(work: Work, conversation: Conversation, template: Template, proof: str) -> None:
    """Promotions leave only with a live yes. `proof`: how the customer said it, when an agent has just been told."""
    if template.category is not TemplateCategory.MARKETING:
        return
    allowed = may_advertise(work, conversation)
    if allowed:
        return
    if allowed is False:
        raise Conflict("opted_out")
    if not proof.strip():
        raise Conflict("consent_missing")
    work.add(
        ConsentEvent(
            customer_id=conversation.customer_id,
            channel_id=conversation.channel_id,
            purpose=Purpose.MARKETING.value,
            is_allowed=True,
            source="agent",
            words=" ".join(proof.split())[:300],
            at=work.now,
            created_at=work.now,
        )
    )


def _within(now: datetime, conversation: Conversation, hours: int) -> bool:
    return conversation.last_customer_at is not None and now < conversation.last_customer_at + timedelta(hours=hours)
