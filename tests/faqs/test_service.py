import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from saas_admin.conversations import media
from saas_admin.core import files as core_files
from saas_admin.core.errors import Conflict, Forbidden, Invalid, NotFound
from saas_admin.core.i18n import translate
from saas_admin.core.work import Work
from saas_admin.faqs import bulk, categories, history, knowledge, queries, service
from saas_admin.faqs import content as contents
from saas_admin.faqs.content import Content, Phrase
from saas_admin.faqs.views import FaqFilter
from saas_admin.models import AuditEntry, Faq, FaqPhrasing, FaqRevision
from saas_admin.models.faq import PhrasingSource
from tests.faqs.conftest import content, write_faq
from tests.shop import Shop

THREE = ("¿Hacéis envíos?", "¿Enviáis a casa?", "¿Me lo podéis mandar?")


def _version(shop: Shop) -> int:
    with Work(shop.system) as work:
        return knowledge.version_of(work)


def _faq(shop: Shop, faq_id: UUID) -> tuple[Any, ...]:
    with Work(shop.system) as work:
        faq = work.get(Faq, faq_id)
        texts = work.all(
            select(FaqPhrasing).where(col(FaqPhrasing.faq_id) == faq_id).order_by(col(FaqPhrasing.position))
        )
        return faq.status.value, faq.answer, faq.version, [(each.text, each.source.value) for each in texts]


def _actions(shop: Shop) -> list[str]:
    with Work(shop.system) as work:
        query = select(AuditEntry).where(col(AuditEntry.target_kind) == "faq").order_by(col(AuditEntry.id))
        return [entry.action for entry in work.all(query)]


def test_a_faq_is_written_published_and_noted(shop: Shop):
    faq_id = write_faq(shop, *THREE)

    assert _faq(shop, faq_id) == ("published", "Sí, a toda España.", 1, [(text, "typed") for text in THREE])
    assert _actions(shop) == ["faq.created"]
    assert _version(shop) == 1
    with Work(shop.system) as work:
        (revision,) = work.all(select(FaqRevision))
    assert (revision.version, revision.change, revision.actor_id) == (1, "created", shop.support.user_id)
    assert revision.data["answer"] == "Sí, a toda España."


def test_a_draft_needs_no_answer_and_no_index(shop: Shop):
    faq_id = write_faq(shop, "¿Tenéis wifi?", is_published=False, answer="")

    assert _faq(shop, faq_id)[:3] == ("draft", "", 1)
    assert _version(shop) == 0


PROBLEMS = [
    (content(), {"phrasings": "faq_phrasing_missing"}, {}),
    (content("  ", " "), {"phrasings": "faq_phrasing_missing"}, {}),
    (content("a" * 301), {"phrasings.0": "faq_phrasing_long"}, {"longest": 300}),
    (content("¿Hacéis envíos?", "x", "haceis  ENVIOS"), {"phrasings.2": "faq_phrasing_twice"}, {}),
    (content(*(f"pregunta {n}" for n in range(51))), {"phrasings": "faq_phrasings_many"}, {"most": 50}),
    (content("x", answer=" "), {"answer": "faq_answer_missing"}, {}),
    (content("x", answer="a" * 4001), {"answer": "faq_answer_long"}, {"longest_answer": 4000}),
    (content("x", answer="Cuesta {precio}."), {"answer": "faq_variable"}, {"variable": "{precio}"}),
    (content("x", language="fr"), {"language": "faq_language"}, {}),
    (content("x", channel_kinds=("fax",)), {"channel_kinds": "faq_channels"}, {}),
    (
        content("x", answer="á" * 501, channel_kinds=("instagram",)),
        {"answer": "faq_answer_channel"},
        {"channel": "Instagram", "limit": 1000},
    ),
    (content("x", files=tuple(uuid4() for _ in range(6))), {"files": "faq_files"}, {"most_files": 5}),
]


@pytest.mark.parametrize(
    ("given", "fields", "params"),
    PROBLEMS,
    ids=[next(iter(each[1].values())) + str(n) for n, each in enumerate(PROBLEMS)],
)
def test_what_makes_no_faq_says_which_field_and_why(
    shop: Shop, given: Content, fields: dict[str, str], params: dict[str, Any]
):
    with pytest.raises(Invalid) as caught, Work(shop.support) as work:
        service.create(work, given, is_published=True)

    assert caught.value.fields == fields
    assert caught.value.params == params
    for lang in ("es", "en"):
        for code in fields.values():
            sentence = translate(f"errors.{code}", lang, **params)
            assert sentence != f"errors.{code}"
            assert "{" not in sentence.replace("{precio}", "")
    with Work(shop.system) as work:
        assert work.all(select(Faq)) == []


def test_the_longest_that_is_allowed_is_kept(shop: Shop):
    texts = ["a" * 300, *(f"pregunta {n}" for n in range(49))]
    faq_id = write_faq(shop, *texts, answer="á" * 4000)
    assert [len(_faq(shop, faq_id)[3]), len(_faq(shop, faq_id)[1])] == [50, 4000]


def test_more_faqs_than_fit_are_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("saas_admin.faqs.rows.MAX_FAQS", 1)
    write_faq(shop, "a")
    with pytest.raises(Invalid, match="faqs_many"):
        write_faq(shop, "b")


def test_a_change_keeps_where_known_phrasings_came_from(shop: Shop):
    faq_id = write_faq(shop, *THREE)
    with Work(shop.support) as work:
        service.add_phrasing(work, faq_id, "mandais cosas??")
    with Work(shop.admin) as work:
        saved = service.change(work, faq_id, content("mandais cosas??", "nueva", THREE[0], answer="Sí."), 2)

    assert (saved.version, saved.status) == (3, "published")
    assert _faq(shop, faq_id) == (
        "published",
        "Sí.",
        3,
        [("mandais cosas??", "question"), ("nueva", "typed"), (THREE[0], "typed")],
    )
    assert _version(shop) == 3


def test_saving_without_a_change_is_no_version(shop: Shop):
    faq_id = write_faq(shop, *THREE)
    with Work(shop.support) as work:
        assert service.change(work, faq_id, content(*THREE), 1).version == 1
    assert _version(shop) == 1
    assert _actions(shop) == ["faq.created"]


def test_two_people_at_once_do_not_overwrite_each_other(shop: Shop):
    faq_id = write_faq(shop, *THREE)
    with Work(shop.support) as work:
        service.change(work, faq_id, content(*THREE, answer="Primero."), 1)
    with pytest.raises(Conflict, match="faq_conflict"), Work(shop.admin) as work:
        service.change(work, faq_id, content(*THREE, answer="Segundo."), 1)
    assert _faq(shop, faq_id)[1:3] == ("Primero.", 2)


def test_publishing_needs_an_answer_and_raises_the_index(shop: Shop):
    faq_id = write_faq(shop, "¿Tenéis wifi?", is_published=False, answer="")
    with pytest.raises(Invalid) as caught, Work(shop.support) as work:
        service.publish(work, faq_id)
    assert caught.value.fields == {"answer": "faq_answer_missing"}

    with Work(shop.support) as work:
        service.change(work, faq_id, content("¿Tenéis wifi?", answer="Sí."), 1)
    assert _version(shop) == 0
    with Work(shop.support) as work:
        assert service.publish(work, faq_id) is True
        assert service.publish(work, faq_id) is False
    assert _version(shop) == 1
    with Work(shop.support) as work:
        assert service.unpublish(work, faq_id) is True
    assert _version(shop) == 2
    assert _actions(shop) == ["faq.created", "faq.changed", "faq.published", "faq.unpublished"]


def test_a_deleted_faq_is_gone_until_it_is_brought_back(shop: Shop):
    faq_id = write_faq(shop, *THREE)
    with Work(shop.support) as work:
        service.delete(work, faq_id)
    with Work(shop.support) as work:
        assert queries.list_faqs(work, FaqFilter()).total == 0
        with pytest.raises(NotFound):
            queries.find_faq(work, faq_id)
        with pytest.raises(NotFound):
            service.publish(work, faq_id)
    assert _version(shop) == 2

    with Work(shop.support) as work:
        service.bring_back(work, faq_id)
        service.bring_back(work, faq_id)
    with Work(shop.support) as work:
        assert [p.text for p in queries.find_faq(work, faq_id).phrasings] == list(THREE)
    assert _version(shop) == 3
    assert _actions(shop) == ["faq.created", "faq.deleted", "faq.brought_back"]


def test_an_earlier_version_comes_back_as_a_new_one(shop: Shop):
    with Work(shop.support) as work:
        category = UUID(categories.create_category(work, "Envíos"))
    faq_id = write_faq(shop, *THREE, category_id=category, is_sensitive=True, channel_kinds=("telegram",))
    with Work(shop.support) as work:
        service.change(work, faq_id, content("otra", answer="Otra."), 1)
    with Work(shop.support) as work:
        categories.delete_category(work, category)
    with pytest.raises(Conflict), Work(shop.support) as work:
        service.restore_version(work, faq_id, 1, 1)
    with pytest.raises(NotFound), Work(shop.support) as work:
        service.restore_version(work, faq_id, 9, 2)
    with Work(shop.support) as work:
        assert service.restore_version(work, faq_id, 1, 2).version == 3

    with Work(shop.support) as work:
        view = queries.find_faq(work, faq_id)
        views = history.list_history(work, faq_id)
    assert [p.text for p in view.phrasings] == list(THREE)
    assert (view.answer, view.is_sensitive, view.channel_kinds) == ("Sí, a toda España.", True, ["telegram"])
    assert view.category_id == ""
    assert [(v.version, v.change, v.by) for v in views] == [
        (3, "restored", "Toni Ferrandis"),
        (2, "changed", "Toni Ferrandis"),
        (1, "created", "Toni Ferrandis"),
    ]
    told = {d.what: (d.before, d.after, d.added, d.removed) for d in views[1].differences}
    assert told == {
        "phrasings": ("", "", ["otra"], list(THREE)),
        "answer": ("Sí, a toda España.", "Otra.", [], []),
        "is_sensitive": ("", "no", [], []),
        "category": ("", "", [], []),
        "channels": ("", "all", [], ["telegram"]),
    }
    assert views[2].differences == []


def test_the_history_shows_the_words_that_changed_and_what_stood_first(shop: Shop):
    faq_id = write_faq(shop, "¿Hacéis envíos?", "mandais a casa", answer="Sí, a toda España en 48 h.")
    with Work(shop.support) as work:
        service.change(
            work, faq_id, content("¿Hacéis envíos?", "me mandais a casa", answer="Sí, a toda España en 24 h."), 1
        )
    with Work(shop.support) as work:
        second, first = history.list_history(work, faq_id)

    assert {d.what: d.words for d in second.differences} == {
        "phrasings": [[("ins", "me "), ("same", "mandais a casa")]],
        "answer": [[("same", "Sí, a toda España en "), ("del", "48"), ("ins", "24"), ("same", " h.")]],
    }
    assert (first.version, first.phrasings, first.answer, first.differences) == (
        1,
        ["¿Hacéis envíos?", "mandais a casa"],
        "Sí, a toda España en 48 h.",
        [],
    )


def test_a_version_without_an_answer_is_a_draft_again(shop: Shop):
    faq_id = write_faq(shop, "¿Tenéis wifi?", is_published=False, answer="")
    with Work(shop.support) as work:
        service.change(work, faq_id, content("¿Tenéis wifi?", answer="Sí."), 1, is_published=True)
        work.flush()
        assert service.restore_version(work, faq_id, 1, 2).status == "draft"
    assert _version(shop) == 2


def test_a_question_becomes_a_phrasing_once(shop: Shop):
    faq_id = write_faq(shop, *THREE)
    with Work(shop.support) as work:
        assert service.add_phrasing(work, faq_id, "  mandais\na casa?? ") is True
    with Work(shop.support) as work:
        assert service.add_phrasing(work, faq_id, "¿MANDÁIS a casa?") is False
    assert _faq(shop, faq_id)[3][-1] == ("mandais a casa??", "question")
    assert _version(shop) == 2
    with pytest.raises(Invalid) as caught, Work(shop.support) as work:
        service.add_phrasing(work, faq_id, " ")
    assert caught.value.fields == {"phrasings": "faq_phrasing_missing"}


def test_a_question_too_many_is_refused(shop: Shop):
    faq_id = write_faq(shop, *(f"pregunta {n}" for n in range(50)))
    with pytest.raises(Invalid, match="faq_phrasings_many"), Work(shop.support) as work:
        service.add_phrasing(work, faq_id, "otra más")


def test_a_file_of_an_answer_outlives_the_upload(shop: Shop):
    with Work(shop.support) as work:
        upload = UUID(media.upload(work, io.BytesIO(b"%PDF-1.4 tarifas"), "tarifas.pdf").id)
    faq_id = write_faq(shop, "¿Tenéis tarifas?", files=(upload,))
    core_files.delete(shop.company_id, upload)

    with Work(shop.marketing) as work:
        (file,) = queries.find_faq(work, faq_id).files
        assert queries.find_file(work, UUID(file.id)) == file
    assert (file.filename, file.mime, file.size, file.thumb_url) == ("tarifas.pdf", "application/pdf", 16, "")
    assert core_files.path_of(shop.company_id, UUID(file.id)).read_bytes() == b"%PDF-1.4 tarifas"
    with Work(shop.support) as work:
        service.change(work, faq_id, content("¿Tenéis tarifas?", files=(UUID(file.id),), answer="Sí."), 1)
        assert [f.id for f in queries.find_faq(work, faq_id).files] == [file.id]


def test_a_file_of_somebody_else_or_one_that_no_channel_takes_is_refused(shop: Shop):
    with Work(shop.admin) as work:
        upload = UUID(media.upload(work, io.BytesIO(b"talla;precio"), "tarifas.csv").id)
    with pytest.raises(NotFound):
        write_faq(shop, "a", files=(upload,))
    with pytest.raises(Invalid) as caught, Work(shop.admin) as work:
        service.create(work, content("a", files=(upload,), channel_kinds=("instagram", "webchat")))
    assert caught.value.fields == {"files": "faq_file_channel"}
    assert caught.value.params == {"channel": "Instagram", "file": "tarifas.csv"}


def test_categories_are_created_renamed_ordered_and_deleted(shop: Shop):
    with Work(shop.support) as work:
        first = UUID(categories.create_category(work, " Envíos  y entregas "))
        second = UUID(categories.create_category(work, "Pagos"))
    write_faq(shop, "a", category_id=second)
    write_faq(shop, "b", category_id=second)
    with Work(shop.support) as work:
        categories.order_categories(work, [second])
        categories.rename_category(work, first, "Entregas")
    with Work(shop.support) as work:
        assert [(c.name, c.faqs) for c in queries.list_categories(work)] == [("Pagos", 2), ("Entregas", 0)]
    with pytest.raises(Invalid) as caught, Work(shop.support) as work:
        categories.rename_category(work, first, "PAGOS")
    assert caught.value.fields == {"name": "faq_category_taken"}
    with pytest.raises(Invalid) as caught, Work(shop.support) as work:
        categories.create_category(work, " ")
    assert caught.value.fields == {"name": "faq_category_name"}

    with Work(shop.support) as work:
        assert categories.delete_category(work, second) == 2
    with Work(shop.support) as work:
        assert [(c.name, c.faqs) for c in queries.list_categories(work)] == [("Entregas", 0)]
        assert queries.list_faqs(work, FaqFilter(category="none")).total == 2


@pytest.mark.parametrize("name", ["envios", "ENVÍOS", " Envi\u0301os "], ids=["accent", "case", "decomposed"])
def test_a_category_is_one_however_its_name_is_written(shop: Shop, name: str):
    with Work(shop.support) as work:
        there = categories.create_category(work, "Envíos")
        other = UUID(categories.create_category(work, "Pagos"))
    for verb in (
        lambda work: categories.create_category(work, name),
        lambda work: categories.rename_category(work, other, name),
    ):
        with pytest.raises(Invalid) as caught, Work(shop.support) as work:
            verb(work)
        assert caught.value.fields == {"name": "faq_category_taken"}
        assert caught.value.params == {"name": "Envíos", "id": there}
    with Work(shop.support) as work:
        categories.rename_category(work, UUID(there), "Envios")
    with Work(shop.support) as work:
        assert [c.name for c in queries.list_categories(work)] == ["Envios", "Pagos"]


def test_several_are_published_moved_deleted_and_brought_back(shop: Shop):
    one, two, three = (
        write_faq(shop, text, is_published=False, answer=answer)
        for text, answer in (("a", "Sí."), ("b", "No."), ("c", ""))
    )
    with Work(shop.support) as work:
        category = UUID(categories.create_category(work, "Pagos"))
    with Work(shop.support) as work:
        assert bulk.publish_all(work, [one, two, three, one]) == bulk.Published([one, two], unanswered=1)
    with Work(shop.support) as work:
        assert bulk.unpublish_all(work, [one, three]) == [one]
        former = bulk.move_all(work, [one, two], category)
    assert former == [(one, None), (two, None)]
    with Work(shop.support) as work:
        assert queries.list_faqs(work, FaqFilter(category=str(category))).total == 2
        bulk.move_back(work, former)
    with Work(shop.support) as work:
        assert queries.list_faqs(work, FaqFilter(category=str(category))).total == 0
        assert bulk.delete_all(work, [one, two, one]) == [one, two]
    with Work(shop.support) as work:
        assert [row.title for row in queries.list_faqs(work, FaqFilter()).rows] == ["c"]
        bulk.bring_back_all(work, [one, two])
    with Work(shop.support) as work:
        assert queries.list_faqs(work, FaqFilter()).total == 3
    with pytest.raises(Invalid, match="faqs_chosen"), Work(shop.support) as work:
        bulk.delete_all(work, [uuid4() for _ in range(201)])


def test_a_move_is_undone_into_the_category_that_was_unless_it_is_gone(shop: Shop):
    with Work(shop.support) as work:
        first, second = (UUID(categories.create_category(work, name)) for name in ("Pagos", "Envíos"))
    one = write_faq(shop, "a", category_id=first)
    with Work(shop.support) as work:
        former = bulk.move_all(work, [one], second)
        bulk.move_back(work, former)
        assert [(c.name, c.faqs) for c in queries.list_categories(work)] == [("Pagos", 1), ("Envíos", 0)]
    with Work(shop.support) as work:
        former = bulk.move_all(work, [one], second)
        categories.delete_category(work, first)
    with Work(shop.support) as work:
        bulk.move_back(work, former)
    with Work(shop.support) as work:
        assert queries.list_faqs(work, FaqFilter(category="none")).total == 1
    assert _version(shop) == 1


def test_marketing_reads_and_writes_nothing(shop: Shop):
    faq_id = write_faq(shop, *THREE)
    with Work(shop.marketing) as work:
        assert queries.find_faq(work, faq_id).answer == "Sí, a toda España."
    with pytest.raises(Forbidden), Work(shop.marketing) as work:
        service.delete(work, faq_id)


def test_the_history_is_only_added_to(shop: Shop):
    write_faq(shop, *THREE)
    with pytest.raises(Exception, match="permission denied"), Work(shop.system) as work:
        work.session.execute(update(FaqRevision).values(version=7))


def test_a_form_from_a_stranger_is_read_without_harm():
    assert Content.of(None) == Content(language="")
    assert Content.of(
        {"phrasings": [{"text": "a", "source": "question"}, {"text": 7, "source": "x"}, None, "b"]}
    ).phrasings == (
        Phrase("a", PhrasingSource.QUESTION),
        Phrase("7"),
        Phrase(""),
        Phrase("b"),
    )
    assert Content.of({"files": ["x", None], "channel_kinds": "y", "is_sensitive": "yes", "category_id": 3}) == Content(
        language=""
    )
    assert contents.one_line(" a\n b ") == "a b"


def test_who_writes_while_the_category_is_deleted_keeps_their_words(shop: Shop):
    with Work(shop.support) as work:
        category = UUID(categories.create_category(work, "Pagos"))
    one, two, gone = (write_faq(shop, text, category_id=category) for text in ("a", "b", "c"))
    with Work(shop.admin) as work:
        service.delete(work, gone)
    with Work(shop.admin) as work:
        assert categories.delete_category(work, category) == 2
    assert _version(shop) == 4

    with Work(shop.support) as work:
        views = history.list_history(work, one)
        assert [(v.version, v.by, [d.what for d in v.differences]) for v in views] == [
            (2, "Nuria Sanchis", ["category"]),
            (1, "Toni Ferrandis", []),
        ]
        saved = service.change(work, one, content("a", answer="Mío.", category_id=category), 1)
        assert (saved.version, queries.find_faq(work, one).category_id) == (3, "")
        assert UUID(service.create(work, content("d", category_id=category)).id)
    with Work(shop.support) as work:
        service.change(work, two, content("b", answer="De otra."), 2)
    with pytest.raises(Conflict), Work(shop.support) as work:
        service.change(work, two, content("b", answer="Mío.", category_id=category), 1)
    with Work(shop.support) as work:
        service.bring_back(work, gone)
        assert queries.find_faq(work, gone).category_id == ""


def test_a_move_by_somebody_else_is_a_conflict_still(shop: Shop):
    with Work(shop.support) as work:
        first, second = (UUID(categories.create_category(work, name)) for name in ("Pagos", "Envíos"))
    one = write_faq(shop, "a", category_id=first)
    with Work(shop.admin) as work:
        bulk.move_all(work, [one], second)
        bulk.move_all(work, [one], None)
    with pytest.raises(Conflict, match="faq_conflict"), Work(shop.support) as work:
        service.change(work, one, content("a", answer="Mío.", category_id=first), 1)


def test_a_deleted_faq_lies_in_the_bin_for_thirty_days(shop: Shop):
    one, two = write_faq(shop, "a"), write_faq(shop, "b")
    with Work(shop.support) as work:
        bulk.delete_all(work, [one, two])
    with Work(shop.system) as work:
        work.get(Faq, two).deleted_at = work.now - timedelta(days=30, seconds=1)
    with Work(shop.marketing) as work:
        assert [row.title for row in queries.list_faqs(work, FaqFilter.of({"status": "deleted"})).rows] == ["a"]
        seen = queries.find_overview(work)
        assert (seen.total, seen.deleted) == (0, 1)
    with Work(shop.support) as work:
        assert bulk.bring_back_all(work, [one]) == [one]
    with Work(shop.support) as work:
        assert queries.list_faqs(work, FaqFilter(status="deleted")).total == 0
        assert [row.title for row in queries.list_faqs(work, FaqFilter()).rows] == ["a"]


def test_a_long_history_is_read_in_parts(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(history, "MOST", 2)
    faq_id = write_faq(shop, "a", answer="1")
    for version in (1, 2, 3):
        with Work(shop.support) as work:
            service.change(work, faq_id, content("a", answer=str(version + 1)), version)
    with Work(shop.marketing) as work:
        latest = history.list_history(work, faq_id)
        earlier = history.list_history(work, faq_id, latest[-1].version)
        assert history.list_history(work, faq_id, 1) == []
    assert [v.version for v in (*latest, *earlier)] == [4, 3, 2, 1]
    assert [[(d.before, d.after) for d in v.differences] for v in (*latest, *earlier)] == [
        [("3", "4")],
        [("2", "3")],
        [("1", "2")],
        [],
    ]
