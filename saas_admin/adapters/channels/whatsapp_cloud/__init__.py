"""WhatsApp Cloud API (Meta Graph)."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import BinaryIO

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import MEGABYTE, MessageKind, SettingField
from saas_admin.adapters.channels.events import Event
from saas_admin.adapters.channels.whatsapp_cloud import parse, send, split

_DIGITS = r"[0-9]{5,25}"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_PREFIX = "sha256="


class WhatsAppCloud(base.ChannelAdapter):
    kind = "whatsapp_cloud"
    is_local = False
    signing_secret = "app_secret"  # noqa: S105 (a setting's name)
    generated = ("verify_token",)
    fields = (
        SettingField("phone_number_id", pattern=_DIGITS, max_length=25),
        SettingField("waba_id", pattern=_DIGITS, max_length=25),
        SettingField("access_token", secret=True, max_length=1024),
        SettingField("app_secret", secret=True, max_length=128),
        SettingField("verify_token", secret=True, required=False, max_length=256),
    )
    capabilities = base.Capabilities(
        text_limit=send.TEXT_LIMIT,
        media=frozenset({MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DOCUMENT}),
        media_limits={
            MessageKind.IMAGE: 5 * MEGABYTE,
            MessageKind.VIDEO: 16 * MEGABYTE,
            MessageKind.AUDIO: 16 * MEGABYTE,
            MessageKind.DOCUMENT: 100 * MEGABYTE,
        },
        media_mimes={
            MessageKind.IMAGE: frozenset({"image/jpeg", "image/png"}),
            MessageKind.VIDEO: frozenset({"video/mp4", "video/3gpp"}),
            MessageKind.AUDIO: frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}),
            MessageKind.DOCUMENT: frozenset(
                {
                    "application/pdf",
                    "text/plain",
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
        has_receipts=True,
        has_typing=True,
        can_quote=True,
        window_hours=24,
        has_templates=True,
    )

    def address(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> str:
        del secrets
        return settings["phone_number_id"]

    def owns(self, settings: Mapping[str, str], address: str) -> bool:
        """Messages name the number; notices about templates and the account name the business account."""
        return address in (settings.get("phone_number_id"), settings.get("waba_id"))

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str], *, url: str = "") -> bool:
        """Meta signs the bytes as sent, with the app's secret. Without a secret nothing is accepted."""
        del url
        secret = secrets.get("app_secret", "")
        given = headers.get("x-hub-signature-256", "")
        if not secret or not given.startswith(_PREFIX):
            return False
        expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        # As bytes: compare_digest refuses non-ASCII strings with an exception.
        return hmac.compare_digest(given[len(_PREFIX) :].encode("utf-8", "replace"), expected.encode())

    def handshake(self, query: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        token = secrets.get("verify_token", "")
        given = query.get("hub.verify_token", "")
        if query.get("hub.mode") != "subscribe" or not token:
            return None
        is_right = hmac.compare_digest(given.encode("utf-8", "replace"), token.encode("utf-8", "replace"))
        return query.get("hub.challenge", "") if is_right else None

    def split(self, body: bytes) -> list[base.RawItem]:
        return split.split(body)

    def parse(self, payload: bytes) -> list[Event]:
        return parse.parse(payload)

    def send(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], message: base.OutboundMessage
    ) -> base.SendResult:
        return send.send(settings, secrets, message)

    def pace(self, settings: Mapping[str, str], facts: Mapping[str, str]) -> base.Pace:
        """80 messages a second per number, one in six seconds per person (Cloud API throughput and pair rate limit)."""
        del settings, facts
        return base.Pace(per_second=80, seconds_per_person=6.0)

    def acknowledge(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], provider_id: str, *, typing: bool = False
    ) -> None:
        send.acknowledge(settings, secrets, provider_id, typing=typing)

    def check(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> base.CheckResult:
        return send.check(settings, secrets)

    def fetch_media(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], media: base.Media, limit: int, into: BinaryIO
    ) -> base.FetchedMedia:
        return send.fetch_media(settings, secrets, media, limit, into)
