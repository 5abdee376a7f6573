"""OpenAI's chat completions by the official package, and all servers that speak the same.

The package does not retry: we do, within the time of the request and by the provider's own words. What a server does not
know (a parameter, structured output) is learnt from its refusal and left out from then on.
"""

import random
import time
from collections.abc import Callable, Generator, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast

import httpx
import openai
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from saas_admin.adapters import http, openai_bridge
from saas_admin.adapters.llm import shapes, troubles
from saas_admin.adapters.llm.base import (
    MOST_SECONDS,
    ChatAnswer,
    ChatRequest,
    Endpoint,
    LlmError,
    LlmTrouble,
    ToolCall,
    tokens_of,
)
from saas_admin.adapters.llm.quirks import Quirks, learn

T = TypeVar("T")

MAX_BYTES = 1_000_000
TRIES = 3
_BACK_OFF = 0.4
_CURABLE = (LlmTrouble.THROTTLED, LlmTrouble.SERVER_ERROR, LlmTrouble.UNREACHABLE)


class OpenAi:
    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._quirks = _quirks_of(endpoint.base_url, endpoint.model)
        client = http.client(endpoint.is_company_url, is_plain=True)
        self._client = openai_bridge.account(endpoint.key or "none", endpoint.base_url, client)

    def complete(self, request: ChatRequest) -> ChatAnswer:
        started = time.monotonic()
        until = started + min(request.timeout, MOST_SECONDS)
        with http.within(until - started, MAX_BYTES):
            answer = self._trying(lambda: _whole(self._ask(request, until, streams=False), request, started), until)
        return shapes.checked(answer, request)

    def stream(self, request: ChatRequest) -> Iterator[str | ChatAnswer]:
        # A context of its own: the deadline must not reach what the caller does between two pieces.
        context = copy_context()
        pieces = self._stream(request)
        try:
            while (piece := context.run(next, pieces, None)) is not None:
                yield piece
        finally:
            context.run(pieces.close)

    def _stream(self, request: ChatRequest) -> Generator[str | ChatAnswer]:
        started = time.monotonic()
        until = started + min(request.timeout, MOST_SECONDS)
        with http.within(until - started, MAX_BYTES):
            source = self._trying(lambda: self._ask(request, until, streams=True), until)
            gathered = _Gathered()
            try:
                # After the first piece nothing is tried again: the customer may have read it.
                with source:
                    for chunk in source:
                        text = gathered.take(chunk)
                        if text:
                            yield text
            except Exception as error:
                raise troubles.judge(error, self._endpoint.key) from None
        yield shapes.checked(self._guarded(lambda: gathered.answer(request, started)), request)

    def _ask(self, request: ChatRequest, until: float, *, streams: bool) -> Any:
        left = max(0.001, until - time.monotonic())
        for _ in Quirks.__members__:
            try:
                return self._client.chat.completions.create(
                    **shapes.parameters(self._endpoint.model, request, self._quirks, streams=streams),
                    timeout=cast(Any, httpx.Timeout(left, connect=min(left, http.CONNECT_SECONDS))),
                )
            except (openai.BadRequestError, openai.NotFoundError, openai.UnprocessableEntityError) as error:
                # Not found: routers say so where none of their servers knows tools.
                if not learn(self._quirks, error, request):
                    raise
        raise LlmError(LlmTrouble.BAD_REQUEST, "the server refuses every form of the request")

    def _trying(self, call: Callable[[], T], until: float) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                return self._guarded(call)
            except LlmError as error:
                wait = error.retry_after
                if wait is None:
                    wait = _BACK_OFF * attempt * (1 + random.random())  # noqa: S311 - spreads retries, guards nothing
                is_last = (
                    attempt == TRIES
                    or error.code not in _CURABLE
                    or error.detail in ("forbidden_host", "no_connection")
                )
                if is_last or time.monotonic() + wait >= until:
                    raise
                time.sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _guarded(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except Exception as error:
            # A compatible server may answer anything at all: whatever comes of it is a trouble, never a crash.
            raise troubles.judge(error, self._endpoint.key) from None


class _Gathered:
    """A streamed answer, put together."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._refusal = ""
        self._calls: dict[int, ToolCall] = {}
        self._model = ""
        self._finish: str | None = None
        self._tokens = (0, 0)

    def take(self, chunk: ChatCompletionChunk) -> str:
        self._model = chunk.model or self._model
        if chunk.usage:
            self._tokens = _counted(chunk.usage)
        if not chunk.choices:
            return ""
        choice = chunk.choices[0]
        self._finish = choice.finish_reason or self._finish
        self._refusal += getattr(choice.delta, "refusal", None) or ""
        for part in choice.delta.tool_calls or ():
            known = self._calls.get(part.index) or ToolCall("", "", "")
            named = part.function
            self._calls[part.index] = ToolCall(
                part.id or known.id,
                (named.name if named else None) or known.name,
                known.arguments + ((named.arguments if named else None) or ""),
            )
        text = choice.delta.content or ""
        self._text.append(text)
        return text

    def answer(self, request: ChatRequest, started: float) -> ChatAnswer:
        calls = tuple(self._calls[index] for index in sorted(self._calls))
        said = _Said("".join(self._text), calls, self._finish or "", self._refusal, self._model, self._tokens)
        answer = said.answer(request, started)
        if self._finish is None:
            raise shapes.unusable(answer, LlmTrouble.BROKEN_OUTPUT, "the stream ended before the answer did")
        return _unless_refused(answer, said)


def _whole(completion: Any, request: ChatRequest, started: float) -> ChatAnswer:
    if not isinstance(completion, ChatCompletion):
        raise LlmError(LlmTrouble.BROKEN_OUTPUT, "the answer is no completion")
    tokens, model = _counted(completion.usage), completion.model or ""
    if not completion.choices:
        answer = _Said("", (), "", "", model, tokens).answer(request, started)
        raise shapes.unusable(answer, LlmTrouble.BROKEN_OUTPUT, "no choices")
    choice = completion.choices[0]
    calls = tuple(
        ToolCall(call.id, call.function.name, call.function.arguments)
        for call in choice.message.tool_calls or ()
        if call.type == "function"
    )
    refusal = choice.message.refusal or ""
    said = _Said(choice.message.content or "", calls, choice.finish_reason, refusal, model, tokens)
    return _unless_refused(said.answer(request, started), said)


@dataclass(frozen=True)
class _Said:
    """What a server answered, whole or in pieces."""

    text: str
    calls: tuple[ToolCall, ...]
    finish: str
    refusal: str
    model: str
    tokens: tuple[int, int]

    def answer(self, request: ChatRequest, started: float) -> ChatAnswer:
        read, written = self.tokens
        letters = len(self.text) + len(self.refusal) + sum(len(call.arguments) for call in self.calls)
        return ChatAnswer(
            self.text,
            None,
            self.calls,
            self.model[:80],
            read or tokens_of(shapes.letters_of(request)),
            written or tokens_of(letters),
            milliseconds=round((time.monotonic() - started) * 1000),
            is_cut=self.finish == "length",
        )


def _unless_refused(answer: ChatAnswer, said: _Said) -> ChatAnswer:
    if said.refusal or said.finish == "content_filter":
        raise shapes.unusable(answer, LlmTrouble.CONTENT_REFUSED, http.redact(said.refusal))
    return answer


def _counted(usage: CompletionUsage | None) -> tuple[int, int]:
    """Zeros where the server does not say, whatever it sends instead."""
    return (usage.prompt_tokens or 0, usage.completion_tokens or 0) if usage else (0, 0)


@lru_cache(maxsize=512)
def _quirks_of(base_url: str, model: str) -> set[Quirks]:
    """What a process has learnt of a server; forgotten with the process."""
    del base_url, model
    return set()
