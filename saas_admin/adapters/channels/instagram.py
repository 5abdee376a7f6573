"""Instagram's direct messages, by an Instagram login or by the page an account is linked to."""

from collections.abc import Mapping

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import MEGABYTE, MessageKind, SettingField
from saas_admin.adapters.channels.messenger import Conversations, account, send
from saas_admin.adapters.channels.meta import graph


class Instagram(Conversations):
    kind = "instagram"
    profile_fields = "name,username"
    fields = (
        SettingField("ig_id", pattern=r"[0-9]{5,25}", max_length=25),
        SettingField("access_token", secret=True, max_length=1024),
        SettingField("app_secret", secret=True, max_length=128),
        SettingField("instagram_app_secret", secret=True, required=False, max_length=128),
        SettingField("verify_token", secret=True, required=False, max_length=256),
    )
    capabilities = base.Capabilities(
        text_limit=1000,
        counts_bytes=True,
        media=frozenset({MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DOCUMENT}),
        media_limits={
            MessageKind.IMAGE: 8 * MEGABYTE,
            MessageKind.VIDEO: 25 * MEGABYTE,
            MessageKind.AUDIO: 25 * MEGABYTE,
            MessageKind.DOCUMENT: 25 * MEGABYTE,
        },
        media_mimes={
            MessageKind.IMAGE: frozenset({"image/jpeg", "image/png"}),
            MessageKind.VIDEO: frozenset({"video/mp4", "video/quicktime", "video/webm"}),
            MessageKind.AUDIO: frozenset({"audio/aac", "audio/mp4", "audio/wav"}),
            MessageKind.DOCUMENT: frozenset({"application/pdf"}),
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

    def _signing_secrets(self) -> tuple[str, ...]:
        return (self.signing_secret, "instagram_app_secret")

    def address(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> str:
        del secrets
        return settings["ig_id"]

    def end(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> send.End:
        """With a page's token `me` is the page. An Instagram login's Send API does not know `metadata`."""
        token = secrets.get("access_token", "")
        is_own = graph.is_instagram_token(token)
        path = settings["ig_id"] if is_own else "me"
        return send.End(path, token, self.capabilities.text_limit, counts_bytes=True, has_metadata=not is_own)

    def check(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> base.CheckResult:
        return account.check_instagram(settings, secrets)

    def connect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> base.Connected:
        """A page has one list of fields for both its channels: never a shorter one than Messenger needs."""
        del webhook_url
        end = self.end(settings, secrets)
        is_own = graph.is_instagram_token(end.token)
        return account.connect(end.path, end.token, account.INSTAGRAM_FIELDS if is_own else account.PAGE_FIELDS)

    def disconnect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> None:
        """A linked page's subscription stays: it is Messenger's too."""
        del webhook_url
        end = self.end(settings, secrets)
        if graph.is_instagram_token(end.token):
            account.disconnect(end.path, end.token)

    def refresh(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> base.Refreshed | None:
        del settings
        return account.refresh_instagram(secrets.get("access_token", ""))

    def expires(self, secrets: Mapping[str, str]) -> bool:
        return graph.is_instagram_token(secrets.get("access_token", ""))
