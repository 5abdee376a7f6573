"""WhatsApp Cloud API (Meta Graph)."""

from collections.abc import Mapping
from typing import BinaryIO

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import MEGABYTE, MessageKind, SettingField
from saas_admin.adapters.channels.content import Template
from saas_admin.adapters.channels.events import Event
from saas_admin.adapters.channels.meta import signing
from saas_admin.adapters.channels.whatsapp_cloud import account, parse, send, split

_DIGITS = r"[0-9]{5,25}"
_OFFICE = "application/vnd.openxmlformats-officedocument"


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
        buttons=send.BUTTONS,
        button_length=send.BUTTON_LENGTH,
        list_rows=send.ROWS,
        row_length=send.ROW_LENGTH,
        has_links=True,
        has_location=True,
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
        return signing.is_signed(headers, body, [secrets.get("app_secret", "")])

    def handshake(self, query: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        return signing.challenge(query, secrets.get("verify_token", ""))

    def split(self, body: bytes) -> list[base.RawItem]:
        return split.split(body)

    def parse(self, payload: bytes) -> list[Event]:
        return parse.parse(payload)

    def send(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], message: base.OutboundMessage
    ) -> base.SendResult:
        return send.send(settings, secrets, message)

    def acknowledge(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], provider_id: str, *, typing: bool = False
    ) -> None:
        send.acknowledge(settings, secrets, provider_id, typing=typing)

    def check(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> base.CheckResult:
        return account.check(settings, secrets)

    def fetch_media(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], media: base.Media, limit: int, into: BinaryIO
    ) -> base.FetchedMedia:
        return send.fetch_media(settings, secrets, media, limit, into)

    def pace(self, settings: Mapping[str, str], facts: Mapping[str, str]) -> base.Pace | None:
        del settings
        return account.pace(facts)

    def connect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> base.Connected:
        return account.connect(settings, secrets, webhook_url)

    def disconnect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> None:
        account.disconnect(settings, secrets, webhook_url)

    def templates(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> list[Template]:
        return account.all_templates(settings, secrets)
