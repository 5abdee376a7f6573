"""What a bot knows is always what is published; the vector store may come and go."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
import pytest

from saas_admin.adapters.embeddings.base import Matrix
from saas_admin.adapters.embeddings.registry import Encoders
from saas_admin.bots import library as libraries
from saas_admin.bots import patience, sweeps, vectors
from saas_admin.bots.library import Library
from saas_admin.bots.vectors import StoreAway, Text, VectorStore
from saas_admin.core import jobs
from saas_admin.core.config import get_settings
from saas_admin.core.engines import Chroma
from saas_admin.core.ids import new_id
from saas_admin.core.jobs import Job
from saas_admin.core.realtime import sync_client
from saas_admin.core.work import Work
from saas_admin.faqs import service as faqs
from saas_admin.models import Knowledge
from tests.bots.company import Company


class Counting:
    """An encoder that says how many texts it was given; its vectors are their letters."""

    def __init__(self, model_id: str = "letters", dimensions: int = 26) -> None:
        self.model_id, self.dimensions = model_id, dimensions
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.embedded += len(texts)
        signs = [chr(97 + n % 26) for n in range(self.dimensions)]
        rows = np.array([[text.lower().count(sign) for sign in signs] for text in texts], dtype=np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def text(key: str, words: str = "hola") -> Text:
    return Text(key, UUID(int=1), words)


def _count(store: VectorStore) -> int:
    return len(store._ask("get", where={"company_id": store._company})["ids"])


def unit(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_a_store_answers_only_for_its_company(chroma: Chroma):
    del chroma
    ours, theirs = new_id(), new_id()
    VectorStore(ours, "m", 2).put([text("a"), text("b")], {"a": unit(1, 0), "b": unit(0, 1)})
    VectorStore(theirs, "m", 2).put([text("a")], {"a": unit(0.6, 0.8)})
    found = VectorStore(theirs, "m", 2).load([text("a"), text("b")])
    assert {key: [round(float(n), 2) for n in row] for key, row in found.items()} == {"a": [0.6, 0.8]}
    assert VectorStore(theirs, "m", 2).keep_only([]) == 1
    assert set(VectorStore(ours, "m", 2).load([text("a"), text("b")])) == {"a", "b"}


def test_what_a_company_has_elsewhere_goes_and_what_others_have_there_stays(chroma: Chroma):
    del chroma
    ours, theirs = new_id(), new_id()
    for company_id in (ours, theirs):
        for model in ("old", "m", "second"):
            VectorStore(company_id, model, 2).put([text("a")], {"a": unit(1, 0)})
    VectorStore(ours, "m", 2).forget_elsewhere([VectorStore(ours, "second", 2)])
    left = {
        (name, model): list(VectorStore(company_id, model, 2).load([text("a")]))
        for name, company_id in (("ours", ours), ("theirs", theirs))
        for model in ("old", "m", "second")
    }
    assert [place for place, keys in left.items() if keys != ["a"]] == [("ours", "old")]


def test_shards_of_a_former_number_are_tidied_on_request(
    company: Company, chroma: Chroma, monkeypatch: pytest.MonkeyPatch
):
    del chroma
    company_id, encoder, settings = company.shop.company_id, Counting(), get_settings()
    library = Library(Encoders((encoder,)))
    library.reindex(company_id)
    before = VectorStore(company_id, "letters", 26)
    numbers = iter(range(17, 100))
    while VectorStore(company_id, "letters", 26)._name == before._name:
        other = settings.model_copy(update={"vector_shards": next(numbers)})
        monkeypatch.setattr(vectors, "get_settings", lambda other=other: other)
    library.reindex(company_id)
    assert (_count(before), encoder.embedded) == (21, 42)
    library.reindex(company_id, in_all_shards=True)
    assert _count(before) == 0
    assert (library.reindex(company_id), encoder.embedded) == (21, 42)


def test_a_vector_of_former_words_is_not_used(chroma: Chroma):
    del chroma
    store = VectorStore(new_id(), "m", 2)
    store.put([text("a", "before")], {"a": unit(1, 0)})
    assert store.load([text("a", "after")]) == {}


def test_every_question_to_the_store_ends_in_time(chroma: Chroma):
    VectorStore(new_id(), "m", 2).load([])
    timeout = vectors._client()._server._session.timeout
    assert (timeout.read, timeout.connect) == (5.0, 1.0)
    chroma.kill()
    with pytest.raises(StoreAway):
        VectorStore(new_id(), "m", 2).load([])


def test_vectors_are_made_once_and_then_come_from_the_store(company: Company, chroma: Chroma):
    del chroma
    encoder = Counting()
    first = Library(Encoders((encoder,)))
    count = first.reindex(company.shop.company_id)
    # 16 phrasings and 5 answers.
    assert (count, encoder.embedded) == (21, 21)
    second = Library(Encoders((encoder,)))
    shelf = second.get(company.shop.company_id)
    assert (shelf.is_whole, shelf.is_stored, encoder.embedded) == (True, True, 21)
    with Work(company.shop.system) as work:
        row = work.get(Knowledge, company.shop.company_id)
        assert (row.indexed_version, row.model_id) == (row.version, "letters")


def test_a_change_costs_only_what_changed_and_is_known_at_once(company: Company, chroma: Chroma):
    del chroma
    encoder = Counting()
    library = Library(Encoders((encoder,)))
    library.reindex(company.shop.company_id)
    library.get(company.shop.company_id)
    with Work(company.shop.admin) as work:
        faqs.add_phrasing(work, company.faq_ids["pay"], "¿Me dejáis pagar con el móvil?")
    known = library.get(company.shop.company_id).faqs[company.faq_ids["pay"]]
    assert known.phrasings[-1] == "¿Me dejáis pagar con el móvil?"
    assert encoder.embedded == 22
    with Work(company.shop.admin) as work:
        faqs.unpublish(work, company.faq_ids["pay"])
    assert company.faq_ids["pay"] not in library.get(company.shop.company_id).faqs


def test_without_the_store_answers_go_on(company: Company):
    """It was never started: what is to be known is made in this process."""
    encoder = Counting()
    library = Library(Encoders((encoder,)))
    shelf = library.get(company.shop.company_id)
    assert (shelf.is_whole, shelf.is_stored) == (True, False)
    assert shelf.index("whatsapp_cloud", "es").models == ("letters",)
    company.library = library
    (answer,) = company.ask("¿cuanto tarda el envio?")
    assert answer.text.endswith("El envío cuesta 4,90 € y es gratis desde 40 €.")


def test_without_the_store_each_question_makes_some_of_many_vectors(company: Company, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(libraries, "MADE_AT_ONCE", 8)
    encoder = Counting()
    library = Library(Encoders((encoder,)))
    made: list[tuple[int, bool]] = []
    for _ in range(9):
        shelf = library.get(company.shop.company_id)
        made.append((encoder.embedded, shelf.is_whole))
    # Two at a time, until the rest may be waited for; nothing is made twice.
    assert made[:3] == [(2, False), (4, False), (6, False)]
    assert made[6:] == [(14, False), (21, True), (21, True)]


def test_with_the_store_many_vectors_are_left_to_the_background(
    company: Company, chroma: Chroma, monkeypatch: pytest.MonkeyPatch
):
    del chroma
    monkeypatch.setattr(libraries, "MADE_AT_ONCE", 8)
    encoder = Counting()
    library = Library(Encoders((encoder,)))
    assert not library.get(company.shop.company_id).is_whole
    assert encoder.embedded == 0
    assert library.reindex(company.shop.company_id) == 21
    assert library.get(company.shop.company_id).is_whole


def test_a_store_that_was_emptied_is_filled_again(company: Company, chroma: Chroma):
    encoder = Counting()
    library = Library(Encoders((encoder,)))
    library.reindex(company.shop.company_id)
    before = library.get(company.shop.company_id)
    chroma.kill()
    assert library.get(company.shop.company_id) is before
    import shutil

    shutil.rmtree(chroma.data)
    chroma.start()
    fresh = Library(Encoders((encoder,)))
    assert fresh.get(company.shop.company_id).is_stored is False
    fresh.reindex(company.shop.company_id)
    assert Library(Encoders((encoder,))).get(company.shop.company_id).is_stored is True


LONG = "openai:sentence-transformers/paraphrase-multilingual-"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Counting(f"{LONG}MiniLM-L12-v2", 384), Counting(f"{LONG}mpnet-base-v2", 768)),
        (Counting(f"{LONG}MiniLM-L12-v2", 26), Counting(f"{LONG}mpnet-base-v2", 26)),
        (Counting("one-name", 26), Counting("one-name", 52)),
    ],
)
def test_vectors_of_two_models_never_meet(company: Company, chroma: Chroma, before: Counting, after: Counting):
    del chroma
    Library(Encoders((before,))).reindex(company.shop.company_id)
    library = Library(Encoders((after,)))
    assert library.reindex(company.shop.company_id) == 21
    assert after.embedded == 21
    shelf = library.get(company.shop.company_id)
    assert (shelf.is_whole, shelf.is_stored, after.embedded) == (True, True, 21)
    assert shelf.ask("devolver un cafe", "whatsapp_cloud", "es").route == "scored"
    # Nothing of a FAQ stays behind where nobody would look for it any more.
    assert VectorStore(company.shop.company_id, before.model_id, before.dimensions).keep_only([]) == 0
    assert library.get(company.shop.company_id).is_stored


def test_what_cannot_be_stored_is_tried_again_later_and_later(
    company: Company, chroma: Chroma, monkeypatch: pytest.MonkeyPatch
):
    chroma.kill()
    sent: list[str] = []
    monkeypatch.setattr(jobs, "send", lambda job, **_: sent.append(job) or True)
    encoder = Counting()
    library = Library(Encoders((encoder,)))
    assert [fail_to_reindex(library, company) for _ in range(10)] == [20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert encoder.embedded == 0
    sweeps.sweep()
    library.get(company.shop.company_id)
    assert sent == []
    patience.end(company.shop.company_id)
    sweeps.sweep()
    # One is at work: no other is sent beside it.
    sweeps.sweep()
    assert sent == [Job.REINDEX]
    chroma.start()
    assert library.reindex(company.shop.company_id) == 21
    assert patience.note_failure(company.shop.company_id) == 20


def fail_to_reindex(library: Library, company: Company) -> int:
    """The seconds that are waited then."""
    with pytest.raises(StoreAway):
        library.reindex(company.shop.company_id)
    with Work(company.shop.system) as work:
        assert work.get(Knowledge, company.shop.company_id).indexed_version == 0
    return int(sync_client().ttl(f"reindex-wait:{company.shop.company_id}"))  # type: ignore[arg-type]


def test_what_is_not_for_a_channel_is_not_known_there(company: Company):
    from saas_admin.faqs.content import Content, Phrase

    with Work(company.shop.admin) as work:
        only_web = Content(
            phrasings=(Phrase("¿Cómo cambio mi contraseña de la web?"),),
            answer="En tu cuenta.",
            channel_kinds=("webchat",),
        )
        made = faqs.create(work, only_web, is_published=True)
    shelf = Library(Encoders()).get(company.shop.company_id)
    on_web = {faq.id for faq in shelf.index("webchat", "es").faqs}
    on_whatsapp = {faq.id for faq in shelf.index("whatsapp_cloud", "es").faqs}
    assert on_web - on_whatsapp == {made.id}
