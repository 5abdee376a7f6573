"""Webhooks of pages and Instagram accounts: one envelope per event, or several events of one app in one body."""

import asyncio
import time
from typing import Any

from saas_admin.sandbox.page_world import NATIVE_APP, OUR_APP, Account, Line, Pages, Thread
from saas_admin.sandbox.webhooks import Webhooks

_PAGE_FIELDS = {
    "message": "messages",
    "echo": "message_echoes",
    "postback": "messaging_postbacks",
    "reaction": "message_reactions",
    "read": "message_reads",
    "delivery": "message_deliveries",
    "referral": "messaging_referrals",
    "optin": "messaging_optins",
    "message_edit": "message_edits",
}
_INSTAGRAM_FIELDS = {**_PAGE_FIELDS, "echo": "messages", "read": "messaging_seen", "referral": "messaging_referral"}
_INSTAGRAM_FIELDS["message_edit"] = "message_edit"


class PageEvents:
    def __init__(self, pages: Pages, webhooks: Webhooks) -> None:
        self._pages = pages
        self._webhooks = webhooks
        self.batch_seconds = 0.0
        """Events of one app that happen within so many seconds travel in one body."""
        self._held: dict[tuple[str, str], list[tuple[Account, str, dict[str, Any]]]] = {}

    def from_guest(self, account: Account, thread: Thread, **what: Any) -> "asyncio.Task[Any] | None":
        item = {"sender": {"id": thread.guest_id}, "recipient": {"id": account.id}, "timestamp": _now(), **what}
        return self._tell(account, next(iter(what)), item, thread)

    def echo(self, account: Account, thread: Thread, line: Line, *, metadata: str = "", is_native: bool = False) -> Any:
        said: dict[str, Any] = {"mid": line.mid, "is_echo": True}
        if account.kind == "messenger":
            said["app_id"] = NATIVE_APP if is_native else OUR_APP
            if metadata:
                said["metadata"] = metadata
        if line.text:
            said["text"] = line.text
        if line.attachments:
            said["attachments"] = line.attachments
        ends = {"sender": {"id": account.id}, "recipient": {"id": thread.guest_id}}
        return self._tell(account, "echo", {**ends, "timestamp": int(line.at * 1000), "message": said}, thread)

    def arrived(self, account: Account, thread: Thread, line: Line) -> None:
        """Pages hear of deliveries; Instagram only tells what was seen."""
        if account.kind == "messenger":
            self.from_guest(account, thread, delivery={"mids": [line.mid], "watermark": _now()})

    def seen(self, account: Account, thread: Thread, line: Line) -> None:
        said = {"watermark": _now()} if account.kind == "messenger" else {"mid": line.mid}
        self.from_guest(account, thread, read=said)

    def _tell(self, account: Account, kind: str, item: dict[str, Any], thread: Thread) -> "asyncio.Task[Any] | None":
        fields = _PAGE_FIELDS if account.kind == "messenger" else _INSTAGRAM_FIELDS
        if not account.webhook_url or fields.get(kind, kind) not in account.fields:
            return None
        name = "standby" if thread.is_standby else "messaging"
        if self.batch_seconds <= 0:
            return self._webhooks.post(account, _envelope([(account, name, item)]))
        key = (account.webhook_url, account.app_secret)
        self._held.setdefault(key, []).append((account, name, item))
        if len(self._held[key]) == 1:
            self._webhooks.later(self._send_held(key))
        return None

    async def _send_held(self, key: tuple[str, str]) -> None:
        await asyncio.sleep(self.batch_seconds)
        held = self._held.pop(key)
        for kind in ("messenger", "instagram"):
            if rows := [row for row in held if row[0].kind == kind]:
                self._webhooks.post(rows[0][0], _envelope(rows))


def _envelope(rows: list[tuple[Account, str, dict[str, Any]]]) -> dict[str, Any]:
    entries: dict[str, dict[str, Any]] = {}
    for account, name, item in rows:
        entry = entries.setdefault(account.id, {"time": _now(), "id": account.id})
        entry.setdefault(name, []).append(item)
    whose = "page" if rows[0][0].kind == "messenger" else "instagram"
    return {"object": whose, "entry": list(entries.values())}


def _now() -> int:
    return int(time.time() * 1000)
