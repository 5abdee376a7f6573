"""Embeddings of OpenAI, and of servers that speak like it, with a company's own key."""

import hashlib
import time
from collections.abc import Sequence

import numpy as np
import openai

from saas_admin.adapters import http, openai_bridge
from saas_admin.adapters.embeddings.base import EmbeddingError, Matrix, readable, unit_rows
from saas_admin.adapters.llm import troubles
from saas_admin.adapters.llm.base import LlmTrouble, tokens_of

KNOWN = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
"""Dimensions by model."""
_MOST_DIMENSIONS = 4096
_NUMBERS = 65_000
"""Of one answer; written as text they stay below what our HTTP client takes."""
_LONGEST = 8000
"""Letters of a text that are sent; the models refuse more than about 8,000 tokens."""
_LONGEST_NAME = 60
"""Letters of a model's name that are shown."""
_SECONDS = 15.0
AWAY = 30.0
"""Seconds a server is left alone after it did not answer, or refused whoever asked."""
_TROUBLES = {"timeout": LlmTrouble.TIMEOUT, "too_large": LlmTrouble.BROKEN_OUTPUT}
_LATER = {408, 409, 429}
_OF_THE_SERVER = {401, 402, 403, 404, *_LATER}
"""Whatever the texts were: the next call would end like this one."""


class OpenAiEmbedder:
    """One model of one account. It does not repeat a call: whoever called knows whether a customer is waiting. Safe to share
    between threads."""

    def __init__(
        self,
        model: str,
        key: str,
        *,
        base_url: str | None = None,
        dimensions: int | None = None,
        seconds: float = _SECONDS,
        is_company_url: bool = True,
    ) -> None:
        """`dimensions` of a model in `KNOWN` asks for shorter vectors; those of another one are learned from its first answer.

        `is_company_url`: the address was typed by a company, so it is called through the guard for such ones.
        """
        full = KNOWN.get(model)
        wanted = dimensions or full
        self._model = model
        self._key = key
        self._dimensions = wanted
        self._shortened = full is not None and wanted != full
        self._url = (base_url or "https://api.openai.com/v1").rstrip("/")
        client = openai_bridge.client(is_company_url=is_company_url)
        self._client = openai_bridge.account(key, self._url, client)
        self._seconds = seconds
        self._away_until = 0.0

    @property
    def model_id(self) -> str:
        """`openai:text-embedding-3-small#0a1b2c3d`. The mark is of the whole name and the address: what two servers call
        alike is not the same model."""
        name = self._model + (f"@{self._dimensions}" if self._shortened else "")
        mark = hashlib.sha256(f"{self._url} {name}".encode()).hexdigest()[:8]
        return f"openai:{name[:_LONGEST_NAME]}#{mark}"

    @property
    def known_dimensions(self) -> int | None:
        """None before the first answer of a model that is not in `KNOWN`."""
        return self._dimensions

    @property
    def dimensions(self) -> int:
        return self._dimensions or int(self.embed(["hola"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Matrix:
        return self.measured(texts)[0]

    def measured(self, texts: Sequence[str], total: float | None = None) -> tuple[Matrix, int]:
        """The vectors, and the tokens they took: by letters where the server does not say.

        `total`: seconds for all of it; without, each call to the server may take its own.
        """
        until = time.monotonic() + total if total else None
        # An empty text is refused, a dot is not.
        cut = [readable(text, _LONGEST) if text.strip() else "." for text in texts]
        size = max(1, _NUMBERS // (self._dimensions or _MOST_DIMENSIONS))
        parts: list[Matrix] = []
        tokens = 0
        for at in range(0, len(cut), size):
            try:
                rows, used = self._batch(cut[at : at + size], until)
            except EmbeddingError as error:
                error.tokens += tokens
                raise
            parts.append(rows)
            tokens += used
        return np.concatenate(parts) if parts else np.zeros((0, self._dimensions or 0), dtype=np.float32), tokens

    def _batch(self, texts: list[str], until: float | None) -> tuple[Matrix, int]:
        now = time.monotonic()
        if now < self._away_until:
            raise self._error("left alone after it did not answer", can_retry=True, trouble=LlmTrouble.PAUSED)
        left = self._seconds if until is None else min(self._seconds, until - now)
        if left <= 0:
            raise self._error("the total time is used up", can_retry=True, trouble=LlmTrouble.TIMEOUT)
        shorter = self._dimensions if self._shortened and self._dimensions else openai.omit
        tokens = tokens_of(sum(map(len, texts)))
        try:
            answer = self._client.embeddings.create(model=self._model, input=texts, dimensions=shorter, timeout=left)
            tokens = (answer.usage.total_tokens or answer.usage.prompt_tokens or tokens) if answer.usage else tokens
            found = sorted(answer.data, key=lambda each: each.index)
            rows = np.array([each.embedding for each in found], dtype=np.float64)
        except http.HttpFailure as failure:
            if failure.code != "too_large":
                self._leave_alone()
            raise self._error(
                str(failure),
                can_retry=failure.code in {"timeout", "connection"},
                tokens=tokens if failure.was_written else 0,
                trouble=_TROUBLES.get(failure.code, LlmTrouble.UNREACHABLE),
            ) from None
        except openai.OpenAIError as error:
            raise self._failure(error) from None
        except (ValueError, TypeError, AttributeError) as error:
            raise self._error(f"no embeddings in the answer: {error!r}", can_retry=False, tokens=tokens) from None
        wanted = self._dimensions or (rows.shape[1] if rows.ndim == 2 else 0)
        if not wanted or rows.shape != (len(texts), wanted) or not np.isfinite(rows).all():
            told = f"{rows.shape} instead of {len(texts)} vectors of {self._dimensions or 'one length'}"
            raise self._error(told, can_retry=False, tokens=tokens)
        self._dimensions = rows.shape[1]
        return unit_rows(rows).astype(np.float32), tokens

    def _failure(self, error: openai.OpenAIError) -> EmbeddingError:
        trouble = troubles.judge(error, self._key).code
        if not isinstance(error, openai.APIStatusError):
            return self._error(str(error), can_retry=False, trouble=trouble)
        if error.status_code in _OF_THE_SERVER or error.status_code >= 500:
            self._leave_alone()
        if error.status_code == 403 and "model" in error.message.lower():
            # «You are not allowed to generate embeddings from this model»: the key is well.
            trouble = LlmTrouble.MODEL_UNKNOWN
        is_later = error.status_code in _LATER or error.status_code >= 500
        return self._error(str(error), can_retry=is_later and trouble is not LlmTrouble.NO_QUOTA, trouble=trouble)

    def _leave_alone(self) -> None:
        self._away_until = time.monotonic() + AWAY

    def _error(
        self, text: str, *, can_retry: bool, tokens: int = 0, trouble: LlmTrouble = LlmTrouble.BROKEN_OUTPUT
    ) -> EmbeddingError:
        said = http.redact(f"{self.model_id}: {text}", [self._key])
        return EmbeddingError(said, can_retry=can_retry, tokens=tokens, trouble=trouble)
