"""The model as the runtime has it: within the cap, behind the breaker, every call counted, what lasts told to the Admins.

Opens its own short transactions around a call; it must not be used inside one.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from saas_admin.adapters.embeddings.base import EmbeddingError, Matrix
from saas_admin.adapters.embeddings.openai import OpenAiEmbedder
from saas_admin.adapters.llm.base import Chat, ChatAnswer, ChatRequest, Endpoint, LlmError, LlmTrouble, tokens_of
from saas_admin.adapters.llm.shapes import letters_of
from saas_admin.bots import breaker, spend
from saas_admin.bots.terms import embedding_endpoint_of, endpoint_of
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.models import AiProvider

log = logging.getLogger(__name__)

_PAID_UNSEEN = (LlmTrouble.TIMEOUT, LlmTrouble.BROKEN_OUTPUT)
"""It may have read all, and written what nobody could wait for or read."""


class MeteredChat:
    def __init__(self, chat: Chat, company_id: UUID, endpoint: Endpoint) -> None:
        self._chat = chat
        self._company_id = company_id
        self._endpoint = endpoint
        self.spent = 0
        """Micro-units that this conversation's calls have cost."""

    def complete(self, request: ChatRequest) -> ChatAnswer:
        self._ensure_may_ask()
        try:
            answer = self._chat.complete(request)
        except LlmError as error:
            self._note(error, request)
            raise
        self._note_answer(answer)
        return answer

    def stream(self, request: ChatRequest) -> Iterator[str | ChatAnswer]:
        self._ensure_may_ask()
        said = 0
        is_done = False
        try:
            for piece in self._chat.stream(request):
                if isinstance(piece, ChatAnswer):
                    is_done = True
                    self._note_answer(piece)
                else:
                    said += len(piece)
                yield piece
        except LlmError as error:
            is_done = True
            self._note(error, request, said)
            raise
        finally:
            if not is_done:
                # Whoever read it stopped in the middle: the server was well, and will want its money.
                breaker.close(self._company_id)
                self._count(tokens_of(letters_of(request)), tokens_of(said))

    def _ensure_may_ask(self) -> None:
        with Work(Actor.system(self._company_id)) as work:
            if not spend.may_spend(work):
                raise LlmError(LlmTrouble.CAPPED)
        if not breaker.may_ask(self._company_id):
            raise LlmError(LlmTrouble.PAUSED, retry_after=breaker.seconds_left(self._company_id))

    def _note_answer(self, answer: ChatAnswer) -> None:
        breaker.close(self._company_id)
        self._count(answer.tokens_in, answer.tokens_out)

    def _note(self, error: LlmError, request: ChatRequest, said: int = 0) -> None:
        if error.answer:
            self._count(error.answer.tokens_in, error.answer.tokens_out)
        elif error.code in _PAID_UNSEEN or said:
            written = tokens_of(said)
            if error.code is LlmTrouble.TIMEOUT:
                written = max(written, request.max_tokens)
            self._count(tokens_of(letters_of(request)), written)
        if error.code.is_lasting:
            self._stop(error)
        elif error.code.is_of_the_provider:
            breaker.note_trouble(self._company_id)
        else:
            breaker.close(self._company_id)

    def _count(self, tokens_in: int, tokens_out: int) -> None:
        with Work(Actor.system(self._company_id)) as work:
            provider = spend.provider_of(work)
            if provider is not None:
                self.spent += spend.record(work, provider, tokens_in, tokens_out)

    def _stop(self, error: LlmError) -> None:
        """Nobody asks any more until the settings change or a check succeeds; the Admins hear of it once."""
        with Work(Actor.system(self._company_id)) as work:
            provider = spend.provider_of(work, lock=True)
            # What was asked may be no longer what is stored: a new key is not condemned for the old one.
            if provider is not None and not provider.trouble and endpoint_of(provider) == self._endpoint:
                provider.trouble, provider.trouble_detail = error.code.value, error.detail[:300]
                spend.tell_admins(work, "ai_stopped")


@dataclass(frozen=True)
class MeteredEmbedder:
    """A company's model for vectors in the same way: within the cap, every call counted, what lasts kept for its Admins."""

    embedder: OpenAiEmbedder
    company_id: UUID
    endpoint: Endpoint
    seconds: float | None = None
    """For each time it is asked; None: as long as it takes."""

    @property
    def model_id(self) -> str:
        return self.embedder.model_id

    @property
    def dimensions(self) -> int:
        return self.embedder.known_dimensions or int(self.embed(["hola"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Matrix:
        with Work(Actor.system(self.company_id)) as work:
            if not spend.may_spend(work):
                raise EmbeddingError("the month's cap is reached", can_retry=False, trouble=LlmTrouble.CAPPED)
        try:
            rows, tokens = self.embedder.measured(texts, self.seconds)
        except EmbeddingError as error:
            self._note(error.tokens, error)
            raise
        self._note(tokens)
        return rows

    def _note(self, tokens: int, error: EmbeddingError | None = None) -> None:
        if not tokens and not (error and error.trouble.is_lasting):
            return
        with Work(Actor.system(self.company_id)) as work:
            provider = spend.provider_of(work)
            if provider is None:
                return
            if tokens:
                spend.record_embedding(work, provider, tokens)
            if embedding_endpoint_of(provider) == self.endpoint and (error is None or error.trouble.is_lasting):
                keep_embedding_trouble(provider, error)


def keep_embedding_trouble(provider: AiProvider, error: EmbeddingError | None) -> None:
    """For the Admins to see; None ends it."""
    provider.embedding_trouble = error.trouble.value if error else ""
    provider.embedding_trouble_detail = str(error)[:300] if error else ""
