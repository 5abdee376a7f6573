"""What the overview says of a bot, and its figures by period and channel."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from saas_admin.accounts import company as companies
from saas_admin.bots import figures, queries, service
from saas_admin.bots.views import Counts, KnowledgeView, Overview
from saas_admin.channels import service as channels
from saas_admin.core import clock
from saas_admin.core.work import Work
from saas_admin.faqs import service as faqs
from saas_admin.models.bot import Outcome, Review, Route
from tests.bots.company import Company
from tests.bots.history import asked, begun
from tests.shop import open_shop

# A Tuesday, 13:00 in Madrid.
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def overview(company: Company) -> Overview:
    with Work(company.shop.marketing) as work:
        return queries.find_overview(work)


def silences(company: Company) -> list[str]:
    """Of WhatsApp, then of the web chat: both were made in one moment."""
    by_id = {channel.id: channel for channel in overview(company).channels}
    return [by_id[str(each)].silence for each in (company.shop.whatsapp_id, company.shop.webchat_id)]


def test_a_company_without_a_bot_sees_what_it_would_start_with(db: object, valkey: object):
    del db, valkey
    shop = open_shop()
    with Work(shop.admin) as work:
        seen = queries.find_overview(work)
    assert (seen.bot.is_there, seen.bot.is_on, seen.bot.direct_at, seen.bot.name) == (False, False, 0.9, "")
    assert seen.bot.opening == "Soy el asistente automático de Café Alborada."
    assert [(c.kind, c.is_on, c.silence) for c in seen.channels] == [
        ("whatsapp_cloud", False, "off"),
        ("webchat", False, "off"),
    ]
    assert (seen.knowledge, seen.talking, seen.unanswered) == (KnowledgeView(0, 0, 0), 0, 0)


def test_what_it_knows_and_who_talks_with_it(company: Company):
    message = company.write("hola")
    begun(company, message.conversation_id, NOW, Outcome.OPEN)
    for at in range(3):
        asked(company, message.conversation_id, NOW - timedelta(hours=at), "¿Hay té?", Route.OFFER, review=Review.OPEN)
    asked(company, message.conversation_id, NOW, "¿Abrís hoy?", Route.PERSON, review=Review.OPEN)
    seen = overview(company)
    assert seen.knowledge == KnowledgeView(published=5, phrasings=16, few=5)
    assert (seen.talking, seen.unanswered) == (1, 2)
    assert seen.bot.opening == "Soy Alba, el asistente automático de Café Alborada."
    assert seen.bot.hand_over == "Te paso con una persona del equipo. Te contestará a más tardar hoy a las 13:30."


def test_each_channel_says_why_it_is_silent(company: Company):
    assert silences(company) == ["", ""]
    with Work(company.shop.admin) as work:
        service.switch_channel(work, company.shop.webchat_id, False)
        channels.disable(work, company.shop.whatsapp_id)
    assert silences(company) == ["channel_down", "channel_off"]
    with Work(company.shop.admin) as work:
        channels.enable(work, company.shop.whatsapp_id)
        companies.edit_hours(work, {"tue": [["09:00", "14:00"]]}, [])
        service.set_channel(work, company.shop.whatsapp_id, {"schedule": "closed"})
    assert silences(company) == ["hours", "channel_off"]
    assert {each.id: each.differs for each in overview(company).channels} == {
        str(company.shop.whatsapp_id): {"schedule": "closed"},
        str(company.shop.webchat_id): {},
    }
    with Work(company.shop.admin) as work:
        for faq_id in company.faq_ids.values():
            faqs.unpublish(work, faq_id)
    assert silences(company) == ["no_faqs", "channel_off"]
    with Work(company.shop.admin) as work:
        service.switch(work, False)
    assert silences(company) == ["off", "off"]


def test_figures_of_seven_days_beside_the_seven_before(company: Company):
    one, other = company.write("hola").conversation_id, company.write("hola", "34699000111").conversation_id
    begun(company, one, NOW - timedelta(days=1), Outcome.CONFIRMED)
    begun(company, one, NOW - timedelta(days=2), Outcome.ASSUMED, reopened_at=NOW)
    begun(company, one, NOW - timedelta(days=3), Outcome.ASSUMED)
    begun(company, one, NOW - timedelta(days=4), Outcome.HANDED_OVER)
    begun(company, one, NOW - timedelta(days=5), Outcome.UNRESOLVED)
    begun(company, one, NOW, Outcome.OPEN)
    begun(company, other, NOW, Outcome.TAKEN, channel_id=company.shop.webchat_id)
    begun(company, other, NOW - timedelta(days=8), Outcome.CONFIRMED)
    asked(company, one, NOW, "¿Moléis?", Route.EXACT, milliseconds=10)
    asked(company, one, NOW, "¿Molido?", Route.FAQ, milliseconds=20)
    asked(company, one, NOW, "¿Y molido?", Route.MODEL, milliseconds=400, cost=1500)
    asked(company, one, NOW, "¿Té?", Route.OFFER, milliseconds=30)
    # A question back is no answer.
    asked(company, one, NOW, "¿Y el otro?", Route.MODEL, reason="clarify", milliseconds=15)
    asked(company, one, NOW, "persona", Route.PERSON, milliseconds=1)
    # Nobody was told, but the model was paid.
    asked(company, one, NOW, "tarde", Route.NONE, milliseconds=9000, cost=500)
    asked(company, other, NOW, "hola", Route.SMALL_TALK, milliseconds=2, channel_id=company.shop.webchat_id)
    asked(company, one, NOW - timedelta(days=9), "¿Bizum?", Route.FAQ, milliseconds=7)
    with Work(company.shop.admin) as work:
        found = figures.find_figures(work, 7)
    assert found.since == "2026-11-17T23:00:00.000000Z"
    assert found.now == Counts(
        handled=7,
        confirmed=1,
        assumed=2,
        handed_over=1,
        taken=1,
        unresolved=1,
        open=1,
        reopened=1,
        answered=3,
        routes={"exact": 1, "faq": 1, "model": 1, "offer": 2, "person": 1, "small_talk": 1},
        cost=2000,
        milliseconds=15,
    )
    assert found.before == Counts(handled=1, confirmed=1, answered=1, routes={"faq": 1}, milliseconds=7)
    assert [(c.name, c.counts.handled, c.counts.answered, c.counts.cost) for c in found.channels] == [
        ("WhatsApp de la tienda", 6, 3, 2000),
        ("Chat web", 1, 0, 0),
    ]


def test_a_channel_that_was_deleted_still_counts_and_stands_last(company: Company):
    one = company.write("hola").conversation_id
    begun(company, one, NOW, Outcome.CONFIRMED)
    begun(company, one, NOW, Outcome.TAKEN, channel_id=company.shop.webchat_id)
    with Work(company.shop.admin) as work:
        channels.delete(work, company.shop.whatsapp_id)
    with Work(company.shop.admin) as work:
        found = figures.find_figures(work, 7)
    assert [(each.name, each.is_deleted, each.counts.handled) for each in found.channels] == [
        ("Chat web", False, 1),
        ("WhatsApp de la tienda", True, 1),
    ]
    assert found.now.handled == 2


def test_figures_of_one_channel_and_of_an_unknown_period(company: Company):
    one = company.write("hola").conversation_id
    begun(company, one, NOW, Outcome.TAKEN, channel_id=company.shop.webchat_id)
    begun(company, one, NOW, Outcome.CONFIRMED)
    with Work(company.shop.admin) as work:
        found = figures.find_figures(work, 4, company.shop.webchat_id)
    assert (found.days, found.now.handled, found.now.taken, found.now.confirmed) == (7, 1, 1, 0)


def test_the_period_before_ends_at_the_same_hour_and_days_are_the_company_s(company: Company):
    one = company.write("hola").conversation_id
    madrid = ZoneInfo("Europe/Madrid")
    begun(company, one, datetime(2026, 11, 24, 0, 0, tzinfo=madrid), Outcome.ASSUMED)
    begun(company, one, datetime(2026, 11, 23, 12, 59, tzinfo=madrid), Outcome.ASSUMED)
    begun(company, one, datetime(2026, 11, 23, 13, 1, tzinfo=madrid), Outcome.ASSUMED)
    with Work(company.shop.admin) as work:
        found = figures.find_figures(work, 1)
    assert (found.now.handled, found.before.handled) == (1, 1)
