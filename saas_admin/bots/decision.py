"""A question as the bot is given it, and what it decided: values that the live thread, the playground and receipts share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from saas_admin.adapters.channels.content import Choices
from saas_admin.bots.library import Known
from saas_admin.bots.setup import Setup
from saas_admin.models.bot import Route

GREETING = "greeting"
"""Reason of an answer to nothing but a greeting."""
CLARIFY = "clarify"
"""Reason of a question back: said by the model, and no answer."""


@dataclass(frozen=True)
class Turn:
    """A message of the thread so far, for the model."""

    is_customer: bool
    text: str


@dataclass(frozen=True)
class Question:
    texts: tuple[str, ...]
    """The messages nobody has answered yet, oldest first."""
    language: str
    tapped: str = ""
    """The id of an option that was tapped, as it came back."""
    offered: Choices | None = None
    """What the bot's last message offered: it may be answered with a number or its words."""
    offered_before: Choices | None = None
    """What it offered earlier, where its last message offered nothing: a place in that list may still be named."""
    has_file: bool = False
    history: tuple[Turn, ...] = ()
    answers: int = 0
    """Answers of the bot in this episode."""
    unsure: int = 0
    is_introduced: bool = False
    """The bot has said in this thread, not long ago, who it is."""
    is_asked_back: bool = False
    """The model wanted to know something: «sí» is an answer."""
    recent_faqs: tuple[UUID, ...] = ()
    """What was answered last, newest first."""

    @property
    def former(self) -> str:
        """What the customer asked before."""
        return next((turn.text for turn in reversed(self.history) if turn.is_customer), "")

    @property
    def joined(self) -> str:
        return "\n".join(text for text in self.texts if text.strip())


@dataclass(frozen=True)
class Source:
    faq: Known
    score: float
    phrasing: str
    is_cited: bool = False


@dataclass(frozen=True)
class ModelAnswer:
    """What the model said, or why it said nothing: `failure` is a reason of the closed list."""

    text: str = ""
    cited: frozenset[str] = frozenset()
    is_question: bool = False
    failure: str = ""
    is_trouble: bool = False
    """It could not be asked, as against: it did not know, or said what it must not."""
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: int = 0
    details: dict[str, Any] = field(default_factory=dict[str, Any])


Model = Callable[[Question, Setup, list[Source]], ModelAnswer]


@dataclass(frozen=True)
class Decision:
    route: Route
    reason: str
    text: str = ""
    choices: Choices | None = None
    faqs: tuple[Known, ...] = ()
    """Said as they are written; more than one where several things were asked at once."""
    probability: float | None = None
    sources: tuple[Source, ...] = ()
    encoders: str = ""
    model: ModelAnswer | None = None
    is_confirmation: bool = False
    is_lost: bool = False
    """The customer is asked, not answered, and is no nearer to an answer: several in a row are a person's."""
    milliseconds: int = 0
    steps: dict[str, float] = field(default_factory=dict[str, float])
    """What took how many milliseconds."""

    @property
    def faq(self) -> Known | None:
        return self.faqs[0] if self.faqs else None

    @property
    def media(self) -> list[dict[str, object]]:
        return [each for faq in self.faqs for each in faq.media]
