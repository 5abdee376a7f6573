"""A pretend OpenAI: models, chat completions (streamed or not) and embeddings, scripted by `POST /_control/llm`."""

import asyncio
import base64
import hashlib
import json
import math
import struct
import time
from collections.abc import AsyncGenerator
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from saas_admin.sandbox.openai_script import DIMENSIONS, EMBEDDING_MODEL, MODEL, Behaviour, Script, content_of

_PIECE = 12

_REFUSALS: dict[str, tuple[int, str, str, str]] = {
    "quota": (429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota."),
    "rate": (429, "rate_limit_exceeded", "requests", "Rate limit reached for requests."),
    "refuse_key": (401, "invalid_api_key", "invalid_request_error", "Incorrect API key provided."),
    "error_500": (500, "", "server_error", "The server had an error while processing your request."),
    "flagged": (403, "", "", "Your chosen model requires moderation and your input was flagged."),
    "no_model": (404, "model_not_found", "invalid_request_error", "The model does not exist."),
}


class OpenAiApi:
    def __init__(self) -> None:
        self.script = Script()

    def routes(self) -> list[Route]:
        return [
            Route("/v1/models", self.models),
            Route("/v1/chat/completions", self.chat, methods=["POST"]),
            Route("/v1/embeddings", self.embeddings, methods=["POST"]),
            Route("/_control/llm", self.control, methods=["GET", "POST", "DELETE"]),
        ]

    async def control(self, request: Request) -> Response:
        """POST `{"queue": [{"kind", …}], "embeddings": […], "key", "dimensions"}` adds answers to come; GET what was asked;
        DELETE forgets all."""
        if request.method == "DELETE":
            self.script.clear()
        elif request.method == "POST":
            try:
                self.script.change(await request.json())
            except (ValueError, TypeError, AttributeError) as error:
                return JSONResponse({"error": str(error)}, 422)
        return JSONResponse(self.script.as_json())

    async def models(self, request: Request) -> Response:
        if refused := self._refuse_stranger(request):
            return refused
        names = (MODEL, EMBEDDING_MODEL)
        return JSONResponse({"object": "list", "data": [{"id": name, "object": "model"} for name in names]})

    async def chat(self, request: Request) -> Response:
        if refused := self._refuse_stranger(request):
            return refused
        body = await request.json()
        self.script.note(body)
        behaviour = self.script.next()
        if behaviour.kind in ("slow", "hang"):
            await asyncio.sleep(behaviour.seconds)
        if behaviour.kind in _REFUSALS:
            return _refusal(behaviour)
        if behaviour.kind == "no_schema" and body.get("response_format", {}).get("type") == "json_schema":
            return _error(400, "", "invalid_request_error", "response_format json_schema is not supported")
        if behaviour.kind == "no_tools" and body.get("tools"):
            return _error(400, "", "api_error", f"{body.get('model', MODEL)} does not support tools")
        message, finish = _message(behaviour, body)
        usage = None if behaviour.kind == "no_usage" else _usage(body, message)
        head = {"id": f"chatcmpl-{uuid4().hex[:20]}", "created": int(time.time()), "model": body.get("model", MODEL)}
        if body.get("stream"):
            ends = behaviour.kind != "cut_stream"
            wants_usage = (body.get("stream_options") or {}).get("include_usage")
            pieces = _stream(head, message, finish, usage if wants_usage else None, ends=ends)
            return StreamingResponse(pieces, media_type="text/event-stream")
        choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
        return JSONResponse({**head, "object": "chat.completion", "choices": [choice], "usage": usage})

    async def embeddings(self, request: Request) -> Response:
        if refused := self._refuse_stranger(request):
            return refused
        body = await request.json()
        given = body["input"] if isinstance(body["input"], list) else [body["input"]]
        behaviour = self.script.next_embedding([str(text) for text in given])
        if behaviour.kind in ("slow", "hang"):
            await asyncio.sleep(behaviour.seconds)
        if behaviour.kind in _REFUSALS:
            return _refusal(behaviour)
        size = int(body.get("dimensions") or self.script.dimensions)
        rows = [
            {"object": "embedding", "index": n, "embedding": _coded(vector_of(str(text), size), body)}
            for n, text in enumerate(given)
        ]
        tokens = sum(len(str(text)) // 4 + 1 for text in given)
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return JSONResponse(
            {"object": "list", "data": rows, "model": body.get("model", EMBEDDING_MODEL), "usage": usage}
        )

    def _refuse_stranger(self, request: Request) -> Response | None:
        if request.headers.get("authorization") == f"Bearer {self.script.key}":
            return None
        return _refusal(Behaviour("refuse_key"))


def vector_of(text: str, size: int = DIMENSIONS) -> list[float]:
    """The same text has the same vector, similar spellings have near ones: hashed runs of three letters, of length one."""
    padded = f"  {text.lower()} "
    values = [0.0] * size
    for start in range(len(padded) - 2):
        digest = hashlib.blake2b(padded[start : start + 3].encode(), digest_size=8).digest()
        values[int.from_bytes(digest[:4], "big") % size] += 1.0 if digest[4] & 1 else -1.0
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return [value / length for value in values]


def _coded(vector: list[float], body: dict[str, Any]) -> Any:
    if body.get("encoding_format") != "base64":
        return vector
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _message(behaviour: Behaviour, body: dict[str, Any]) -> tuple[dict[str, Any], str]:
    if behaviour.kind == "tool":
        arguments = behaviour.arguments if behaviour.arguments is not None else {}
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        call = {
            "id": f"call_{uuid4().hex[:16]}",
            "type": "function",
            "function": {"name": behaviour.tool, "arguments": text},
        }
        return {"content": None, "tool_calls": [call]}, "tool_calls"
    if behaviour.kind == "filtered":
        return {"content": ""}, "content_filter"
    content = content_of(behaviour, body)
    if behaviour.kind == "cut_off":
        return {"content": content[: len(content) // 2]}, "length"
    return {"content": content}, "stop"


async def _stream(
    head: dict[str, Any], message: dict[str, Any], finish: str, usage: dict[str, int] | None, *, ends: bool
) -> AsyncGenerator[str]:
    def chunk(delta: dict[str, Any], finish_reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return _event({**head, "object": "chat.completion.chunk", "choices": [choice]})

    yield chunk({"role": "assistant", "content": ""})
    for index, call in enumerate(message.get("tool_calls", ())):
        yield chunk({"tool_calls": [{**call, "index": index}]})
    text = message["content"] or ""
    for start in range(0, len(text), _PIECE):
        if not ends and start > len(text) // 2:
            return
        yield chunk({"content": text[start : start + _PIECE]})
        await asyncio.sleep(0)
    yield chunk({}, finish)
    if usage:
        yield _event({**head, "object": "chat.completion.chunk", "choices": [], "usage": usage})
    yield "data: [DONE]\n\n"


def _event(said: dict[str, Any]) -> str:
    return f"data: {json.dumps(said, ensure_ascii=False)}\n\n"


def _usage(body: dict[str, Any], message: dict[str, Any]) -> dict[str, int]:
    """Four letters are a token here."""
    read = sum(len(str(each.get("content") or "")) for each in body.get("messages", [])) // 4 + 1
    written = len(json.dumps(message, ensure_ascii=False)) // 4 + 1
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _refusal(behaviour: Behaviour) -> Response:
    answer = _error(*_REFUSALS[behaviour.kind])
    if behaviour.kind == "rate" and behaviour.reset:
        answer.headers["x-ratelimit-remaining-requests"] = "0"
        answer.headers["x-ratelimit-reset-requests"] = behaviour.reset
    elif behaviour.kind == "rate":
        answer.headers["retry-after"] = f"{behaviour.seconds:g}"
    return answer


def _error(status: int, code: str, kind: str, message: str) -> Response:
    return JSONResponse({"error": {"message": message, "type": kind, "param": None, "code": code or None}}, status)
