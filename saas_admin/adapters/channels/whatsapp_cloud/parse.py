"""Read one stored item. Content never raises: what is not understood becomes UNSUPPORTED or Ignored."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import BrokenPayload, Ignored, InboundMessage, MessageKind, StatusUpdate
from saas_admin.adapters.channels.events import (
    AccountNotice,
    Echo,
    Edited,
    Event,
    Preference,
    Purpose,
    Revoked,
    Severity,
)
from saas_admin.adapters.channels.meta import errors
from saas_admin.adapters.channels.reading import dump, items, kept, load, mapping, moment, only, optional, text
from saas_admin.adapters.channels.whatsapp_cloud import moves, notices, people, readers
from saas_admin.adapters.channels.whatsapp_cloud.split import recipient

_STATUSES = {
    "sent": base.DeliveryStatus.SENT,
    "delivered": base.DeliveryStatus.DELIVERED,
    "read": base.DeliveryStatus.READ,
    # A voice message that was played was read.
    "played": base.DeliveryStatus.READ,
    "failed": base.DeliveryStatus.FAILED,
}
_CHOICES = {"stop": False, "resume": True, "signup": True}
_LONGEST_ID = readers.LONGEST_ID


def parse(payload: bytes) -> list[Event]:
    try:
        loaded = load(payload)
    except BrokenPayload as error:
        return [Ignored("unknown", str(error))]
    found: list[Event] = []
    for entry in map(mapping, items(loaded.get("entry"))):
        for change in map(mapping, items(entry.get("changes"))):
            found += _change(change, moment(entry.get("time")))
    return found or [Ignored("unknown", "no change in it")]


def _change(change: dict[str, Any], at: datetime) -> Iterator[Event]:
    field = text(change.get("field"), 60) or "unknown"
    value = mapping(change.get("value"))
    if field in _LISTS:
        name, reader = _LISTS[field]
        rows = items(value.get(name))
        for row in rows:
            yield from reader(mapping(row), value)
        if not rows:
            yield Ignored(field, f"no {name} in it", _data(change.get("value")))
    elif field != "messages":
        yield notices.read(field, value, at) or Ignored(field, "of no consequence here", _data(change.get("value")))
    else:
        yield from _messages(value, at)


def _messages(value: dict[str, Any], at: datetime) -> Iterator[Event]:
    yielded = False
    for message in items(value.get("messages")):
        yielded = True
        yield from _message(mapping(message), value)
    for status in items(value.get("statuses")):
        yielded = True
        yield _status(mapping(status))
    for error in items(value.get("errors")):
        yielded = True
        failure = errors.of_error(error)
        words = f"{failure.provider_code} {failure.provider_text}".strip()
        yield AccountNotice("provider_error", at, Severity.WARNING, detail=words)
    if not yielded:
        yield Ignored("messages", "no message, status or error in it", _data(value))


def _message(message: dict[str, Any], value: dict[str, Any]) -> Iterator[Event]:
    kind = text(message.get("type"), 60) or "unknown"
    if kind == "request_welcome":
        yield Ignored(kind, "the customer opened the chat and wrote nothing", _data(message))
    elif kind in ("edit", "revoke"):
        yield _changed(kind, message)
    elif kind == "system":
        yield from moves.told(message, value, _inbound)
    elif (sender := people.sender(message, value.get("contacts"))) is None:
        yield Ignored(kind, "no sender in it", _data(message))
    else:
        yield _inbound(message, sender, readers.read(message))


def _changed(kind: str, message: dict[str, Any]) -> Event:
    """Other words for an earlier message, or none any more."""
    found = mapping(message.get(kind))
    target, at = optional(found.get("original_message_id"), _LONGEST_ID), moment(message.get("timestamp"))
    if target is None:
        return Ignored(kind, "no message named", _data(message))
    if kind == "revoke":
        return Revoked(target, at)
    content = readers.read(mapping(found.get("message")))
    if content["kind"] is MessageKind.UNSUPPORTED:
        return Ignored(kind, "nothing readable in it", _data(message))
    return Edited(target, at, content.get("text", ""))


def _echo(echo: dict[str, Any], value: dict[str, Any]) -> Iterator[Event]:
    """What somebody wrote in the phone's own app (coexistence): the customer stands under `to`."""
    kind = text(echo.get("type"), 60)
    if kind in ("edit", "revoke"):
        yield _changed(kind, echo)
        return
    turned = {**echo, "from": echo.get("to"), "from_user_id": echo.get("to_user_id")}
    turned["from_parent_user_id"] = echo.get("to_parent_user_id")
    customer = people.sender(turned, value.get("contacts"))
    if customer is None:
        yield Ignored("smb_message_echoes", "no customer in it", _data(echo))
    else:
        yield Echo(_inbound(turned, customer, readers.read(turned)))


def _preference(preference: dict[str, Any], value: dict[str, Any]) -> Iterator[Event]:
    word, category = text(preference.get("value"), 40).lower(), text(preference.get("category"), 60)
    who = people.sender(
        {"from": preference.get("wa_id"), "from_user_id": preference.get("user_id")}, value.get("contacts")
    )
    if who is None or word not in _CHOICES or category not in ("marketing_messages", ""):
        yield Ignored("user_preferences", f"unknown preference {category} {word}", _data(preference))
        return
    words = text(preference.get("detail"), 300) or word
    yield Preference(who.external_id, moment(preference.get("timestamp")), Purpose.MARKETING, _CHOICES[word], words)


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


_LISTS: dict[str, tuple[str, Callable[[dict[str, Any], dict[str, Any]], Iterator[Event]]]] = {
    "smb_message_echoes": ("message_echoes", _echo),
    "user_preferences": ("user_preferences", _preference),
    "user_id_update": ("user_id_update", lambda update, value: moves.renamed(update, value)),
}
"""Fields beside `messages` with items of their own."""


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
