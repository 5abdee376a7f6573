"""Calls to Meta's Graph API. There is no idempotency key: in doubt the outcome is unknown, nothing is sent again."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from saas_admin.adapters import http
from saas_admin.adapters.channels.base import (
    CheckResult,
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
from saas_admin.adapters.channels.reading import items, mapping, optional, text
from saas_admin.adapters.channels.whatsapp_cloud import errors
from saas_admin.core.config import get_settings

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_PHONE = re.compile(r"\+?[0-9]{4,20}")
_CAPTIONED = {MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.DOCUMENT}
_NAMES = {
    MessageKind.IMAGE: "image",
    MessageKind.VIDEO: "video",
    MessageKind.AUDIO: "audio",
    MessageKind.DOCUMENT: "document",
    MessageKind.STICKER: "sticker",
}
_META_HOSTS = (".facebook.com", ".fbsbx.com", ".whatsapp.net", ".fbcdn.net")
_NUMBER_PAGES = 10
_CHECK_SECONDS = 10.0
"""Asked on the side: nobody's message waits for the answer."""
_UPLOAD_SECONDS = 120.0

Values = Mapping[str, str]


def send(settings: Values, secrets: Values, message: OutboundMessage) -> SendResult:
    """Send one message. A file is uploaded first, so that Meta need not reach us."""
    body = _envelope(message)
    body.update(_content(settings, secrets, message))
    answer = _call("POST", f"{settings['phone_number_id']}/messages", secrets, body=body, is_send=True)
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
    _call("POST", f"{settings['phone_number_id']}/messages", secrets, body=body, total=_CHECK_SECONDS)


def check(settings: Values, secrets: Values) -> CheckResult:
    """Token, number and account belong together; the proof also tells whether the app secret is this app's."""
    token, secret = secrets.get("access_token", ""), secrets.get("app_secret", "")
    params = {"fields": "id,display_phone_number,verified_name,quality_rating"}
    params["appsecret_proof"] = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    try:
        answer = _answer("GET", settings["phone_number_id"], secrets, params=params, total=_CHECK_SECONDS)
        failure = errors.of_answer(answer)
        if failure is not None:
            return _refused(answer, failure, "phone_number_id")
        found = mapping(answer.json())
        names = ("display_phone_number", "verified_name", "quality_rating")
        facts = {name: value for name in names if (value := text(found.get(name), 200))}
        return _check_account(settings, secrets, facts)
    except SendError as error:
        return CheckResult(False, error.failure)


def fetch_media(settings: Values, secrets: Values, media: Media, limit: int, into: BinaryIO) -> FetchedMedia:
    """Meta names a file by id; the id gives an address that lives five minutes and wants the token too."""
    del settings
    url, mime = media.url, media.mime
    if media.provider_id:
        found = mapping(_call("GET", _segment(media.provider_id), secrets).json())
        url, mime = (optional(found.get("url"), 2000), text(found.get("mime_type"), 200) or mime)
    if url is None or not _may_see_token(url):
        raise SendError(Failure(FailureCode.MEDIA_REJECTED, "", "no address to fetch the file from"))
    try:
        answer = http.request("GET", url, headers=_bearer(secrets), max_bytes=limit, total=_UPLOAD_SECONDS, into=into)
    except http.HttpFailure as error:
        raise SendError(errors.of_transport(error, is_send=False)) from None
    failure = errors.of_answer(answer) if not answer.is_success else None
    if failure is not None:
        is_gone = answer.status in (404, 410)
        raise SendError(
            Failure(FailureCode.MEDIA_REJECTED, failure.provider_code, "the file is gone") if is_gone else failure
        )
    return FetchedMedia(mime, media.filename)


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
        _ensure(0 < len(message.text) <= TEXT_LIMIT, FailureCode.CONTENT_REJECTED, "text is empty or too long")
        has_link = "http://" in message.text or "https://" in message.text
        return {"type": "text", "text": {"body": message.text, "preview_url": has_link}}
    name = _NAMES.get(message.kind)
    if name is None or message.media is None:
        raise SendError(Failure(FailureCode.UNSUPPORTED, "", f"cannot send {message.kind} on WhatsApp"))
    # What cannot be carried is said, not dropped.
    _ensure(not message.text or message.kind in _CAPTIONED, FailureCode.UNSUPPORTED, f"{name} takes no caption")
    _ensure(len(message.text) <= CAPTION_LIMIT, FailureCode.CONTENT_REJECTED, "caption is too long")
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
        answer = _call("POST", path, secrets, form=form, files=files, total=_UPLOAD_SECONDS)
    media_id = optional(mapping(answer.json()).get("id"), 200)
    if media_id is None:
        raise SendError(Failure(FailureCode.PROVIDER_DOWN, f"http {answer.status}", "an upload without an id"))
    return media_id


def _check_account(settings: Values, secrets: Values, facts: dict[str, str]) -> CheckResult:
    after = ""
    for _ in range(_NUMBER_PAGES):
        params = {"fields": "id", "limit": "100", **({"after": after} if after else {})}
        answer = _answer("GET", f"{settings['waba_id']}/phone_numbers", secrets, params=params, total=_CHECK_SECONDS)
        failure = errors.of_answer(answer)
        if failure is not None:
            return _refused(answer, failure, "waba_id")
        found = mapping(answer.json())
        ids = [text(mapping(row).get("id"), 64) for row in items(found.get("data"))]
        if settings["phone_number_id"] in ids:
            return CheckResult(True, facts=facts)
        after = text(mapping(mapping(found.get("paging")).get("cursors")).get("after"), 500)
        if not after or not ids:
            break
    failure = Failure(FailureCode.REJECTED, "not_in_waba", "this number is not one of the account's numbers")
    return CheckResult(False, failure, facts, "waba_id")


def _refused(answer: http.Response, failure: Failure, asked: str) -> CheckResult:
    """What the provider refused, said as a person fixes it: a number not found, a key not accepted, a value not known."""
    field = _blamed(answer, failure, asked)
    codes = {"access_token": FailureCode.UNAUTHORISED, "phone_number_id": FailureCode.NOT_REACHABLE}
    code = codes.get(field, FailureCode.REJECTED) if field else failure.code
    return CheckResult(False, replace(failure, code=code), field=field)


def _blamed(answer: http.Response, failure: Failure, asked: str) -> str | None:
    if errors.is_bad_proof(answer):
        return "app_secret"
    if errors.is_unknown_object(answer):
        return asked
    if failure.code is FailureCode.UNAUTHORISED:
        return "access_token"
    return asked if failure.code in (FailureCode.CONTENT_REJECTED, FailureCode.REJECTED) else None


def _call(method: str, path: str, secrets: Values, *, is_send: bool = False, **options: Any) -> http.Response:
    answer = _answer(method, path, secrets, is_send=is_send, **options)
    failure = errors.of_answer(answer)
    if failure is not None:
        raise SendError(failure)
    return answer


def _answer(method: str, path: str, secrets: Values, *, is_send: bool = False, **options: Any) -> http.Response:
    settings = get_settings()
    url = f"{settings.meta_graph_url.rstrip('/')}/{settings.meta_graph_version}/{path}"
    try:
        return http.request(method, url, headers=_bearer(secrets), **options)
    except http.HttpFailure as error:
        raise SendError(errors.of_transport(error, is_send=is_send)) from None


def _bearer(secrets: Values) -> dict[str, str]:
    token = secrets.get("access_token", "")
    _ensure(bool(token) and token.isascii() and token.isprintable(), FailureCode.UNAUTHORISED, "no usable access token")
    return {"authorization": f"Bearer {token}"}


def _segment(provider_id: str) -> str:
    _ensure(re.fullmatch(r"[A-Za-z0-9._-]+", provider_id) is not None, FailureCode.MEDIA_REJECTED, "not a media id")
    return provider_id


def _may_see_token(url: str) -> bool:
    """The token goes to Meta only, whatever address a webhook or an answer names."""
    try:
        asked, graph = urlsplit(url), urlsplit(get_settings().meta_graph_url)
        if (asked.scheme, asked.hostname, asked.port) == (graph.scheme, graph.hostname, graph.port):
            return True
        return asked.scheme == "https" and f".{asked.hostname or ''}".endswith(_META_HOSTS)
    except ValueError:
        return False


def _ensure(condition: bool, code: FailureCode, words: str) -> None:
    if not condition:
        raise SendError(Failure(code, "", words))
