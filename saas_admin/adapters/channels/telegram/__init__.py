"""Telegram Bot API 10.1 (https://core.telegram.org/bots/api).

Private chats are the norm: the chat is the customer. A group the bot was added to is one customer as well, with the group's
title for a name; who of it wrote stands in `data.author`, and answers go to the group. Messages of a business connection (the
bot answers for somebody's own account) are conversations of their own, see `ids`. Channel posts are left alone.
A tapped button is answered by `acknowledge(provider_id="callback:…")`, called at once for what `awaits_answer`.
Bots are told neither of delivery nor of reading.
"""

import hmac
from collections.abc import Mapping
from typing import BinaryIO

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import MessageKind, SettingField
from saas_admin.adapters.channels.events import Event
from saas_admin.adapters.channels.telegram import account, calls, parse, send, split

_HEADER = "x-telegram-bot-api-secret-token"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_PACE = base.Pace(per_second=30.0, seconds_per_person=1.0, seconds_per_group=3.0)
"""About 30 messages a second in all, one a second per chat, 20 a minute per group (Telegram's bot FAQ); 429 says more."""


class Telegram(base.ChannelAdapter):
    kind = "telegram"
    is_local = False
    signing_secret = "webhook_secret"  # noqa: S105 (a setting's name)
    generated = ("webhook_secret",)
    fields = (SettingField("bot_token", secret=True, max_length=256, pattern=calls.TOKEN),)
    capabilities = base.Capabilities(
        text_limit=send.TEXT_LIMIT,
        media=frozenset({MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DOCUMENT}),
        media_limits={
            MessageKind.IMAGE: send.PHOTO_BYTES,
            MessageKind.VIDEO: send.FILE_BYTES,
            MessageKind.AUDIO: send.FILE_BYTES,
            MessageKind.DOCUMENT: send.FILE_BYTES,
        },
        media_mimes={
            MessageKind.IMAGE: frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}),
            MessageKind.VIDEO: frozenset({"video/mp4", *send.VIDEO_AS_FILES}),
            MessageKind.AUDIO: frozenset({"audio/mpeg", "audio/mp4", "audio/ogg", *send.AUDIO_AS_FILES}),
            MessageKind.DOCUMENT: frozenset(
                {
                    "application/pdf",
                    "application/zip",
                    "application/gzip",
                    "application/x-tar",
                    "application/x-7z-compressed",
                    "application/x-rar-compressed",
                    "application/epub+zip",
                    "application/rtf",
                    "application/octet-stream",
                    "text/plain",
                    "text/csv",
                    "application/msword",
                    "application/vnd.ms-excel",
                    "application/vnd.ms-powerpoint",
                    f"{_OFFICE}.wordprocessingml.document",
                    f"{_OFFICE}.spreadsheetml.sheet",
                    f"{_OFFICE}.presentationml.presentation",
                }
            ),
        },
        caption_limit=send.CAPTION_LIMIT,
        has_receipts=False,
        has_typing=True,
        can_quote=True,
        window_hours=None,
        buttons=10,
        button_length=64,
        has_links=True,
        has_location=True,
        counts_utf16=True,
    )

    def address(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> str:
        """The bot's id, which is the part of its token before the colon."""
        del settings
        return secrets.get("bot_token", "").partition(":")[0]

    def owns(self, settings: Mapping[str, str], address: str) -> bool:
        """An update names no bot: it belongs to the channel that was called."""
        del settings
        return not address

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str], *, url: str = "") -> bool:
        """Telegram signs nothing: it repeats the secret that we gave to setWebhook. Without one nothing is accepted."""
        del body, url
        secret, given = secrets.get("webhook_secret", ""), headers.get(_HEADER, "")
        # As bytes: compare_digest refuses non-ASCII strings with an exception.
        is_same = hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode("utf-8", "replace"))
        return bool(secret) and is_same

    def handshake(self, query: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        del query, secrets
        return None

    def split(self, body: bytes) -> list[base.RawItem]:
        return split.split(body)

    def parse(self, payload: bytes) -> list[Event]:
        return parse.parse(payload)

    def send(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], message: base.OutboundMessage
    ) -> base.SendResult:
        del settings
        return send.send(secrets, message)

    def acknowledge(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], provider_id: str, *, typing: bool = False
    ) -> None:
        del settings
        send.acknowledge(secrets, provider_id, typing=typing)

    def check(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> base.CheckResult:
        del settings
        return account.check(secrets)

    def fetch_media(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], media: base.Media, limit: int, into: BinaryIO
    ) -> base.FetchedMedia:
        del settings
        return account.fetch_media(secrets, media, limit, into)

    def pace(self, settings: Mapping[str, str], facts: Mapping[str, str]) -> base.Pace | None:
        del settings, facts
        return _PACE

    def connect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> base.Connected:
        del settings
        return account.connect(secrets, webhook_url)

    def disconnect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> None:
        del settings
        account.disconnect(secrets, webhook_url)
