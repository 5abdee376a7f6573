"""What compatible servers do not know, learnt from how they refuse it."""

from enum import StrEnum

import openai

from saas_admin.adapters.llm.base import ChatRequest


class Quirks(StrEnum):
    NO_SCHEMA = "no_schema"
    """No `json_schema`: plain JSON mode, and our own check."""
    NO_JSON = "no_json"
    """No JSON mode either: it is asked for in words."""
    NO_TEMPERATURE = "no_temperature"
    COMPLETION_TOKENS = "completion_tokens"
    """`max_completion_tokens` instead of `max_tokens`: a model that thinks first."""
    NO_STREAM_USAGE = "no_stream_usage"
    NO_TOOLS = "no_tools"
    """No functions: it answers from what it is given alone."""


def learn(known: set[Quirks], error: openai.APIStatusError, request: ChatRequest) -> bool:
    """Whether the refusal names something that can be left out, and was not left out before."""
    words = f"{error.message} {getattr(error, 'param', '') or ''}".lower()
    fresh = _named(words, known, request)
    if fresh is None or fresh in known:
        return False
    known.add(fresh)
    return True


def _named(words: str, known: set[Quirks], request: ChatRequest) -> Quirks | None:
    if "max_completion_tokens" in words:
        return Quirks.COMPLETION_TOKENS
    if "temperature" in words:
        return Quirks.NO_TEMPERATURE
    if "stream_options" in words or "include_usage" in words:
        return Quirks.NO_STREAM_USAGE
    if request.schema is not None and any(name in words for name in ("response_format", "json_schema", "grammar")):
        return Quirks.NO_JSON if Quirks.NO_SCHEMA in known else Quirks.NO_SCHEMA
    if request.tools and "tool" in words:
        return Quirks.NO_TOOLS
    return None
