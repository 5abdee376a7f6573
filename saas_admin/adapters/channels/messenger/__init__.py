"""Messenger (a Facebook page), and what Instagram shares with it."""

from collections.abc import Mapping
from typing import BinaryIO

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import MEGABYTE, MessageKind, SettingField
from saas_admin.adapters.channels.events import Event
from saas_admin.adapters.channels.messenger import account, parse, send, split
from saas_admin.adapters.channels.meta import signing

_OFFICE = "application/vnd.openxmlformats-officedocument"


class Conversations(base.ChannelAdapter):
    """Meta's conversations of pages and Instagram accounts: one webhook form, one Send API."""

    is_local = False
    signing_secret = "app_secret"  # noqa: S105 (a setting's name)
    generated = ("verify_token",)
    has_profiles = True
    profile_fields = "first_name,last_name"

    def end(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> send.End:
        raise NotImplementedError

    def owns(self, settings: Mapping[str, str], address: str) -> bool:
        return address == self.address(settings, {})

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str], *, url: str = "") -> bool:
        """Instagram logins have an app secret of their own beside the app's: either is good where it is known."""
        del url
        return signing.is_signed(headers, body, [secrets.get(name, "") for name in self._signing_secrets()])

    def _signing_secrets(self) -> tuple[str, ...]:
        return (self.signing_secret,)

    def handshake(self, query: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        return signing.challenge(query, secrets.get("verify_token", ""))

    def split(self, body: bytes) -> list[base.RawItem]:
        return split.split(body)

    def parse(self, payload: bytes) -> list[Event]:
        return parse.parse(payload)

    def send(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], message: base.OutboundMessage
    ) -> base.SendResult:
        return send.send(self.end(settings, secrets), message)

    def acknowledge(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], provider_id: str, *, typing: bool = False
    ) -> None:
        """Nothing: here one tells a person, not a message (`acknowledge_to`)."""
        del settings, secrets, provider_id, typing

    def acknowledge_to(
        self,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        provider_id: str,
        person: str,
        *,
        typing: bool = False,
    ) -> None:
        del provider_id
        send.acknowledge(self.end(settings, secrets), person, typing=typing)

    def fetch_media(
        self, settings: Mapping[str, str], secrets: Mapping[str, str], media: base.Media, limit: int, into: BinaryIO
    ) -> base.FetchedMedia:
        del settings, secrets
        return send.fetch_media(media, limit, into)

    def profile(self, settings: Mapping[str, str], secrets: Mapping[str, str], person: str) -> base.Sender | None:
        return account.profile(self.end(settings, secrets).token, person, self.profile_fields)

    def pace(self, settings: Mapping[str, str], facts: Mapping[str, str]) -> base.Pace | None:
        del settings, facts
        return account.PACE


class Messenger(Conversations):
    kind = "messenger"
    fields = (
        SettingField("page_id", pattern=r"[0-9]{5,25}", max_length=25),
        SettingField("page_token", secret=True, max_length=1024),
        SettingField("app_secret", secret=True, max_length=128),
        SettingField("verify_token", secret=True, required=False, max_length=256),
    )
    capabilities = base.Capabilities(
        text_limit=2000,
        media=frozenset({MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DOCUMENT}),
        media_limits={
            MessageKind.IMAGE: 8 * MEGABYTE,
            MessageKind.VIDEO: 25 * MEGABYTE,
            MessageKind.AUDIO: 25 * MEGABYTE,
            MessageKind.DOCUMENT: 25 * MEGABYTE,
        },
        media_mimes={
            MessageKind.IMAGE: frozenset({"image/jpeg", "image/png", "image/gif"}),
            MessageKind.VIDEO: frozenset({"video/mp4", "video/quicktime", "video/webm"}),
            MessageKind.AUDIO: frozenset({"audio/mpeg", "audio/mp4", "audio/aac", "audio/wav", "audio/ogg"}),
            MessageKind.DOCUMENT: frozenset(
                {
                    "application/pdf",
                    "text/plain",
                    "application/zip",
                    "application/msword",
                    "application/vnd.ms-excel",
                    "application/vnd.ms-powerpoint",
                    f"{_OFFICE}.wordprocessingml.document",
                    f"{_OFFICE}.spreadsheetml.sheet",
                    f"{_OFFICE}.presentationml.presentation",
                }
            ),
        },
        caption_limit=0,
        has_receipts=True,
        has_typing=True,
        can_quote=True,
        window_hours=24,
        late_hours=168,
        has_standby=True,
        buttons=send.QUICK_REPLIES,
        button_length=send.TITLE,
        has_links=True,
    )

    def address(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> str:
        del secrets
        return settings["page_id"]

    def end(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> send.End:
        return send.End(
            settings["page_id"], secrets.get("page_token", ""), self.capabilities.text_limit, can_upload=True
        )

    def check(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> base.CheckResult:
        return account.check_page(settings, secrets)

    def connect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> base.Connected:
        del webhook_url
        return account.connect(settings["page_id"], secrets.get("page_token", ""), account.PAGE_FIELDS)

    def disconnect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> None:
        del webhook_url
        account.disconnect(settings["page_id"], secrets.get("page_token", ""))
