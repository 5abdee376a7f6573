import hashlib
import hmac
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pywa.utils import webhook_updates_validator

from saas_admin.adapters.channels import base, registry
from saas_admin.adapters.channels.base import (
    DeliveryStatus,
    FailureCode,
    Ignored,
    InboundMessage,
    MessageKind,
    StatusUpdate,
)
from saas_admin.adapters.channels.content import TemplateCategory, TemplateStatus
from saas_admin.adapters.channels.events import (
    AccountNotice,
    AddressMoved,
    Echo,
    Edited,
    Event,
    Preference,
    Purpose,
    Revoked,
    Severity,
    TemplateChanged,
)
from saas_admin.adapters.channels.whatsapp_cloud import notices
from saas_admin.core.i18n import catalogue
from tests.adapters.channels.contract import Contract, fixture
from tests.adapters.provider import Answer, Provider

KIND = "whatsapp_cloud"
ADAPTER = registry.get(KIND)
NUMBER, WABA = "284519037716420", "119384570263915"


def body(name: str) -> bytes:
    return fixture(KIND, name)


def error(code: int, message: str = "", status: int = 400, **more: Any) -> Answer:
    return Answer(
        status, {"error": {"message": message or f"(#{code}) no", "type": "OAuthException", "code": code, **more}}
    )


def sent(provider_id: str = "wamid.OURS9001") -> Answer:
    said = {"contacts": [{"input": "1", "wa_id": "1"}], "messages": [{"id": provider_id}]}
    return Answer(200, {"messaging_product": "whatsapp", **said})


def stored(folder: Path, content: bytes) -> Path:
    (folder / "file").write_bytes(content)
    return folder / "file"


def text(words: str = "Sale hoy con DHL", **more: Any) -> base.OutboundMessage:
    return base.OutboundMessage(to="523318472290", kind=MessageKind.TEXT, text=words, **more)


def every(name: str) -> list[Event]:
    return [event for item in ADAPTER.split(body(name)) for event in ADAPTER.parse(item.payload)]


def only(name: str) -> Event:
    (event,) = every(name)
    return event


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


NOTED = at(1795287903)
TEMPLATE = ("806312974732579", "pedido_enviado", "es_MX", NOTED)


class TestContract(Contract):
    adapter = ADAPTER
    settings = {"phone_number_id": NUMBER, "waba_id": WABA}
    secrets = {"access_token": "EAAGtestTOKEN0001", "app_secret": "9f3ac1", "verify_token": "alborada"}
    rotated = {**secrets, "app_secret": "77b0de"}
    signature_header = "x-hub-signature-256"
    endpoint = "META_GRAPH_URL"
    text_body = body("text")
    batch_body = body("batch")
    batch_texts = ["Hola", "Buenas tardes", "Otra tienda"]
    unknown_body = body("unknown_type")
    bare_body = body("image_without_object")
    message = text()
    media = base.Media(MessageKind.IMAGE, "image/jpeg", provider_id="908417263355")
    accepted = sent()
    accepted_id = "wamid.OURS9001"
    nameless = Answer(200, {"messaging_product": "whatsapp", "messages": []})
    throttled = error(130429, "Rate limit hit", 403)
    rejected = error(131026, "Message undeliverable")
    token_refused = error(190, "Invalid OAuth access token EAAGtestTOKEN0001", 401)
    media_gone = [error(100, "Unsupported get request", error_subcode=33)]

    def sign(self, body, secrets):
        digest = hmac.new(secrets["app_secret"].encode(), body, hashlib.sha256).hexdigest()
        return {"x-hub-signature-256": f"sha256={digest}"}

    # Requests

    def test_text_request(self, provider: Provider):
        provider.will(sent())
        ADAPTER.send(self.settings, self.secrets, text(reply_to="wamid.IN1", callback_data="0193a7e2"))
        (asked,) = provider.asked
        assert (asked.method, asked.path) == ("POST", f"/v23.0/{NUMBER}/messages")
        assert asked.headers["authorization"] == "Bearer EAAGtestTOKEN0001"
        assert asked.json == {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "523318472290",
            "context": {"message_id": "wamid.IN1"},
            "biz_opaque_callback_data": "0193a7e2",
            "type": "text",
            "text": {"body": "Sale hoy con DHL", "preview_url": False},
        }

    def test_person_without_a_visible_number_is_a_recipient(self, provider: Provider):
        provider.will(sent())
        ADAPTER.send(self.settings, self.secrets, base.OutboundMessage("CO.5518203349176", MessageKind.TEXT, "Sí"))
        assert provider.asked[0].json["recipient"] == "CO.5518203349176"
        assert "to" not in provider.asked[0].json

    def test_file_is_uploaded_then_sent_by_id(self, provider: Provider, tmp_path: Path):
        provider.will(Answer(200, {"id": "4490709327384033"}), sent())
        file = base.OutboundMedia(
            MessageKind.DOCUMENT, "application/pdf", "recibo nº 7.pdf", stored(tmp_path, b"%PDF-1.7 \x00\xff")
        )
        message = base.OutboundMessage("523318472290", MessageKind.DOCUMENT, "Tu recibo", file)
        assert ADAPTER.send(self.settings, self.secrets, message).provider_id == "wamid.OURS9001"
        upload, send = provider.asked
        assert upload.path == f"/v23.0/{NUMBER}/media"
        assert upload.headers["content-type"].startswith("multipart/form-data")
        assert b"%PDF-1.7 \x00\xff" in upload.body
        assert b'name="messaging_product"\r\n\r\nwhatsapp' in upload.body
        assert send.json["document"] == {
            "id": "4490709327384033",
            "caption": "Tu recibo",
            "filename": "recibo nº 7.pdf",
        }

    def test_silence_during_the_upload_may_be_tried_again(self, provider: Provider, monkeypatch, tmp_path: Path):
        monkeypatch.setattr("saas_admin.adapters.channels.meta.graph.UPLOAD_SECONDS", 0.3)
        provider.will(Answer(hang=True))
        file = base.OutboundMedia(MessageKind.IMAGE, "image/png", "a.png", stored(tmp_path, b"png"))
        failure = self.failure(base.OutboundMessage("523318472290", MessageKind.IMAGE, "", file))
        assert (failure.code, failure.can_retry) == (FailureCode.TIMEOUT_BEFORE, True)
        assert len(provider.asked) == 1

    @pytest.mark.parametrize(
        ("message", "code"),
        [
            (text(""), FailureCode.CONTENT_REJECTED),
            (text("a" * 4097), FailureCode.CONTENT_REJECTED),
            (base.OutboundMessage("1", MessageKind.LOCATION), FailureCode.UNSUPPORTED),
            (
                base.OutboundMessage(
                    "1",
                    MessageKind.AUDIO,
                    "con texto",
                    base.OutboundMedia(MessageKind.AUDIO, "audio/ogg", "a.ogg", Path("unread")),
                ),
                FailureCode.UNSUPPORTED,
            ),
        ],
    )
    def test_what_cannot_be_carried_is_said_and_nothing_is_sent(self, provider: Provider, message, code):
        assert self.failure(message).code is code
        assert provider.asked == []

    def test_token_that_cannot_be_a_header(self, provider: Provider):
        with pytest.raises(base.SendError) as raised:
            ADAPTER.send(self.settings, {**self.secrets, "access_token": "clave\nñ"}, text())
        assert raised.value.failure.code is FailureCode.UNAUTHORISED
        assert provider.asked == []

    def test_success_status_with_an_error_inside(self, provider: Provider):
        provider.will(error(131047, "Re-engagement message", 200))
        assert self.failure().code is FailureCode.WINDOW_CLOSED

    @pytest.mark.parametrize(
        ("code", "more", "expected"),
        [
            (4, {}, FailureCode.THROTTLED),
            (613, {}, FailureCode.THROTTLED),
            (80007, {}, FailureCode.THROTTLED),
            (130429, {}, FailureCode.THROTTLED),
            (131056, {}, FailureCode.THROTTLED),
            ("131056", {}, FailureCode.THROTTLED),
            (1, {}, FailureCode.PROVIDER_DOWN),
            (2, {}, FailureCode.PROVIDER_DOWN),
            (131000, {}, FailureCode.PROVIDER_DOWN),
            (131016, {}, FailureCode.PROVIDER_DOWN),
            (0, {}, FailureCode.UNAUTHORISED),
            (10, {}, FailureCode.UNAUTHORISED),
            (200, {}, FailureCode.UNAUTHORISED),
            (100, {"error_subcode": 33}, FailureCode.UNAUTHORISED),
            (100, {}, FailureCode.CONTENT_REJECTED),
            (131009, {}, FailureCode.CONTENT_REJECTED),
            (131047, {}, FailureCode.WINDOW_CLOSED),
            (131026, {}, FailureCode.NOT_REACHABLE),
            (131062, {}, FailureCode.NOT_REACHABLE),
            (131050, {}, FailureCode.OPTED_OUT),
            (131049, {}, FailureCode.MARKETING_CAPPED),
            (132000, {}, FailureCode.TEMPLATE_PROBLEM),
            (132015, {}, FailureCode.TEMPLATE_PROBLEM),
            (131053, {}, FailureCode.MEDIA_REJECTED),
            (368, {}, FailureCode.ACCOUNT_BLOCKED),
            (131031, {}, FailureCode.ACCOUNT_BLOCKED),
            (131048, {}, FailureCode.ACCOUNT_BLOCKED),
            (131051, {}, FailureCode.UNSUPPORTED),
            (987654, {}, FailureCode.REJECTED),
            (987654, {"is_transient": True}, FailureCode.PROVIDER_DOWN),
            (None, {}, FailureCode.REJECTED),
        ],
    )
    @pytest.mark.parametrize("status", [200, 400, 429, 500])
    def test_error_code_decides_not_the_status(self, provider: Provider, code, more, expected, status):
        provider.will(error(code, status=status, **more))
        assert self.failure().code is expected

    def test_pair_limit_says_how_long(self, provider: Provider):
        provider.will(error(131056))
        assert self.failure().retry_after == 6.0

    def test_retry_after_header(self, provider: Provider):
        provider.will(Answer(429, {"error": {"code": 4, "message": "limit"}}, {"retry-after": "17"}))
        assert self.failure().retry_after == 17.0

    def test_acknowledge(self, provider: Provider):
        provider.will(Answer(200, {"success": True}), Answer(200, {"success": True}))
        ADAPTER.acknowledge(self.settings, self.secrets, "wamid.IN1")
        ADAPTER.acknowledge(self.settings, self.secrets, "wamid.IN1", typing=True)
        read = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN1"}
        assert [asked.json for asked in provider.asked] == [read, {**read, "typing_indicator": {"type": "text"}}]

    # Check

    def test_good_credentials(self, provider: Provider):
        found = {
            "id": NUMBER,
            "display_phone_number": "+34 960 31 82 74",
            "verified_name": "Café Alborada",
            "quality_rating": "GREEN",
        }
        pages = [
            {"data": [{"id": "1"}], "paging": {"cursors": {"after": "MQZDZD"}}},
            {"data": [{"id": NUMBER}]},
        ]
        more = {
            "name_status": "APPROVED",
            "code_verification_status": "VERIFIED",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "HIGH"},
            "is_on_biz_app": False,
            "whatsapp_business_manager_messaging_limit": "TIER_2K",
        }
        provider.will(Answer(200, found), *(Answer(200, page) for page in pages), Answer(200, more))
        result = ADAPTER.check(self.settings, self.secrets)
        facts = {**found, **more, "throughput": "HIGH", "is_on_biz_app": "false", "messaging_limit": "2000"}
        del facts["id"], facts["whatsapp_business_manager_messaging_limit"]
        assert (result.ok, result.facts, result.field) == (True, facts, None)
        paths = [asked.path.split("?")[0] for asked in provider.asked]
        assert paths == [f"/v23.0/{NUMBER}", *[f"/v23.0/{WABA}/phone_numbers"] * 2, f"/v23.0/{NUMBER}"]
        assert "after=MQZDZD" in provider.asked[2].path
        assert "EAAG" not in "".join(asked.path for asked in provider.asked)

    def test_further_facts_may_be_missing(self, provider: Provider):
        provider.will(Answer(200, {"id": NUMBER}), Answer(200, {"data": [{"id": NUMBER}]}), error(100, "no such field"))
        assert ADAPTER.check(self.settings, self.secrets).ok

    @pytest.mark.parametrize(
        ("answers", "field", "code"),
        [
            ([error(190)], "access_token", "unauthorised"),
            ([error(10)], "access_token", "unauthorised"),
            ([error(100, "Unsupported get request", error_subcode=33)], "phone_number_id", "not_reachable"),
            ([error(803)], "phone_number_id", "not_reachable"),
            ([error(100, "Invalid appsecret_proof provided in the API argument")], "app_secret", "rejected"),
            ([error(368)], None, "account_blocked"),
            ([error(4)], None, "throttled"),
            ([Answer(503, b"")], None, "provider_down"),
            (
                [Answer(200, {"id": NUMBER}), error(100, "Unsupported get request", error_subcode=33)],
                "waba_id",
                "rejected",
            ),
            ([Answer(200, {"id": NUMBER}), Answer(200, {"data": [{"id": "1"}, None]})], "waba_id", "rejected"),
            ([Answer(hang=True)], None, "timeout_before"),
        ],
    )
    def test_field_to_blame(self, provider: Provider, monkeypatch, answers, field, code):
        monkeypatch.setattr("saas_admin.adapters.channels.whatsapp_cloud.account.CHECK_SECONDS", 0.4)
        provider.will(*answers)
        result = ADAPTER.check(self.settings, self.secrets)
        assert result.failure is not None
        assert (result.ok, result.field, result.failure.code) == (False, field, code)
        assert len(provider.asked) == len(answers)
        for lang in ("es", "en"):
            assert f"errors.check_{code}" in catalogue(lang)

    # Media

    def test_media_is_fetched_with_the_token(self, provider: Provider):
        url = f"{provider.url}/whatsapp_business/attachments/?mid=1"
        provider.will(
            Answer(200, {"url": url, "mime_type": "image/jpeg", "id": "908417263355"}), Answer(200, b"\xff\xd8jpeg")
        )
        into = io.BytesIO()
        found = ADAPTER.fetch_media(self.settings, self.secrets, self.media, 1000, into)
        assert (into.getvalue(), found.mime) == (b"\xff\xd8jpeg", "image/jpeg")
        assert provider.asked[1].headers["authorization"] == "Bearer EAAGtestTOKEN0001"

    def test_media_over_the_limit(self, provider: Provider):
        provider.will(Answer(200, {"url": f"{provider.url}/f"}), Answer(200, b"x" * 2000))
        with pytest.raises(base.SendError) as raised:
            ADAPTER.fetch_media(self.settings, self.secrets, self.media, 1000, io.BytesIO())
        assert raised.value.failure.code is FailureCode.MEDIA_REJECTED

    @pytest.mark.parametrize(
        "url",
        [
            "http://evil.example/x",
            "https://fbsbx.com.evil.example/",
            "https://evilfacebook.com/",
            "file:///etc/passwd",
            "",
        ],
    )
    def test_token_goes_to_meta_only(self, provider: Provider, url):
        provider.will(Answer(200, {"url": url}))
        with pytest.raises(base.SendError) as raised:
            ADAPTER.fetch_media(self.settings, self.secrets, self.media, 1000, io.BytesIO())
        assert raised.value.failure.code is FailureCode.MEDIA_REJECTED
        assert len(provider.asked) == 1

    # The reference client agrees on signatures

    @pytest.mark.parametrize("name", ["text", "batch", "status_failed"])
    def test_pywa_agrees(self, name):
        headers = self.sign(body(name), self.secrets)
        assert webhook_updates_validator(self.secrets["app_secret"], body(name), headers["x-hub-signature-256"])
        assert ADAPTER.verify(headers, body(name), self.secrets)


class TestHandshake:
    secrets = {"verify_token": "alborada-ñ"}

    def test_right_token_gets_its_challenge(self):
        query = {"hub.mode": "subscribe", "hub.verify_token": "alborada-ñ", "hub.challenge": "1158201444"}
        assert ADAPTER.handshake(query, self.secrets) == "1158201444"

    @pytest.mark.parametrize(
        ("change", "secrets"),
        [
            ({"hub.verify_token": "otro"}, secrets),
            ({"hub.verify_token": ""}, {"verify_token": ""}),
            ({}, {}),
            ({"hub.mode": "unsubscribe"}, secrets),
        ],
    )
    def test_anything_else_gets_nothing(self, change, secrets):
        query = {"hub.mode": "subscribe", "hub.verify_token": "alborada-ñ", "hub.challenge": "1", **change}
        assert ADAPTER.handshake(query, secrets) is None


class TestSplit:
    def test_batch_of_two_companies(self):
        items = ADAPTER.split(body("batch"))
        assert [(item.address, item.kind) for item in items] == [
            (NUMBER, "messages"),
            (NUMBER, "messages"),
            (NUMBER, "messages"),
            (NUMBER, "statuses"),
            ("555000111222", "messages"),
        ]
        assert items[3].key == "status:wamid.OURS0005:sent:5213318472290"
        assert items[0].key.startswith("wamid.")
        assert items[1].key.startswith("messages:")
        assert len({item.key for item in items}) == 5

    def test_item_keeps_the_contact_of_its_own_sender(self):
        first, _, third, *_ = ADAPTER.split(body("batch"))
        names = [
            json.loads(i.payload)["entry"][0]["changes"][0]["value"]["contacts"][0]["profile"]["name"]
            for i in (first, third)
        ]
        assert names == ["Ximena Robles", "Marta Soler 🌿"]

    def test_account_event_is_addressed_to_the_account(self):
        (item,) = ADAPTER.split(body("template_status"))
        assert (item.address, item.kind) == (WABA, "message_template_status_update")
        assert item.key.startswith("message_template_status_update:")

    def test_same_notice_at_another_time_is_another_event(self):
        later = body("template_status").replace(b"1795287903", b"1795299999")
        assert ADAPTER.split(later)[0].key != ADAPTER.split(body("template_status"))[0].key

    def test_key_that_a_column_cannot_hold_is_hashed(self):
        for bad in ("x" * 300, "a\\u0000b", "\\ud800"):
            (item,) = ADAPTER.split(
                body("text").replace(b"wamid.HBgNNTIxMzMxODQ3MjI5MBUCABIYFDNBQ0I0001FADE", bad.encode())
            )
            assert item.key.startswith("messages:")

    @pytest.mark.parametrize(
        "value", [None, 7, [], "x", {}, {"messages": {"a": 1}}, {"messages": None}, {"calls": [1]}]
    )
    def test_change_without_items_is_kept_whole(self, value):
        loaded = {"entry": [{"id": WABA, "changes": [{"field": "messages", "value": value}]}]}
        (item,) = ADAPTER.split(json.dumps(loaded).encode())
        assert (item.address, item.kind) == (WABA, "messages")
        assert all(isinstance(event, Ignored) for event in ADAPTER.parse(item.payload))

    def test_number_too_long_for_python_does_not_lose_the_batch(self):
        damaged = body("batch").replace(b'"Otra tienda"', b"9" * 6000)
        assert len(ADAPTER.split(damaged)) == 5


class TestParse:
    def test_text(self):
        assert only("text") == InboundMessage(
            provider_id="wamid.HBgNNTIxMzMxODQ3MjI5MBUCABIYFDNBQ0I0001FADE",
            sender=base.Sender(
                external_id="523318472290",
                name="Ximena Robles",
                phone="+523318472290",
                aliases=("5213318472290", "MX.7719402853316048"),
            ),
            at=datetime.fromtimestamp(1795287723, UTC),
            kind=MessageKind.TEXT,
            text="¿Y si le agrego la taza, llega antes del viernes? 🙌",
        )

    def test_hidden_number(self):
        event = only("text_hidden_number")
        assert isinstance(event, InboundMessage)
        assert event.sender == base.Sender("CO.5518203349176", name="Andrés", username="andres.cif")

    @pytest.mark.parametrize(
        ("name", "kind", "text", "reply_to", "data"),
        [
            ("text_reply", "text", "Ese mismo", "wamid.OURS0001", {}),
            ("text_group", "text", "Yo llevo el mío", None, {"group_id": "Y2FwaV9ncm91cDox"}),
            ("image", "image", "Así llegó la bolsa", None, {}),
            ("video_forwarded", "video", "", None, {"forwarded": True, "frequently_forwarded": True}),
            ("sticker", "sticker", "", None, {"animated": True}),
            (
                "button_reply",
                "interactive",
                "Sí, envíalo",
                "wamid.OURS0002",
                {"interactive": "button_reply", "id": "envio-si"},
            ),
            (
                "list_reply",
                "interactive",
                "Molido grueso",
                None,
                {"interactive": "list_reply", "id": "molido-grueso", "description": "Para prensa francesa"},
            ),
            (
                "form_reply",
                "interactive",
                "Enviado",
                None,
                {"interactive": "nfm_reply", "response": {"flow_token": "t-81", "molienda": "gruesa", "bolsas": 3}},
            ),
            ("template_button", "interactive", "Ahora no", "wamid.OURS0003", {"payload": "recordar-no"}),
            ("reaction", "reaction", "❤️", "wamid.OURS0004", {}),
            ("reaction_removed", "reaction", "", "wamid.OURS0004", {"removed": True}),
            ("image_without_object", "unsupported", "", None, {"type": "image"}),
            ("unknown_type", "unsupported", "", None, {"type": "hologram", "content": {"id": "77", "depth": 3}}),
        ],
    )
    def test_content(self, name, kind, text, reply_to, data):
        event = only(name)
        assert isinstance(event, InboundMessage)
        assert (event.kind, event.text, event.reply_to, event.data) == (kind, text, reply_to, data)

    @pytest.mark.parametrize(
        ("name", "media"),
        [
            (
                "image",
                base.Media(
                    MessageKind.IMAGE,
                    "image/jpeg",
                    "908417263355",
                    "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=908417263355",
                    sha256="p0n3Lkz1=",
                ),
            ),
            (
                "audio_voice",
                base.Media(MessageKind.AUDIO, "audio/ogg; codecs=opus", "771520946", sha256="q9=", voice=True),
            ),
            (
                "document",
                base.Media(MessageKind.DOCUMENT, "application/pdf", "66120934", None, "factura-2839.pdf", "d0="),
            ),
        ],
    )
    def test_media(self, name, media):
        event = only(name)
        assert isinstance(event, InboundMessage)
        assert event.media == media

    def test_location(self):
        event = only("location")
        assert isinstance(event, InboundMessage)
        assert event.location == base.Location(20.6738686, -103.3704325, "Portería", "Av. Chapultepec 284, Guadalajara")

    def test_contacts(self):
        event = only("contacts")
        assert isinstance(event, InboundMessage)
        assert event.contacts == (
            base.ContactCard("Lupita Robles", ("+52 33 2104 7781",), ("lupita@correo.mx",)),
            base.ContactCard("Óscar", ("523312209944",)),
        )

    def test_unsupported_says_why(self):
        event = only("unsupported")
        assert isinstance(event, InboundMessage)
        assert (event.kind, event.data["errors"][0]["code"]) == (MessageKind.UNSUPPORTED, 131051)

    def test_order_keeps_its_products(self):
        event = only("order")
        assert isinstance(event, InboundMessage)
        assert (event.kind, event.text) == (MessageKind.UNSUPPORTED, "Para el jueves")
        assert event.data["order"]["product_items"][0]["product_retailer_id"] == "NUBES-250"

    def test_changed_number_keeps_the_person(self):
        moved, event = every("number_changed")
        assert moved == AddressMoved("523318472290", "523319920417", datetime.fromtimestamp(1795287723, UTC))
        assert isinstance(event, InboundMessage)
        assert event.sender == base.Sender(
            "523319920417", phone="+523319920417", aliases=("5213319920417", "523318472290", "5213318472290")
        )
        assert event.data == {
            "type": "system",
            "system": "user_changed_number",
            "old": "5213318472290",
            "new": "523319920417",
        }

    def test_changed_scoped_id(self):
        moved, event = every("user_id_changed")
        assert moved == AddressMoved("CO.5518203349176", "CO.9930017723", datetime.fromtimestamp(1795287723, UTC))
        assert isinstance(event, InboundMessage)
        assert event.sender == base.Sender("CO.9930017723", aliases=("CO.5518203349176",))
        assert every("user_id_update") == [
            AddressMoved("CO.5518203349176", "CO.9930017723", datetime.fromtimestamp(1795287724, UTC))
        ]

    def test_echo_goes_to_the_customer(self):
        event = only("echo")
        assert isinstance(event, Echo)
        assert event.callback_data is None
        assert event.message == InboundMessage(
            provider_id="wamid.ECHO1",
            sender=base.Sender(
                "523318472290", "Ximena Robles", "+523318472290", aliases=("5213318472290", "MX.7719402853316048")
            ),
            at=datetime.fromtimestamp(1795287900, UTC),
            kind=MessageKind.TEXT,
            text="Te contesto desde el móvil",
        )

    def test_echoes_stand_for_themselves(self):
        items = ADAPTER.split(body("echo_image"))
        assert [(item.address, item.key) for item in items] == [
            (NUMBER, "echo:wamid.ECHO2"),
            (NUMBER, "echo:wamid.ECHO3"),
        ]
        picture, revoked = [event for item in items for event in ADAPTER.parse(item.payload)]
        assert isinstance(picture, Echo)
        assert (picture.message.kind, picture.message.text) == (MessageKind.IMAGE, "La etiqueta")
        assert picture.message.media == base.Media(MessageKind.IMAGE, "image/jpeg", "55120", sha256="e0=")
        assert revoked == Revoked("wamid.ECHO1", datetime.fromtimestamp(1795287906, UTC))

    @pytest.mark.parametrize(
        ("name", "event"),
        [
            ("edit", Edited("wamid.OLD1", at(1795287723), "Dos bolsas, no tres")),
            ("edit_caption", Edited("wamid.OLD9", at(1795287790), "Ahora sí")),
            ("revoke", Revoked("wamid.OLD2", at(1795287723))),
            (
                "preference_stop",
                Preference(
                    "523318472290",
                    at(1795287910),
                    Purpose.MARKETING,
                    False,
                    "User requested to stop marketing messages",
                ),
            ),
            (
                "preference_resume",
                Preference(
                    "523318472290",
                    at(1795287999),
                    Purpose.MARKETING,
                    True,
                    "resume",
                ),
            ),
            (
                "template_status",
                TemplateChanged(
                    "1689556908129835",
                    "carrito_abandonado",
                    "es",
                    NOTED,
                    status=TemplateStatus.REJECTED,
                    reason="INVALID_FORMAT",
                ),
            ),
            (
                "template_paused",
                TemplateChanged(
                    *TEMPLATE,
                    status=TemplateStatus.PAUSED,
                    category=TemplateCategory.MARKETING,
                    reason="FIRST_PAUSE · Pausada 3 horas: calidad baja",
                ),
            ),
            ("template_quality", TemplateChanged(*TEMPLATE, quality="yellow")),
            ("template_category", TemplateChanged(*TEMPLATE, category=TemplateCategory.MARKETING)),
            ("template_contents", TemplateChanged(*TEMPLATE)),
            (
                "account_disabled",
                AccountNotice(
                    "account_disabled",
                    NOTED,
                    Severity.SERIOUS,
                    detail="DISABLED_UPDATE · DISABLE · 22 de noviembre de 2026",
                ),
            ),
            (
                "account_restricted",
                AccountNotice(
                    "account_restricted",
                    NOTED,
                    Severity.SERIOUS,
                    detail="ACCOUNT_RESTRICTION · RESTRICTED_BIZ_INITIATED_MESSAGING",
                ),
            ),
            (
                "account_alert",
                AccountNotice(
                    "account_alert",
                    NOTED,
                    Severity.WARNING,
                    detail="INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED · Todavía no se puede subir el límite.",
                ),
            ),
            (
                "number_flagged",
                AccountNotice(
                    "quality_low",
                    NOTED,
                    Severity.WARNING,
                    {"messaging_limit": "2000", "quality_rating": "RED"},
                    "FLAGGED · 34960318274",
                ),
            ),
            (
                "number_throughput",
                AccountNotice(
                    "throughput_raised",
                    NOTED,
                    Severity.INFO,
                    {"throughput": "HIGH"},
                    "THROUGHPUT_UPGRADE · 34960318274",
                ),
            ),
            ("capability", AccountNotice("limit_changed", NOTED, Severity.INFO, {"messaging_limit": "2000"})),
            (
                "name_approved",
                AccountNotice(
                    "name_approved",
                    NOTED,
                    Severity.INFO,
                    {"name_status": "APPROVED", "verified_name": "Café Alborada"},
                    "Café Alborada",
                ),
            ),
            (
                "name_rejected",
                AccountNotice(
                    "name_rejected",
                    NOTED,
                    Severity.WARNING,
                    {"name_status": "REJECTED"},
                    "Nuria · NAME_INDIVIDUAL_ISSUE",
                ),
            ),
        ],
    )
    def test_news(self, name, event):
        assert only(name) == event

    def test_account_errors_are_a_notice(self):
        event = only("errors")
        assert isinstance(event, AccountNotice)
        assert (event.code, event.severity) == ("provider_error", Severity.WARNING)
        assert event.detail == "131031 Business account locked"

    def test_every_notice_has_its_sentence(self):
        codes = {
            code for table in (notices._EVENTS, notices._BANS, notices._NUMBER_EVENTS) for code, _ in table.values()
        }
        more = {"account_news", "account_alert", "account_rejected", "number_news", "limit_changed", "name_approved"}
        more |= {"name_rejected", "name_pending", "provider_error", "page_warned", "page_blocked", "page_unblocked"}
        for lang in ("es", "en"):
            assert not {code for code in codes | more if f"channels.notice.{code}" not in catalogue(lang)}

    @pytest.mark.parametrize(
        ("name", "kind", "path"),
        [
            ("status_unknown", "status", ["status"]),
            ("unknown_field", "flows", ["flow_id"]),
            ("request_welcome", "request_welcome", ["id"]),
            ("identity_changed", "system", ["id"]),
        ],
    )
    def test_ignored_with_its_data(self, name, kind, path):
        event = only(name)
        assert isinstance(event, Ignored)
        assert event.kind == kind
        found: Any = event.data
        for step in path:
            found = found[step]
        assert found

    def test_delivered_carries_our_own_id(self):
        assert only("status_delivered") == StatusUpdate(
            provider_id="wamid.OURS0001",
            status=DeliveryStatus.DELIVERED,
            at=datetime.fromtimestamp(1795287801, UTC),
            recipient="5213318472290",
            callback_data="0193a7e2-5c1f-7c3e-9d11-2f1f6f0a9b10",
        )

    def test_failed_carries_the_reason(self):
        event = only("status_failed")
        assert isinstance(event, StatusUpdate)
        assert event.failure == base.Failure(
            FailureCode.WINDOW_CLOSED,
            "131047",
            "Re-engagement message: More than 24 hours have passed since the customer last replied.",
        )

    def test_played_is_read(self):
        (item,) = ADAPTER.split(body("status_delivered").replace(b'"delivered"', b'"played"'))
        (event,) = ADAPTER.parse(item.payload)
        assert isinstance(event, StatusUpdate)
        assert event.status is DeliveryStatus.READ

    @pytest.mark.parametrize(
        ("written", "external_id"),
        [
            ("5213318472290", "523318472290"),
            ("523318472290", "523318472290"),
            ("541123456789", "5491123456789"),
            ("5491123456789", "5491123456789"),
            ("551187654321", "5511987654321"),
            ("5511987654321", "5511987654321"),
        ],
    )
    def test_two_spellings_are_one_person(self, written, external_id):
        (item,) = ADAPTER.split(body("text").replace(b"5213318472290", written.encode()))
        (event,) = ADAPTER.parse(item.payload)
        assert isinstance(event, InboundMessage)
        assert (event.sender.external_id, event.sender.phone) == (external_id, f"+{external_id}")

    @pytest.mark.parametrize(
        ("timestamp", "expected"),
        [("1795287723", 1795287723), ("1795287723123", 1795287723), ("1795287723.9", 1795287723)],
    )
    def test_clock(self, timestamp, expected):
        (item,) = ADAPTER.split(body("text").replace(b"1795287723", timestamp.encode()))
        (event,) = ADAPTER.parse(item.payload)
        assert isinstance(event, InboundMessage)
        assert int(event.at.timestamp()) == expected

    @pytest.mark.parametrize("timestamp", ["", "mañana", "-5", "99999999999", "1e400", "nan"])
    def test_nonsense_clock_is_now(self, timestamp):
        (item,) = ADAPTER.split(body("text").replace(b"1795287723", timestamp.encode()))
        (event,) = ADAPTER.parse(item.payload)
        assert isinstance(event, InboundMessage)
        assert abs((event.at - datetime.now(UTC)).total_seconds()) < 5

    def test_text_that_postgresql_refuses(self):
        (item,) = ADAPTER.split(body("text").replace("🙌".encode(), b"\\u0000\\ud83d|" + b"a" * 70_000))
        (event,) = ADAPTER.parse(item.payload)
        assert isinstance(event, InboundMessage)
        assert event.text.startswith("¿Y si le agrego la taza, llega antes del viernes? ?|aaa")
        assert len(event.text) == 4 * 4096

    def test_message_without_a_sender_is_kept_aside(self):
        loaded = json.loads(body("text"))
        value = loaded["entry"][0]["changes"][0]["value"]
        value["contacts"] = []
        del value["messages"][0]["from"]
        (item,) = ADAPTER.split(json.dumps(loaded).encode())
        assert [type(event) for event in ADAPTER.parse(item.payload)] == [Ignored]
