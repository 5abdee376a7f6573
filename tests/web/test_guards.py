"""What every answer carries, and what nobody reaches."""

import asyncio
import base64
import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from saas_admin.platform import frontend
from saas_admin.web import csp
from saas_admin.web.guards import BODY_LIMIT, UPLOAD_LIMIT, Guards


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "build" / "client" / "login"
    page.mkdir(parents=True)
    (page / "index.html").write_text('<html><script src="/boot.js"></script><script>ours()</script></html>')
    monkeypatch.setattr(frontend, "served_from", lambda _settings: tmp_path)
    csp.policy.cache_clear()
    yield
    csp.policy.cache_clear()


def ask(path: str, answer: Any, **request: Any) -> httpx.Response:
    async def run() -> httpx.Response:
        guards = Guards(answer, PlainTextResponse("hook"))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guards), base_url="http://localhost:8080") as client:
            return await client.request(request.pop("method", "GET"), path, **request)

    return asyncio.run(run())


def test_a_page_runs_only_our_scripts_and_those_the_build_wrote():
    rules = dict(
        rule.split(" ", 1) for rule in ask("/login", HTMLResponse("x")).headers["content-security-policy"].split("; ")
    )
    digest = base64.b64encode(hashlib.sha256(b"ours()").digest()).decode()
    assert rules["script-src"] == f"'self' 'sha256-{digest}'"
    assert (rules["frame-ancestors"], rules["object-src"], rules["base-uri"]) == ("'none'", "'none'", "'none'")
    assert "ws://localhost:8080" in rules["connect-src"].split()


def test_what_is_no_page_can_do_nothing():
    headers = ask("/auth/x", JSONResponse({})).headers
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in headers


def test_a_page_that_did_not_change_keeps_the_policy_it_was_kept_with():
    """Chromium takes the headers of a 304 for the page in its cache."""
    assert "content-security-policy" not in ask("/login", Response(status_code=304)).headers


def test_a_route_that_has_a_policy_of_its_own_keeps_it():
    own = HTMLResponse("x", headers={"Content-Security-Policy": "sandbox"})
    assert ask("/media/1", own).headers.get_list("content-security-policy") == ["sandbox"]
    assert "x-frame-options" not in ask("/widget/app/1", own).headers


@pytest.mark.parametrize("path", ["/_all_routes", "/_health", "/_upload", "/_upload/x", "/auth-codespace"])
def test_what_the_framework_opens_by_itself_is_closed(path: str):
    assert ask(path, PlainTextResponse("open")).status_code == 404


def test_a_body_that_says_it_is_too_large_is_not_read():
    length = {"content-length": str(BODY_LIMIT + 1)}
    assert ask("/anything", PlainTextResponse("read"), method="POST", headers=length).status_code == 413


@pytest.mark.parametrize(
    ("path", "declared", "status"),
    [("/media", BODY_LIMIT + 1, 200), ("/media", UPLOAD_LIMIT + 1, 413), ("/media/x", BODY_LIMIT + 1, 413)],
)
def test_only_an_upload_may_be_larger_and_is_bounded_too(path: str, declared: int, status: int):
    length = {"content-length": str(declared)}
    assert ask(path, PlainTextResponse("read"), method="POST", headers=length).status_code == status
