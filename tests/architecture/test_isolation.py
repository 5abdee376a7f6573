"""Two companies: every verb and query called with the other's ids finds nothing, changes nothing, tells nobody."""

import inspect
import io
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import redis
from sqlalchemy import select

from saas_admin.accounts import audit_log, company, invitations, people
from saas_admin.bots import figures, playground, questions, thresholds, unanswered
from saas_admin.bots import queries as bot_queries
from saas_admin.bots import service as bots
from saas_admin.channels import credentials, exchange_log, registration, template_list, templates, trials
from saas_admin.channels import queries as channel_queries
from saas_admin.channels import service as channels
from saas_admin.conversations import media, offers, queries, receipts, service
from saas_admin.conversations.views import ConversationFilter
from saas_admin.core.db import ForeignCompany, owner_engine, tenant_tables
from saas_admin.core.errors import NotFound
from saas_admin.core.work import Work
from saas_admin.faqs import bulk, categories, history, proposals, twins
from saas_admin.faqs import content as faq_content
from saas_admin.faqs import queries as faq_queries
from saas_admin.faqs import service as faqs
from saas_admin.faqs.transfer import importing, writing
from saas_admin.faqs.views import FaqFilter
from saas_admin.models import BotAnswer, Channel, Faq, Tag
from saas_admin.models.bot import Review, Route
from saas_admin.models.channel import ChannelState
from saas_admin.platform import export
from tests.conftest import Engines
from tests.shop import Shop, add_template, open_shop, write_in

SNAPSHOT = "SELECT string_agg(md5(t::text), ',' ORDER BY md5(t::text)) FROM {} t"


@pytest.fixture
def shops(db: Engines, valkey: redis.Redis) -> tuple[Shop, Shop]:
    del db, valkey
    return open_shop(), open_shop("Floristería Azahar", number_id="104857600445566")


def _foreign_calls(theirs: Shop) -> dict[str, tuple[Any, tuple[Any, ...], dict[str, Any]]]:
    message = write_in(theirs, "secreto de la otra tienda", who="34699999999")
    with Work(theirs.admin) as work:
        tag = UUID(queries.list_tags(work)[0].id)
        sent = UUID(service.reply(work, message.conversation_id, "también secreto", draft_id="their-draft-1")[0].id)
    conversation = message.conversation_id
    with Work(theirs.admin) as work:
        template = add_template(work, theirs.whatsapp_id).id
    checked = channels.check("webchat", "X", {"title": "X"}, ask_provider=False)
    member = UUID(_member_of(theirs))
    with Work(theirs.admin) as work:
        invitations.invite(work, "carla@x.example", "support")
        invitation = UUID(invitations.list_pending(work)[0].id)
    said = faq_content.Content((faq_content.Phrase("¿secreto?"),), "secreto", "es")
    with Work(theirs.admin) as work:
        faq = UUID(faqs.create(work, said, is_published=True).id)
        drawer = UUID(categories.create_category(work, "Secreta"))
    with Work(theirs.system) as work:
        asked = work.add(
            BotAnswer(
                conversation_id=conversation,
                channel_id=theirs.whatsapp_id,
                question="¿secreto?",
                folded="secreto",
                route=Route.OFFER,
                review=Review.OPEN,
            )
        ).id
    return {
        "bots.switch_channel": (bots.switch_channel, (theirs.whatsapp_id, True), {}),
        "bots.set_channel": (bots.set_channel, (theirs.whatsapp_id, {"name": "Nuestro"}), {}),
        "bots.dismiss_question": (bots.dismiss_question, (asked,), {}),
        "bots.reopen_question": (bots.reopen_question, (asked,), {}),
        "questions.teach": (questions.teach, (asked, faq), {}),
        "questions.write_faq": (questions.write_faq, (asked, said), {}),
        "unanswered.list_closest": (unanswered.list_closest, (asked,), {}),
        "playground.start": (playground.start, ("hola", theirs.whatsapp_id), {}),
        "faqs.change": (faqs.change, (faq, said, 1), {}),
        "faqs.publish": (faqs.publish, (faq,), {}),
        "faqs.unpublish": (faqs.unpublish, (faq,), {}),
        "faqs.delete": (faqs.delete, (faq,), {}),
        "faqs.bring_back": (faqs.bring_back, (faq,), {}),
        "faqs.restore_version": (faqs.restore_version, (faq, 1, 1), {}),
        "faqs.add_phrasing": (faqs.add_phrasing, (faq, "¿y esto?"), {}),
        "categories.rename_category": (categories.rename_category, (drawer, "Nuestra"), {}),
        "categories.delete_category": (categories.delete_category, (drawer,), {}),
        "categories.order_categories": (categories.order_categories, ([drawer],), {}),
        "bulk.publish_all": (bulk.publish_all, ([faq],), {}),
        "bulk.unpublish_all": (bulk.unpublish_all, ([faq],), {}),
        "bulk.delete_all": (bulk.delete_all, ([faq],), {}),
        "bulk.bring_back_all": (bulk.bring_back_all, ([faq],), {}),
        "bulk.move_all": (bulk.move_all, ([faq], None), {}),
        "bulk.move_back": (bulk.move_back, ([(faq, None)],), {}),
        "faq_queries.find_faq": (faq_queries.find_faq, (faq,), {}),
        "faq_queries.find_file": (faq_queries.find_file, (faq,), {}),
        "history.list_history": (history.list_history, (faq,), {}),
        "proposals.list_proposals": (proposals.list_proposals, (faq,), {}),
        "people.change_role": (people.change_role, (member, "admin"), {}),
        "people.change_sight": (people.change_sight, (member, "own"), {}),
        "people.deactivate": (people.deactivate, (member,), {}),
        "people.reactivate": (people.reactivate, (member,), {}),
        "people.reset_two_factor": (people.reset_two_factor, (member,), {}),
        "people.switch_company": (people.switch_company, (theirs.company_id,), {}),
        "invitations.resend": (invitations.resend, (invitation,), {}),
        "invitations.cancel": (invitations.cancel, (invitation,), {}),
        "company.remind_two_factor": (company.remind_two_factor, (member,), {}),
        "service.reply": (service.reply, (conversation, "hola"), {"draft_id": "our-draft-0001"}),
        "service.retry": (service.retry, (sent,), {}),
        "service.send_template": (
            service.send_template,
            (conversation, template, {"body.1": "Marta"}),
            {"draft_id": "our-draft-0003"},
        ),
        "offers.list_templates": (offers.list_templates, (conversation,), {}),
        "receipts.find_receipt": (receipts.find_receipt, (message.id,), {}),
        "templates.find": (templates.find, (template,), {}),
        "service.take": (service.take, (conversation,), {}),
        "service.assign": (service.assign, (conversation, None), {}),
        "service.close": (service.close, (conversation,), {}),
        "service.reopen": (service.reopen, (conversation,), {}),
        "service.give_back": (service.give_back, (conversation,), {}),
        "service.tag": (service.tag, (conversation, tag), {}),
        "service.untag": (service.untag, (conversation, tag), {}),
        "service.mark_read": (service.mark_read, (conversation,), {}),
        "service.typing": (service.typing, (conversation, True), {}),
        "queries.find_conversation": (queries.find_conversation, (conversation,), {}),
        "queries.find_thread": (queries.find_thread, (conversation,), {}),
        "queries.list_messages": (
            queries.list_messages,
            (conversation, "2030-01-01T00:00:00Z|00000000-0000-0000-0000-000000000000"),
            {},
        ),
        "channels.update": (channels.update, (theirs.webchat_id, checked), {}),
        "channels.disable": (channels.disable, (theirs.whatsapp_id,), {}),
        "channels.enable": (channels.enable, (theirs.whatsapp_id,), {}),
        "channels.delete": (channels.delete, (theirs.whatsapp_id,), {}),
        "channels.stored_values": (channels.stored_values, (theirs.whatsapp_id,), {}),
        "channels.replace_secrets": (channels.replace_secrets, (theirs.whatsapp_id, {"app_secret": "ours"}, None), {}),
        "credentials.count_refused": (credentials.count_refused, (theirs.whatsapp_id,), {}),
        "credentials.retry_refused": (credentials.retry_refused, (theirs.whatsapp_id,), {}),
        "registration.find_registrable": (registration.find_registrable, (theirs.whatsapp_id,), {}),
        "trials.ensure_may_check": (trials.ensure_may_check, (theirs.whatsapp_id,), {}),
        "trials.find_test_target": (trials.find_test_target, (theirs.whatsapp_id,), {}),
        "trials.start_test": (trials.start_test, (theirs.whatsapp_id, "+34611204873", "hola"), {}),
        "exchange_log.list_exchanges": (exchange_log.list_exchanges, (theirs.whatsapp_id,), {}),
        "template_list.list_templates": (template_list.list_templates, (theirs.whatsapp_id,), {}),
        "template_list.ensure_may_sync": (template_list.ensure_may_sync, (theirs.whatsapp_id,), {}),
        "channel_queries.find_channel": (channel_queries.find_channel, (theirs.whatsapp_id,), {}),
    }


def _member_of(shop: Shop) -> str:
    with Work(shop.admin) as work:
        return next(p.id for p in people.list_people(work) if p.user_id == str(shop.support.user_id))


# Verbs that take no id of a row, and those shown by a test of their own below.
WITHOUT_ID = {
    "create",
    "create_tag",
    "check",
    "list_conversations",
    "count_by_owner",
    "list_tags",
    "list_members",
    "list_channels",
    "list_choices",
    "list_troubled",
    "list_people",
    "list_companies",
    "leave",
    "choose_availability",
    "list_pending",
    "invite",
    "find_offer",
    "accept",
    "find_company",
    "find_deletion",
    "find_opening",
    "edit",
    "edit_hours",
    "edit_two_factor",
    "change_logo",
    "remove_logo",
    "ask_deletion",
    "cancel_deletion",
    "list_entries",
    "note_export",
    "_export_page",
    "create_category",
    "list_faqs",
    "list_categories",
    "find_overview",
    "count_unanswered",
    "find_figures",
    "list_unanswered",
    "set_limits",
    "set_manner",
    "set_thresholds",
    "switch",
    "find_sample",
    "find_samples",
    "set_behaviour",
    "find_language",
    "list_twins",
    "preview",
    "run",
    "to_csv",
    "to_json_lines",
}
SHOWN_BELOW = {"find_heads", "find_messages_since"}


def test_every_verb_and_query_is_in_this_test():
    names: set[str] = set()
    for module in (
        service,
        queries,
        offers,
        receipts,
        channels,
        templates,
        channel_queries,
        credentials,
        exchange_log,
        registration,
        template_list,
        trials,
        people,
        invitations,
        company,
        audit_log,
        faqs,
        faq_queries,
        categories,
        bulk,
        history,
        proposals,
        twins,
        importing,
        writing,
        bots,
        bot_queries,
        figures,
        playground,
        questions,
        thresholds,
        unanswered,
    ):
        names |= {
            n
            for n, f in inspect.getmembers(module, inspect.isfunction)
            if getattr(f, "__door__", "system") != "system" and f.__module__ == module.__name__
        }
    called = {name.split(".")[1] for name in FOREIGN}
    assert names - called - WITHOUT_ID - SHOWN_BELOW == set()


FOREIGN = [
    "bots.switch_channel",
    "bots.set_channel",
    "bots.dismiss_question",
    "bots.reopen_question",
    "questions.teach",
    "questions.write_faq",
    "unanswered.list_closest",
    "playground.start",
    "faqs.change",
    "faqs.publish",
    "faqs.unpublish",
    "faqs.delete",
    "faqs.bring_back",
    "faqs.restore_version",
    "faqs.add_phrasing",
    "categories.rename_category",
    "categories.delete_category",
    "categories.order_categories",
    "bulk.publish_all",
    "bulk.unpublish_all",
    "bulk.delete_all",
    "bulk.bring_back_all",
    "bulk.move_all",
    "bulk.move_back",
    "faq_queries.find_faq",
    "faq_queries.find_file",
    "history.list_history",
    "proposals.list_proposals",
    "people.change_role",
    "people.change_sight",
    "people.deactivate",
    "people.reactivate",
    "people.reset_two_factor",
    "people.switch_company",
    "invitations.resend",
    "invitations.cancel",
    "company.remind_two_factor",
    "service.reply",
    "service.retry",
    "service.send_template",
    "offers.list_templates",
    "receipts.find_receipt",
    "templates.find",
    "service.take",
    "service.assign",
    "service.close",
    "service.reopen",
    "service.give_back",
    "service.tag",
    "service.untag",
    "service.mark_read",
    "service.typing",
    "queries.find_conversation",
    "queries.find_thread",
    "queries.list_messages",
    "channels.update",
    "channels.disable",
    "channels.enable",
    "channels.delete",
    "channels.stored_values",
    "channels.replace_secrets",
    "credentials.count_refused",
    "credentials.retry_refused",
    "registration.find_registrable",
    "trials.ensure_may_check",
    "trials.find_test_target",
    "trials.start_test",
    "exchange_log.list_exchanges",
    "template_list.list_templates",
    "template_list.ensure_may_sync",
    "channel_queries.find_channel",
]


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_id_is_not_found_and_nothing_moves(
    shops: tuple[Shop, Shop], db: Engines, valkey: redis.Redis, name: str
):
    ours, theirs = shops
    verb, arguments, options = _foreign_calls(theirs)[name]
    before = _snapshot(db)
    with valkey.pubsub() as heard:
        heard.psubscribe("*")
        heard.get_message(timeout=1)
        with pytest.raises(NotFound), Work(replace(ours.admin, session_id=ours.webchat_id)) as work:
            verb(work, *arguments, **options)
        assert heard.get_message(timeout=0.05) is None
    assert _snapshot(db) == before


def test_the_first_belt_holds_without_the_second(shops: tuple[Shop, Shop], monkeypatch: pytest.MonkeyPatch):
    """Row-level security would hide a hole in the scope of `Work`: here it works as the role that sees every row."""
    ours, theirs = shops
    for shop in shops:
        write_in(shop)
    monkeypatch.setattr("saas_admin.core.work.app_engine", owner_engine)
    filled: list[str] = []
    with Work(ours.admin) as work:
        for table in tenant_tables():
            everybody = work.session.connection().execute(select(table.__table__.c.company_id)).scalars().all()
            seen = {row.company_id for row in work.session.scalars(select(table))}
            assert seen <= {ours.company_id}, table
            filled += [table.__name__] if {ours.company_id, theirs.company_id} <= set(everybody) else []
        assert {"Channel", "Conversation", "Customer", "Membership", "Message", "Tag"} <= set(filled)
        work.add(Tag(company_id=theirs.company_id, name="suya"))
        with pytest.raises(ForeignCompany):
            work.flush()
        work.session.rollback()


def test_lists_counts_search_and_heads_show_only_ones_own(shops: tuple[Shop, Shop]):
    ours, theirs = shops
    mine = write_in(ours, "lo nuestro", who="34611111111")
    their_message = write_in(theirs, "secreto de la otra tienda", who="34699999999")
    with Work(theirs.system) as work:
        work.get(Channel, theirs.whatsapp_id).state = ChannelState.ATTENTION
    with Work(ours.admin) as work:
        assert [r.preview for r in queries.list_conversations(work, ConversationFilter()).rows] == ["lo nuestro"]
        for query in ("secreto", "699999999", "Marta"):
            found = queries.list_conversations(work, ConversationFilter(query=query)).rows
            assert all(r.id == str(mine.conversation_id) for r in found)
        assert queries.count_by_owner(work)["pending"] == {"none": 1}
        assert queries.find_messages_since(work, their_message.conversation_id, 0) == []
        heads = queries.find_heads(work, their_message.conversation_id)
        assert (heads["rev"], [room for room in heads["seq"] if str(theirs.company_id) in room]) == ({}, [])
        assert {m.name for m in queries.list_members(work)} == {"Nuria Sanchis", "Toni Ferrandis"}
        assert str(theirs.admin.user_id) not in [m.id for m in queries.list_members(work)]
        own = {str(ours.whatsapp_id), str(ours.webchat_id)}
        assert {c.id for c in channel_queries.list_channels(work)} == own
        assert {c.id for c in channel_queries.list_choices(work)} == own
        assert channel_queries.list_troubled(work) == []


@pytest.mark.parametrize("what", sorted(export.KINDS))
def test_an_export_holds_one_company(shops: tuple[Shop, Shop], what: str):
    ours, theirs = shops
    write_in(theirs, "secreto", who="34699999999")
    assert list(export.rows(what, ours.company_id)) == []


def test_a_foreign_tag_and_a_foreign_file_cannot_be_used(shops: tuple[Shop, Shop]):
    ours, theirs = shops
    mine = write_in(ours)
    with Work(theirs.admin) as work:
        their_tag = UUID(queries.list_tags(work)[0].id)
        their_file = UUID(media.upload(work, io.BytesIO(b"%PDF-1.4 x"), "factura.pdf").id)
    with pytest.raises(NotFound), Work(ours.admin) as work:
        service.tag(work, mine.conversation_id, their_tag)
    with pytest.raises(NotFound), Work(ours.admin) as work:
        service.reply(work, mine.conversation_id, "", draft_id="our-draft-0002", attachment_ids=[their_file])
    with pytest.raises(NotFound), Work(ours.admin) as work:
        service.assign(work, mine.conversation_id, theirs.support.user_id)


def test_faqs_of_another_company_are_neither_listed_nor_matched_nor_exported(shops: tuple[Shop, Shop]):
    ours, theirs = shops
    said = faq_content.Content((faq_content.Phrase("¿Hacéis envíos?"),), "secreto", "es")
    with Work(theirs.admin) as work:
        faqs.create(work, said, is_published=True)
        drawer = UUID(categories.create_category(work, "Suya"))
        their_file = UUID(media.upload(work, io.BytesIO(b"%PDF-1.4 x"), "tarifas.pdf").id)
    with Work(ours.admin) as work:
        assert faq_queries.list_faqs(work, FaqFilter(query="secreto")).rows == []
        assert (faq_queries.find_overview(work).total, faq_queries.list_categories(work)) == (0, [])
        assert twins.list_twins(work, ["haceis envios"], "es") == [[]]
        assert writing.to_json_lines(work) == ""
        seen = importing.preview(work, b'{"question": "\xc2\xbfHac\xc3\xa9is env\xc3\xados?", "answer": "x"}')
        assert [(row.outcome, row.twin) for row in seen.rows] == [("new", "")]
    with pytest.raises(NotFound), Work(ours.admin) as work:
        faqs.create(work, replace(said, files=(their_file,)))
    # A drawer of others is like one that was deleted meanwhile: none.
    with Work(ours.admin) as work:
        ours_now = faqs.create(work, replace(said, category_id=drawer))
        assert work.get(Faq, UUID(ours_now.id)).category_id is None
    with Work(theirs.admin) as work:
        assert [(each.name, each.faqs) for each in faq_queries.list_categories(work)] == [("Suya", 0)]


def test_the_bot_of_another_company_is_neither_counted_nor_listed(shops: tuple[Shop, Shop]):
    ours, theirs = shops
    _foreign_calls(theirs)
    with Work(theirs.admin) as work:
        assert unanswered.list_unanswered(work).total == 1
        bots.switch(work, True)
    with Work(ours.admin) as work:
        seen = bot_queries.find_overview(work)
        assert (seen.unanswered, seen.knowledge.published, seen.bot.is_on) == (0, 0, False)
        assert {channel.id for channel in seen.channels} == {str(ours.whatsapp_id), str(ours.webchat_id)}
        assert unanswered.list_unanswered(work).rows == []
        assert unanswered.list_unanswered(work, channel_id=theirs.whatsapp_id).rows == []
        assert figures.find_figures(work, 30, theirs.whatsapp_id).now.routes == {}
        assert thresholds.preview(work, 0.8, 0.2).total == 0


def _snapshot(db: Engines) -> dict[str, Any]:
    with db.owner() as connection:
        names = [r[0] for r in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {name: connection.execute(SNAPSHOT.format(name)).fetchone() for name in names}  # type: ignore[call-overload]
