"""Messages to Twilio (POST Messages.json), its words to the customer that we type, and files it keeps for us."""

import json
from collections.abc import Mapping
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

from saas_admin.adapters import http
from saas_admin.adapters.channels.base import (
    Failure,
    FailureCode,
    FetchedMedia,
    Location,
    Media,
    MessageKind,
    OutboundMessage,
    SendError,
    SendResult,
)
from saas_admin.adapters.channels.reading import mapping, number, optional, text
from saas_admin.adapters.channels.twilio import addresses, call, errors
from saas_admin.adapters.channels.twilio.form import CALLBACK
from saas_admin.adapters.channels.twilio.signature import FRAGMENT
from saas_admin.core.config import get_settings

TEXT_LIMIT = 1600
_FILES = (MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DOCUMENT)
_REDIRECTS = 3
_MOVED = (301, 302, 303, 307, 308)
_FETCH_SECONDS = 120.0
_LOCAL_ENDINGS = (".local", ".internal", ".localhost", ".test", ".invalid")

Values = Mapping[str, str]


def send(settings: Values, secrets: Values, message: OutboundMessage) -> SendResult:
    """Hand one message over. Twilio fetches a file itself, from our signed address."""
    form = {**_parties(settings, message), **_content(settings, message)}
    if callback := _callback(message):
        form["StatusCallback"] = callback
    path = call.account_path(settings, "/Messages")
    said = mapping(call.call("POST", path, settings, secrets, form=form, is_send=True))
    provider_id = optional(said.get("sid"), 200)
    if provider_id is None:
        raise SendError(Failure(FailureCode.OUTCOME_UNKNOWN, "", "an answer without a message id"))
    if said.get("status") in ("failed", "undelivered") and number(said.get("error_code")):
        raise SendError(errors.of_code(said["error_code"], text(said.get("error_message"), 300)))
    return SendResult(provider_id)


def acknowledge(settings: Values, secrets: Values, provider_id: str, *, typing: bool) -> None:
    """On WhatsApp our typing dots, which also turn the ticks blue; Twilio has no way to tell only that we read."""
    if not typing or not addresses.is_whatsapp(settings["from"]):
        return
    form = {"channel": addresses.WHATSAPP, "messageId": provider_id}
    path = "/v2/Indicators/Typing.json"
    call.call("POST", path, settings, secrets, product="messaging", form=form, total=call.CHECK_SECONDS)


def fetch_media(settings: Values, secrets: Values, media: Media, limit: int, into: BinaryIO) -> FetchedMedia:
    """A file of a message. Twilio sends us on to where its files lie: the credentials stay behind, and inner hosts are refused."""
    url = media.url or ""
    if not call.may_see_credentials(url):
        raise SendError(Failure(FailureCode.MEDIA_REJECTED, "", "not an address of Twilio"))
    answer = _fetch(settings, secrets, url, limit, into)
    for _ in range(_REDIRECTS):
        if answer.status not in _MOVED:
            break
        url = urljoin(url, answer.headers.get("location", ""))
        answer = _fetch(settings, secrets, url, limit, into)
    failure = call.refusal(answer, secrets)
    if failure is None:
        return FetchedMedia(_mime(answer, media), media.filename)
    if answer.status in (*_MOVED, 404, 410):
        raise SendError(Failure(FailureCode.MEDIA_REJECTED, f"http {answer.status}", "the file is gone"))
    raise SendError(failure)


def _fetch(settings: Values, secrets: Values, url: str, limit: int, into: BinaryIO) -> http.Response:
    is_twilio = call.may_see_credentials(url)
    headers = call.credentials(settings, secrets) if is_twilio else {}
    try:
        return http.request(
            "GET",
            url,
            headers=headers,
            max_bytes=limit,
            total=_FETCH_SECONDS,
            into=into,
            is_company_url=not is_twilio,
        )
    except http.HttpFailure as error:
        raise SendError(errors.of_transport(error, is_send=False)) from None


def _mime(answer: http.Response, media: Media) -> str:
    said = text(answer.headers.get("content-type"), 120).split(";")[0].strip().lower()
    return said if "/" in said and said != "application/octet-stream" else media.mime


def _parties(settings: Values, message: OutboundMessage) -> dict[str, str]:
    sender, to = settings["from"], message.to.strip()
    _ensure(bool(to), FailureCode.NOT_REACHABLE, "nobody to send to")
    if addresses.is_whatsapp(sender) and ":" not in to:
        to = f"{addresses.WHATSAPP}:{to}"
    prefix, _, name = to.rpartition(":")
    if name.isdigit() and len(name) > 8:
        to = f"{prefix}:+{name}" if prefix else f"+{name}"
    return {"To": to, ("MessagingServiceSid" if addresses.is_service(sender) else "From"): sender}


def _content(settings: Values, message: OutboundMessage) -> dict[str, str]:
    _ensure(len(message.text) <= TEXT_LIMIT, FailureCode.CONTENT_REJECTED, "text is too long")
    if message.kind is MessageKind.TEXT:
        _ensure(bool(message.text), FailureCode.CONTENT_REJECTED, "text is empty")
        return {"Body": message.text}
    if message.kind is MessageKind.TEMPLATE and message.template is not None:
        template, values = message.template.template, message.template.values
        filled = {slot.name: values[slot.key] for slot in template.slots if values.get(slot.key)}
        variables = {"ContentVariables": json.dumps(filled, ensure_ascii=False)} if filled else {}
        return {"ContentSid": template.provider_id, **variables}
    is_whatsapp = message.to.startswith(f"{addresses.WHATSAPP}:") or addresses.is_whatsapp(settings["from"])
    if message.kind is MessageKind.LOCATION and message.location is not None and is_whatsapp:
        return _place(message.location)
    if message.kind not in _FILES or message.media is None:
        raise SendError(Failure(FailureCode.UNSUPPORTED, "", f"cannot send {message.kind} by Twilio"))
    _ensure(
        is_whatsapp or addresses.carries_mms(settings["from"]),
        FailureCode.UNSUPPORTED,
        "files by SMS exist in the United States, Canada and Australia only",
    )
    # What cannot be carried is said, not dropped.
    _ensure(
        not message.text or message.kind is not MessageKind.AUDIO or not is_whatsapp,
        FailureCode.UNSUPPORTED,
        "audio takes no caption",
    )
    _ensure(bool(message.media.url), FailureCode.MEDIA_REJECTED, "no address to fetch the file from")
    return {"MediaUrl": message.media.url, **({"Body": message.text} if message.text else {})}


def _place(place: Location) -> dict[str, str]:
    """twilio.com/docs/whatsapp/message-features: `geo:latitude,longitude|label`, the name as the body."""
    where = f"geo:{place.latitude:.6f},{place.longitude:.6f}"
    label = (place.address or place.name or "").replace("|", " ")
    body = place.name or place.address or f"{place.latitude:.6f}, {place.longitude:.6f}"
    return {"Body": body[:TEXT_LIMIT], "PersistentAction": f"{where}|{label}" if label else where}


def _callback(message: OutboundMessage) -> str:
    """Where receipts go. Twilio refuses the whole message (21609) when that is no public address."""
    url = message.webhook_url
    host = urlsplit(url).hostname or ""
    is_public = "." in host and not host.endswith(_LOCAL_ENDINGS) and not host.startswith("127.")
    is_official = urlsplit(get_settings().twilio_api_url).hostname == call.OFFICIAL
    if not host or (is_official and not is_public):
        return ""
    name = f"?{CALLBACK}={message.callback_data[:64]}" if message.callback_data else ""
    return f"{url}{name}{FRAGMENT}"


def _ensure(condition: bool, code: FailureCode, words: str) -> None:
    if not condition:
        raise SendError(Failure(code, "", words))
