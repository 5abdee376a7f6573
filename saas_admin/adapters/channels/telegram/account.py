"""The bot itself: whether its token works, where its webhook leads, and its files."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from saas_admin.adapters.channels.base import (
    MEGABYTE,
    CheckResult,
    Connected,
    Failure,
    FailureCode,
    FetchedMedia,
    Media,
    SendError,
)
from saas_admin.adapters.channels.reading import mapping, number, optional, text
from saas_admin.adapters.channels.telegram import calls, errors

UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    # Never sent unless asked for by name.
    "message_reaction",
    "my_chat_member",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
)
CONNECTIONS = 40
"""Telegram's own default; each update is its own call, and the door answers them side by side."""
DOWNLOAD_BYTES = 20 * MEGABYTE
"""What a bot may fetch (getFile)."""
_DOWNLOAD_SECONDS = 120.0
_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")

Values = Mapping[str, str]


def check(secrets: Values) -> CheckResult:
    """Who the token is (getMe), and how its webhook fares."""
    try:
        me = mapping(calls.call("getMe", secrets, {}, total=calls.SIDE_SECONDS))
    except SendError as error:
        is_token = error.failure.code is FailureCode.UNAUTHORISED
        return CheckResult(False, error.failure, field="bot_token" if is_token else None)
    if me.get("is_bot") is not True or not text(me.get("id"), 40):
        return CheckResult(False, Failure(FailureCode.REJECTED, "", "an answer that names no bot"))
    facts = {"username": text(me.get("username"), 64), "name": text(me.get("first_name"), 128)}
    try:
        facts |= _webhook(secrets)
    except SendError:
        # The token works; how the webhook fares is told another time.
        return CheckResult(True, facts=facts)
    return CheckResult(True, facts=facts)


def connect(secrets: Values, webhook_url: str) -> Connected:
    """Telegram takes https on the ports 443, 80, 88 and 8443; one webhook per bot, ours takes the place of another."""
    parameters: dict[str, Any] = {
        "url": webhook_url,
        "secret_token": secrets.get("webhook_secret", ""),
        "allowed_updates": list(UPDATES),
        "max_connections": CONNECTIONS,
    }
    try:
        if not parameters["secret_token"]:
            raise SendError(Failure(FailureCode.REJECTED, "", "no webhook secret"))
        calls.call("setWebhook", secrets, parameters, total=calls.SIDE_SECONDS)
    except SendError as error:
        return Connected(False, error.failure)
    return Connected(True, facts={"webhook_url": webhook_url, "webhook_error": ""})


def disconnect(secrets: Values, webhook_url: str) -> None:
    """Take our webhook away; one that leads elsewhere by now belongs to somebody else."""
    if _webhook(secrets)["webhook_url"] == webhook_url:
        calls.call("deleteWebhook", secrets, {}, total=calls.SIDE_SECONDS)


def fetch_media(secrets: Values, media: Media, limit: int, into: BinaryIO) -> FetchedMedia:
    """A file's id gives a path that lives an hour; the address of the bytes has the token in it."""
    found = mapping(calls.call("getFile", secrets, {"file_id": media.provider_id or ""}))
    path, size = text(found.get("file_path"), 500), number(found.get("file_size")) or 0
    if not _PATH.fullmatch(path):
        raise SendError(Failure(FailureCode.MEDIA_REJECTED, "", "no path to fetch the file from"))
    most = min(limit, DOWNLOAD_BYTES)
    if size > most:
        raise SendError(Failure(FailureCode.MEDIA_REJECTED, "too_large", f"the file has more than {most} bytes"))
    answer = calls.download(path, secrets, most, into, _DOWNLOAD_SECONDS)
    if not answer.is_success:
        failure = errors.of_answer(answer) or Failure(FailureCode.PROVIDER_DOWN, f"http {answer.status}")
        if answer.status in (400, 404, 410):
            failure = Failure(FailureCode.MEDIA_REJECTED, failure.provider_code, "the file is gone")
        raise SendError(failure)
    # Photos and voice notes have no name of their own.
    return FetchedMedia(media.mime, media.filename or PurePosixPath(path).name)


def _webhook(secrets: Values) -> dict[str, str]:
    found = mapping(calls.call("getWebhookInfo", secrets, {}, total=calls.SIDE_SECONDS))
    return {
        "webhook_url": text(found.get("url"), 500),
        "pending_updates": text(found.get("pending_update_count"), 20),
        "webhook_error": optional(found.get("last_error_message"), 300) or "",
        "webhook_error_at": text(found.get("last_error_date"), 20),
    }
