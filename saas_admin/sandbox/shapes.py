"""What Meta lets through of interactive messages and places, written from its documentation and nothing else."""

from typing import Any

Refusal = tuple[int, str, int, str]


def refusal(kind: str, content: dict[str, Any]) -> Refusal | None:
    """Code, message, status and details of an error; None for what is in order."""
    if kind == "location":
        return None if "latitude" in content and "longitude" in content else _missing("location.latitude")
    if kind != "interactive":
        return None
    shape, action = content.get("type"), content.get("action")
    body = content.get("body")
    if not isinstance(action, dict) or not isinstance(body, dict) or not body.get("text"):
        return _missing("interactive.body and interactive.action")
    most = 4096 if shape == "list" else 1024
    if len(str(body["text"])) > most:
        return _invalid(f"Body text length invalid. Min length: 1, Max length: {most}")
    checks = {"button": _buttons, "list": _list, "cta_url": _link}
    return checks[shape](action) if shape in checks else _invalid(f"interactive.type {shape!r}")


def _buttons(action: dict[str, Any]) -> Refusal | None:
    buttons = action.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        return _invalid("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3")
    replies = [button.get("reply", {}) for button in buttons]
    if any(button.get("type") != "reply" for button in buttons):
        return _invalid("Button type must be reply")
    if any(not 1 <= len(reply.get("title", "")) <= 20 for reply in replies):
        return _invalid("Button title length invalid. Min length: 1, Max length: 20")
    if any(not 1 <= len(reply.get("id", "")) <= 256 for reply in replies):
        return _invalid("Button id length invalid. Min length: 1, Max length: 256")
    if len({reply["title"] for reply in replies}) < len(replies) or len({r["id"] for r in replies}) < len(replies):
        return _invalid("Duplicated button")
    return None


def _list(action: dict[str, Any]) -> Refusal | None:
    sections = action.get("sections")
    if not 1 <= len(str(action.get("button", ""))) <= 20:
        return _invalid("Button label length invalid. Min length: 1, Max length: 20")
    if not isinstance(sections, list) or not 1 <= len(sections) <= 10:
        return _invalid("Invalid sections count")
    if len(sections) > 1 and any(not section.get("title") for section in sections):
        return _missing("section title")
    rows = [row for section in sections for row in section.get("rows", [])]
    if not 1 <= len(rows) <= 10:
        return _invalid("Total row count exceed max allowed count: 10")
    for row in rows:
        if not 1 <= len(row.get("id", "")) <= 200 or not 1 <= len(row.get("title", "")) <= 24:
            return _invalid("Row id or title length invalid")
        if len(row.get("description", "")) > 72:
            return _invalid("Row description is too long. Max length is 72")
    return _invalid("Duplicated row id") if len({row["id"] for row in rows}) < len(rows) else None


def _link(action: dict[str, Any]) -> Refusal | None:
    parameters = action.get("parameters", {})
    if action.get("name") != "cta_url" or not str(parameters.get("url", "")).startswith("http"):
        return _invalid("cta_url needs a url")
    return None if 1 <= len(parameters.get("display_text", "")) <= 20 else _invalid("display_text length invalid")


def _missing(what: str) -> Refusal:
    return (131008, "(#131008) Required parameter is missing", 400, f"{what} is mandatory.")


def _invalid(details: str) -> Refusal:
    return (131009, "(#131009) Parameter value is not valid", 400, details)
