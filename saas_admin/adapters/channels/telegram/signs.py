"""What people do besides writing: tap a button, react, block the bot."""

import hashlib
from typing import Any

from saas_admin.adapters.channels.base import Ignored, InboundMessage, MessageKind
from saas_admin.adapters.channels.events import Event, Preference, Purpose
from saas_admin.adapters.channels.reading import dump, items, kept, mapping, moment, only, text
from saas_admin.adapters.channels.telegram import ids, people

_STARS = "⭐"
_CUSTOM = "🙂"
"""Stands for a custom emoji, of which only an id is told."""
_GONE = ("kicked", "left")
_HERE = ("creator", "administrator", "member", "restricted")
_LONGEST_QUERY = 128


def tapped(query: dict[str, Any], update: dict[str, Any]) -> list[Event]:
    """A button under a message. The app shows a spinner until the query is answered (`acknowledge`)."""
    del update
    # Absent for messages sent in inline mode, inaccessible (chat and number only) for old ones.
    under = mapping(query.get("message"))
    sender = people.sender({**under, "from": query.get("from")})
    if sender is None:
        return [Ignored("callback_query", "neither chat nor sender in it", _data(query))]
    chosen, game = text(query.get("data"), 256), text(query.get("game_short_name"), 128)
    said = _title(under, chosen) or chosen
    query_id = text(query.get("id"), _LONGEST_QUERY).strip()
    number = query_id or hashlib.sha256(dump(query)).hexdigest()
    data: dict[str, Any] = {"interactive": "button", "id": chosen, "inline_message_id": query.get("inline_message_id")}
    if not said:
        data = {"type": "game" if game else "callback_query", "content": game}
    author = people.author({"chat": under.get("chat"), "from": query.get("from")})
    return [
        InboundMessage(
            provider_id=f"{ids.CALLBACK}:{number}:{sender.external_id}",
            sender=sender,
            # A query has no clock of its own, and that of its message is when we wrote.
            at=moment(None),
            kind=MessageKind.INTERACTIVE if said else MessageKind.UNSUPPORTED,
            text=said,
            reply_to=ids.message_of(sender.external_id, under.get("message_id")),
            data=only({**data, "author": author}),
            awaits_answer=bool(query_id),
        )
    ]


def _title(under: dict[str, Any], chosen: str) -> str:
    """The words on the button, which the query itself does not repeat."""
    rows = items(mapping(under.get("reply_markup")).get("inline_keyboard"))[:100]
    buttons = [mapping(button) for row in rows for button in items(row)[:20]]
    return next((text(b.get("text"), 256) for b in buttons if chosen and b.get("callback_data") == chosen), "")


def reacted(found: dict[str, Any], update: dict[str, Any]) -> list[Event]:
    """The whole set of a person's reactions to a message, before and after."""
    sender = people.sender({**found, "from": found.get("user") or found.get("actor_chat")})
    target = ids.message_of(sender.external_id, found.get("message_id")) if sender else None
    if sender is None or target is None:
        return [Ignored("message_reaction", "no chat or message named", _data(found))]
    before, after = (items(found.get(name))[:20] for name in ("old_reaction", "new_reaction"))
    fresh = [mapping(reaction) for reaction in after if reaction not in before] or [mapping(r) for r in after]
    last = fresh[-1] if fresh else {}
    number = text(update.get("update_id"), 40).strip() or hashlib.sha256(dump(found)).hexdigest()
    author = people.author(
        {"chat": found.get("chat"), "from": found.get("user"), "sender_chat": found.get("actor_chat")}
    )
    data = {"removed": not after, "custom_emoji_id": text(last.get("custom_emoji_id"), 64), "author": author}
    return [
        InboundMessage(
            provider_id=f"reaction:{number}",
            sender=sender,
            at=moment(found.get("date")),
            kind=MessageKind.REACTION,
            text=_emoji(last) if after else "",
            reply_to=target,
            data=only(data),
        )
    ]


def _emoji(reaction: dict[str, Any]) -> str:
    if reaction.get("type") == "paid":
        return _STARS
    return text(reaction.get("emoji"), 40) or _CUSTOM


def joined_or_left(found: dict[str, Any], update: dict[str, Any]) -> list[Event]:
    """Our own bot in a chat: a person blocks it (`kicked`) and lets it in again (`member`); a group throws it out."""
    del update
    chat, member = ids.chat_of(found), mapping(found.get("new_chat_member"))
    status = text(member.get("status"), 30)
    if not chat or status not in (*_GONE, *_HERE):
        return [Ignored("my_chat_member", f"unknown status {status!r}" if chat else "no chat named", _data(found))]
    is_here = status in _HERE and not (status == "restricted" and member.get("is_member") is False)
    return [Preference(chat, moment(found.get("date")), Purpose.ANY, is_here, words=f"my_chat_member: {status}")]


def _data(value: Any) -> dict[str, Any]:
    return mapping(kept(value)) or only({"value": value})
