"""Pages and Instagram accounts as Meta knows them, the people who write to them, and their threads. In memory; the
accounts are copied to disk, since a channel of the demo keeps their tokens."""

import base64
import json
import os
import secrets
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

DAY = 24 * 3600
OUR_APP = 1517776481860111
NATIVE_APP = 263902037430900
"""The page's own inbox, as Meta's echoes name it."""
_KEPT = 400


@dataclass
class Account:
    """A Facebook page (`messenger`) or an Instagram account, with the app that is connected to it."""

    kind: str
    id: str
    name: str
    token: str
    app_secret: str
    username: str = ""
    verify_token: str = ""
    webhook_url: str = ""
    page_id: str = ""
    """The page an Instagram account is linked to; empty for an Instagram login of its own."""
    has_human_agent: bool = True
    is_restricted: bool = False
    fields: list[str] = field(default_factory=list[str])
    """What the app subscribed to; empty: no webhooks."""


@dataclass
class Guest:
    """Somebody who writes to a page: known there under an id of its own."""

    id: str
    name: str
    has_blocked: bool = False


@dataclass
class Line:
    mid: str
    is_mine: bool
    """Written by the guest."""
    at: float
    text: str = ""
    attachments: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    quick_replies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    reply_to: str = ""
    status: str = "sent"
    reaction: str = ""
    is_deleted: bool = False


@dataclass
class Thread:
    account_id: str
    guest_id: str
    lines: list[Line] = field(default_factory=list[Line])
    typing_until: float = 0.0
    seen_until: float = 0.0
    """The page has read up to here."""
    last_written: float = 0.0
    is_looked_at: bool = False
    is_standby: bool = False
    """Another app has the thread."""

    def find(self, mid: str) -> Line | None:
        return next((line for line in reversed(self.lines) if line.mid == mid), None)

    def add(self, line: Line) -> Line:
        self.lines.append(line)
        del self.lines[:-_KEPT]
        if line.is_mine:
            self.last_written = max(self.last_written, line.at)
        return line


class Pages:
    def __init__(self, folder: Path | None) -> None:
        self._file = folder / "pages.json" if folder else None
        self.accounts: dict[str, Account] = {}
        self.guests: dict[str, Guest] = {}
        self.threads: dict[tuple[str, str], Thread] = {}
        self.uploads: dict[str, tuple[bytes, str]] = {}
        self.links: dict[str, tuple[bytes, str, float]] = {}
        """Key of a short-lived address → bytes, type, until when."""

    def thread(self, account_id: str, guest_id: str) -> Thread:
        return self.threads.setdefault((account_id, guest_id), Thread(account_id, guest_id))

    def by_token(self, token: str) -> Account | None:
        return next(
            (a for a in self.accounts.values() if secrets.compare_digest(a.token.encode(), token.encode())), None
        )

    def clear(self) -> None:
        self.accounts.clear()
        self.guests.clear()
        self.threads.clear()

    def ensure_spare(self) -> None:
        """A page and an account for whoever tries the wizard, and people to write to them."""
        spare = (("messenger", "104482917350662"), ("instagram", "17841405309213377"))
        for kind, account_id in spare:
            if account_id not in self.accounts:
                start = "EAAG" if kind == "messenger" else "IGAA"
                token = f"{start}Sandbox{secrets.token_hex(20)}"
                self.accounts[account_id] = Account(
                    kind, account_id, "Tu tienda", token, secrets.token_hex(16), "tutienda"
                )
        for guest in (Guest("7719402853316048", "Valeria Ocampo"), Guest("6120938847120055", "Iker Aranda")):
            self.guests.setdefault(guest.id, guest)

    def load(self) -> None:
        try:
            rows = json.loads(self._file.read_text()) if self._file else []
            self.accounts = {row["id"]: Account(**row) for row in rows}
        except (OSError, ValueError, TypeError, KeyError):
            return

    def save(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".part")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump([asdict(account) for account in self.accounts.values()], file, ensure_ascii=False)
        draft.replace(self._file)


def new_mid() -> str:
    return "m_" + base64.urlsafe_b64encode(secrets.token_bytes(30)).decode().rstrip("=")


def window(thread: Thread) -> float:
    """Seconds since the guest wrote last."""
    return time.time() - thread.last_written
