"""Embeddings of OpenAI, and of servers that speak like it, with a company's own key."""

from collections.abc import Sequence

import numpy as np
import openai

from saas_admin.adapters import http, openai_bridge
from saas_admin.adapters.embeddings.base import EmbeddingError, Matrix, readable, unit_rows

KNOWN = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
"""Dimensions by model."""
_MOST_DIMENSIONS = 4096
_NUMBERS = 65_000
"""Of one answer; written as text they stay below what our HTTP client takes."""
_LONGEST = 8000
"""Letters of a text that are sent; the models refuse more than about 8,000 tokens."""
_SECONDS = 15.0
_LATER = {408, 409, 429}


class OpenAiEmbedder:
    """One model of one account. It does not repeat a call: whoever called knows whether a customer is waiting."""

    def __init__(
        self,
        model: str,
        key: str,
        *,
        base_url: str | None = None,
        dimensions: int | None = None,
        seconds: float = _SECONDS,
    ) -> None:
        """`dimensions` of a model in `KNOWN` asks for shorter vectors; those of another one are learned from its first answer.

        `base_url` is what the company typed, so it is called through the guard for such addresses.
        """
        full = KNOWN.get(model)
        wanted = dimensions or full
        self._model = model
        self._key = key
        self._dimensions = wanted
        self._shortened = full is not None and wanted != full
        self._client = openai.OpenAI(
            api_key=key,
            base_url=base_url or "https://api.openai.com/v1",
            timeout=seconds,
            max_retries=0,
            http_client=openai_bridge.client(seconds),
        )

    @property
    def model_id(self) -> str:
        return f"openai:{self._model}" + (f"@{self._dimensions}" if self._shortened else "")

    @property
    def dimensions(self) -> int:
        return self._dimensions or int(self.embed(["hola"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Matrix:
        # An empty text is refused, a dot is not.
        cut = [readable(text, _LONGEST) if text.strip() else "." for text in texts]
        size = max(1, _NUMBERS // (self._dimensions or _MOST_DIMENSIONS))
        parts = [self._batch(cut[at : at + size]) for at in range(0, len(cut), size)]
        return np.concatenate(parts) if parts else np.zeros((0, self._dimensions or 0), dtype=np.float32)

    def _batch(self, texts: list[str]) -> Matrix:
        shorter = self._dimensions if self._shortened and self._dimensions else openai.omit
        try:
            answer = self._client.embeddings.create(model=self._model, input=texts, dimensions=shorter)
            found = sorted(answer.data, key=lambda each: each.index)
            rows = np.array([each.embedding for each in found], dtype=np.float64)
        except http.HttpFailure as failure:
            raise self._error(str(failure), can_retry=failure.code in {"timeout", "connection"}) from None
        except openai.OpenAIError as error:
            raise self._failure(error) from None
        except (ValueError, TypeError, AttributeError) as error:
            raise EmbeddingError(f"{self.model_id}: no embeddings in the answer: {error!r}", can_retry=False) from None
        wanted = self._dimensions or (rows.shape[1] if rows.ndim == 2 else 0)
        if not wanted or rows.shape != (len(texts), wanted) or not np.isfinite(rows).all():
            told = f"{rows.shape} instead of {len(texts)} vectors of {self._dimensions or 'one length'}"
            raise EmbeddingError(f"{self.model_id}: {told}", can_retry=False)
        self._dimensions = rows.shape[1]
        return unit_rows(rows).astype(np.float32)

    def _failure(self, error: openai.OpenAIError) -> EmbeddingError:
        if isinstance(error, openai.APIStatusError):
            is_spent = error.code == "insufficient_quota"
            return self._error(
                str(error), can_retry=not is_spent and (error.status_code in _LATER or error.status_code >= 500)
            )
        return self._error(str(error), can_retry=False)

    def _error(self, text: str, *, can_retry: bool) -> EmbeddingError:
        return EmbeddingError(http.redact(f"{self.model_id}: {text}", [self._key]), can_retry=can_retry)
