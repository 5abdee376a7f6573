"""The part of Telegram's Bot API an inbox uses: its checks, its error objects, its rates."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from saas_admin.sandbox.faults import Faults
from saas_admin.sandbox.telegram_rules import (
    MEGABYTE,
    Parameters,
    Refused,
    bot_user,
    check_url,
    injected,
    int_in,
    keyboard,
    media,
    object_in,
    ok,
    parameters_of,
    plain,
    text_in,
    units,
)
from saas_admin.sandbox.telegram_updates import Updates
from saas_admin.sandbox.telegram_world import QUERY_SECONDS, Bot, Chat, File, TelegramWorld

MEDIA = ("photo", "video", "audio", "voice", "document", "animation")
_TOKEN = re.compile(r"\d{5,20}:[A-Za-z0-9_-]{30,64}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_SENDS = ("sendmessage", "sendlocation", "sendvenue", *(f"send{kind}" for kind in MEDIA))
_ACTIONS = (
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document"),
    *("choose_sticker", "find_location", "record_video_note", "upload_video_note"),
)


class BotApi:
    def __init__(self, world: TelegramWorld, faults: Faults, updates: Updates) -> None:
        self._world = world
        self._faults = faults
        self._updates = updates
        self._methods: dict[str, Callable[[Bot, Parameters], Any]] = {
            "getme": self._me,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._webhook_info,
            "getupdates": self._get_updates,
            "getfile": self._file,
            "sendchataction": self._chat_action,
            "answercallbackquery": self._answer_query,
            **dict.fromkeys(_SENDS, self._send),
        }

    def routes(self) -> list[Route]:
        return [
            Route("/bot{token}/{method}", self.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.download),
        ]

    async def call(self, request: Request) -> Response:
        try:
            bot = self._bot(request.path_params["token"])
            name = request.path_params["method"].lower()
            method = self._methods.get(name)
            if method is None:
                raise Refused(404, "Not Found: method not found")
            parameters = await parameters_of(request)
            if name not in _SENDS:
                return ok(method(bot, parameters))
            return await self._with_faults(bot, {**parameters, "_method": name})
        except Refused as refused:
            return refused.answer

    async def download(self, request: Request) -> Response:
        try:
            self._bot(request.path_params["token"])
        except Refused as refused:
            return refused.answer
        path = request.path_params["path"]
        file = next((file for file in self._world.files.values() if file.path == path), None)
        content = self._world.read(file.id) if file else None
        if content is None:
            return Refused(404, "Not Found").answer
        return Response(content, media_type="application/octet-stream")

    def _bot(self, token: str) -> Bot:
        if not _TOKEN.fullmatch(token):
            raise Refused(404, "Not Found")
        bot = self._world.bot_of(token)
        if bot is None:
            raise Refused(401, "Unauthorized")
        return bot

    # The bot and its webhook

    def _me(self, bot: Bot, said: Parameters) -> Any:
        del said
        abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return {**bot_user(bot), **abilities}

    def _set_webhook(self, bot: Bot, said: Parameters) -> Any:
        url = text_in(said, "url")
        if not url:
            return self._delete_webhook(bot, said)
        check_url(url)
        secret = text_in(said, "secret_token")
        if secret and not _SECRET.fullmatch(secret):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        connections = int_in(said, "max_connections", 40)
        if not 1 <= connections <= 100:
            raise Refused(400, "Bad Request: max_connections must be between 1 and 100")
        allowed = object_in(said, "allowed_updates")
        if allowed is not None:
            if not isinstance(allowed, list):
                raise Refused(400, "Bad Request: can't parse allowed updates list")
            bot.allowed_updates = [str(name) for name in cast(list[Any], allowed)]
        bot.webhook_url, bot.secret_token, bot.max_connections = url, secret, connections
        bot.last_error, bot.last_error_at = "", 0
        if said.get("drop_pending_updates") in (True, "true", "True", "1"):
            self._updates.pending.pop(bot.id, None)
        self._world.tell()
        self._updates.resume(bot)
        return True

    def _delete_webhook(self, bot: Bot, said: Parameters) -> Any:
        del said
        bot.webhook_url = bot.secret_token = ""
        self._world.tell()
        return True

    def _webhook_info(self, bot: Bot, said: Parameters) -> Any:
        del said
        pending = len(self._updates.pending.get(bot.id, {}))
        info: dict[str, Any] = {
            "url": bot.webhook_url,
            "has_custom_certificate": False,
            "pending_update_count": pending,
            "max_connections": bot.max_connections,
        }
        if bot.allowed_updates:
            info["allowed_updates"] = bot.allowed_updates
        if bot.last_error:
            info |= {"last_error_date": bot.last_error_at, "last_error_message": bot.last_error}
        return info

    def _get_updates(self, bot: Bot, said: Parameters) -> Any:
        if bot.webhook_url:
            words = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise Refused(409, words)
        return self._updates.take(bot, int_in(said, "offset", 0), max(1, min(int_in(said, "limit", 100), 100)))

    def _file(self, bot: Bot, said: Parameters) -> Any:
        del bot
        file = self._world.files.get(text_in(said, "file_id"))
        if file is None:
            raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if file.size > 20 * MEGABYTE:
            raise Refused(400, "Bad Request: file is too big")
        return {"file_id": file.id, "file_unique_id": file.id[-12:], "file_size": file.size, "file_path": file.path}

    def _chat_action(self, bot: Bot, said: Parameters) -> Any:
        chat = self._chat(bot, said)
        if text_in(said, "action") not in _ACTIONS:
            raise Refused(400, "Bad Request: wrong parameter action in request")
        chat.typing_until = time.time() + 5
        self._world.tell(chat.user_id)
        return True

    def _answer_query(self, bot: Bot, said: Parameters) -> Any:
        query = self._world.queries.pop(text_in(said, "callback_query_id"), None)
        if query is None or query.bot_id != bot.id or time.time() - query.at > QUERY_SECONDS:
            raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self._world.tell(query.user_id)
        return True

    # Sending

    async def _with_faults(self, bot: Bot, said: Parameters) -> Response:
        fault = self._faults.next_send()
        if fault is not None and fault.kind != "timeout_after":
            return await injected(fault)
        result = self._send(bot, said)
        if fault is not None:
            await asyncio.sleep(fault.seconds)
        return ok(result)

    def _send(self, bot: Bot, said: Parameters) -> Any:
        kind = said["_method"].removeprefix("send")
        content = self._media(kind, said) if kind in MEDIA else plain(kind, said)
        chat = self._chat(bot, said)
        self._ensure_pace(bot, chat)
        message: dict[str, Any] = {"from": bot_user(bot), **content}
        if (quoted := self._quoted(chat, said)) is not None:
            message["reply_to_message"] = quoted
        if (markup := object_in(said, "reply_markup")) is not None:
            message["reply_markup"] = keyboard(markup)
        chat.typing_until = 0
        return self._world.add_message(chat, message)

    def _chat(self, bot: Bot, said: Parameters) -> Chat:
        number = int_in(said, "chat_id", 0)
        if not said.get("chat_id"):
            raise Refused(400, "Bad Request: chat_id is empty")
        user = self._world.users.get(number)
        if user is None:
            raise Refused(400, "Bad Request: chat not found")
        chat = self._world.chat(bot, user)
        if chat.is_blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if not chat.is_started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def _ensure_pace(self, bot: Bot, chat: Chat) -> None:
        """About one a second to a chat and thirty in all; a short burst is let through."""
        if self._faults.lenient:
            return
        in_all = self._faults.takes_token(f"telegram:{bot.id}", 30, 30)
        if not (in_all and self._faults.takes_token(f"telegram:{bot.id}:{chat.user_id}", 2, 1)):
            raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)

    def _quoted(self, chat: Chat, said: Parameters) -> dict[str, Any] | None:
        reply = object_in(said, "reply_parameters")
        if not isinstance(reply, dict):
            return None
        reply = cast(dict[str, Any], reply)
        found = chat.find(reply.get("message_id"))
        if found is None and reply.get("allow_sending_without_reply") is not True:
            raise Refused(400, "Bad Request: message to be replied not found")
        return {key: value for key, value in found.items() if key != "reply_to_message"} if found else None

    def _upload(self, kind: str, said: Parameters) -> File:
        """A file in the field of its kind, or under another name that the field tells, or one that is here already."""
        upload = said.get(kind)
        if isinstance(upload, str):
            known = self._world.files.get(upload)
            if known is not None:
                return known
            upload = said.get(upload.removeprefix("attach://"))
        if not isinstance(upload, tuple):
            raise Refused(400, f"Bad Request: there is no {kind} in the request")
        content, name, mime = cast(tuple[bytes, str, str], upload)
        if not content:
            raise Refused(400, "Bad Request: file must be non-empty")
        if len(content) > (10 if kind == "photo" else 50) * MEGABYTE:
            raise Refused(413, "Request Entity Too Large")
        return self._world.store(content, mime, name, kind + "s")

    def _media(self, kind: str, said: Parameters) -> dict[str, Any]:
        file = self._upload(kind, said)
        caption = text_in(said, "caption")
        if units(caption) > 1024:
            raise Refused(400, "Bad Request: message caption is too long")
        told = media(kind, file.id, file.name, file.mime, file.size)
        return {**told, "caption": caption} if caption else told
