"""How a chat and a message are called here.

A chat is its number; one that comes through a business connection (the bot answers in somebody's own account) is
`<chat>@<connection>`, since the same person may also talk to the bot itself and message numbers would meet.
A message is `<chat>:<message>`, a tapped button `callback:<query>:<chat>`: the chat is in it, so that typing can be shown.
"""

import re
from typing import Any

from saas_admin.adapters.channels.reading import mapping, text

CALLBACK = "callback"
_CHAT = re.compile(r"(-?[0-9]{1,20})(?:@([A-Za-z0-9_=+/.-]{1,100}))?")
_MESSAGE = re.compile(r"[0-9]{1,18}")


def chat_of(found: dict[str, Any]) -> str:
    """The chat of a message-like object, or nothing."""
    number = text(mapping(found.get("chat")).get("id"), 40).strip()
    connection = text(found.get("business_connection_id"), 100).strip()
    return f"{number}@{connection}" if number and connection else number


def message_of(chat: str, message_id: Any) -> str | None:
    number = text(message_id, 40).strip()
    return f"{chat}:{number}" if chat and number else None


def address_of(chat: str) -> dict[str, Any] | None:
    """The parameters that name a chat in a call; None when it cannot be one of Telegram's."""
    found = _CHAT.fullmatch(chat.strip())
    if found is None:
        return None
    address: dict[str, Any] = {"chat_id": int(found[1])}
    return {**address, "business_connection_id": found[2]} if found[2] else address


def message_in(chat: str, provider_id: str) -> int | None:
    """The number of a message, when it is one of this chat."""
    where, _, number = provider_id.rpartition(":")
    return int(number) if where == chat.strip() and _MESSAGE.fullmatch(number) else None


def query_of(provider_id: str) -> tuple[str, str] | None:
    """Query and chat of a tapped button, or None when it is a message."""
    if not provider_id.startswith(f"{CALLBACK}:"):
        return None
    query, _, chat = provider_id.removeprefix(f"{CALLBACK}:").partition(":")
    return query, chat
