"""Twilio: SMS and WhatsApp by one API. What arrives depends on the sender's kind."""

from collections.abc import Mapping
from typing import BinaryIO

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import SettingField
from saas_admin.adapters.channels.content import Template
from saas_admin.adapters.channels.events import Event
from saas_admin.adapters.channels.twilio import account, addresses, form, limits, parse, send, signature, templates


class Twilio(base.ChannelAdapter):
    kind = "twilio"
    is_local = False
    signing_secret = "auth_token"  # noqa: S105 (a setting's name)
    generated = ()
    acknowledgement = ("<Response/>", "text/xml")
    """Empty TwiML: any words here would go to the customer."""
    fields = (
        SettingField("account_sid", pattern=r"AC[0-9a-fA-F]{32}", max_length=34),
        SettingField("auth_token", secret=True, max_length=128),
        SettingField("from", pattern=addresses.SETTING, max_length=40),
        SettingField("api_key_sid", required=False, pattern=r"SK[0-9a-fA-F]{32}", max_length=34),
        SettingField("api_key_secret", secret=True, required=False, max_length=128),
        SettingField("shared_key", secret=True, required=False, max_length=256),
    )
    capabilities = limits.WHATSAPP

    def shown_as(self, settings: Mapping[str, str]) -> str:
        return "whatsapp_cloud" if settings.get("from", "").startswith("whatsapp:") else self.kind

    def capabilities_of(self, settings: Mapping[str, str]) -> base.Capabilities:
        return limits.capabilities_of(settings.get("from", ""))

    def address(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> str:
        del secrets
        return addresses.spelled(settings["from"])

    def owns(self, settings: Mapping[str, str], address: str) -> bool:
        """An item names our number and, where there is one, the service it belongs to."""
        return addresses.spelled(settings.get("from")) in address.split(" ")

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str], *, url: str = "") -> bool:
        return signature.is_signed(headers, body, secrets, url)

    def handshake(self, query: Mapping[str, str], secrets: Mapping[str, str]) -> str | None:
        """Twilio asks for none."""
        del query, secrets

    def split(self, body: bytes) -> list[base.RawItem]:
        return form.split(body)

    def split_called(self, body: bytes, url: str) -> list[base.RawItem]:
        return form.split(body, url)

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

    def pace(self, settings: Mapping[str, str], facts: Mapping[str, str]) -> base.Pace:
        return limits.pace(settings.get("from", ""), facts)

    def connect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> base.Connected:
        return account.connect(settings, secrets, webhook_url)

    def disconnect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> None:
        account.disconnect(settings, secrets, webhook_url)

    def templates(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> list[Template]:
        """WhatsApp has them; an SMS needs none."""
        return templates.templates(settings, secrets) if self.capabilities_of(settings).has_templates else []
