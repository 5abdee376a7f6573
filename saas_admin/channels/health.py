"""Whether a channel works: what its provider answered last, asked again every hour, and who is told when it stops."""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from saas_admin.accounts import mails
from saas_admin.accounts.admins import list_admins
from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import ChannelAdapter, CheckResult, Failure, FailureCode, Refreshed, SendError
from saas_admin.channels import exchanges, registration, templates
from saas_admin.channels.facts import call_for_attention
from saas_admin.core import realtime, secrets
from saas_admin.core.actor import Actor
from saas_admin.core.permissions import system_only
from saas_admin.core.work import Work
from saas_admin.models import Channel
from saas_admin.models.channel import ChannelState

log = logging.getLogger(__name__)

ATTENTION_AFTER = 2
"""Refused credentials in a row before a channel asks for attention: one may be the provider's hiccup."""
REFRESH_BEFORE = timedelta(days=10)
"""A token that runs out is traded for a fresh one this long before."""
REFRESH_AFTER = timedelta(hours=25)
"""Instagram trades a token only once it is a day old."""
_FATAL = (FailureCode.UNAUTHORISED, FailureCode.ACCOUNT_BLOCKED)


@dataclass(frozen=True)
class _Asked:
    adapter: ChannelAdapter
    settings: dict[str, Any]
    keys: dict[str, str]
    must_refresh: bool


@system_only
def note_success(work: Work, channel: Channel) -> None:
    """The provider accepted our credentials."""
    channel.refusals = 0
    if channel.last_error_code in _FATAL:
        if channel.state is ChannelState.ATTENTION:
            channel.state = ChannelState.CONNECTED
        channel.last_error_code = channel.last_error_text = channel.last_error_at = None


@system_only
def note_failure(work: Work, channel: Channel, failure: Failure) -> None:
    """What the provider refused, on the channel's card. Refused credentials twice in a row call the Admins."""
    channel.last_error_code = failure.code.value
    channel.last_error_text = f"{failure.provider_code} {failure.provider_text}".strip()[:300]
    channel.last_error_at = work.now
    if failure.code not in _FATAL:
        return
    channel.refusals += 1
    if channel.refusals >= ATTENTION_AFTER and channel.state is ChannelState.CONNECTED:
        call_for_attention(channel, work.now)
        _call_admins(work, channel)


def check(company_id: UUID, channel_id: UUID) -> CheckResult | None:
    """Ask the provider whether the channel still works: outside any transaction, recorded in a second one.

    None where there is nobody to ask. When our public address has moved since, the webhook is registered anew.
    """
    asked = _prepare(company_id, channel_id)
    if asked is None:
        return None
    started = time.monotonic()
    fresh, trouble = _refresh(asked)
    keys = {**asked.keys, **(fresh.secrets if fresh else {})}
    answer = asked.adapter.check(asked.settings, keys)
    took = int((time.monotonic() - started) * 1000)
    with Work(Actor.system(company_id)) as work:
        channel = work.get(Channel, channel_id, lock=True)
        if channel.deleted_at is not None:
            return None
        if fresh:
            channel.secrets = secrets.encrypt({**secrets.decrypt(channel.secrets), **fresh.secrets})
            channel.expires_at = fresh.expires_at
        if trouble:
            exchanges.note(work, channel.id, "refresh", trouble)
        _record(work, channel, answer, took)
        if answer.ok and asked.adapter.capabilities_of(asked.settings).has_templates:
            templates.sync_soon(work, channel)
        has_moved = answer.ok and registration.has_moved(channel)
    if has_moved:
        registration.register(Actor.system(company_id), channel_id)
    return answer


def _prepare(company_id: UUID, channel_id: UUID) -> _Asked | None:
    with Work(Actor.system(company_id)) as work:
        channel = work.find(Channel, channel_id)
        if channel is None or not channel.is_live or registry.get(channel.kind).is_local:
            return None
        adapter, keys, expires = registry.get(channel.kind), secrets.decrypt(channel.secrets), channel.expires_at
        is_due = expires is not None and expires - work.now < REFRESH_BEFORE
        # One pasted by hand says nothing of its end; the first fresh one does.
        is_unknown = expires is None and adapter.expires(keys) and work.now - channel.created_at > REFRESH_AFTER
        return _Asked(adapter, dict(channel.settings), keys, must_refresh=is_due or is_unknown)


def _refresh(asked: _Asked) -> tuple[Refreshed | None, Failure | None]:
    if not asked.must_refresh:
        return None, None
    try:
        return asked.adapter.refresh(asked.settings, asked.keys), None
    except SendError as error:
        return None, error.failure


def _record(work: Work, channel: Channel, answer: CheckResult, took: int) -> None:
    channel.checked_at = work.now
    failure = None if answer.ok else answer.failure or Failure(FailureCode.REJECTED)
    exchanges.note(work, channel.id, "check", failure, milliseconds=took)
    if failure is None:
        channel.facts = {**channel.facts, **answer.facts}
        note_success(work, channel)
    elif not failure.can_retry:
        note_failure(work, channel, failure)


def _call_admins(work: Work, channel: Channel) -> None:
    # A provider that says yes and no in turns must not fill the Admins' mailboxes.
    if not realtime.is_first(f"channel-trouble:{channel.id}", 3600):
        return
    for person in list_admins(work):
        params = {"name": person.name, "channel": channel.name, "path": f"/channels/{channel.id}"}
        mails.queue_of_company(work, person.email, "channel_trouble", person.language, params)
