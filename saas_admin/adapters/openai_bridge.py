"""OpenAI's package brings its own HTTP client; this lets it speak through ours, with its guard, its bounds of time and
size and without the environment's proxies."""

import json
from typing import Any

import httpx2
import openai

from saas_admin.adapters import http


class GuardedTransport(httpx2.BaseTransport):
    """One whole answer to each call, within the call's own time-out, no streams. What goes wrong on the way stays our
    `HttpFailure`."""

    def __init__(self, *, is_company_url: bool) -> None:
        self._is_company_url = is_company_url

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        content = request.read()
        headers = {name: value for name, value in request.headers.items() if name not in _OURS}
        answer = http.request(
            request.method,
            str(request.url),
            headers=headers,
            body=json.loads(content) if content else None,
            total=request.extensions["timeout"]["read"],
            is_company_url=self._is_company_url,
        )
        kept = [(name, value) for name, value in answer.headers.items() if name not in _DECODED]
        return httpx2.Response(answer.status, headers=kept, content=answer.content, request=request)


_OURS = {"host", "content-length", "content-type", "accept-encoding", "connection", "transfer-encoding"}
_DECODED = {"content-encoding", "content-length", "transfer-encoding"}
"""Of a body that our client has already unpacked."""


def client(*, is_company_url: bool) -> httpx2.Client:
    transport = GuardedTransport(is_company_url=is_company_url)
    return httpx2.Client(transport=transport, trust_env=False, follow_redirects=False)


def account(key: str, base_url: str, http_client: Any) -> openai.OpenAI:
    """The package as one account. What the machine's environment says of the operator's (organisation, project, headers of
    its own) is nobody else's to know. It does not retry.

    The package takes both generations of httpx as `http_client`; its types name the newer one.
    """
    said = openai.OpenAI(api_key=key, base_url=base_url, max_retries=0, http_client=http_client)
    said.organization = said.project = None
    # There is no public way to leave OPENAI_CUSTOM_HEADERS out; a test fails when this stops working.
    said._custom_headers = {}
    return said
