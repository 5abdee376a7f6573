"""Calls to Meta's Graph API. There is no idempotency key: in doubt the outcome is unknown, nothing is sent again."""

import re
from typing import Any
from urllib.parse import urlsplit

from saas_admin.adapters import http
from saas_admin.adapters.channels.base import Failure, FailureCode, SendError
from saas_admin.adapters.channels.meta import errors
from saas_admin.core.config import get_settings

CHECK_SECONDS = 10.0
"""Asked on the side: nobody's message waits for the answer."""
UPLOAD_SECONDS = 120.0

_META_HOSTS = (".facebook.com", ".fbsbx.com", ".whatsapp.net", ".fbcdn.net")
_FACEBOOK = "https://graph.facebook.com"
_INSTAGRAM = "https://graph.instagram.com"
_INSTAGRAM_TOKEN = "IGA"  # noqa: S105 (how such a token begins)


def call(method: str, path: str, token: str, *, is_send: bool = False, **options: Any) -> http.Response:
    """One request whose answer tells of no failure. Raises SendError."""
    answer = ask(method, path, token, is_send=is_send, **options)
    failure = errors.of_answer(answer)
    if failure is not None:
        raise SendError(failure)
    return answer


def ask(method: str, path: str, token: str, *, is_send: bool = False, **options: Any) -> http.Response:
    """One request, whatever its answer says. Raises SendError when there is no answer.

    `is_send`: the request itself is the message, so a silence after it leaves the outcome open.
    """
    url = f"{base_url(token)}/{get_settings().meta_graph_version}/{path}"
    return fetch(method, url, is_send=is_send, headers=bearer(token), **options)


def fetch(method: str, url: str, *, is_send: bool = False, **options: Any) -> http.Response:
    try:
        return http.request(method, url, **options)
    except http.HttpFailure as error:
        raise SendError(errors.of_transport(error, is_send=is_send)) from None


def base_url(token: str) -> str:
    """Tokens of an Instagram login (`IGAA…`) have a host of their own; a setting that leads elsewhere takes both."""
    found = get_settings().meta_graph_url.rstrip("/")
    return _INSTAGRAM if found == _FACEBOOK and is_instagram_token(token) else found


def is_instagram_token(token: str) -> bool:
    return token.startswith(_INSTAGRAM_TOKEN)


def bearer(token: str) -> dict[str, str]:
    ensure(bool(token) and token.isascii() and token.isprintable(), FailureCode.UNAUTHORISED, "no usable access token")
    return {"authorization": f"Bearer {token}"}


def segment(provider_id: str) -> str:
    """An id that is safe inside a path."""
    ensure(re.fullmatch(r"[A-Za-z0-9._-]+", provider_id) is not None, FailureCode.MEDIA_REJECTED, "not a media id")
    return provider_id


def may_see_token(url: str) -> bool:
    """The token goes to Meta only, whatever address a webhook or an answer names."""
    try:
        asked, graph = urlsplit(url), urlsplit(get_settings().meta_graph_url)
        if (asked.scheme, asked.hostname, asked.port) == (graph.scheme, graph.hostname, graph.port):
            return True
        return asked.scheme == "https" and f".{asked.hostname or ''}".endswith(_META_HOSTS)
    except ValueError:
        return False


def ensure(condition: bool, code: FailureCode, words: str) -> None:
    if not condition:
        raise SendError(Failure(code, "", words))
