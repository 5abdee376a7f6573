"""What agents read of an answer of the bot, and how a thread's row says who speaks."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from saas_admin.accounts import people
from saas_admin.adapters.llm.base import LlmTrouble
from saas_admin.bots import courtesies, decide, reply
from saas_admin.bots import service as bots
from saas_admin.bots.guard import RefusalCode
from saas_admin.conversations import queries, receipts, service
from saas_admin.conversations.receipts import ReceiptView
from saas_admin.conversations.views import ConversationFilter, ConversationRow, ReceiptLine, ThreadView
from saas_admin.core.actor import Actor
from saas_admin.core.errors import Forbidden, NotFound
from saas_admin.core.i18n import LANGS, catalogue
from saas_admin.core.permissions import Sight
from saas_admin.core.work import Work
from saas_admin.models import HandOver, Membership, Message
from saas_admin.models.bot import Route, certainty
from tests.bots.company import Company, with_bot
from tests.shop import open_shop, write_in

pytestmark = pytest.mark.usefixtures("db", "valkey")


@pytest.fixture
def company() -> Company:
    return with_bot()


def read(actor: Actor, message_id: UUID) -> ReceiptView:
    with Work(actor) as work:
        return receipts.find_receipt(work, message_id)


def thread(company: Company, conversation_id: UUID) -> ThreadView:
    with Work(company.shop.support) as work:
        return queries.find_thread(work, conversation_id)


def row(company: Company, conversation_id: UUID) -> ConversationRow:
    with Work(company.shop.support) as work:
        return queries.find_conversation(work, conversation_id)


def test_an_answer_says_its_faq_its_certainty_and_its_sources(company: Company):
    (answer,) = company.ask("me lo mandais molido para espresso?")

    receipt = read(company.shop.support, answer.id)

    assert (receipt.message_id, receipt.route, receipt.reason) == (str(answer.id), "faq", "sure")
    assert (receipt.faq_id, receipt.faq_title) == (str(company.faq_ids["grind"]), "¿Moléis el café?")
    assert receipt.question == "me lo mandais molido para espresso?"
    assert receipt.probability is not None
    assert 0.8 <= receipt.probability <= 1
    assert [source.is_cited for source in receipt.sources] == [True] + [False] * (len(receipt.sources) - 1)
    assert receipt.sources[0].faq_id == receipt.faq_id
    assert (receipt.model, receipt.tokens_in, receipt.cost) == ("", 0, 0)


def test_a_message_without_a_receipt_a_foreign_one_and_none_are_all_not_found(company: Company):
    (answer,) = company.ask("¿cuánto tarda el envío?")
    with Work(company.shop.support) as work:
        spoken = service.reply(work, answer.conversation_id, "Soy Toni", draft_id="draft-0001")[0]
    other = open_shop("Papelería Lluna", number_id="104857600119999")

    for actor, wanted in ((company.shop.support, UUID(spoken.id)), (other.admin, answer.id), (other.admin, uuid4())):
        with pytest.raises(NotFound):
            read(actor, wanted)


def test_whoever_may_not_see_the_thread_does_not_see_why_either(company: Company):
    (answer,) = company.ask("¿cuánto tarda el envío?")

    with pytest.raises(NotFound):
        read(replace(company.shop.support, sight=Sight.OWN), answer.id)
    with pytest.raises(Forbidden):
        read(replace(company.shop.support, role=None), answer.id)


def test_a_message_says_its_way_its_source_and_its_certainty_in_each_of_its_parts(company: Company):
    (sure,) = company.ask("me lo mandais molido para espresso?")
    company.ask("quiero hablar con una persona")
    with Work(company.shop.system) as work:
        copied = {name: getattr(work.get(Message, sure.id), name) for name in Message.model_fields}
        work.add(Message(**{**copied, "id": uuid4(), "draft_id": f"{sure.draft_id}#1", "provider_id": None}))

    messages = thread(company, sure.conversation_id).messages

    receipt = read(company.shop.support, sure.id)
    line = ReceiptLine("faq", "¿Moléis el café?", "high", receipt.probability)
    assert [m.receipt for m in messages if m.draft_id in (sure.draft_id, f"{sure.draft_id}#1")] == [line, line]
    assert [m.receipt for m in messages if m.direction == "in"] == [None, None]
    assert messages[-1].receipt == ReceiptLine("person", "", "", None)


def test_certainty_is_by_the_company_s_thresholds_and_the_same_everywhere(company: Company):
    (answer,) = company.ask("me lo mandais molido para espresso?")
    for level, direct_at in (("middle", 0.99), ("high", 0.95)):
        with Work(company.shop.admin) as work:
            bots.set_thresholds(work, direct_at, 0.1)
        line = next(m.receipt for m in thread(company, answer.conversation_id).messages if m.id == str(answer.id))
        assert line is not None
        assert (line.certainty, read(company.shop.support, answer.id).certainty) == (level, level)
    assert certainty("faq", "sure", 0.8, 0.8, 0.2) == "high"
    assert certainty("offer", "middle", 0.5, 0.8, 0.2) == "middle"
    assert certainty("offer", "middle", 0.49, 0.8, 0.2) == "low"
    assert certainty("person", "low", 0.59, 0.8, 0.6) == "low"
    assert certainty("person", "low", 0.19, 0.8, 0.2) == "low"
    assert {certainty("small_talk", "thanks", 0.9, 0.8, 0.2), certainty("faq", "chosen", 0.9, 0.8, 0.2)} == {""}


def test_a_hand_over_says_how_it_ended(company: Company):
    (first,) = company.ask("quiero hablar con una persona")
    assert ends(company, first.conversation_id) == [(False, False)]
    with Work(company.shop.support) as work:
        service.give_back(work, first.conversation_id)
    assert ends(company, first.conversation_id) == [(False, True)]
    company.ask("quiero hablar con una persona")
    with Work(company.shop.support) as work:
        service.reply(work, first.conversation_id, "Soy Toni", draft_id="draft-0001")
    assert ends(company, first.conversation_id) == [(False, True), (True, False)]


def ends(company: Company, conversation_id: UUID) -> list[tuple[bool, bool]]:
    """Of each hand-over: answered, ended without an answer."""
    lines = [each.data for each in thread(company, conversation_id).activities if each.kind == "handed_over"]
    return [(bool(data["answered_at"]), bool(data["ended_at"])) for data in lines]


def test_whoever_takes_a_thread_owes_what_the_bot_promised(company: Company):
    (answer,) = company.ask("quiero hablar con una persona")
    assert owner(company, answer.conversation_id) is None
    with Work(company.shop.support) as work:
        service.take(work, answer.conversation_id)
    assert owner(company, answer.conversation_id) == company.shop.support.user_id
    with Work(company.shop.support) as work:
        service.assign(work, answer.conversation_id, company.shop.admin.user_id)
    assert owner(company, answer.conversation_id) == company.shop.admin.user_id
    with Work(company.shop.support) as work:
        service.assign(work, answer.conversation_id, None)
    assert owner(company, answer.conversation_id) is None


def test_what_was_promised_goes_to_the_queue_when_its_owner_leaves(company: Company):
    (answer,) = company.ask("quiero hablar con una persona")
    with Work(company.shop.support) as work:
        service.take(work, answer.conversation_id)
    assert owner(company, answer.conversation_id) == company.shop.support.user_id
    with Work(company.shop.admin) as work:
        member = work.first(select(Membership).where(col(Membership.user_id) == company.shop.support.user_id))
        assert member is not None
        people.deactivate(work, member.id)
    assert owner(company, answer.conversation_id) is None


def owner(company: Company, conversation_id: UUID) -> UUID | None:
    with Work(company.shop.system) as work:
        (row,) = work.all(select(HandOver).where(col(HandOver.conversation_id) == conversation_id))
        return row.owner_id


def test_a_row_says_who_speaks_and_until_when_a_person_was_promised(company: Company):
    (answer,) = company.ask("¿cuánto tarda el envío?")
    before = row(company, answer.conversation_id)
    company.ask("quiero hablar con una persona")
    promised = row(company, answer.conversation_id)
    with Work(company.shop.support) as work:
        service.reply(work, answer.conversation_id, "Hola, soy Toni", draft_id="draft-0001")
    answered = row(company, answer.conversation_id)

    assert (before.voice, before.has_bot, before.hand_over_due_at) == ("bot", True, None)
    assert (promised.voice, promised.has_bot) == ("person", True)
    assert promised.hand_over_due_at is not None
    assert (answered.voice, answered.hand_over_due_at) == ("person", None)


def test_the_list_can_show_what_the_bot_has_and_what_waits_for_a_person(company: Company):
    (mine,) = company.ask("¿cuánto tarda el envío?")
    (theirs,) = company.ask("quiero hablar con una persona", "34600000002")

    def shown(bucket: str, voice: str) -> list[str]:
        with Work(company.shop.support) as work:
            return [
                row.id for row in queries.list_conversations(work, ConversationFilter(bucket=bucket, voice=voice)).rows
            ]

    assert shown("in_progress", "bot") == [str(mine.conversation_id)]
    assert shown("in_progress", "person") == []
    assert shown("pending", "person") == [str(theirs.conversation_id)]
    assert shown("pending", "bot") == []


def test_a_thread_names_its_bot_as_the_channel_calls_it(company: Company):
    (answer,) = company.ask("¿cuánto tarda el envío?")

    with Work(company.shop.support) as work:
        assert queries.find_thread(work, answer.conversation_id).bot_name == "Alba"


def test_a_company_without_a_bot_has_rows_that_say_so():
    shop = open_shop()
    message = write_in(shop)

    with Work(shop.support) as work:
        (found,) = queries.list_conversations(work, ConversationFilter()).rows
        thread = queries.find_thread(work, message.conversation_id)
    assert (found.voice, found.has_bot, found.hand_over_due_at) == ("bot", False, None)
    assert thread.bot_name == ""


@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_and_route_has_its_sentence(lang: str):
    words = catalogue(lang)
    reasons = {
        *RefusalCode,
        *LlmTrouble,
        reply.UNDELIVERED,
        decide.CLARIFY,
        *reasons_in(decide),
        *reasons_in(courtesies),
        *reasons_in(reply),
    }

    assert {
        "sure",
        "low",
        "grounded",
        "identity",
        "talk",
        "noted",
        "harm",
        "details",
        "follows",
        "middle",
        "trouble",
        "cannot_send",
    } <= reasons
    assert {reason for reason in reasons if f"receipts.reason.{reason}" not in words} == set()
    assert {route for route in Route if f"receipts.route.{route}" not in words} == set()


def reasons_in(module: object) -> set[str]:
    """Words that stand where a decision or a hand-over takes its reason."""
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type] - a module
    return {word.partition(":")[0] for node in ast.walk(tree) for word in _reasons(node) if word}


def _reasons(node: ast.AST) -> Iterator[str]:
    """`Decision(route, reason)`, `…_offer(sources, reason)`, `hand_over(work, conversation, reason, …)`, the phrases of small talk."""
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func).split(".")[-1]
        at = {"Decision": 1, "_offer": 1, "_say": 1, "hand_over": 2, "_give_away": 3}.get(name)
        if at is not None and len(node.args) > at:
            yield from _words(node.args[at])
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None and ast.unparse(key).startswith("Intent."):
                yield from _words(value)


def _words(node: ast.expr) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
