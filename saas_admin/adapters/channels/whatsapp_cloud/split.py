"""Cut a webhook body into single items. Each keeps Meta's envelope, so `parse` reads an item like a whole body."""

import hashlib
from collections.abc import Iterator
from typing import Any

from saas_admin.adapters.channels.base import BrokenPayload, RawItem
from saas_admin.adapters.channels.reading import dump, items, load, mapping, text

_ENVELOPE = ("messaging_product", "metadata")
_LISTS = ("messages", "statuses", "errors")
_OTHER_LISTS = {
    "smb_message_echoes": "message_echoes",
    "user_preferences": "user_preferences",
    "user_id_update": "user_id_update",
}
"""Fields beside `messages` whose items stand for themselves."""
_LONGEST_KEY = 200
_FEW = 10
_PERSON = ("from", "from_user_id", "to", "to_user_id", "recipient_id", "recipient_user_id", "wa_id", "user_id")


def split(body: bytes) -> list[RawItem]:
    """One item per message, echo, status, preference and error, and one per change of any other field."""
    loaded = load(body)
    if not isinstance(loaded.get("entry"), list):
        raise BrokenPayload("no entry list")
    return [item for entry in items(loaded["entry"]) for item in _entry(mapping(entry))]


def _entry(entry: dict[str, Any]) -> Iterator[RawItem]:
    for change in items(entry.get("changes")):
        change = mapping(change)
        field = text(change.get("field"), 60) or "unknown"
        value = mapping(change.get("value"))
        name = _OTHER_LISTS.get(field, "")
        if name and isinstance(value.get(name), list) and value[name]:
            for item in items(value[name]):
                yield _item(entry, field, field, item, _one(value, name, item))
            continue
        if field != "messages":
            yield _item(entry, field, field, None, change.get("value"))
            continue
        rest = {key: inner for key, inner in value.items() if key not in (*_LISTS, "contacts")}
        for name in _LISTS:
            for item in items(value.get(name)):
                yield _item(entry, field, name, item, _one(value, name, item))
            if not isinstance(value.get(name, []), list):
                rest[name] = value[name]
        is_empty = not any(items(value.get(name)) for name in _LISTS)
        if is_empty or any(key not in _ENVELOPE for key in rest):
            yield _item(entry, field, field, None, rest)


def _one(value: dict[str, Any], name: str, item: Any) -> dict[str, Any]:
    kept = {key: value[key] for key in _ENVELOPE if key in value}
    contacts = items(value.get("contacts"))
    if len(contacts) > 1:
        # A full batch has as many contacts as messages: an item keeps its own, or the copy would be quadratic.
        people = {text(mapping(item).get(key), 128) for key in _PERSON} - {""}
        own = [c for c in contacts if people & {text(mapping(c).get(key), 128) for key in ("wa_id", "user_id")}]
        contacts = own or contacts[:_FEW]
    return {**kept, "contacts": contacts, name: [item]}


def _item(entry: dict[str, Any], field: str, kind: str, item: Any, value: Any) -> RawItem:
    address = text(mapping(mapping(value).get("metadata")).get("phone_number_id"), 64) or text(entry.get("id"), 64)
    around = {key: entry[key] for key in ("id", "time") if key in entry}
    change = {"value": value, "field": field}
    payload = dump({"object": "whatsapp_business_account", "entry": [{**around, "changes": [change]}]})
    return RawItem(address, _key(kind, mapping(item), payload), kind, payload)


def _key(kind: str, item: dict[str, Any], payload: bytes) -> str:
    found = item.get("id")
    key = ""
    if kind == "messages" and isinstance(found, str):
        key = found
    elif kind == "smb_message_echoes" and isinstance(found, str):
        key = f"echo:{found}"
    elif kind == "statuses" and isinstance(found, str) and isinstance(item.get("status"), str):
        key = f"status:{found}:{item['status']}:{recipient(item)}"
    if key and key == text(key, _LONGEST_KEY):
        return key
    return f"{kind}:{hashlib.sha256(payload).hexdigest()}"


def recipient(status: dict[str, Any]) -> str:
    """Who a status is about: in a group each member has its own."""
    names = ("recipient_participant_id", "recipient_id", "recipient_user_id")
    return next((found for name in names if (found := text(status.get(name), 128))), "")
