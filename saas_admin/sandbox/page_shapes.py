"""What the Send API takes, written from Meta's documentation and nothing else."""

from typing import Any, cast

from saas_admin.sandbox.graph import GraphError
from saas_admin.sandbox.page_world import Account

_PAGE_FIELDS = (
    "messages messaging_postbacks messaging_optins messaging_referrals messaging_handovers messaging_account_linking "
    "messaging_policy_enforcement message_echoes message_edits message_reactions message_reads message_deliveries "
    "standby feed"
)
_INSTAGRAM_FIELDS = (
    "messages messaging_postbacks messaging_seen messaging_referral messaging_handover messaging_optins "
    "message_reactions message_edit standby comments live_comments story_insights"
)
_MESSAGE_KEYS = {"text", "attachment", "quick_replies", "metadata"}


def known_fields(kind: str) -> set[str]:
    return set((_PAGE_FIELDS if kind == "messenger" else _INSTAGRAM_FIELDS).split())


def checked(account: Account, body: dict[str, Any]) -> dict[str, Any]:
    """Text, attachments and quick replies of a message that may leave. Raises GraphError as Meta answers."""
    _check_type(body)
    message = body.get("message")
    if not isinstance(message, dict):
        raise GraphError(100, "(#100) Must provide message or sender_action")
    said = cast(dict[str, Any], message)
    allowed = _MESSAGE_KEYS - ({"metadata"} if account.token.startswith("IGAA") else set())
    if unknown := set(said) - allowed:
        raise GraphError(100, f'(#100) Invalid keys "{", ".join(sorted(unknown))}" were found in param "message".')
    if len(str(said.get("metadata", ""))) > 1000:
        raise GraphError(100, "(#100) Length of param message[metadata] must be less than or equal to 1000")
    attachment = said.get("attachment")
    if ("text" in said) == isinstance(attachment, dict):
        raise GraphError(100, "(#100) Message must have either text or attachment")
    if isinstance(attachment, dict):
        return {"attachments": [_attachment(account, cast(dict[str, Any], attachment))]}
    text = said["text"]
    is_page = account.kind == "messenger"
    length = len(text) if is_page else len(str(text).encode())
    most = 2000 if is_page else 1000
    if not isinstance(text, str) or not 1 <= length <= most:
        raise GraphError(100, f"(#100) Length of param message[text] must be less than or equal to {most}")
    return {"text": text, "quick_replies": _quick_replies(said.get("quick_replies"))}


def _check_type(body: dict[str, Any]) -> None:
    kind = body.get("messaging_type", "RESPONSE")
    if kind not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
        raise GraphError(100, "(#100) Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}")
    # The three other tags are gone since 27 April 2026.
    if (kind == "MESSAGE_TAG") != (body.get("tag") is not None) or body.get("tag") not in (None, "HUMAN_AGENT"):
        raise GraphError(100, "(#100) Invalid parameter")


def _quick_replies(said: Any) -> list[dict[str, Any]]:
    if said is None:
        return []
    if not isinstance(said, list) or not 1 <= len(cast(list[Any], said)) <= 13:
        raise GraphError(100, "(#100) Param message[quick_replies] must have 1 to 13 elements")
    rows = cast(list[dict[str, Any]], said)
    for row in rows:
        if row.get("content_type") != "text" or not row.get("title") or not row.get("payload"):
            raise GraphError(100, "(#100) Param message[quick_replies][title] is required")
        if len(row["title"]) > 20 or len(row["payload"]) > 1000:
            raise GraphError(100, "(#100) Param message[quick_replies] is too long")
    return rows


def _attachment(account: Account, said: dict[str, Any]) -> dict[str, Any]:
    kind, payload = said.get("type"), said.get("payload")
    if not isinstance(payload, dict) or kind not in ("image", "video", "audio", "file", "template"):
        raise GraphError(
            100, "(#100) Param message[attachment][type] must be one of {AUDIO, FILE, IMAGE, TEMPLATE, VIDEO}"
        )
    found = cast(dict[str, Any], payload)
    if kind == "template":
        buttons = found.get("buttons")
        if found.get("template_type") != "button" or not isinstance(buttons, list):
            raise GraphError(100, "(#100) Unknown template")
        rows = cast(list[dict[str, Any]], buttons)
        is_good = 1 <= len(rows) <= 3 and 1 <= len(str(found.get("text", ""))) <= 640
        if not is_good or any(row.get("type") not in ("web_url", "postback") for row in rows):
            raise GraphError(100, "(#100) Invalid button template")
        if any(row["type"] == "web_url" and not str(row.get("url", "")).startswith("http") for row in rows):
            raise GraphError(100, "(#100) URL is not valid")
        if any(not 1 <= len(str(row.get("title", ""))) <= 20 for row in rows):
            raise GraphError(100, "(#100) Button title is too long")
    elif not found.get("attachment_id") and not str(found.get("url", "")).startswith("http"):
        raise GraphError(100, "(#100) Param message[attachment][payload] needs a url", 400, subcode=2018008)
    del account
    return {"type": kind, "payload": found}
