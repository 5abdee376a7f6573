"""One request to Twilio. There is no idempotency key: in doubt the outcome is unknown, nothing is sent again."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from saas_admin.adapters import http
from saas_admin.adapters.channels.base import Failure, FailureCode, SendError
from saas_admin.adapters.channels.reading import items, mapping, text
from saas_admin.adapters.channels.twilio import errors
from saas_admin.core.config import get_settings

OFFICIAL = "api.twilio.com"
MOST_PAGES = 60
CHECK_SECONDS = 10.0
"""Asked on the side: nobody's message waits for the answer."""

Values = Mapping[str, str]


def account_path(settings: Values, rest: str) -> str:
    return f"/2010-04-01/Accounts/{settings['account_sid']}{rest}.json"


def call(method: str, path: str, settings: Values, secrets: Values, *, is_send: bool = False, **options: Any) -> Any:
    """The JSON of a success (None when it is none). Raises SendError."""
    answer = ask(method, path, settings, secrets, is_send=is_send, **options)
    failure = refusal(answer, secrets)
    if failure is not None:
        raise SendError(failure)
    return answer.json()


def refusal(answer: http.Response, secrets: Values) -> Failure | None:
    """What was refused, without our secrets: a token of Twilio's has no shape of its own to know it by."""
    failure = errors.of_answer(answer)
    if failure is None:
        return None
    return replace(failure, provider_text=http.redact(failure.provider_text, secrets.values()))


def ask(
    method: str,
    path: str,
    settings: Values,
    secrets: Values,
    *,
    product: str = "api",
    is_send: bool = False,
    **options: Any,
) -> http.Response:
    """Whatever is answered. `product`: the host's first part (`content`, `messaging`). Raises SendError without one."""
    try:
        return http.request(method, base_url(product) + path, headers=credentials(settings, secrets), **options)
    except http.HttpFailure as error:
        raise SendError(errors.of_transport(error, is_send=is_send)) from None


def pages(path: str, settings: Values, secrets: Values, *, product: str, key: str) -> Iterator[dict[str, Any]]:
    """The rows of a list, page after page. Of the next page's address only the path is used. Raises SendError."""
    for _ in range(MOST_PAGES):
        said = mapping(call("GET", path, settings, secrets, product=product, total=CHECK_SECONDS))
        yield from (mapping(row) for row in items(said.get(key)))
        parts = urlsplit(text(mapping(said.get("meta")).get("next_page_url"), 2000))
        if not parts.path.startswith("/"):
            return
        path = f"{parts.path}?{parts.query}"


def base_url(product: str) -> str:
    """Twilio has a host per product; a server that stands in for it has one for all."""
    asked = get_settings().twilio_api_url.rstrip("/")
    return asked.replace(OFFICIAL, f"{product}.twilio.com", 1) if urlsplit(asked).hostname == OFFICIAL else asked


def credentials(settings: Values, secrets: Values) -> dict[str, str]:
    """The API key where there is one, else the account with its token: HTTP basic."""
    key = settings.get("api_key_sid", "")
    name, word = (settings["account_sid"], secrets.get("auth_token", ""))
    if key:
        name, word = key, secrets.get("api_key_secret", "")
    if not word:
        raise SendError(Failure(FailureCode.UNAUTHORISED, "", "no usable key"))
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{word}".encode()).decode()}


def may_see_credentials(url: str) -> bool:
    """They go to Twilio only, whatever address a webhook or an answer names."""
    try:
        asked, api = urlsplit(url), urlsplit(get_settings().twilio_api_url)
        if (asked.scheme, asked.hostname, asked.port) == (api.scheme, api.hostname, api.port):
            return True
        return asked.scheme == "https" and f".{asked.hostname or ''}".endswith(".twilio.com")
    except ValueError:
        return False
