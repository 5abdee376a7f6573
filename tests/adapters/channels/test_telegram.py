"""The contract, and every kind of update with its exact values."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from saas_admin.adapters.channels import base, registry
from saas_admin.adapters.channels.base import Ignored, InboundMessage, MessageKind
from saas_admin.adapters.channels.events import AddressMoved, Echo, Edited, Event, Preference, Purpose, Revoked
from tests.adapters.channels.contract import Contract, fixture
from tests.adapters.provider import Answer

KIND = "telegram"
ADAPTER = registry.get(KIND)
TOKEN = "7408812256:AAHq3vT0yWc9sJk2LmN4pRx7Zb8DfG1hUe5"
SECRETS = {"bot_token": TOKEN, "webhook_secret": "s3cret-of_the-webhook"}
NEREA, GROUP = "6214098837", "-1002217845530"
BUSINESS = f"{NEREA}@kX9pQ2vAAAAB"


def body(name: str) -> bytes:
    return fixture(KIND, name)


def only(name: str) -> Event:
    (item,) = ADAPTER.split(body(name))
    (event,) = ADAPTER.parse(item.payload)
    return event


def message(name: str) -> InboundMessage:
    event = only(name)
    assert isinstance(event, InboundMessage)
    return event


def refused(code: int, description: str, **parameters: Any) -> Answer:
    said: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return Answer(code, {**said, "parameters": parameters} if parameters else said)


def sent(number: int = 9001, chat: int = int(NEREA)) -> Answer:
    told = {"message_id": number, "chat": {"id": chat, "type": "private"}, "date": 1795003200, "text": "x"}
    return Answer(200, {"ok": True, "result": told})


def text(words: str = "Sale hoy con DHL", **more: Any) -> base.OutboundMessage:
    return base.OutboundMessage(to=NEREA, kind=MessageKind.TEXT, text=words, **more)


class TestContract(Contract):
    adapter = ADAPTER
    settings = {}
    secrets = SECRETS
    rotated = {**SECRETS, "webhook_secret": "another-secret_1"}
    signature_header = "x-telegram-bot-api-secret-token"
    signs_bytes = False
    endpoint = "TELEGRAM_API_URL"
    text_body = body("text")
    batch_body = body("batch")
    batch_texts = ["primera", "segunda"]
    unknown_body = body("unknown_type")
    bare_body = body("photo_without_sizes")
    message = text()
    media = base.Media(MessageKind.IMAGE, "image/jpeg", provider_id="AgACAgQAAxkBAAIL")
    accepted = sent()
    accepted_id = f"{NEREA}:9001"
    nameless = Answer(200, {"ok": True, "result": {}})
    throttled = refused(429, "Too Many Requests: retry after 7", retry_after=7)
    rejected = refused(400, "Bad Request: chat not found")
    token_refused = refused(401, "Unauthorized")
    media_gone = [refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")]

    def sign(self, body: bytes, secrets: Any) -> dict[str, str]:
        del body
        return {self.signature_header: secrets.get("webhook_secret", "")}


def test_item():
    (item,) = ADAPTER.split(body("text"))
    assert (item.address, item.key, item.kind) == ("", "update:812400111", "message")
    assert [i.key for i in ADAPTER.split(body("batch"))][::2] == ["update:812400159", "update:812400160"]


def test_an_update_without_a_known_field_is_taken_and_left_alone():
    (item,) = ADAPTER.split(b'{"update_id": 5}')
    assert (item.key, item.kind) == ("update:5", "unknown")
    assert ADAPTER.parse(item.payload) == [Ignored("unknown", "not acted upon")]


def test_address_is_the_bot():
    assert ADAPTER.address({}, SECRETS) == "7408812256"


def test_text():
    assert only("text") == InboundMessage(
        provider_id=f"{NEREA}:341",
        sender=base.Sender(NEREA, "Nerea Olaizola", username="nerea_ola"),
        at=datetime.fromtimestamp(1795003541, UTC),
        kind=MessageKind.TEXT,
        text="¿Tenéis café de Etiopía? https://alborada.example/etiopia 🌿",
    )


def test_start_keeps_its_payload():
    assert (message("text_start").text, message("text_start").data) == ("/start pedido_4417", {"start": "pedido_4417"})


def test_links_behind_words():
    assert message("text_link").data == {"link": ["https://alborada.example/receta"]}


def test_reply_and_quote():
    found = message("text_reply")
    assert (found.reply_to, found.data) == (f"{NEREA}:322", {"quote": "tres de Huila"})


def test_edits():
    assert only("edited_text") == Edited(
        f"{NEREA}:345", datetime.fromtimestamp(1795004100, UTC), "Quería decir tres bolsas"
    )
    assert only("business_edited").provider_id == f"{BUSINESS}:374"  # type: ignore[union-attr]
    assert isinstance(only("edited_live_location"), Ignored)


@pytest.mark.parametrize(
    ("name", "kind", "media", "words", "data"),
    [
        ("photo", "image", ("image/jpeg", "AgACAgQAAxkBAAIL", None, False), "Llegó rota 😞", {}),
        (
            "album_first",
            "image",
            ("image/jpeg", "AgACAgQAAxkBAAIA1", None, False),
            "",
            {"media_group_id": "13809417520026"},
        ),
        (
            "album_second",
            "image",
            ("image/jpeg", "AgACAgQAAxkBAAIA2", None, False),
            "",
            {"media_group_id": "13809417520026"},
        ),
        ("voice", "audio", ("audio/ogg", "AwACAgQAAxkBvoz", None, True), "", {"duration": 7.0}),
        (
            "audio",
            "audio",
            ("audio/mpeg", "CQACAgQAAxkBaud", "tostando.mp3", False),
            "",
            {"duration": 184.0, "title": "Tostando", "performer": "Coro de Tolosa"},
        ),
        ("video", "video", ("video/mp4", "BAACAgQAAxkBvid", None, False), "Así suena el molinillo", {"duration": 12.0}),
        ("video_note", "video", ("video/mp4", "DQACAgQAAxkBrnd", None, False), "", {"duration": 9.0, "round": True}),
        ("document", "document", ("application/pdf", "BQACAgQAAxkBdoc", "factura 118.pdf", False), "", {}),
        (
            "animation",
            "video",
            ("video/mp4", "CgACAgQAAxkBgif", "hambre.mp4", False),
            "",
            {"duration": 3.0, "animated": True},
        ),
        ("sticker", "sticker", ("image/webp", "CAACAgIAAxkBstk", None, False), "", {"emoji": "☕"}),
    ],
)
def test_media(name, kind, media, words, data):
    found = message(name)
    assert found.media is not None
    assert (found.media.mime, found.media.provider_id, found.media.filename, found.media.voice) == media
    assert (found.kind, found.media.kind, found.text, found.data) == (kind, kind, words, data)
    assert found.more_media == ()


@pytest.mark.parametrize(
    ("change", "mime"), [({"is_animated": True}, "application/x-tgsticker"), ({"is_video": True}, "video/webm")]
)
def test_moving_stickers(change, mime):
    update = json.loads(body("sticker"))
    update["message"]["sticker"] |= change
    (found,) = ADAPTER.parse(json.dumps(update).encode())
    assert isinstance(found, InboundMessage)
    assert found.media is not None
    assert found.media.mime == mime


def test_places():
    assert message("location").location == base.Location(43.318334, -1.981231)
    assert message("venue").location == base.Location(43.2631, -2.935, "Mercado de la Ribera", "Erribera kalea, Bilbao")


def test_a_contact_is_the_senders_phone_only_with_the_senders_id():
    own, other = message("contact_own"), message("contact_other")
    assert (own.sender.phone, own.contacts) == ("+34622718340", (base.ContactCard("Nerea Olaizola", ("34622718340",)),))
    assert (other.sender.phone, other.contacts) == (None, (base.ContactCard("Iker", ("+34 688 10 22 47",)),))


@pytest.mark.parametrize("name", ["poll", "dice", "unknown_type", "photo_without_sizes"])
def test_what_cannot_be_shown_says_what_it_was(name):
    found = message(name)
    expected = {"unknown_type": "hologram", "photo_without_sizes": "photo"}.get(name, name)
    assert (found.kind, found.data["type"]) == (MessageKind.UNSUPPORTED, expected)


def test_web_app():
    found = message("web_app")
    assert (found.kind, found.text) == (MessageKind.INTERACTIVE, "Elegir molienda")
    assert found.data == {"web_app": '{"molienda":"fina"}'}


def test_forward():
    origin = {"type": "hidden_user", "sender_user_name": "Ane", "date": 1794990000}
    assert message("forward").data == {"forwarded": True, "forward_origin": origin}


def test_tapped_button():
    found = message("callback")
    assert (found.provider_id, found.kind, found.text) == (
        f"callback:26689348203981417:{NEREA}",
        MessageKind.INTERACTIVE,
        "En grano",
    )
    assert found.data == {"interactive": "button", "id": "grind:beans"}
    assert (found.reply_to, found.sender.name, found.awaits_answer) == (f"{NEREA}:351", "Nerea Olaizola", True)
    assert abs((datetime.now(UTC) - found.at).total_seconds()) < 60


def test_tapped_button_of_an_old_or_unknown_message():
    old, inline = message("callback_inaccessible"), message("callback_inline")
    assert (old.text, old.reply_to, old.sender.external_id) == ("grind:fine", f"{NEREA}:77", NEREA)
    assert (inline.text, inline.reply_to, inline.sender.external_id) == ("grind:fine", None, NEREA)


def test_reactions():
    given, removed, custom = message("reaction"), message("reaction_removed"), message("reaction_custom")
    assert (given.kind, given.text, given.reply_to, given.data) == (MessageKind.REACTION, "👍", f"{NEREA}:351", {})
    assert (removed.text, removed.reply_to, removed.data) == ("", f"{NEREA}:351", {"removed": True})
    assert (custom.text, custom.data) == ("🙂", {"custom_emoji_id": "5368324170671202286"})
    assert len({given.provider_id, removed.provider_id, custom.provider_id}) == 3


def test_blocked_and_let_in_again():
    assert only("blocked") == Preference(
        NEREA, datetime.fromtimestamp(1795005000, UTC), Purpose.ANY, False, "my_chat_member: kicked"
    )
    assert only("unblocked") == Preference(
        NEREA, datetime.fromtimestamp(1795006000, UTC), Purpose.ANY, True, "my_chat_member: member"
    )
    left = only("left_group")
    assert isinstance(left, Preference)
    assert (left.external_id, left.is_allowed) == (GROUP, False)


def test_a_group_moves():
    for name in ("migrated_to", "migrated_from"):
        moved = only(name)
        assert isinstance(moved, AddressMoved)
        assert (moved.old_id, moved.new_id) == ("-4417220981", GROUP)


def test_a_group_is_one_customer():
    found = message("group_text")
    assert found.sender == base.Sender(GROUP, "Tostadores del norte")
    author = {"id": NEREA, "name": "Nerea Olaizola", "username": "nerea_ola"}
    assert found.data == {"group": "supergroup", "author": author}
    assert isinstance(only("group_bot"), Ignored)


def test_business_connection():
    customer, owner = message("business_text"), only("business_owner")
    assert (customer.sender.external_id, customer.provider_id) == (BUSINESS, f"{BUSINESS}:372")
    assert isinstance(owner, Echo)
    assert (owner.message.sender, owner.message.text) == (
        base.Sender(BUSINESS, "Nerea Olaizola", username="nerea_ola"),
        "Sí, desde las 8:30",
    )
    deleted = ADAPTER.parse(body("business_deleted"))
    assert [e.provider_id for e in deleted if isinstance(e, Revoked)] == [f"{BUSINESS}:371", f"{BUSINESS}:372"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("channel_post", "channel_post"),
        ("inline_query", "inline_query"),
        ("business_connection", "business_connection"),
        ("unknown_update", "teleport"),
        ("service_pinned", "pinned_message"),
    ],
)
def test_left_alone(name, kind):
    found = only(name)
    assert isinstance(found, Ignored)
    assert found.kind == kind


def test_bytes_of_a_lone_surrogate_and_a_nul():
    update = json.loads(body("text"))
    update["message"]["text"] = "hola\x00 \ud83d"
    (found,) = ADAPTER.parse(json.dumps(update).encode())
    assert isinstance(found, InboundMessage)
    assert found.text == "hola ?"


def test_every_fixture_is_read():
    folder = Path(__file__).parent / "fixtures" / KIND
    for path in folder.glob("*.json"):
        for item in ADAPTER.split(path.read_bytes()):
            assert ADAPTER.parse(item.payload)
