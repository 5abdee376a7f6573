from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from saas_admin.core.errors import Forbidden, Invalid
from saas_admin.core.text import fold
from saas_admin.core.work import Work
from saas_admin.faqs import categories, proposals, queries, service, twins
from saas_admin.faqs.transfer import importing
from saas_admin.faqs.views import FaqFilter
from saas_admin.models import BotAnswer
from saas_admin.models.bot import Review, Route
from tests.faqs.conftest import content, write_faq
from tests.shop import Shop, write_in


def _titles(shop: Shop, **chosen: Any) -> list[str]:
    with Work(shop.marketing) as work:
        return [row.title for row in queries.list_faqs(work, FaqFilter.of(chosen)).rows]


def test_words_are_found_in_phrasings_and_answers_without_accents(shop: Shop):
    write_faq(shop, "¿Hacéis envíos?", "¿Mandáis a Canarias?", answer="Sí, en 48 h.")
    write_faq(shop, "¿Cuál es el horario?", answer="Abrimos cada MAÑANA.")

    assert _titles(shop, query="ENVIOS") == ["¿Hacéis envíos?"]
    assert _titles(shop, query="canárias haceis") == ["¿Hacéis envíos?"]
    assert _titles(shop, query="manana") == ["¿Cuál es el horario?"]
    assert _titles(shop, query="envios manana") == []
    assert _titles(shop, query="%") == ["¿Cuál es el horario?", "¿Hacéis envíos?"]
    with Work(shop.support) as work:
        (row,) = queries.list_faqs(work, FaqFilter(query="canarias")).rows
    assert row.found == "¿Mandáis a Canarias?"


def test_the_list_is_narrowed_by_everything_at_once(shop: Shop):
    with Work(shop.support) as work:
        category = categories.create_category(work, "Pagos")
    write_faq(shop, "a1", "a2", "a3", category_id=UUID(category), is_sensitive=True, channel_kinds=("telegram",))
    write_faq(shop, "b", language="en", is_published=False)
    write_faq(shop, "c", channel_kinds=("webchat",))

    assert _titles(shop) == ["c", "b", "a1"]
    assert _titles(shop, category=category) == ["a1"]
    assert _titles(shop, category="none") == ["c", "b"]
    assert _titles(shop, status="draft") == ["b"]
    assert _titles(shop, status="published") == ["c", "a1"]
    assert _titles(shop, status="nonsense") == ["c", "b", "a1"]
    assert _titles(shop, language="en") == ["b"]
    assert _titles(shop, channel="telegram") == ["b", "a1"]
    assert _titles(shop, is_sensitive=True) == ["a1"]
    assert _titles(shop, has_few=True) == ["c", "b"]
    assert _titles(shop, has_few=True, status="published", channel="webchat") == ["c"]


def test_the_list_comes_in_pages_the_last_changed_first(shop: Shop):
    ids = [write_faq(shop, f"pregunta {n}") for n in range(5)]
    with Work(shop.support) as work:
        service.unpublish(work, ids[0])
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        with Work(shop.support) as work:
            page = queries.list_faqs(work, FaqFilter(), cursor, limit=2)
        assert page.total == 5
        seen += [row.title for row in page.rows]
        cursor = page.next
    assert seen == ["pregunta 0", "pregunta 4", "pregunta 3", "pregunta 2", "pregunta 1"]
    assert cursor == ""
    for broken in ("x", "2030-01-01T00:00:00Z|x", "|"):
        with pytest.raises(Invalid, match="cursor"), Work(shop.support) as work:
            queries.list_faqs(work, FaqFilter(), broken)


def test_pages_lose_none_of_what_changed_at_one_moment(shop: Shop):
    file = "\n".join(f'{{"question": "pregunta {n}", "answer": "x"}}' for n in range(7))
    with Work(shop.support) as work:
        importing.run(work, file.encode())
    seen: list[str] = []
    cursor = ""
    for _ in range(4):
        with Work(shop.support) as work:
            page = queries.list_faqs(work, FaqFilter(), cursor, limit=2)
        seen += [row.title for row in page.rows]
        cursor = page.next
    assert sorted(seen) == [f"pregunta {n}" for n in range(7)]
    assert cursor == ""


def test_the_overview_counts_and_says_what_to_do_next(shop: Shop):
    with Work(shop.support) as work:
        category = UUID(categories.create_category(work, "Pagos"))
    write_faq(shop, "a1", "a2", "a3", "a4", "a5", category_id=category)
    write_faq(shop, "b1", "b2", "b3", is_sensitive=True)
    write_faq(shop, "c1", language="en")
    write_faq(shop, "d1", is_published=False)

    with Work(shop.marketing) as work:
        seen = queries.find_overview(work)
    assert [(c.name, c.faqs) for c in seen.categories] == [("Pagos", 1)]
    assert (seen.total, seen.without_category, seen.published, seen.drafts) == (4, 3, 3, 1)
    assert (seen.few, seen.below_five, seen.sensitive, seen.doubled, seen.deleted) == (2, 2, 1, 0, 0)
    assert seen.languages == ["es", "en"]
    assert [(row.title, row.phrasings) for row in seen.todo] == [("c1", 1), ("b1", 3)]


def test_twins_are_pointed_out_certain_or_likely(shop: Shop):
    first = write_faq(shop, "¿Hacéis envíos?", "¿Cuánto cuesta el envío?")
    second = write_faq(shop, "¿Cuánto cuesta un envío?")
    english = write_faq(shop, "haceis envios", language="en")
    write_faq(shop, "¿Cuál es el horario?")

    with Work(shop.support) as work:
        assert twins.doubled(work) == {first: {second: False}, second: {first: False}}
        assert [row.twin for row in queries.list_faqs(work, FaqFilter()).rows] == ["", "", "likely", "likely"]
        assert {row.id for row in queries.list_faqs(work, FaqFilter(is_doubled=True)).rows} == {str(first), str(second)}
        found = twins.list_twins(work, ["HACEIS envios", "¿Cuánto vale un envío?", "¿Aceptáis Bizum?"], "es")
        own = twins.list_twins(work, ["HACEIS envios"], "es", except_id=first)
    assert [[(t.title, t.text, t.is_certain) for t in each] for each in found] == [
        [("¿Hacéis envíos?", "¿Hacéis envíos?", True)],
        [],
        [],
    ]
    assert own == [[]]
    with Work(shop.support) as work:
        service.delete(work, second)
    with Work(shop.support) as work:
        assert twins.doubled(work) == {}
        assert english not in twins.doubled(work)


def test_faqs_of_different_channels_are_no_twins(shop: Shop):
    write_faq(shop, "¿Hacéis envíos?", channel_kinds=("telegram",))
    write_faq(shop, "¿Hacéis envíos?", channel_kinds=("webchat",))
    with Work(shop.support) as work:
        assert twins.doubled(work) == {}
    write_faq(shop, "¿Hacéis envíos?")
    with Work(shop.support) as work:
        assert sorted(list(each.values()) for each in twins.doubled(work).values()) == [[True], [True], [True, True]]


def _asked(shop: Shop, best: UUID, question: str, *, days: int = 0, **more: Any) -> None:
    message = write_in(shop, question)
    with Work(shop.system) as work:
        work.add(
            BotAnswer(
                conversation_id=message.conversation_id,
                channel_id=shop.whatsapp_id,
                question_id=message.id,
                question=question,
                folded=fold(question),
                at=work.now - timedelta(days=days),
                **{"route": Route.PERSON, "sources": [{"faq_id": str(best), "score": 0.4}], **more},
            )
        )


def test_real_questions_are_proposed_the_most_asked_first(shop: Shop):
    faq_id, other = write_faq(shop, "¿Hacéis envíos?"), write_faq(shop, "¿Cuál es el horario?")
    _asked(shop, faq_id, "mandais a canarias??", review=Review.OPEN)
    _asked(shop, faq_id, "¿Mandáis a Canarias?", review=Review.OPEN, days=1)
    _asked(shop, faq_id, "llega a mallorca?", faq_id=faq_id, probability=0.5, route=Route.FAQ)
    _asked(shop, faq_id, "segura", faq_id=faq_id, probability=0.95, route=Route.FAQ)
    _asked(shop, faq_id, "haceis envios", review=Review.OPEN)
    _asked(shop, faq_id, "descartada", review=Review.DISMISSED, faq_id=faq_id, probability=0.5)
    _asked(shop, other, "cuando abris", review=Review.OPEN)

    with Work(shop.support) as work:
        found = proposals.list_proposals(work, faq_id)
    assert [(fold(p.text), p.times, p.is_open) for p in found] == [
        ("mandais a canarias", 2, True),
        ("llega a mallorca", 1, False),
    ]
    with Work(shop.support) as work:
        service.add_phrasing(work, faq_id, found[0].text)
    with Work(shop.support) as work:
        assert [p.text for p in proposals.list_proposals(work, faq_id)] == ["llega a mallorca?"]
    with pytest.raises(Forbidden), Work(shop.marketing) as work:
        proposals.list_proposals(work, faq_id)


def test_a_preview_speaks_with_the_shops_own_data(shop: Shop):
    with Work(shop.marketing) as work:
        assert queries.find_sample(work, "en") == {
            "shop": "Café Alborada",
            "name": "Marta",
            "hours": "every day, at any time",
            "hours_today": "all day",
            "next_opening": "right now",
        }
        assert queries.find_language(work) == "es"


def test_one_faq_is_read_with_everything(shop: Shop):
    faq_id = write_faq(shop, "a", "b", is_sensitive=True)
    with Work(shop.support) as work:
        service.change(work, faq_id, content("a", "b", answer="Otra."), 1)
    with Work(shop.marketing) as work:
        view = queries.find_faq(work, faq_id)
    assert ([p.text for p in view.phrasings], view.answer, view.version) == (["a", "b"], "Otra.", 2)
    assert (view.updated_by, view.status, view.language, view.files) == ("Toni Ferrandis", "published", "es", [])


ADDRESSES = [
    ({}, FaqFilter()),
    ({"q": "envíos", "status": "draft", "few": "1"}, FaqFilter(query="envíos", status="draft", has_few=True)),
    ({"alike": "1", "sensitive": "1"}, FaqFilter(is_doubled=True, is_sensitive=True)),
    ({"category": "none", "channel": "telegram"}, FaqFilter(category="none", channel="telegram")),
    ({"category": "nonsense", "sensitive": "yes", "query": "x", "has_few": "1"}, FaqFilter()),
]


@pytest.mark.parametrize(("query", "chosen"), ADDRESSES, ids=["bare", "words", "flags", "none", "nonsense"])
def test_the_address_of_the_list_says_what_it_is_narrowed_to(query: dict[str, str], chosen: FaqFilter):
    assert FaqFilter.of_address(query) == chosen
