"""Our request as the wire wants it, and the answer's JSON checked by ourselves whatever the server promised."""

import json
import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from saas_admin.adapters.llm.base import ChatAnswer, ChatMessage, ChatRequest, LlmError, LlmTrouble
from saas_admin.adapters.llm.quirks import Quirks

_FENCE = re.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)
_THINKING = 1500
"""Tokens that models which think first use before they write."""


def parameters(model: str, request: ChatRequest, quirks: Collection[Quirks], *, streams: bool) -> dict[str, Any]:
    messages = [_message(message) for message in request.messages]
    said: dict[str, Any] = {"model": model, "messages": messages, "stream": streams}
    if Quirks.COMPLETION_TOKENS in quirks:
        said["max_completion_tokens"] = request.max_tokens + _THINKING
    else:
        said["max_tokens"] = request.max_tokens
    if Quirks.NO_TEMPERATURE not in quirks:
        said["temperature"] = request.temperature
    if streams and Quirks.NO_STREAM_USAGE not in quirks:
        said["stream_options"] = {"include_usage": True}
    if request.tools and Quirks.NO_TOOLS not in quirks:
        said["tools"] = [
            {
                "type": "function",
                "function": {"name": t.name, "description": t.description, "parameters": dict(t.parameters)},
            }
            for t in request.tools
        ]
    if request.schema is not None:
        _ask_for_json(said, request.schema, quirks)
    return said


def checked(answer: ChatAnswer, request: ChatRequest) -> ChatAnswer:
    """The answer with its data. Raises LlmError when what was asked for is not there."""
    if request.schema is None or answer.tool_calls:
        return answer
    if answer.is_cut:
        raise unusable(answer, LlmTrouble.TOO_LONG, "the answer did not fit")
    fenced = _FENCE.match(answer.text)
    try:
        data = request.schema.model_validate_json(fenced.group(1) if fenced else answer.text)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in wrong["loc"])
        raise unusable(answer, LlmTrouble.BROKEN_OUTPUT, f"{where} {wrong['type']}".strip()[:200]) from None
    return replace(answer, data=data)


def unusable(answer: ChatAnswer, code: LlmTrouble, detail: str) -> LlmError:
    """What was paid for goes along."""
    error = LlmError(code, detail)
    error.answer = answer
    return error


def letters_of(request: ChatRequest) -> int:
    """All that the model is given to read."""
    said = sum(len(each.text) + sum(len(call.arguments) for call in each.tool_calls) for each in request.messages)
    tools = sum(len(t.name) + len(t.description) + len(json.dumps(dict(t.parameters))) for t in request.tools)
    return said + tools + (len(json.dumps(schema_of(request.schema))) if request.schema else 0)


def schema_of(shape: type[BaseModel]) -> dict[str, Any]:
    """Its JSON schema as strict modes want it: nothing optional, nothing more."""
    schema = shape.model_json_schema()
    schema.setdefault("additionalProperties", False)
    return schema


def _ask_for_json(said: dict[str, Any], shape: type[BaseModel], quirks: Collection[Quirks]) -> None:
    schema = schema_of(shape)
    if Quirks.NO_SCHEMA not in quirks:
        named = {"name": shape.__name__.lower().strip("_"), "schema": schema, "strict": True}
        said["response_format"] = {"type": "json_schema", "json_schema": named}
        return
    words = f"Answer with one JSON object and nothing else, valid for this JSON schema: {json.dumps(schema)}"
    # Beside the first instructions: many servers take one system message only.
    first = said["messages"][0]
    if first["role"] == "system":
        first["content"] += f"\n\n{words}"
    else:
        said["messages"].insert(0, {"role": "system", "content": words})
    if Quirks.NO_JSON not in quirks:
        said["response_format"] = {"type": "json_object"}


def _message(message: ChatMessage) -> dict[str, Any]:
    said: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.tool_calls:
        said["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
    if message.tool_call_id:
        said["tool_call_id"] = message.tool_call_id
    return said
