from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from saas_admin.channels import service as channels
from saas_admin.conversations import queries, service
from saas_admin.conversations.views import ConversationFilter
from saas_admin.core.clock import now
from saas_admin.core.errors import Conflict, Forbidden, Invalid, NotFound
from saas_admin.core.work import Work
from saas_admin.models import Conversation, Message
from saas_admin.models.message import MessageStatus
from tests.shop import Shop, conversation, open_shop, write_in

pytestmark = pytest.mark.usefixtures("db", "valkey")


@pytest.fixture
def shop() -> Shop:
    return open_shop()


def _totals(shop: Shop) -> dict[str, dict[str, int]]:
    with Work(shop.admin) as work:
        return queries.count_by_owner(work)


def test_a_first_message_opens_a_pending_conversation(shop: Shop):
    message = write_in(shop, "¿Hacéis envíos a Canarias?")

    with Work(shop.admin) as work:
        page = queries.list_conversations(work, ConversationFilter())
    assert [(r.customer_name, r.preview, r.bucket, r.unread, r.phone) for r in page.rows] == [
        ("Marta Soler", "¿Hacéis envíos a Canarias?", "pending", 1, "+34611204873")
    ]
    assert page.rows[0].id == str(message.conversation_id)
    assert page.totals["pending"] == {"none": 1}


def test_a_second_message_joins_the_thread(shop: Shop):
    first = write_in(shop, "Hola")
    second = write_in(shop, "¿Estáis?")

    assert first.conversation_id == second.conversation_id
    assert conversation(shop, first.conversation_id).unread == 2
    assert _totals(shop)["pending"] == {"none": 1}


def test_reply_is_queued_takes_the_conversation_and_stops_the_clock(shop: Shop):
    message = write_in(shop)

    with Work(shop.support) as work:
        sent = service.reply(work, message.conversation_id, "¡Sí! Nos quedan 12.", draft_id="draft-0001")

    assert [(m.text, m.status, m.direction, m.author.name) for m in sent] == [
        ("¡Sí! Nos quedan 12.", "queued", "out", "Toni Ferrandis")
    ]
    after = conversation(shop, message.conversation_id)
    assert (after.waiting_since, after.unread, after.assignee_id) == (None, 0, shop.support.user_id)
    assert _totals(shop) == {"pending": {}, "in_progress": {str(shop.support.user_id): 1}, "snoozed": {}, "closed": {}}


def test_the_same_draft_twice_is_one_message(shop: Shop):
    message = write_in(shop)
    with Work(shop.support) as work:
        first = service.reply(work, message.conversation_id, "Va", draft_id="draft-0002")
    with Work(shop.support) as work:
        second = service.reply(work, message.conversation_id, "Va", draft_id="draft-0002")

    assert [m.id for m in first] == [m.id for m in second]
    with Work(shop.system) as work:
        assert len(work.all(select(Message).where(Message.direction == "out"))) == 1


def test_free_text_outside_the_window_is_refused_and_nothing_is_queued(shop: Shop):
    message = write_in(shop, at=now() - timedelta(hours=24, seconds=1))

    with pytest.raises(Conflict) as refused, Work(shop.support) as work:
        service.reply(work, message.conversation_id, "¿Sigues ahí?", draft_id="draft-0003")

    assert refused.value.code == "window_closed"
    with Work(shop.system) as work:
        assert work.all(select(Message).where(Message.direction == "out")) == []


def test_a_disabled_channel_sends_nothing(shop: Shop):
    message = write_in(shop)
    with Work(shop.admin) as work:
        channels.disable(work, shop.whatsapp_id)

    with pytest.raises(Conflict) as refused, Work(shop.support) as work:
        service.reply(work, message.conversation_id, "Hola", draft_id="draft-0004")
    assert refused.value.code == "channel_disabled"


@pytest.mark.parametrize(
    ("text", "problem"), [("", "message_empty"), ("  \n ", "message_empty"), ("\x00", "message_empty")]
)
def test_an_empty_answer_is_refused(shop: Shop, text: str, problem: str):
    message = write_in(shop)
    with pytest.raises(Invalid) as refused, Work(shop.support) as work:
        service.reply(work, message.conversation_id, text, draft_id="draft-0005")
    assert refused.value.fields == {"text": problem}


def test_a_text_longer_than_the_channel_takes_is_refused(shop: Shop):
    message = write_in(shop)
    with pytest.raises(Invalid) as refused, Work(shop.support) as work:
        service.reply(work, message.conversation_id, "a" * 4097, draft_id="draft-0006")
    assert (refused.value.code, refused.value.params) == ("message_too_long", {"limit": 4096})


def test_close_and_reopen_move_the_counts_and_the_clock(shop: Shop):
    message = write_in(shop)

    with Work(shop.support) as work:
        service.close(work, message.conversation_id)
    assert _totals(shop)["closed"] == {"none": 1}
    with Work(shop.support) as work:
        service.reopen(work, message.conversation_id)

    after = conversation(shop, message.conversation_id)
    assert after.waiting_since == after.last_customer_at
    assert _totals(shop) == {"pending": {"none": 1}, "in_progress": {}, "snoozed": {}, "closed": {}}


def test_a_customer_reopens_what_was_closed_lately(shop: Shop):
    message = write_in(shop)
    with Work(shop.support) as work:
        service.close(work, message.conversation_id)

    again = write_in(shop, "Una cosa más")

    assert again.conversation_id == message.conversation_id
    assert conversation(shop, message.conversation_id).bucket == "pending"


def test_a_customer_who_comes_back_after_a_week_starts_a_new_thread(shop: Shop):
    message = write_in(shop)
    with Work(shop.support) as work:
        service.close(work, message.conversation_id)
    with Work(shop.system) as work:
        work.get(Conversation, message.conversation_id).closed_at = now() - timedelta(days=8)

    again = write_in(shop, "Hola otra vez")

    assert again.conversation_id != message.conversation_id
    assert again.customer_id == message.customer_id


def test_take_assign_and_give_back(shop: Shop):
    message = write_in(shop)
    with Work(shop.support) as work:
        service.take(work, message.conversation_id)
    assert conversation(shop, message.conversation_id).assignee_id == shop.support.user_id
    with Work(shop.admin) as work:
        service.assign(work, message.conversation_id, shop.admin.user_id)
    assert _totals(shop)["pending"] == {str(shop.admin.user_id): 1}
    with Work(shop.admin) as work:
        service.assign(work, message.conversation_id, None)
    assert _totals(shop)["pending"] == {"none": 1}


def test_a_conversation_is_not_given_to_marketing_or_a_stranger(shop: Shop):
    message = write_in(shop)
    for user_id in (shop.marketing.user_id, uuid4()):
        with pytest.raises(NotFound), Work(shop.admin) as work:
            service.assign(work, message.conversation_id, user_id)
    assert conversation(shop, message.conversation_id).assignee_id is None


def test_marketing_neither_reads_nor_answers(shop: Shop):
    message = write_in(shop)
    with pytest.raises(Forbidden), Work(shop.marketing) as work:
        queries.list_conversations(work, ConversationFilter())
    with pytest.raises(Forbidden), Work(shop.marketing) as work:
        service.reply(work, message.conversation_id, "Promo", draft_id="draft-0007")
    with Work(shop.system) as work:
        assert work.all(select(Message).where(Message.direction == "out")) == []


def test_the_first_tags_are_there_and_filter_the_list(shop: Shop):
    tagged, other = write_in(shop, who="34600000001"), write_in(shop, who="34600000002")
    with Work(shop.support) as work:
        tags = {t.name: t.id for t in queries.list_tags(work)}
        service.tag(work, tagged.conversation_id, _uuid(tags["Seguimiento"]))

    assert list(tags) == ["Venta cerrada", "Seguimiento", "Pregunta general"]
    with Work(shop.support) as work:
        page = queries.list_conversations(work, ConversationFilter(tag_ids=(tags["Seguimiento"],)))
    assert [r.id for r in page.rows] == [str(tagged.conversation_id)]
    assert [t.name for t in page.rows[0].tags] == ["Seguimiento"]
    assert str(other.conversation_id) not in [r.id for r in page.rows]


@pytest.mark.parametrize(
    "query", ["marta", "SOLÉR", "611204", "+34 611 20 48 73", "oaxa", "tenéis", "teneis el oaxaca"]
)
def test_search_finds_by_name_phone_and_words(shop: Shop, query: str):
    message = write_in(shop, "Hola, ¿tenéis el Oaxaca en grano?")
    with Work(shop.support) as work:
        page = queries.list_conversations(work, ConversationFilter(query=query))
    assert [r.id for r in page.rows] == [str(message.conversation_id)]


@pytest.mark.parametrize("query", ["zanahoria", "999999", "%", "_", "' OR 1=1 --", "\\", "&|!:*()"])
def test_search_finds_nothing_it_should_not(shop: Shop, query: str):
    write_in(shop, "Hola, ¿tenéis el Oaxaca en grano?")
    with Work(shop.support) as work:
        assert queries.list_conversations(work, ConversationFilter(query=query)).rows == []


def test_an_older_word_that_arrives_late_changes_neither_preview_nor_order(shop: Shop):
    write_in(shop, "la última", at=now() - timedelta(minutes=1))
    late = write_in(shop, "la de antes", at=now() - timedelta(minutes=5))
    kept = conversation(shop, late.conversation_id)
    assert (kept.preview, kept.unread) == ("la última", 2)
    assert kept.waiting_since == late.at
    assert kept.last_message_at > late.at


def test_a_providers_clock_that_runs_ahead_does_not_pin_a_message_to_the_end(shop: Shop):
    ahead = write_in(shop, "del futuro", at=now() + timedelta(hours=3))
    assert ahead.at <= now()
    assert conversation(shop, ahead.conversation_id).last_message_at <= now()


def test_mark_read_clears_the_counter(shop: Shop):
    message = write_in(shop)
    with Work(shop.support) as work:
        service.mark_read(work, message.conversation_id)
    assert conversation(shop, message.conversation_id).unread == 0
    with Work(shop.system) as work:
        assert work.get(Message, message.id).status is MessageStatus.READ


def test_a_page_goes_on_where_the_last_ended(shop: Shop):
    start = now() - timedelta(hours=2)
    expected = [write_in(shop, f"m{i}", who=f"3460000{i:04d}", at=start + timedelta(minutes=i)) for i in range(7)]
    with Work(shop.support) as work:
        first = queries.list_conversations(work, ConversationFilter(), limit=3)
        second = queries.list_conversations(work, ConversationFilter(), first.cursor, limit=3)
        third = queries.list_conversations(work, ConversationFilter(), second.cursor, limit=3)
    assert [r.preview for r in [*first.rows, *second.rows, *third.rows]] == [m.text for m in expected]
    assert third.cursor is None


def test_a_thread_shows_its_last_messages_and_pages_back(shop: Shop):
    start = now() - timedelta(hours=2)
    for i in range(9):
        last = write_in(shop, f"m{i}", at=start + timedelta(minutes=i))
    with Work(shop.support) as work:
        thread = queries.find_thread(work, last.conversation_id, limit=4)
        older, _, cursor = queries.list_messages(work, last.conversation_id, thread.cursor or "", limit=4)
        oldest, _, end = queries.list_messages(work, last.conversation_id, cursor or "", limit=4)
    assert [m.text for m in thread.messages] == ["m5", "m6", "m7", "m8"]
    assert [m.text for m in older] == ["m1", "m2", "m3", "m4"]
    assert ([m.text for m in oldest], end) == (["m0"], None)


def _uuid(value: str) -> UUID:
    return UUID(value)
