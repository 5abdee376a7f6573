"""The company's model, as the decision asks it: grounded on the closest FAQs, metered, behind the breaker."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from saas_admin.adapters.llm.base import LlmTrouble
from saas_admin.bots import grounded, provider
from saas_admin.bots.decision import ModelAnswer, Question, Source
from saas_admin.bots.grounded import Grounded, GroundedRequest, Refusal, Turn
from saas_admin.bots.library import Known, Library, library
from saas_admin.bots.metered import MeteredChat
from saas_admin.bots.prompt import FaqSource
from saas_admin.bots.setup import Setup
from saas_admin.bots.tools import Toolbox, ToolContext
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.faqs import variables

OnPiece = Callable[[str], None]
"""Is given the text so far, each time it grows."""
_NOWHERE = UUID(int=0)


class CompanyModel:
    """One answer's worth of the company's model."""

    def __init__(
        self,
        chat: MeteredChat,
        company_id: UUID,
        conversation_id: UUID | None,
        shelves: Library,
        on_piece: OnPiece | None,
    ) -> None:
        self._chat, self._company_id, self._shelves, self._on_piece = chat, company_id, shelves, on_piece
        self._conversation_id = conversation_id or _NOWHERE

    def __call__(self, question: Question, setup: Setup, sources: list[Source]) -> ModelAnswer:
        # An answer is held against the words of its sources, so it is in their language, as a FAQ said as it stands is.
        language = sources[0].faq.language
        with Work(Actor.system(self._company_id)) as work:
            values = variables.values_for(work, "", language)

        def source(faq: Known) -> FaqSource:
            return FaqSource(str(faq.id), faq.title, variables.fill(faq.answer, values), faq.phrasings, faq.language)

        def search(query: str) -> list[FaqSource]:
            shelf = self._shelves.get(self._company_id)
            found = shelf.ask(query, setup.channel_kind, question.language)
            faqs = [shelf.faqs[UUID(scored.faq_id)] for scored in found.closest]
            return [source(faq) for faq in faqs if faq.language == language]

        request = GroundedRequest(
            questions=question.texts,
            sources=[source(each.faq) for each in sources if each.faq.language == language],
            history=[Turn("customer" if turn.is_customer else "shop", turn.text) for turn in question.history],
            persona=setup.persona,
            address_form=setup.address_form,
            language=language,
            forbidden_topics=setup.forbidden_topics,
            toolbox=Toolbox(ToolContext(self._company_id, self._conversation_id, search=search)),
        )
        return self._told(self._ask(request))

    def _ask(self, request: GroundedRequest) -> Grounded | Refusal:
        if self._on_piece is None:
            return grounded.answer(self._chat, request)
        said = ""
        for piece in grounded.stream(self._chat, request):
            if not isinstance(piece, str):
                if isinstance(piece, Refusal):
                    # What was shown so far is not said after all.
                    self._on_piece("")
                return piece
            said += piece
            self._on_piece(said)
        raise AssertionError("a stream ends with its outcome")

    def _told(self, outcome: Grounded | Refusal) -> ModelAnswer:
        details: dict[str, Any] = {
            "calls": outcome.cost.calls,
            "model_ms": outcome.cost.milliseconds,
            "tools": [
                {"name": use.name, "arguments": use.arguments, "outcome": use.outcome} for use in outcome.tool_uses
            ],
        }
        spent: dict[str, Any] = {
            "model": outcome.cost.model,
            "tokens_in": outcome.cost.tokens_in,
            "tokens_out": outcome.cost.tokens_out,
            "cost": self._chat.spent,
        }
        if isinstance(outcome, Refusal):
            details["rejected"] = {"why": outcome.detail[:300], "text": outcome.text[:600]}
            is_trouble = isinstance(outcome.code, LlmTrouble)
            return ModelAnswer(failure=outcome.code.value, is_trouble=is_trouble, details=details, **spent)
        cited = frozenset(outcome.citations)
        return ModelAnswer(outcome.text, cited, outcome.is_question, details=details, **spent)


def model_of(
    company_id: UUID,
    conversation_id: UUID | None = None,
    on_piece: OnPiece | None = None,
    *,
    shelves: Library = library,
) -> CompanyModel | None:
    """None without a key, at the cap, or while the model is out of order: then FAQs and people answer."""
    with Work(Actor.system(company_id)) as work:
        chat = provider.chat_for(work)
    return CompanyModel(chat, company_id, conversation_id, shelves, on_piece) if chat else None
