"""Twilio's adapter against its contract, exact values of each event, requests as the official OpenAPI names them."""

import base64
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from twilio.request_validator import RequestValidator

from saas_admin.adapters.channels import base, registry
from saas_admin.adapters.channels.base import (
    DeliveryStatus,
    FailureCode,
    Ignored,
    InboundMessage,
    Location,
    MessageKind,
    StatusUpdate,
)
from saas_admin.adapters.channels.content import SlotKind, TemplateCategory, TemplateStatus, TemplateUse
from saas_admin.adapters.channels.events import Event, Preference, Purpose
from saas_admin.adapters.channels.twilio import Twilio, limits, templates, words
from saas_admin.adapters.channels.twilio.signature import FRAGMENT
from tests.adapters.channels.contract import FIXTURES, Contract
from tests.adapters.provider import Answer, Provider

ADAPTER = registry.get("twilio")
ACCOUNT = "AC5e1f0c7a93b24d68a1c07f3b9d52e846"
TOKEN = "8c1f5d0be27a4936a0d4e7b3f6c29158"
SMS = {"account_sid": ACCOUNT, "from": "+14472100384"}
WHATSAPP = {"account_sid": ACCOUNT, "from": "whatsapp:+34960318274"}
SERVICE = {"account_sid": ACCOUNT, "from": "MG0c4be6f1a27d893550ea61d4b7f8c932"}
SECRETS = {"auth_token": TOKEN}
URL = "https://alborada.example/webhooks/twilio/k3J9?m=0193a7e2"
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
MARTA = "+34622718340"
# What POST Messages.json takes, from twilio-oai's twilio_api_v2010.json (all optional but To).
PARAMETERS = {
    *("To", "StatusCallback", "ApplicationSid", "MaxPrice", "ProvideFeedback", "Attempt", "ValidityPeriod"),
    *("ForceDelivery", "ContentRetention", "AddressRetention", "SmartEncoded", "PersistentAction", "TrafficType"),
    *("ShortenUrls", "ScheduleType", "SendAt", "SendAsMms", "ContentVariables", "RiskCheck", "From", "FallbackFrom"),
    *("MessagingServiceSid", "Body", "MediaUrl", "ContentSid"),
}


def body(name: str) -> bytes:
    return (FIXTURES / "twilio" / f"{name}.form").read_bytes()


def events(name: str) -> list[Event]:
    (item,) = ADAPTER.split(body(name))
    return ADAPTER.parse(item.payload)


def inbound(name: str) -> InboundMessage:
    message = events(name)[0]
    assert isinstance(message, InboundMessage)
    return message


def parsed(**fields: Any) -> list[Event]:
    (item,) = ADAPTER.split(urlencode(fields).encode())
    return ADAPTER.parse(item.payload)


def sid(number: int, prefix: str = "SM") -> str:
    return prefix + hashlib.md5(f"alborada {number}".encode()).hexdigest()  # noqa: S324


def signed(body: bytes, token: str = TOKEN, url: str = URL, algorithm: str | None = None) -> dict[str, str]:
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return {**FORM, "x-twilio-signature": RequestValidator(token).compute_signature(url, fields, algorithm)}


def sent(provider_id: str = "SMours", **more: Any) -> Answer:
    return Answer(201, {"sid": provider_id, "status": "queued", "error_code": None, **more})


def error(code: int, status: int = 400, message: str = "no", **headers: str) -> Answer:
    said = {"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
    return Answer(status, {**said, "status": status}, headers)


def text(said: str = "Sale hoy con DHL", to: str = f"whatsapp:{MARTA}", **more: Any) -> base.OutboundMessage:
    return base.OutboundMessage(to, MessageKind.TEXT, said, **more)


def form_of(provider: Provider) -> dict[str, str]:
    (asked,) = provider.asked
    assert (asked.method, asked.path) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    form = dict(parse_qsl(asked.body.decode(), keep_blank_values=True, strict_parsing=True))
    assert set(form) <= PARAMETERS
    assert ("From" in form) != ("MessagingServiceSid" in form)
    return form


class _Called(Twilio):
    """Called at our public address, as the web door tells it."""

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str], *, url: str = "") -> bool:
        return super().verify(headers, body, secrets, url=url or URL)


class TestContract(Contract):
    adapter = _Called()
    settings = WHATSAPP
    secrets = SECRETS
    rotated = {"auth_token": "0f9e8d7c6b5a49382716051423324150"}
    signature_header = "x-twilio-signature"
    endpoint = "TWILIO_API_URL"
    text_body = body("whatsapp_text")
    batch_body = body("mms_two_files")
    batch_texts = ["Así llegó la caja"]
    unknown_body = body("whatsapp_unknown")
    bare_body = b"MessageSid=SM1&MessageType=location&From=whatsapp%3A%2B34622718340&Body="
    message = text()
    media = base.Media(MessageKind.IMAGE, "image/jpeg")
    accepted = sent()
    accepted_id = "SMours"
    nameless = Answer(201, {"status": "queued"})
    throttled = error(20429, 429)
    rejected = error(21211)
    token_refused = error(20003, 401, f"Authenticate {TOKEN}")
    media_gone = [error(20404, 404)]

    @pytest.fixture(autouse=True)
    def media_at_the_provider(self, provider: Provider, pointed: None):
        self.media = base.Media(MessageKind.IMAGE, "image/jpeg", url=f"{provider.url}/Media/ME1")

    def sign(self, body: bytes, secrets: Mapping[str, str]) -> dict[str, str]:
        return signed(body, secrets.get("auth_token", ""))

    def test_signature_of_other_bytes(self):
        headers = signed(self.text_body)
        assert not self.adapter.verify(headers, self.text_body + b"&Body=otra", self.secrets)
        assert not self.adapter.verify(headers, self.text_body.replace(b"SmsStatus=received", b""), self.secrets)

    def test_signature_is_over_the_bytes_as_sent(self):
        """A form may be escaped one way or another; the words are what is signed."""
        plain = urlencode(parse_qsl(self.text_body.decode(), keep_blank_values=True), safe=":+").replace("+", "%20")
        assert plain.encode() != self.text_body
        for sent_body in (self.text_body, plain.encode()):
            assert self.adapter.verify(signed(sent_body), sent_body, self.secrets)

    # Requests

    def test_text_request(self, provider: Provider):
        provider.will(sent())
        ADAPTER.send(WHATSAPP, SECRETS, text(callback_data="0193a7e2", webhook_url=URL.split("?")[0]))
        assert form_of(provider) == {
            "From": "whatsapp:+34960318274",
            "To": "whatsapp:+34622718340",
            "Body": "Sale hoy con DHL",
            "StatusCallback": f"https://alborada.example/webhooks/twilio/k3J9?m=0193a7e2{FRAGMENT}",
        }
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        assert provider.asked[0].headers["authorization"] == f"Basic {expected}"
        assert provider.asked[0].headers["content-type"] == "application/x-www-form-urlencoded"

    def test_api_key_goes_before_the_token(self, provider: Provider):
        provider.will(sent())
        settings = {**SMS, "api_key_sid": "SK" + "a" * 32}
        ADAPTER.send(settings, {**SECRETS, "api_key_secret": "kk"}, text(to=MARTA))
        expected = base64.b64encode(f"SK{'a' * 32}:kk".encode()).decode()
        assert provider.asked[0].headers["authorization"] == f"Basic {expected}"
        assert provider.asked[0].path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

    @pytest.mark.parametrize(
        ("settings", "to", "parties"),
        [
            (SMS, MARTA, {"From": "+14472100384", "To": MARTA}),
            (SMS, "34622718340", {"From": "+14472100384", "To": MARTA}),
            (WHATSAPP, MARTA, {"From": WHATSAPP["from"], "To": f"whatsapp:{MARTA}"}),
            (WHATSAPP, "whatsapp:ES.8841", {"From": WHATSAPP["from"], "To": "whatsapp:ES.8841"}),
            (SERVICE, f"whatsapp:{MARTA}", {"MessagingServiceSid": SERVICE["from"], "To": f"whatsapp:{MARTA}"}),
        ],
    )
    def test_parties(self, provider: Provider, settings, to, parties):
        provider.will(sent())
        ADAPTER.send(settings, SECRETS, text(to=to))
        assert form_of(provider) == {**parties, "Body": "Sale hoy con DHL"}

    def test_file_request(self, provider: Provider, tmp_path):
        provider.will(sent())
        file = base.OutboundMedia(MessageKind.IMAGE, "image/png", "a.png", tmp_path / "a", "https://a.example/f/1.png")
        ADAPTER.send(WHATSAPP, SECRETS, base.OutboundMessage(MARTA, MessageKind.IMAGE, "Mira", file))
        form = form_of(provider)
        assert (form["MediaUrl"], form["Body"]) == ("https://a.example/f/1.png", "Mira")

    def test_place_request(self, provider: Provider):
        provider.will(sent())
        place = Location(39.469907, -0.376288, "Portal | verde", "Carrer de la Pau 12")
        ADAPTER.send(WHATSAPP, SECRETS, base.OutboundMessage(MARTA, MessageKind.LOCATION, location=place))
        form = form_of(provider)
        assert form["PersistentAction"] == "geo:39.469907,-0.376288|Carrer de la Pau 12"
        assert form["Body"] == "Portal | verde"

    def test_template_request(self, provider: Provider):
        provider.will(sent())
        template = templates.of_content(CARD)
        assert template is not None
        values = {"header.1": "https://a.example/f.png", "body.2": "Marta", "button.0.3": "1042"}
        use = TemplateUse(template, values)
        ADAPTER.send(WHATSAPP, SECRETS, base.OutboundMessage(MARTA, MessageKind.TEMPLATE, "x", template=use))
        form = form_of(provider)
        assert form["ContentSid"] == CARD["sid"]
        assert json.loads(form["ContentVariables"]) == {"1": "https://a.example/f.png", "2": "Marta", "3": "1042"}
        assert "Body" not in form

    @pytest.mark.parametrize(
        ("settings", "message", "code"),
        [
            (SMS, text("x" * 1601, MARTA), FailureCode.CONTENT_REJECTED),
            (SMS, text("", MARTA), FailureCode.CONTENT_REJECTED),
            (SMS, base.OutboundMessage(MARTA, MessageKind.INTERACTIVE, "x"), FailureCode.UNSUPPORTED),
            (SMS, base.OutboundMessage(MARTA, MessageKind.LOCATION, location=Location(1, 1)), FailureCode.UNSUPPORTED),
            (SMS, base.OutboundMessage(MARTA, MessageKind.IMAGE), FailureCode.UNSUPPORTED),
        ],
    )
    def test_what_cannot_leave_is_never_asked(self, provider: Provider, settings, message, code):
        with pytest.raises(base.SendError) as raised:
            ADAPTER.send(settings, SECRETS, message)
        assert (raised.value.failure.code, provider.asked) == (code, [])

    def test_no_files_by_sms_from_spain(self, provider: Provider, tmp_path):
        file = base.OutboundMedia(MessageKind.IMAGE, "image/png", "a.png", tmp_path / "a", "https://a.example/f/1.png")
        with pytest.raises(base.SendError) as raised:
            ADAPTER.send(
                {**SMS, "from": "+34960318274"}, SECRETS, base.OutboundMessage(MARTA, MessageKind.IMAGE, "", file)
            )
        assert (raised.value.failure.code, provider.asked) == (FailureCode.UNSUPPORTED, [])

    @pytest.mark.parametrize(
        ("code", "status", "failure"),
        [
            (21610, 400, FailureCode.OPTED_OUT),
            (63016, 400, FailureCode.WINDOW_CLOSED),
            (63018, 400, FailureCode.THROTTLED),
            (21408, 400, FailureCode.NOT_REACHABLE),
            (63013, 400, FailureCode.ACCOUNT_BLOCKED),
            (63028, 400, FailureCode.TEMPLATE_PROBLEM),
            (63019, 400, FailureCode.MEDIA_REJECTED),
            (30007, 400, FailureCode.CONTENT_REJECTED),
            (21617, 400, FailureCode.CONTENT_REJECTED),
            (63049, 400, FailureCode.MARKETING_CAPPED),
            (20404, 404, FailureCode.UNAUTHORISED),
            (20500, 500, FailureCode.PROVIDER_DOWN),
            (92110, 400, FailureCode.TEMPLATE_PROBLEM),
            (64123, 400, FailureCode.REJECTED),
            (0, 502, FailureCode.OUTCOME_UNKNOWN),
        ],
    )
    def test_codes(self, provider: Provider, code, status, failure):
        provider.will(error(code, status))
        assert self.failure().code is failure

    def test_wait_that_twilio_asks_for(self, provider: Provider):
        provider.will(error(20429, 429, "Too Many Requests", **{"retry-after": "7"}))
        failure = self.failure()
        assert (failure.provider_code, failure.retry_after) == ("20429", 7.0)

    def test_message_that_failed_at_once(self, provider: Provider):
        provider.will(sent(status="failed", error_code=21610, error_message="unsubscribed"))
        assert self.failure().code is FailureCode.OPTED_OUT

    def test_typing_is_for_whatsapp(self, provider: Provider):
        provider.will(Answer(200, {"success": True}))
        for settings, typing in ((SMS, True), (WHATSAPP, False), (WHATSAPP, True)):
            ADAPTER.acknowledge(settings, SECRETS, "SM1", typing=typing)
        (asked,) = provider.asked
        assert (asked.path, asked.body) == ("/v2/Indicators/Typing.json", b"channel=whatsapp&messageId=SM1")

    # Files

    def test_file_is_fetched_where_twilio_sends_us(self, provider: Provider):
        provider.will(Answer(307, b"", {"location": "/cdn/1"}), Answer(200, b"\x89PNG", {"content-type": "image/png"}))
        into = io.BytesIO()
        found = ADAPTER.fetch_media(WHATSAPP, SECRETS, self.media, 100, into)
        assert (into.getvalue(), found.mime) == (b"\x89PNG", "image/png")
        assert [asked.path for asked in provider.asked] == ["/Media/ME1", "/cdn/1"]

    def test_credentials_stay_with_twilio(self, provider: Provider):
        other = provider.url.replace("127.0.0.1", "localhost")
        provider.will(Answer(302, b"", {"location": f"{other}/cdn/1"}), Answer(200, b"ok"))
        ADAPTER.fetch_media(WHATSAPP, SECRETS, self.media, 100, io.BytesIO())
        assert ["authorization" in asked.headers for asked in provider.asked] == [True, False]

    @pytest.mark.parametrize("url", ["cat.jpg", "https://api.twilio.com.evil.example/1", "http://api.twilio.com/1", ""])
    def test_file_elsewhere_is_not_asked_for(self, provider: Provider, url):
        with pytest.raises(base.SendError) as raised:
            ADAPTER.fetch_media(WHATSAPP, SECRETS, replace(self.media, url=url), 100, io.BytesIO())
        assert (raised.value.failure.code, provider.asked) == (FailureCode.MEDIA_REJECTED, [])

    def test_endless_redirects(self, provider: Provider):
        provider.will(*[Answer(302, b"", {"location": "/again"})] * 9)
        with pytest.raises(base.SendError) as raised:
            ADAPTER.fetch_media(WHATSAPP, SECRETS, self.media, 100, io.BytesIO())
        assert (raised.value.failure.code, len(provider.asked)) == (FailureCode.MEDIA_REJECTED, 4)

    # The account

    def test_check_of_a_number(self, provider: Provider):
        account = {"friendly_name": "Alborada", "status": "active", "type": "Full", "auth_token": TOKEN}
        number = {"sid": "PN1", "phone_number": SMS["from"], "friendly_name": "Tienda", "capabilities": {"sms": True}}
        provider.will(Answer(200, account), Answer(200, {"incoming_phone_numbers": [number]}))
        checked = ADAPTER.check(SMS, SECRETS)
        assert checked.ok
        assert checked.facts == {
            "account_name": "Alborada",
            "account_status": "active",
            "account_type": "Full",
            "display_phone_number": "+1 447-210-0384",
            "verified_name": "Tienda",
        }
        assert provider.asked[1].path.startswith(
            f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json?PhoneNumber=%2B14472100384"
        )

    @pytest.mark.parametrize(
        ("answers", "code", "field"),
        [
            ([error(20003, 401)], FailureCode.UNAUTHORISED, "auth_token"),
            ([error(20404, 404)], FailureCode.UNAUTHORISED, "account_sid"),
            ([Answer(200, {"status": "suspended"})], FailureCode.ACCOUNT_BLOCKED, None),
            ([Answer(200, {"status": "active"}), Answer(200, {})], FailureCode.NOT_REACHABLE, "from"),
            ([Answer(503, b"")], FailureCode.PROVIDER_DOWN, None),
        ],
    )
    def test_check_says_what_is_wrong(self, provider: Provider, answers, code, field):
        provider.will(*answers)
        checked = ADAPTER.check(SMS, SECRETS)
        assert checked.failure is not None
        assert (checked.ok, checked.failure.code, checked.field) == (False, code, field)

    def test_check_of_an_api_key(self, provider: Provider):
        settings, keys = {**SMS, "api_key_sid": "SK" + "a" * 32}, {**SECRETS, "api_key_secret": "kk"}
        provider.will(Answer(200, {"status": "active"}), error(20003, 401))
        checked = ADAPTER.check(settings, keys)
        assert (checked.ok, checked.field) == (False, "api_key_secret")
        users = [base64.b64decode(asked.headers["authorization"].split()[1]).decode() for asked in provider.asked]
        assert users == [f"{ACCOUNT}:{TOKEN}", f"SK{'a' * 32}:kk"]

    def test_check_of_a_whatsapp_sender_asks_no_more_than_it_gets(self, provider: Provider):
        sender = {"sender_id": WHATSAPP["from"], "profile": {"name": "Alborada"}, "properties": {"quality_rating": "H"}}
        provider.will(Answer(200, {"status": "active"}), Answer(200, {"senders": [sender]}))
        assert ADAPTER.check(WHATSAPP, SECRETS).facts["verified_name"] == "Alborada"
        provider.will(Answer(200, {"status": "active"}), error(20404, 404))
        assert ADAPTER.check(WHATSAPP, SECRETS).ok

    def test_webhook_of_a_number_is_set_once(self, provider: Provider):
        number = {"sid": "PN1", "phone_number": SMS["from"], "sms_url": "https://old.example", "sms_method": "GET"}
        provider.will(Answer(200, {"incoming_phone_numbers": [number]}), Answer(200, number))
        assert ADAPTER.connect(SMS, SECRETS, "https://alborada.example/w").is_registered
        asked = provider.asked[1]
        assert (asked.method, asked.path) == (
            "POST",
            f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/PN1.json",
        )
        assert dict(parse_qsl(asked.body.decode())) == {
            "SmsUrl": f"https://alborada.example/w{FRAGMENT}",
            "SmsMethod": "POST",
        }
        ours = {**number, "sms_url": f"https://alborada.example/w{FRAGMENT}", "sms_method": "POST"}
        provider.will(Answer(200, {"incoming_phone_numbers": [ours]}))
        assert ADAPTER.connect(SMS, SECRETS, "https://alborada.example/w").is_registered
        assert len(provider.asked) == 3

    def test_only_our_webhook_is_taken_away(self, provider: Provider):
        number = {"sid": "PN1", "phone_number": SMS["from"], "sms_url": "https://other.example", "sms_method": "POST"}
        provider.will(Answer(200, {"incoming_phone_numbers": [number]}))
        ADAPTER.disconnect(SMS, SECRETS, "https://alborada.example/w")
        assert len(provider.asked) == 1
        ours = {**number, "sms_url": f"https://alborada.example/w{FRAGMENT}"}
        provider.will(Answer(200, {"incoming_phone_numbers": [ours]}), Answer(200, ours))
        ADAPTER.disconnect(SMS, SECRETS, "https://alborada.example/w")
        assert provider.asked[-1].body == b"SmsUrl=&SmsMethod=POST"

    def test_webhook_of_a_whatsapp_sender(self, provider: Provider):
        sender = {"sid": "XE1", "sender_id": WHATSAPP["from"], "webhook": {"status_callback_url": "https://x.example"}}
        provider.will(Answer(200, {"senders": [sender]}), Answer(202, sender))
        assert ADAPTER.connect(WHATSAPP, SECRETS, "https://alborada.example/w").is_registered
        asked = provider.asked[1]
        assert (asked.path, asked.json["webhook"]) == (
            "/v2/Channels/Senders/XE1",
            {
                "status_callback_url": "https://x.example",
                "callback_url": f"https://alborada.example/w{FRAGMENT}",
                "callback_method": "POST",
            },
        )
        provider.will(Answer(200, {"senders": []}))
        found = ADAPTER.connect(WHATSAPP, SECRETS, "https://alborada.example/w")
        assert (found.is_registered, found.failure) == (False, None)

    # Templates

    def test_contents_page_by_page(self, provider: Provider):
        again = {"next_page_url": "https://content.twilio.com/v1/ContentAndApprovals?PageSize=100&Page=1&PageToken=T"}
        provider.will(
            Answer(200, {"contents": [CARD], "meta": again}),
            Answer(200, {"contents": [{**CARD, "sid": "HX" + "b" * 32}], "meta": {"next_page_url": None}}),
        )
        found = ADAPTER.templates(WHATSAPP, SECRETS)
        assert [template.name for template in found] == ["envio_listo", "envio_listo (bbbbbb)"]
        assert provider.asked[1].path == "/v1/ContentAndApprovals?PageSize=100&Page=1&PageToken=T"
        assert ADAPTER.templates(SMS, SECRETS) == []

    def test_plain_lists_where_there_is_no_joint_one(self, provider: Provider):
        plain = {key: value for key, value in CARD.items() if key != "approval_requests"}
        approval = {"whatsapp": {"status": "paused", "category": "UTILITY", "rejection_reason": "LOW_QUALITY"}}
        provider.will(error(20404, 404), Answer(200, {"contents": [plain]}), Answer(200, approval))
        (found,) = ADAPTER.templates(WHATSAPP, SECRETS)
        assert (found.status, found.category, found.reason) == (
            TemplateStatus.PAUSED,
            TemplateCategory.UTILITY,
            "LOW_QUALITY",
        )
        assert provider.asked[2].path == f"/v1/Content/{CARD['sid']}/ApprovalRequests"


CARD = {
    "sid": "HX4f0a7c2d9be81536a0d4e7b3f6c29158",
    "friendly_name": "envio_listo",
    "language": "es",
    "variables": {"1": "https://a.example/caja.png", "2": "Marta", "3": "1042"},
    "types": {
        "twilio/text": {"body": "Hola {{2}}"},
        "whatsapp/card": {
            "body": "Hola {{2}}, tu pedido va de camino.",
            "footer": "Café Alborada",
            "media": ["{{1}}"],
            "actions": [
                {"type": "URL", "title": "Ver envío", "url": "https://a.example/e/{{3}}"},
                {"type": "QUICK_REPLY", "title": "Gracias", "id": "gracias"},
            ],
        },
    },
    "approval_requests": {"status": "approved", "category": "UTILITY", "rejection_reason": ""},
}


def test_content_as_a_template():
    found = templates.of_content(CARD)
    assert found is not None
    assert (found.status, found.category) == (TemplateStatus.APPROVED, TemplateCategory.UTILITY)
    assert (found.body, found.footer, found.header_kind) == (
        "Hola {{2}}, tu pedido va de camino.",
        "Café Alborada",
        "image",
    )
    assert [(button.kind, button.title, button.value) for button in found.buttons] == [
        ("url", "Ver envío", "https://a.example/e/{{3}}"),
        ("reply", "Gracias", "gracias"),
    ]
    assert [(slot.key, slot.kind, slot.example) for slot in found.slots] == [
        ("header.1", SlotKind.IMAGE, "https://a.example/caja.png"),
        ("body.2", SlotKind.TEXT, "Marta"),
        ("button.0.3", SlotKind.URL_SUFFIX, "1042"),
    ]


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ({"twilio/quick-reply": {"body": "¿Vienes?", "actions": [{"title": "Sí", "id": "s"}]}}, (True, ["reply"])),
        ({"twilio/list-picker": {"body": "Elige", "items": [{"item": "Uno", "id": "1"}]}}, (True, ["row"])),
        ({"twilio/carousel": {"body": "Mira", "cards": []}}, (False, [])),
        ({"whatsapp/flows": {"body": "Rellena"}}, (False, [])),
        ({"twilio/media": {"body": None, "media": "x"}}, (True, [])),
        ({"twilio/text": None}, (True, [])),
    ],
)
def test_forms_of_contents(types, expected):
    found = templates.of_content({"sid": "HX1", "types": types})
    assert found is not None
    assert (found.is_sendable, [button.kind for button in found.buttons]) == expected
    assert (found.status, found.category, found.reason) == (
        TemplateStatus.PENDING,
        TemplateCategory.MARKETING,
        "unsubmitted",
    )


# Signatures: what Twilio's own validator signs, we accept; what we would accept, it accepts


@pytest.mark.parametrize("name", sorted(path.stem for path in (FIXTURES / "twilio").glob("*.form")))
def test_official_signature_of_every_body(name):
    headers = signed(body(name))
    assert ADAPTER.verify(headers, body(name), SECRETS, url=URL)
    fields = dict(parse_qsl(body(name).decode(), keep_blank_values=True))
    assert RequestValidator(TOKEN).validate(URL, fields, headers["x-twilio-signature"])


@pytest.mark.parametrize(
    ("signed_at", "called"),
    [
        ("https://a.example/w?x=1", "https://a.example/w?x=1"),
        ("https://a.example:443/w", "https://a.example/w"),
        ("https://a.example/w", "https://a.example:443/w"),
        ("http://a.example:80/w", "http://a.example/w"),
        ("http://a.example/w", "http://a.example:8100/w"),
        ("https://a.example/w?", "https://a.example/w"),
        (f"https://a.example/w{FRAGMENT}", "https://a.example/w"),
        ("https://ana:key@a.example/w", "https://ana:key@a.example:443/w"),
        ("https://[2001:db8::1]:443/w", "https://[2001:db8::1]/w"),
    ],
)
def test_address_as_twilio_spells_it(signed_at, called):
    headers = signed(body("sms_text"), url=signed_at)
    assert ADAPTER.verify(headers, body("sms_text"), SECRETS, url=called)
    assert not ADAPTER.verify(headers, body("sms_text"), SECRETS, url=called.replace("a.example", "b.example") + "x")


def test_repeated_names_are_signed_once_each_in_order():
    sent_body = b"b=2&a=&b=1&b=2&MessageSid=SM1"
    expected = RequestValidator(TOKEN).compute_signature(URL + "MessageSidSM1ab1b2", {})
    assert ADAPTER.verify({**FORM, "x-twilio-signature": expected}, sent_body, SECRETS, url=URL)


def test_json_body_is_proven_by_its_digest():
    sent_body = '{"MessageSid":"SM1","Body":"hola ñ"}'.encode()
    url = f"https://a.example/w?bodySHA256={hashlib.sha256(sent_body).hexdigest()}"
    signature = RequestValidator(TOKEN).compute_signature(url, {})
    headers = {"content-type": "application/json", "x-twilio-signature": signature}
    assert RequestValidator(TOKEN).validate(url, sent_body.decode(), signature)
    assert ADAPTER.verify(headers, sent_body, SECRETS, url=url)
    assert not ADAPTER.verify(headers, sent_body + b" ", SECRETS, url=url)
    bare = RequestValidator(TOKEN).compute_signature("https://a.example/w", {})
    undigested = {**headers, "x-twilio-signature": bare}
    assert not ADAPTER.verify(undigested, sent_body, SECRETS, url="https://a.example/w")
    # A signed address alone proves no other body, whatever it calls itself.
    assert not ADAPTER.verify({**headers, **FORM}, b"MessageSid=SM2", SECRETS, url=url)


def test_request_by_get_is_signed_in_its_address():
    url = "https://a.example/w?MessageSid=SM1&Body=hola"
    headers = {"x-twilio-signature": RequestValidator(TOKEN).compute_signature(url, {})}
    assert ADAPTER.verify(headers, b"", SECRETS, url=url)


def test_shared_key_signs_with_sha256():
    shared = {**SECRETS, "shared_key": "sk-webhooks"}
    named = {"x-twilio-webhooks-signature-settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
    headers = {**signed(body("sms_text"), "sk-webhooks", algorithm="HMAC_SHA256"), **named}
    assert ADAPTER.verify(headers, body("sms_text"), shared, url=URL)
    assert not ADAPTER.verify(headers, body("sms_text"), SECRETS, url=URL)
    with_token = {**signed(body("sms_text"), TOKEN, algorithm="HMAC_SHA256"), **named}
    assert not ADAPTER.verify(with_token, body("sms_text"), shared, url=URL)
    unknown = {**signed(body("sms_text")), "x-twilio-webhooks-signature-settings": "key=1,algorithm=HMAC_SHA512"}
    assert not ADAPTER.verify(unknown, body("sms_text"), shared, url=URL)


@pytest.mark.parametrize(
    ("sent_body", "url"),
    [(b"\xff\xfe=1", URL), (b"a=1&" * 2000, URL), (b"a=1", "https://a.example:99999/"), (b"a=%ud800", ""), (b"", "")],
)
def test_malformed_is_refused_quietly(sent_body, url):
    assert not ADAPTER.verify({**FORM, "x-twilio-signature": "ñ\ud800"}, sent_body, SECRETS, url=url)


# In


def test_text_by_sms():
    message = inbound("sms_text")
    assert (message.provider_id, message.kind) == (sid(1), MessageKind.TEXT)
    assert message.text == "¿Tenéis molido para moka? ☕ + azúcar & canela"
    assert message.sender == base.Sender(MARTA, None, MARTA)
    assert [(i.address, i.key, i.kind) for i in ADAPTER.split(body("sms_text"))] == [
        ("+14472100384", f"sms:{sid(1)}", "message")
    ]


def test_text_by_whatsapp():
    message = inbound("whatsapp_text")
    assert message.text == "Buenos días, ¿me podéis cambiar la dirección?"
    assert message.sender == base.Sender(f"whatsapp:{MARTA}", "Marta Soler", MARTA)
    assert message.data == {}


def test_person_with_a_hidden_number():
    hidden, shown = inbound("whatsapp_hidden").sender, inbound("whatsapp_shown").sender
    assert (hidden.external_id, hidden.phone, hidden.aliases) == ("whatsapp:ES.8841027735519", None, ())
    assert (shown.external_id, shown.phone) == (f"whatsapp:{MARTA}", MARTA)
    assert shown.aliases == ("whatsapp:ES.8841027735519",)


def test_mexican_mobile_has_one_spelling():
    sender = inbound("whatsapp_mexico").sender
    assert (sender.external_id, sender.phone) == ("whatsapp:+523318472290", "+523318472290")
    assert sender.aliases == ("whatsapp:+5213318472290",)


def test_files():
    message = inbound("mms_two_files")
    assert (message.kind, message.text) == (MessageKind.IMAGE, "Así llegó la caja")
    assert message.media is not None
    assert [media.mime for media in (message.media, *message.more_media)] == ["image/jpeg", "video/3gpp"]
    assert message.media.url is not None
    assert message.media.url.endswith(f"/Media/{sid(51, 'ME')}")
    voice, sticker = inbound("whatsapp_voice").media, inbound("whatsapp_sticker").media
    assert voice is not None
    assert sticker is not None
    assert (voice.kind, voice.voice) == (MessageKind.AUDIO, True)
    assert sticker.kind is MessageKind.STICKER


def test_file_without_a_type_is_told_by_its_name():
    (message,) = parsed(MessageSid="MM1", From=MARTA, NumMedia="1", MediaUrl0="https://api.twilio.com/a/foto.jpg?x=1")
    assert isinstance(message, InboundMessage)
    assert (message.kind, message.media and message.media.mime) == (MessageKind.IMAGE, "image/jpeg")


def test_place():
    message = inbound("whatsapp_location")
    assert message.location == Location(39.469907, -0.376288, "Portal verde", "Carrer de la Pau 12, València")


def test_taps():
    button, row, flow = inbound("whatsapp_button"), inbound("whatsapp_list"), inbound("whatsapp_flow")
    assert (button.kind, button.text, button.reply_to) == (MessageKind.INTERACTIVE, "Confirmo", sid(900))
    assert button.data == {"payload": "pedido:1042:si", "button": "Confirmo", "type": "button"}
    assert (row.text, row.data["id"], row.data["description"]) == ("Entrega por la tarde", "tarde", "De 16 a 20 h")
    assert flow.data["response"] == {"mes": "marzo", "talla": "M"}


def test_quote_advert_and_reaction():
    quote, advert, reaction = inbound("whatsapp_quote"), inbound("whatsapp_advert"), inbound("whatsapp_reaction")
    assert (quote.reply_to, quote.data) == (sid(901), {"forwarded": True})
    assert advert.data["referral"]["SourceId"] == "238506187"
    assert advert.data["referral"]["CtwaClid"] == "ARbq7"
    assert (reaction.kind, reaction.text, reaction.reply_to) == (MessageKind.REACTION, "😍", sid(902))


def test_encoded_sms_is_read_only_when_it_certainly_is_one():
    assert inbound("sms_encoded").text.startswith("Hola, os escribo porque el pedido del lunes")
    for said in ("A" * 80, base64.b64encode(bytes(range(128))).decode(), "hola hola hola hola " * 8):
        (message,) = parsed(MessageSid="SM1", From=MARTA, Body=said)
        assert isinstance(message, InboundMessage)
        assert message.text.strip() == said.strip()


def test_stop_is_a_wish_and_still_a_message():
    message, preference = events("sms_stop")
    assert isinstance(message, InboundMessage)
    assert message.text == "  Stop. "
    assert preference == Preference(MARTA, message.at, Purpose.ANY, is_allowed=False, words="  Stop. ")
    told = events("sms_opt_out_service")[1]
    assert isinstance(told, Preference)
    assert (told.is_allowed, told.words) == (False, "YA NO QUIERO")
    assert len(parsed(MessageSid="SM1", From=f"whatsapp:{MARTA}", Body="stop")) == 1
    assert len(parsed(MessageSid="SM1", From=MARTA, Body="HELP", OptOutType="HELP")) == 1
    start = parsed(MessageSid="SM1", From=MARTA, Body="ALTA")[1]
    assert isinstance(start, Preference)
    assert start.is_allowed


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        *[("STOP", False), ("¡Baja!", False), ("Parar", False), ("SAIR", False), ("unstop", True), ("Começar", True)],
        *[("sí", None), ("yes", None), ("stop enviando", None), ("no pares", None), ("", None), ("x" * 500, None)],
    ],
)
def test_words(said, meaning):
    assert words.meaning(said) is meaning


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("status_sent", DeliveryStatus.SENT, None),
        ("status_read", DeliveryStatus.READ, None),
        ("status_undelivered_window", DeliveryStatus.FAILED, FailureCode.WINDOW_CLOSED),
    ],
)
def test_receipts(name, status, code):
    (event,) = events(name)
    assert isinstance(event, StatusUpdate)
    assert (event.provider_id, event.status, event.recipient) == (sid(900), status, f"whatsapp:{MARTA}")
    assert (event.failure.code if event.failure else None) is code


def test_receipt_of_an_unsubscribed_person_is_a_wish_too():
    status, preference = events("status_failed_unsubscribed")
    assert isinstance(status, StatusUpdate)
    assert status.failure is not None
    assert (status.failure.code, status.failure.provider_code) == (FailureCode.OPTED_OUT, "21610")
    assert isinstance(preference, Preference)
    assert (preference.external_id, preference.is_allowed) == (MARTA, False)


def test_receipt_names_our_message_by_its_address():
    (item,) = ADAPTER.split_called(body("status_sent"), URL)
    (event,) = ADAPTER.parse(item.payload)
    assert isinstance(event, StatusUpdate)
    assert event.callback_data == "0193a7e2"
    assert (item.address, item.key) == ("", f"status:{sid(900)}:sent")


@pytest.mark.parametrize("status", ["queued", "accepted", "scheduled", "sending", "partially_delivered", "teleported"])
def test_other_statuses_are_kept_and_change_nothing(status):
    (event,) = parsed(MessageSid="SM1", MessageStatus=status, To=MARTA)
    assert isinstance(event, Ignored)


def test_webhook_of_another_product_is_no_message():
    (item,) = ADAPTER.split(body("other_call"))
    assert (item.kind, [type(event) for event in ADAPTER.parse(item.payload)]) == ("unknown", [Ignored])


def test_item_belongs_to_the_number_or_its_service():
    (item,) = ADAPTER.split(body("sms_opt_out_service"))
    assert item.address == f"+14472100384 {SERVICE['from']}"
    assert [ADAPTER.owns(settings, item.address) for settings in (SMS, SERVICE, WHATSAPP)] == [True, True, False]
    assert ADAPTER.address(WHATSAPP, {}) == "whatsapp:+34960318274"
    assert ADAPTER.address({"from": "whatsapp:+5213318472290"}, {}) == "whatsapp:+523318472290"


def test_what_arrives_depends_on_the_sender():
    whatsapp, sms = ADAPTER.capabilities_of(WHATSAPP), ADAPTER.capabilities_of(SMS)
    spanish = ADAPTER.capabilities_of({"from": "+34960318274"})
    assert (whatsapp.window_hours, sms.window_hours) == (24, None)
    assert (whatsapp.has_templates, sms.has_templates, whatsapp.buttons) == (True, False, 0)
    assert sms.media_limits[MessageKind.VIDEO] == 500 * 1024
    assert (whatsapp.media_limits[MessageKind.VIDEO], spanish.media) == (16 * 1024 * 1024, frozenset())
    for can in (whatsapp, sms, spanish):
        assert set(can.media_limits) == set(can.media_mimes) == set(can.media)


@pytest.mark.parametrize(
    ("sender", "facts", "rate"),
    [
        (WHATSAPP["from"], {}, 10),
        (SMS["from"], {}, 1),
        ("+18005550199", {}, 3),
        ("+34960318274", {}, 10),
        ("262662", {}, 100),
        (SERVICE["from"], {}, 10),
        (WHATSAPP["from"], {"messages_per_second": "40"}, 40),
        (WHATSAPP["from"], {"messages_per_second": "nan"}, 10),
    ],
)
def test_pace(sender, facts, rate):
    assert limits.pace(sender, facts).per_second == rate


def test_local_address_is_no_callback_for_the_real_twilio(monkeypatch):
    from saas_admin.adapters.channels.twilio import send

    near = text(webhook_url="http://localhost:8080/webhooks/twilio/x", callback_data="1")
    far = text(webhook_url="https://alborada.example/webhooks/twilio/x")
    assert send._callback(near) == ""
    assert send._callback(far) == f"https://alborada.example/webhooks/twilio/x{FRAGMENT}"
