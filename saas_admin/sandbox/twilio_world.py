"""What the pretend Twilio knows: accounts with their tokens, numbers and WhatsApp senders, people, messages, contents, files."""

import json
import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

KEPT_MESSAGES = 2000
WINDOW_SECONDS = 24 * 3600


@dataclass
class Account:
    sid: str
    auth_token: str
    friendly_name: str
    status: str = "active"
    type: str = "Full"
    """A `Trial` account reaches the verified numbers only."""
    verified: list[str] = field(default_factory=list[str])


@dataclass
class Sender:
    """A number (`+34…`) or a WhatsApp sender (`whatsapp:+34…`). `url`: where messages to it are posted, fragment included."""

    sid: str
    account_sid: str
    address: str
    name: str
    url: str = ""
    method: str = "POST"
    service_sid: str = ""

    @property
    def is_whatsapp(self) -> bool:
        return self.address.startswith("whatsapp:")


@dataclass
class Person:
    """Someone with a phone; with a hidden number WhatsApp tells only `user_id`."""

    number: str
    name: str
    user_id: str
    is_hidden: bool = False
    is_online: bool = True
    has_whatsapp: bool = True

    def address(self, sender: Sender) -> str:
        if not sender.is_whatsapp:
            return self.number
        return f"whatsapp:{self.user_id if self.is_hidden else self.number}"


@dataclass
class Message:
    sid: str
    account_sid: str
    sender: str
    """The company's end."""
    person: str
    """The number of the other end, whatever is shown of it."""
    is_mine: bool
    """The person's own."""
    body: str
    at: float
    status: str
    to: str = ""
    media: list[str] = field(default_factory=list[str])
    content: dict[str, Any] = field(default_factory=dict[str, Any])
    """Place, buttons, the place that was sent: what the page shows besides words."""
    callback: str = ""
    error_code: int | None = None
    service_sid: str = ""


@dataclass
class File:
    sid: str
    account_sid: str
    mime: str
    name: str


class TwilioWorld:
    """Changes tell the listeners."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.accounts: dict[str, Account] = {}
        self.senders: dict[str, Sender] = {}
        self.people: dict[str, Person] = {}
        self.messages: dict[str, Message] = {}
        self.files: dict[str, File] = {}
        self.contents: dict[str, dict[str, Any]] = {}
        self.opted_out: set[tuple[str, str]] = set()
        self.looking: dict[tuple[str, str], float] = {}
        """Who looks at which chat, until when: WhatsApp messages there are read."""
        self.typing: dict[tuple[str, str], float] = {}
        self.links: dict[str, tuple[str, float]] = {}
        """Addresses of files that need no password, for a while."""
        self._bytes: dict[str, bytes] = {}
        self._is_dirty = False

    def account_of(self, sid: str, token: str) -> Account | None:
        found = self.accounts.get(sid)
        return found if found and secrets.compare_digest(found.auth_token.encode(), token.encode()) else None

    def sender(self, account: Account, address: str) -> Sender | None:
        """By its address, or any of a messaging service's."""
        mine = [s for s in self.senders.values() if s.account_sid == account.sid]
        if address.startswith("MG"):
            return next((s for s in mine if s.service_sid == address), None)
        return next((s for s in mine if plain(s.address) == plain(address)), None)

    def person_at(self, address: str) -> Person | None:
        name = address.rpartition(":")[2]
        return next((p for p in self.people.values() if name == p.user_id or plain(p.number) == plain(name)), None)

    def chat(self, sender: str, person: str) -> list[Message]:
        found = [m for m in self.messages.values() if m.sender == sender and m.person == person]
        return sorted(found, key=lambda m: m.at)

    def is_open(self, sender: Sender, person: Person) -> bool:
        """Whether the person wrote within a day: WhatsApp's window."""
        after = time.time() - WINDOW_SECONDS
        return any(m.is_mine and m.at > after for m in self.chat(sender.address, person.number))

    def add(self, message: Message) -> Message:
        self.messages[message.sid] = message
        while len(self.messages) > KEPT_MESSAGES:
            del self.messages[next(iter(self.messages))]
        self.touch()
        return message

    def store(self, account_sid: str, content: bytes, mime: str, name: str) -> File:
        file = File(new_sid("ME"), account_sid, mime, name)
        if self.folder is None:
            self._bytes[file.sid] = content
        else:
            path = self.folder / "twilio-files" / file.sid
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.files[file.sid] = file
        self.touch()
        return file

    def read(self, sid: str) -> bytes | None:
        if self.folder is None or sid not in self.files:
            return self._bytes.get(sid)
        try:
            return (self.folder / "twilio-files" / sid).read_bytes()
        except OSError:
            return None

    def touch(self) -> None:
        self._is_dirty = True

    def clear(self) -> None:
        for held in (self.accounts, self.senders, self.people, self.messages, self.files, self.contents, self._bytes):
            held.clear()
        for more in (self.looking, self.typing, self.links, self.opted_out):
            more.clear()
        self.touch()

    def load(self) -> None:
        if self.folder is None:
            return
        try:
            said = json.loads((self.folder / "twilio.json").read_text())
        except (OSError, ValueError):
            return
        self.accounts = {row["sid"]: Account(**row) for row in said["accounts"]}
        self.senders = {row["sid"]: Sender(**row) for row in said["senders"]}
        self.people = {row["number"]: Person(**row) for row in said["people"]}
        self.messages = {row["sid"]: Message(**row) for row in said["messages"]}
        self.files = {row["sid"]: File(**row) for row in said["files"]}
        self.contents = {row["sid"]: row for row in said["contents"]}
        self.opted_out = {(sender, person) for sender, person in said["opted_out"]}

    def save(self) -> None:
        if self.folder is None or not self._is_dirty:
            return
        self._is_dirty = False
        self.folder.mkdir(parents=True, exist_ok=True)
        rows: Callable[[dict[str, Any]], list[Any]] = lambda held: [asdict(row) for row in held.values()]  # noqa: E731
        said: dict[str, Any] = {
            "accounts": rows(self.accounts),
            "senders": rows(self.senders),
            "people": rows(self.people),
            "messages": rows(self.messages),
            "files": rows(self.files),
            "contents": list(self.contents.values()),
            "opted_out": sorted(self.opted_out),
        }
        draft = self.folder / "twilio.part"
        # Tokens of pretend accounts are still nobody else's business.
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(said, file, ensure_ascii=False)
        draft.replace(self.folder / "twilio.json")


def new_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


def plain(address: str) -> str:
    """One spelling per address. Written anew: a simulator that shared the product's rule would share its mistakes."""
    channel, _, name = address.rpartition(":")
    digits = re.sub(r"\D", "", name) if name.startswith("+") else name
    if digits.startswith("521") and len(digits) == 13:
        digits = "52" + digits[3:]
    if digits.startswith("549") and len(digits) == 13:
        digits = "54" + digits[3:]
    return f"{channel}:{digits}"
