"""What a WhatsApp message holds, by its `type`. What is not understood is shown as unsupported, with all that came."""

from collections.abc import Callable
from typing import Any

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import BrokenPayload, MessageKind
from saas_admin.adapters.channels.reading import items, load, mapping, number, optional, text

LONGEST_ID = 300
_CARDS = 50
_MEDIA = {
    "image": MessageKind.IMAGE,
    "video": MessageKind.VIDEO,
    "document": MessageKind.DOCUMENT,
    "audio": MessageKind.AUDIO,
    "voice": MessageKind.AUDIO,
    "sticker": MessageKind.STICKER,
}


def read(message: dict[str, Any]) -> dict[str, Any]:
    """The fields of an InboundMessage that depend on the type: `kind`, `text`, `media`, `data` …"""
    reader = _READERS.get(text(message.get("type"), 60), _unsupported)
    return reader(message) or _unsupported(message)


def _text(message: dict[str, Any]) -> dict[str, Any] | None:
    body = text(mapping(message.get("text")).get("body"))
    return {"kind": MessageKind.TEXT, "text": body} if body else None


def _media(message: dict[str, Any]) -> dict[str, Any] | None:
    name = text(message.get("type"), 60)
    found = mapping(message.get(name))
    provider_id, url = optional(found.get("id"), 200), optional(found.get("url"), 2000)
    if provider_id is None and url is None:
        return None
    media = base.Media(
        kind=_MEDIA[name],
        mime=text(found.get("mime_type"), 120) or "application/octet-stream",
        provider_id=provider_id,
        url=url,
        filename=optional(found.get("filename"), 200),
        sha256=optional(found.get("sha256"), 128),
        voice=found.get("voice") is True or name == "voice",
    )
    data = {"animated": found.get("animated") is True}
    return {"kind": _MEDIA[name], "text": text(found.get("caption")), "media": media, "data": data}


def _location(message: dict[str, Any]) -> dict[str, Any] | None:
    found = mapping(message.get("location"))
    latitude, longitude = number(found.get("latitude")), number(found.get("longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    place = base.Location(latitude, longitude, optional(found.get("name"), 300), optional(found.get("address"), 500))
    return {"kind": MessageKind.LOCATION, "location": place, "data": {"url": text(found.get("url"), 1000)}}


def _contacts(message: dict[str, Any]) -> dict[str, Any] | None:
    cards = tuple(card for found in items(message.get("contacts"))[:_CARDS] if (card := _card(mapping(found))))
    return {"kind": MessageKind.CONTACTS, "contacts": cards} if cards else None


def _card(found: dict[str, Any]) -> base.ContactCard | None:
    name = mapping(found.get("name"))
    parts = [text(name.get(key), 100).strip() for key in ("first_name", "middle_name", "last_name")]
    company = text(mapping(found.get("org")).get("company"), 200)
    phones = [mapping(phone) for phone in items(found.get("phones"))[:10]]
    numbers = tuple(n for p in phones if (n := optional(p.get("phone"), 40) or optional(p.get("wa_id"), 40)))
    emails = tuple(e for m in items(found.get("emails"))[:10] if (e := optional(mapping(m).get("email"), 200)))
    shown = optional(name.get("formatted_name"), 200) or " ".join(filter(None, parts)) or company
    return base.ContactCard(shown, numbers, emails) if shown or numbers or emails else None


def _interactive(message: dict[str, Any]) -> dict[str, Any] | None:
    found = mapping(message.get("interactive"))
    kind = text(found.get("type"), 60)
    reply = mapping(found.get(kind))
    said = text(reply.get("title")) or text(reply.get("body"))
    if not said:
        return None
    data = {"interactive": kind, "id": reply.get("id"), "description": reply.get("description")}
    data["response"] = _form(reply.get("response_json"))
    return {"kind": MessageKind.INTERACTIVE, "text": said, "data": data}


def _form(response: Any) -> Any:
    """A filled-in WhatsApp form arrives as JSON inside a string."""
    try:
        return load(text(response).encode()) if response else None
    except BrokenPayload:
        return text(response)


def _button(message: dict[str, Any]) -> dict[str, Any] | None:
    found = mapping(message.get("button"))
    said = text(found.get("text")) or text(found.get("payload"))
    return {"kind": MessageKind.INTERACTIVE, "text": said, "data": {"payload": found.get("payload")}} if said else None


def _reaction(message: dict[str, Any]) -> dict[str, Any] | None:
    found = mapping(message.get("reaction"))
    target, emoji = optional(found.get("message_id"), LONGEST_ID), text(found.get("emoji"), 40)
    if target is None:
        return None
    return {"kind": MessageKind.REACTION, "text": emoji, "reply_to": target, "data": {"removed": not emoji}}


def _order(message: dict[str, Any]) -> dict[str, Any]:
    found = mapping(message.get("order"))
    data = {"type": "order", "order": found}
    return {"kind": MessageKind.UNSUPPORTED, "text": text(found.get("text")), "data": data}


def _unsupported(message: dict[str, Any]) -> dict[str, Any]:
    kind = text(message.get("type"), 60) or "unknown"
    data = {"type": kind, "errors": items(message.get("errors")), "content": message.get(kind)}
    return {"kind": MessageKind.UNSUPPORTED, "data": data}


_READERS: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "order": _order,
    **dict.fromkeys(_MEDIA, _media),
}
