"""What Messenger and Instagram have in common, put to both."""

import hashlib
import hmac
import io
from pathlib import Path
from typing import Any, ClassVar

import pytest

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import FailureCode, MessageKind
from saas_admin.adapters.channels.content import Choice, Choices, Link
from tests.adapters.channels.contract import Contract
from tests.adapters.provider import Answer, Provider


def error(code: int, message: str = "", status: int = 400, **more: Any) -> Answer:
    said = {"message": message or f"(#{code}) no", "type": "OAuthException", "code": code, **more}
    return Answer(status, {"error": said})


def sent(provider_id: str = "m_OURS9001") -> Answer:
    return Answer(200, {"recipient_id": "7719402853316048", "message_id": provider_id})


def text(words: str = "Sale hoy con DHL", **more: Any) -> base.OutboundMessage:
    return base.OutboundMessage(to="7719402853316048", kind=MessageKind.TEXT, text=words, **more)


class PageContract(Contract):
    path: ClassVar[str]
    """Where messages are posted."""
    signature_header = "x-hub-signature-256"
    endpoint = "META_GRAPH_URL"
    message = text()
    accepted = sent()
    accepted_id = "m_OURS9001"
    nameless = Answer(200, {"recipient_id": "7719402853316048"})
    throttled = error(613, "Calls to this api have exceeded the rate limit", 403)
    rejected = error(551, "This person isn't available right now", error_subcode=1545041)
    media_gone = [Answer(403, b"URL signature expired")]

    @pytest.fixture(autouse=True)
    def links_to_here(self, provider: Provider, pointed: None, monkeypatch: pytest.MonkeyPatch):
        from saas_admin.core.config import get_settings

        monkeypatch.setenv("ALLOW_PRIVATE_HOSTS", "1")
        get_settings.cache_clear()
        monkeypatch.setattr(
            type(self),
            "media",
            base.Media(MessageKind.IMAGE, "image/jpeg", url=f"{provider.url}/v/a.jpg"),
            raising=False,
        )

    def sign(self, body, secrets):
        digest = hmac.new(secrets["app_secret"].encode(), body, hashlib.sha256).hexdigest()
        return {"x-hub-signature-256": f"sha256={digest}"}

    def asked(self, provider: Provider, message: base.OutboundMessage) -> Any:
        provider.will(sent())
        self.adapter.send(self.settings, self.secrets, message)
        return provider.asked[-1].json

    # Out

    def test_answer_within_the_window(self, provider: Provider):
        assert self.asked(provider, text(reply_to="m_IN1", callback_data="0193a7e2")) == {
            "recipient": {"id": "7719402853316048"},
            "messaging_type": "RESPONSE",
            "message": {"text": "Sale hoy con DHL", "metadata": "0193a7e2"},
            "reply_to": {"mid": "m_IN1"},
        }
        (asked,) = provider.asked
        assert (asked.method, asked.path) == ("POST", self.path)
        assert asked.headers["authorization"].startswith("Bearer EAAG")

    def test_late_answer_carries_the_human_agent_tag(self, provider: Provider):
        said = self.asked(provider, text(is_late=True))
        assert (said["messaging_type"], said["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")

    def test_choices_are_quick_replies(self, provider: Provider):
        choices = Choices((Choice("si", "Sí, envíalo"), Choice("no", "Ahora no")))
        message = base.OutboundMessage("7719402853316048", MessageKind.INTERACTIVE, "¿Lo envío?", choices=choices)
        assert self.asked(provider, message)["message"] == {
            "text": "¿Lo envío?",
            "quick_replies": [
                {"content_type": "text", "title": "Sí, envíalo", "payload": "si"},
                {"content_type": "text", "title": "Ahora no", "payload": "no"},
            ],
        }

    def test_link_is_a_button(self, provider: Provider):
        link = Link("Ver el pedido", "https://alborada.es/p/7")
        message = base.OutboundMessage("7719402853316048", MessageKind.INTERACTIVE, "Va en camino", link=link)
        assert self.asked(provider, message)["message"]["attachment"] == {
            "type": "template",
            "payload": {
                "template_type": "button",
                "text": "Va en camino",
                "buttons": [{"type": "web_url", "url": "https://alborada.es/p/7", "title": "Ver el pedido"}],
            },
        }

    def test_file_is_fetched_from_us(self, provider: Provider):
        file = base.OutboundMedia(MessageKind.DOCUMENT, "application/pdf", "a.pdf", Path("unread"), "https://us.es/f/1")
        message = base.OutboundMessage("7719402853316048", MessageKind.DOCUMENT, media=file)
        assert self.asked(provider, message)["message"]["attachment"] == {
            "type": "file",
            "payload": {"url": "https://us.es/f/1", "is_reusable": False},
        }

    @pytest.mark.parametrize(
        ("message", "code"),
        [
            (text(""), FailureCode.CONTENT_REJECTED),
            (text("a" * 2001), FailureCode.CONTENT_REJECTED),
            (base.OutboundMessage("1", MessageKind.LOCATION), FailureCode.UNSUPPORTED),
            (base.OutboundMessage("1", MessageKind.TEMPLATE), FailureCode.UNSUPPORTED),
            (
                base.OutboundMessage(
                    "1",
                    MessageKind.IMAGE,
                    "con texto",
                    base.OutboundMedia(MessageKind.IMAGE, "image/png", "a.png", Path("unread")),
                ),
                FailureCode.UNSUPPORTED,
            ),
            (
                base.OutboundMessage(
                    "1",
                    MessageKind.INTERACTIVE,
                    "?",
                    choices=Choices(tuple(Choice(str(n), f"Opción {n}") for n in range(14))),
                ),
                FailureCode.UNSUPPORTED,
            ),
            (
                base.OutboundMessage("1", MessageKind.INTERACTIVE, "?", choices=Choices((Choice("1", "x" * 21),))),
                FailureCode.CONTENT_REJECTED,
            ),
            (
                base.OutboundMessage("1", MessageKind.INTERACTIVE, "a" * 641, link=Link("Ver", "https://a.es")),
                FailureCode.CONTENT_REJECTED,
            ),
            (
                base.OutboundMessage("1", MessageKind.INTERACTIVE, "a", link=Link("Ver", "javascript:alert(1)")),
                FailureCode.CONTENT_REJECTED,
            ),
        ],
    )
    def test_what_cannot_be_carried_is_said_and_nothing_is_sent(self, provider: Provider, message, code):
        assert self.failure(message).code is code
        assert provider.asked == []

    @pytest.mark.parametrize(
        ("code", "more", "expected"),
        [
            (10, {"error_subcode": 2018278}, FailureCode.WINDOW_CLOSED),
            (10, {"error_subcode": 2534022}, FailureCode.WINDOW_CLOSED),
            (10, {"message": "(#10) This message is sent outside of allowed window."}, FailureCode.WINDOW_CLOSED),
            (10, {"message": "(#10) Application does not have permission for this action"}, FailureCode.UNAUTHORISED),
            (10, {"error_subcode": 1893063}, FailureCode.ACCOUNT_BLOCKED),
            (551, {}, FailureCode.NOT_REACHABLE),
            (551, {"error_subcode": 1545041}, FailureCode.NOT_REACHABLE),
            (100, {"error_subcode": 2018001}, FailureCode.NOT_REACHABLE),
            (10, {"error_subcode": 2018108}, FailureCode.NOT_REACHABLE),
            (190, {}, FailureCode.UNAUTHORISED),
            (200, {}, FailureCode.UNAUTHORISED),
            (230, {}, FailureCode.UNAUTHORISED),
            (613, {}, FailureCode.THROTTLED),
            (4, {}, FailureCode.THROTTLED),
            (32, {}, FailureCode.THROTTLED),
            (1200, {}, FailureCode.PROVIDER_DOWN),
            (2, {}, FailureCode.PROVIDER_DOWN),
            (100, {}, FailureCode.CONTENT_REJECTED),
            (100, {"error_subcode": 2018008}, FailureCode.MEDIA_REJECTED),
            (36000, {}, FailureCode.MEDIA_REJECTED),
            (368, {}, FailureCode.ACCOUNT_BLOCKED),
            (987654, {}, FailureCode.REJECTED),
        ],
    )
    @pytest.mark.parametrize("status", [200, 400, 403, 500])
    def test_error_code_decides_not_the_status(self, provider: Provider, code, more, expected, status):
        provider.will(error(code, **{"status": status, **more}))
        assert self.failure().code is expected

    def test_seen_and_typing_go_to_a_person(self, provider: Provider):
        provider.default = Answer(200, {"recipient_id": "7719402853316048"})
        self.adapter.acknowledge_to(self.settings, self.secrets, "m_IN1", "7719402853316048")
        self.adapter.acknowledge_to(self.settings, self.secrets, "m_IN1", "7719402853316048", typing=True)
        person = {"recipient": {"id": "7719402853316048"}}
        assert [asked.json for asked in provider.asked] == [
            {**person, "sender_action": "mark_seen"},
            {**person, "sender_action": "mark_seen"},
            {**person, "sender_action": "typing_on"},
        ]

    # Media

    def test_media_is_fetched_without_the_token_by_way_of_redirects(self, provider: Provider):
        provider.will(
            Answer(302, b"", {"location": "/v/b.jpg"}), Answer(200, b"\xff\xd8", {"content-type": "image/jpeg; x=1"})
        )
        into = io.BytesIO()
        found = self.adapter.fetch_media(self.settings, self.secrets, self.media, 1000, into)
        assert (into.getvalue(), found.mime) == (b"\xff\xd8", "image/jpeg")
        assert [asked.path for asked in provider.asked] == ["/v/a.jpg", "/v/b.jpg"]
        assert not any("authorization" in asked.headers for asked in provider.asked)

    def test_endless_redirects(self, provider: Provider):
        provider.default = Answer(302, b"", {"location": "/v/again"})
        with pytest.raises(base.SendError) as raised:
            self.adapter.fetch_media(self.settings, self.secrets, self.media, 1000, io.BytesIO())
        assert raised.value.failure.code is FailureCode.MEDIA_REJECTED
        assert len(provider.asked) == 4

    @pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "file:///etc/passwd", "", "https://10.0.0.1/x"])
    def test_inner_addresses_are_not_fetched(self, url, monkeypatch):
        from saas_admin.core.config import get_settings

        monkeypatch.setenv("ALLOW_PRIVATE_HOSTS", "0")
        get_settings.cache_clear()
        media = base.Media(MessageKind.IMAGE, "image/jpeg", url=url)
        with pytest.raises(base.SendError) as raised:
            self.adapter.fetch_media(self.settings, self.secrets, media, 1000, io.BytesIO())
        assert not raised.value.failure.can_retry
