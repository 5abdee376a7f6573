"""The path in and the path out, over real engines; the provider is a small server on loopback."""

import asyncio
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import (
    DeliveryStatus,
    Failure,
    FailureCode,
    OutboundMessage,
    Sender,
    SendError,
    SendResult,
    StatusUpdate,
)
from saas_admin.channels import inbound, outbound, sweeps
from saas_admin.channels import service as channels
from saas_admin.channels.intake import Intake, Verdict
from saas_admin.conversations import receive, service
from saas_admin.core import doors
from saas_admin.core.clock import now
from saas_admin.core.realtime import sync_client
from saas_admin.core.work import Work
from saas_admin.customers import service as customers
from saas_admin.models import Channel, Conversation, Customer, InboundEvent, Message
from saas_admin.models.channel import ChannelState
from saas_admin.models.message import Direction, MessageStatus
from tests.shop import APP_SECRET, Shop, envelope, open_shop, signed, text_item, webhook, write_in

pytestmark = pytest.mark.usefixtures("db", "valkey")


@pytest.fixture
def shop() -> Shop:
    return open_shop()


def accept(
    shop: Shop, *bodies: bytes, headers: dict[str, str] | None = None, public_id: str | None = None
) -> list[Verdict]:
    async def run() -> list[Verdict]:
        intake = Intake()
        try:
            calls = [
                intake.accept("whatsapp_cloud", public_id or shop.whatsapp_public_id, headers or signed(b), b)
                for b in bodies
            ]
            return list(await asyncio.gather(*calls))
        finally:
            await intake.close()

    return asyncio.run(run())


def handle_all(shop: Shop, *, workers: int = 1) -> None:
    ids = [e.id for e in rows(shop, InboundEvent) if e.handled_at is None]
    random.Random(7).shuffle(ids)
    chunks = [ids[i : i + 9] for i in range(0, len(ids), 9)]
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda chunk: inbound.handle(shop.company_id, chunk), chunks))


def rows(shop: Shop, table: Any) -> list[Any]:
    with Work(shop.system) as work:
        return work.all(select(table).where(table.company_id == shop.company_id).order_by(table.id))


def test_the_same_webhook_twenty_times_in_parallel_is_one_message(shop: Shop):
    body = webhook(shop, [text_item("34611204873", "Hola")])

    verdicts = accept(shop, *[body] * 20)

    assert {v.status for v in verdicts} == {200}
    assert sum(v.stored for v in verdicts) == 1
    event = rows(shop, InboundEvent)[0]
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: inbound.handle(shop.company_id, [event.id]), range(8)))
    assert sum(done) == 1
    assert (len(rows(shop, Message)), len(rows(shop, Conversation)), len(rows(shop, Customer))) == (1, 1, 1)


def test_webhooks_right_behind_each_other_are_each_answered(shop: Shop):
    bodies = [webhook(shop, [text_item("34611204873", f"{n}")]) for n in range(20)]

    async def run() -> list[Verdict]:
        intake = Intake()
        try:
            public_id = shop.whatsapp_public_id
            return [await intake.accept("whatsapp_cloud", public_id, signed(body), body) for body in bodies]
        finally:
            await intake.close()

    assert [v.stored for v in asyncio.run(run())] == [1] * 20


def test_500_messages_of_50_customers_shuffled_and_doubled_stand_in_provider_order(shop: Shop):
    start = now() - timedelta(hours=1)
    items = [
        text_item(f"346000{c:05d}", f"{n}", at=start + timedelta(seconds=n * 50 + c))
        for c in range(50)
        for n in range(10)
    ]
    doubled = [*items, *items]
    random.Random(20261122).shuffle(doubled)
    bodies = [webhook(shop, doubled[i : i + 3]) for i in range(0, len(doubled), 3)]

    accept(shop, *bodies)
    handle_all(shop, workers=6)

    messages = rows(shop, Message)
    assert (len(messages), len(rows(shop, Conversation)), len(rows(shop, Customer))) == (500, 50, 50)
    threads: dict[UUID, list[Message]] = {}
    for message in sorted(messages, key=lambda m: (m.at, m.created_at, m.id)):
        threads.setdefault(message.conversation_id, []).append(message)
    assert {tuple(m.text for m in thread) for thread in threads.values()} == {tuple(str(n) for n in range(10))}
    counters = [(c.counter, c.unread) for c in rows(shop, Conversation)]
    assert counters == [(10, 10)] * 50


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"x-hub-signature-256": "sha256=" + "0" * 64}, 401),
        ({"x-hub-signature-256": "sha256=ñ"}, 401),
        ({"x-hub-signature-256": ""}, 401),
    ],
)
def test_a_wrong_signature_is_refused_and_nothing_is_stored(shop: Shop, headers: dict[str, str], status: int):
    body = webhook(shop, [text_item("34611204873", "Hola")])
    assert accept(shop, body, headers=headers or {"x": "y"}) == [Verdict(status)]
    assert rows(shop, InboundEvent) == []


def test_an_unknown_channel_and_one_without_secret_are_not_found(shop: Shop):
    body = webhook(shop, [text_item("34611204873", "Hola")])
    assert accept(shop, body, public_id="nobody") == [Verdict(404)]
    with Work(shop.system) as work:
        work.get(Channel, shop.whatsapp_id).secrets = None
    assert accept(shop, body) == [Verdict(404)]
    assert accept(shop, body, headers=signed(body, "")) == [Verdict(404)]
    assert rows(shop, InboundEvent) == []


@pytest.mark.parametrize("body", [b"{not json", b"", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 5000])
def test_a_broken_body_under_a_good_signature_is_kept_with_its_error(shop: Shop, body: bytes):
    assert [v.status for v in accept(shop, body)] == [200]
    kept = rows(shop, InboundEvent)
    assert [(e.kind, e.payload, e.handled_at is not None) for e in kept] == [("broken", body, True)]
    assert kept[0].error


def test_an_unknown_kind_is_kept_and_shown_as_unsupported(shop: Shop):
    item = {
        "from": "34611204873",
        "id": "wamid.new",
        "timestamp": "1795385045",
        "type": "hologram",
        "hologram": {"x": 1},
    }
    accept(shop, webhook(shop, [item]))
    handle_all(shop)
    assert [(m.kind, m.provider_id) for m in rows(shop, Message)] == [("unsupported", "wamid.new")]


def test_one_bad_item_of_a_batch_never_loses_the_others(shop: Shop):
    good = text_item("34611204873", "buena")
    worse: list[Any] = [
        {"id": None},
        {"from": {}, "id": "wamid.odd", "type": ["x"], "timestamp": "never"},
        {"type": "text", "id": "wamid.1", "text": 3},
    ]
    accept(shop, envelope({"metadata": {"phone_number_id": shop.number_id}, "messages": [*worse, good]}))
    handle_all(shop)
    assert "buena" in [m.text for m in rows(shop, Message)]
    assert [e.error for e in rows(shop, InboundEvent) if e.handled_at is None] == []


def test_an_event_that_cannot_be_stored_is_put_off_and_the_group_goes_on(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    learn = customers.learn

    def stumble(work: Work, customer: Customer, sender: Sender) -> None:
        learn(work, customer, sender)
        if sender.external_id == "34611204874":
            raise RuntimeError("a bug of ours")

    monkeypatch.setattr(customers, "learn", stumble)
    numbers = ["34611204873", "34611204874", "34611204875"]
    accept(shop, webhook(shop, [text_item(number, f"de {number}") for number in numbers]))
    handle_all(shop)

    assert sorted(m.text for m in rows(shop, Message)) == ["de 34611204873", "de 34611204875"]
    assert sorted(c.phone or "" for c in rows(shop, Customer)) == ["+34611204873", "+34611204875"]
    (left,) = [e for e in rows(shop, InboundEvent) if e.handled_at is None]
    assert (left.attempts, left.error) == (1, "RuntimeError")

    monkeypatch.undo()
    handle_all(shop)
    assert len(rows(shop, Message)) == 3


def test_items_of_another_company_go_there_only_under_its_own_secret(shop: Shop):
    same_app = open_shop("Floristería", number_id="104857600445566")
    body = webhook(shop, [text_item("34600000009", "¿Abrís mañana?")], number_id=same_app.number_id)
    accept(shop, body)
    assert (len(rows(shop, InboundEvent)), len(rows(same_app, InboundEvent))) == (0, 1)

    with Work(same_app.system) as work:
        channel = work.get(Channel, same_app.whatsapp_id)
    values = {**channel.settings, "access_token": "EAAother", "app_secret": "ffffffffffffffffffff"}
    with Work(same_app.admin) as work:
        channels.update(
            work, same_app.whatsapp_id, channels.check("whatsapp_cloud", "Otra", values, ask_provider=False)
        )
    # The day on which the old secret still signs is over.
    with Work(same_app.system) as work:
        work.get(Channel, same_app.whatsapp_id).former_until = now() - timedelta(seconds=1)
    forged = webhook(shop, [text_item("34600000009", "soy yo")], number_id=same_app.number_id)
    accept(shop, forged)
    assert (len(rows(shop, InboundEvent)), len(rows(same_app, InboundEvent))) == (0, 1)


def test_a_disabled_channel_stores_nothing(shop: Shop):
    with Work(shop.admin) as work:
        channels.disable(work, shop.whatsapp_id)
    assert accept(shop, webhook(shop, [text_item("34611204873", "Hola")])) == [Verdict(200, 0)]
    assert rows(shop, InboundEvent) == []


def test_a_number_is_connected_once_over_all_companies(shop: Shop):
    from saas_admin.core.errors import Conflict

    with pytest.raises(Conflict) as refused:
        open_shop("Copiona", number_id=shop.number_id)
    assert refused.value.code == "address_taken"


def test_a_deleted_channel_forgets_its_secrets_and_keeps_its_conversations(shop: Shop):
    message = write_in(shop)
    with Work(shop.admin) as work:
        channels.delete(work, shop.whatsapp_id)
    with Work(shop.admin) as work:
        gone = work.get(Channel, shop.whatsapp_id)
        assert (gone.secrets, gone.deleted_at is not None) == (None, True)
        assert work.find(Message, message.id)
    assert accept(shop, webhook(shop, [text_item("34611204873", "Hola")])) == [Verdict(404)]
    assert doors.find_address("whatsapp_cloud", shop.number_id) is None
    assert open_shop("Otra", number_id=shop.number_id).number_id == shop.number_id


def test_two_companies_with_one_number_at_the_same_moment(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    from saas_admin.core.errors import Conflict

    other = open_shop("Copiona", number_id="104857600445566")
    monkeypatch.setattr(doors, "find_address", lambda _kind, _address: None)
    values = {
        "phone_number_id": shop.number_id,
        "waba_id": "209715200445566",
        "access_token": "EAAx",
        "app_secret": "x",
    }
    checked = channels.check("whatsapp_cloud", "Copia", values, ask_provider=False)
    for verb in (
        lambda work: channels.create(work, checked),
        lambda work: channels.update(work, other.whatsapp_id, checked),
    ):
        with pytest.raises(Conflict) as refused, Work(other.admin) as work:
            verb(work)
        assert refused.value.code == "address_taken"


def test_an_unhandled_event_is_found_again_by_the_sweep(shop: Shop, valkey: Any):
    accept(shop, webhook(shop, [text_item("34611204873", "Hola")]))
    valkey.delete("celery")
    assert sweeps.inbound() == 0
    with Work(shop.system) as work:
        for event in work.all(select(InboundEvent).where(InboundEvent.company_id == shop.company_id)):
            event.next_attempt_at = now() - timedelta(seconds=1)
    assert sweeps.inbound() == 1
    assert valkey.llen("celery") == 1
    assert sweeps.inbound() == 0


def test_raw_bodies_are_emptied_after_thirty_days(shop: Shop):
    accept(shop, webhook(shop, [text_item("34611204873", "vieja")]), webhook(shop, [text_item("34611204873", "nueva")]))
    old, _new = rows(shop, InboundEvent)
    with Work(shop.system) as work:
        work.get(InboundEvent, old.id).received_at = now() - timedelta(days=30, minutes=1)
    assert sweeps.housekeeping()["payloads_emptied"] == 1
    assert [e.payload is None for e in rows(shop, InboundEvent)] == [True, False]


def test_adding_up_the_counts_changes_no_number(shop: Shop):
    for i in range(5):
        last = write_in(shop, who=f"3460000000{i}")
    with Work(shop.support) as work:
        service.close(work, last.conversation_id)
    with Work(shop.admin) as work:
        before = service_counts(work)
    sweeps.housekeeping()
    with Work(shop.admin) as work:
        assert (
            service_counts(work)
            == before
            == {"pending": {"none": 4}, "in_progress": {}, "snoozed": {}, "closed": {"none": 1}}
        )


def service_counts(work: Work) -> dict[str, dict[str, int]]:
    from saas_admin.conversations import queries

    return queries.count_by_owner(work)


class Provider:
    """Stands in for the adapter's `send` alone: what the provider says is scripted, what we do with it is the product's."""

    def __init__(self) -> None:
        self.sent: list[OutboundMessage] = []
        self.script: list[Failure | str] = []
        self.before_answer: Any = None

    def send(self, _settings: Any, _secrets: Any, message: OutboundMessage) -> SendResult:
        self.sent.append(message)
        answer = self.script.pop(0) if self.script else f"wamid.out.{len(self.sent)}"
        if self.before_answer:
            self.before_answer(message)
        if isinstance(answer, Failure):
            raise SendError(answer)
        return SendResult(answer)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    played = Provider()
    monkeypatch.setattr(registry.get("whatsapp_cloud"), "send", played.send)
    return played  # type: ignore[return-value]


def answer(shop: Shop, conversation_id: UUID, text: str = "Sí") -> UUID:
    with Work(shop.support) as work:
        return UUID(service.reply(work, conversation_id, text, draft_id=uuid4().hex)[0].id)


def deliver(shop: Shop, message_id: UUID | None = None) -> None:
    """What a worker does with the channel, once the message (if it waits for another try) is due."""
    if message_id:
        with Work(shop.system) as work:
            message = work.get(Message, message_id)
            if message.status is MessageStatus.QUEUED:
                message.next_attempt_at = now()
                sync_client().delete(f"pace:{shop.whatsapp_id}:hold")
    outbound.deliver(shop.company_id, shop.whatsapp_id)


def status(shop: Shop, message_id: UUID) -> tuple[str, str | None, str | None]:
    with Work(shop.system) as work:
        message = work.get(Message, message_id)
        return message.status.value, message.provider_id, message.error_code


def test_a_queued_message_is_sent_once_however_often_it_is_asked(shop: Shop, provider: Provider):
    message_id = answer(shop, write_in(shop).conversation_id)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: deliver(shop, message_id), range(8)))
    assert [(m.to, m.text, m.callback_data) for m in provider.sent] == [("34611204873", "Sí", str(message_id))]
    assert status(shop, message_id) == ("sent", "wamid.out.1", None)


def test_a_retrying_message_holds_back_the_next_one_and_a_failed_one_does_not(shop: Shop, provider: Provider):
    conversation_id = write_in(shop).conversation_id
    first, second = answer(shop, conversation_id, "uno"), answer(shop, conversation_id, "dos")
    provider.script = [Failure(FailureCode.THROTTLED, "130429", retry_after=30.0)]
    deliver(shop)
    deliver(shop)
    assert [m.text for m in provider.sent] == ["uno"]
    assert (status(shop, first), status(shop, second)) == (("queued", None, "throttled"), ("queued", None, None))

    provider.script = [Failure(FailureCode.NOT_REACHABLE, "131026")]
    deliver(shop, first)
    assert [m.text for m in provider.sent] == ["uno", "uno", "dos"]
    assert (status(shop, first)[0], status(shop, second)[0]) == ("failed", "sent")


def test_an_unknown_outcome_is_never_resent_and_its_receipt_settles_it(shop: Shop, provider: Provider):
    message_id = answer(shop, write_in(shop).conversation_id)
    provider.script = [Failure(FailureCode.OUTCOME_UNKNOWN)]
    deliver(shop, message_id)
    deliver(shop, message_id)
    assert (len(provider.sent), status(shop, message_id)[0]) == (1, "unknown")

    receipt(shop, "wamid.late", DeliveryStatus.DELIVERED, callback=str(message_id))
    assert status(shop, message_id) == ("delivered", "wamid.late", None)


def test_a_worker_killed_between_call_and_record_leaves_unknown_not_a_second_message(shop: Shop, provider: Provider):
    message_id = answer(shop, write_in(shop).conversation_id)
    provider.before_answer = _die
    with pytest.raises(KeyboardInterrupt):
        deliver(shop, message_id)
    assert status(shop, message_id)[0] == "sending"
    with Work(shop.system) as work:
        work.get(Message, message_id).next_attempt_at = now() - timedelta(seconds=1)
    assert doors.due_channels(10) == {shop.company_id: [shop.whatsapp_id]}
    deliver(shop, message_id)
    assert (len(provider.sent), status(shop, message_id)[0]) == (1, "unknown")


def _die(_message: OutboundMessage) -> None:
    raise KeyboardInterrupt


def test_a_receipt_that_overtakes_the_answer_is_kept(shop: Shop, provider: Provider):
    message_id = answer(shop, write_in(shop).conversation_id)
    provider.before_answer = lambda m: receipt(shop, "wamid.out.1", DeliveryStatus.DELIVERED, callback=m.callback_data)
    deliver(shop, message_id)
    assert status(shop, message_id) == ("delivered", "wamid.out.1", None)


def test_receipts_only_move_forward(shop: Shop, provider: Provider):
    message_id = answer(shop, write_in(shop).conversation_id)
    deliver(shop, message_id)
    seen: list[str] = []
    for step in (
        DeliveryStatus.READ,
        DeliveryStatus.DELIVERED,
        DeliveryStatus.SENT,
        DeliveryStatus.FAILED,
        DeliveryStatus.READ,
    ):
        receipt(shop, "wamid.out.1", step)
        seen.append(status(shop, message_id)[0])
    assert seen == ["read"] * 5


def test_a_receipt_of_a_message_we_do_not_know_waits(shop: Shop):
    item = {"id": "wamid.unknown", "status": "delivered", "timestamp": "1795385045", "recipient_id": "34611204873"}
    accept(shop, envelope({"metadata": {"phone_number_id": shop.number_id}, "statuses": [item]}))
    handle_all(shop)
    (event,) = rows(shop, InboundEvent)
    assert (event.handled_at, event.error) == (None, "waits for its message")
    assert event.next_attempt_at > now()


def test_two_refused_tokens_ask_for_attention_and_a_success_takes_it_back(shop: Shop, provider: Provider):
    conversation_id = write_in(shop).conversation_id
    provider.script = [Failure(FailureCode.UNAUTHORISED, "190"), Failure(FailureCode.UNAUTHORISED, "190")]
    states: list[ChannelState] = []
    for _ in range(3):
        deliver(shop, answer(shop, conversation_id))
        with Work(shop.system) as work:
            states.append(work.get(Channel, shop.whatsapp_id).state)
    assert states == [ChannelState.CONNECTED, ChannelState.ATTENTION, ChannelState.CONNECTED]


def test_a_failed_message_is_retried_by_hand_and_an_undeliverable_one_is_not(shop: Shop, provider: Provider):
    from saas_admin.core.errors import Conflict

    conversation_id = write_in(shop).conversation_id
    provider.script = [Failure(FailureCode.UNAUTHORISED, "190"), Failure(FailureCode.NOT_REACHABLE, "131026")]
    first, second = answer(shop, conversation_id), answer(shop, conversation_id)
    deliver(shop, first)
    deliver(shop, second)
    with Work(shop.support) as work:
        assert service.retry(work, first).status == "queued"
    deliver(shop, first)
    assert status(shop, first)[0] == "sent"
    with pytest.raises(Conflict), Work(shop.support) as work:
        service.retry(work, second)
    assert status(shop, second)[0] == "failed"
    assert MessageStatus(status(shop, second)[0]) is MessageStatus.FAILED


def test_a_failed_answer_answers_nobody(shop: Shop, provider: Provider):
    conversation_id = write_in(shop).conversation_id

    def bucket() -> str:
        with Work(shop.support) as work:
            return work.get(Conversation, conversation_id).bucket

    provider.script = [Failure(FailureCode.UNAUTHORISED, "190")]
    refused = answer(shop, conversation_id)
    assert bucket() == "in_progress"
    deliver(shop, refused)
    assert bucket() == "pending"

    with Work(shop.support) as work:
        service.retry(work, refused)
    assert bucket() == "in_progress"
    deliver(shop, refused)
    receipt(shop, status(shop, refused)[1] or "", DeliveryStatus.FAILED)
    assert bucket() == "pending"

    provider.script = [Failure(FailureCode.NOT_REACHABLE, "131026")]
    lost, later = answer(shop, conversation_id), answer(shop, conversation_id)
    deliver(shop, lost)
    deliver(shop, later)
    assert bucket() == "in_progress"


def receipt(shop: Shop, provider_id: str, what: DeliveryStatus, callback: str | None = None) -> None:
    with Work(shop.system) as work:
        receive.apply_receipt(
            work, work.get(Channel, shop.whatsapp_id), StatusUpdate(provider_id, what, now(), callback_data=callback)
        )


def test_the_sweep_of_the_outbox_names_the_channels_that_wait(shop: Shop):
    message_id = answer(shop, write_in(shop).conversation_id)
    with Work(shop.system) as work:
        message = work.get(Message, message_id)
        assert message.direction is Direction.OUT
        message.next_attempt_at = now() - timedelta(seconds=1)
    assert doors.due_channels(10) == {shop.company_id: [shop.whatsapp_id]}
    with Work(shop.system) as work:
        work.get(Message, message_id).next_attempt_at = now() + timedelta(seconds=9)
    assert doors.due_channels(10) == {}
    assert APP_SECRET not in str(rows(shop, Channel)[0].secrets)
