"""Read one stored item. Content never raises: what is not understood becomes UNSUPPORTED or Ignored.

Parameters: twilio.com/docs/messaging/guides/webhook-request; new ones come without notice.
"""

import base64
import binascii
import hashlib
import mimetypes
import re
from collections.abc import Callable
from typing import Any

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import (
    BrokenPayload,
    DeliveryStatus,
    Ignored,
    InboundMessage,
    MessageKind,
    Sender,
)
from saas_admin.adapters.channels.events import Event, Preference, Purpose
from saas_admin.adapters.channels.reading import dump, kept, load, mapping, moment, number, only, optional, text
from saas_admin.adapters.channels.twilio import addresses, errors, words
from saas_admin.adapters.channels.twilio.form import Form, read

_STATUSES = {
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "undelivered": DeliveryStatus.FAILED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}
_KINDS = {"image": MessageKind.IMAGE, "video": MessageKind.VIDEO, "audio": MessageKind.AUDIO}
_ON_ITS_WAY = ("queued", "accepted", "scheduled", "sending")
_OPTED_OUT = "21610"
_MOST_FILES = 10
_LONGEST_ID = 200
_REFERRAL = re.compile(r"Referral[A-Za-z]{1,40}")
_ENCODED = re.compile(r"[A-Za-z0-9+/]{60,}={0,2}")


def parse(payload: bytes) -> list[Event]:
    try:
        form = read(payload)
    except BrokenPayload as error:
        return [Ignored("unknown", str(error))]
    if form.kind == "message":
        return _inbound(form)
    if form.kind == "status":
        return _status(form)
    return [Ignored("unknown", "neither a message nor a receipt", _data(form))]


# What a customer wrote


def _inbound(form: Form) -> list[Event]:
    sender = _sender(form)
    if sender is None:
        return [Ignored("message", "no sender in it", _data(form))]
    content = next((found for reader in _READERS if (found := reader(form)) is not None), None) or _unsupported(form)
    content["data"] = {**only(content.get("data", {})), **only(_around(form))}
    content.setdefault("reply_to", optional(form.text("OriginalRepliedMessageSid"), _LONGEST_ID))
    message = InboundMessage(provider_id=_id(form), sender=sender, at=moment(form.at), **content)
    preference = _preference(form, message)
    return [message, preference] if preference else [message]


def _sender(form: Form) -> Sender | None:
    """The person under the address we can answer: their number where it is shown, else the id WhatsApp gives us."""
    written = addresses.read(form.text("From", 200))
    scoped = addresses.read(form.text("ExternalUserId", 200))
    person = written or scoped
    if person is None:
        return None
    if person.phone is None and person.channel == addresses.WHATSAPP:
        # Twilio also names the number apart, and that may be there when `From` is not one.
        number = addresses.read(f"{addresses.WHATSAPP}:{form.text('WaId', 30).strip()}")
        if number is not None and number.phone is not None:
            scoped, person = scoped or person, number
    ids = [str(person), str(scoped or ""), form.text("From", 160).strip()]
    return Sender(
        external_id=ids[0],
        name=optional(form.text("ProfileName", 120), 120),
        phone=person.phone,
        username=optional(form.text("ProfileUsername", 100) or form.text("Username", 100), 100),
        aliases=tuple(dict.fromkeys(each for each in ids[1:] if each and each != ids[0])),
    )


def _id(form: Form) -> str:
    return form.sid or f"sha256:{hashlib.sha256(dump(form.values)).hexdigest()}"


def _files(form: Form) -> dict[str, Any] | None:
    files = tuple(media for index in range(_MOST_FILES) if (media := _file(form, index)) is not None)
    if not files:
        return None
    return {"kind": files[0].kind, "text": form.text("Body"), "media": files[0], "more_media": files[1:]}


def _file(form: Form, index: int) -> base.Media | None:
    url = optional(form.text(f"MediaUrl{index}", 2000), 2000)
    if url is None:
        return None
    mime = form.first(f"MediaContentType{index}", limit=120).split(";")[0].strip().lower() or _guessed(url)
    kind = _KINDS.get(mime.split("/")[0]) or _KINDS.get(_type(form), MessageKind.DOCUMENT)
    if _type(form) == "sticker" and kind is MessageKind.IMAGE:
        kind = MessageKind.STICKER
    # WhatsApp records voice notes as Ogg; a song somebody sends is something else.
    voice = _type(form) == "voice" or (mime == "audio/ogg" and _channel(form) == addresses.WHATSAPP)
    name = optional(form.text(f"MediaFilename{index}", 200), 200)
    return base.Media(kind, mime, url=url, filename=name, voice=voice)


def _guessed(url: str) -> str:
    return mimetypes.guess_type(url.split("?")[0])[0] or "application/octet-stream"


def _location(form: Form) -> dict[str, Any] | None:
    latitude, longitude = number(form.text("Latitude", 40)), number(form.text("Longitude", 40))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    place = base.Location(
        latitude, longitude, optional(form.text("Label", 300), 300), optional(form.text("Address", 500), 500)
    )
    return {"kind": MessageKind.LOCATION, "location": place, "text": form.text("Body")}


def _tapped(form: Form) -> dict[str, Any] | None:
    """A button of a template or a row of a list."""
    button, row = form.first("ButtonText", limit=300), form.first("ListTitle", "ListId", limit=300)
    payload = form.first("ButtonPayload", limit=1000)
    said = form.text("Body") or button or row or payload
    if not (button or row or payload):
        return None
    data = {
        "payload": payload,
        "button": button,
        "id": form.first("ListId", limit=200),
        "description": form.first("ListDescription", limit=300),
    }
    return {"kind": MessageKind.INTERACTIVE, "text": button or row or said, "data": data}


def _form_filled(form: Form) -> dict[str, Any] | None:
    """A WhatsApp form arrives as JSON inside a parameter."""
    written = form.text("InteractiveData") or form.text("FlowData")
    if not written:
        return None
    try:
        response: Any = load(written.encode())
    except BrokenPayload:
        response = written
    data = {"interactive": "flow", "response": response}
    return {"kind": MessageKind.INTERACTIVE, "text": form.text("Body"), "data": data}


def _reaction(form: Form) -> dict[str, Any] | None:
    target = optional(form.text("OriginalRepliedMessageSid"), _LONGEST_ID)
    if _type(form) != "reaction" or target is None:
        return None
    emoji = form.text("Body", 40)
    return {"kind": MessageKind.REACTION, "text": emoji, "reply_to": target, "data": {"removed": not emoji}}


def _text(form: Form) -> dict[str, Any] | None:
    said = form.text("Body")
    if not said.strip():
        return None
    decoded = _decoded(said) if not _channel(form) else None
    return {"kind": MessageKind.TEXT, "text": decoded or said, "data": {"encoded": decoded is not None}}


def _decoded(said: str) -> str | None:
    """Twilio sometimes codes a long SMS as base64. Taken for that only when readable sentences come out."""
    written = said.strip()
    if len(written) % 4 or not _ENCODED.fullmatch(written):
        return None
    try:
        found = base64.b64decode(written, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    is_readable = " " in found and all(c.isprintable() or c in "\r\n\t" for c in found)
    return text(found) if is_readable else None


def _unsupported(form: Form) -> dict[str, Any]:
    return {"kind": MessageKind.UNSUPPORTED, "text": form.text("Body"), "data": {"content": _data(form)}}


_READERS: tuple[Callable[[Form], dict[str, Any] | None], ...] = (
    _files,
    _location,
    _tapped,
    _form_filled,
    _reaction,
    _text,
)


def _around(form: Form) -> dict[str, Any]:
    names = [name for name in form.values if _REFERRAL.fullmatch(str(name)) and name != "ReferralNumMedia"]
    referral = {name[len("Referral") :]: said for name in names if (said := form.text(name, 2000))}
    is_text = _type(form) in ("text", "")
    return {
        "forwarded": form.text("Forwarded", 10).lower() == "true",
        "frequently_forwarded": form.text("FrequentlyForwarded", 10).lower() == "true",
        "referral": referral,
        "type": "" if is_text else _type(form),
        "opt_out": form.first("OptOutType", limit=40),
        "service": form.first("MessagingServiceSid", limit=40),
    }


def _preference(form: Form, message: InboundMessage) -> Preference | None:
    """Twilio's own reading of a keyword, else ours of a message that is nothing but one. The message stays a message."""
    told = form.first("OptOutType", limit=40).upper()
    is_allowed = {"STOP": False, "START": True}.get(told)
    if not told and not _channel(form) and message.kind is MessageKind.TEXT:
        is_allowed = words.meaning(message.text)
    if is_allowed is None:
        return None
    proof = message.text[:200] or told
    return Preference(message.sender.external_id, message.at, Purpose.ANY, is_allowed, proof)


# What became of our messages


def _status(form: Form) -> list[Event]:
    word = form.status
    if word in _ON_ITS_WAY:
        return [Ignored("status", f"on its way: {word}", _data(form))]
    if not form.sid or word not in _STATUSES:
        return [Ignored("status", f"unknown status {word!r}" if form.sid else "no message id", _data(form))]
    recipient, code = addresses.spelled(form.text("To", 160)), form.first("ErrorCode", limit=20)
    is_failed = _STATUSES[word] is DeliveryStatus.FAILED
    detail = form.first("ErrorMessage", "ChannelStatusMessage", limit=300) or word
    status = base.StatusUpdate(
        provider_id=form.sid,
        status=_STATUSES[word],
        at=moment(form.at),
        recipient=recipient or None,
        callback_data=form.callback or None,
        failure=errors.of_code(code, detail) if is_failed else None,
    )
    if is_failed and code == _OPTED_OUT and recipient:
        return [status, Preference(recipient, status.at, Purpose.ANY, is_allowed=False, words=f"Twilio {code}")]
    return [status]


def _type(form: Form) -> str:
    return form.first("MessageType", limit=60).lower()


def _channel(form: Form) -> str:
    found = addresses.read(form.text("From", 200)) or addresses.read(form.text("ExternalUserId", 200))
    return found.channel if found else ""


def _data(form: Form) -> dict[str, Any]:
    return mapping(kept(form.values))
