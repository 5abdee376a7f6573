"""What a failed call means: the words of OpenAI and of those who speak like it, as one closed list."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import openai

from saas_admin.adapters.http import ForbiddenHost, redact
from saas_admin.adapters.llm.base import LlmError, LlmTrouble

_QUOTA = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "credit")
_LENGTH = ("context_length_exceeded", "context length", "context size", "maximum context", "too many tokens")
_CONTENT = ("content_policy", "content_filter", "content management policy", "safety", "moderation", "flagged")
_MODEL = ("model_not_found", "invalid_model", "unknown model")
_PLAIN = (401, 402, 408, 413, 429)
"""What these say needs no words."""
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def judge(error: Exception, key: str) -> LlmError:
    """The trouble behind an exception of the package or of HTTP below it."""
    if isinstance(error, LlmError):
        return error
    if isinstance(error, openai.APIStatusError):
        return _of_status(error, key)
    if _stems_from(error, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        # Nothing was written to it, so that nothing has to be paid.
        return LlmError(LlmTrouble.UNREACHABLE, "no_connection")
    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        return LlmError(LlmTrouble.TIMEOUT)
    if isinstance(error, openai.APIConnectionError | httpx.HTTPError | httpx.InvalidURL):
        detail = "forbidden_host" if _stems_from(error, (ForbiddenHost,)) else redact(str(error), (key,))
        return LlmError(LlmTrouble.UNREACHABLE, detail)
    if isinstance(error, openai.APIError):
        # An error in the middle of a stream has no status of its own.
        return LlmError(_of_words(None, _words(error.body, error.message)), redact(error.message, (key,)))
    return LlmError(LlmTrouble.BROKEN_OUTPUT, redact(f"{type(error).__name__}: {error}", (key,)))


def wait_of(headers: Mapping[str, str]) -> float | None:
    """Seconds the provider asks to wait, or None. `retry-after` wins over when its counters are full again."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    said = headers.get("retry-after")
    if said is not None:
        return _number(said) if _number(said) is not None else _until(said)
    emptied = [
        _span(headers.get(f"x-ratelimit-reset-{what}", ""))
        for what in ("requests", "tokens")
        if headers.get(f"x-ratelimit-remaining-{what}", "0") == "0"
    ]
    return max((span for span in emptied if span is not None), default=None)


def _of_status(error: openai.APIStatusError, key: str) -> LlmError:
    words = _words(error.body, error.message)
    return LlmError(
        _of_words(error.status_code, words),
        redact(f"{error.status_code} {error.message}", (key,)),
        retry_after=wait_of(error.response.headers) if error.status_code in (429, 503) else None,
    )


def _of_words(status: int | None, words: str) -> LlmTrouble:
    # Before the key: some routers say 403 to what a customer wrote, and that condemns nobody's key.
    if status not in _PLAIN and (status is None or status < 500) and _says(words, _CONTENT):
        return LlmTrouble.CONTENT_REFUSED
    if status == 403 and _says(words, _MODEL):
        return LlmTrouble.MODEL_UNKNOWN
    by_status = {
        401: LlmTrouble.REFUSED_KEY,
        402: LlmTrouble.NO_QUOTA,
        403: LlmTrouble.REFUSED_KEY,
        408: LlmTrouble.TIMEOUT,
        413: LlmTrouble.TOO_LONG,
    }
    if status in by_status:
        return by_status[status]
    if status == 429 or (status is None and "rate_limit" in words):
        return LlmTrouble.NO_QUOTA if _says(words, _QUOTA) else LlmTrouble.THROTTLED
    if status is None or status >= 500:
        return LlmTrouble.SERVER_ERROR
    for phrases, trouble in ((_LENGTH, LlmTrouble.TOO_LONG), (_MODEL, LlmTrouble.MODEL_UNKNOWN)):
        if _says(words, phrases):
            return trouble
    if status == 404 and "model" in words:
        return LlmTrouble.MODEL_UNKNOWN
    return LlmTrouble.BAD_REQUEST


def _says(words: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in words for phrase in phrases)


def _words(body: Any, message: str) -> str:
    said = [body.get(name) for name in ("code", "type", "message")] if isinstance(body, dict) else []
    return " ".join(str(part) for part in (*said, message) if part).lower()


def _stems_from(error: BaseException | None, kinds: tuple[type[Exception], ...]) -> bool:
    while error is not None:
        if isinstance(error, kinds):
            return True
        error = error.__cause__ or error.__context__
    return False


def _number(text: str | None) -> float | None:
    try:
        return max(0.0, float(text)) if text is not None else None
    except ValueError:
        return None


def _until(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else None


def _span(text: str) -> float | None:
    """`6m0s`, `250ms`, `1.5s`."""
    parts = _SPAN.findall(text)
    return sum(float(number) * _SECONDS[unit] for number, unit in parts) if parts else None
