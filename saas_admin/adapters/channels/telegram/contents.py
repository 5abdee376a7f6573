"""What a message holds. Each reader answers kind, text, media and so on, or None when its object is not usable."""

from collections.abc import Callable
from typing import Any

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import MessageKind
from saas_admin.adapters.channels.reading import items, mapping, number, optional, text

Content = dict[str, Any]
_UNKNOWN = "application/octet-stream"


def read(message: dict[str, Any]) -> Content | None:
    """The content by the first field that has one: some are set twice, for clients that do not know the newer."""
    for name, reader in _READERS.items():
        if message.get(name) is not None and (content := reader(message)):
            return content
    return None


def _text(message: dict[str, Any]) -> Content | None:
    said = text(message.get("text"))
    if not said.strip():
        return None
    data = {"start": _start(said), "link": _links(message.get("entities"))}
    return {"kind": MessageKind.TEXT, "text": said, "data": data}


def _start(said: str) -> str:
    """The payload of a deep link: `https://t.me/<bot>?start=<payload>` arrives as `/start <payload>`."""
    command, _, payload = said.strip().partition(" ")
    return payload.strip()[:64] if command.split("@")[0] == "/start" else ""


def _links(entities: Any) -> list[str]:
    """Addresses behind words: the text alone would lose them."""
    found = (text(mapping(e).get("url"), 2000) for e in items(entities)[:100] if mapping(e).get("type") == "text_link")
    return [url for url in found if url][:20]


def _photo(message: dict[str, Any]) -> Content | None:
    sizes = [mapping(size) for size in items(message.get("photo"))[:20]]
    sizes = [size for size in sizes if optional(size.get("file_id"), 250)]
    if not sizes:
        return None
    return _with_media(message, max(sizes, key=_size), MessageKind.IMAGE, "image/jpeg")


def _size(found: dict[str, Any]) -> tuple[float, float]:
    area = (number(found.get("width")) or 0) * (number(found.get("height")) or 0)
    return area, number(found.get("file_size")) or 0


def _file(name: str, kind: MessageKind, mime: str, **data: Any) -> Callable[[dict[str, Any]], Content | None]:
    def reader(message: dict[str, Any]) -> Content | None:
        found = mapping(message.get(name))
        return _with_media(message, found, kind, mime, voice=name == "voice", **data)

    return reader


def _sticker(message: dict[str, Any]) -> Content | None:
    found = mapping(message.get("sticker"))
    mime = "application/x-tgsticker" if found.get("is_animated") is True else "image/webp"
    mime = "video/webm" if found.get("is_video") is True else mime
    return _with_media(message, found, MessageKind.STICKER, mime, emoji=text(found.get("emoji"), 40))


def _with_media(
    message: dict[str, Any], found: dict[str, Any], kind: MessageKind, mime: str, *, voice: bool = False, **data: Any
) -> Content | None:
    file_id = optional(found.get("file_id"), 250)
    if file_id is None:
        return None
    media = base.Media(
        kind=kind,
        mime=text(found.get("mime_type"), 120).strip() or mime,
        provider_id=file_id,
        filename=optional(found.get("file_name"), 200),
        voice=voice,
    )
    more = {
        "duration": number(found.get("duration")),
        "title": text(found.get("title"), 200),
        "performer": text(found.get("performer"), 200),
        "live_photo": message.get("live_photo") is not None,
        "link": _links(message.get("caption_entities")),
    }
    return {"kind": kind, "text": text(message.get("caption")), "media": media, "data": {**data, **more}}


def _venue(message: dict[str, Any]) -> Content | None:
    found = mapping(message.get("venue"))
    return _place(
        mapping(found.get("location")), optional(found.get("title"), 300), optional(found.get("address"), 500)
    )


def _location(message: dict[str, Any]) -> Content | None:
    return _place(mapping(message.get("location")))


def _place(found: dict[str, Any], name: str | None = None, address: str | None = None) -> Content | None:
    latitude, longitude = number(found.get("latitude")), number(found.get("longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    place = base.Location(latitude, longitude, name, address)
    return {"kind": MessageKind.LOCATION, "location": place, "data": {"live": bool(number(found.get("live_period")))}}


def _contact(message: dict[str, Any]) -> Content | None:
    found = mapping(message.get("contact"))
    parts = [text(found.get(key), 100).strip() for key in ("first_name", "last_name")]
    name, phone = " ".join(filter(None, parts)), optional(found.get("phone_number"), 40)
    if not name and not phone:
        return None
    card = base.ContactCard(name, (phone,) if phone else ())
    return {"kind": MessageKind.CONTACTS, "contacts": (card,)}


def _web_app(message: dict[str, Any]) -> Content | None:
    """What a page inside Telegram sent back; the button that opened it is what the customer tapped."""
    found = mapping(message.get("web_app_data"))
    said = text(found.get("button_text"), 200) or text(found.get("data"))
    if not said:
        return None
    return {"kind": MessageKind.INTERACTIVE, "text": said, "data": {"web_app": text(found.get("data"))}}


# In this order: an animation sets `document` too, a live photo `photo`, a venue `location`.
_READERS: dict[str, Callable[[dict[str, Any]], Content | None]] = {
    "text": _text,
    "photo": _photo,
    "voice": _file("voice", MessageKind.AUDIO, "audio/ogg"),
    "audio": _file("audio", MessageKind.AUDIO, "audio/mpeg"),
    "video": _file("video", MessageKind.VIDEO, "video/mp4"),
    "video_note": _file("video_note", MessageKind.VIDEO, "video/mp4", round=True),
    "animation": _file("animation", MessageKind.VIDEO, "video/mp4", animated=True),
    "document": _file("document", MessageKind.DOCUMENT, _UNKNOWN),
    "sticker": _sticker,
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "web_app_data": _web_app,
}
