from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from saas_admin.adapters.channels import base, registry
from saas_admin.adapters.channels.base import DeliveryStatus, FailureCode, Ignored, InboundMessage, Media, MessageKind
from saas_admin.adapters.channels.events import Echo, Event, Revoked
from saas_admin.adapters.channels.meta import graph
from saas_admin.core.config import get_settings
from tests.adapters.channels.contract import fixture
from tests.adapters.channels.pages import PageContract, error, sent, text
from tests.adapters.provider import Answer, Provider

KIND = "instagram"
ADAPTER = registry.get(KIND)
ACCOUNT, PERSON = "17841405309213377", "993017724410582"
AT = datetime.fromtimestamp(1795287723.481, UTC)
CDN = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id="


def body(name: str) -> bytes:
    return fixture(KIND, name)


def every(name: str) -> list[Event]:
    return [event for item in ADAPTER.split(body(name)) for event in ADAPTER.parse(item.payload)]


class TestContract(PageContract):
    adapter = ADAPTER
    settings = {"ig_id": ACCOUNT}
    secrets = {"access_token": "EAAGtestTOKEN0001", "app_secret": "9f3ac1", "verify_token": "alborada"}
    rotated = {**secrets, "app_secret": "77b0de"}
    own = {**secrets, "access_token": "IGAAtestTOKEN0002"}
    path = "/v23.0/me/messages"
    text_body = body("text")
    batch_body = body("batch")
    batch_texts = ["Hola", "Buenas", "Otra cuenta"]
    unknown_body = body("unknown_type")
    bare_body = body("bare")
    token_refused = error(190, "Invalid OAuth access token EAAGtestTOKEN0001", 401)

    def test_either_secret_signs(self):
        both = {**self.secrets, "instagram_app_secret": "c0ffee"}
        for secret in ("9f3ac1", "c0ffee"):
            headers = self.sign(self.text_body, {"app_secret": secret})
            assert ADAPTER.verify(headers, self.text_body, both)
        assert not ADAPTER.verify(self.sign(self.text_body, {"app_secret": "c0ffee"}), self.text_body, self.secrets)

    def test_own_login_posts_to_its_account_without_metadata(self, provider: Provider):
        provider.will(sent())
        ADAPTER.send(self.settings, self.own, text(callback_data="0193a7e2"))
        (asked,) = provider.asked
        assert asked.path == f"/v23.0/{ACCOUNT}/messages"
        assert asked.json["message"] == {"text": "Sale hoy con DHL"}

    def test_host_of_each_token(self, monkeypatch):
        assert graph.base_url("IGAAx") == graph.base_url("EAAx") != ""
        monkeypatch.setenv("META_GRAPH_URL", "https://graph.facebook.com")
        get_settings.cache_clear()
        assert graph.base_url("IGAAx") == "https://graph.instagram.com"
        assert graph.base_url("EAAx") == "https://graph.facebook.com"

    def test_length_is_in_bytes(self, provider: Provider):
        assert self.failure(text("ñ" * 501)).code is FailureCode.CONTENT_REJECTED
        assert provider.asked == []
        provider.will(sent())
        ADAPTER.send(self.settings, self.secrets, text("ñ" * 500))

    def test_file_without_an_address_cannot_leave(self, provider: Provider):
        file = base.OutboundMedia(MessageKind.IMAGE, "image/png", "a.png", Path("unread"))
        message = base.OutboundMessage(PERSON, MessageKind.IMAGE, media=file)
        assert self.failure(message).code is FailureCode.MEDIA_REJECTED
        assert provider.asked == []

    # Check, connect, refresh

    def test_linked_page(self, provider: Provider):
        account = {"id": ACCOUNT, "username": "cafealborada", "name": "Café Alborada"}
        page = {"id": "77", "name": "Alborada", "instagram_business_account": {"id": ACCOUNT}}
        provider.will(Answer(200, account), Answer(200, page))
        result = ADAPTER.check(self.settings, self.secrets)
        facts = {"name": "Café Alborada", "username": "cafealborada", "page_name": "Alborada"}
        assert (result.ok, result.facts) == (True, facts)

    def test_own_login(self, provider: Provider):
        provider.will(Answer(200, {"id": "99", "user_id": ACCOUNT, "username": "cafealborada"}))
        result = ADAPTER.check(self.settings, self.own)
        assert (result.ok, result.facts) == (True, {"username": "cafealborada"})
        assert provider.asked[0].path.startswith("/v23.0/me?")

    @pytest.mark.parametrize(
        ("is_own", "answers", "field", "code"),
        [
            (False, [error(190)], "access_token", "unauthorised"),
            (False, [error(100, "Unsupported", error_subcode=33)], "ig_id", "not_reachable"),
            (False, [Answer(200, {"id": ACCOUNT}), Answer(200, {"id": "77"})], "ig_id", "rejected"),
            (True, [Answer(200, {"id": "1", "user_id": "2"})], "ig_id", "rejected"),
            (True, [error(190)], "access_token", "unauthorised"),
        ],
    )
    def test_field_to_blame(self, provider: Provider, is_own, answers, field, code):
        provider.will(*answers)
        result = ADAPTER.check(self.settings, self.own if is_own else self.secrets)
        assert result.failure is not None
        assert (result.ok, result.field, result.failure.code) == (False, field, code)

    def test_subscription_of_an_own_login(self, provider: Provider):
        provider.default = Answer(200, {"success": True})
        ADAPTER.connect(self.settings, self.own, "https://us.es")
        ADAPTER.disconnect(self.settings, self.own, "https://us.es")
        assert [(a.method, a.path.split("?")[0]) for a in provider.asked] == [
            ("POST", f"/v23.0/{ACCOUNT}/subscribed_apps"),
            ("DELETE", f"/v23.0/{ACCOUNT}/subscribed_apps"),
        ]

    def test_a_page_keeps_its_subscription(self, provider: Provider):
        ADAPTER.disconnect(self.settings, self.secrets, "https://us.es")
        assert provider.asked == []

    def test_token_is_traded(self, provider: Provider):
        provider.will(Answer(200, {"access_token": "IGAAfresh", "token_type": "bearer", "expires_in": 5183944}))
        fresh = ADAPTER.refresh(self.settings, self.own)
        assert fresh
        assert fresh.secrets == {"access_token": "IGAAfresh"}
        assert abs(fresh.expires_at - datetime.now(UTC) - timedelta(seconds=5183944)) < timedelta(seconds=5)
        assert provider.asked[0].path.startswith("/refresh_access_token?grant_type=ig_refresh_token&access_token=")
        assert ADAPTER.refresh(self.settings, self.secrets) is None

    def test_refused_trade_hides_the_token(self, provider: Provider):
        provider.will(error(190, "Session has expired IGAAtestTOKEN0002"))
        with pytest.raises(base.SendError) as raised:
            ADAPTER.refresh(self.settings, self.own)
        assert raised.value.failure.code is FailureCode.UNAUTHORISED
        assert "IGAAtest" not in f"{raised.value}"


class TestParse:
    @pytest.mark.parametrize(
        ("name", "kind", "text", "reply_to", "data"),
        [
            ("text", "text", "¿Envían a Bogotá? 🥐 a/b ñ", None, {}),
            ("image", "image", "", None, {}),
            ("like_heart", "text", "❤️", None, {"like_heart": True}),
            ("story_mention", "image", "", None, {"story": {"url": CDN + "2", "type": "mention"}}),
            (
                "story_reply",
                "text",
                "¿Ese cuánto cuesta?",
                None,
                {"story": {"id": "1788", "url": CDN + "3", "type": "reply"}},
            ),
            (
                "reel",
                "video",
                "Cómo moler",
                None,
                {
                    "share": {
                        "type": "ig_reel",
                        "title": "Cómo moler",
                        "url": CDN + "4",
                        "reel_video_id": "1801",
                    }
                },
            ),
            (
                "reel_relative",
                "text",
                "/reel/1802/",
                None,
                {"share": {"type": "ig_reel", "url": "/reel/1802/", "reel_video_id": 1802}},
            ),
            ("share", "image", "Mira", None, {"share": {"type": "share", "url": CDN + "5"}}),
            ("unsupported", "unsupported", "", None, {"type": "unsupported"}),
            ("quick_reply", "interactive", "Sí", None, {"interactive": "quick_reply", "id": "si"}),
            ("icebreaker", "interactive", "¿Horario?", None, {"interactive": "postback", "id": "HORARIO"}),
            ("reaction", "reaction", "🔥", "aWdfOURS1", {"reaction": "other"}),
            ("standby", "text", "Hola de nuevo", None, {"standby": True}),
        ],
    )
    def test_content(self, name, kind, text, reply_to, data):
        (found,) = every(name)
        assert isinstance(found, InboundMessage)
        assert (found.kind, found.text, found.reply_to, found.data) == (kind, text, reply_to, data)
        assert (found.sender, found.at) == (base.Sender(PERSON), AT)

    @pytest.mark.parametrize(
        ("name", "media"),
        [
            ("story_mention", Media(MessageKind.IMAGE, "image/jpeg", url=CDN + "2")),
            ("story_reply", Media(MessageKind.IMAGE, "image/jpeg", url=CDN + "3")),
            ("reel", Media(MessageKind.VIDEO, "video/mp4", url=CDN + "4")),
            ("reel_relative", None),
        ],
    )
    def test_stories_and_reels_are_kept_while_they_live(self, name, media):
        (found,) = every(name)
        assert isinstance(found, InboundMessage)
        assert found.media == media

    def test_ad(self):
        (found,) = every("ad_referral")
        assert isinstance(found, InboundMessage)
        assert found.data["referral"]["ads_context_data"] == {"ad_title": "Suscripción"}

    def test_deleted_has_a_key_of_its_own(self):
        assert every("deleted") == [Revoked("aWdfMQ01", AT)]
        assert ADAPTER.split(body("deleted"))[0].key != ADAPTER.split(body("text"))[0].key

    def test_seen_names_its_message(self):
        assert every("seen") == [base.StatusUpdate("aWdfOURS1", DeliveryStatus.READ, AT, recipient=PERSON)]

    def test_echo(self):
        (event,) = every("echo")
        assert isinstance(event, Echo)
        assert (event.message.sender, event.message.text) == (base.Sender(PERSON), "Respondo desde Instagram")

    def test_button_of_the_panel_arrives_where_it_was_sent(self):
        (item,) = ADAPTER.split(body("test_button"))
        assert (item.address, item.key, item.kind) == ("", "random_mid", "message")
        (event,) = ADAPTER.parse(item.payload)
        assert isinstance(event, InboundMessage)
        assert (event.text, event.sender.external_id) == ("random_text", "12334")

    def test_comments_are_for_later(self):
        (event,) = every("comment")
        assert isinstance(event, Ignored)
        assert event.kind == "comments"
