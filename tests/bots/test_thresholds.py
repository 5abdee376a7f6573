"""What another setting would have done to questions of the past."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from saas_admin.bots import questions, service, thresholds
from saas_admin.bots.views import Preview, Zone
from saas_admin.core.errors import Invalid
from saas_admin.core.work import Work
from saas_admin.models.bot import Review, Route
from tests.bots.company import Company
from tests.bots.history import asked, source

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Past:
    """Questions one after the other in one thread."""

    def __init__(self, company: Company) -> None:
        self.company = company
        with Work(company.shop.admin) as work:
            service.set_thresholds(work, 0.8, 0.2)
        self.thread = company.write("hola").conversation_id
        self.at = NOW

    def ask(self, text: str, route: Route, probability: float | None = None, best: str = "pay", **more: object) -> UUID:
        self.at += timedelta(minutes=1)
        sources = [source(self.company.faq_ids[best])] if probability is not None else []
        return asked(self.company, self.thread, self.at, text, route, probability=probability, sources=sources, **more)


@pytest.fixture
def past(company: Company) -> Past:
    with Work(company.shop.admin) as work:
        service.set_thresholds(work, 0.8, 0.2)
    return Past(company)


def seen(past: Past, direct_at: float, person_at: float, **more: int) -> Preview:
    with Work(past.company.shop.support) as work:
        return thresholds.preview(work, direct_at, person_at, **more)


def test_each_question_falls_on_its_side_to_the_hundredth(past: Past):
    for probability in (0.95, 0.8, 0.7999, 0.2, 0.1999, 0.0):
        past.ask(f"p {probability}", Route.OFFER, probability)
    past.ask("en sus palabras", Route.EXACT, 0.05)
    found = seen(past, 0.8, 0.2)
    assert (found.total, found.exact, found.moves) == (7, 1, 0)
    assert (found.direct, found.middle, found.person) == (Zone(3), Zone(2), Zone(2))
    assert {at: cell[0] for at, cell in enumerate(found.buckets) if cell[0]} == {
        95: 1,
        80: 1,
        79: 1,
        20: 1,
        19: 1,
        0: 1,
    }
    stricter = seen(past, 0.9, 0.5)
    assert (stricter.direct, stricter.middle, stricter.person) == (Zone(2), Zone(2), Zone(3))
    assert {(each.question, each.before, each.after) for each in stricter.moved} == {
        ("p 0.8", "direct", "middle"),
        ("p 0.2", "middle", "person"),
    }
    assert stricter.moves == 2


def test_taps_rules_small_talk_and_wishes_are_not_counted(past: Past):
    past.ask("hola", Route.SMALL_TALK, 0.3, reason="greeting")
    past.ask("una persona", Route.PERSON, 0.5, reason="asked")
    past.ask("2", Route.FAQ, None, reason="chosen")
    past.ask("estafa", Route.PERSON, None, reason="anger")
    past.ask("tarde", Route.NONE, 0.9, reason="sure")
    past.ask("¿té?", Route.PERSON, 0.1, reason="low")
    assert [(each.total, each.exact) for each in (seen(past, 0.8, 0.2),)] == [(1, 0)]


def test_who_was_right_is_known_by_what_was_chosen_said_and_named(past: Past):
    ids = past.company.faq_ids
    past.ask("elige la primera", Route.OFFER, 0.61)
    past.ask("1", Route.FAQ, None, reason="chosen", faq_id=ids["pay"])
    past.ask("elige otra", Route.OFFER, 0.62)
    past.ask("2", Route.FAQ, None, reason="chosen", faq_id=ids["grind"])
    past.ask("gracias después", Route.FAQ, 0.91)
    past.ask("muchas gracias", Route.SMALL_TALK, 0.01, reason="thanks")
    past.ask("ok después", Route.FAQ, 0.92)
    past.ask("ok", Route.SMALL_TALK, 0.01, reason="thanks")
    past.ask("no sirvió", Route.FAQ, 0.93)
    past.ask("no me sirve", Route.PERSON, None, reason="not_helped")
    named = past.ask("nombrada", Route.PERSON, 0.15, review=Review.OPEN)
    other = past.ask("nombrada otra", Route.PERSON, 0.16, review=Review.OPEN)
    with Work(past.company.shop.support) as work:
        questions.teach(work, named, ids["pay"])
        questions.teach(work, other, ids["grind"])
    found = seen(past, 0.8, 0.2)
    assert found.direct == Zone(3, right=1, wrong=1)
    assert found.middle == Zone(2, right=1, wrong=1)
    assert found.person == Zone(2, right=1, wrong=1)
    assert found.buckets[61] == [1, 1, 0]
    assert found.buckets[93] == [1, 0, 1]
    # The known ones are the examples.
    assert [(each.question, each.is_right) for each in seen(past, 0.95, 0.2).moved] == [
        ("no sirvió", False),
        ("gracias después", True),
        ("ok después", None),
    ]


def test_who_reads_no_conversations_gets_the_counts_without_the_questions(past: Past):
    past.ask("¿me lo mandáis a la calle Olmo 3?", Route.OFFER, 0.85)
    with Work(past.company.shop.marketing) as work:
        found = thresholds.preview(work, 0.9, 0.2)
    assert (found.total, found.moves, found.moved) == (1, 1, [])
    assert [each.question for each in seen(past, 0.9, 0.2).moved] == ["¿me lo mandáis a la calle Olmo 3?"]


def test_only_the_latest_are_looked_at(past: Past):
    past.ask("vieja", Route.OFFER, 0.5)
    past.ask("nueva", Route.OFFER, 0.5)
    last = past.ask("última", Route.OFFER, 0.5)
    del last
    found = seen(past, 0.6, 0.2, most=2)
    assert (found.total, found.since) == (2, "2026-11-24T12:02:00.000000Z")


def test_setting_them_moves_what_is_compared_with(past: Past):
    past.ask("¿té?", Route.OFFER, 0.85)
    with Work(past.company.shop.admin) as work:
        service.set_thresholds(work, 0.9, 0.3)
    assert (seen(past, 0.9, 0.3).moves, seen(past, 0.8, 0.3).moves) == (0, 1)
    with pytest.raises(Invalid), Work(past.company.shop.admin) as work:
        service.set_thresholds(work, 0.4, 0.3)
