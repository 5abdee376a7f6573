"""What a page or an Instagram account says, by Meta's Send API. In doubt the outcome is unknown."""

from dataclasses import dataclass, replace
from typing import Any, BinaryIO
from urllib.parse import urljoin

from saas_admin.adapters import http
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
from saas_admin.adapters.channels.reading import dump, mapping, optional

QUICK_REPLIES = 13
TITLE = 20
_PAYLOAD = 1000
_BUTTON_TEXT = 640
_REDIRECTS = 3
_NAMES = {
    MessageKind.IMAGE: "image",
    MessageKind.VIDEO: "video",
    MessageKind.AUDIO: "audio",
    MessageKind.DOCUMENT: "file",
}
_GONE = (403, 404, 410)
"""A link of Meta's file servers that has run out answers 403."""


@dataclass(frozen=True)
class End:
    """Our end of the line: whose messages edge, with which token, and what it takes."""

    path: str
    token: str
    text_limit: int
    counts_bytes: bool = False
    can_upload: bool = False
    has_metadata: bool = True


def send(end: End, message: OutboundMessage) -> SendResult:
    """Send one message. Answers within 24 hours are responses; later ones carry the human-agent tag."""
    body: dict[str, Any] = {"recipient": {"id": message.to}, "messaging_type": "RESPONSE"}
    if message.is_late:
        body.update({"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"})
    body["message"] = _content(end, message)
    if message.callback_data and end.has_metadata:
        body["message"]["metadata"] = message.callback_data[:_PAYLOAD]
    if message.reply_to:
        body["reply_to"] = {"mid": message.reply_to}
    try:
        answer = graph.call("POST", f"{end.path}/messages", end.token, body=body, is_send=True)
    except SendError as error:
        raise SendError(_sharper(error.failure)) from None
    provider_id = optional(mapping(answer.json()).get("message_id"), 300)
    if provider_id is None:
        raise SendError(Failure(FailureCode.OUTCOME_UNKNOWN, f"http {answer.status}", "an answer without a message id"))
    return SendResult(provider_id)


def acknowledge(end: End, person: str, *, typing: bool = False) -> None:
    """Seen, and optionally our typing dots (Meta shows them for 20 s or until the answer)."""
    for action in ("mark_seen", "typing_on") if typing else ("mark_seen",):
        body = {"recipient": {"id": person}, "sender_action": action}
        graph.call("POST", f"{end.path}/messages", end.token, body=body, total=graph.CHECK_SECONDS)


def fetch_media(media: Media, limit: int, into: BinaryIO) -> FetchedMedia:
    """A short-lived link to Meta's file servers, taken from a webhook: fetched without the token, guarded at each step."""
    url = media.url or ""
    for _ in range(_REDIRECTS + 1):
        is_web = url.startswith(("https://", "http://"))
        ensure(is_web, FailureCode.MEDIA_REJECTED, "no address to fetch the file from")
        answer = graph.fetch("GET", url, max_bytes=limit, total=graph.UPLOAD_SECONDS, into=into, is_company_url=True)
        if answer.status not in (301, 302, 303, 307, 308):
            return _fetched(answer, media)
        url = urljoin(url, answer.headers.get("location", ""))
    raise SendError(Failure(FailureCode.MEDIA_REJECTED, "", "too many redirects"))


def _fetched(answer: http.Response, media: Media) -> FetchedMedia:
    if answer.is_success:
        mime = answer.headers.get("content-type", "").split(";")[0].strip()
        return FetchedMedia(mime[:120] or media.mime, media.filename)
    failure = errors.of_answer(answer) or Failure(FailureCode.MEDIA_REJECTED)
    if answer.status in _GONE:
        failure = Failure(FailureCode.MEDIA_REJECTED, failure.provider_code, "the file is gone")
    raise SendError(failure)


def _sharper(failure: Failure) -> Failure:
    """Code 10 without a subcode is the closed window here, unless it speaks of a permission (Messenger error codes)."""
    is_bare = failure.provider_code == "10" and "permission" not in failure.provider_text.lower()
    return replace(failure, code=FailureCode.WINDOW_CLOSED) if is_bare else failure


def _content(end: End, message: OutboundMessage) -> dict[str, Any]:
    if message.kind is MessageKind.TEXT:
        _ensure_text(end, message.text)
        return {"text": message.text}
    if message.kind is MessageKind.INTERACTIVE and message.choices is not None:
        _ensure_text(end, message.text)
        return {"text": message.text, "quick_replies": _quick_replies(message.choices)}
    if message.kind is MessageKind.INTERACTIVE and message.link is not None:
        _ensure_text(end, message.text)
        return {"attachment": {"type": "template", "payload": _link(message.text, message.link)}}
    name = _NAMES.get(message.kind)
    if name is None or message.media is None:
        raise SendError(Failure(FailureCode.UNSUPPORTED, "", f"cannot send {message.kind} here"))
    # What cannot be carried is said, not dropped.
    ensure(not message.text, FailureCode.UNSUPPORTED, f"{name} takes no caption")
    return {"attachment": {"type": name, "payload": _file(end, name, message.media)}}


def _quick_replies(choices: Choices) -> list[dict[str, str]]:
    ensure(bool(choices.options), FailureCode.CONTENT_REJECTED, "no choices")
    too_many = len(choices.options) > QUICK_REPLIES
    ensure(not too_many, FailureCode.UNSUPPORTED, f"more than {QUICK_REPLIES} choices")
    for option in choices.options:
        ensure(0 < len(option.title) <= TITLE, FailureCode.CONTENT_REJECTED, f"a title is empty or longer than {TITLE}")
        ensure(0 < len(option.id) <= _PAYLOAD, FailureCode.CONTENT_REJECTED, "an id is empty or too long")
    return [{"content_type": "text", "title": o.title, "payload": o.id} for o in choices.options]


def _link(words: str, link: Link) -> dict[str, Any]:
    ensure(
        len(words) <= _BUTTON_TEXT, FailureCode.CONTENT_REJECTED, f"text over a button is longer than {_BUTTON_TEXT}"
    )
    ensure(0 < len(link.title) <= TITLE, FailureCode.CONTENT_REJECTED, f"a title is empty or longer than {TITLE}")
    is_web = link.url.startswith(("https://", "http://"))
    ensure(is_web, FailureCode.CONTENT_REJECTED, "a link that is no web address")
    button = {"type": "web_url", "url": link.url, "title": link.title}
    return {"template_type": "button", "text": words, "buttons": [button]}


def _file(end: End, name: str, media: OutboundMedia) -> dict[str, Any]:
    """By its signed address where Meta can fetch it, else handed over first."""
    if media.url.startswith("https://") or (media.url and not end.can_upload):
        return {"url": media.url, "is_reusable": False}
    ensure(end.can_upload, FailureCode.MEDIA_REJECTED, "Meta fetches files from us, and this one has no address")
    message = {"attachment": {"type": name, "payload": {"is_reusable": False}}}
    with media.path.open("rb") as content:
        answer = graph.call(
            "POST",
            f"{end.path}/message_attachments",
            end.token,
            form={"message": dump(message).decode()},
            files={"filedata": (media.filename, content, media.mime)},
            total=graph.UPLOAD_SECONDS,
        )
    found = optional(mapping(answer.json()).get("attachment_id"), 200)
    if found is None:
        raise SendError(Failure(FailureCode.PROVIDER_DOWN, f"http {answer.status}", "an upload without an id"))
    return {"attachment_id": found}


def _ensure_text(end: End, words: str) -> None:
    length = len(words.encode("utf-8", "replace")) if end.counts_bytes else len(words)
    ensure(0 < length <= end.text_limit, FailureCode.CONTENT_REJECTED, "text is empty or too long")
