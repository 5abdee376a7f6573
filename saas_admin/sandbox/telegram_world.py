"""What the pretend Telegram knows: bots with their tokens, people, chats, files. In memory, copied to disk."""

import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

KEPT_MESSAGES = 200
QUERY_SECONDS = 60.0
"""So long a tapped button may be answered."""


@dataclass
class Bot:
    id: int
    token: str
    username: str
    name: str
    webhook_url: str = ""
    secret_token: str = ""
    allowed_updates: list[str] = field(default_factory=list[str])
    max_connections: int = 40
    last_error_at: int = 0
    last_error: str = ""
    next_update: int = 0


@dataclass
class User:
    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    phone: str = ""

    def wire(self) -> dict[str, Any]:
        said = {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": "es"}
        more = {"last_name": self.last_name, "username": self.username}
        return {**said, **{name: value for name, value in more.items() if value}}

    def chat(self) -> dict[str, Any]:
        more = {"last_name": self.last_name, "username": self.username}
        return {
            "id": self.id,
            "first_name": self.first_name,
            **{name: value for name, value in more.items() if value},
            "type": "private",
        }


@dataclass
class Chat:
    """`messages` are Message objects as Telegram tells them, with `reactions` (the person's) beside them."""

    bot_id: int
    user_id: int
    messages: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    is_started: bool = False
    is_blocked: bool = False
    typing_until: float = 0.0
    last_id: int = 0

    def find(self, message_id: Any) -> dict[str, Any] | None:
        return next((m for m in self.messages if m["message_id"] == message_id), None)


@dataclass
class File:
    id: str
    mime: str
    name: str
    size: int
    path: str


@dataclass
class Query:
    id: str
    bot_id: int
    at: float
    user_id: int


class TelegramWorld:
    """Changes tell the listeners: who is concerned, a person's id or 0 for all."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.bots: dict[int, Bot] = {}
        self.users: dict[int, User] = {}
        self.chats: dict[tuple[int, int], Chat] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self._bytes: dict[str, bytes] = {}
        self._listeners: list[Callable[[int], None]] = []
        self._is_dirty = False

    def bot_of(self, token: str) -> Bot | None:
        return next(
            (bot for bot in self.bots.values() if secrets.compare_digest(bot.token.encode(), token.encode())), None
        )

    def chat(self, bot: Bot, user: User) -> Chat:
        return self.chats.setdefault((bot.id, user.id), Chat(bot.id, user.id))

    def add_message(self, chat: Chat, message: dict[str, Any]) -> dict[str, Any]:
        """Number it, date it, keep it."""
        chat.last_id += 1
        user = self.users[chat.user_id]
        placed = {"message_id": chat.last_id, "date": int(time.time()), "chat": user.chat(), **message}
        chat.messages.append(placed)
        del chat.messages[:-KEPT_MESSAGES]
        self.tell(chat.user_id)
        return placed

    def store(self, content: bytes, mime: str, name: str, kind: str) -> File:
        file_id = "BQACAgQAAxkB" + secrets.token_urlsafe(18)
        suffix = Path(name).suffix if Path(name).suffix[1:].isalnum() else ""
        file = File(file_id, mime, name, len(content), f"{kind}/file_{len(self.files) + 1}{suffix}")
        if self.folder is None:
            self._bytes[file_id] = content
        else:
            path = self._path(file_id)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.files[file_id] = file
        self._is_dirty = True
        return file

    def read(self, file_id: str) -> bytes | None:
        if file_id not in self.files:
            return None
        if self.folder is None:
            return self._bytes.get(file_id)
        try:
            return self._path(file_id).read_bytes()
        except OSError:
            return None

    def listen(self, listener: Callable[[int], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, user_id: int = 0) -> None:
        self._is_dirty = True
        for listener in list(self._listeners):
            listener(user_id)

    def clear(self) -> None:
        for held in (self.bots, self.users, self.chats, self.files, self.queries, self._bytes):
            held.clear()
        self.tell()

    def load(self) -> None:
        if self.folder is None:
            return
        try:
            said = json.loads((self.folder / "telegram.json").read_text())
        except (OSError, ValueError):
            return
        self.bots = {row["id"]: Bot(**row) for row in said["bots"]}
        self.users = {row["id"]: User(**row) for row in said["users"]}
        self.files = {row["id"]: File(**row) for row in said["files"]}
        self.chats = {(row["bot_id"], row["user_id"]): Chat(**row) for row in said["chats"]}

    def save(self) -> None:
        if self.folder is None or not self._is_dirty:
            return
        self._is_dirty = False
        self.folder.mkdir(parents=True, exist_ok=True)
        held = {"bots": self.bots, "users": self.users, "files": self.files, "chats": self.chats}
        said = {name: [asdict(row) for row in rows.values()] for name, rows in held.items()}
        draft = self.folder / "telegram.part"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(said, file, ensure_ascii=False)
        draft.replace(self.folder / "telegram.json")

    def _path(self, file_id: str) -> Path:
        assert self.folder is not None  # noqa: S101
        return self.folder / "telegram-files" / hashlib.sha256(file_id.encode()).hexdigest()


def new_token(bot_id: int) -> str:
    return f"{bot_id}:AA{secrets.token_urlsafe(25)[:33]}"
