"""Connect, change, switch off and remove channels. Secrets are encrypted here and never read back to a browser."""

import re
import secrets as random_source
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from saas_admin.accounts import audit
from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import ChannelAdapter, CheckResult, Failure, FailureCode, SettingField
from saas_admin.channels.addresses import webhook_url
from saas_admin.core import doors, secrets
from saas_admin.core.errors import Conflict, Invalid, NotFound
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.secrets import REDACTED
from saas_admin.core.work import Work
from saas_admin.models import Channel
from saas_admin.models.channel import ChannelState

_HOST = re.compile(r"^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*(:\d{1,5})?$")


@dataclass(frozen=True)
class ChannelCreated:
    id: str
    public_id: str
    webhook_url: str | None


@dataclass(frozen=True)
class Checked:
    """Values that passed our own rules and, unless told otherwise, the provider's."""

    kind: str
    name: str
    settings: dict[str, str]
    secrets: dict[str, str]
    facts: dict[str, str]


@requires(Permission.CHANNELS_MANAGE)
def create(work: Work, checked: Checked) -> ChannelCreated:
    """Store a channel whose values were checked before (see `check`), outside any transaction."""
    adapter = registry.get(checked.kind)
    address = adapter.address(checked.settings, checked.secrets)
    _ensure_address_is_free(work, checked.kind, address, except_id=None)
    keys = dict(checked.secrets)
    for name in adapter.generated:
        keys[name] = keys.get(name) or random_source.token_urlsafe(24)
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
    """Replace name, settings and the secrets that were given; what was left empty stays."""
    channel = work.get(Channel, channel_id, lock=True)
    _ensure_is_here(channel)
    if channel.kind != checked.kind:
        raise NotFound
    stored = secrets.decrypt(channel.secrets)
    keys = stored | {name: value for name, value in checked.secrets.items() if value}
    address = registry.get(channel.kind).address(checked.settings, keys)
    _ensure_address_is_free(work, channel.kind, address, except_id=channel.id)
    before = _said(channel, stored)
    channel.name, channel.address, channel.settings, channel.facts = (
        checked.name,
        address,
        checked.settings,
        checked.facts,
    )
    channel.secrets = secrets.encrypt(keys) if keys else None
    changed = [name for name, value in keys.items() if stored.get(name) != value]
    after = _said(channel, keys)
    if before != after or changed:
        # That a secret was replaced is told; neither the old one nor the new one is.
        replaced = {"replaced_secrets": REDACTED + " " + ", ".join(changed)} if changed else {}
        audit.record(work, "channel.changed", target=_target(channel), before=before, after={**after, **replaced})
    channel.last_error_code = channel.last_error_text = channel.last_error_at = None
    if channel.state is ChannelState.ATTENTION:
        channel.state = ChannelState.CONNECTED
    _flush(work)


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
    channel.secrets = None


@requires(Permission.CHANNELS_MANAGE)
def stored_values(work: Work, channel_id: UUID) -> dict[str, str]:
    """Settings and secrets as stored, to check a change against: stays on the server."""
    channel = work.get(Channel, channel_id)
    _ensure_is_here(channel)
    return {**channel.settings, **secrets.decrypt(channel.secrets)}


def check(
    kind: str, name: str, values: dict[str, str], *, stored: dict[str, str] | None = None, ask_provider: bool = True
) -> Checked:
    """Values of a form, by our rules and then by the provider's word. Raises Invalid with a code per field.

    Runs outside any transaction: the provider may take its time. `stored` fills in secrets that a change left empty.
    """
    if kind not in registry.kinds():
        raise NotFound
    adapter = registry.get(kind)
    problems: dict[str, str] = {}
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        problems["name"] = "name_length"
    clean = {
        field.name: _clean(values.get(field.name) or (stored or {}).get(field.name, "")) for field in adapter.fields
    }
    for field in adapter.fields:
        if code := _problem(field, clean[field.name]):
            problems[field.name] = code
    if kind == "webchat":
        clean["domains"], bad = _domains(clean["domains"])
        if bad:
            problems["domains"] = "domains"
    if problems:
        raise Invalid(fields=problems)
    settings = {f.name: clean[f.name] for f in adapter.fields if not f.secret and clean[f.name]}
    keys = {f.name: clean[f.name] for f in adapter.fields if f.secret and clean[f.name]}
    facts = _ask(adapter, settings, keys) if ask_provider else {}
    return Checked(kind, name, settings, keys, facts)


def _clean(value: object) -> str:
    return str(value).replace("\x00", "").strip() if isinstance(value, str | int) else ""


def _problem(field: SettingField, value: str) -> str | None:
    if not value:
        return "required" if field.required else None
    if len(value) > field.max_length:
        return "too_long"
    if field.pattern and not re.fullmatch(field.pattern, value):
        return f"format_{field.name}"
    return None


def _domains(text: str) -> tuple[str, bool]:
    """Host names a widget may stand on, one per comma, space or line; a pasted address is cut to its host."""
    hosts: list[str] = []
    for part in re.split(r"[\s,;]+", text.lower()):
        host = re.sub(r"^https?://", "", part).split("/")[0]
        if host and host not in hosts:
            hosts.append(host)
    return ",".join(hosts), any(not _HOST.match(host) for host in hosts)


def _ask(adapter: ChannelAdapter, settings: dict[str, str], keys: dict[str, str]) -> dict[str, str]:
    answer: CheckResult = adapter.check(settings, keys)
    if answer.ok:
        return answer.facts
    failure = answer.failure or Failure(FailureCode.REJECTED)
    code = f"check_{failure.code.value}"
    if answer.field:
        raise Invalid(code, fields={answer.field: code})
    raise Invalid(code)


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
