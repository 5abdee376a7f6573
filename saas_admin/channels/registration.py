"""Our webhook at the provider: registered where its API allows it, taken away again, and what came of it.

The provider is called outside any transaction; each step before and after it is a verb of its own.
"""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import ChannelAdapter, Connected, Failure, SendError
from saas_admin.channels import exchanges, service, templates
from saas_admin.channels.addresses import webhook_url
from saas_admin.channels.facts import FAILURE, FAILURE_WORDS, REGISTERED_URL
from saas_admin.core import realtime, secrets
from saas_admin.core.actor import Actor
from saas_admin.core.errors import NotFound
from saas_admin.core.permissions import Permission, requires, system_only
from saas_admin.core.work import Work
from saas_admin.models import Channel

_NOTE_EVERY = 60
"""Seconds between two notes of the same kind on one channel: whoever knocks without a key must not fill the log."""


@dataclass(frozen=True)
class Registration:
    """What became of it. Neither registered nor failed: the address is to be copied by hand."""

    is_registered: bool
    failure: Failure | None = None


@dataclass(frozen=True)
class Registrable:
    """What the provider is called with: stays on the server."""

    adapter: ChannelAdapter
    settings: dict[str, Any]
    keys: dict[str, str]
    url: str
    is_registered: bool


def register(actor: Actor, channel_id: UUID) -> Registration | None:
    """Tell the provider where to post; safe to repeat. None where there is no provider, or the channel rests."""
    with Work(actor) as work:
        found = find_registrable(work, channel_id)
    if found is None:
        return None
    started = time.monotonic()
    try:
        answer = found.adapter.connect(found.settings, found.keys, found.url)
    except SendError as error:
        answer = Connected(is_registered=False, failure=error.failure)
    took = _milliseconds(started)
    with Work(Actor.system(actor.company_id)) as work:
        note_registration(work, channel_id, found.url, answer, took)
    return Registration(answer.is_registered and answer.failure is None, answer.failure)


def remove(actor: Actor, channel_id: UUID) -> Failure | None:
    """Delete the channel, then take the webhook away; what the provider refuses of that is handed back, not undone."""
    with Work(actor) as work:
        found = find_registrable(work, channel_id, even_resting=True)
        service.delete(work, channel_id)
    if found is None or not found.is_registered:
        return None
    started = time.monotonic()
    failure = None
    try:
        found.adapter.disconnect(found.settings, found.keys, found.url)
    except SendError as error:
        failure = error.failure
    took = _milliseconds(started)
    with Work(Actor.system(actor.company_id)) as work:
        exchanges.note(work, channel_id, "disconnect", failure, milliseconds=took)
    return failure


@requires(Permission.CHANNELS_MANAGE)
def find_registrable(work: Work, channel_id: UUID, *, even_resting: bool = False) -> Registrable | None:
    channel = work.get(Channel, channel_id)
    if channel.deleted_at is not None:
        raise NotFound
    url = webhook_url(channel)
    if url is None or not (channel.is_live or even_resting):
        return None
    return Registrable(
        registry.get(channel.kind),
        dict(channel.settings),
        secrets.decrypt(channel.secrets),
        url,
        channel.registered_at is not None,
    )


@system_only
def note_registration(work: Work, channel_id: UUID, url: str, answer: Connected, took: int) -> None:
    channel = work.get(Channel, channel_id, lock=True)
    if channel.deleted_at is not None:
        return
    facts = {**{k: v for k, v in channel.facts.items() if k not in (FAILURE, FAILURE_WORDS)}, **answer.facts}
    if answer.failure is not None:
        failure = answer.failure
        facts[FAILURE] = failure.code.value
        facts[FAILURE_WORDS] = exchanges.words_of(failure)
        exchanges.note(work, channel.id, "connect", failure, milliseconds=took)
    elif answer.is_registered:
        channel.registered_at = work.now
        facts[REGISTERED_URL] = url
        exchanges.note(work, channel.id, "connect", milliseconds=took)
    channel.facts = facts
    if registry.get(channel.kind).capabilities_of(channel.settings).has_templates:
        templates.sync_soon(work, channel)


def note_handshake(company_id: UUID, channel_id: UUID) -> None:
    """The provider asked whether the address is ours, with the right word: from now on it can post."""
    if not realtime.is_first(f"handshake:{channel_id}", _NOTE_EVERY):
        return
    with Work(Actor.system(company_id)) as work:
        channel = work.get(Channel, channel_id, lock=True)
        if channel.deleted_at is not None:
            return
        channel.registered_at = work.now
        channel.facts = {k: v for k, v in channel.facts.items() if k not in (FAILURE, FAILURE_WORDS)}
        exchanges.note_call(work, channel.id, "handshake", is_ok=True)


def note_refusal(company_id: UUID, channel_id: UUID) -> None:
    """Somebody posted what our secret did not sign: the wrong app secret, or a stranger."""
    _note_call(company_id, channel_id, "signature")


def note_wrong_token(company_id: UUID, channel_id: UUID) -> None:
    """A handshake with another verify token than ours: mistyped in the provider's form, or a stranger."""
    _note_call(company_id, channel_id, "verify_token")


def _note_call(company_id: UUID, channel_id: UUID, code: str) -> None:
    if not realtime.is_first(f"{code}:{channel_id}", _NOTE_EVERY):
        return
    with Work(Actor.system(company_id)) as work:
        exchanges.note_call(work, channel_id, code)


def has_moved(channel: Channel) -> bool:
    """Whether the provider was told an address of ours that is not ours any more."""
    return channel.facts.get(REGISTERED_URL) not in (None, webhook_url(channel))


def _milliseconds(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
