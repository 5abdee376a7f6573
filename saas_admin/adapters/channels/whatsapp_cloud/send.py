"""What we say on WhatsApp, in the Graph's words. There is no idempotency key: in doubt the outcome is unknown."""

import re
from collections.abc import Mapping
from typing import Any, BinaryIO

from saas_admin.adapters.channels.base import (
    Failure,
    FailureCode,
    FetchedMedia,
    Media,
    MessageKind,
    OutboundMedia,
    OutboundMessage,
    SendError,
    SendResult,
)
from saas_admin.adapters.channels.content import Choices, Link
from saas_admin.adapters.channels.meta import errors, graph
from saas_admin.adapters.channels.meta.graph import ensure
from saas_admin.adapters.channels.reading import items, mapping, optional, text
from saas_admin.adapters.channels.whatsapp_cloud import template_use

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
BODY_LIMIT = 1024
"""Text over buttons or a link; over a list it is TEXT_LIMIT."""
BUTTONS = 3
BUTTON_LENGTH = 20
ROWS = 10
ROW_LENGTH = 24
_DESCRIPTION = 72
_BUTTON_ID = 256
_ROW_ID = 200
_ADDRESS = 1000
_PHONE = re.compile(r"\+?[0-9]{4,20}")
_CAPTIONED = {MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.DOCUMENT}
_NAMES = {
    MessageKind.IMAGE: "image",
    MessageKind.VIDEO: "video",
    MessageKind.AUDIO: "audio",
    MessageKind.DOCUMENT: "document",
    MessageKind.STICKER: "sticker",
}

Values = Mapping[str, str]


def send(settings: Values, secrets: Values, message: OutboundMessage) -> SendResult:
    """Send one message. A file is uploaded first, so that Meta need not reach us."""
    body = _envelope(message)
    body.update(_content(settings, secrets, message))
    answer = graph.call("POST", f"{settings['phone_number_id']}/messages", token(secrets), body=body, is_send=True)
    sent = [mapping(found) for found in items(mapping(answer.json()).get("messages"))]
    provider_id = optional(sent[0].get("id")) if sent else None
    if provider_id is None:
        raise SendError(Failure(FailureCode.OUTCOME_UNKNOWN, f"http {answer.status}", "an answer without a message id"))
    return SendResult(provider_id)


def acknowledge(settings: Values, secrets: Values, provider_id: str, *, typing: bool = False) -> None:
    """Blue ticks for the customer, and optionally our typing dots (Meta shows them for 25 s or until the answer)."""
    body: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": provider_id}
    if typing:
        body["typing_indicator"] = {"type": "text"}
    path = f"{settings['phone_number_id']}/messages"
    graph.call("POST", path, token(secrets), body=body, total=graph.CHECK_SECONDS)


def fetch_media(settings: Values, secrets: Values, media: Media, limit: int, into: BinaryIO) -> FetchedMedia:
    """Meta names a file by id; the id gives an address that lives five minutes and wants the token too."""
    del settings
    url, mime = media.url, media.mime
    if media.provider_id:
        found = mapping(graph.call("GET", graph.segment(media.provider_id), token(secrets)).json())
        url, mime = (optional(found.get("url"), 2000), text(found.get("mime_type"), 200) or mime)
    if url is None or not graph.may_see_token(url):
        raise SendError(Failure(FailureCode.MEDIA_REJECTED, "", "no address to fetch the file from"))
    headers = graph.bearer(token(secrets))
    answer = graph.fetch("GET", url, headers=headers, max_bytes=limit, total=graph.UPLOAD_SECONDS, into=into)
    failure = errors.of_answer(answer) if not answer.is_success else None
    if failure is not None:
        is_gone = answer.status in (404, 410)
        raise SendError(
            Failure(FailureCode.MEDIA_REJECTED, failure.provider_code, "the file is gone") if is_gone else failure
        )
    return FetchedMedia(mime, media.filename)


def token(secrets: Values) -> str:
    return secrets.get("access_token", "")


def _envelope(message: OutboundMessage) -> dict[str, Any]:
    to = message.to.strip()
    # A number goes under `to`, a business-scoped id of someone without a visible number under `recipient`.
    person = {"to": to.lstrip("+")} if _PHONE.fullmatch(to) else {"recipient": to}
    body: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual", **person}
    if message.reply_to:
        body["context"] = {"message_id": message.reply_to}
    if message.callback_data:
        body["biz_opaque_callback_data"] = message.callback_data[:512]
    return body


def _content(settings: Values, secrets: Values, message: OutboundMessage) -> dict[str, Any]:
    if message.kind is MessageKind.TEXT:
        _ensure_length(message.text, TEXT_LIMIT, "text")
        has_link = "http://" in message.text or "https://" in message.text
        return {"type": "text", "text": {"body": message.text, "preview_url": has_link}}
    if message.kind is MessageKind.INTERACTIVE and message.choices is not None:
        return {"type": "interactive", "interactive": _choices(message.text, message.choices)}
    if message.kind is MessageKind.INTERACTIVE and message.link is not None:
        return {"type": "interactive", "interactive": _link(message.text, message.link)}
    if message.kind is MessageKind.TEMPLATE and message.template is not None:
        return {"type": "template", "template": template_use.compose(message.template)}
    if message.kind is MessageKind.LOCATION and message.location is not None:
        place = message.location
        # As texts, which is how the official specification types them.
        said = {"latitude": str(place.latitude), "longitude": str(place.longitude)}
        named = {"name": (place.name or "")[:_ADDRESS], "address": (place.address or "")[:_ADDRESS]}
        return {"type": "location", "location": {**said, **{k: v for k, v in named.items() if v}}}
    return _file(settings, secrets, message)


def _choices(body: str, choices: Choices) -> dict[str, Any]:
    options = choices.options
    ids, titles = [option.id for option in options], [option.title for option in options]
    is_unique = len(set(ids)) == len(ids) and len(set(titles)) == len(titles)
    ensure(bool(options) and is_unique, FailureCode.CONTENT_REJECTED, "choices are missing or alike")
    most = ROWS if choices.is_list else BUTTONS
    ensure(len(options) <= most, FailureCode.UNSUPPORTED, f"more than {most} choices")
    for option in options:
        _ensure_length(option.id, _ROW_ID if choices.is_list else _BUTTON_ID, "id of a choice")
        _ensure_length(option.title, ROW_LENGTH if choices.is_list else BUTTON_LENGTH, "title of a choice")
    if not choices.is_list:
        _ensure_length(body, BODY_LIMIT, "text")
        buttons = [{"type": "reply", "reply": {"id": o.id, "title": o.title}} for o in options]
        return {"type": "button", "body": {"text": body}, "action": {"buttons": buttons}}
    _ensure_length(body, TEXT_LIMIT, "text")
    _ensure_length(choices.opener, BUTTON_LENGTH, "button of a list")
    rows: list[dict[str, str]] = []
    for option in options:
        row = {"id": option.id, "title": option.title}
        if option.description:
            _ensure_length(option.description, _DESCRIPTION, "description of a choice")
            row["description"] = option.description
        rows.append(row)
    action = {"button": choices.opener, "sections": [{"rows": rows}]}
    return {"type": "list", "body": {"text": body}, "action": action}


def _link(body: str, link: Link) -> dict[str, Any]:
    _ensure_length(body, BODY_LIMIT, "text")
    _ensure_length(link.title, BUTTON_LENGTH, "title of a link")
    is_web = link.url.startswith(("https://", "http://"))
    ensure(is_web, FailureCode.CONTENT_REJECTED, "a link that is no web address")
    parameters = {"display_text": link.title, "url": link.url}
    return {"type": "cta_url", "body": {"text": body}, "action": {"name": "cta_url", "parameters": parameters}}


def _file(settings: Values, secrets: Values, message: OutboundMessage) -> dict[str, Any]:
    name = _NAMES.get(message.kind)
    if name is None or message.media is None:
        raise SendError(Failure(FailureCode.UNSUPPORTED, "", f"cannot send {message.kind} on WhatsApp"))
    # What cannot be carried is said, not dropped.
    ensure(not message.text or message.kind in _CAPTIONED, FailureCode.UNSUPPORTED, f"{name} takes no caption")
    ensure(len(message.text) <= CAPTION_LIMIT, FailureCode.CONTENT_REJECTED, "caption is too long")
    media: dict[str, Any] = {"id": _upload(settings, secrets, message.media)}
    if message.text:
        media["caption"] = message.text
    if message.kind is MessageKind.DOCUMENT:
        media["filename"] = message.media.filename
    return {"type": name, name: media}


def _upload(settings: Values, secrets: Values, media: OutboundMedia) -> str:
    form = {"messaging_product": "whatsapp", "type": media.mime}
    path = f"{settings['phone_number_id']}/media"
    with media.path.open("rb") as content:
        files = {"file": (media.filename, content, media.mime)}
        answer = graph.call("POST", path, token(secrets), form=form, files=files, total=graph.UPLOAD_SECONDS)
    media_id = optional(mapping(answer.json()).get("id"), 200)
    if media_id is None:
        raise SendError(Failure(FailureCode.PROVIDER_DOWN, f"http {answer.status}", "an upload without an id"))
    return media_id


def _ensure_length(words: str, most: int, what: str) -> None:
    ensure(0 < len(words) <= most, FailureCode.CONTENT_REJECTED, f"{what} is empty or longer than {most}")
