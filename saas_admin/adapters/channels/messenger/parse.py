"""Read one stored item of a page or an Instagram account. Content never raises.

Source: developers.facebook.com, Messenger Platform and Instagram webhook events.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from saas_admin.adapters.channels.base import (
    BrokenPayload,
    DeliveryStatus,
    Ignored,
    InboundMessage,
    MessageKind,
    Sender,
    StatusUpdate,
)
from saas_admin.adapters.channels.events import AccountNotice, Echo, Edited, Event, ReadUpTo, Revoked, Severity
from saas_admin.adapters.channels.messenger import attachments
from saas_admin.adapters.channels.messenger.split import kind_of
from saas_admin.adapters.channels.reading import dump, items, kept, load, mapping, moment, number, only, optional, text

_LONGEST_ID = 300
_OUR_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_EMOJIS = {"love": "❤️", "like": "👍", "dislike": "👎", "smile": "😆", "wow": "😮", "sad": "😢", "angry": "😠"}
_POLICY = {
    "warning": ("page_warned", Severity.WARNING),
    "block": ("page_blocked", Severity.SERIOUS),
    "unblock": ("page_unblocked", Severity.INFO),
}


def parse(payload: bytes) -> list[Event]:
    try:
        loaded = load(payload)
    except BrokenPayload as error:
        return [Ignored("unknown", str(error))]
    found: list[Event] = []
    for entry in map(mapping, items(loaded.get("entry"))):
        ours = text(entry.get("id"), 128)
        for item in items(entry.get("messaging")):
            found += _item(mapping(item), ours)
        for item in items(entry.get("standby")):
            found += _item(mapping(item), ours, is_standby=True)
        for change in map(mapping, items(entry.get("changes"))):
            value = mapping(change.get("value"))
            if "sender" in value:
                found += _item(value, ours, is_standby=change.get("field") == "standby")
            else:
                field = text(change.get("field"), 60) or "unknown"
                found.append(Ignored(field, "not about a conversation", _data(change.get("value"))))
    return found or [Ignored("unknown", "no event in it")]


def _item(item: dict[str, Any], ours: str, *, is_standby: bool = False) -> Iterator[Event]:
    kind = kind_of(item)
    said, at = mapping(item.get(kind)), _at(item.get("timestamp"))
    sender, recipient = (text(mapping(item.get(end)).get("id"), 128).strip() for end in ("sender", "recipient"))
    is_echo = said.get("is_echo") is True or (bool(sender) and sender == ours and recipient != ours)
    # Whoever of the two is not us. Echoes go the other way.
    who = recipient if is_echo and recipient and recipient != ours else sender
    if kind == "message_edit" and (target := optional(said.get("mid"), _LONGEST_ID)):
        yield Edited(target, at, text(said.get("text")))
    elif kind in ("policy_enforcement", "policy-enforcement"):
        code, severity = _POLICY.get(text(said.get("action"), 20).lower(), ("page_warned", Severity.WARNING))
        yield AccountNotice(code, at, severity, detail=text(said.get("reason"), 300))
    elif kind == "message" and said.get("is_deleted") is True and (target := optional(said.get("mid"), _LONGEST_ID)):
        yield Revoked(target, at)
    elif not who:
        yield Ignored(kind, "nobody in it", _data(item))
    elif kind in ("read", "delivery"):
        yield from _receipt(kind, said, who, at) if not is_echo else [Ignored(kind, "our own", _data(item))]
    else:
        content = _READERS[kind](said, item) if kind in _READERS else None
        if content is None:
            yield Ignored(kind, "of no consequence here", _data(item))
            return
        if is_standby:
            content["data"] = {**content.get("data", {}), "standby": True}
        message = InboundMessage(sender=Sender(who), at=at, **content)
        yield Echo(message, _our_id(said)) if is_echo else message


def _message(said: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    hung, story = attachments.read(said), attachments.story(said)
    words = text(said.get("text"))
    # A card repeats the address that stands in the text.
    more = hung.get("text", "") if not words or hung.get("kind") is not MessageKind.TEXT else ""
    content: dict[str, Any] = {
        "provider_id": optional(said.get("mid"), _LONGEST_ID) or _stable("message", item),
        "kind": hung.get("kind", MessageKind.TEXT if words else MessageKind.UNSUPPORTED),
        "text": "\n".join(part for part in (words, more) if part),
        "reply_to": optional(mapping(said.get("reply_to")).get("mid"), _LONGEST_ID),
        **{name: hung[name] for name in ("media", "more_media", "location") if name in hung},
    }
    if "media" in story and "media" not in content:
        content["media"] = story["media"]
    if words and content["kind"] is MessageKind.UNSUPPORTED:
        content["kind"] = MessageKind.TEXT
    data = {
        **hung.get("data", {}),
        **story.get("data", {}),
        "referral": _referral(said.get("referral")),
        "is_self": said.get("is_self") is True,
    }
    if isinstance(said.get("quick_reply"), dict):
        content["kind"] = MessageKind.INTERACTIVE
        data["interactive"], data["id"] = "quick_reply", text(mapping(said["quick_reply"]).get("payload"), 1000)
    if said.get("is_unsupported") is True and not words and not hung:
        data["type"] = "unsupported"
    elif content["kind"] is MessageKind.UNSUPPORTED and "type" not in data:
        data["type"], data["content"] = "message", said
    return {**content, "data": only(data)}


def _postback(said: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    payload = text(said.get("payload"), 1000)
    data = {"interactive": "postback", "id": payload, "referral": _referral(said.get("referral"))}
    return {
        "provider_id": optional(said.get("mid"), _LONGEST_ID) or _stable("postback", item),
        "kind": MessageKind.INTERACTIVE,
        "text": text(said.get("title")) or payload,
        "data": only(data),
    }


def _came(said: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    """Somebody who came in by an ad, a link or a form and has not said anything yet."""
    kind = kind_of(item)
    words = mapping(said.get("ads_context_data")).get("ad_title"), said.get("title"), said.get("ref")
    shown = next((found for word in words if (found := text(word, 500).strip())), "")
    data = {"interactive": kind, "id": text(said.get("payload"), 1000) or text(said.get("ref"), 1000)}
    about = _referral(said) if kind == "referral" else said
    return {
        "provider_id": _stable(kind, item),
        "kind": MessageKind.INTERACTIVE,
        "text": shown or text(said.get("payload"), 500) or text(said.get("type"), 60),
        "data": only({**data, kind: about}),
    }


def _reaction(said: dict[str, Any], item: dict[str, Any]) -> dict[str, Any] | None:
    target = optional(said.get("mid"), _LONGEST_ID)
    if target is None:
        return None
    name, is_removed = text(said.get("reaction"), 40), text(said.get("action"), 20).lower() == "unreact"
    emoji = "" if is_removed else text(said.get("emoji"), 40) or _EMOJIS.get(name, "")
    return {
        "provider_id": _stable("reaction", item),
        "kind": MessageKind.REACTION,
        "text": emoji,
        "reply_to": target,
        "data": only({"removed": is_removed, "reaction": name}),
    }


_READERS = {
    "message": _message,
    "postback": _postback,
    "referral": _came,
    "optin": _came,
    "reaction": _reaction,
}


def _receipt(kind: str, said: dict[str, Any], who: str, at: datetime) -> Iterator[Event]:
    """Pages tell a moment up to which all has arrived or was read, Instagram the message itself."""
    status = DeliveryStatus.READ if kind == "read" else DeliveryStatus.DELIVERED
    if (number(said.get("watermark")) or 0) > 0:
        yield ReadUpTo(who, moment(said["watermark"]), status)
        return
    mids = [said.get("mid"), *items(said.get("mids"))[:200]]
    ids = [found for mid in mids if (found := optional(mid, _LONGEST_ID))]
    if not ids:
        yield Ignored(kind, "no message and no moment", _data(said))
    for found in ids:
        yield StatusUpdate(found, status, at, recipient=who)


def _referral(found: Any) -> dict[str, Any]:
    """Where somebody comes from: `ref`, `source`, `type`, `ad_id`, the ad's title and picture."""
    return mapping(kept(mapping(found)))


def _our_id(said: dict[str, Any]) -> str | None:
    """Other apps of the company put words of their own into the metadata."""
    found = text(said.get("metadata"), 64)
    return found if _OUR_ID.fullmatch(found) else None


def _stable(kind: str, item: dict[str, Any]) -> str:
    return f"{kind}:{hashlib.sha256(dump(item)).hexdigest()}"


def _at(value: Any) -> datetime:
    """Milliseconds as documented, seconds and ISO 8601 as they occur in the wild."""
    if isinstance(value, str) and "T" in value:
        try:
            found = datetime.fromisoformat(value[:40])
            return moment(found.timestamp()) if found.tzinfo else moment(None)
        except (ValueError, OverflowError, OSError):
            return moment(None)
    return moment(value)


def _data(value: Any) -> dict[str, Any]:
    return mapping(kept(value)) or only({"value": value})
