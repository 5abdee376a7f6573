"""Reads of the channels page."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.channels import facts
from saas_admin.channels.addresses import VERIFY_TOKEN, snippet, webhook_url
from saas_admin.channels.kinds import describe, provider_of
from saas_admin.core import secrets
from saas_admin.core.clock import iso
from saas_admin.core.errors import NotFound
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Channel, Company, Conversation, Message
from saas_admin.models.channel import ChannelState
from saas_admin.models.message import Direction, MessageStatus

PULSE_HOURS = 24


@dataclass(frozen=True)
class ChannelError:
    code: str
    text: str
    at: str


@dataclass(frozen=True)
class PulseHour:
    incoming: int
    outgoing: int


@dataclass(frozen=True)
class ChannelRow:
    id: str
    kind: str
    name: str
    public_id: str
    label: str
    """What people call it: the number, the domain."""
    state: str
    last_event_at: str | None
    last_sent_at: str | None
    last_error: ChannelError | None
    in_today: int
    out_today: int
    pulse: list[PulseHour]
    """The last 24 hours, oldest first."""
    conversations: int
    provider: str
    account: dict[str, str]
    """Quality and limit as the provider tells them, where it does."""
    webhook: str
    """`ours`: registered by us; `failed`: we tried; `waiting`: to be copied by hand; `done`; empty without a provider."""
    since: str | None
    """When it began to need attention."""


@dataclass(frozen=True)
class ChannelDetail:
    row: ChannelRow
    settings: dict[str, Any]
    facts: dict[str, Any]
    """The provider's words about the account; ours are left out."""
    fields: list[dict[str, Any]]
    """What the form asks (see `describe`)."""
    made: list[str]
    """Secrets that we make ourselves."""
    has_templates: bool
    registered_at: str | None
    checked_at: str | None
    expires_at: str | None
    former_until: str | None
    """Until then the replaced signing secret is good as well."""
    webhook_failure: ChannelError | None
    webhook_url: str | None
    verify_token: str | None
    """Only for whoever manages channels: it is copied into the provider's form."""
    snippet: str | None
    secrets_set: list[str]


@requires(Permission.CHANNELS_READ)
def list_channels(work: Work) -> list[ChannelRow]:
    channels = work.all(
        select(Channel).where(col(Channel.deleted_at).is_(None)).order_by(col(Channel.created_at), col(Channel.id))
    )
    return _rows(work, channels)


@dataclass(frozen=True)
class ChannelChoice:
    id: str
    name: str
    kind: str
    has_bot: bool


@requires(Permission.CHANNELS_READ)
def list_choices(work: Work) -> list[ChannelChoice]:
    """The channels to filter by: names only, no figures."""
    channels = work.all(
        select(Channel).where(col(Channel.deleted_at).is_(None)).order_by(col(Channel.created_at), col(Channel.id))
    )
    return [ChannelChoice(str(c.id), c.name, c.kind, c.has_bot) for c in channels]


@requires(Permission.CHANNELS_READ)
def find_channel(work: Work, channel_id: UUID) -> ChannelDetail:
    channel = work.get(Channel, channel_id)
    if channel.deleted_at is not None:
        raise NotFound
    keys = secrets.decrypt(channel.secrets)
    manages = work.actor.can(Permission.CHANNELS_MANAGE)
    failure = channel.facts.get(facts.FAILURE)
    is_overlapping = channel.former_until is not None and channel.former_until > work.now
    return ChannelDetail(
        row=_rows(work, [channel])[0],
        settings=dict(channel.settings),
        facts=facts.provider_facts(channel),
        fields=describe(channel.kind),
        made=list(registry.get(channel.kind).generated),
        has_templates=registry.get(channel.kind).capabilities_of(channel.settings).has_templates,
        registered_at=iso(channel.registered_at),
        checked_at=iso(channel.checked_at),
        expires_at=iso(channel.expires_at),
        former_until=iso(channel.former_until) if is_overlapping else None,
        webhook_failure=ChannelError(str(failure), str(channel.facts.get(facts.FAILURE_WORDS, "")), "")
        if failure
        else None,
        webhook_url=webhook_url(channel),
        verify_token=keys.get(VERIFY_TOKEN) if manages else None,
        snippet=snippet(channel),
        secrets_set=sorted(name for name, value in keys.items() if value),
    )


def _rows(work: Work, channels: list[Channel]) -> list[ChannelRow]:
    if not channels:
        return []
    ids = [c.id for c in channels]
    pulses = _pulses(work, ids)
    today = _today(work, ids)
    counted = (
        select(col(Conversation.channel_id), func.count())
        .where(col(Conversation.company_id) == work.company_id, col(Conversation.channel_id).in_(ids))
        .group_by(col(Conversation.channel_id))
    )
    threads: dict[UUID, int] = {row[0]: row[1] for row in work.session.execute(counted)}
    return [_row(c, pulses, today, threads.get(c.id, 0)) for c in channels]


def _row(
    c: Channel, pulses: dict[tuple[UUID, str, int], int], today: dict[tuple[UUID, str], int], conversations: int
) -> ChannelRow:
    hours = range(PULSE_HOURS - 1, -1, -1)
    error = None
    if c.last_error_code and c.last_error_at:
        error = ChannelError(c.last_error_code, c.last_error_text or "", iso(c.last_error_at) or "")
    return ChannelRow(
        id=str(c.id),
        kind=c.kind,
        name=c.name,
        public_id=c.public_id,
        label=_label(c),
        state=c.state.value,
        last_event_at=iso(c.last_event_at),
        last_sent_at=iso(c.last_sent_at),
        last_error=error,
        in_today=today.get((c.id, "in"), 0),
        out_today=today.get((c.id, "out"), 0),
        pulse=[PulseHour(pulses.get((c.id, "in", h), 0), pulses.get((c.id, "out", h), 0)) for h in hours],
        conversations=conversations,
        provider=provider_of(c.kind),
        account={name: str(c.facts[name]) for name in _ACCOUNT if c.facts.get(name)},
        webhook=_webhook(c),
        since=_since(c) if c.state is ChannelState.ATTENTION else None,
    )


@dataclass(frozen=True)
class Trouble:
    """A channel that needs somebody, for the line above every page."""

    id: str
    name: str
    kind: str
    provider: str
    since: str | None


@requires(Permission.CHANNELS_READ)
def list_troubled(work: Work) -> list[Trouble]:
    found = work.all(
        select(Channel)
        .where(col(Channel.deleted_at).is_(None), col(Channel.state) == ChannelState.ATTENTION)
        .order_by(col(Channel.last_error_at), col(Channel.id))
    )
    return [Trouble(str(c.id), c.name, c.kind, provider_of(c.kind), _since(c)) for c in found]


def _since(c: Channel) -> str | None:
    return str(c.facts.get(facts.SINCE) or "") or iso(c.last_error_at)


def _webhook(c: Channel) -> str:
    if registry.get(c.kind).is_local:
        return ""
    if c.facts.get(facts.FAILURE):
        return "failed"
    if c.facts.get(facts.REGISTERED_URL):
        return "ours"
    return "done" if c.registered_at or c.last_event_at else "waiting"


_LABELS = ("display_phone_number", "phone_number", "username", "page_name", "name")
"""Facts people call a channel by, the best first."""


_ACCOUNT = ("quality_rating", "messaging_limit", "messaging_limit_tier")


def _label(c: Channel) -> str:
    said = next((str(c.facts[name]) for name in _LABELS if c.facts.get(name)), "")
    if said and c.kind in ("telegram", "instagram") and c.facts.get("username") == said:
        said = f"@{said.lstrip('@')}"
    number = next((value for name, value in c.settings.items() if "number" in name or name.startswith("from")), "")
    return said or str(number or c.settings.get("domains") or "")


def _pulses(work: Work, ids: list[UUID]) -> dict[tuple[UUID, str, int], int]:
    age = func.floor(func.extract("epoch", func.now() - col(Message.created_at)) / 3600)
    query = (
        select(col(Message.channel_id), col(Message.direction), age, func.count())
        .where(
            col(Message.company_id) == work.company_id,
            col(Message.channel_id).in_(ids),
            col(Message.created_at) > work.now - timedelta(hours=PULSE_HOURS),
            col(Message.status) != MessageStatus.FAILED,
        )
        .group_by(col(Message.channel_id), col(Message.direction), age)
    )
    return {
        (channel, Direction(direction).value, int(hour)): n
        for channel, direction, hour, n in work.session.execute(query)
    }


def _today(work: Work, ids: list[UUID]) -> dict[tuple[UUID, str], int]:
    zone = ZoneInfo(work.get(Company, work.company_id).time_zone)
    midnight = work.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    query = (
        select(col(Message.channel_id), col(Message.direction), func.count())
        .where(
            col(Message.company_id) == work.company_id,
            col(Message.channel_id).in_(ids),
            col(Message.created_at) >= midnight,
            col(Message.status) != MessageStatus.FAILED,
        )
        .group_by(col(Message.channel_id), col(Message.direction))
    )
    return {(channel, Direction(direction).value): n for channel, direction, n in work.session.execute(query)}
