"""Read one stored item. Content never raises: what is not understood becomes UNSUPPORTED or Ignored."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import BrokenPayload, Ignored, InboundMessage, MessageKind, StatusUpdate
from saas_admin.adapters.channels.events import Event
from saas_admin.adapters.channels.reading import dump, items, kept, load, mapping, moment, number, only, optional, text
from saas_admin.adapters.channels.whatsapp_cloud import errors, people
from saas_admin.adapters.channels.whatsapp_cloud.split import recipient

_MEDIA = {
    "image": MessageKind.IMAGE,
    "video": MessageKind.VIDEO,
    "document": MessageKind.DOCUMENT,
    "audio": MessageKind.AUDIO,
    "voice": MessageKind.AUDIO,
    "sticker": MessageKind.STICKER,
}
_STATUSES = {
    "sent": base.DeliveryStatus.SENT,
    "delivered": base.DeliveryStatus.DELIVERED,
    "read": base.DeliveryStatus.READ,
    # A voice message that was played was read.
    "played": base.DeliveryStatus.READ,
    "failed": base.DeliveryStatus.FAILED,
}
_QUIET = {
    "edit": "the customer changed an earlier message",
    "revoke": "the customer deleted an earlier message",
    "request_welcome": "the customer opened the chat and wrote nothing",
}
_CARDS = 50
_LONGEST_ID = 300


def parse(payload: bytes) -> list[Event]:
    try:
        loaded = load(payload)
    except BrokenPayload as error:
        return [Ignored("unknown", str(error))]
    changes = [mapping(c) for entry in items(loaded.get("entry")) for c in items(mapping(entry).get("changes"))]
    return [event for change in changes for event in _change(change)] or [Ignored("unknown", "no change in it")]


def _change(change: dict[str, Any]) -> Iterator[Event]:
    field = text(change.get("field"), 60) or "unknown"
    value = mapping(change.get("value"))
    if field != "messages":
        yield Ignored(field, "not acted upon yet", _data(change.get("value")))
        return
    yielded = False
    for message in items(value.get("messages")):
        yielded = True
        yield _message(mapping(message), value)
    for status in items(value.get("statuses")):
        yielded = True
        yield _status(mapping(status))
    for error in items(value.get("errors")):
        yielded = True
        failure = errors.of_error(error)
        yield Ignored("errors", f"{failure.provider_code} {failure.provider_text}".strip(), _data(error))
    if not yielded:
        yield Ignored(field, "no message, status or error in it", _data(value))


def _message(message: dict[str, Any], value: dict[str, Any]) -> Event:
    kind = text(message.get("type"), 60) or "unknown"
    if kind in _QUIET:
        return Ignored(kind, _QUIET[kind], _data(message))
    if kind == "system":
        return _system(message, value)
    sender = people.sender(message, value.get("contacts"))
    if sender is None:
        return Ignored(kind, "no sender in it", _data(message))
    return _inbound(message, sender, _READERS.get(kind, _unsupported)(message) or _unsupported(message))


def _system(message: dict[str, Any], value: dict[str, Any]) -> Event:
    system = mapping(message.get("system"))
    change = text(system.get("type"), 60)
    sender = people.moved(message, value.get("contacts"))
    if sender is None or change not in ("user_changed_number", "user_changed_user_id", "customer_changed_number"):
        return Ignored("system", change or "no type", _data(message))
    # Told as a message: the person stays one (new id, old one as alias), the agent sees why the number differs.
    data = {"type": "system", "system": change, "old": text(message.get("from"), 128), "new": sender.external_id}
    return _inbound(message, sender, {"kind": MessageKind.UNSUPPORTED, "text": text(system.get("body")), "data": data})


def _inbound(message: dict[str, Any], sender: base.Sender, content: dict[str, Any]) -> InboundMessage:
    context = mapping(message.get("context"))
    around = {
        "forwarded": context.get("forwarded") is True,
        "frequently_forwarded": context.get("frequently_forwarded") is True,
        "product": mapping(context.get("referred_product")),
        "referral": mapping(message.get("referral")),
        "group_id": text(message.get("group_id"), 128),
        "parent_user_id": text(message.get("from_parent_user_id"), 128),
    }
    found: dict[str, Any] = {"reply_to": optional(context.get("id"), _LONGEST_ID), **content}
    found["data"] = {**only(content.get("data", {})), **only(around)}
    return InboundMessage(provider_id=_id(message), sender=sender, at=moment(message.get("timestamp")), **found)


def _id(item: dict[str, Any]) -> str:
    found = optional(item.get("id"), _LONGEST_ID + 1) or ""
    return found if 0 < len(found) <= _LONGEST_ID else f"sha256:{hashlib.sha256(dump(item)).hexdigest()}"


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
    target, emoji = optional(found.get("message_id"), _LONGEST_ID), text(found.get("emoji"), 40)
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


def _status(status: dict[str, Any]) -> Event:
    word, provider_id = text(status.get("status"), 60), optional(status.get("id"), _LONGEST_ID)
    if provider_id is None or word not in _STATUSES:
        return Ignored("status", f"unknown status {word!r}" if provider_id else "no message id", _data(status))
    is_failed = word == "failed"
    return StatusUpdate(
        provider_id=provider_id,
        status=_STATUSES[word],
        at=moment(status.get("timestamp")),
        recipient=recipient(status) or None,
        callback_data=optional(status.get("biz_opaque_callback_data")),
        failure=errors.of_status(status.get("errors")) if is_failed else None,
    )


def _data(value: Any) -> dict[str, Any]:
    return mapping(kept(value)) or only({"value": value})
