"""The contract every messaging channel meets: verify, split, parse, send. Adapters return data and know no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from saas_admin.adapters.channels.content import Choices, Link, Template, TemplateUse

if TYPE_CHECKING:
    from saas_admin.adapters.channels.events import Event

MEGABYTE = 1024 * 1024


class MessageKind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    DOCUMENT = "document"
    AUDIO = "audio"
    VIDEO = "video"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    REACTION = "reaction"
    INTERACTIVE = "interactive"
    """In: a tapped choice. Out: choices or a link to tap."""
    TEMPLATE = "template"
    UNSUPPORTED = "unsupported"


class DeliveryStatus(StrEnum):
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True)
class RawItem:
    """One provider item cut out of a webhook body, kept until it is handled.

    `address` is the provider's name of our end (phone number id, page id), `key` is unique per channel
    and provider event, `payload` a self-contained JSON body that `parse` understands.
    """

    address: str
    key: str
    kind: str
    payload: bytes


class BrokenPayload(ValueError):
    """The body is correctly signed but is not what the provider documents (not JSON, no envelope)."""


@dataclass(frozen=True)
class Sender:
    """The person at the other end. `external_id` is the channel's stable id; `aliases`: further ids of the person."""

    external_id: str
    name: str | None = None
    phone: str | None = None
    username: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Media:
    """A file named by the provider. `provider_id` or `url` is what `fetch_media` needs."""

    kind: MessageKind
    mime: str
    provider_id: str | None = None
    url: str | None = None
    filename: str | None = None
    sha256: str | None = None
    voice: bool = False


@dataclass(frozen=True)
class Location:
    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


@dataclass(frozen=True)
class ContactCard:
    name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True)
class InboundMessage:
    """What a customer wrote, in our words. `at` is the provider's clock (UTC, often whole seconds)."""

    provider_id: str
    sender: Sender
    at: datetime
    kind: MessageKind
    text: str = ""
    media: Media | None = None
    location: Location | None = None
    contacts: tuple[ContactCard, ...] = ()
    reply_to: str | None = None
    """provider_id of the quoted message; for a reaction, of the message reacted to."""
    data: dict[str, Any] = field(default_factory=dict[str, Any])
    """Provider detail worth keeping: button id, referral, forwarded mark, unsupported type, `standby`, `story`."""
    more_media: tuple[Media, ...] = ()
    """Further files of the same message."""
    awaits_answer: bool = False
    """The customer's app waits for a sign that this arrived (Telegram's buttons): `acknowledge` is called at once."""


@dataclass(frozen=True)
class StatusUpdate:
    """A receipt. `callback_data` is the id we sent along, so a receipt finds its message before the answer did."""

    provider_id: str
    status: DeliveryStatus
    at: datetime
    recipient: str | None = None
    callback_data: str | None = None
    failure: "Failure | None" = None


@dataclass(frozen=True)
class Ignored:
    """Understood and of no consequence yet (an echo, a template notice), or unknown: the raw item stays stored."""

    kind: str
    reason: str
    data: dict[str, Any] = field(default_factory=dict[str, Any])


class FailureCode(StrEnum):
    """Why a message did not leave. A closed list: each has a retry rule and a sentence (errors.delivery.<code>)."""

    THROTTLED = "throttled"
    PROVIDER_DOWN = "provider_down"
    TIMEOUT_BEFORE = "timeout_before"
    OUTCOME_UNKNOWN = "outcome_unknown"
    UNAUTHORISED = "unauthorised"
    WINDOW_CLOSED = "window_closed"
    NOT_REACHABLE = "not_reachable"
    OPTED_OUT = "opted_out"
    MARKETING_CAPPED = "marketing_capped"
    TEMPLATE_PROBLEM = "template_problem"
    MEDIA_REJECTED = "media_rejected"
    CONTENT_REJECTED = "content_rejected"
    ACCOUNT_BLOCKED = "account_blocked"
    UNSUPPORTED = "unsupported"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    """Ours, not the provider's: a person answered before the bot's words left."""


RETRYABLE = frozenset({FailureCode.THROTTLED, FailureCode.PROVIDER_DOWN, FailureCode.TIMEOUT_BEFORE})


@dataclass(frozen=True)
class Failure:
    """A classified failure. `provider_code`/`provider_text` are the provider's own words, for the channel log."""

    code: FailureCode
    provider_code: str = ""
    provider_text: str = ""
    retry_after: float | None = None
    """Seconds the provider asked us to wait."""
    is_per_person: bool = False
    """A throttle that concerns this recipient only, not our whole address."""

    @property
    def can_retry(self) -> bool:
        return self.code in RETRYABLE


class SendError(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.code}: {failure.provider_code} {failure.provider_text}")
        self.failure = failure


@dataclass(frozen=True)
class OutboundMedia:
    """A file on our disk: an adapter passes it on piece by piece, since it may have a hundred megabytes."""

    kind: MessageKind
    mime: str
    filename: str
    path: Path
    url: str = ""
    """A signed address that expires, for providers that fetch the file from us."""


@dataclass(frozen=True)
class OutboundMessage:
    """What we want said. `callback_data` (our message id) comes back in receipts where the provider allows it."""

    to: str
    kind: MessageKind
    text: str = ""
    media: OutboundMedia | None = None
    reply_to: str | None = None
    callback_data: str = ""
    choices: Choices | None = None
    link: Link | None = None
    location: Location | None = None
    template: TemplateUse | None = None
    is_late: bool = False
    """The customer's window is closed and a person answers by the provider's exception (Meta's human-agent tag)."""
    webhook_url: str = ""
    """Where receipts go, for providers that are told with each message."""


@dataclass(frozen=True)
class SendResult:
    provider_id: str
    more_ids: tuple[str, ...] = ()
    """Further ids of the same message, where the provider cuts it in parts."""


@dataclass(frozen=True)
class CheckResult:
    """The provider's answer to "are these credentials good?": `facts` are shown on the channel card."""

    ok: bool
    failure: Failure | None = None
    facts: dict[str, str] = field(default_factory=dict[str, str])
    field: str | None = None
    """The setting to blame, when it can be told."""


@dataclass(frozen=True)
class Connected:
    """What became of registering our webhook at the provider. A failure does not undo the channel: it is told."""

    is_registered: bool
    """False when the provider has no way to do it for us: the address is to be copied by hand."""
    failure: Failure | None = None
    facts: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Refreshed:
    """New secrets in place of those that were about to expire."""

    secrets: dict[str, str]
    expires_at: datetime


@dataclass(frozen=True)
class Pace:
    """How fast a provider lets us send: a rate per address of ours, and a distance between messages to one person."""

    per_second: float
    burst: int = 1
    """So many at once after a pause."""
    seconds_per_person: float = 0.0
    media_per_second: float | None = None
    """Where files have a slower rate of their own."""
    seconds_per_group: float | None = None
    """The distance in a group chat, where it is another than with one person."""

    def seconds_between(self, to: str) -> float:
        """The distance between two messages to `to`. Only Telegram has groups with a pace: their ids begin with a minus."""
        is_group = self.seconds_per_group is not None and to.startswith("-")
        return self.seconds_per_group or 0.0 if is_group else self.seconds_per_person


@dataclass(frozen=True)
class FetchedMedia:
    mime: str
    filename: str | None = None


@dataclass(frozen=True)
class SettingField:
    """One value a company enters to connect this kind of channel. Its label and help are `channels.<kind>.<name>.*`."""

    name: str
    secret: bool = False
    required: bool = True
    max_length: int = 512
    pattern: str | None = None


@dataclass(frozen=True)
class Capabilities:
    """What arrives on this channel; the composer offers nothing else."""

    text_limit: int
    media: frozenset[MessageKind]
    media_limits: Mapping[MessageKind, int]
    """Bytes per kind."""
    media_mimes: Mapping[MessageKind, frozenset[str]]
    caption_limit: int
    has_receipts: bool
    has_typing: bool
    can_quote: bool
    window_hours: int | None
    """Free text is allowed this long after the customer's last message; None means always."""
    late_hours: int | None = None
    """After that a person (never a bot) may still answer until so many hours after the customer's last message."""
    has_standby: bool = False
    """Another app may own a thread (Messenger's handover): then it is read, never answered."""
    buttons: int = 0
    """Most choices as buttons; more become a list, and without lists a numbered text."""
    button_length: int = 20
    list_rows: int = 0
    row_length: int = 24
    has_links: bool = False
    """A link as a button; elsewhere it stands in the text."""
    has_location: bool = False
    has_templates: bool = False
    counts_utf16: bool = False
    """Lengths are in UTF-16 units (Telegram), so an emoji counts twice."""
    counts_bytes: bool = False
    """Lengths are in bytes of UTF-8 (Instagram), so an accent counts twice and an emoji four times."""


class ChannelAdapter(Protocol):
    kind: str
    fields: tuple[SettingField, ...]
    capabilities: Capabilities
    is_local: bool
    """True when we are the provider (web chat): a message is sent once it is stored."""
    signing_secret: str
    """Name of the secret that signs webhooks; a channel that has none set has no webhook at all."""
    generated: tuple[str, ...] = ()
    """Secrets that we make ourselves when none is given (verify token, webhook secret)."""
    has_profiles: bool = False
    """Webhooks carry no names: the provider is asked once per person."""
    acknowledgement: tuple[str, str] = ("", "text/plain")
    """Body and media type of our 200 to a webhook."""

    def shown_as(self, settings: Mapping[str, str]) -> str:
        """The kind people know this channel by: a WhatsApp that comes by Twilio is a WhatsApp to them."""
        del settings
        return self.kind

    def capabilities_of(self, settings: Mapping[str, str]) -> Capabilities:
        """What arrives by a channel with these settings, where that depends on them."""
        del settings
        return self.capabilities

    def address(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> str:
        """The provider address that belongs to one channel at a time (phone number id, page, bot id)."""
        ...

    def owns(self, settings: Mapping[str, str], address: str) -> bool:
        """Whether an item of this address (number, business account) belongs to the channel with these settings."""
        ...

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str], *, url: str = "") -> bool:
        """Whether the raw bytes were signed with this channel's secret. Header names are lower case.

        `url`: our public address as the provider called it, query included; some sign it too.
        """
        ...

    def handshake(self, query: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        """The text to answer a subscription check with, or None when the token is wrong."""
        ...

    def split(self, body: bytes) -> list[RawItem]:
        """Cut a body into items. Raises BrokenPayload; an item of unknown kind is an item like any other."""
        ...

    def split_called(self, body: bytes, url: str) -> list[RawItem]:
        """The same where the address that was called says something too: `url` is our public one, query included."""
        del url
        return self.split(body)

    def parse(self, payload: bytes) -> "list[Event]":
        """Read one item. Never raises for content: what it does not know becomes UNSUPPORTED or Ignored."""
        ...

    def send(self, settings: Mapping[str, str], secrets: Mapping[str, str], message: OutboundMessage) -> SendResult:
        """Hand one message to the provider. Raises SendError."""
        ...

    def acknowledge(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], provider_id: str, *, typing: bool = False
    ) -> None:
        """Tell the customer that their message was read, and optionally that we are typing. Raises SendError."""
        ...

    def acknowledge_to(
        self,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        provider_id: str,
        person: str,
        *,
        typing: bool = False,
    ) -> None:
        """The same for providers that want to know whose message it is. Raises SendError."""
        del person
        self.acknowledge(settings, secrets, provider_id, typing=typing)

    def check(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> CheckResult:
        """Ask the provider whether the credentials work. Bounded in time; never raises for the provider's words."""
        ...

    def fetch_media(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], media: Media, limit: int, into: BinaryIO
    ) -> FetchedMedia:
        """Download a file of at most `limit` bytes into an open file. Raises SendError."""
        ...

    def pace(self, settings: Mapping[str, str], facts: Mapping[str, str]) -> Pace | None:
        """How fast we may send here; None when nobody counts. `facts`: what the provider said of the account."""
        del settings, facts
        return None

    def connect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> Connected:
        """Register our webhook where the provider's API allows it; safe to repeat. Never raises for its words."""
        del settings, secrets, webhook_url
        return Connected(is_registered=False)

    def disconnect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> None:
        """Take the webhook away again, unless it leads elsewhere by now. Raises SendError."""
        del settings, secrets, webhook_url

    def refresh(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Refreshed | None:
        """Trade credentials that expire for fresh ones; None where they do not. Raises SendError."""
        del settings, secrets
        return None

    def expires(self, secrets: Mapping[str, str]) -> bool:
        """Whether these credentials run out and want `refresh`, even when nobody has said when yet."""
        del secrets
        return False

    def templates(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> list[Template]:
        """All templates of the account, whatever their state. Raises SendError."""
        del settings, secrets
        return []

    def profile(self, settings: Mapping[str, str], secrets: Mapping[str, str], person: str) -> Sender | None:
        """Who somebody is, by the provider's word; None when it does not say. Raises SendError."""
        del settings, secrets, person
        return None
