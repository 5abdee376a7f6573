"""OpenAI's package brings its own HTTP client; this lets it speak through ours, with its guard, its bounds of time and
size and without the environment's proxies."""

import json

import httpx2

from saas_admin.adapters import http


class GuardedTransport(httpx2.BaseTransport):
    """One whole answer to each call, within the call's own time-out, no streams. What goes wrong on the way stays our
    `HttpFailure`."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        content = request.read()
        headers = {name: value for name, value in request.headers.items() if name not in _OURS}
        answer = http.request(
            request.method,
            str(request.url),
            headers=headers,
            body=json.loads(content) if content else None,
            total=request.extensions["timeout"]["read"],
            is_company_url=True,
        )
        kept = [(name, value) for name, value in answer.headers.items() if name not in _DECODED]
        return httpx2.Response(answer.status, headers=kept, content=answer.content, request=request)


_OURS = {"host", "content-length", "content-type", "accept-encoding", "connection", "transfer-encoding"}
_DECODED = {"content-encoding", "content-length", "transfer-encoding"}
"""Of a body that our client has already unpacked."""


def client() -> httpx2.Client:
    return httpx2.Client(transport=GuardedTransport(), trust_env=False, follow_redirects=False)
