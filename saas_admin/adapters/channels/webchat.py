"""Web chat: we are the provider. The widget talks to our own routes: nothing to verify, nothing to call."""

from collections.abc import Mapping
from typing import BinaryIO

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import MEGABYTE, Failure, FailureCode, MessageKind, SendError, SettingField
from saas_admin.adapters.channels.events import Event


class WebChat(base.ChannelAdapter):
    kind = "webchat"
    is_local = True
    signing_secret = ""
    fields = (
        SettingField("title", max_length=60),
        SettingField("color", required=False, max_length=7, pattern=r"#[0-9a-fA-F]{6}"),
        SettingField("domains", required=False, max_length=2000),
        SettingField("greeting", required=False, max_length=500),
        SettingField("position", required=False, max_length=5, pattern=r"left|right"),
        SettingField("label", required=False, max_length=40),
        SettingField("subtitle", required=False, max_length=80),
        SettingField("hint", required=False, max_length=120),
        SettingField("lang", required=False, max_length=2, pattern=r"es|en"),
    )
    capabilities = base.Capabilities(
        text_limit=4096,
        media=frozenset({MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DOCUMENT}),
        media_limits={
            MessageKind.IMAGE: 10 * MEGABYTE,
            MessageKind.VIDEO: 16 * MEGABYTE,
            MessageKind.AUDIO: 16 * MEGABYTE,
            MessageKind.DOCUMENT: 20 * MEGABYTE,
        },
        media_mimes={
            MessageKind.IMAGE: frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}),
            MessageKind.VIDEO: frozenset({"video/mp4", "video/webm"}),
            MessageKind.AUDIO: frozenset({"audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm", "audio/wav"}),
            MessageKind.DOCUMENT: frozenset({"application/pdf", "text/plain"}),
        },
        caption_limit=1024,
        has_receipts=True,
        has_typing=True,
        can_quote=True,
        window_hours=None,
        buttons=10,
        button_length=80,
        list_rows=10,
        row_length=80,
    )

    def address(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> str:
        del settings, secrets
        return ""

    def owns(self, settings: Mapping[str, str], address: str) -> bool:
        del settings, address
        return False

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str], *, url: str = "") -> bool:
        del headers, body, secrets, url
        return False

    def handshake(self, query: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        del query, secrets
        return None

    def split(self, body: bytes) -> list[base.RawItem]:
        del body
        raise base.BrokenPayload("web chat has no webhooks")

    def parse(self, payload: bytes) -> list[Event]:
        del payload
        return [base.Ignored("webchat", "web chat has no webhooks")]

    def send(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], message: base.OutboundMessage
    ) -> base.SendResult:
        """Stored is sent: the id of our own message is the provider's."""
        del settings, secrets
        return base.SendResult(message.callback_data)

    def acknowledge(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], provider_id: str, *, typing: bool = False
    ) -> None:
        del settings, secrets, provider_id, typing

    def check(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> base.CheckResult:
        del settings, secrets
        return base.CheckResult(True)

    def fetch_media(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], media: base.Media, limit: int, into: BinaryIO
    ) -> base.FetchedMedia:
        del settings, secrets, media, limit, into
        raise SendError(Failure(FailureCode.UNSUPPORTED, "", "web chat files are uploaded to us"))
