"""The pretend Telegram: by hand, by aiogram, and with the product's whole path in between."""

import asyncio
import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramForbiddenError, TelegramRetryAfter, TelegramUnauthorizedError
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, Update
from sqlalchemy import select
from typer.testing import CliRunner

from saas_admin.adapters.channels import base, registry
from saas_admin.adapters.channels.base import FailureCode, MessageKind, SendError
from saas_admin.adapters.channels.content import Choice, Choices, Link
from saas_admin.adapters.channels.events import Edited, Event, Preference
from saas_admin.channels import health, inbound, outbound, receipts
from saas_admin.channels import service as channels
from saas_admin.channels.intake import Intake, Verdict
from saas_admin.cli import app as cli
from saas_admin.conversations import media as files
from saas_admin.conversations import service
from saas_admin.conversations.answers import Extra
from saas_admin.core.config import get_settings
from saas_admin.core.secrets import decrypt
from saas_admin.core.work import Work
from saas_admin.models import Attachment, Channel, Conversation, Exchange, InboundEvent, Message
from saas_admin.models.channel import ChannelState
from saas_admin.models.message import Direction, MessageStatus
from tests.adapters import provider
from tests.sandbox.conftest import wait_for
from tests.shop import Shop, open_shop

ADAPTER = registry.get("telegram")
BOT, NEREA = 7408812256, 6214098837
TOKEN = f"{BOT}:AAHq3vT0yWc9sJk2LmN4pRx7Zb8DfG1hUe5"
SECRETS = {"bot_token": TOKEN, "webhook_secret": "la-palabra_1"}


@dataclass
class Place:
    url: str
    receiver: provider.Provider

    @property
    def hook(self) -> str:
        return f"{self.receiver.url}/webhooks/telegram/x"

    def control(self, path: str, said: Any) -> Any:
        answer = httpx.post(f"{self.url}/_control/{path}", json=said)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(self, verb: str, **more: Any) -> Any:
        return self.control("telegram/do", {"me": NEREA, "bot": BOT, "do": verb, **more})["done"]

    def call(self, method: str, **parameters: Any) -> Any:
        return httpx.post(f"{self.url}/bot{TOKEN}/{method}", json=parameters).json()

    def events(self) -> list[Event]:
        """What arrived at the webhook, each body with the secret and good in aiogram's eyes."""
        found: list[Event] = []
        for asked in list(self.receiver.asked):
            assert ADAPTER.verify(asked.headers, asked.body, SECRETS)
            Update.model_validate(asked.json)
            found += [event for item in ADAPTER.split(asked.body) for event in ADAPTER.parse(item.payload)]
        return found

    def messages(self) -> list[base.InboundMessage]:
        return [event for event in self.events() if isinstance(event, base.InboundMessage)]


@pytest.fixture
def place(process: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("TELEGRAM_API_URL", process[0])
    get_settings.cache_clear()
    with provider.running() as receiver:
        receiver.default = provider.Answer(200, {})
        place = Place(process[0], receiver)
        place.control("telegram/reset", {})
        httpx.request("DELETE", f"{process[0]}/_control/faults")
        place.control("faults", {"retry_scale": 0.05})
        place.control("telegram/bots", {"token": TOKEN, "username": "alborada_cafe_bot", "name": "Café Alborada"})
        yield place
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def linked(place: Place) -> Place:
    assert ADAPTER.connect({}, SECRETS, place.hook).is_registered
    return place


def send(kind: MessageKind = MessageKind.TEXT, words: str = "Hola", **more: Any) -> str:
    return ADAPTER.send({}, SECRETS, base.OutboundMessage(str(NEREA), kind, words, **more)).provider_id


def failure(call: Any) -> base.Failure:
    with pytest.raises(SendError) as raised:
        call()
    return raised.value.failure


def test_both_ways(linked: Place):
    first = linked.do("text", text="/start pedido_12")
    (message,) = wait_for(linked.messages)
    assert (message.provider_id, message.data) == (f"{NEREA}:{first['message_id']}", {"start": "pedido_12"})
    ours = send(words="¿Fino o en grano?", reply_to=message.provider_id)
    answer = linked.do("text", text="Fino", quoted=int(ours.rpartition(":")[2]))
    assert answer["reply_to_message"]["text"] == "¿Fino o en grano?"
    replied = wait_for(lambda: [m for m in linked.messages() if m.text == "Fino"])[0]
    assert replied.reply_to == ours


def test_buttons_are_tapped_and_answered(linked: Place):
    linked.do("text", text="/start")
    choices = Choices((Choice("grind:fine", "Molido fino"), Choice("x" * 80, "En grano")))
    ours = send(MessageKind.INTERACTIVE, "¿Cómo?", choices=choices)
    linked.do("tap", id=int(ours.rpartition(":")[2]), row=1, column=0)
    tapped = wait_for(lambda: [m for m in linked.messages() if m.kind is MessageKind.INTERACTIVE])[0]
    assert (tapped.text, tapped.reply_to) == ("En grano", ours)
    assert choices.chosen(tapped.data["id"]) == choices.options[1]
    ADAPTER.acknowledge({}, SECRETS, tapped.provider_id)
    again = tapped.provider_id.split(":")[1]
    assert linked.call("answerCallbackQuery", callback_query_id=again)["ok"] is False
    ADAPTER.acknowledge({}, SECRETS, tapped.provider_id)
    ADAPTER.acknowledge({}, SECRETS, tapped.provider_id, typing=True)


def test_other_signs(linked: Place):
    mine = linked.do("text", text="Hloa")
    linked.do("edit", id=mine["message_id"], text="Hola")
    ours = send()
    linked.do("react", id=int(ours.rpartition(":")[2]), emoji="❤")
    linked.do("block")
    blocked = failure(send)
    linked.do("unblock")
    wait_for(lambda: len(linked.events()) == 5)
    edits = [e for e in linked.events() if isinstance(e, Edited)]
    assert [(e.provider_id, e.text) for e in edits] == [(f"{NEREA}:{mine['message_id']}", "Hola")]
    reactions = [m for m in linked.messages() if m.kind is MessageKind.REACTION]
    assert [(m.text, m.reply_to) for m in reactions] == [("❤", ours)]
    assert sorted(e.is_allowed for e in linked.events() if isinstance(e, Preference)) == [False, True]
    assert blocked.code is FailureCode.OPTED_OUT


def test_places_contacts_and_polls(linked: Place):
    linked.do("location", latitude=43.3, longitude=-1.98)
    linked.do("contact")
    linked.do("poll")
    found = {m.kind: m for m in wait_for(lambda: len(linked.messages()) == 3 and linked.messages())}
    assert found[MessageKind.LOCATION].location == base.Location(43.3, -1.98)
    assert found[MessageKind.CONTACTS].sender.phone == "+34622718340"
    assert found[MessageKind.UNSUPPORTED].data["type"] == "poll"
    send(MessageKind.LOCATION, "", location=base.Location(43.3, -1.9, "Tienda", "Nagusia 4"))
    send(MessageKind.INTERACTIVE, "Tu pedido", link=Link("Verlo", "https://alborada.example/p"))


def test_files_both_ways(linked: Place, tmp_path: Path):
    uploaded = httpx.post(
        f"{linked.url}/telegram/files", files={"file": ("b.png", b"\x89PNG bolsa", "image/png")}
    ).json()
    linked.do("file", file=uploaded["file"], caption="Así llegó")
    (message,) = wait_for(linked.messages)
    assert message.media is not None
    into = io.BytesIO()
    ADAPTER.fetch_media({}, SECRETS, message.media, 10_000, into)
    assert (message.kind, message.text, into.getvalue()) == (MessageKind.IMAGE, "Así llegó", b"\x89PNG bolsa")
    (tmp_path / "recibo").write_bytes(b"%PDF-1.7 recibo")
    file = base.OutboundMedia(MessageKind.DOCUMENT, "application/pdf", "recibo.pdf", tmp_path / "recibo")
    assert send(MessageKind.DOCUMENT, "Tu recibo", media=file, reply_to=message.provider_id)


def test_webhook_is_repeated_and_what_waited_leaves_later(place: Place):
    place.do("text", text="antes de conectar")
    assert place.call("getWebhookInfo")["result"]["pending_update_count"] == 1
    place.receiver.will(provider.Answer(500), provider.Answer(503))
    assert ADAPTER.connect({}, SECRETS, place.hook).is_registered
    wait_for(lambda: len(place.receiver.asked) == 3)
    facts = wait_for(lambda: (f := ADAPTER.check({}, SECRETS).facts)["pending_updates"] == "0" and f)
    assert (facts["webhook_url"], "503" in facts["webhook_error"]) == (place.hook, True)
    ADAPTER.disconnect({}, SECRETS, "https://elsewhere.example/")
    assert place.call("getUpdates")["error_code"] == 409
    ADAPTER.disconnect({}, SECRETS, place.hook)
    place.do("text", text="por encuesta")
    assert [u["message"]["text"] for u in place.call("getUpdates")["result"]] == ["por encuesta"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"url": "http://shop.example/x"}, "An HTTPS URL must be provided"),
        ({"url": "https://shop.example:8080/x"}, "only on ports"),
        ({"url": "https://shop.example/x", "secret_token": "ñ"}, "unallowed characters"),
        ({"url": "https://shop.example/x", "max_connections": 101}, "max_connections"),
    ],
)
def test_webhooks_telegram_would_not_set(place: Place, parameters, words):
    said = place.call("setWebhook", **parameters)
    assert (said["ok"], said["error_code"]) == (False, 400)
    assert words in said["description"]


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("sendMessage", {"text": " "}, "message text is empty"),
        ("sendMessage", {"text": "🌿" * 2049}, "message is too long"),
        ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 99}}, "to be replied not found"),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 65}]]}},
            "DATA",
        ),
        ("sendMessage", {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}, "text buttons"),
        ("sendPhoto", {}, "there is no photo"),
        ("sendLocation", {}, "latitude is empty"),
        ("sendChatAction", {"action": "dancing"}, "wrong parameter action"),
        ("getFile", {"file_id": "x"}, "wrong file_id"),
    ],
)
def test_calls_telegram_would_refuse(place: Place, method, parameters, words):
    place.do("text", text="/start")
    said = place.call(method, chat_id=NEREA, **parameters)
    assert (said["ok"], said["error_code"]) == (False, 400)
    assert words in said["description"]


def test_strangers_and_tokens(place: Place):
    assert failure(send).code is FailureCode.NOT_REACHABLE
    unknown = base.OutboundMessage("11", MessageKind.TEXT, "x")
    assert failure(lambda: ADAPTER.send({}, SECRETS, unknown)).code is FailureCode.NOT_REACHABLE
    fresh = place.control("telegram/revoke", {"bot": BOT})["token"]
    checked = ADAPTER.check({}, SECRETS)
    assert checked.failure is not None
    assert (checked.failure.code, checked.field) == (FailureCode.UNAUTHORISED, "bot_token")
    assert ADAPTER.check({}, {**SECRETS, "bot_token": fresh}).ok
    assert TOKEN not in httpx.get(f"{place.url}/_control/telegram").text


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("throttle", FailureCode.THROTTLED),
        ("error_503", FailureCode.PROVIDER_DOWN),
        ("error_504", FailureCode.OUTCOME_UNKNOWN),
        ("refuse_token", FailureCode.UNAUTHORISED),
        ("no_id", FailureCode.OUTCOME_UNKNOWN),
        ("error_in_200", FailureCode.PROVIDER_DOWN),
        ("not_reachable", FailureCode.NOT_REACHABLE),
    ],
)
def test_injected_answers(place: Place, fault, code):
    place.do("text", text="/start")
    place.control("faults", {"sends": [{"kind": fault}]})
    assert failure(send).code is code
    assert send()


def test_aiogram_takes_it_for_telegram(place: Place):
    async def run() -> None:
        session = AiohttpSession(api=TelegramAPIServer.from_base(place.url))
        async with Bot(TOKEN, session=session) as bot:
            assert (await bot.get_me()).username == "alborada_cafe_bot"
            keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Sí", callback_data="y")]])
            sent = await bot.send_message(NEREA, "¿Vienes?", reply_markup=keyboard)
            assert (sent.text, sent.chat.id) == ("¿Vienes?", NEREA)
            photo = await bot.send_photo(NEREA, BufferedInputFile(b"\xff\xd8\xff", "a.jpg"), caption="Aquí")
            assert photo.photo is not None
            downloaded = await bot.download(photo.photo[-1].file_id)
            assert downloaded is not None
            assert downloaded.read() == b"\xff\xd8\xff"
            with pytest.raises(TelegramRetryAfter):
                await asyncio.gather(*[bot.send_message(NEREA, "más") for _ in range(4)])
            place.do("block")
            with pytest.raises(TelegramForbiddenError):
                await bot.send_message(NEREA, "?")
            place.control("telegram/revoke", {"bot": BOT})
            with pytest.raises(TelegramUnauthorizedError):
                await bot.get_me()

    place.do("text", text="/start")
    asyncio.run(run())


# The whole path


@pytest.fixture
def shop(db: Any, valkey: Any) -> Shop:
    del db, valkey
    return open_shop()


@dataclass
class Connected:
    shop: Shop
    place: Place
    id: UUID
    public_id: str

    def take_in(self) -> list[Verdict]:
        """Hand over what stands at the webhook, as the web process does, then handle it, as the worker does."""

        async def run() -> list[Verdict]:
            intake = Intake()
            try:
                asked = list(self.place.receiver.asked)
                return [await intake.accept("telegram", self.public_id, a.headers, a.body) for a in asked]
            finally:
                await intake.close()

        verdicts = asyncio.run(run())
        with Work(self.shop.system) as work:
            waiting = [e.id for e in self.rows(work, InboundEvent) if e.handled_at is None]
        inbound.handle(self.shop.company_id, waiting)
        return verdicts

    def rows(self, work: Work, table: Any) -> list[Any]:
        of_channel = (table.company_id == self.shop.company_id, table.channel_id == self.id)
        return work.all(select(table).where(*of_channel).order_by(table.id))

    def reply(self, words: str, **more: Any) -> Message:
        with Work(self.shop.admin) as work:
            (conversation,) = self.rows(work, Conversation)
            service.reply(work, conversation.id, words, draft_id=f"d-{time.monotonic_ns()}", **more)
        with Work(self.shop.system) as work:
            message_id = [m for m in self.rows(work, Message) if m.direction is Direction.OUT][-1].id
        outbound.deliver(self.shop.company_id, self.id)
        with Work(self.shop.system) as work:
            return work.get(Message, message_id)

    def channel(self) -> Channel:
        with Work(self.shop.system) as work:
            return work.get(Channel, self.id)


@pytest.fixture
def connected(shop: Shop, place: Place) -> Connected:
    checked = channels.check("telegram", "Telegram", {"bot_token": TOKEN})
    assert checked.facts["username"] == "alborada_cafe_bot"
    with Work(shop.admin) as work:
        made = channels.create(work, checked)
    with Work(shop.system) as work:
        keys = decrypt(work.get(Channel, UUID(made.id)).secrets)
    assert len(keys["webhook_secret"]) >= 32
    assert ADAPTER.connect({}, keys, f"{place.receiver.url}/webhooks/telegram/{made.public_id}").is_registered
    return Connected(shop, place, UUID(made.id), made.public_id)


def test_from_the_phone_to_the_inbox_and_back(connected: Connected, monkeypatch: pytest.MonkeyPatch):
    place = connected.place
    place.do("text", text="¿Tenéis Etiopía?")
    photo = httpx.post(f"{place.url}/telegram/files", files={"file": ("b.png", _png(), "image/png")}).json()
    place.do("file", file=photo["file"], caption="Como esta")
    wait_for(lambda: len(place.receiver.asked) == 2)
    assert {v.status for v in connected.take_in()} == {200}
    assert [v.stored for v in connected.take_in()] == [0, 0]
    with Work(connected.shop.system) as work:
        assert sorted(m.text for m in connected.rows(work, Message)) == ["Como esta", "¿Tenéis Etiopía?"]
        attachment = work.all(select(Attachment).where(Attachment.company_id == connected.shop.company_id))[0].id
    files.fetch(connected.shop.company_id, attachment)
    with Work(connected.shop.system) as work:
        assert work.get(Attachment, attachment).mime == "image/png"

    sent = connected.reply("Sí, de Sidamo")
    assert (sent.status, sent.provider_id) == (MessageStatus.SENT, f"{NEREA}:3")
    shown = place.control("telegram/do", {"me": NEREA, "bot": BOT, "do": "text", "text": "Genial", "quoted": 3})["done"]
    assert shown["reply_to_message"]["text"] == "Sí, de Sidamo"

    choices = Choices((Choice("y", "Sí"), Choice("n", "No")))
    assert connected.reply("¿Molido?", extra=Extra(choices=choices)).status is MessageStatus.SENT
    asked: list[UUID] = []
    monkeypatch.setattr(
        "saas_admin.core.work.jobs.send",
        lambda job, **a: asked.append(UUID(a["message_id"])) if job == "outbound.acknowledge" else None,
    )
    tapped = place.do("tap", id=5, row=0, column=0)
    wait_for(lambda: len(place.receiver.asked) == 4)
    connected.take_in()
    with Work(connected.shop.system) as work:
        answer = next(m for m in connected.rows(work, Message) if m.kind == MessageKind.INTERACTIVE and m.text == "Sí")
        assert (answer.data["id"], answer.reply_to_id is not None) == ("y", True)
    assert asked == [answer.id]
    receipts.acknowledge(connected.shop.company_id, asked[0])
    assert place.call("answerCallbackQuery", callback_query_id=tapped["query"])["ok"] is False


def test_a_revoked_token_turns_the_channel_to_attention(connected: Connected):
    connected.place.do("text", text="Hola")
    wait_for(lambda: connected.place.receiver.asked)
    connected.take_in()
    fresh = connected.place.control("telegram/revoke", {"bot": BOT})["token"]
    for _ in range(2):
        assert connected.reply("¿Sigues ahí?").error_code == "unauthorised"
    channel = connected.channel()
    assert (channel.state, channel.last_error_code) == (ChannelState.ATTENTION, "unauthorised")
    health.check(connected.shop.company_id, connected.id)
    with Work(connected.shop.system) as work:
        told = [f"{e.action} {e.code} {e.words}" for e in connected.rows(work, Exchange)]
    assert told
    assert TOKEN.partition(":")[2] not in f"{told}{channel.last_error_text}"

    checked = channels.check("telegram", "Telegram", {"bot_token": fresh})
    with Work(connected.shop.admin) as work:
        channels.update(work, connected.id, checked)
    assert connected.channel().state is ChannelState.CONNECTED
    assert connected.reply("Ya está").status is MessageStatus.SENT


def test_many_answers_leave_at_telegrams_pace(connected: Connected, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SEND_PACE", "1")
    get_settings.cache_clear()
    place, people = connected.place, range(9_000_001, 9_000_021)
    place.control("telegram/people", [{"id": number, "first_name": f"P{number}"} for number in people])
    for number in people:
        place.control("telegram/do", {"me": number, "bot": BOT, "do": "text", "text": "Hola"})
    wait_for(lambda: len(place.receiver.asked) == len(people))
    connected.take_in()
    with Work(connected.shop.admin) as work:
        for conversation in connected.rows(work, Conversation):
            for n in range(4):
                service.reply(work, conversation.id, f"{n}", draft_id=f"{conversation.id}-{n}")
    began = time.monotonic()

    def statuses() -> set[tuple[MessageStatus, str | None]]:
        outbound.deliver(connected.shop.company_id, connected.id)
        with Work(connected.shop.system) as work:
            ours = [m for m in connected.rows(work, Message) if m.direction is Direction.OUT]
            assert len(ours) == 80
            return {(m.status, m.error_code) for m in ours}

    wait_for(lambda: statuses() == {(MessageStatus.SENT, None)}, 30)
    assert time.monotonic() - began > 3
    with Work(connected.shop.system) as work:
        assert [e.code for e in connected.rows(work, Exchange) if not e.is_ok] == []


def test_the_command_line_connects_a_bot(shop: Shop, place: Place):
    del place
    call = ["channel", "add", "telegram", "--company", str(shop.company_id), "--json", "--set", f"bot_token={TOKEN}"]
    done = CliRunner().invoke(cli, call)
    assert done.exit_code == 0, done.output
    assert "/webhooks/telegram/" in json.loads(done.stdout.splitlines()[-1])["webhook_url"]
    for wrong in ("nonsense", TOKEN[:-1] + "x"):
        refused = CliRunner().invoke(cli, [*call[:-1], f"bot_token={wrong}"])
        assert refused.exit_code != 0
        assert wrong not in refused.output


def _png() -> bytes:
    from PIL import Image

    into = io.BytesIO()
    Image.new("RGB", (8, 8), "#c9623a").save(into, "PNG")
    return into.getvalue()
