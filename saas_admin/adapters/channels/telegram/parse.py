"""Read one stored update. Content never raises: what is not understood becomes UNSUPPORTED or Ignored.

The rules are those of https://core.telegram.org/bots/api#update (Bot API 10.1).
"""

import hashlib
from collections.abc import Callable
from typing import Any

from saas_admin.adapters.channels.base import BrokenPayload, Ignored, InboundMessage, MessageKind
from saas_admin.adapters.channels.events import AddressMoved, Echo, Edited, Event, Revoked
from saas_admin.adapters.channels.reading import dump, items, kept, load, mapping, moment, only, text
from saas_admin.adapters.channels.telegram import contents, ids, people, signs
from saas_admin.adapters.channels.telegram.names import AROUND, SERVICE
from saas_admin.adapters.channels.telegram.split import kind_of

_LONGEST_ID = 300


def parse(payload: bytes) -> list[Event]:
    try:
        update = load(payload)
    except BrokenPayload as error:
        return [Ignored("unknown", str(error))]
    kind = kind_of(update)
    reader = _READERS.get(kind)
    found = mapping(update.get(kind))
    if reader is None or not found:
        reason = "not acted upon" if found or reader is None else "nothing in it"
        return [Ignored(kind, reason, _data(update.get(kind)))]
    return reader(found, update)


def _message(found: dict[str, Any], update: dict[str, Any]) -> list[Event]:
    del update
    if moved := _moved(found):
        return [moved]
    service = next((name for name in found if name in SERVICE), None)
    content = contents.read(found)
    if service and content is None:
        return [Ignored(service, "a notice of Telegram's", _data(found))]
    sender = people.sender(found)
    if sender is None:
        return [Ignored("message", "neither chat nor sender in it", _data(found))]
    is_bot = mapping(found.get("from")).get("is_bot") is True and not found.get("sender_chat")
    if is_bot and people.is_group(found):
        # Two bots that answer each other never stop.
        return [Ignored("message", "another bot wrote it", _data(found))]
    content = content or _unsupported(found)
    content["data"] = {**only(content.get("data", {})), **_around(found)}
    chat = sender.external_id
    message = InboundMessage(
        provider_id=ids.message_of(chat, found.get("message_id")) or _hashed(found),
        sender=sender,
        at=moment(found.get("date")),
        reply_to=ids.message_of(chat, mapping(found.get("reply_to_message")).get("message_id")),
        **content,
    )
    return [Echo(message) if people.is_owner(found) else message]


def _around(found: dict[str, Any]) -> dict[str, Any]:
    origin = mapping(found.get("forward_origin"))
    is_forwarded = bool(origin) or found.get("forward_date") is not None
    return only(
        {
            "forwarded": is_forwarded,
            "forward_origin": origin,
            "quote": text(mapping(found.get("quote")).get("text"), 1024),
            "external_reply": bool(mapping(found.get("external_reply"))),
            "story": mapping(found.get("reply_to_story")),
            "media_group_id": text(found.get("media_group_id"), 64),
            "group": text(mapping(found.get("chat")).get("type"), 20) if people.is_group(found) else "",
            "author": people.author(found),
            "topic": text(found.get("message_thread_id"), 20),
            "business_connection_id": text(found.get("business_connection_id"), 100),
            "via_bot": text(mapping(found.get("via_bot")).get("username"), 64),
        }
    )


def _unsupported(found: dict[str, Any]) -> dict[str, Any]:
    kind = next((text(name, 60) for name in found if name not in AROUND), "") or "unknown"
    return {"kind": MessageKind.UNSUPPORTED, "data": {"type": kind, "content": found.get(kind)}}


def _moved(found: dict[str, Any]) -> AddressMoved | None:
    """A group that becomes a supergroup gets a new number; both the old chat and the new one tell it."""
    here = ids.chat_of(found)
    to, before = (text(found.get(name), 40).strip() for name in ("migrate_to_chat_id", "migrate_from_chat_id"))
    if not here or not (to or before):
        return None
    return AddressMoved(here if to else before, to or here, moment(found.get("date")))


def _edited(found: dict[str, Any], update: dict[str, Any]) -> list[Event]:
    provider_id = ids.message_of(ids.chat_of(found), found.get("message_id"))
    if provider_id is None:
        return [Ignored(kind_of(update), "no message named", _data(found))]
    content = contents.read(found)
    if content is None or content["kind"] is MessageKind.LOCATION:
        # A place that is shared live moves by edits; what has no words (a poll, a game) has none to change.
        return [Ignored(kind_of(update), "no words in it", _data(found))]
    return [Edited(provider_id, moment(found.get("edit_date") or found.get("date")), content.get("text", ""))]


def _deleted(found: dict[str, Any], update: dict[str, Any]) -> list[Event]:
    del update
    chat = ids.chat_of(found)
    named = [ids.message_of(chat, number) for number in items(found.get("message_ids"))[:100]]
    at = moment(None)
    revoked: list[Event] = [Revoked(provider_id, at) for provider_id in named if provider_id]
    return revoked or [Ignored("deleted_business_messages", "no message named", _data(found))]


def _hashed(found: dict[str, Any]) -> str:
    return f"sha256:{hashlib.sha256(dump(found)).hexdigest()}"[:_LONGEST_ID]


def _data(value: Any) -> dict[str, Any]:
    return mapping(kept(value)) or only({"value": value})


_READERS: dict[str, Callable[[dict[str, Any], dict[str, Any]], list[Event]]] = {
    "message": _message,
    "edited_message": _edited,
    "business_message": _message,
    "edited_business_message": _edited,
    "deleted_business_messages": _deleted,
    "callback_query": signs.tapped,
    "message_reaction": signs.reacted,
    "my_chat_member": signs.joined_or_left,
}
"""All else (channel posts, inline queries, payments, business connections …) is stored and left alone."""
