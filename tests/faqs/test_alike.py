import random

import pytest

from saas_admin.core.text import fold
from saas_admin.faqs import alike


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("¿Hacéis ENVÍOS a Canarias?", "haceis envios a canarias"),
        ("holaaaa 👋  buenos   días!!", "hola buenos dias"),
        ("año_nuevo: niño's", "ano nuevo ninos"),
        ("🙂", ""),
    ],
)
def test_two_spellings_fold_into_one(text: str, folded: str):
    assert fold(text) == folded


def test_the_same_words_are_certain_and_nearly_the_same_are_likely():
    assert alike.similarity("¿Hacéis envíos?", "haceis envios") == 1.0
    assert alike.similarity("¿Cuánto cuesta el envío?", "¿Cuánto cuesta un envío?") == pytest.approx(0.783, abs=0.001)
    assert alike.similarity("¿Cuánto cuesta el envío?", "¿Tenéis tienda física?") < 0.2
    assert alike.similarity("el envío cuánto", "cuánto el envío") == 0.99
    assert alike.similarity("🙂", "🙂") == 0.0


def test_pairs_are_those_that_comparing_all_with_all_would_find():
    rng = random.Random(7)
    words = [
        "envio",
        "envios",
        "precio",
        "precios",
        "tienda",
        "hora",
        "horario",
        "abris",
        "cerrais",
        "pago",
        "canarias",
    ]
    texts = [" ".join(rng.choices(words, k=rng.randint(1, 4))) for _ in range(150)]
    folded = [(fold(text), alike.trigrams(fold(text))) for text in texts]
    slow = {
        (a, b)
        for b in range(len(texts))
        for a in range(b)
        if alike.similarity(texts[a], texts[b]) >= alike.LIKELY and folded[a]
    }
    found = alike.pairs(texts)
    assert {(pair.first, pair.second) for pair in found} == slow
    assert len(slow) > 20
    assert [pair.score for pair in found] == sorted((pair.score for pair in found), reverse=True)


def test_of_ten_thousand_questions_few_pairs_are_compared(monkeypatch: pytest.MonkeyPatch):
    rng = random.Random(11)
    letters = "abcdefghilmnoprstuv"
    words = ["".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(900)]
    texts = [" ".join(rng.choices(words, k=rng.randint(4, 9))) for _ in range(10_000)]
    compared: list[str] = []
    compare = alike._score  # pyright: ignore[reportPrivateUsage]

    def counting(a: str, first: frozenset[str], b: str, second: frozenset[str]) -> float:
        compared.append(a)
        return compare(a, first, b, second)

    monkeypatch.setattr(alike, "_score", counting)
    alike.pairs(texts)
    assert len(compared) == 100_146  # of 49,995,000


def test_nearest_gives_each_faq_its_best_phrasing():
    known = [("a", "¿Hacéis envíos?"), ("a", "Hacéis envíos a casa"), ("b", "¿Hacéis envíos ya?"), ("c", "Horario")]
    assert alike.nearest("haceis envios", known) == {
        "a": ("¿Hacéis envíos?", 1.0),
        "b": ("¿Hacéis envíos ya?", pytest.approx(0.824, abs=0.001)),
    }
    assert alike.nearest("🙂", known) == {}
