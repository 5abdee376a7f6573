"""Cut a page's or an Instagram account's webhook into single items, each in an envelope of its own."""

import hashlib
from collections.abc import Iterator
from typing import Any

from saas_admin.adapters.channels.base import BrokenPayload, RawItem
from saas_admin.adapters.channels.reading import dump, items, load, mapping, text

KINDS = (
    "message",
    "message_edit",
    "postback",
    "reaction",
    "read",
    "delivery",
    "referral",
    "optin",
    "policy_enforcement",
    "policy-enforcement",
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "app_roles",
    "account_linking",
)
"""What an item of `messaging[]` can hold, the first that is there names it."""
LISTS = ("messaging", "standby")
"""`standby`: another app has the thread; read, never answered."""
_LONGEST_KEY = 200
_ID = 64


def split(body: bytes) -> list[RawItem]:
    """One item per event. An entry without any (a page's feed) is nothing."""
    loaded = load(body)
    if not isinstance(loaded.get("entry"), list):
        raise BrokenPayload("no entry list")
    whose = text(loaded.get("object"), 20)
    return [item for entry in items(loaded["entry"]) for item in _entry(whose, mapping(entry))]


def _entry(whose: str, entry: dict[str, Any]) -> Iterator[RawItem]:
    address = text(entry.get("id"), _ID)
    around = {key: entry[key] for key in ("id", "time") if key in entry}
    for name in LISTS:
        for found in items(entry.get(name)):
            said = {"object": whose, "entry": [{**around, name: [found]}]}
            kind = "standby" if name == "standby" else kind_of(mapping(found))
            yield RawItem(address, _key(address, mapping(found), found), kind, dump(said))
    for change in map(mapping, items(entry.get("changes"))):
        # What the test button of Meta's panel sends: its account is called "0", so it belongs to whoever was called.
        said = {"object": whose, "entry": [{**around, "changes": [change]}]}
        value = mapping(change.get("value"))
        kind = kind_of(value) if "sender" in value else text(change.get("field"), 60) or "unknown"
        key = _key(address, value, change)
        yield RawItem("" if address == "0" else address, key, kind, dump(said))


def kind_of(item: dict[str, Any]) -> str:
    return next((kind for kind in KINDS if kind in item), "unknown")


def _key(address: str, item: dict[str, Any], found: Any) -> str:
    """The provider's own name of the event where it has one; the entry's time is not part of it, a retry has another."""
    kind = kind_of(item)
    said = mapping(item.get(kind))
    who, mid = text(mapping(item.get("sender")).get("id"), _ID), said.get("mid")
    watermark = text(said.get("watermark"), 20)
    key = ""
    if isinstance(mid, str) and mid:
        if kind == "message":
            key = f"deleted:{mid}" if said.get("is_deleted") is True else mid
        elif kind in ("postback", "read"):
            key = f"{kind}:{mid}"
        elif kind == "message_edit" and (count := text(said.get("num_edit"), 10)):
            key = f"edit:{mid}:{count}"
    elif kind in ("read", "delivery") and watermark:
        key = f"{kind}:{who}:{watermark}"
    if key and key == text(key, _LONGEST_KEY):
        return key
    return f"{kind}:{hashlib.sha256(dump([address, found])).hexdigest()}"
