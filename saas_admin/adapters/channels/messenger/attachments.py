"""What hangs on a message of a page or an Instagram account: files, places, shared posts, stories."""

from typing import Any
from urllib.parse import urlsplit

from saas_admin.adapters.channels.base import Location, Media, MessageKind
from saas_admin.adapters.channels.reading import items, mapping, number, only, optional, text

_FILES = {
    "image": (MessageKind.IMAGE, "image/jpeg"),
    "video": (MessageKind.VIDEO, "video/mp4"),
    "audio": (MessageKind.AUDIO, "audio/mp4"),
    "file": (MessageKind.DOCUMENT, "application/octet-stream"),
    "sticker": (MessageKind.STICKER, "image/png"),
    "animated_image": (MessageKind.IMAGE, "image/gif"),
}
"""The type only says the rough kind; the file itself tells the rest once it is here."""
_SHARED = ("share", "post", "ig_post", "reel", "ig_reel", "ig_story", "fallback", "template")
_STORIES = ("story_mention", "ig_story", "story")
_MOST = 20
_HEART = "❤️"
_CDN = (".fbcdn.net", ".fbsbx.com", ".cdninstagram.com")


def read(message: dict[str, Any]) -> dict[str, Any]:
    """`kind`, `media`, `more_media`, `location`, `text` and `data` of a message's attachments; empty without any."""
    found = [_one(mapping(attachment)) for attachment in items(message.get("attachments"))[:_MOST]]
    if not found:
        return {}
    media = [each["media"] for each in found if "media" in each]
    places = [each["location"] for each in found if "location" in each]
    words = [each["text"] for each in found if each.get("text")]
    data: dict[str, Any] = {}
    for each in reversed(found):
        data.update(each.get("data", {}))
    content: dict[str, Any] = {"kind": found[0]["kind"], "text": "\n".join(words), "data": data}
    if media:
        content["kind"] = media[0].kind
        content["media"], content["more_media"] = media[0], tuple(media[1:])
    elif places:
        content["kind"], content["location"] = MessageKind.LOCATION, places[0]
    elif words:
        content["kind"] = MessageKind.TEXT
    return content


def story(message: dict[str, Any]) -> dict[str, Any]:
    """The story that a message answers: its picture, and what is to be kept of it."""
    found = mapping(mapping(message.get("reply_to")).get("story"))
    if not found:
        return {}
    url = optional(found.get("url"), 2000)
    data = {"story": only({"id": text(found.get("id"), 128), "url": url, "type": "reply"})}
    return {"data": data, **({"media": Media(MessageKind.IMAGE, "image/jpeg", url=url)} if _is_web(url) else {})}


def _one(attachment: dict[str, Any]) -> dict[str, Any]:
    kind = text(attachment.get("type"), 60)
    payload = mapping(attachment.get("payload"))
    url = optional(payload.get("url"), 2000) or optional(attachment.get("url"), 2000)
    if kind == "like_heart":
        return {"kind": MessageKind.TEXT, "text": _HEART, "data": {"like_heart": True}}
    if kind == "location" and (place := _place(attachment, payload)):
        return {"kind": MessageKind.LOCATION, "location": place}
    if kind in _FILES and url is not None:
        return _file(kind, payload, url)
    if kind in _STORIES and url is not None:
        data = {"story": only({"id": text(payload.get("id"), 128), "url": url, "type": "mention"})}
        if not _is_web(url):
            return {"kind": MessageKind.UNSUPPORTED, "data": {"type": kind, **data}}
        return {"kind": MessageKind.IMAGE, "media": Media(MessageKind.IMAGE, "image/jpeg", url=url), "data": data}
    if kind in _SHARED:
        return _shared(kind, attachment, payload, url)
    return {"kind": MessageKind.UNSUPPORTED, "data": {"type": kind or "attachment", "content": attachment}}


def _file(kind: str, payload: dict[str, Any], url: str) -> dict[str, Any]:
    found, mime = _FILES[kind]
    sticker = payload.get("sticker_id")
    if sticker is not None:
        found, mime = MessageKind.STICKER, "image/png"
    media = Media(found, mime, url=url, filename=optional(payload.get("title"), 200))
    return {"kind": found, "media": media, "data": only({"sticker_id": text(sticker, 40)})}


def _shared(kind: str, attachment: dict[str, Any], payload: dict[str, Any], url: str | None) -> dict[str, Any]:
    """A post, a reel, a page that the app made a card of. What lies on Meta's own servers is fetched like a file."""
    title = text(payload.get("title"), 500) or text(attachment.get("title"), 500) or _card(payload)
    ids = ("id", "reel_video_id", "ig_post_media_id", "template_type", "sharable")
    about = {name: payload[name] for name in ids if name in payload}
    data = {"share": only({"type": kind, "title": title, "url": url, **about})}
    if url is not None and _is_cdn(url):
        is_film = "reel" in kind
        media = Media(
            MessageKind.VIDEO if is_film else MessageKind.IMAGE, "video/mp4" if is_film else "image/jpeg", url=url
        )
        return {"kind": media.kind, "media": media, "text": title, "data": data}
    words = "\n".join(part for part in (title, url or "") if part)
    return {"kind": MessageKind.TEXT if words else MessageKind.UNSUPPORTED, "text": words, "data": data}


def _card(payload: dict[str, Any]) -> str:
    """The words on a template: its text, or the titles of its elements (a product's stand one level deeper)."""
    if said := text(payload.get("text"), 2000):
        return said
    elements = items(payload.get("elements")) or items(mapping(payload.get("product")).get("elements"))
    elements = elements or items(mapping(payload.get("generic")).get("elements"))
    rows: list[str] = []
    for element in map(mapping, elements[:_MOST]):
        rows += [text(element.get("title"), 200), text(element.get("subtitle"), 200)]
    return "\n".join(row for row in rows if row)


def _place(attachment: dict[str, Any], payload: dict[str, Any]) -> Location | None:
    spot = mapping(payload.get("coordinates"))
    latitude, longitude = number(spot.get("lat")), number(spot.get("long"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Location(latitude, longitude, optional(attachment.get("title"), 300))


def _is_web(url: str | None) -> bool:
    return url is not None and url.startswith(("https://", "http://"))


def _is_cdn(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and f".{parts.hostname or ''}".endswith(_CDN)
    except ValueError:
        return False
