"""What a language model is to the product: messages in, a text or a checked structure out, within a time, or a known trouble."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol

from pydantic import BaseModel

MOST_SECONDS = 12.0
"""For one answer, retries included: a customer waits no longer before a person is asked."""


_LETTERS = 3
"""Of a token, at the least."""


class LlmTrouble(StrEnum):
    """Why there is no answer: a closed list. Each has its sentence in the catalogue (`bots.ai.trouble.*`)."""

    REFUSED_KEY = "refused_key"
    NO_QUOTA = "no_quota"
    """The account has nothing left to spend: a 429 that waiting does not cure."""
    THROTTLED = "throttled"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    SERVER_ERROR = "server_error"
    BAD_REQUEST = "bad_request"
    MODEL_UNKNOWN = "model_unknown"
    CONTENT_REFUSED = "content_refused"
    BROKEN_OUTPUT = "broken_output"
    TOO_LONG = "too_long"
    CAPPED = "capped"
    """The company's own limit of the month is reached: said by us, not by the provider."""
    PAUSED = "paused"
    """After a series of troubles nobody is asked for a while: said by us."""

    @property
    def is_lasting(self) -> bool:
        """Somebody has to change something; another try alone does not help."""
        return self in (LlmTrouble.REFUSED_KEY, LlmTrouble.NO_QUOTA, LlmTrouble.MODEL_UNKNOWN)

    @property
    def is_of_the_provider(self) -> bool:
        """The whole service is affected, not this one question."""
        return self.is_lasting or self in (
            LlmTrouble.THROTTLED,
            LlmTrouble.TIMEOUT,
            LlmTrouble.UNREACHABLE,
            LlmTrouble.SERVER_ERROR,
        )


class LlmError(Exception):
    def __init__(self, code: LlmTrouble, detail: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(code.value)
        self.code = code
        self.detail = detail
        """The provider's words without secrets, for a log or an Admin."""
        self.retry_after = retry_after
        """Seconds the provider asks to wait, when it says so."""
        self.answer: ChatAnswer | None = None
        """What could not be used, and was paid for."""


@dataclass(frozen=True)
class ToolSpec:
    """A tool as the model is told of it; `parameters` is a JSON schema."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class ToolCall:
    id: str
    name: str
    arguments: str
    """JSON as the model wrote it: nothing is known about it yet."""


@dataclass(frozen=True)
class ChatMessage:
    role: Literal["system", "user", "assistant", "tool"]
    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    """Of an assistant's message."""
    tool_call_id: str = ""
    """Of a tool's message: the call it answers."""


@dataclass(frozen=True)
class ChatRequest:
    messages: tuple[ChatMessage, ...]
    schema: type[BaseModel] | None = None
    """The answer is JSON of this shape. Its fields have no defaults: providers' strict modes know none."""
    tools: tuple[ToolSpec, ...] = ()
    max_tokens: int = 400
    temperature: float = 0.0
    timeout: float = MOST_SECONDS


@dataclass(frozen=True)
class ChatAnswer:
    text: str
    data: BaseModel | None
    """The text as `ChatRequest.schema`, when one was asked for and no tool is called."""
    tool_calls: tuple[ToolCall, ...]
    model: str
    tokens_in: int
    """As the provider counted; where it does not say, by letters (`tokens_of`)."""
    tokens_out: int
    milliseconds: int
    is_cut: bool = False
    """It ran into `max_tokens`."""


def tokens_of(letters: int) -> int:
    """Tokens they are at the most, where nobody counted."""
    return -(letters // -_LETTERS)


class Chat(Protocol):
    def complete(self, request: ChatRequest) -> ChatAnswer:
        """One answer. Raises LlmError and nothing else."""
        ...

    def stream(self, request: ChatRequest) -> Iterator[str | ChatAnswer]:
        """Pieces of text as they come, then the whole answer. Raises LlmError and nothing else."""
        ...


@dataclass(frozen=True)
class Endpoint:
    """Where a model is and how one gets in."""

    base_url: str
    key: str = field(repr=False)
    model: str
    is_company_url: bool
    """The address was typed by a company: it must not lead into our own network."""
