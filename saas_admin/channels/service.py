"""Connect, change, switch off and remove channels. Secrets are encrypted here and never read back to a browser.

What has to be said to the provider as well is said around these verbs, outside their transaction: `registration`.
"""

import secrets as random_source
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from saas_admin.accounts import audit
from saas_admin.adapters.channels import registry
from saas_admin.channels.addresses import webhook_url
from saas_admin.channels.forms import Checked, check
from saas_admin.core import doors, secrets
from saas_admin.core.errors import Conflict, Invalid, NotFound
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.secrets import REDACTED
from saas_admin.core.work import Work
from saas_admin.models import Channel
from saas_admin.models.channel import ChannelState

__all__ = [
    "ChannelCreated",
    "Checked",
    "check",
    "create",
    "delete",
    "disable",
    "enable",
    "replace_secrets",
    "stored_values",
    "update",
]

OVERLAP = timedelta(hours=24)
"""A signing secret that was replaced verifies webhooks this long: a provider takes its time to change over."""


@dataclass(frozen=True)
class ChannelCreated:
    id: str
    public_id: str
    webhook_url: str | None


@requires(Permission.CHANNELS_MANAGE)
def create(work: Work, checked: Checked) -> ChannelCreated:
    """Store a channel whose values were checked before (see `check`), outside any transaction."""
    adapter = registry.get(checked.kind)
    address = adapter.address(checked.settings, checked.secrets)
    _ensure_address_is_free(work, checked.kind, address, except_id=None)
    keys = dict(checked.secrets)
    for name in adapter.generated:
        keys[name] = keys.get(name) or new_secret()
    channel = work.add(
        Channel(
            kind=checked.kind,
            name=checked.name,
            public_id=random_source.token_urlsafe(12),
            address=address,
            settings=checked.settings,
            secrets=secrets.encrypt(keys) if keys else None,
            facts=checked.facts,
            created_at=work.now,
        )
    )
    _flush(work)
    audit.record(work, "channel.created", target=_target(channel), after=_said(channel, checked.secrets))
    return ChannelCreated(str(channel.id), channel.public_id, webhook_url(channel))


@requires(Permission.CHANNELS_MANAGE)
def update(work: Work, channel_id: UUID, checked: Checked) -> None:
    """Replace name, settings and the secrets that were given; what was left empty stays.

    A signing secret given here replaces the old one at once; with a day's overlap: `replace_secrets`.
    """
    channel = work.get(Channel, channel_id, lock=True)
    _ensure_is_here(channel)
    if channel.kind != checked.kind:
        raise NotFound
    stored = secrets.decrypt(channel.secrets)
    keys = stored | {name: value for name, value in checked.secrets.items() if value}
    address = registry.get(channel.kind).address(checked.settings, keys)
    _ensure_address_is_free(work, channel.kind, address, except_id=channel.id)
    before = _said(channel, stored)
    changed = _put_secrets(channel, keys)
    facts = channel.facts if channel.address == address else {}
    channel.name, channel.address, channel.settings = checked.name, address, checked.settings
    channel.facts = {**facts, **checked.facts}
    after = _said(channel, keys)
    if before != after or changed:
        # That a secret was replaced is told; neither the old one nor the new one is.
        replaced = {"replaced_secrets": REDACTED + " " + ", ".join(changed)} if changed else {}
        audit.record(work, "channel.changed", target=_target(channel), before=before, after={**after, **replaced})
    _is_well_again(channel)
    _flush(work)


@requires(Permission.CHANNELS_MANAGE)
def replace_secrets(work: Work, channel_id: UUID, given: dict[str, str], facts: dict[str, str] | None) -> list[str]:
    """Put new secrets in place of the old ones; the names of those that changed.

    The replaced signing secret stays good for a day. `facts`: what the provider said of the new ones, None when it was
    not asked. Raises Invalid when they belong to another number, page or bot than the channel's.
    """
    channel = work.get(Channel, channel_id, lock=True)
    _ensure_is_here(channel)
    keys = {**secrets.decrypt(channel.secrets), **given}
    adapter = registry.get(channel.kind)
    if adapter.address(channel.settings, keys) != channel.address:
        owner = next((f.name for f in adapter.fields if f.secret and f.name in given), "")
        raise Invalid("other_address", fields={owner: "other_address"} if owner else None)
    changed = _put_secrets(channel, keys, good_until=work.now + OVERLAP)
    if changed:
        audit.record(work, "channel.keys_changed", target=_target(channel), after=dict.fromkeys(changed, REDACTED))
    if facts is not None:
        channel.facts = {**channel.facts, **facts}
        if channel.state is ChannelState.ATTENTION:
            audit.record(work, "channel.reauthorised", target=_target(channel))
        _is_well_again(channel)
    return changed


@requires(Permission.CHANNELS_MANAGE)
def disable(work: Work, channel_id: UUID) -> None:
    channel = work.get(Channel, channel_id, lock=True)
    _ensure_is_here(channel)
    if channel.state is not ChannelState.DISABLED:
        audit.record(work, "channel.disabled", target=_target(channel))
    channel.state = ChannelState.DISABLED


@requires(Permission.CHANNELS_MANAGE)
def enable(work: Work, channel_id: UUID) -> None:
    channel = work.get(Channel, channel_id, lock=True)
    _ensure_is_here(channel)
    if channel.state is ChannelState.DISABLED:
        audit.record(work, "channel.enabled", target=_target(channel))
    channel.state = ChannelState.CONNECTED


@requires(Permission.CHANNELS_MANAGE)
def delete(work: Work, channel_id: UUID) -> None:
    """Stop receiving and forget the secrets; conversations and messages stay."""
    channel = work.get(Channel, channel_id, lock=True)
    _ensure_is_here(channel)
    audit.record(work, "channel.deleted", target=_target(channel), before=_said(channel, {}))
    channel.deleted_at = work.now
    channel.secrets = channel.former_secrets = channel.former_until = None


@requires(Permission.CHANNELS_MANAGE)
def stored_values(work: Work, channel_id: UUID) -> dict[str, str]:
    """Settings and secrets as stored, to check a change against: stays on the server."""
    channel = work.get(Channel, channel_id)
    _ensure_is_here(channel)
    return {**channel.settings, **secrets.decrypt(channel.secrets)}


def new_secret() -> str:
    """Letters, digits, - and _: what every provider takes for a secret of ours."""
    return random_source.token_urlsafe(24)


def _put_secrets(channel: Channel, keys: dict[str, str], *, good_until: datetime | None = None) -> list[str]:
    """The names of what changed. `good_until`: how long the replaced signing secret verifies; at once no more without it."""
    stored = secrets.decrypt(channel.secrets)
    changed = sorted(name for name, value in keys.items() if stored.get(name) != value)
    signing = registry.get(channel.kind).signing_secret
    if signing in changed:
        former = {signing: stored[signing]} if good_until and stored.get(signing) else {}
        channel.former_secrets = secrets.encrypt(former) if former else None
        channel.former_until = good_until if former else None
    channel.secrets = secrets.encrypt(keys) if keys else None
    return changed


def _is_well_again(channel: Channel) -> None:
    """The provider has just accepted what is stored."""
    channel.refusals = 0
    channel.last_error_code = channel.last_error_text = channel.last_error_at = None
    if channel.state is ChannelState.ATTENTION:
        channel.state = ChannelState.CONNECTED


def _ensure_address_is_free(work: Work, kind: str, address: str, *, except_id: UUID | None) -> None:
    """A number belongs to one live channel of one company at a time; the unique index decides for all companies."""
    if not address:
        return
    owner = doors.find_address(kind, address)
    if owner and owner.channel_id != except_id:
        raise Conflict("address_taken")


def _target(channel: Channel) -> tuple[str, UUID, str]:
    return ("channel", channel.id, channel.name)


def _said(channel: Channel, keys: dict[str, str]) -> dict[str, str]:
    """What the audit log keeps of a channel. Secrets stand there by name alone."""
    return {"kind": channel.kind, "name": channel.name, **channel.settings, **dict.fromkeys(keys, REDACTED)}


def _flush(work: Work) -> None:
    try:
        work.flush()
    except IntegrityError as error:
        # Two companies with one number at the same moment: the index let one of them through.
        raise Conflict("address_taken") from error


def _ensure_is_here(channel: Channel) -> None:
    if channel.deleted_at is not None:
        raise NotFound
