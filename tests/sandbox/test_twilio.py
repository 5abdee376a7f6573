"""The pretend Twilio: by hand, by Twilio's own SDK, and with the product's whole path in between."""

import asyncio
import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from typer.testing import CliRunner

from saas_admin.adapters import http
from saas_admin.adapters.channels import base, registry
from saas_admin.adapters.channels.base import DeliveryStatus, FailureCode, MessageKind, SendError
from saas_admin.adapters.channels.content import TemplateStatus, TemplateUse
from saas_admin.adapters.channels.events import Event, Preference
from saas_admin.adapters.channels.twilio.signature import FRAGMENT
from saas_admin.channels import health, inbound, outbound, templates
from saas_admin.channels import service as channels
from saas_admin.channels.intake import Intake, Verdict
from saas_admin.cli import app as cli
from saas_admin.conversations import service
from saas_admin.core.config import get_settings
from saas_admin.core.work import Work
from saas_admin.models import (
    Channel,
    ConsentEvent,
    Conversation,
    CustomerIdentity,
    Exchange,
    InboundEvent,
    Message,
    MessageTemplate,
)
from saas_admin.models.channel import ChannelState
from saas_admin.models.message import Direction, MessageStatus
from tests.adapters import provider
from tests.adapters.provider import Answer
from tests.sandbox.conftest import wait_for
from tests.shop import Shop, open_shop

ADAPTER = registry.get("twilio")
ACCOUNT = "AC5e1f0c7a93b24d68a1c07f3b9d52e846"
TOKEN = "8c1f5d0be27a4936a0d4e7b3f6c29158"
SMS = {"account_sid": ACCOUNT, "from": "+14472100999"}
WHATSAPP = {"account_sid": ACCOUNT, "from": "whatsapp:+34960318999"}
SECRETS = {"auth_token": TOKEN}
MARTA = "+34622718340"
CONTENT = "HX4f0a7c2d9be81536a0d4e7b3f6c29158"


@dataclass
class Place:
    url: str
    receiver: provider.Provider
    sms: str
    whatsapp: str

    @property
    def hook(self) -> str:
        return f"{self.receiver.url}/webhooks/twilio/x"

    def control(self, path: str, said: Any) -> Any:
        answer = httpx.post(f"{self.url}/_control/{path}", json=said)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(self, verb: str, *, sender: str = "", me: str = MARTA, **more: Any) -> Any:
        said = {"me": me, "sender": sender or self.whatsapp, "do": verb, **more}
        return self.control("twilio/do", said)["done"]

    def post(self, account: str = ACCOUNT, token: str = TOKEN, **form: str) -> httpx.Response:
        path = f"/2010-04-01/Accounts/{account}/Messages.json"
        return httpx.post(self.url + path, data=form, auth=(ACCOUNT, token))

    def asked(self) -> list[provider.Asked]:
        return [asked for asked in list(self.receiver.asked) if asked.method == "POST"]

    def events(self) -> list[Event]:
        """What arrived at our address: each body good in Twilio's own eyes and in ours."""
        found: list[Event] = []
        for asked in self.asked():
            url = self.receiver.url + asked.path
            fields = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
            assert RequestValidator(TOKEN).validate(url, fields, asked.headers["x-twilio-signature"])
            assert ADAPTER.verify(asked.headers, asked.body, SECRETS, url=url)
            found += [e for item in ADAPTER.split_called(asked.body, url) for e in ADAPTER.parse(item.payload)]
        return found

    def messages(self) -> list[base.InboundMessage]:
        return [event for event in self.events() if isinstance(event, base.InboundMessage)]

    def statuses(self) -> list[base.StatusUpdate]:
        return [event for event in self.events() if isinstance(event, base.StatusUpdate)]


@pytest.fixture
def place(process: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("TWILIO_API_URL", process[0])
    with provider.running() as receiver:
        monkeypatch.setenv("PUBLIC_URL", receiver.url)
        get_settings.cache_clear()
        receiver.default = Answer(200, b"<Response/>", {"content-type": "text/xml"})
        place = Place(process[0], receiver, "", "")
        place.control("twilio/reset", {})
        httpx.request("DELETE", f"{process[0]}/_control/faults")
        place.control("faults", {"status_scale": 0.05, "retry_scale": 0.05})
        place.control("twilio/accounts", {"sid": ACCOUNT, "auth_token": TOKEN, "friendly_name": "Alborada"})
        approval = {"name": "listo", "category": "UTILITY", "status": "approved", "rejection_reason": ""}
        content = {"friendly_name": "listo", "language": "es", "variables": {"1": "Ana"}, "approval_requests": approval}
        types = {"twilio/text": {"body": "Hola, {{1}}: ya está."}}
        place.control("twilio/contents", [{"sid": CONTENT, "account_sid": ACCOUNT, "types": types, **content}])
        for settings, name in ((SMS, "sms"), (WHATSAPP, "whatsapp")):
            made = place.control("twilio/senders", {"account_sid": ACCOUNT, "address": settings["from"]})
            setattr(place, name, made["sid"])
        yield place
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def linked(place: Place) -> Place:
    for settings in (SMS, WHATSAPP):
        assert ADAPTER.connect(settings, SECRETS, place.hook).is_registered
    return place


def text(said: str = "Sale hoy", to: str = f"whatsapp:{MARTA}", **more: Any) -> base.OutboundMessage:
    return base.OutboundMessage(to, MessageKind.TEXT, said, **more)


def send(message: base.OutboundMessage | None = None, settings: dict[str, str] = WHATSAPP) -> str:
    return ADAPTER.send(settings, SECRETS, message or text()).provider_id


def failure(call: Callable[[], Any]) -> base.Failure:
    with pytest.raises(SendError) as raised:
        call()
    return raised.value.failure


def test_both_ways_with_receipts(linked: Place):
    first = linked.do("text", text="¿Llega mañana? 🙌")
    (message,) = wait_for(linked.messages)
    assert (message.provider_id, message.text) == (first["sid"], "¿Llega mañana? 🙌")
    assert (message.sender.external_id, message.sender.name) == (f"whatsapp:{MARTA}", "Marta Soler")
    assert message.sender.aliases == ("whatsapp:ES.8841027735519",)
    ours = send(text(callback_data="0193-abc", webhook_url=linked.hook))
    wait_for(lambda: len(linked.statuses()) == 2)
    linked.do("look")
    wait_for(lambda: len(linked.statuses()) == 3)
    assert [(s.provider_id, s.status, s.callback_data) for s in linked.statuses()] == [
        (ours, "sent", "0193-abc"),
        (ours, "delivered", "0193-abc"),
        (ours, "read", "0193-abc"),
    ]


def test_by_sms_there_are_blank_parameters_and_no_reading(linked: Place):
    linked.do("text", sender=linked.sms, text="hola")
    (message,) = wait_for(linked.messages)
    assert message.sender == base.Sender(MARTA, None, MARTA)
    assert b"ToCity=&" in linked.asked()[0].body
    send(text(to=MARTA, webhook_url=linked.hook), SMS)
    linked.do("look", sender=linked.sms)
    wait_for(lambda: len(linked.statuses()) == 2)
    time.sleep(0.2)
    assert [s.status for s in linked.statuses()] == [DeliveryStatus.SENT, DeliveryStatus.DELIVERED]


def test_hidden_number_is_answered_by_its_id(linked: Place):
    linked.do("text", me="+34688102247", text="soy yo")
    (message,) = wait_for(linked.messages)
    assert (message.sender.external_id, message.sender.phone) == ("whatsapp:ES.7713409926150", None)
    send(text(to=message.sender.external_id, webhook_url=linked.hook))
    wait_for(lambda: [s for s in linked.statuses() if s.status is DeliveryStatus.DELIVERED])


def test_other_kinds(linked: Place):
    linked.do("location", latitude=39.47, longitude=-0.37, label="Portal")
    linked.do("tap", title="Voy mañana", id="manana", quoted="SM1")
    linked.do("unknown")
    wait_for(lambda: len(linked.messages()) == 3)
    found = {message.kind: message for message in linked.messages()}
    assert set(found) == {MessageKind.LOCATION, MessageKind.INTERACTIVE, MessageKind.UNSUPPORTED}
    assert found[MessageKind.INTERACTIVE].data["payload"] == "manana"


def test_files_both_ways(linked: Place, tmp_path: Path):
    stored = httpx.post(f"{linked.url}/sms/files", files={"file": ("b.png", b"\x89PNG bolsa", "image/png")}).json()
    linked.do("file", file=stored["file"], caption="Así llegó")
    (message,) = wait_for(linked.messages)
    assert message.media is not None
    into = io.BytesIO()
    fetched = ADAPTER.fetch_media(WHATSAPP, SECRETS, message.media, 100, into)
    assert (into.getvalue(), fetched.mime) == (b"\x89PNG bolsa", "image/png")
    too_large = failure(
        lambda: ADAPTER.fetch_media(WHATSAPP, SECRETS, message.media or base.Media(message.kind, ""), 9, into)
    )
    assert too_large.code is FailureCode.MEDIA_REJECTED
    linked.receiver.default = Answer(200, b"%PDF-1.7 recibo", {"content-type": "application/pdf"})
    file = base.OutboundMedia(
        MessageKind.DOCUMENT, "application/pdf", "r.pdf", tmp_path, f"{linked.receiver.url}/r.pdf"
    )
    send(base.OutboundMessage(MARTA, MessageKind.DOCUMENT, "Tu recibo", file, webhook_url=linked.hook))
    wait_for(lambda: [s for s in linked.statuses() if s.status is DeliveryStatus.DELIVERED])
    state = httpx.get(f"{linked.url}/sms/state", params={"me": MARTA}).json()
    chat = next(s for s in state["senders"] if s["sid"] == linked.whatsapp)["messages"][-1]
    assert (chat["body"], chat["files"][0]["mime"]) == ("Tu recibo", "application/pdf")


def test_file_nobody_can_fetch(linked: Place, tmp_path: Path):
    linked.do("text", text="hola")
    file = base.OutboundMedia(MessageKind.IMAGE, "image/png", "a.png", tmp_path, "http://127.0.0.1:9/a.png")
    send(base.OutboundMessage(MARTA, MessageKind.IMAGE, "", file, webhook_url=linked.hook))
    (status,) = wait_for(linked.statuses)
    assert status.failure is not None
    assert (status.failure.code, status.failure.provider_code) == (FailureCode.MEDIA_REJECTED, "63019")


def test_window_of_whatsapp_and_the_template_outside_it(linked: Place):
    send(text(webhook_url=linked.hook))
    (status,) = wait_for(linked.statuses)
    assert status.failure is not None
    assert (status.failure.code, status.failure.provider_code) == (FailureCode.WINDOW_CLOSED, "63016")
    (template,) = ADAPTER.templates(WHATSAPP, SECRETS)
    assert (template.status, [slot.key for slot in template.slots]) == (TemplateStatus.APPROVED, ["body.1"])
    use = TemplateUse(template, {"body.1": "Marta"})
    send(base.OutboundMessage(MARTA, MessageKind.TEMPLATE, "x", template=use, webhook_url=linked.hook))
    wait_for(lambda: [s for s in linked.statuses() if s.status is DeliveryStatus.DELIVERED])
    state = httpx.get(f"{linked.url}/sms/state", params={"me": MARTA}).json()
    chat = next(s for s in state["senders"] if s["sid"] == linked.whatsapp)["messages"]
    assert chat[-1]["body"] == "Hola, Marta: ya está."


def test_stop_and_start(linked: Place):
    linked.do("text", sender=linked.sms, text="Stop")
    wait_for(lambda: len(linked.events()) == 2)
    (preference,) = [event for event in linked.events() if isinstance(event, Preference)]
    assert (preference.external_id, preference.is_allowed) == (MARTA, False)
    refused = failure(lambda: send(text(to=MARTA), SMS))
    assert (refused.code, refused.provider_code) == (FailureCode.OPTED_OUT, "21610")
    linked.do("text", sender=linked.sms, text="START")
    assert send(text(to=MARTA), SMS)


def test_trial_accounts_reach_verified_numbers_only(linked: Place):
    linked.control("twilio/accounts", {"sid": ACCOUNT, "type": "Trial", "verified": ["+34600000000"]})
    refused = failure(lambda: send(text(to=MARTA), SMS))
    assert (refused.code, refused.provider_code) == (FailureCode.NOT_REACHABLE, "21608")
    linked.control("twilio/accounts", {"sid": ACCOUNT, "verified": [MARTA]})
    assert send(text(to=MARTA), SMS)
    assert ADAPTER.check(SMS, SECRETS).facts["account_type"] == "Trial"


def test_credentials_are_checked(place: Place):
    good = ADAPTER.check(SMS, SECRETS)
    assert (good.ok, good.facts["verified_name"], good.facts["account_name"]) == (True, "Alborada", "Alborada")
    assert ADAPTER.check(WHATSAPP, SECRETS).facts["quality_rating"] == "HIGH"
    blamed = [
        ADAPTER.check(SMS, {"auth_token": "0" * 32}).field,
        ADAPTER.check({**SMS, "from": "+14472100111"}, SECRETS).field,
        ADAPTER.check({**SMS, "from": "MG" + "0" * 32}, SECRETS).field,
    ]
    assert blamed == ["auth_token", "from", "from"]
    place.control("twilio/accounts", {"sid": ACCOUNT, "status": "suspended"})
    suspended = ADAPTER.check(SMS, SECRETS)
    assert suspended.failure is not None
    assert suspended.failure.code is FailureCode.ACCOUNT_BLOCKED
    assert TOKEN not in httpx.get(f"{place.url}/_control/twilio").text


def test_webhook_is_set_and_taken_away(linked: Place):
    def urls() -> dict[str, str]:
        return {s["sid"]: s["url"] for s in httpx.get(f"{linked.url}/_control/twilio").json()["senders"]}

    assert urls()[linked.sms] == urls()[linked.whatsapp] == f"{linked.hook}{FRAGMENT}"
    for settings in (SMS, WHATSAPP):
        ADAPTER.disconnect(settings, SECRETS, "https://elsewhere.example/w")
    assert urls()[linked.sms] == urls()[linked.whatsapp] == f"{linked.hook}{FRAGMENT}"
    for settings in (SMS, WHATSAPP):
        ADAPTER.disconnect(settings, SECRETS, linked.hook)
    assert (urls()[linked.sms], urls()[linked.whatsapp]) == ("", "")


def test_webhook_comes_again_only_when_asked_for(place: Place):
    place.receiver.will(Answer(503), Answer(500))
    place.control("twilio/senders", {"account_sid": ACCOUNT, "address": SMS["from"], "url": place.hook})
    place.do("text", sender=place.sms, text="una")
    wait_for(place.asked)
    time.sleep(0.3)
    assert len(place.asked()) == 1
    place.control("twilio/senders", {"account_sid": ACCOUNT, "address": SMS["from"], "url": place.hook + FRAGMENT})
    place.do("text", sender=place.sms, text="dos")
    wait_for(lambda: len(place.asked()) == 3)
    assert place.asked()[1].body == place.asked()[2].body


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"To": ""}, 400, 21604),
        ({"From": ""}, 400, 21603),
        ({"Body": ""}, 400, 21619),
        ({"Body": "x" * 1601}, 400, 21617),
        ({"To": "12"}, 400, 21211),
        ({"To": f"whatsapp:{MARTA}"}, 400, 21910),
        ({"To": SMS["from"]}, 400, 21266),
        ({"From": "+15550001111"}, 400, 21606),
        ({"From": "whatsapp:+15550001111"}, 400, 63007),
        ({"MediaUrl": "file:///etc/passwd"}, 400, 21620),
        ({"StatusCallback": "nowhere"}, 400, 21609),
        ({"ContentSid": "HX" + "0" * 32}, 400, 21655),
        ({"ContentVariables": "{}"}, 400, 21654),
        ({"ContentSid": CONTENT, "ContentVariables": "[1]"}, 400, 21656),
    ],
)
def test_requests_twilio_would_refuse(place: Place, form, status, code):
    answer = place.post(**{"To": MARTA, "From": SMS["from"], "Body": "hola", **form})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["status"] == status


def test_strangers(place: Place):
    form = {"To": MARTA, "From": SMS["from"], "Body": "hola"}
    assert place.post(token="wrong", **form).json()["code"] == 20003
    assert place.post(account="AC" + "0" * 32, **form).json()["code"] == 20404
    assert httpx.post(f"{place.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", data=form).status_code == 401


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("throttle", FailureCode.THROTTLED),
        ("error_500", FailureCode.PROVIDER_DOWN),
        ("error_503", FailureCode.PROVIDER_DOWN),
        ("error_504", FailureCode.OUTCOME_UNKNOWN),
        ("refuse_token", FailureCode.UNAUTHORISED),
        ("no_id", FailureCode.OUTCOME_UNKNOWN),
    ],
)
def test_injected_answers(place: Place, fault, code):
    place.control("faults", {"sends": [{"kind": fault}]})
    assert failure(lambda: send(text(to=MARTA), SMS)).code is code
    assert send(text(to=MARTA), SMS)


def test_silence_after_the_message_went(linked: Place, monkeypatch: pytest.MonkeyPatch):
    linked.control("faults", {"sends": [{"kind": "timeout_after", "seconds": 1}]})
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.4)
    message = text(to=MARTA, callback_data="c1", webhook_url=linked.hook)
    assert failure(lambda: send(message, SMS)).code is FailureCode.OUTCOME_UNKNOWN
    wait_for(lambda: len(linked.statuses()) == 2)
    assert {status.callback_data for status in linked.statuses()} == {"c1"}


def test_too_many_requests_in_a_second(place: Place):
    form = {"To": MARTA, "From": SMS["from"], "Body": "x"}

    async def burst() -> list[int]:
        async with httpx.AsyncClient(auth=(ACCOUNT, TOKEN), timeout=30) as client:
            url = f"{place.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
            answers = await asyncio.gather(*[client.post(url, data=form) for _ in range(180)])
            return [answer.status_code for answer in answers]

    assert 429 in asyncio.run(burst())


class _Near(TwilioHttpClient):
    """Twilio's own client, with the sandbox for the internet."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def request(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        return super().request(method, self._url + "/" + url.split("/", 3)[3], *args, **more)


def test_twilios_own_client_takes_it_for_twilio(linked: Place):
    client = Client(ACCOUNT, TOKEN, http_client=_Near(linked.url))
    sent = client.messages.create(to=MARTA, from_=SMS["from"], body="Hola", status_callback=linked.hook)
    assert (sent.sid[:2], sent.status, sent.to, sent.direction) == ("SM", "queued", MARTA, "outbound-api")
    wait_for(lambda: [s for s in linked.statuses() if s.status is DeliveryStatus.DELIVERED])
    assert client.messages(sent.sid).fetch().status == "delivered"
    (number,) = client.incoming_phone_numbers.list(phone_number=SMS["from"])
    assert number.sms_url == f"{linked.hook}{FRAGMENT}"
    assert client.api.accounts(ACCOUNT).fetch().friendly_name == "Alborada"
    (content,) = client.content.v1.content_and_approvals.list()
    assert content.sid == CONTENT
    with pytest.raises(TwilioRestException) as raised:
        client.messages.create(to="+1", from_=SMS["from"], body="Hola")
    assert (raised.value.status, raised.value.code) == (400, 21211)


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
                return [
                    await intake.accept(
                        "twilio", self.public_id, a.headers, a.body, url=self.place.receiver.url + a.path
                    )
                    for a in self.place.asked()
                ]
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

    def reply(self, words: str) -> Message:
        with Work(self.shop.admin) as work:
            (conversation,) = self.rows(work, Conversation)
            service.reply(work, conversation.id, words, draft_id=f"d-{time.monotonic_ns()}")
        outbound.deliver(self.shop.company_id, self.id)
        return self.latest()

    def latest(self) -> Message:
        with Work(self.shop.system) as work:
            return [m for m in self.rows(work, Message) if m.direction is Direction.OUT][-1]

    def channel(self) -> Channel:
        with Work(self.shop.system) as work:
            return work.get(Channel, self.id)


def connect(shop: Shop, place: Place, settings: dict[str, str]) -> Connected:
    checked = channels.check("twilio", "Twilio", {**settings, **SECRETS})
    with Work(shop.admin) as work:
        made = channels.create(work, checked)
    assert made.webhook_url == f"{place.receiver.url}/webhooks/twilio/{made.public_id}"
    assert ADAPTER.connect(settings, SECRETS, made.webhook_url).is_registered
    return Connected(shop, place, UUID(made.id), made.public_id)


@pytest.mark.parametrize("settings", [SMS, WHATSAPP], ids=["sms", "whatsapp"])
def test_from_the_phone_to_the_inbox_and_back(shop: Shop, place: Place, settings):
    connected = connect(shop, place, settings)
    sender = place.sms if settings is SMS else place.whatsapp
    place.do("text", sender=sender, text="¿Tenéis Etiopía?")
    wait_for(place.asked)
    assert [(v.status, v.stored) for v in connected.take_in() + connected.take_in()] == [(200, 1), (200, 0)]
    with Work(shop.system) as work:
        assert [m.text for m in connected.rows(work, Message)] == ["¿Tenéis Etiopía?"]

    # Out of order: what comes later overtakes.
    place.control("faults", {"webhooks": {"shuffle": 0.3, "duplicate": 1}})
    sent = connected.reply("Sí, de Sidamo")
    assert sent.status is MessageStatus.SENT
    told = 2 * 3
    wait_for(lambda: len(place.asked()) == 1 + told)
    if settings is WHATSAPP:
        # Read once it is on the phone: a message that is looked at while it arrives skips `delivered`.
        place.do("look", sender=sender)
        told += 2
        wait_for(lambda: len(place.asked()) == 1 + told)
    assert {v.status for v in connected.take_in()} == {200}
    expected = MessageStatus.READ if settings is WHATSAPP else MessageStatus.DELIVERED
    assert connected.latest().status is expected
    with Work(shop.system) as work:
        assert [e.error for e in connected.rows(work, InboundEvent)] == [None] * (1 + told // 2)


def test_strange_signature_is_refused_at_the_door(shop: Shop, place: Place):
    connected = connect(shop, place, SMS)
    place.do("text", sender=place.sms, text="hola")
    wait_for(place.asked)
    place.receiver.asked[-1].headers["x-twilio-signature"] = "bm8="
    assert [(v.status, v.stored) for v in connected.take_in()] == [(401, 0)]


def test_receipt_finds_a_message_whose_answer_never_came(shop: Shop, place: Place, monkeypatch: pytest.MonkeyPatch):
    connected = connect(shop, place, SMS)
    place.do("text", sender=place.sms, text="hola")
    wait_for(place.asked)
    connected.take_in()
    place.control("faults", {"sends": [{"kind": "no_id"}]})
    assert connected.reply("¿Llegó?").status is MessageStatus.UNKNOWN
    wait_for(lambda: len(place.asked()) == 4)
    connected.take_in()
    assert connected.latest().status is MessageStatus.DELIVERED


def test_stop_holds_everything_back(shop: Shop, place: Place):
    connected = connect(shop, place, SMS)
    place.do("text", sender=place.sms, text="BAJA")
    wait_for(place.asked)
    connected.take_in()
    with Work(shop.system) as work:
        assert [m.text for m in connected.rows(work, Message)] == ["BAJA"]
        (identity,) = connected.rows(work, CustomerIdentity)
        (consent,) = connected.rows(work, ConsentEvent)
    assert identity.blocked_at is not None
    assert (consent.is_allowed, consent.words) == (False, "BAJA")


def test_a_changed_token_turns_the_channel_to_attention(shop: Shop, place: Place):
    connected = connect(shop, place, SMS)
    place.do("text", sender=place.sms, text="Hola")
    wait_for(place.asked)
    connected.take_in()
    fresh = place.control("twilio/rotate", {"account": ACCOUNT})["auth_token"]
    for _ in range(2):
        assert connected.reply("¿Sigues ahí?").error_code == "unauthorised"
    channel = connected.channel()
    assert (channel.state, channel.last_error_code) == (ChannelState.ATTENTION, "unauthorised")
    health.check(shop.company_id, connected.id)
    with Work(shop.system) as work:
        told = [f"{e.action} {e.code} {e.words}" for e in connected.rows(work, Exchange)]
    assert told
    assert TOKEN not in f"{told}{channel.last_error_text}"
    checked = channels.check("twilio", "Twilio", {**SMS, "auth_token": fresh})
    with Work(shop.admin) as work:
        channels.update(work, connected.id, checked)
    assert connected.channel().state is ChannelState.CONNECTED
    assert connected.reply("Ya está").status is MessageStatus.SENT


def test_templates_are_brought(shop: Shop, place: Place):
    connected = connect(shop, place, WHATSAPP)
    assert templates.sync(shop.company_id, connected.id) == 1
    with Work(shop.system) as work:
        (row,) = connected.rows(work, MessageTemplate)
    assert (row.name, row.status, row.content["body"]) == ("listo", "approved", "Hola, {{1}}: ya está.")


def test_the_command_line_connects_a_number(shop: Shop, place: Place):
    del place
    given = ["--set", f"account_sid={ACCOUNT}", "--set", f"auth_token={TOKEN}", "--set", f"from={SMS['from']}"]
    call = ["channel", "add", "twilio", "--company", str(shop.company_id), "--json"]
    done = CliRunner().invoke(cli, [*call, *given])
    assert done.exit_code == 0, done.output
    assert "/webhooks/twilio/" in json.loads(done.stdout.splitlines()[-1])["webhook_url"]
    for wrong in ("from=600", f"auth_token={'0' * 32}", "account_sid=AC1"):
        refused = CliRunner().invoke(cli, [*call, *given, "--set", wrong])
        assert refused.exit_code != 0
        assert TOKEN not in refused.output
