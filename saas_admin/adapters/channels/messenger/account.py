"""What a page or an Instagram account says of itself, its webhook subscription, and tokens that run out."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from saas_admin.adapters.channels.base import (
    CheckResult,
    Connected,
    Failure,
    FailureCode,
    Pace,
    Refreshed,
    Sender,
    SendError,
)
from saas_admin.adapters.channels.meta import asking, errors, graph, signing
from saas_admin.adapters.channels.meta.graph import CHECK_SECONDS
from saas_admin.adapters.channels.reading import mapping, number, optional, text

PAGE_FIELDS = (
    "messages",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_referrals",
    "messaging_handovers",
    "messaging_policy_enforcement",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "message_reads",
    "message_deliveries",
    "standby",
)
INSTAGRAM_FIELDS = (
    "messages",
    "messaging_postbacks",
    "messaging_seen",
    "messaging_referral",
    "message_reactions",
    "message_edit",
    "messaging_handover",
    "standby",
)
PACE = Pace(300.0, burst=10, media_per_second=10.0)
"""300 calls a second per page or account, 10 for sound and film (developers.facebook.com, Messenger rate limiting)."""

Values = Mapping[str, str]


def check_page(settings: Values, secrets: Values) -> CheckResult:
    """The page is there, the token is its own and not a person's, and the secret belongs to the token's app."""
    token, page = secrets.get("page_token", ""), settings["page_id"]
    proof = {"appsecret_proof": signing.proof(token, secrets.get("app_secret", ""))}
    try:
        found, refusal = _asked(page, "id,name,username", token, "page_id", "page_token", proof)
        if refusal:
            return refusal
        me, refusal = _asked("me", "id", token, "page_token", "page_token", proof)
        if refusal:
            return refusal
    except SendError as error:
        return CheckResult(False, error.failure)
    facts = _facts(found)
    if text(me.get("id"), 64) != page:
        words = "this token is not the page's own"
        return CheckResult(False, Failure(FailureCode.UNAUTHORISED, "not_the_page", words), facts, "page_token")
    return CheckResult(True, facts=facts)


def check_instagram(settings: Values, secrets: Values) -> CheckResult:
    """An Instagram login's token names its account; a page's token must be of the page the account is linked to."""
    token, account = secrets.get("access_token", ""), settings["ig_id"]
    try:
        if graph.is_instagram_token(token):
            found, refusal = _asked("me", "id,user_id,username,name", token, "ig_id", "access_token", {})
            ids = {text(found.get(key), 64) for key in ("id", "user_id")}
            return refusal or _of_account(account, ids, _facts(found))
        proof = {"appsecret_proof": signing.proof(token, secrets.get("app_secret", ""))}
        found, refusal = _asked(account, "id,username,name", token, "ig_id", "access_token", proof)
        if refusal:
            return refusal
        fields = "id,name,instagram_business_account"
        page, refusal = _asked("me", fields, token, "access_token", "access_token", proof)
        if refusal:
            return refusal
    except SendError as error:
        return CheckResult(False, error.failure)
    linked = text(mapping(page.get("instagram_business_account")).get("id"), 64)
    facts = _facts(found)
    if page_name := text(page.get("name"), 200):
        facts["page_name"] = page_name
    return _of_account(account, {linked}, facts)


def profile(token: str, person: str, fields: str) -> Sender | None:
    """The name behind a page- or account-scoped id (User Profile API); some people give none."""
    if not re.fullmatch(r"[0-9]{5,25}", person):
        return None
    found = mapping(graph.call("GET", person, token, params={"fields": fields}, total=CHECK_SECONDS).json())
    parts = [text(found.get(name), 60).strip() for name in ("first_name", "last_name")]
    name = optional(found.get("name"), 120) or " ".join(part for part in parts if part)
    username = optional(found.get("username"), 100)
    return Sender(person, name=name or username, username=username) if name or username else None


def connect(path: str, token: str, fields: tuple[str, ...]) -> Connected:
    """Have the app told of this page's conversations. Where to is set once per app, in Meta's panel: it is copied."""
    try:
        subscribed = ",".join(fields)
        graph.call("POST", f"{path}/subscribed_apps", token, params={"subscribed_fields": subscribed})
    except SendError as error:
        return Connected(False, error.failure)
    return Connected(False, facts={"subscribed": "true"})


def disconnect(path: str, token: str) -> None:
    graph.call("DELETE", f"{path}/subscribed_apps", token, total=CHECK_SECONDS)


def refresh_instagram(token: str) -> Refreshed | None:
    """Tokens of an Instagram login live 60 days and are traded for fresh ones; a page's token does not run out."""
    if not graph.is_instagram_token(token):
        return None
    params = {"grant_type": "ig_refresh_token", "access_token": token}
    # The one call without a version in its address.
    url = f"{graph.base_url(token)}/refresh_access_token"
    answer = graph.fetch("GET", url, params=params, headers=graph.bearer(token), total=CHECK_SECONDS)
    failure = errors.of_answer(answer)
    if failure is not None:
        raise SendError(failure)
    found = mapping(answer.json())
    fresh, seconds = optional(found.get("access_token"), 1024), number(found.get("expires_in"))
    if fresh is None or seconds is None or not 0 < seconds < 10**9:
        raise SendError(Failure(FailureCode.PROVIDER_DOWN, f"http {answer.status}", "an answer without a token"))
    return Refreshed({"access_token": fresh}, datetime.now(UTC) + timedelta(seconds=seconds))


def _asked(
    path: str, fields: str, token: str, asked: str, token_field: str, more: dict[str, str]
) -> tuple[dict[str, Any], CheckResult | None]:
    answer = graph.ask("GET", path, token, params={"fields": fields, **more}, total=CHECK_SECONDS)
    failure = errors.of_answer(answer)
    if failure is not None:
        return {}, asking.refused(answer, failure, asked, token_field)
    return mapping(answer.json()), None


def _of_account(account: str, ids: set[str], facts: dict[str, str]) -> CheckResult:
    if account in ids:
        return CheckResult(True, facts=facts)
    words = "this token is not of this Instagram account"
    return CheckResult(False, Failure(FailureCode.REJECTED, "not_the_account", words), facts, "ig_id")


def _facts(found: dict[str, Any]) -> dict[str, str]:
    return {name: value for name in ("name", "username") if (value := text(found.get(name), 200))}
