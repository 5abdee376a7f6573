"""Telegram's refusals in our closed list: by `error_code`, then by the words of `description`, which is all there is.

https://core.telegram.org/bots/api#making-requests and #responseparameters.
"""

from typing import Any

from saas_admin.adapters.channels.base import Failure, FailureCode
from saas_admin.adapters.channels.reading import mapping, number, text
from saas_admin.adapters.http import HttpFailure, Response, redact

LONGEST_WAIT = 86_400.0
_WORDS: tuple[tuple[FailureCode, tuple[str, ...]], ...] = (
    (FailureCode.OPTED_OUT, ("bot was blocked by the user",)),
    (
        FailureCode.NOT_REACHABLE,
        (
            "chat not found",
            "user not found",
            "user is deactivated",
            "input_user_deactivated",
            "peer_id_invalid",
            "group chat was",
            "bot was kicked",
            "bot is not a member",
            "bot can't initiate",
            "bot can't send messages to bots",
            "have no rights to send",
            "not enough rights",
            "chat_write_forbidden",
            "chat_restricted",
            "topic_closed",
            "business connection",
            "business_connection",
            "business_peer",
        ),
    ),
    (
        FailureCode.MEDIA_REJECTED,
        (
            "file",
            "photo_",
            "video_",
            "audio_",
            "media_",
            "image_",
            "voice_messages_forbidden",
            "wrong type of the web page content",
            "failed to get http url content",
            "request entity too large",
        ),
    ),
    (
        FailureCode.CONTENT_REJECTED,
        (
            "message is too long",
            "message_too_long",
            "text is empty",
            "text must be",
            "caption is too long",
            "caption_too_long",
            "can't parse",
            "button",
            "keyboard",
            "url",
            "entity",
            "to be replied not found",
            "latitude",
            "longitude",
        ),
    ),
)


def of_answer(answer: Response) -> Failure | None:
    """The failure an answer tells of; None when `ok` is true."""
    said = mapping(answer.json())
    if said.get("ok") is True and answer.is_success:
        return None
    wait = _wait(said, answer)
    if "ok" not in said and "error_code" not in said:
        # A proxy or the edge spoke, and the status is all there is. A success that says nothing is for the caller to judge.
        return None if answer.is_success else Failure(_of_status(answer.status), f"http {answer.status}", "", wait)
    code = number(said.get("error_code"))
    status = int(code) if code is not None else (429 if wait else answer.status)
    words = text(said.get("description"), 300)
    return Failure(_of(status, words.lower(), said), str(status), redact(words), wait)


def new_chat(answer: Response) -> int | None:
    """Where the chat has moved: a group that became a supergroup has another number, and nothing was sent to the old one."""
    moved = mapping(mapping(answer.json()).get("parameters")).get("migrate_to_chat_id")
    return moved if isinstance(moved, int) and not isinstance(moved, bool) else None


def of_transport(failure: HttpFailure, *, is_send: bool) -> Failure:
    """`is_send`: the request itself was the message, so an answer that never came leaves the outcome open."""
    if failure.code in ("forbidden_host", "bad_url"):
        return Failure(FailureCode.REJECTED, failure.code, str(failure))
    if failure.was_written and is_send:
        return Failure(FailureCode.OUTCOME_UNKNOWN, failure.code, str(failure))
    if failure.code == "too_large":
        return Failure(FailureCode.MEDIA_REJECTED, failure.code, str(failure))
    code = FailureCode.TIMEOUT_BEFORE if failure.code == "timeout" else FailureCode.PROVIDER_DOWN
    return Failure(code, failure.code, str(failure))


def _of(status: int, words: str, said: dict[str, Any]) -> FailureCode:
    if status in (400, 403, 413):
        if mapping(said.get("parameters")).get("migrate_to_chat_id") is not None:
            return FailureCode.NOT_REACHABLE
        found = next((code for code, known in _WORDS if any(word in words for word in known)), None)
        # All 403s are about the chat: whoever is there cannot be written to.
        return found or {400: FailureCode.REJECTED, 403: FailureCode.NOT_REACHABLE}.get(
            status, FailureCode.MEDIA_REJECTED
        )
    return _of_status(status)


def _of_status(status: int) -> FailureCode:
    if status == 429:
        return FailureCode.THROTTLED
    # A token that was revoked gives 401, one that never was 404.
    if status in (401, 404):
        return FailureCode.UNAUTHORISED
    if status == 403:
        return FailureCode.NOT_REACHABLE
    if status == 413:
        return FailureCode.MEDIA_REJECTED
    if status == 504:
        # The edge waited for the inside and gave up: the message may have gone.
        return FailureCode.OUTCOME_UNKNOWN
    return FailureCode.PROVIDER_DOWN if status >= 500 else FailureCode.REJECTED


def _wait(said: dict[str, Any], answer: Response) -> float | None:
    asked = number(mapping(said.get("parameters")).get("retry_after"))
    seconds = asked if asked is not None else number(answer.headers.get("retry-after"))
    return min(seconds, LONGEST_WAIT) if seconds is not None and seconds > 0 else None
