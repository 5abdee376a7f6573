"""What the inbox shows: frozen, JSON-ready, and safe to reach a browser of the company."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class TagView:
    id: str
    name: str
    color: str


@dataclass(frozen=True)
class ConversationRow:
    id: str
    customer_id: str
    customer_name: str
    phone: str | None
    avatar_url: str | None
    tint: int
    """0–5, from the customer's id: the colour behind the initials."""
    channel_id: str
    channel_kind: str
    channel_name: str
    state: str
    bucket: str
    assignee_id: str | None
    assignee_name: str | None
    preview: str
    preview_kind: str
    preview_author: str
    preview_author_id: str | None
    has_failed: bool
    """The last word is ours and did not leave."""
    last_message_at: str
    waiting_since: str | None
    unread: int
    tags: list[TagView]
    window_expires_at: str | None
    """When free text stops being allowed; None where the channel has no such rule."""
    late_expires_at: str | None
    """Until when a person (not the bot) may still answer by the provider's exception; None where there is none."""
    voice: str
    """`bot` or `person`: who speaks for the company, where a bot is on."""
    has_bot: bool
    hand_over_due_at: str | None
    """Until when a person was promised, while nobody has answered since the bot handed over."""
    rev: int
    """Grows with every change of the conversation: an older row that arrives late is dropped."""
    changed_at: str

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class AuthorView:
    kind: str
    id: str | None
    name: str


@dataclass(frozen=True)
class AttachmentView:
    id: str
    kind: str
    mime: str
    name: str | None
    size: int | None
    width: int | None
    height: int | None
    voice: bool
    url: str
    thumb_url: str | None
    state: str


@dataclass(frozen=True)
class QuoteView:
    id: str
    text: str
    kind: str
    author_name: str
    direction: str


@dataclass(frozen=True)
class FailureView:
    """Why it did not leave, in both languages: the reader's is chosen in the browser."""

    code: str
    es: str
    en: str
    can_retry: bool


@dataclass(frozen=True)
class ReceiptLine:
    """Under an answer of the bot: which way it came, from which FAQ, how sure."""

    route: str
    title: str
    """Empty where no single FAQ said it."""
    certainty: str
    """`high`, `middle`, `low`, or empty where nothing was weighed."""
    probability: float | None


@dataclass(frozen=True)
class MessageView:
    id: str
    conversation_id: str
    rev: int
    direction: str
    kind: str
    text: str
    status: str
    author: AuthorView
    at: str
    created_at: str
    draft_id: str | None
    attachments: list[AttachmentView] = field(default_factory=list[AttachmentView])
    location: dict[str, Any] | None = None
    contacts: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    data: dict[str, Any] = field(default_factory=dict[str, Any])
    reply_to: QuoteView | None = None
    error: FailureView | None = None
    receipt: ReceiptLine | None = None
    edited_at: str | None = None
    revoked_at: str | None = None

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class ActivityView:
    id: str
    rev: int
    kind: str
    actor_kind: str
    actor_name: str
    data: dict[str, Any]
    at: str

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class IdentityView:
    kind: str
    channel_name: str
    label: str


@dataclass(frozen=True)
class PastConversation:
    id: str
    state: str
    bucket: str
    channel_kind: str
    preview: str
    preview_kind: str
    last_message_at: str


@dataclass(frozen=True)
class CustomerPanel:
    id: str
    name: str
    phone: str | None
    email: str | None
    tint: int
    since: str
    identities: list[IdentityView]
    conversations: list[PastConversation]


@dataclass(frozen=True)
class CapabilitiesView:
    text_limit: int
    caption_limit: int
    media: list[str]
    media_limits: dict[str, int]
    media_mimes: dict[str, list[str]]
    has_receipts: bool
    has_typing: bool
    can_quote: bool
    window_hours: int | None
    late_hours: int | None
    buttons: int
    button_length: int
    list_rows: int
    row_length: int
    has_links: bool
    has_location: bool
    has_templates: bool
    can_send: bool
    """False when the channel is disabled or gone."""
    is_blocked: bool
    """The customer blocked us or wrote STOP here."""


@dataclass(frozen=True)
class SlotView:
    key: str
    kind: str
    label: str
    """What the variable is called: its name, or its number."""
    example: str
    value: str
    """What we can fill in by ourselves."""


@dataclass(frozen=True)
class TemplateView:
    """A template that may be sent now, with what it says and what it still wants to know."""

    id: str
    name: str
    language: str
    category: str
    header: str
    header_kind: str
    body: str
    footer: str
    buttons: list[dict[str, str]]
    slots: list[SlotView]


@dataclass(frozen=True)
class TemplatesView:
    """Best first. `may_advertise`: the customer's last word on promotions, None when there is none."""

    conversation_id: str
    templates: list[TemplateView]
    may_advertise: bool | None
    pending: int
    """How many more there are that may not be sent (yet)."""

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class ThreadView:
    conversation: ConversationRow
    messages: list[MessageView]
    activities: list[ActivityView]
    has_more: bool
    cursor: str | None
    customer: CustomerPanel
    capabilities: CapabilitiesView
    bot_name: str
    """How the channel's bot is called; empty where it has no name."""
    seq: int
    """Number of the last live delta of this thread that is surely contained."""

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class InboxPage:
    rows: list[ConversationRow]
    cursor: str | None
    seq: dict[str, int]
    totals: dict[str, dict[str, int]]
    """bucket → owner id or "none" → how many."""
    changed_at: str | None

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class MemberView:
    id: str
    name: str
    role: str
    availability: str


@dataclass(frozen=True)
class ConversationFilter:
    bucket: str = "pending"
    owner: str = "all"
    """`all`, `mine` or `unassigned`."""
    tag_ids: tuple[str, ...] = ()
    channel_ids: tuple[str, ...] = ()
    voice: str = ""
    """`bot`: the bot has it. `person`: it handed over, and a person is waited for."""
    query: str = ""
