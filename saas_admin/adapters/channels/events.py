"""What a provider tells besides a customer's words and receipts. Adapters return these from `parse`."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from saas_admin.adapters.channels.base import DeliveryStatus, Ignored, InboundMessage, StatusUpdate
from saas_admin.adapters.channels.content import Template, TemplateCategory, TemplateStatus


@dataclass(frozen=True)
class Echo:
    """Somebody of the company wrote in the provider's own app. `message.sender` is the customer it went to.

    It counts as a human answer.
    """

    message: InboundMessage
    callback_data: str | None = None
    """Our message id, when the provider hands it back: then it is our own message."""


@dataclass(frozen=True)
class Edited:
    """The customer (or the phone) changed what was said. `provider_id` names the first version."""

    provider_id: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Revoked:
    """A message was taken back by whoever wrote it."""

    provider_id: str
    at: datetime


@dataclass(frozen=True)
class ReadUpTo:
    """A receipt by time: all we sent this person up to `until` has this status (Messenger's watermark)."""

    external_id: str
    until: datetime
    status: DeliveryStatus


class Purpose(StrEnum):
    MARKETING = "marketing"
    ANY = "any"
    """Any message at all: blocked the bot, wrote STOP by SMS."""


@dataclass(frozen=True)
class Preference:
    """The person allows or stops messages. `words` is the proof as the provider gave it."""

    external_id: str
    at: datetime
    purpose: Purpose
    is_allowed: bool
    words: str = ""


@dataclass(frozen=True)
class TemplateChanged:
    """News of a template: only what is not None changed. Matched by `provider_id`, else by name and language."""

    provider_id: str
    name: str
    language: str
    at: datetime
    status: TemplateStatus | None = None
    category: TemplateCategory | None = None
    quality: str | None = None
    reason: str | None = None
    template: Template | None = None
    """Its new contents, when they came along."""


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    SERIOUS = "serious"


@dataclass(frozen=True)
class AccountNotice:
    """News of the account or number (quality, limits, a restriction). `code` has a sentence `channels.notice.<code>`."""

    code: str
    at: datetime
    severity: Severity
    facts: dict[str, str] = field(default_factory=dict[str, str])
    """Merged into the channel's facts: `quality_rating`, `messaging_limit` …"""
    detail: str = ""


@dataclass(frozen=True)
class AddressMoved:
    """The person (or chat) has a new number or id from now on."""

    old_id: str
    new_id: str
    at: datetime


Event = (
    InboundMessage
    | StatusUpdate
    | Ignored
    | Echo
    | Edited
    | Revoked
    | ReadUpTo
    | Preference
    | TemplateChanged
    | AccountNotice
    | AddressMoved
)
