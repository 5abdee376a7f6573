import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from saas_admin.adapters.channels import base, registry
from saas_admin.adapters.channels.base import DeliveryStatus, FailureCode, Ignored, InboundMessage, Media, MessageKind
from saas_admin.adapters.channels.events import AccountNotice, Echo, Edited, Event, ReadUpTo, Severity
from saas_admin.core.i18n import catalogue
from tests.adapters.channels.contract import fixture
from tests.adapters.channels.pages import PageContract, error, sent
from tests.adapters.provider import Answer, Provider

KIND = "messenger"
ADAPTER = registry.get(KIND)
PAGE, PERSON = "104482917350662", "7719402853316048"
AT = datetime.fromtimestamp(1795287723.481, UTC)
CDN = "https://scontent.xx.fbcdn.net/v/t1/"


def body(name: str) -> bytes:
    return fixture(KIND, name)


def every(name: str) -> list[Event]:
    return [event for item in ADAPTER.split(body(name)) for event in ADAPTER.parse(item.payload)]


def message(name: str) -> InboundMessage:
    (event,) = every(name)
    assert isinstance(event, InboundMessage)
    return event


class TestContract(PageContract):
    adapter = ADAPTER
    settings = {"page_id": PAGE}
    secrets = {"page_token": "EAAGtestTOKEN0001", "app_secret": "9f3ac1", "verify_token": "alborada"}
    rotated = {**secrets, "app_secret": "77b0de"}
    path = f"/v23.0/{PAGE}/messages"
    text_body = body("text")
    batch_body = body("batch")
    batch_texts = ["Hola", "Buenas 🌿", "Otra página"]
    unknown_body = body("unknown_type")
    bare_body = body("bare")
    token_refused = error(190, "Invalid OAuth access token EAAGtestTOKEN0001", 401)

    def test_file_without_a_public_address_is_handed_over(self, provider: Provider, tmp_path: Path):
        (tmp_path / "a.png").write_bytes(b"\x89PNG")
        provider.will(Answer(200, {"attachment_id": "1857777774821032"}), sent())
        media = base.OutboundMedia(
            MessageKind.IMAGE, "image/png", "a.png", tmp_path / "a.png", "http://localhost:8000/f/1"
        )
        ADAPTER.send(self.settings, self.secrets, base.OutboundMessage(PERSON, MessageKind.IMAGE, media=media))
        upload, said = provider.asked
        assert upload.path == f"/v23.0/{PAGE}/message_attachments"
        assert b'name="filedata"; filename="a.png"' in upload.body
        assert b'{"attachment":{"type":"image","payload":{"is_reusable":false}}}' in upload.body
        assert said.json["message"] == {
            "attachment": {"type": "image", "payload": {"attachment_id": "1857777774821032"}}
        }

    # Check, connect

    def test_good_credentials(self, provider: Provider):
        page = {"id": PAGE, "name": "Café Alborada", "username": "cafealborada"}
        provider.will(Answer(200, page), Answer(200, {"id": PAGE}))
        result = ADAPTER.check(self.settings, self.secrets)
        assert (result.ok, result.facts) == (True, {"name": "Café Alborada", "username": "cafealborada"})
        assert [asked.path.split("?")[0] for asked in provider.asked] == [f"/v23.0/{PAGE}", "/v23.0/me"]
        assert all("appsecret_proof=" in asked.path and "EAAG" not in asked.path for asked in provider.asked)

    @pytest.mark.parametrize(
        ("answers", "field", "code"),
        [
            ([error(190)], "page_token", "unauthorised"),
            ([error(200)], "page_token", "unauthorised"),
            ([error(100, "Unsupported get request", error_subcode=33)], "page_id", "not_reachable"),
            ([error(100, "Invalid appsecret_proof provided in the API argument")], "app_secret", "rejected"),
            ([Answer(200, {"id": PAGE}), Answer(200, {"id": "55", "name": "Nuria"})], "page_token", "unauthorised"),
            ([Answer(503, b"")], None, "provider_down"),
        ],
    )
    def test_field_to_blame(self, provider: Provider, answers, field, code):
        provider.will(*answers)
        result = ADAPTER.check(self.settings, self.secrets)
        assert result.failure is not None
        assert (result.ok, result.field, result.failure.code) == (False, field, code)
        for lang in ("es", "en"):
            assert f"errors.check_{code}" in catalogue(lang)

    def test_page_is_subscribed_and_let_go(self, provider: Provider):
        provider.will(Answer(200, {"success": True}), Answer(200, {"success": True}))
        made = ADAPTER.connect(self.settings, self.secrets, "https://us.es/webhooks/messenger/x")
        assert (made.is_registered, made.failure) == (False, None)
        ADAPTER.disconnect(self.settings, self.secrets, "https://us.es/webhooks/messenger/x")
        subscribed, let_go = provider.asked
        assert (subscribed.method, let_go.method) == ("POST", "DELETE")
        assert subscribed.path.startswith(f"/v23.0/{PAGE}/subscribed_apps?subscribed_fields=messages%2C")
        for field in ("message_echoes", "messaging_postbacks", "message_deliveries", "message_reads", "standby"):
            assert field in subscribed.path

    def test_refused_subscription_is_told(self, provider: Provider):
        provider.will(error(200))
        failure = ADAPTER.connect(self.settings, self.secrets, "https://us.es").failure
        assert failure
        assert failure.code is FailureCode.UNAUTHORISED


class TestSplit:
    def test_batch_of_two_companies(self):
        items = ADAPTER.split(body("batch"))
        assert [(item.address, item.kind) for item in items] == [
            (PAGE, "message"),
            (PAGE, "unknown"),
            (PAGE, "message"),
            (PAGE, "message"),
            (PAGE, "read"),
            ("555000111222", "message"),
        ]
        keys = [item.key for item in items]
        assert (keys[0], keys[3], keys[4]) == ("m_B1", "m_B2", f"read:{PERSON}:1795287723481")
        assert len(set(keys)) == 6

    def test_entry_without_conversations_is_nothing(self):
        assert ADAPTER.split(body("nothing")) == []

    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("text", "m_AxK01"),
            ("edited", "edit:m_AxK01:1"),
            ("postback", "postback:m_AxK15"),
            ("delivery", f"delivery:{PERSON}:1795287723181"),
            ("standby", "m_AxK16"),
        ],
    )
    def test_key(self, name, key):
        assert [item.key for item in ADAPTER.split(body(name))] == [key]

    @pytest.mark.parametrize("name", ["postback_without_mid", "reaction", "referral_ad", "handover"])
    def test_retry_in_another_batch_has_the_same_key(self, name):
        loaded = json.loads(body(name))
        loaded["entry"][0]["time"] += 90_000
        (first,), (second,) = ADAPTER.split(body(name)), ADAPTER.split(json.dumps(loaded).encode())
        assert first.key == second.key
        assert ADAPTER.parse(first.payload) == ADAPTER.parse(second.payload)

    def test_key_that_a_column_cannot_hold_is_hashed(self):
        for bad in ("x" * 300, "a\\u0000b", "\\ud800"):
            (item,) = ADAPTER.split(body("text").replace(b"m_AxK01", bad.encode()))
            assert item.key.startswith("message:")


class TestParse:
    def test_text(self):
        assert message("text") == InboundMessage(
            "m_AxK01", base.Sender(PERSON), AT, MessageKind.TEXT, "¿Abren el sábado? ☕ https://alborada.es/ñ"
        )

    @pytest.mark.parametrize(
        ("name", "kind", "text", "reply_to", "data"),
        [
            ("text_reply", "text", "Ese", "m_OURS1", {}),
            (
                "quick_reply",
                "interactive",
                "Molido grueso",
                None,
                {"interactive": "quick_reply", "id": "molido-grueso"},
            ),
            ("images", "image", "Así llegó", None, {}),
            ("audio", "audio", "", None, {}),
            ("file", "document", "", None, {}),
            ("sticker", "sticker", "", None, {"sticker_id": "369239263222822"}),
            ("location", "location", "", None, {}),
            (
                "fallback",
                "text",
                "Café Nubes\nhttps://alborada.es/nubes",
                None,
                {"share": {"type": "fallback", "title": "Café Nubes", "url": "https://alborada.es/nubes"}},
            ),
            (
                "fallback_with_text",
                "text",
                "Mira https://alborada.es/nubes",
                None,
                {"share": {"type": "fallback", "title": "Café Nubes", "url": "https://alborada.es/nubes"}},
            ),
            (
                "product",
                "text",
                "¿Queda?",
                None,
                {
                    "share": {"type": "template", "title": "Nubes 250 g\n9,50 €"},
                    "referral": {"product": {"id": "5512"}},
                },
            ),
            ("bare", "unsupported", "", None, {"type": "message", "content": {"mid": "m_AxK14"}}),
            (
                "unknown_type",
                "unsupported",
                "",
                None,
                {"type": "hologram", "content": {"type": "hologram", "payload": {"depth": 3}}},
            ),
            (
                "postback",
                "interactive",
                "Empezar",
                None,
                {
                    "interactive": "postback",
                    "id": "GET_STARTED",
                    "referral": {"ref": "flyer-mayo", "source": "SHORTLINK", "type": "OPEN_THREAD"},
                },
            ),
            ("postback_without_mid", "interactive", "Ver carta", None, {"interactive": "postback", "id": "CARTA"}),
            (
                "referral_ad",
                "interactive",
                "Café de finca",
                None,
                {
                    "interactive": "referral",
                    "id": "promo",
                    "referral": {
                        "ref": "promo",
                        "ad_id": "6045246247433",
                        "source": "ADS",
                        "type": "OPEN_THREAD",
                        "ads_context_data": {"ad_title": "Café de finca", "post_id": "11"},
                    },
                },
            ),
            (
                "optin",
                "interactive",
                "aviso-stock",
                None,
                {"interactive": "optin", "id": "aviso-stock", "optin": {"ref": "aviso-stock", "user_ref": "u-81"}},
            ),
            ("reaction", "reaction", "❤️", "m_OURS2", {"reaction": "love"}),
            ("reaction_removed", "reaction", "", "m_OURS2", {"removed": True}),
            ("standby", "text", "¿Hay alguien?", None, {"standby": True}),
        ],
    )
    def test_content(self, name, kind, text, reply_to, data):
        found = message(name)
        assert (found.kind, found.text, found.reply_to, found.data) == (kind, text, reply_to, data)
        assert (found.sender, found.at) == (base.Sender(PERSON), AT)

    def test_several_files(self):
        found = message("images")
        assert found.media == Media(MessageKind.IMAGE, "image/jpeg", url=CDN + "a.jpg")
        assert found.more_media == (
            Media(MessageKind.IMAGE, "image/jpeg", url=CDN + "b.jpg"),
            Media(MessageKind.VIDEO, "video/mp4", url=CDN + "c.mp4"),
        )

    def test_place(self):
        assert message("location").location == base.Location(20.6738, -103.3704, "Portería")
        assert message("location_impossible").kind is MessageKind.UNSUPPORTED

    @pytest.mark.parametrize(
        ("name", "event"),
        [
            ("edited", Edited("m_AxK01", AT, "¿Abren el domingo?")),
            (
                "delivery",
                ReadUpTo(PERSON, datetime.fromtimestamp(1795287723.181, UTC), DeliveryStatus.DELIVERED),
            ),
            ("read", ReadUpTo(PERSON, datetime.fromtimestamp(1795287723.281, UTC), DeliveryStatus.READ)),
            ("policy", AccountNotice("page_blocked", AT, Severity.SERIOUS, detail="Mensajes no deseados")),
        ],
    )
    def test_news(self, name, event):
        assert every(name) == [event]

    @pytest.mark.parametrize(
        ("name", "text", "callback_data", "data"),
        [
            ("echo_native", "Te contesto desde la página", None, {}),
            ("echo_ours", "Sale hoy", "0193a7e2-5c1f-7c3e-9d11-2f1f6f0a9b10", {}),
            (
                "echo_other_app",
                "¿Te ayudo?",
                None,
                {"share": {"type": "template", "title": "¿Te ayudo?", "template_type": "button"}},
            ),
            ("standby_echo", "Soy el bot", None, {"standby": True}),
        ],
    )
    def test_echo_goes_to_the_customer(self, name, text, callback_data, data):
        (event,) = every(name)
        assert isinstance(event, Echo)
        assert (event.message.sender, event.message.text) == (base.Sender(PERSON), text)
        assert (event.callback_data, event.message.data) == (callback_data, data)

    @pytest.mark.parametrize(
        ("name", "kind"), [("handover", "pass_thread_control"), ("feed", "feed"), ("optin_without_person", "optin")]
    )
    def test_ignored_with_its_data(self, name, kind):
        (event,) = every(name)
        assert isinstance(event, Ignored)
        assert event.kind == kind
        assert event.data

    @pytest.mark.parametrize(
        ("timestamp", "expected"),
        [
            ("1795287723481", 1795287723.481),
            ("1795287723", 1795287723),
            ('"1795287723"', 1795287723),
            ('"2026-11-21T18:22:03+0000"', 1795285323),
        ],
    )
    def test_clock_by_magnitude(self, timestamp, expected):
        changed = body("text").replace(b'"timestamp": 1795287723481', f'"timestamp": {timestamp}'.encode())
        (item,) = ADAPTER.split(changed)
        (event,) = ADAPTER.parse(item.payload)
        assert isinstance(event, InboundMessage)
        assert event.at.timestamp() == expected

    def test_delivery_without_a_moment_names_its_messages(self):
        loaded: Any = json.loads(body("delivery"))
        del loaded["entry"][0]["messaging"][0]["delivery"]["watermark"]
        (item,) = ADAPTER.split(json.dumps(loaded).encode())
        assert ADAPTER.parse(item.payload) == [
            base.StatusUpdate("m_OURS1", DeliveryStatus.DELIVERED, AT, recipient=PERSON)
        ]
