from collections.abc import Sequence

import numpy as np
import pytest

from saas_admin.adapters.embeddings import registry
from saas_admin.adapters.embeddings.base import EmbeddingError, Matrix
from saas_admin.adapters.embeddings.registry import Encoders
from saas_admin.bots.answering.index import EXACT, FaqEntry, FaqIndex, answers_of, phrasings_of
from saas_admin.bots.answering.routes import PERSON_AT
from tests.bots.answering.shop import HATS


@pytest.fixture(scope="module")
def encoders() -> Encoders:
    found = registry.installed()
    assert found.key == "use3+e5s"
    return found


@pytest.fixture(scope="module")
def hats(encoders: Encoders) -> FaqIndex:
    return FaqIndex.build(HATS, encoders.embed(phrasings_of(HATS)), answers=answers_of(HATS, encoders))


@pytest.mark.parametrize(
    ("question", "faq"),
    [
        ("a ke ora abris?", "horario"),
        ("se puede lavar en la lavadora?", "lavado"),
        ("mido 58 cm de cabeza q talla soy", "talla"),
        ("me lo podeis envolber bonito", "regalo"),
        ("what time do you open", "horario"),
    ],
)
def test_a_question_finds_its_faq(hats: FaqIndex, encoders: Encoders, question: str, faq: str):
    found = hats.ask(question, encoders)

    assert found.ranked[0].faq_id == faq
    assert found.route == "scored"
    assert 0 < found.confidence < 1


def test_something_else_is_less_sure_than_a_question_of_the_shop(hats: FaqIndex, encoders: Encoders):
    shop = hats.ask("como se cual es mi talla", encoders)
    other = hats.ask("cuál es la capital de Mongolia", encoders)

    assert other.confidence < PERSON_AT < shop.confidence


@pytest.mark.parametrize("question", ["¿Abren los sábados?", "abren los sabados", "ABREN LOS SÁBADOS!!! 😅"])
def test_a_phrasing_letter_by_letter_is_certain(hats: FaqIndex, encoders: Encoders, question: str):
    found = hats.ask(question, encoders)

    assert (found.ranked[0].faq_id, found.ranked[0].phrasing) == ("horario", "¿Abren los sábados?")
    assert (found.route, found.confidence) == ("exact", EXACT)


def test_three_closest_are_named_with_the_phrasing_that_spoke_for_them(hats: FaqIndex, encoders: Encoders):
    found = hats.ask("papel para regalar", encoders)

    assert len(found.ranked) == 4
    assert len(found.closest) == 3
    assert found.closest[0].phrasing == "Papel de regalo"
    assert [scored.score for scored in found.ranked] == sorted((s.score for s in found.ranked), reverse=True)


@pytest.mark.parametrize("question", ["", "   ", "😅", "¿?"])
def test_nothing_asked_is_nothing_found(hats: FaqIndex, encoders: Encoders, question: str):
    found = hats.ask(question, encoders)

    assert (found.ranked, found.confidence, found.route) == ((), 0.0, "nothing")


def test_a_company_without_faqs_answers_nothing(encoders: Encoders):
    assert FaqIndex.build([], {}).ask("¿Abren?", encoders).route == "nothing"


def test_the_same_index_built_twice_answers_alike_to_the_last_bit(hats: FaqIndex, encoders: Encoders):
    again = FaqIndex.build(HATS, encoders.embed(phrasings_of(HATS)), answers=answers_of(HATS, encoders))

    for question in ("y si se moja?", "tenéis tallas grandes", "xyz"):
        assert repr(hats.ask(question, encoders)) == repr(again.ask(question, encoders))


class Counting:
    model_id = "counting"
    dimensions = 3

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.asked.extend(texts)
        return np.eye(3, dtype=np.float32)[[len(text) % 3 for text in texts]]


def test_given_vectors_are_used_and_a_question_is_embedded_once():
    counting = Counting()
    vectors = {"counting": np.eye(3, dtype=np.float32)[[0, 1, 2]]}
    faqs = [FaqEntry("a", ("uno",)), FaqEntry("b", ("dos",)), FaqEntry("c", ("tres",))]
    index = FaqIndex.build(faqs, vectors)

    found = index.ask("1234", Encoders((counting,)))  # four letters: the second axis

    assert found.ranked[0].faq_id == "b"
    assert counting.asked == ["1234"]
    assert not index.calibrator.is_fitted


def test_vectors_that_are_not_one_for_each_phrasing_are_refused():
    with pytest.raises(ValueError, match="2 phrasings"):
        FaqIndex.build([FaqEntry("a", ("uno", "dos"))], {"use3": np.zeros((3, 512), dtype=np.float32)})


def test_without_encoders_letters_and_words_still_find_what_is_written_alike():
    index = FaqIndex.build(HATS)
    found = index.ask("el lavado del sombrero de fieltro", Encoders())

    assert index.models == ()
    assert index.calibrator.models == "lexical"
    assert found.ranked[0].faq_id == "lavado"


def test_a_faq_without_phrasings_is_never_found():
    index = FaqIndex.build([FaqEntry("a", ("horario",)), FaqEntry("b", ())])

    assert [scored.faq_id for scored in index.ask("horario de verano", Encoders()).ranked] == ["a"]


@pytest.mark.parametrize(("broken", "left"), [(("use3",), "e5s"), (("e5s",), "use3"), (("use3", "e5s"), "lexical")])
def test_a_broken_package_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, broken: tuple[str, ...], left: str
):
    from saas_admin.adapters.embeddings import local

    def fails() -> None:
        raise ImportError("no such package")

    for name, loader in (("use3", "_load_use"), ("e5s", "_load_e5")):
        if name in broken:
            monkeypatch.setattr(local, loader, fails)
    registry.installed.cache_clear()
    try:
        assert registry.warm() == left
        assert registry.warm() == left
        said = [record for record in caplog.records if "without an encoder" in record.message]
        assert len(said) == len(broken)
    finally:
        registry.installed.cache_clear()


def test_an_encoder_that_fails_while_asked_is_an_error_of_the_caller(hats: FaqIndex):
    class Failing(Counting):
        def embed(self, texts: Sequence[str]) -> Matrix:
            raise EmbeddingError("down", can_retry=True)

    with pytest.raises(EmbeddingError):
        hats.ask("¿Abren mañana?", Encoders((Failing(),)))
