"""The account's message templates: listed in pages, reviewed by hand, refused where Meta refuses."""

import re
import secrets
from typing import Any

from saas_admin.sandbox.webhooks import Webhooks
from saas_admin.sandbox.world import World

_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
Refusal = tuple[int, str, int, str]


class Templates:
    def __init__(self, webhooks: Webhooks, world: World) -> None:
        self._webhooks = webhooks
        self._world = world
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def put(self, waba_id: str, rows: list[dict[str, Any]]) -> None:
        self._rows[waba_id] = [{"id": _new_id(), "status": "APPROVED", **row} for row in rows]

    def create(self, waba_id: str, said: dict[str, Any]) -> dict[str, Any]:
        row = {**said, "id": _new_id(), "status": "PENDING"}
        self._rows.setdefault(waba_id, []).append(row)
        return {"id": row["id"], "status": "PENDING", "category": row.get("category")}

    def page(self, waba_id: str, query: dict[str, str]) -> dict[str, Any]:
        rows = [row for row in self._rows.get(waba_id, []) if query.get("name", "") in row["name"]]
        limit = max(1, min(int(query.get("limit") or 25), 100))
        start = int(query.get("after") or 0)
        shown, end = rows[start : start + limit], start + limit
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(end)}}
        if end < len(rows):
            paging["next"] = f"https://graph.facebook.com/v23.0/{waba_id}/message_templates?after={end}"
        return {"data": shown, "paging": paging if shown else {}}

    def review(self, waba_id: str, name: str, language: str, event: str, **more: Any) -> bool:
        """Meta decides: the row changes, and every number of the account is told."""
        found = next((r for r in self._rows.get(waba_id, []) if (r["name"], r["language"]) == (name, language)), None)
        if found is None:
            return False
        found["status"] = event
        value = {
            "event": event,
            "message_template_id": int(found["id"]),
            "message_template_name": name,
            "message_template_language": language,
            "message_template_category": found.get("category"),
            "reason": more.pop("reason", "NONE"),
            **more,
        }
        for number in self._world.numbers.values():
            if number.waba_id == waba_id:
                self._webhooks.field(number, "message_template_status_update", value)
                break
        return True

    def refusal(self, waba_id: str, use: dict[str, Any]) -> Refusal | None:
        """Why a template may not leave like this. An account without templates takes any (older tests)."""
        rows = self._rows.get(waba_id)
        if not rows:
            return None
        language = use.get("language", {}).get("code")
        row = next((r for r in rows if (r["name"], r["language"]) == (use.get("name"), language)), None)
        if row is None or row["status"] in ("PENDING", "REJECTED"):
            details = f"template name ({use.get('name')}) does not exist in {language}"
            return (132001, "(#132001) Template name does not exist in the translation", 404, details)
        if row["status"] in ("PAUSED", "DISABLED"):
            code = 132015 if row["status"] == "PAUSED" else 132016
            return (code, f"(#{code}) Template is {row['status'].lower()}", 400, "")
        given = {
            (part["type"], str(part.get("index", ""))): part.get("parameters", []) for part in use.get("components", [])
        }
        for part, wanted in _wanted(row).items():
            parameters = given.pop(part, [])
            if len(parameters) != wanted:
                details = f"{part[0]}: number of parameters ({len(parameters)}) does not match the expected ({wanted})"
                return (
                    132000,
                    "(#132000) Number of parameters does not match the expected number of params",
                    400,
                    details,
                )
            for parameter in parameters:
                if re.search(r"[\n\t]| {5,}", parameter.get("text", "")):
                    return (132018, "(#132018) There\u2019s an issue with the parameters in your template", 400, "")
        # A quick reply's payload may be given or not.
        unknown = [part for part in given if part[0] != "button"]
        return (132000, "(#132000) Number of parameters does not match", 400, f"{unknown}") if unknown else None


def _wanted(row: dict[str, Any]) -> dict[tuple[str, str], int]:
    wanted: dict[tuple[str, str], int] = {}
    for component in row.get("components", []):
        kind = component["type"].lower()
        if kind == "header" and component.get("format") in ("IMAGE", "VIDEO", "DOCUMENT"):
            wanted["header", ""] = 1
        elif kind in ("header", "body") and (names := set(_VARIABLE.findall(component.get("text", "")))):
            wanted[kind, ""] = len(names)
        elif kind == "buttons":
            for index, button in enumerate(component["buttons"]):
                if button["type"] == "COPY_CODE" or _VARIABLE.search(button.get("url", "")):
                    wanted["button", str(index)] = 1
    return wanted


def _new_id() -> str:
    return str(secrets.randbelow(9 * 10**14) + 10**14)
