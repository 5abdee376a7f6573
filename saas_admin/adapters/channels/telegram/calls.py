"""One call to the Bot API. The token is a part of the address: no error, log line or exchange may repeat an address."""

import json
import re
from collections.abc import Mapping
from typing import Any, BinaryIO

from saas_admin.adapters import http
from saas_admin.adapters.channels.base import Failure, FailureCode, SendError
from saas_admin.adapters.channels.reading import mapping
from saas_admin.adapters.channels.telegram import errors
from saas_admin.core.config import get_settings

TOKEN = r"\d{5,20}:[A-Za-z0-9_-]{30,}"  # noqa: S105 (its shape)
SIDE_SECONDS = 10.0
"""Asked on the side: nobody's message waits for the answer."""

Values = Mapping[str, str]
Files = Mapping[str, tuple[str, BinaryIO, str]]


def call(
    method: str,
    secrets: Values,
    parameters: Mapping[str, Any],
    *,
    files: Files | None = None,
    is_send: bool = False,
    total: float | None = None,
) -> Any:
    """The `result` of a call. Raises SendError."""
    return result(ask(method, secrets, parameters, files=files, is_send=is_send, total=total))


def ask(
    method: str,
    secrets: Values,
    parameters: Mapping[str, Any],
    *,
    files: Files | None = None,
    is_send: bool = False,
    total: float | None = None,
) -> http.Response:
    """As JSON, or as a form when files go along: there nested parameters are JSON inside a field."""
    options: dict[str, Any] = {"body": dict(parameters)}
    if files:
        written = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
        options = {"form": written, "files": files}
    try:
        return http.request("POST", f"{_base()}/bot{_token(secrets)}/{method}", total=total, **options)
    except http.HttpFailure as error:
        raise SendError(_hidden(errors.of_transport(error, is_send=is_send), secrets)) from None


def download(path: str, secrets: Values, limit: int, into: BinaryIO, total: float) -> http.Response:
    try:
        url = f"{_base()}/file/bot{_token(secrets)}/{path}"
        return http.request("GET", url, max_bytes=limit, total=total, into=into)
    except http.HttpFailure as error:
        raise SendError(_hidden(errors.of_transport(error, is_send=False), secrets)) from None


def result(answer: http.Response) -> Any:
    failure = errors.of_answer(answer)
    if failure is not None:
        raise SendError(failure)
    return mapping(answer.json()).get("result")


def _token(secrets: Values) -> str:
    token = secrets.get("bot_token", "")
    if not re.fullmatch(TOKEN, token, re.ASCII):
        raise SendError(Failure(FailureCode.UNAUTHORISED, "", "no usable bot token"))
    return token


def _hidden(failure: Failure, secrets: Values) -> Failure:
    words = http.redact(failure.provider_text, [secrets.get("bot_token", "")])
    return Failure(failure.code, failure.provider_code, words, failure.retry_after)


def _base() -> str:
    return get_settings().telegram_api_url.rstrip("/")
