"""Questions nobody had an answer for, and what is made of them."""

from datetime import UTC, datetime, timedelta

import pytest

from saas_admin.bots import questions, service, unanswered
from saas_admin.bots.questions import Taught
from saas_admin.bots.views import UnansweredPage
from saas_admin.core.errors import Forbidden, Invalid, NotFound
from saas_admin.core.work import Work
from saas_admin.faqs import queries as faq_queries
from saas_admin.faqs import service as faqs
from saas_admin.faqs.content import Content, Phrase
from saas_admin.models import BotAnswer
from saas_admin.models.bot import Review, Route
from tests.bots.company import Company
from tests.bots.history import asked, source

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def listed(company: Company, *arguments: object, **more: object) -> UnansweredPage:
    with Work(company.shop.support) as work:
        return unanswered.list_unanswered(work, *arguments, **more)  # type: ignore[arg-type]


def test_the_same_words_are_one_row_the_most_asked_first(company: Company):
    one = company.write("hola").conversation_id
    shipping, pay = company.faq_ids["shipping"], company.faq_ids["pay"]
    asked(company, one, NOW - timedelta(days=2), "¿Hacéis factura?", Route.OFFER, review=Review.OPEN)
    latest = asked(
        company,
        one,
        NOW,
        "haceis FACTURA",
        Route.PERSON,
        reason="low",
        review=Review.OPEN,
        probability=0.08,
        sources=[source(pay, "¿Cómo puedo pagar?", 0.41), source(shipping, score=0.2)],
    )
    later = NOW + timedelta(minutes=1)
    asked(company, one, later, "¿Tenéis té?", Route.PERSON, review=Review.OPEN, channel_id=company.shop.webchat_id)
    asked(company, one, NOW, "¿Abrís hoy?", Route.PERSON, review=Review.DONE)
    page = listed(company)
    assert (page.total, page.next, [(row.question, row.times) for row in page.rows]) == (
        2,
        "",
        [("haceis FACTURA", 2), ("¿Tenéis té?", 1)],
    )
    row = page.rows[0]
    assert (row.id, row.last_at, row.reason, row.language) == (str(latest), "2026-11-24T12:00:00.000000Z", "low", "es")
    assert (row.channel_name, row.channel_kind, row.conversation_id) == (
        "WhatsApp de la tienda",
        "whatsapp_cloud",
        str(one),
    )
    assert [(each.faq_id, each.title, each.score) for each in row.closest] == [
        (str(pay), "¿Cómo puedo pagar?", 0.41),
        (str(shipping), "¿Cuánto tarda el envío?", 0.2),
    ]
    assert [each.likeness for each in row.closest] == [0.08, 0.2]


def test_search_channel_and_pages(company: Company):
    one = company.write("hola").conversation_id
    for number, text in enumerate(("¿Té verde?", "¿Té negro?", "¿Té rojo?", "¿Azúcar?")):
        asked(company, one, NOW - timedelta(hours=number), text, Route.OFFER, review=Review.OPEN)
    asked(company, one, NOW, "¿Té web?", Route.OFFER, review=Review.OPEN, channel_id=company.shop.webchat_id)
    assert [row.question for row in listed(company, "TE neg").rows] == ["¿Té negro?"]
    assert [row.question for row in listed(company, "", company.shop.webchat_id).rows] == ["¿Té web?"]
    first = listed(company, limit=2)
    second = listed(company, cursor=first.next, limit=2)
    third = listed(company, cursor=second.next, limit=2)
    assert [row.question for row in (*first.rows, *second.rows, *third.rows)] == [
        "¿Té web?",
        "¿Té verde?",
        "¿Té negro?",
        "¿Té rojo?",
        "¿Azúcar?",
    ]
    assert (first.total, third.next) == (5, "")
    with pytest.raises(Invalid):
        listed(company, cursor="mañana|x|y")


def test_who_reads_no_conversations_reads_no_questions_of_theirs(company: Company):
    one = company.write("hola").conversation_id
    asked(company, one, NOW, "¿Tenéis té?", Route.PERSON, review=Review.OPEN)
    with pytest.raises(Forbidden) as refused, Work(company.shop.marketing) as work:
        unanswered.list_unanswered(work)
    assert refused.value.params == {"permission": "conversations:read"}
    assert listed(company).total == 1


def test_a_deleted_faq_is_suggested_no_more(company: Company):
    one = company.write("hola").conversation_id
    row = asked(company, one, NOW, "¿Bizun?", Route.OFFER, review=Review.OPEN, sources=[source(company.faq_ids["pay"])])
    with Work(company.shop.admin) as work:
        faqs.delete(work, company.faq_ids["pay"])
        assert unanswered.list_closest(work, row) == []
    assert listed(company).rows[0].closest == []


def test_a_question_becomes_a_phrasing_and_is_settled_with_all_that_ask_it(company: Company):
    one = company.write("hola").conversation_id
    pay = company.faq_ids["pay"]
    earlier = asked(company, one, NOW, "¿Puedo con bizun?", Route.OFFER, review=Review.OPEN)
    row = asked(company, one, NOW, "puedo con BIZUN", Route.PERSON, review=Review.OPEN)
    other = asked(company, one, NOW, "¿Tenéis té?", Route.PERSON, review=Review.OPEN)
    with Work(company.shop.support) as work:
        assert questions.teach(work, row, pay) == Taught(2, "¿Cómo puedo pagar?", is_new=True)
    with Work(company.shop.support) as work:
        assert faq_queries.find_faq(work, pay).phrasings[-1].text == "puedo con BIZUN"
        settled = work.get(BotAnswer, earlier)
        assert (settled.review, settled.reviewed_by, settled.details) == (
            Review.DONE,
            company.shop.support.user_id,
            {"answered_by": str(pay)},
        )
        assert (work.get(BotAnswer, other).review, work.get(BotAnswer, other).details) == (Review.OPEN, {})
    assert [each.question for each in listed(company).rows] == ["¿Tenéis té?"]


def test_better_words_may_be_taught_and_known_ones_settle_too(company: Company):
    one = company.write("hola").conversation_id
    row = asked(company, one, NOW, "kiero pagar cn bizun xfa", Route.OFFER, review=Review.OPEN)
    again = asked(company, one, NOW, "bizum", Route.OFFER, review=Review.OPEN)
    pay = company.faq_ids["pay"]
    with Work(company.shop.support) as work:
        assert questions.teach(work, row, pay, "¿Puedo pagar con Bizun?").is_new
        assert not questions.teach(work, again, pay, "¿Aceptáis Bizum?").is_new
        assert [each.text for each in faq_queries.find_faq(work, pay).phrasings][3:] == ["¿Puedo pagar con Bizun?"]
    assert listed(company).total == 0


def test_a_new_faq_settles_its_question(company: Company):
    one = company.write("hola").conversation_id
    row = asked(company, one, NOW, "¿Tenéis té?", Route.OFFER, review=Review.OPEN)
    with Work(company.shop.support) as work:
        saved = questions.write_faq(
            work, row, Content((Phrase("¿Tenéis té?"),), "Sí, verde y negro.", "es"), is_published=True
        )
        assert saved.status == "published"
    with Work(company.shop.support) as work:
        assert work.get(BotAnswer, row).details == {"answered_by": saved.id}
    assert listed(company).total == 0


def test_what_is_refused_settles_nothing(company: Company):
    one = company.write("hola").conversation_id
    row = asked(company, one, NOW, "¿Tenéis té?", Route.OFFER, review=Review.OPEN)
    with pytest.raises(NotFound), Work(company.shop.support) as work:
        questions.teach(work, row, row)
    with pytest.raises(Invalid), Work(company.shop.support) as work:
        questions.teach(work, row, company.faq_ids["pay"], "x" * 400)
    assert (listed(company).total, len(company.receipts(one))) == (1, 1)


def test_a_dismissed_question_comes_back(company: Company):
    one = company.write("hola").conversation_id
    row = asked(company, one, NOW, "jajaja", Route.OFFER, review=Review.OPEN)
    with Work(company.shop.support) as work:
        assert service.dismiss_question(work, row) == 1
    assert listed(company).total == 0
    with Work(company.shop.support) as work:
        service.reopen_question(work, row)
    assert listed(company).total == 1
