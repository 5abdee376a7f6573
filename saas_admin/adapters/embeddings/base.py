"""The contract of what turns a text into numbers. Texts that mean the same get vectors that point the same way."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from saas_admin.adapters.llm.base import LlmTrouble

Vector = NDArray[np.floating]
"""One-dimensional."""
Matrix = NDArray[np.floating]
"""One row for each text."""


class EmbeddingError(Exception):
    """No usable vectors. `can_retry` says whether the same call may succeed later."""

    def __init__(
        self, text: str, *, can_retry: bool, tokens: int = 0, trouble: LlmTrouble = LlmTrouble.BROKEN_OUTPUT
    ) -> None:
        super().__init__(text)
        self.can_retry = can_retry
        self.trouble = trouble
        """Of a provider's model: why."""
        self.tokens = tokens
        """What was read all the same, and has to be paid."""


class Embedder(Protocol):
    """One model. Vectors of two models must never be compared, so `model_id` is stored beside each of them."""

    @property
    def model_id(self) -> str:
        """Names the model and everything that changes its vectors: `use3`, `e5s`, `openai:text-embedding-3-small#0a1b2c3d`; at
        most 80 letters."""
        ...

    @property
    def dimensions(self) -> int:
        """Raises EmbeddingError where a server has to be asked for it first."""
        ...

    def embed(self, texts: Sequence[str]) -> Matrix:
        """float32, one row for each text in their order, each of length 1; raises EmbeddingError."""
        ...


def readable(text: str, longest: int) -> str:
    """What an encoder can be given: cut, and without halves of letters, which cannot be written as UTF-8."""
    return text[:longest].encode("utf-8", "replace").decode("utf-8")


def unit_rows(rows: Matrix) -> Matrix:
    """Each row divided by its length; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths == 0, 1, lengths)
