from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from saas_admin.adapters.embeddings.base import EmbeddingError
from saas_admin.adapters.embeddings.local import LocalEmbedder, e5s, use3

ODD = ["", "😅", "x" * 5000, "¿Qué?", "\n\t", "half a letter \ud83d", "a\0b"]


@pytest.mark.parametrize(("make", "model_id", "dimensions"), [(use3, "use3", 512), (e5s, "e5s", 384)])
def test_every_text_gets_a_unit_vector_of_the_models_size(
    make: Callable[[], LocalEmbedder], model_id: str, dimensions: int
):
    made = make()
    rows = made.embed(ODD)

    assert (made.model_id, made.dimensions) == (model_id, dimensions)
    assert (rows.shape, rows.dtype) == ((len(ODD), dimensions), np.float32)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-4)
    assert made.embed([]).shape == (0, dimensions)


@pytest.mark.parametrize("make", [use3, e5s])
def test_a_text_has_one_vector_in_a_batch_alone_and_from_many_threads(make: Callable[[], LocalEmbedder]):
    made = make()
    texts = ["¿Abren los domingos?", "guía de tallas", "papel de regalo"]
    together = made.embed(texts)

    with ThreadPoolExecutor(4) as threads:
        alone = list(threads.map(lambda text: made.embed([text])[0], texts * 4))

    assert np.allclose(np.array(alone), np.tile(together, (4, 1)), atol=1e-5)


def test_use_does_not_mind_capitals_and_signs():
    rows = use3().embed(["¿Abren los DOMINGOS?", "abren los domingos"])

    assert np.array_equal(rows[0], rows[1])


def test_a_question_is_nearer_to_what_it_means_in_another_language():
    for made in (use3(), e5s()):
        rows = made.embed(["what time do you open", "¿A qué hora abren?", "¿Hacen envíos a Chile?"])
        assert rows[0] @ rows[1] > rows[0] @ rows[2]


@pytest.mark.parametrize("answer", [np.zeros((1, 3)), np.full((2, 2), np.nan)])
def test_a_model_that_answers_nonsense_is_an_error(answer: np.ndarray):
    made = LocalEmbedder("m", 2, lambda: lambda _texts: answer)

    with pytest.raises(EmbeddingError) as caught:
        made.embed(["a", "b"])
    assert not caught.value.can_retry
