"""What we say. There is no idempotency key: in doubt the outcome is unknown, nothing is sent again.

Text goes as it was written, without a parse mode, so no character of it can be taken for markup.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from saas_admin.adapters.channels.base import (
    MEGABYTE,
    Failure,
    FailureCode,
    MessageKind,
    OutboundMessage,
    SendError,
    SendResult,
)
from saas_admin.adapters.channels.content import short_id
from saas_admin.adapters.channels.reading import mapping
from saas_admin.adapters.channels.telegram import calls, errors, ids

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
PHOTO_BYTES = 10 * MEGABYTE
FILE_BYTES = 50 * MEGABYTE
DATA_BYTES = 64
"""What a button carries back (`callback_data`)."""
VIDEO_AS_FILES = frozenset({"video/quicktime", "video/webm", "video/3gpp"})
AUDIO_AS_FILES = frozenset({"audio/wav", "audio/aac", "audio/amr", "audio/x-flac", "audio/aiff"})
"""What Telegram's players do not take arrives all the same, as a file."""
_QUERY_TOO_OLD = "query is too old"
_UPLOAD_SECONDS = 120.0

Values = Mapping[str, str]


def send(secrets: Values, message: OutboundMessage) -> SendResult:
    """Send one message. A group that became a supergroup is followed to its new number, since the old one took nothing."""
    address = ids.address_of(message.to)
    if address is None:
        raise SendError(Failure(FailureCode.NOT_REACHABLE, "", "not a chat of Telegram's"))
    method, parameters = _content(message)
    parameters = {**address, **parameters, **_around(message)}
    answer = _ask(method, secrets, parameters, message)
    moved = errors.new_chat(answer)
    if moved is not None and errors.of_answer(answer) is not None:
        message = replace(message, to=str(moved))
        # A quoted message stayed behind under the old number.
        parameters = {name: value for name, value in parameters.items() if name != "reply_parameters"}
        answer = _ask(method, secrets, {**parameters, "chat_id": moved}, message)
    failure = errors.of_answer(answer)
    if failure is not None:
        # A group has a limit of its own, and its wait, which can be long, is no reason to keep others waiting.
        is_group = failure.code is FailureCode.THROTTLED and message.to.strip().startswith("-")
        raise SendError(replace(failure, is_per_person=is_group))
    provider_id = ids.message_of(message.to.strip(), mapping(calls.result(answer)).get("message_id"))
    if provider_id is None:
        raise SendError(Failure(FailureCode.OUTCOME_UNKNOWN, f"http {answer.status}", "an answer without a message id"))
    return SendResult(provider_id)


def acknowledge(secrets: Values, provider_id: str, *, typing: bool) -> None:
    """Typing dots (Telegram shows them for 5 s), or the end of the spinner on a tapped button. There are no read marks."""
    query = ids.query_of(provider_id)
    if typing:
        address = ids.address_of(query[1] if query else provider_id.rpartition(":")[0])
        if address is not None:
            calls.call("sendChatAction", secrets, {**address, "action": "typing"}, total=calls.SIDE_SECONDS)
    elif query is not None:
        try:
            calls.call("answerCallbackQuery", secrets, {"callback_query_id": query[0]}, total=calls.SIDE_SECONDS)
        except SendError as error:
            # After a minute or so the spinner has gone by itself.
            if _QUERY_TOO_OLD not in error.failure.provider_text.lower():
                raise


def units(words: str) -> int:
    """Telegram counts UTF-16 code units: an emoji is two."""
    return len(words.encode("utf-16-le", "replace")) // 2


def _ask(method: str, secrets: Values, parameters: dict[str, Any], message: OutboundMessage) -> Any:
    if message.media is None:
        return calls.ask(method, secrets, parameters, is_send=True)
    with contextlib.ExitStack() as opened:
        content = opened.enter_context(message.media.path.open("rb"))
        field = method.removeprefix("send").lower()
        files = {field: (message.media.filename, content, message.media.mime)}
        return calls.ask(method, secrets, parameters, files=files, is_send=True, total=_UPLOAD_SECONDS)


def _content(message: OutboundMessage) -> tuple[str, dict[str, Any]]:
    if message.kind in (MessageKind.TEXT, MessageKind.INTERACTIVE):
        is_fit = bool(message.text.strip()) and units(message.text) <= TEXT_LIMIT
        _ensure(is_fit, FailureCode.CONTENT_REJECTED, "text is empty or too long")
        return "sendMessage", {"text": message.text}
    if message.kind is MessageKind.LOCATION and message.location is not None:
        place = message.location
        where = {"latitude": place.latitude, "longitude": place.longitude}
        if place.name:
            return "sendVenue", {**where, "title": place.name, "address": place.address or place.name}
        return "sendLocation", where
    return _media(message)


def _media(message: OutboundMessage) -> tuple[str, dict[str, Any]]:
    method = _METHODS.get(message.kind)
    if method is None or message.media is None:
        raise SendError(Failure(FailureCode.UNSUPPORTED, "", f"cannot send {message.kind} on Telegram"))
    method = _METHODS_OF_MIME.get((message.kind, message.media.mime), method)
    if message.media.mime in VIDEO_AS_FILES | AUDIO_AS_FILES:
        method = "sendDocument"
    limit = PHOTO_BYTES if method == "sendPhoto" else FILE_BYTES
    _ensure(
        message.media.path.stat().st_size <= limit, FailureCode.MEDIA_REJECTED, f"the file has more than {limit} bytes"
    )
    _ensure(units(message.text) <= CAPTION_LIMIT, FailureCode.CONTENT_REJECTED, "caption is too long")
    return method, {"caption": message.text} if message.text else {}


def _around(message: OutboundMessage) -> dict[str, Any]:
    around: dict[str, Any] = {}
    quoted = ids.message_in(message.to, message.reply_to) if message.reply_to else None
    if quoted is not None:
        # Without the mark an answer to a message that the customer deleted would be refused.
        around["reply_parameters"] = {"message_id": quoted, "allow_sending_without_reply": True}
    if rows := _rows(message):
        around["reply_markup"] = {"inline_keyboard": rows}
    return around


def _rows(message: OutboundMessage) -> list[list[dict[str, str]]]:
    """One button a row: titles stay whole on a narrow phone."""
    rows: list[list[dict[str, str]]] = []
    if message.choices is not None:
        _ensure(not message.choices.is_list, FailureCode.UNSUPPORTED, "Telegram has no lists")
        for option in message.choices.options:
            _ensure(
                bool(option.title.strip() and option.id), FailureCode.CONTENT_REJECTED, "a button without words or id"
            )
            rows.append([{"text": option.title, "callback_data": short_id(option.id, DATA_BYTES)}])
    if message.link is not None:
        _ensure(bool(message.link.title.strip()), FailureCode.CONTENT_REJECTED, "a button without words")
        rows.append([{"text": message.link.title, "url": message.link.url}])
    return rows


def _ensure(condition: bool, code: FailureCode, words: str) -> None:
    if not condition:
        raise SendError(Failure(code, "", words))


_METHODS = {
    MessageKind.IMAGE: "sendPhoto",
    MessageKind.VIDEO: "sendVideo",
    MessageKind.AUDIO: "sendAudio",
    MessageKind.DOCUMENT: "sendDocument",
}
_METHODS_OF_MIME = {
    (MessageKind.IMAGE, "image/gif"): "sendAnimation",
    (MessageKind.AUDIO, "audio/ogg"): "sendVoice",
}
