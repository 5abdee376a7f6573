"""What the pretend WhatsApp knows: companies' numbers, people with phones, their chats. In memory, copied to disk."""

import base64
import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_COUNTRIES = {"34": "ES", "52": "MX", "54": "AR", "55": "BR", "57": "CO"}
WINDOW_SECONDS = 24 * 3600
MEDIA_DAYS = 30
KEPT_MESSAGES = 400

Listener = Callable[[str, dict[str, Any]], None]


@dataclass
class Number:
    """A company's number as Meta knows it, with the app it belongs to."""

    phone_number_id: str
    waba_id: str
    display_phone: str
    access_token: str
    app_secret: str
    webhook_url: str = ""
    verify_token: str = ""
    name: str = ""
    about: str = ""
    is_verified: bool = False
    """Whether the webhook URL answered the handshake."""
    is_overridden: bool = False
    """The URL was set by `subscribed_apps` and not in the app's panel."""
    pin: str = ""


@dataclass
class Person:
    """Someone with a phone. `wa_id` is spelled as WhatsApp spells it (Mexico with its 521)."""

    wa_id: str
    name: str
    place: str = ""
    is_featured: bool = False
    is_online: bool = True

    @property
    def user_id(self) -> str:
        """The business-scoped id Meta sends beside the number since 2026."""
        digits = int.from_bytes(hashlib.sha256(self.wa_id.encode()).digest()[:7], "big")
        return f"{_COUNTRIES.get(self.wa_id[:2], 'US')}.{digits:017}"


@dataclass
class Message:
    id: str
    is_mine: bool
    """Written by the person holding the phone."""
    type: str
    at: float
    content: dict[str, Any]
    status: str = "sent"
    quoted: str | None = None
    reactions: dict[str, str] = field(default_factory=dict[str, str])
    """`me` (the person) or `them` (the company) → emoji."""
    callback_data: str | None = None


@dataclass
class Chat:
    wa_id: str
    phone_number_id: str
    messages: list[Message] = field(default_factory=list[Message])
    typing_until: float = 0.0

    def find(self, message_id: str) -> Message | None:
        return next((m for m in reversed(self.messages) if m.id == message_id), None)

    @property
    def last_written(self) -> float:
        return max((m.at for m in self.messages if m.is_mine), default=0.0)

    def is_window_open(self, now: float) -> bool:
        return now - self.last_written < WINDOW_SECONDS


@dataclass
class MediaFile:
    id: str
    mime: str
    name: str
    size: int
    sha256: str
    at: float


class World:
    """All of it. Changes tell the listeners (open phone pages) and are written out by `save`."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.numbers: dict[str, Number] = {}
        self.people: dict[str, Person] = {}
        self.chats: dict[tuple[str, str], Chat] = {}
        self.media: dict[str, MediaFile] = {}
        self.shop: dict[str, str] = {}
        self.open_chats: dict[tuple[str, str], int] = {}
        self._listeners: list[Listener] = []
        self._in_memory: dict[str, bytes] = {}
        self._spellings: dict[str, str] = {}
        self._is_dirty = False

    # Reading

    def number(self, phone_number_id: str) -> Number | None:
        return self.numbers.get(phone_number_id)

    def chat(self, wa_id: str, phone_number_id: str) -> Chat:
        return self.chats.setdefault((wa_id, phone_number_id), Chat(wa_id, phone_number_id))

    def person_at(self, written: str) -> Person | None:
        """Find a phone under any of its national spellings, as WhatsApp does."""
        if len(self._spellings) != len(self.people):
            self._spellings = {canonical(wa_id): wa_id for wa_id in self.people}
        return self.people.get(self._spellings.get(canonical(written), ""))

    def is_open(self, chat: Chat) -> bool:
        return self.open_chats.get((chat.wa_id, chat.phone_number_id), 0) > 0

    # Changing

    def listen(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, wa_id: str, event: dict[str, Any]) -> None:
        self._is_dirty = True
        for listener in list(self._listeners):
            listener(wa_id, event)

    def touch(self) -> None:
        self._is_dirty = True

    def add_message(self, chat: Chat, message: Message) -> Message:
        chat.messages.append(message)
        chat.messages.sort(key=lambda m: m.at)
        del chat.messages[:-KEPT_MESSAGES]
        if not message.is_mine:
            chat.typing_until = 0
        self.tell(chat.wa_id, {"kind": "message", "number": chat.phone_number_id, "message": asdict(message)})
        return message

    def set_status(self, chat: Chat, message: Message, status: str) -> None:
        order = ["waiting", "sent", "delivered", "read"]
        if status in order and message.status in order and order.index(status) <= order.index(message.status):
            return
        message.status = status
        event = {"kind": "status", "number": chat.phone_number_id, "id": message.id, "status": status}
        self.tell(chat.wa_id, event)

    # Files

    def store_media(self, content: bytes, mime: str, name: str, sha256: str) -> MediaFile:
        media = MediaFile(str(secrets.randbelow(9 * 10**15) + 10**15), mime, name, len(content), sha256, time.time())
        if self.folder is None:
            self._in_memory[media.id] = content
        else:
            path = self.folder / "media" / media.id
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.media[media.id] = media
        self._is_dirty = True
        return media

    def read_media(self, media_id: str) -> bytes | None:
        if self.folder is None or media_id not in self.media:
            return self._in_memory.get(media_id)
        try:
            return (self.folder / "media" / media_id).read_bytes()
        except OSError:
            return None

    # The copy on disk

    def load(self) -> None:
        if self.folder is None:
            return
        try:
            said = json.loads((self.folder / "world.json").read_text())
        except (OSError, ValueError):
            return
        self.numbers = {n["phone_number_id"]: Number(**n) for n in said["numbers"]}
        self.people = {p["wa_id"]: Person(**p) for p in said["people"]}
        self.media = {m["id"]: MediaFile(**m) for m in said["media"]}
        self.shop = said["shop"]
        for chat in said["chats"]:
            messages = [Message(**m) for m in chat["messages"]]
            self.chats[chat["wa_id"], chat["phone_number_id"]] = Chat(chat["wa_id"], chat["phone_number_id"], messages)

    def save(self) -> None:
        if self.folder is None or not self._is_dirty:
            return
        self._is_dirty = False
        self.folder.mkdir(parents=True, exist_ok=True)
        said: dict[str, Any] = {
            "numbers": [asdict(n) for n in list(self.numbers.values())],
            "people": [asdict(p) for p in list(self.people.values())],
            "media": [asdict(m) for m in list(self.media.values())],
            "shop": dict(self.shop),
            "chats": [asdict(c) for c in list(self.chats.values())],
        }
        for chat in said["chats"]:
            del chat["typing_until"]
        draft = self.folder / "world.part"
        # Tokens and secrets of pretend numbers are still nobody else's business.
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(said, file, ensure_ascii=False)
        draft.replace(self.folder / "world.json")


def canonical(written: str) -> str:
    """One spelling per phone. Written anew: a simulator that shared the product's rule would share its mistakes."""
    digits = re.sub(r"\D", "", written)
    if digits.startswith("521") and len(digits) == 13:
        return "52" + digits[3:]
    if digits.startswith("549") and len(digits) == 13:
        return "54" + digits[3:]
    if digits.startswith("55") and len(digits) == 13 and digits[4] == "9":
        return digits[:4] + digits[5:]
    return digits


def new_wamid(wa_id: str) -> str:
    inside = (
        b"\x1d\x18"
        + bytes([len(wa_id)])
        + wa_id.encode()
        + b"\x15\x02\x00\x11\x18\x12"
        + secrets.token_hex(9).upper().encode()
    )
    return "wamid." + base64.b64encode(inside).decode()
