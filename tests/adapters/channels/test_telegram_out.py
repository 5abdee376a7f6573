"""What leaves for Telegram: its exact form (aiogram is the referee), its limits, its refusals, and never its token."""

import io
import json
import logging
import re
from pathlib import Path
from typing import Any

import aiogram.methods
import pytest
from aiogram.types import Update
from python_multipart import parse_form

from saas_admin.adapters import http
from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import MEGABYTE, FailureCode, MessageKind, SendError
from saas_admin.adapters.channels.content import Choice, Choices, Link, short_id
from saas_admin.core.config import get_settings
from tests.adapters.channels.contract import FIXTURES
from tests.adapters.channels.test_telegram import ADAPTER, NEREA, SECRETS, TOKEN, refused, sent, text
from tests.adapters.provider import Answer, Asked, Provider

HOOK = "https://mostrador.example/webhooks/telegram/abc"
OK = Answer(200, {"ok": True, "result": True})


@pytest.fixture(autouse=True)
def pointed(provider: Provider, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TELEGRAM_API_URL", provider.url)
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


def send(message: base.OutboundMessage) -> base.SendResult:
    return ADAPTER.send({}, SECRETS, message)


def failure(call: Any) -> base.Failure:
    with pytest.raises(SendError) as raised:
        call()
    return raised.value.failure


def judged(asked: Asked) -> tuple[str, dict[str, Any]]:
    """Method and parameters of a call, as Telegram reads them; aiogram refuses what has a wrong name or type."""
    found = re.fullmatch(rf"/bot{re.escape(TOKEN)}/(\w+)", asked.path)
    assert found, asked.path
    parameters = asked.json if "json" in asked.headers["content-type"] else form(asked)
    model = getattr(aiogram.methods, found[1][0].upper() + found[1][1:])
    known = {name for name, field in model.model_fields.items() if not name.startswith("model_")}
    assert set(parameters) <= known, set(parameters) - known
    strict = {name: value for name, value in parameters.items() if not isinstance(value, bytes)}
    files = dict.fromkeys(set(parameters) - set(strict), "file-id")
    model.model_validate({**strict, **files}, strict=False)
    return found[1], parameters


def form(asked: Asked) -> dict[str, Any]:
    """Fields as they are, nested ones are JSON; a file is its bytes."""
    found: dict[str, Any] = {}
    parse_form(
        {"Content-Type": asked.headers["content-type"].encode(), "Content-Length": str(len(asked.body)).encode()},
        io.BytesIO(asked.body),
        lambda field: found.__setitem__(field.field_name.decode(), field.value.decode()),
        lambda file: (file.file_object.seek(0), found.__setitem__(file.field_name.decode(), file.file_object.read())),
    )
    for name in ("reply_parameters", "reply_markup"):
        if name in found:
            found[name] = json.loads(found[name])
    return found


def outbound(kind: MessageKind, words: str = "", **more: Any) -> base.OutboundMessage:
    return base.OutboundMessage(NEREA, kind, words, **more)


def test_text_goes_as_it_was_written(provider: Provider):
    provider.will(sent())
    assert send(text("*no* <b>es</b> _marca_")).provider_id == f"{NEREA}:9001"
    assert judged(provider.asked[0]) == ("sendMessage", {"chat_id": int(NEREA), "text": "*no* <b>es</b> _marca_"})


def test_quote_only_of_this_chat(provider: Provider):
    provider.will(sent(), sent(), sent())
    send(text(reply_to=f"{NEREA}:322"))
    send(text(reply_to="11:322"))
    send(text(reply_to=f"callback:77:{NEREA}"))
    quoted = {"message_id": 322, "allow_sending_without_reply": True}
    assert [judged(asked)[1].get("reply_parameters") for asked in provider.asked] == [quoted, None, None]


def test_choices_and_a_long_id_that_comes_back(provider: Provider):
    provider.will(sent())
    long = "pedido:4417:" + "ñ" * 40
    choices = Choices((Choice("grind:fine", "Molido fino"), Choice(long, "En grano")))
    send(outbound(MessageKind.INTERACTIVE, "¿Cómo lo quieres?", choices=choices))
    _, said = judged(provider.asked[0])
    rows = said["reply_markup"]["inline_keyboard"]
    assert [[b["text"] for b in row] for row in rows] == [["Molido fino"], ["En grano"]]
    assert rows[0][0]["callback_data"] == "grind:fine"
    token = rows[1][0]["callback_data"]
    assert (token, len(token.encode()) <= 64) == (short_id(long, 64), True)
    assert choices.chosen(token) == choices.options[1]
    assert choices.chosen("grind:fine") == choices.options[0]
    assert choices.chosen("otro") is None


def test_link_and_lists(provider: Provider):
    provider.will(sent())
    send(outbound(MessageKind.INTERACTIVE, "Tu pedido", link=Link("Ver el pedido", "https://alborada.example/p/4417")))
    _, said = judged(provider.asked[0])
    assert said["reply_markup"]["inline_keyboard"] == [
        [{"text": "Ver el pedido", "url": "https://alborada.example/p/4417"}]
    ]
    a_list = Choices((Choice("a", "A", "la primera"),), opener="Elegir")
    assert failure(lambda: send(outbound(MessageKind.INTERACTIVE, "x", choices=a_list))).code is FailureCode.UNSUPPORTED


def test_places(provider: Provider):
    provider.will(sent(), sent())
    send(outbound(MessageKind.LOCATION, location=base.Location(43.3, -1.98)))
    send(outbound(MessageKind.LOCATION, location=base.Location(43.3, -1.98, "Café Alborada", "Nagusia 4")))
    where = {"chat_id": int(NEREA), "latitude": 43.3, "longitude": -1.98}
    assert [judged(asked) for asked in provider.asked] == [
        ("sendLocation", where),
        ("sendVenue", {**where, "title": "Café Alborada", "address": "Nagusia 4"}),
    ]


@pytest.mark.parametrize(
    ("kind", "mime", "method", "field"),
    [
        (MessageKind.IMAGE, "image/png", "sendPhoto", "photo"),
        (MessageKind.IMAGE, "image/gif", "sendAnimation", "animation"),
        (MessageKind.VIDEO, "video/mp4", "sendVideo", "video"),
        (MessageKind.AUDIO, "audio/mpeg", "sendAudio", "audio"),
        (MessageKind.AUDIO, "audio/ogg", "sendVoice", "voice"),
        (MessageKind.AUDIO, "audio/wav", "sendDocument", "document"),
        (MessageKind.VIDEO, "video/quicktime", "sendDocument", "document"),
        (MessageKind.DOCUMENT, "application/pdf", "sendDocument", "document"),
    ],
)
def test_files(provider: Provider, tmp_path: Path, kind, mime, method, field):
    (tmp_path / "f").write_bytes(b"\x00\xffbytes\r\n--")
    file = base.OutboundMedia(kind, mime, "café ñ.bin", tmp_path / "f")
    provider.will(sent())
    send(outbound(kind, "Aquí está 🌿", media=file, reply_to=f"{NEREA}:3"))
    assert judged(provider.asked[0]) == (
        method,
        {
            "chat_id": NEREA,
            "caption": "Aquí está 🌿",
            "reply_parameters": {"message_id": 3, "allow_sending_without_reply": True},
            field: b"\x00\xffbytes\r\n--",
        },
    )


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (text(""), FailureCode.CONTENT_REJECTED),
        (text(" \n "), FailureCode.CONTENT_REJECTED),
        (text("x" * 4097), FailureCode.CONTENT_REJECTED),
        (text("🌿" * 2049), FailureCode.CONTENT_REJECTED),
        (outbound(MessageKind.CONTACTS), FailureCode.UNSUPPORTED),
        (outbound(MessageKind.TEMPLATE, "x"), FailureCode.UNSUPPORTED),
        (outbound(MessageKind.LOCATION), FailureCode.UNSUPPORTED),
        (outbound(MessageKind.IMAGE, "x"), FailureCode.UNSUPPORTED),
        (base.OutboundMessage("@someone", MessageKind.TEXT, "x"), FailureCode.NOT_REACHABLE),
        (base.OutboundMessage("", MessageKind.TEXT, "x"), FailureCode.NOT_REACHABLE),
    ],
)
def test_limits_are_ours_to_keep(provider: Provider, message, code):
    assert failure(lambda: send(message)).code is code
    assert provider.asked == []


@pytest.mark.parametrize(
    ("kind", "megabytes", "caption", "code"),
    [
        (MessageKind.IMAGE, 10, "", FailureCode.MEDIA_REJECTED),
        (MessageKind.DOCUMENT, 50, "", FailureCode.MEDIA_REJECTED),
        (MessageKind.DOCUMENT, 0, "🌿" * 513, FailureCode.CONTENT_REJECTED),
    ],
)
def test_limits_of_files(provider: Provider, tmp_path: Path, kind, megabytes, caption, code):
    with (tmp_path / "f").open("wb") as file:
        file.truncate(megabytes * MEGABYTE + 1)
    media = base.OutboundMedia(kind, "image/png", "f.png", tmp_path / "f")
    assert failure(lambda: send(outbound(kind, caption, media=media))).code is code
    assert provider.asked == []


def test_largest_text_that_fits(provider: Provider):
    provider.will(sent())
    send(text("🌿" * 2048))
    assert judged(provider.asked[0])[0] == "sendMessage"


@pytest.mark.parametrize(
    ("answer", "code", "wait"),
    [
        (refused(429, "Too Many Requests: retry after 31", retry_after=31), FailureCode.THROTTLED, 31),
        (Answer(200, {"ok": "False", "parameters": {"retry_after": 42}}), FailureCode.THROTTLED, 42),
        (refused(403, "Forbidden: bot was blocked by the user"), FailureCode.OPTED_OUT, None),
        (refused(403, "Forbidden: user is deactivated"), FailureCode.NOT_REACHABLE, None),
        (refused(403, "Forbidden: bot was kicked from the supergroup chat"), FailureCode.NOT_REACHABLE, None),
        (refused(403, "Forbidden: bot can't initiate conversation with a user"), FailureCode.NOT_REACHABLE, None),
        (refused(400, "Bad Request: chat not found"), FailureCode.NOT_REACHABLE, None),
        (refused(400, "Bad Request: PEER_ID_INVALID"), FailureCode.NOT_REACHABLE, None),
        (refused(400, "Bad Request: message is too long"), FailureCode.CONTENT_REJECTED, None),
        (refused(400, "Bad Request: BUTTON_URL_INVALID"), FailureCode.CONTENT_REJECTED, None),
        (refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"), FailureCode.MEDIA_REJECTED, None),
        (refused(400, "Bad Request: VOICE_MESSAGES_FORBIDDEN"), FailureCode.MEDIA_REJECTED, None),
        (refused(400, "Bad Request: something new"), FailureCode.REJECTED, None),
        (refused(401, "Unauthorized"), FailureCode.UNAUTHORISED, None),
        (refused(404, "Not Found"), FailureCode.UNAUTHORISED, None),
        (refused(409, "Conflict: terminated by other getUpdates request"), FailureCode.REJECTED, None),
        (refused(413, "Request Entity Too Large"), FailureCode.MEDIA_REJECTED, None),
        (refused(500, "Internal Server Error"), FailureCode.PROVIDER_DOWN, None),
        (refused(502, "Bad Gateway"), FailureCode.PROVIDER_DOWN, None),
    ],
)
def test_refusals(provider: Provider, answer, code, wait):
    provider.will(answer)
    found = failure(lambda: send(text()))
    assert (found.code, found.retry_after) == (code, wait)
    assert len(provider.asked) == 1


def test_a_groups_wait_is_its_own(provider: Provider):
    provider.default = refused(429, "Too Many Requests: retry after 38", retry_after=38)
    found = [failure(lambda to=to: send(base.OutboundMessage(to, MessageKind.TEXT, "x"))) for to in (NEREA, "-1002217")]
    assert [(f.retry_after, f.is_per_person) for f in found] == [(38, False), (38, True)]


def test_a_group_that_moved_is_followed_once(provider: Provider):
    moved = refused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1002217845530)
    provider.will(moved, sent(3, -1002217845530))
    message = base.OutboundMessage("-4417220981", MessageKind.TEXT, "Hola", reply_to="-4417220981:8")
    assert send(message).provider_id == "-1002217845530:3"
    assert judged(provider.asked[1])[1] == {"chat_id": -1002217845530, "text": "Hola"}
    provider.will(moved, moved)
    assert failure(lambda: send(message)).code is FailureCode.NOT_REACHABLE


def test_business_chats_name_their_connection(provider: Provider):
    provider.will(sent(), OK)
    to = f"{NEREA}@kX9pQ2vAAAAB"
    assert send(base.OutboundMessage(to, MessageKind.TEXT, "Hola")).provider_id == f"{to}:9001"
    ADAPTER.acknowledge({}, SECRETS, f"{to}:9001", typing=True)
    where = {"chat_id": int(NEREA), "business_connection_id": "kX9pQ2vAAAAB"}
    assert [judged(asked) for asked in provider.asked] == [
        ("sendMessage", {**where, "text": "Hola"}),
        ("sendChatAction", {**where, "action": "typing"}),
    ]


def test_a_tapped_button_is_answered_and_typing_reaches_its_chat(provider: Provider):
    provider.will(
        OK, OK, refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    )
    for typing in (False, True, False):
        ADAPTER.acknowledge({}, SECRETS, f"callback:26689348203981417:{NEREA}", typing=typing)
    ADAPTER.acknowledge({}, SECRETS, f"{NEREA}:12")
    assert [judged(asked) for asked in provider.asked][:2] == [
        ("answerCallbackQuery", {"callback_query_id": "26689348203981417"}),
        ("sendChatAction", {"chat_id": int(NEREA), "action": "typing"}),
    ]
    assert len(provider.asked) == 3


def test_check(provider: Provider):
    me = {"id": 7408812256, "is_bot": True, "first_name": "Café Alborada", "username": "alborada_cafe_bot"}
    hook = {"url": HOOK, "has_custom_certificate": False, "pending_update_count": 4, "last_error_date": 1795000000}
    hook["last_error_message"] = "Wrong response from the webhook: 502 Bad Gateway"
    provider.will(Answer(200, {"ok": True, "result": me}), Answer(200, {"ok": True, "result": hook}))
    found = ADAPTER.check({}, SECRETS)
    assert (found.ok, found.facts) == (
        True,
        {
            "username": "alborada_cafe_bot",
            "name": "Café Alborada",
            "webhook_url": HOOK,
            "pending_updates": "4",
            "webhook_error": "Wrong response from the webhook: 502 Bad Gateway",
            "webhook_error_at": "1795000000",
        },
    )
    assert [judged(asked) for asked in provider.asked] == [("getMe", {}), ("getWebhookInfo", {})]


@pytest.mark.parametrize(
    ("answer", "code", "field"),
    [
        (refused(401, "Unauthorized"), FailureCode.UNAUTHORISED, "bot_token"),
        (refused(404, "Not Found"), FailureCode.UNAUTHORISED, "bot_token"),
        (refused(502, "Bad Gateway"), FailureCode.PROVIDER_DOWN, None),
        (Answer(200, {"ok": True, "result": []}), FailureCode.REJECTED, None),
    ],
)
def test_check_that_fails(provider: Provider, answer, code, field):
    provider.will(answer)
    found = ADAPTER.check({}, SECRETS)
    assert found.failure is not None
    assert (found.ok, found.failure.code, found.field) == (False, code, field)


def test_connect(provider: Provider):
    provider.will(OK, refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"))
    assert ADAPTER.connect({}, SECRETS, HOOK).is_registered
    method, said = judged(provider.asked[0])
    assert (method, said["url"], said["secret_token"]) == ("setWebhook", HOOK, SECRETS["webhook_secret"])
    assert {"message", "edited_message", "callback_query", "message_reaction", "my_chat_member"} <= set(
        said["allowed_updates"]
    )
    assert 1 <= said["max_connections"] <= 100
    refused_by = ADAPTER.connect({}, SECRETS, "http://x.example/").failure
    assert refused_by is not None
    assert "HTTPS URL" in refused_by.provider_text
    assert not ADAPTER.connect({}, {"bot_token": TOKEN}, HOOK).is_registered


@pytest.mark.parametrize(
    ("url", "calls"), [(HOOK, ["getWebhookInfo", "deleteWebhook"]), ("https://o.example", ["getWebhookInfo"])]
)
def test_disconnect_takes_only_our_webhook(provider: Provider, url, calls):
    info = {"url": url, "has_custom_certificate": False, "pending_update_count": 0}
    provider.will(Answer(200, {"ok": True, "result": info}), OK)
    ADAPTER.disconnect({}, SECRETS, HOOK)
    assert [judged(asked)[0] for asked in provider.asked] == calls


def test_pace():
    pace = ADAPTER.pace({}, {})
    assert pace is not None
    assert (pace.per_second, pace.seconds_between(NEREA), pace.seconds_between("-100221")) == (30, 1, 3)


def got(path: str, size: int = 4) -> Answer:
    return Answer(
        200, {"ok": True, "result": {"file_id": "x", "file_unique_id": "y", "file_size": size, "file_path": path}}
    )


PHOTO = base.Media(MessageKind.IMAGE, "image/jpeg", provider_id="AgACAgQAAxkBAAIL")


def test_fetching(provider: Provider):
    provider.will(got("photos/file_12.jpg"), Answer(200, b"\xff\xd8\xff\xe0"))
    into = io.BytesIO()
    fetched = ADAPTER.fetch_media({}, SECRETS, PHOTO, 100, into)
    assert (fetched, into.getvalue()) == (base.FetchedMedia("image/jpeg", "file_12.jpg"), b"\xff\xd8\xff\xe0")
    assert judged(provider.asked[0]) == ("getFile", {"file_id": "AgACAgQAAxkBAAIL"})
    assert (provider.asked[1].method, provider.asked[1].path) == ("GET", f"/file/bot{TOKEN}/photos/file_12.jpg")


@pytest.mark.parametrize(
    "answers",
    [
        [refused(400, "Bad Request: file is too big")],
        [got("a.bin", 21 * MEGABYTE)],
        [got("a.bin", 101)],
        [got("a.bin"), Answer(200, b"x" * 101)],
        [got("a.bin"), refused(404, "Not Found: file not found")],
        [got("../../etc/passwd")],
        [got("//evil.example/x")],
        [got("/var/lib/telegram-bot-api/x")],
        [got("a.bin?x=1#y")],
        [Answer(200, {"ok": True, "result": {"file_id": "x"}})],
    ],
)
def test_files_that_do_not_come(provider: Provider, answers):
    provider.will(*answers)
    found = failure(lambda: ADAPTER.fetch_media({}, SECRETS, PHOTO, 100, io.BytesIO()))
    assert found.code is FailureCode.MEDIA_REJECTED
    assert len(provider.asked) == len(answers)


# The token is in the address of every call.


@pytest.mark.parametrize(
    "answer",
    [
        Answer(hang=True),
        Answer(cut=True),
        refused(400, f"Bad Request: see https://api.telegram.org/bot{TOKEN}/sendMessage"),
        refused(401, f"Unauthorized {TOKEN}"),
        Answer(302, b"", {"location": f"https://elsewhere.example/bot{TOKEN}/x"}),
    ],
)
def test_the_token_is_in_no_error_and_no_log(provider: Provider, monkeypatch, caplog, answer):
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.5)
    caplog.set_level(logging.DEBUG)
    provider.default = answer
    calls = [
        lambda: send(text()),
        lambda: ADAPTER.acknowledge({}, SECRETS, f"{NEREA}:1", typing=True),
    ]
    for call in calls:
        with pytest.raises(SendError) as raised:
            call()
        assert TOKEN.partition(":")[2] not in f"{raised.value!r}{raised.value}{raised.value.failure}"
        assert raised.value.__cause__ is None
    checked = ADAPTER.check({}, SECRETS)
    assert TOKEN.partition(":")[2] not in f"{checked}{caplog.text}"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no-such-host.invalid", "nonsense", "http://[::1"])
def test_the_token_is_in_no_error_of_a_wrong_address(monkeypatch, caplog, url):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("TELEGRAM_API_URL", url)
    get_settings.cache_clear()
    found = failure(lambda: send(text()))
    assert found.code in (FailureCode.PROVIDER_DOWN, FailureCode.REJECTED)
    assert TOKEN.partition(":")[2] not in f"{found}{caplog.text}"


@pytest.mark.parametrize(
    "token", ["", "7408812256", "7408812256:short", f"{TOKEN}/../x", f"{TOKEN}\n", "٣٤٥٦٧:" + "a" * 35]
)
def test_a_token_that_is_none_calls_nobody(provider: Provider, token):
    assert failure(lambda: ADAPTER.send({}, {"bot_token": token}, text())).code is FailureCode.UNAUTHORISED
    assert provider.asked == []


# aiogram reads our examples as updates of Telegram's.

NOT_TELEGRAMS = {"batch"}
"""An array is nothing Telegram sends."""


EXAMPLES = [p for p in sorted((FIXTURES / "telegram").glob("*.json")) if p.stem not in NOT_TELEGRAMS]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_aiogram_reads_our_examples(path: Path):
    said = json.loads(path.read_bytes())
    update = Update.model_validate(said)
    assert update.update_id == said["update_id"]
    kind = next(name for name in said if name != "update_id")
    if kind != "teleport":
        assert update.event_type == kind
