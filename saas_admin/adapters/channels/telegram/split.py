"""Telegram posts one update at a time. An array of them is taken too, should a relay collect them."""

import hashlib
from collections.abc import Iterator
from typing import Any

from saas_admin.adapters.channels.base import BrokenPayload, RawItem
from saas_admin.adapters.channels.reading import dump, items, load, mapping, text
from saas_admin.adapters.channels.telegram.names import UPDATES

_LONGEST_ID = 40


def split(body: bytes) -> list[RawItem]:
    """One item per update. An update does not name the bot: it belongs to the channel that was called."""
    if body.lstrip()[:1] != b"[":
        return [_item(load(body))]
    updates = items(load(b'{"updates":' + body + b"}").get("updates"))
    found = list(_good(updates))
    if not found:
        raise BrokenPayload("no update in it")
    return found


def kind_of(update: dict[str, Any]) -> str:
    """Exactly one field beside the id says what happened; of several, the one that we know."""
    named = [key for key in update if key != "update_id" and key]
    return text(next((key for key in named if key in UPDATES), named[0] if named else ""), 60) or "unknown"


def _good(updates: list[Any]) -> Iterator[RawItem]:
    for update in map(mapping, updates):
        if update:
            yield _item(update)


def _item(update: dict[str, Any]) -> RawItem:
    if not update:
        raise BrokenPayload("an empty object")
    payload = dump(update)
    found = update.get("update_id")
    number = text(found, _LONGEST_ID + 1).strip()
    has_id = isinstance(found, int | str) and 0 < len(number) <= _LONGEST_ID
    key = f"update:{number}" if has_id else f"sha256:{hashlib.sha256(payload).hexdigest()}"
    return RawItem("", key, kind_of(update), payload)
