"""Messenger and Instagram end to end: the sandbox's pages, the product's real paths, a database and Valkey."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from saas_admin.adapters.channels import base, registry
from saas_admin.adapters.channels.base import FailureCode, MessageKind
from saas_admin.adapters.channels.content import Choice, Choices, Link
from saas_admin.channels import inbound, outbound, profiles, receipts
from saas_admin.channels import service as channels
from saas_admin.channels.intake import Intake
from saas_admin.conversations import service
from saas_admin.core.work import Work
from saas_admin.models import Channel, Conversation, Customer, CustomerIdentity, InboundEvent, Message
from saas_admin.models.channel import ChannelState
from saas_admin.models.message import Direction, MessageStatus
from tests.sandbox.conftest import Sandbox, wait_for
from tests.shop import Shop, open_shop

pytestmark = pytest.mark.usefixtures("db", "valkey")

GUEST = "7719402853316048"
ACCOUNTS: dict[str, dict[str, str]] = {
    "messenger": {"id": "104482917350001", "token": "EAAGsandboxPAGE01"},
    "instagram": {"id": "17841405309210001", "token": "IGAAsandboxIG01"},
}
VALUES: dict[str, Callable[[dict[str, str]], dict[str, str]]] = {
    "messenger": lambda a: {"page_id": a["id"], "page_token": a["token"]},
    "instagram": lambda a: {"ig_id": a["id"], "access_token": a["token"]},
}


@dataclass
class Line:
    """A connected channel and the person who writes to it."""

    kind: str
    shop: Shop
    sandbox: Sandbox
    channel_id: UUID
    public_id: str
    values: dict[str, str]
    _taken: int = 0
    _seen: list[Any] = field(default_factory=list)

    @property
    def account(self) -> str:
        return ACCOUNTS[self.kind]["id"]

    def do(self, **said: Any) -> str:
        answer = httpx.post(f"{self.sandbox.url}/pages/do", json={"account": self.account, "guest": GUEST, **said})
        assert answer.status_code == 200, answer.text
        return answer.json()["mid"]

    def take(self, at_least: int = 1) -> None:
        """What arrived at our door goes in, as the web process and a worker would do it."""
        asked = self.sandbox.receiver.asked
        wait_for(lambda: len([a for a in asked if a.method == "POST"]) >= self._taken + at_least)
        bodies = [a for a in list(asked) if a.method == "POST"][self._taken :]
        self._taken += len(bodies)

        async def run() -> None:
            intake = Intake()
            for each in bodies:
                verdict = await intake.accept(self.kind, self.public_id, each.headers, each.body)
                assert verdict.status == 200
            await intake.close()

        asyncio.run(run())
        self.handle()

    def handle(self) -> None:
        waiting = [event.id for event in self.rows(InboundEvent) if event.handled_at is None]
        inbound.handle(self.shop.company_id, waiting)

    def rows(self, table: Any) -> list[Any]:
        with Work(self.shop.system) as work:
            query = select(table).where(table.company_id == self.shop.company_id, table.channel_id == self.channel_id)
            return work.all(query.order_by(table.id))

    def messages(self, direction: Direction) -> list[Message]:
        return [message for message in self.rows(Message) if message.direction is direction]

    def channel(self) -> Channel:
        with Work(self.shop.system) as work:
            return work.get(Channel, self.channel_id)

    def reply(self, text: str) -> None:
        (conversation,) = self.rows(Conversation)
        with Work(self.shop.support) as work:
            service.reply(work, conversation.id, text, draft_id=uuid4().hex)

    def deliver(self) -> None:
        outbound.deliver(self.shop.company_id, self.channel_id)


@pytest.fixture(params=["messenger", "instagram"])
def line(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Line]:
    kind = request.param
    account = ACCOUNTS[kind]
    said = {"kind": kind, "name": "Café Alborada", "app_secret": "b0bb1e5", "verify_token": "alborada", **account}
    sandbox.control("pages", said)
    sandbox.control("pages/guests", [{"id": GUEST, "name": "Valeria Ocampo"}])
    shop = open_shop(number_id=str(uuid4().int)[:12])
    values = {**VALUES[kind](account), "app_secret": "b0bb1e5", "verify_token": "alborada"}
    checked = channels.check(kind, "La página", values)
    assert checked.facts["name"] == "Café Alborada"
    with Work(shop.admin) as work:
        made = channels.create(work, checked)
    found = Line(kind, shop, sandbox, UUID(made.id), made.public_id, values)
    url = f"{sandbox.receiver.url}/webhooks/{kind}/{made.public_id}"
    sandbox.control("pages", {"id": account["id"], "webhook_url": url})
    adapter, channel = registry.get(kind), found.channel()
    assert adapter.connect(channel.settings, values, url).failure is None
    sandbox.receiver.asked.clear()
    yield found
    sandbox.control("pages/settings", {"batch_seconds": 0, "echo_first": False})
    httpx.request("DELETE", f"{sandbox.url}/_control/pages", json={"id": account["id"]})


def test_there_and_back(line: Line):
    line.do(do="say", text="¿Abren el sábado? ☕")
    line.take()
    (asked,) = line.messages(Direction.IN)
    assert asked.text == "¿Abren el sábado? ☕"

    line.reply("Sí, de 9 a 14")
    line.deliver()
    line.take()
    (answer,) = line.messages(Direction.OUT)
    assert answer.provider_id
    assert answer.status in (MessageStatus.SENT, MessageStatus.DELIVERED)

    line.do(do="look")

    def is_read() -> bool:
        line.take(0)
        return line.messages(Direction.OUT)[0].status is MessageStatus.READ

    wait_for(is_read)

    receipts.acknowledge(line.shop.company_id, asked.id, typing=True)
    query = {"account": line.account, "guest": GUEST}
    thread = httpx.get(f"{line.sandbox.url}/pages/{line.kind}/state", params=query).json()["thread"]
    assert (thread["is_typing"], thread["seen_until"] > 0) == (True, True)
    assert [(each["text"], each["is_mine"]) for each in thread["lines"]] == [
        ("¿Abren el sábado? ☕", True),
        ("Sí, de 9 a 14", False),
    ]


def test_our_echo_before_our_answer_is_one_message(line: Line):
    line.do(do="say", text="Hola")
    line.take()
    line.reply("Buenas")
    line.sandbox.control("faults", {"sends": [{"kind": "timeout_after", "seconds": 2}]})
    leaving = threading.Thread(target=line.deliver)
    leaving.start()
    line.take()
    assert leaving.is_alive()
    leaving.join(20)
    line.handle()
    (answer,) = line.messages(Direction.OUT)
    assert answer.provider_id
    assert answer.status in (MessageStatus.SENT, MessageStatus.DELIVERED)
    assert all(event.handled_at for event in line.rows(InboundEvent))


def test_an_answer_in_the_native_app_is_shown_and_stops_the_clock(line: Line):
    line.do(do="say", text="¿Hola?")
    line.take()
    mid = line.do(do="native", text="Te contesto desde la app")
    line.take()
    (answer,) = line.messages(Direction.OUT)
    assert (answer.provider_id, answer.text, answer.data) == (mid, "Te contesto desde la app", {"native": True})
    (conversation,) = line.rows(Conversation)
    assert conversation.waiting_since is None


def test_changes_of_mind(line: Line):
    first = line.do(do="say", text="Dos bolsas")
    second = line.do(do="say", text="Olvídalo")
    line.take(2)
    line.do(do="edit", mid=first, text="Tres bolsas")
    line.do(do="delete", mid=second)
    line.take(2)
    found = {message.provider_id: message for message in line.messages(Direction.IN)}
    assert (found[first].text, found[first].edited_at is not None) == ("Tres bolsas", True)
    assert (found[second].text, found[second].revoked_at is not None) == ("", True)


def test_standby_is_read_and_waits_for_nobody(line: Line):
    line.do(do="standby", on=True)
    line.do(do="say", text="¿Hay alguien?")
    line.take()
    line.do(do="standby", on=False)
    (asked,) = line.messages(Direction.IN)
    assert asked.data == {"standby": True}
    (conversation,) = line.rows(Conversation)
    assert conversation.waiting_since is None


def test_one_body_with_many_events(line: Line):
    line.sandbox.control("pages/settings", {"batch_seconds": 2.0})
    for number in range(5):
        line.do(do="say", text=str(number))
    line.take()
    assert len([asked for asked in line.sandbox.receiver.asked if asked.method == "POST"]) == 1
    assert sorted(message.text for message in line.messages(Direction.IN)) == ["0", "1", "2", "3", "4"]


def test_revoked_token_calls_for_attention(line: Line):
    line.do(do="say", text="Hola")
    line.take()
    line.sandbox.control("faults", {"sends": [{"kind": "refuse_token", "count": 2}]})
    for words in ("Uno", "Dos"):
        line.reply(words)
        line.deliver()
    assert {message.error_code for message in line.messages(Direction.OUT)} == {"unauthorised"}
    assert line.channel().state is ChannelState.ATTENTION


def failure(line: Line, message: base.OutboundMessage) -> FailureCode:
    with pytest.raises(base.SendError) as raised:
        registry.get(line.kind).send(line.channel().settings, line.values, message)
    return raised.value.failure.code


def test_windows_and_what_leaves(line: Line):
    adapter, settings = registry.get(line.kind), line.channel().settings
    line.do(do="say", text="Hace tiempo", ago=30 * 3600, is_silent=True)
    thread = {"to": GUEST, "kind": MessageKind.TEXT, "text": "Hola"}
    # Somebody else may have written here before in this process.
    line.sandbox.control("pages/guests", [{"id": "501", "name": "Otro"}])
    thread["to"] = "501"
    late: dict[str, Any] = {**thread, "is_late": True}
    httpx.post(
        f"{line.sandbox.url}/pages/do",
        json={"do": "say", "account": line.account, "guest": "501", "text": "?", "ago": 30 * 3600, "is_silent": True},
    )
    assert failure(line, base.OutboundMessage(**thread)) is FailureCode.WINDOW_CLOSED
    assert adapter.send(settings, line.values, base.OutboundMessage(**late)).provider_id
    line.sandbox.control("pages/guests", [{"id": "502", "name": "Ya no", "has_blocked": True}])
    assert failure(line, base.OutboundMessage(**{**thread, "to": "999"})) is FailureCode.NOT_REACHABLE
    httpx.post(
        f"{line.sandbox.url}/pages/do",
        json={"do": "say", "account": line.account, "guest": "502", "text": "?", "is_silent": True},
    )
    assert failure(line, base.OutboundMessage(**{**thread, "to": "502"})) is FailureCode.NOT_REACHABLE

    line.do(do="say", text="Ahora", is_silent=True)
    choices = Choices((Choice("si", "Sí"), Choice("no", "No")))
    link = Link("Ver", "https://alborada.es")
    for message in (
        base.OutboundMessage(GUEST, MessageKind.INTERACTIVE, "¿Lo envío?", choices=choices),
        base.OutboundMessage(GUEST, MessageKind.INTERACTIVE, "Míralo", link=link),
        base.OutboundMessage(GUEST, MessageKind.TEXT, "a" * adapter.capabilities.text_limit, callback_data="x"),
    ):
        assert adapter.send(settings, line.values, message).provider_id.startswith("m_")
    line.sandbox.control("pages", {"id": line.account, "is_restricted": True})
    assert failure(line, base.OutboundMessage(GUEST, MessageKind.TEXT, "Hola")) is FailureCode.ACCOUNT_BLOCKED


def test_wrong_values_are_blamed(line: Line):
    adapter, settings = registry.get(line.kind), line.channel().settings
    token = "page_token" if line.kind == "messenger" else "access_token"
    assert adapter.check(settings, {**line.values, token: "EAAGnobody"}).field == token
    if line.kind == "messenger":
        assert adapter.check(settings, {**line.values, "app_secret": "otro"}).field == "app_secret"
    else:
        fresh = adapter.refresh(settings, line.values)
        assert fresh
        assert adapter.check(settings, {**line.values, **fresh.secrets}).ok


def test_somebody_can_play_the_customer(line: Line):
    page = httpx.get(f"{line.sandbox.url}/{line.kind}")
    assert (page.status_code, "/static/pages.js" in page.text) == (200, True)
    found = httpx.get(f"{line.sandbox.url}/pages/{line.kind}/state").json()
    assert line.account in [account["id"] for account in found["accounts"]]
    file = httpx.post(f"{line.sandbox.url}/pages/files", files={"file": ("a.png", b"\x89PNG", "image/png")}).json()
    line.do(do="say", attachments=[file])
    line.take()
    (asked,) = line.messages(Direction.IN)
    assert asked.kind == MessageKind.IMAGE


def test_a_newcomer_gets_their_name_from_the_provider(line: Line):
    line.do(do="say", text="Hola")
    line.take()
    (thread,) = line.rows(Conversation)
    with Work(line.shop.system) as work:
        assert work.get(Customer, thread.customer_id).name == ""
    profiles.fetch(line.shop.company_id, line.channel_id, GUEST)
    profiles.fetch(line.shop.company_id, line.channel_id, "999999999999")
    with Work(line.shop.system) as work:
        customer = work.get(Customer, thread.customer_id)
        identity = work.first(select(CustomerIdentity).where(CustomerIdentity.customer_id == customer.id))
    assert customer.name == "Valeria Ocampo"
    assert identity
    assert identity.username == {"messenger": None, "instagram": "valeria.ocampo"}[line.kind]
