"""What is told after the words: the phone app, edits, take-backs, receipts by time, a yes or a no, a new number."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import DeliveryStatus, InboundMessage, MessageKind, Sender
from saas_admin.adapters.channels.events import (
    AddressMoved,
    Echo,
    Edited,
    Preference,
    Purpose,
    ReadUpTo,
    Revoked,
)
from saas_admin.conversations import changes, queries, receive, service
from saas_admin.core.clock import now
from saas_admin.core.errors import Conflict
from saas_admin.core.work import Work
from saas_admin.models import Activity, Channel, ConsentEvent, Conversation, CustomerIdentity, Message
from saas_admin.models.message import MessageStatus
from tests.shop import Shop, open_shop, write_in

WHO = "34611204873"


@pytest.fixture
def shop(db: object, valkey: object) -> Shop:
    del db, valkey
    return open_shop()


def apply(shop: Shop, verb, event) -> bool:
    with Work(shop.system) as work:
        return verb(work, work.get(Channel, shop.whatsapp_id), event)


def echo(text: str, provider_id: str = "wamid.native.1", callback: str | None = None, seconds: float = 0) -> Echo:
    at = now() + timedelta(seconds=seconds)
    return Echo(InboundMessage(provider_id, Sender(WHO), at, MessageKind.TEXT, text), callback)


def thread(shop: Shop, conversation_id: UUID) -> list[tuple[str, str, str, str]]:
    with Work(shop.admin) as work:
        found = queries.find_thread(work, conversation_id).messages
    return [(m.direction, m.author.kind, m.text, m.status) for m in found]


def row(shop: Shop, conversation_id: UUID) -> Conversation:
    with Work(shop.system) as work:
        return work.get(Conversation, conversation_id)


def test_an_answer_from_the_phone_is_an_answer(shop: Shop):
    conversation_id = write_in(shop, at=now() - timedelta(seconds=5)).conversation_id
    assert apply(shop, receive.receive_echo, echo("Sí, abrimos a las nueve"))
    assert apply(shop, receive.receive_echo, echo("Sí, abrimos a las nueve"))
    assert thread(shop, conversation_id)[1:] == [("out", "agent", "Sí, abrimos a las nueve", "sent")]
    found = row(shop, conversation_id)
    assert (found.waiting_since, found.unread, found.preview, found.assignee_id) == (
        None,
        0,
        "Sí, abrimos a las nueve",
        None,
    )


def test_an_older_answer_from_the_phone_answers_nothing_newer(shop: Shop):
    conversation_id = write_in(shop).conversation_id
    assert apply(shop, receive.receive_echo, echo("Buenos días", seconds=-60))
    assert row(shop, conversation_id).waiting_since is not None


def test_an_echo_of_our_own_message_is_a_receipt(shop: Shop):
    conversation_id = write_in(shop).conversation_id
    with Work(shop.support) as work:
        ours = service.reply(work, conversation_id, "Sí", draft_id="draft-echo-1")[0]
    assert apply(shop, receive.receive_echo, echo("Sí", "wamid.out.1", callback=ours.id))
    assert thread(shop, conversation_id)[1:] == [("out", "agent", "Sí", "sent")]


def test_an_echo_waits_while_something_of_ours_is_on_its_way(shop: Shop):
    conversation_id = write_in(shop).conversation_id
    with Work(shop.support) as work:
        ours = UUID(service.reply(work, conversation_id, "Sí", draft_id="draft-echo-2")[0].id)
    with Work(shop.system) as work:
        work.get(Message, ours).status = MessageStatus.SENDING
    assert not apply(shop, receive.receive_echo, echo("Sí", "m.out.1"))
    with Work(shop.system) as work:
        sent = work.get(Message, ours)
        sent.status, sent.provider_id = MessageStatus.SENT, "m.out.1"
    assert apply(shop, receive.receive_echo, echo("Sí", "m.out.1"))
    assert len(thread(shop, conversation_id)) == 2


def test_an_edit_changes_the_words_and_the_list(shop: Shop):
    message = write_in(shop, "a las 5")
    first, late = (
        Edited(message.provider_id or "", now(), "a las 6"),
        Edited(message.provider_id or "", now() - timedelta(hours=1), "a las 4"),
    )
    assert [apply(shop, changes.apply_edit, each) for each in (first, late, first)] == [True] * 3
    assert thread(shop, message.conversation_id) == [("in", "customer", "a las 6", "received")]
    assert row(shop, message.conversation_id).preview == "a las 6"
    assert not apply(shop, changes.apply_edit, Edited("wamid.unknown", now(), "x"))


def test_what_is_taken_back_is_gone_from_the_row(shop: Shop):
    message = write_in(shop, "mi tarjeta es 4111")
    assert apply(shop, changes.apply_revocation, Revoked(message.provider_id or "", now()))
    assert apply(shop, changes.apply_edit, Edited(message.provider_id or "", now(), "mi tarjeta es 4111"))
    with Work(shop.admin) as work:
        (found,) = queries.find_thread(work, message.conversation_id).messages
    assert (found.text, found.revoked_at is not None, found.edited_at) == ("", True, None)
    assert row(shop, message.conversation_id).preview == ""


def test_a_receipt_by_time_covers_what_was_sent_before_it(shop: Shop):
    conversation_id = write_in(shop).conversation_id
    ids: list[UUID] = []
    with Work(shop.support) as work:
        for number in range(3):
            ids.append(UUID(service.reply(work, conversation_id, f"{number}", draft_id=f"draft-mark-{number}")[0].id))
    moment = now()
    with Work(shop.system) as work:
        for number, message_id in enumerate(ids):
            message = work.get(Message, message_id)
            message.status, message.provider_id = MessageStatus.SENT, f"m.{number}"
            message.created_at = moment + timedelta(seconds=number - 1)
    apply(shop, changes.apply_read_up_to, ReadUpTo(WHO, moment, DeliveryStatus.READ))
    apply(shop, changes.apply_read_up_to, ReadUpTo(WHO, moment + timedelta(seconds=9), DeliveryStatus.DELIVERED))
    assert [status for *_, status in thread(shop, conversation_id)[1:]] == ["read", "read", "delivered"]


def test_a_no_to_promotions_stands_in_the_ledger_and_in_the_thread(shop: Shop):
    conversation_id = write_in(shop).conversation_id
    no = Preference(WHO, now(), Purpose.MARKETING, is_allowed=False, words="User requested to stop")
    yes = Preference(WHO, now() + timedelta(seconds=1), Purpose.MARKETING, is_allowed=True)
    for preference in (no, no, yes):
        apply(shop, changes.apply_preference, preference)
    with Work(shop.system) as work:
        ledger = work.all(select(ConsentEvent).order_by(col(ConsentEvent.at)))
        kinds = [a.kind.value for a in work.all(select(Activity).order_by(col(Activity.rev)))]
        identity = work.first(select(CustomerIdentity))
    assert [(e.purpose, e.is_allowed, e.source, e.words) for e in ledger] == [
        ("marketing", False, "provider", "User requested to stop"),
        ("marketing", True, "provider", ""),
    ]
    assert kinds == ["opted_out", "opted_in"]
    assert identity
    assert identity.blocked_at is None
    with Work(shop.support) as work:
        assert service.reply(work, conversation_id, "Claro", draft_id="draft-no-0001")[0].status == "queued"


def test_whoever_blocked_us_is_not_written_to_until_they_come_back(shop: Shop):
    conversation_id = write_in(shop).conversation_id
    apply(shop, changes.apply_preference, Preference(WHO, now(), Purpose.ANY, is_allowed=False))
    with pytest.raises(Conflict) as refused, Work(shop.support) as work:
        service.reply(work, conversation_id, "¿Hola?", draft_id="draft-block-1")
    assert refused.value.code == "customer_blocked"
    with Work(shop.support) as work:
        assert queries.find_thread(work, conversation_id).capabilities.is_blocked
    apply(shop, changes.apply_preference, Preference(WHO, now(), Purpose.ANY, is_allowed=True))
    with Work(shop.support) as work:
        assert service.reply(work, conversation_id, "¿Hola?", draft_id="draft-block-1")[0].status == "queued"


def test_a_new_number_is_the_same_person(shop: Shop):
    conversation_id = write_in(shop).conversation_id
    moved = AddressMoved(WHO, "34699000111", now())
    assert apply(shop, changes.apply_move, moved)
    assert apply(shop, changes.apply_move, moved)
    again = write_in(shop, "soy yo, con otro número", who="34699000111")
    assert again.conversation_id == conversation_id
    with Work(shop.system) as work:
        ids = work.all(select(CustomerIdentity).order_by(col(CustomerIdentity.created_at)))
    assert [(i.external_id, i.retired_at is None) for i in ids if i.external_id in (WHO, "34699000111")] == [
        (WHO, False),
        ("34699000111", True),
    ]


def test_a_number_that_somebody_else_has_already_joins_nobody(shop: Shop):
    write_in(shop)
    other = write_in(shop, "soy otra persona", who="34699000111")
    apply(shop, changes.apply_move, AddressMoved(WHO, "34699000111", now()))
    with Work(shop.system) as work:
        found = {i.external_id: (i.customer_id, i.retired_at) for i in work.all(select(CustomerIdentity))}
    assert found["34699000111"] == (other.customer_id, None)
    assert found[WHO][1] is None
    assert found[WHO][0] != other.customer_id


def test_where_another_app_has_the_thread_nobody_waits_for_us(shop: Shop):
    standby = InboundMessage("m.standby", Sender(WHO), now(), MessageKind.TEXT, "¿Hola?", data={"standby": True})
    with Work(shop.system) as work:
        message = receive.receive(work, work.get(Channel, shop.whatsapp_id), standby)
        assert message
        conversation_id = message.conversation_id
    found = row(shop, conversation_id)
    assert (found.waiting_since, found.unread, found.preview) == (None, 0, "¿Hola?")


def test_where_another_app_has_the_thread_we_read_and_do_not_answer(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    adapter = registry.get("whatsapp_cloud")
    monkeypatch.setattr(adapter, "capabilities", replace(adapter.capabilities, has_standby=True))
    conversation_id = write_in(shop, at=now() - timedelta(seconds=9)).conversation_id
    write_in(shop, "sigo aquí", at=now() - timedelta(seconds=5), data={"standby": True})
    with pytest.raises(Conflict) as refused, Work(shop.support) as work:
        service.reply(work, conversation_id, "Hola", draft_id="draft-standby-1")
    assert refused.value.code == "thread_elsewhere"
    write_in(shop, "¿me contestáis vosotros?")
    with Work(shop.support) as work:
        assert service.reply(work, conversation_id, "Hola", draft_id="draft-standby-1")[0].status == "queued"
