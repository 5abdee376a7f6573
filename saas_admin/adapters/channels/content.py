"""One neutral form for what is more than text: choices, a link, a place, a template. Each adapter says it its own way."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class Choice:
    """Something to tap. `id` comes back when it is chosen."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Choices:
    """What the customer may answer with a tap: buttons side by side, or a list behind one button."""

    options: tuple[Choice, ...]
    opener: str = ""
    """The words on the button that opens a list; empty means buttons."""

    @property
    def is_list(self) -> bool:
        return bool(self.opener)

    def chosen(self, came_back: str) -> Choice | None:
        """The option a tap brought back: by its id, or by what `short_id` made of it."""
        found = (option for option in self.options if came_back == option.id or came_back == _short(option.id))
        return next(found, None)


def short_id(option_id: str, most_bytes: int) -> str:
    """The id itself, or, where a provider's button carries less, 24 characters made from it; `Choices.chosen` knows both."""
    return option_id if len(option_id.encode("utf-8", "replace")) <= most_bytes else _short(option_id)


def _short(option_id: str) -> str:
    digest = hashlib.sha256(option_id.encode("utf-8", "replace")).digest()
    return "~" + base64.urlsafe_b64encode(digest[:17]).decode().rstrip("=")


@dataclass(frozen=True)
class Link:
    """A button that opens a page."""

    title: str
    url: str


class TemplateStatus(StrEnum):
    APPROVED = "approved"
    PENDING = "pending"
    REJECTED = "rejected"
    PAUSED = "paused"
    DISABLED = "disabled"


class TemplateCategory(StrEnum):
    MARKETING = "marketing"
    UTILITY = "utility"
    AUTHENTICATION = "authentication"


class SlotKind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    DOCUMENT = "document"
    URL_SUFFIX = "url_suffix"
    """The variable end of a button's address."""
    CODE = "code"
    """A coupon that a button copies."""
    PAYLOAD = "payload"
    """What a quick reply sends back; filled by us when nobody says otherwise."""


@dataclass(frozen=True)
class Slot:
    """One variable of a template. `part` is `header`, `body` or `button`; `name` a position ("1") or a name.

    Media slots take a public https address.
    """

    part: str
    name: str
    kind: SlotKind = SlotKind.TEXT
    index: int = 0
    """Which button, from 0."""
    example: str = ""

    @property
    def key(self) -> str:
        """`body.1`, `body.nombre`, `header.1`, `button.0.1`."""
        return f"button.{self.index}.{self.name}" if self.part == "button" else f"{self.part}.{self.name}"


@dataclass(frozen=True)
class TemplateButton:
    kind: str
    """`reply`, `url`, `phone`, `copy`, or the provider's own word."""
    title: str
    value: str = ""
    """The address (`{{1}}` for its variable end) or the number."""


@dataclass(frozen=True)
class Template:
    """A message the provider has approved (or not) in advance. Texts keep their `{{variables}}`."""

    provider_id: str
    name: str
    language: str
    category: TemplateCategory
    status: TemplateStatus
    body: str
    header: str = ""
    header_kind: str = ""
    """`text`, `image`, `video`, `document`, `location` or nothing."""
    footer: str = ""
    buttons: tuple[TemplateButton, ...] = ()
    slots: tuple[Slot, ...] = ()
    is_named: bool = False
    quality: str = ""
    """`green`, `yellow`, `red` or nothing."""
    reason: str = ""
    """The provider's word for a refusal or a pause."""
    is_sendable: bool = True
    """False for kinds that need more than we can fill in (catalogues, carousels, flows)."""


@dataclass(frozen=True)
class TemplateUse:
    """A template with its variables filled: what `send` needs."""

    template: Template
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """By `Slot.key`."""


def fill(text: str, part: str, values: Mapping[str, str], index: int = 0) -> str:
    """Put values into the `{{variables}}` of one part of a template; what has no value stays as it is."""
    for slot_key, value in values.items():
        prefix = f"button.{index}." if part == "button" else f"{part}."
        if slot_key.startswith(prefix):
            name = slot_key[len(prefix) :]
            for written in (f"{{{{{name}}}}}", f"{{{{ {name} }}}}"):
                text = text.replace(written, value)
    return text


def said(use: TemplateUse) -> str:
    """The words the customer reads, header first: what the thread keeps."""
    template = use.template
    header = fill(template.header, "header", use.values) if template.header_kind == "text" else ""
    parts = (header, fill(template.body, "body", use.values), template.footer)
    return "\n\n".join(part for part in parts if part)


def missing(use: TemplateUse) -> list[str]:
    """Keys of variables that still want a value. Payloads of quick replies do not."""
    return [
        slot.key
        for slot in use.template.slots
        if slot.kind is not SlotKind.PAYLOAD and not use.values.get(slot.key, "").strip()
    ]
