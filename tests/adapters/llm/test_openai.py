"""The adapter against the scripted server of the sandbox, and against a socket that misbehaves."""

import time

import httpcore
import pytest
from pydantic import BaseModel, ConfigDict

from saas_admin.adapters import http
from saas_admin.adapters.llm import openai as adapter
from saas_admin.adapters.llm import registry
from saas_admin.adapters.llm.base import (
    ChatAnswer,
    ChatMessage,
    ChatRequest,
    Endpoint,
    LlmError,
    LlmTrouble,
    ToolSpec,
)
from saas_admin.adapters.llm.shapes import letters_of
from saas_admin.adapters.llm.troubles import wait_of
from saas_admin.core.config import get_settings
from tests.adapters.provider import Answer, Provider
from tests.llm import Llm

SOURCES = '[{"id": "F1", "title": "¿Hacéis envíos?", "answer": "Enviamos a toda la península en 48 h."}]'
PROMPT = f"<sources>{SOURCES}</sources>\n<question>¿Hacéis envíos a Sevilla?</question>"


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid")

    decision: str
    citations: list[str]
    text: str


def request(timeout: float = 5.0, **more: object) -> ChatRequest:
    messages = (ChatMessage("system", "You answer."), ChatMessage("user", PROMPT))
    return ChatRequest(messages, timeout=timeout, **more)  # type: ignore[arg-type]


def trouble(chat: object, wanted: ChatRequest) -> LlmError:
    with pytest.raises(LlmError) as caught:
        chat.complete(wanted)  # type: ignore[attr-defined]
    return caught.value


def test_a_plain_answer_with_what_it_cost(llm: Llm):
    answer = llm.chat().complete(request())
    assert answer.text == "Enviamos a toda la península en 48 h."
    assert (answer.model, answer.data, answer.tool_calls, answer.is_cut) == ("sandbox-mini", None, (), False)
    assert answer.tokens_in > 30
    assert answer.tokens_out > 5
    assert 0 < answer.milliseconds < 5000
    assert llm.asked[0]["max_tokens"] == 400


def test_structured_output_is_asked_for_strictly_and_checked(llm: Llm):
    answer = llm.chat().complete(request(schema=Said))
    assert answer.data == Said(decision="answer", citations=["F1"], text="Enviamos a toda la península en 48 h.")
    told = llm.asked[0]["response_format"]["json_schema"]
    assert told["strict"] is True
    assert told["schema"]["additionalProperties"] is False


def test_a_server_without_structured_output_gets_json_mode_and_is_remembered(llm: Llm):
    llm.will("no_schema")
    chat = llm.chat(model="old-server")
    assert chat.complete(request(schema=Said)).data is not None
    assert chat.complete(request(schema=Said)).data is not None
    formats = [asked["response_format"]["type"] for asked in llm.asked]
    assert formats == ["json_schema", "json_object", "json_object"]
    assert "JSON schema" in llm.asked[1]["messages"][0]["content"]


def test_an_answer_arrives_in_pieces(llm: Llm):
    *pieces, last = llm.chat().stream(request())
    assert len(pieces) >= 3
    assert isinstance(last, ChatAnswer)
    assert "".join(str(piece) for piece in pieces) == last.text == "Enviamos a toda la península en 48 h."
    assert last.tokens_out > 5


def test_a_streamed_structure_is_checked_at_its_end(llm: Llm):
    *_, last = llm.chat().stream(request(schema=Said))
    assert isinstance(last, ChatAnswer)
    assert last.data == Said(decision="answer", citations=["F1"], text="Enviamos a toda la península en 48 h.")


@pytest.mark.parametrize("streams", [False, True])
def test_tool_calls_come_whole(llm: Llm, streams: bool):
    llm.will({"kind": "tool", "tool": "business_hours", "arguments": {"day": "lunes"}})
    tool = ToolSpec("business_hours", "When the shop is open", {"type": "object", "properties": {}})
    wanted = request(tools=(tool,), schema=Said)
    answer = list(llm.chat().stream(wanted))[-1] if streams else llm.chat().complete(wanted)
    assert isinstance(answer, ChatAnswer)
    assert [(call.name, call.arguments) for call in answer.tool_calls] == [("business_hours", '{"day": "lunes"}')]
    assert answer.data is None
    assert llm.asked[0]["tools"][0]["function"]["name"] == "business_hours"


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("refuse_key", LlmTrouble.REFUSED_KEY),
        ("quota", LlmTrouble.NO_QUOTA),
        ("no_model", LlmTrouble.MODEL_UNKNOWN),
        ("broken_json", LlmTrouble.BROKEN_OUTPUT),
        ("other_json", LlmTrouble.BROKEN_OUTPUT),
        ("cut_off", LlmTrouble.TOO_LONG),
        ("filtered", LlmTrouble.CONTENT_REFUSED),
        ("flagged", LlmTrouble.CONTENT_REFUSED),
    ],
)
def test_what_no_second_try_cures_is_asked_once(llm: Llm, behaviour: str, code: LlmTrouble):
    llm.will(behaviour)
    assert trouble(llm.chat(), request(schema=Said)).code is code
    assert len(llm.asked) == 1


@pytest.mark.parametrize(
    ("status", "words", "code"),
    [
        (403, "Country, region, or territory not supported", LlmTrouble.REFUSED_KEY),
        (403, "Your chosen model requires moderation and your input was flagged", LlmTrouble.CONTENT_REFUSED),
        (403, "model_not_found: your project has no access to it", LlmTrouble.MODEL_UNKNOWN),
        (400, "rejected by our safety system", LlmTrouble.CONTENT_REFUSED),
        (401, "flagged", LlmTrouble.REFUSED_KEY),
        (500, "the moderation service is down", LlmTrouble.SERVER_ERROR),
    ],
)
def test_a_refusal_is_read_by_its_words_before_its_number(
    provider: Provider, status: int, words: str, code: LlmTrouble
):
    provider.default = Answer(status, {"error": {"message": words}})
    chat = registry.connect(Endpoint(f"{provider.url}/v1", "sk-1234567", "m", is_company_url=True))
    assert trouble(chat, request()).code is code


def test_what_was_paid_for_and_not_usable_says_what_it_cost(llm: Llm):
    llm.will("broken_json")
    answer = trouble(llm.chat(), request(schema=Said)).answer
    assert answer is not None
    assert answer.tokens_in > 30


@pytest.mark.parametrize("streams", [False, True])
def test_where_nobody_counts_letters_do(llm: Llm, streams: bool):
    llm.will("no_usage")
    wanted = request()
    answer = list(llm.chat().stream(wanted))[-1] if streams else llm.chat().complete(wanted)
    assert isinstance(answer, ChatAnswer)
    # A third of the letters of «You answer.», the prompt and «Enviamos a toda la península en 48 h.», rounded up.
    assert (answer.tokens_in, answer.tokens_out) == ((11 + len(PROMPT) + 2) // 3, 13)


def test_a_schema_and_tools_are_read_too():
    plain = letters_of(request())
    tool = ToolSpec("hours", "When", {"type": "object"})
    assert plain == 11 + len(PROMPT)
    assert letters_of(request(tools=(tool,))) == plain + len('hoursWhen{"type": "object"}')
    assert letters_of(request(schema=Said)) > plain + 100


@pytest.mark.parametrize("streams", [False, True])
def test_a_refusal_says_what_it_cost(llm: Llm, streams: bool):
    llm.will("filtered")
    with pytest.raises(LlmError) as caught:
        list(llm.chat().stream(request())) if streams else llm.chat().complete(request())
    answer = caught.value.answer
    assert answer is not None
    assert (caught.value.code, answer.tokens_in) == (LlmTrouble.CONTENT_REFUSED, (11 + len(PROMPT)) // 4 + 1)


def test_who_cannot_be_reached_was_asked_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http._Network, "connect_tcp", _no_connection)
    chat = registry.connect(Endpoint("http://127.0.0.1:9/v1", "sk-1234567", "m", is_company_url=True))
    assert (trouble(chat, request()).code, trouble(chat, request()).detail) == (
        LlmTrouble.UNREACHABLE,
        "no_connection",
    )


def _no_connection(*_: object, **__: object) -> None:
    raise httpcore.ConnectTimeout("no answer to our knocking")


def test_a_throttled_call_waits_as_long_as_it_is_told(llm: Llm):
    llm.will({"kind": "rate", "seconds": 1})
    started = time.monotonic()
    assert llm.chat().complete(request()).text
    assert 1.0 <= time.monotonic() - started < 3.0
    assert len(llm.asked) == 2


def test_the_counter_of_a_limit_is_heard_too(llm: Llm):
    llm.will({"kind": "rate", "reset": "700ms"})
    started = time.monotonic()
    assert llm.chat().complete(request()).text
    assert 0.7 <= time.monotonic() - started < 2.5


def test_a_wait_longer_than_the_time_left_is_not_begun(llm: Llm):
    llm.will({"kind": "rate", "seconds": 30})
    started = time.monotonic()
    error = trouble(llm.chat(), request())
    assert (error.code, error.retry_after) == (LlmTrouble.THROTTLED, 30.0)
    assert time.monotonic() - started < 1.0


def test_a_server_error_is_tried_three_times(llm: Llm):
    llm.will({"kind": "error_500", "count": 3})
    assert trouble(llm.chat(), request()).code is LlmTrouble.SERVER_ERROR
    assert len(llm.asked) == 3


def test_a_server_error_passes(llm: Llm):
    llm.will("error_500")
    assert llm.chat().complete(request()).text


@pytest.mark.parametrize("streams", [False, True])
def test_silence_ends_with_the_time(llm: Llm, streams: bool):
    llm.will({"kind": "hang", "seconds": 3})
    started = time.monotonic()
    with pytest.raises(LlmError) as caught:
        list(llm.chat().stream(request(timeout=0.6))) if streams else llm.chat().complete(request(timeout=0.6))
    assert caught.value.code is LlmTrouble.TIMEOUT
    assert 0.5 < time.monotonic() - started < 1.5


def test_no_request_gets_more_than_twelve_seconds(llm: Llm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(adapter, "MOST_SECONDS", 0.5)
    llm.will({"kind": "hang", "seconds": 3})
    assert trouble(llm.chat(), request(timeout=60)).code is LlmTrouble.TIMEOUT


def test_a_stream_that_stops_in_the_middle_is_no_answer(llm: Llm):
    llm.will("cut_stream")
    with pytest.raises(LlmError) as caught:
        list(llm.chat().stream(request()))
    assert caught.value.code is LlmTrouble.BROKEN_OUTPUT


def test_a_dripping_server_cannot_stretch_the_time(provider: Provider):
    provider.will(Answer(200, {"choices": [], "pad": "x" * 400}, drip=True))
    started = time.monotonic()
    chat = registry.connect(Endpoint(f"{provider.url}/v1", "sk-1234567", "m", is_company_url=True))
    assert trouble(chat, request(timeout=1.0)).code is LlmTrouble.TIMEOUT
    assert time.monotonic() - started < 1.6


@pytest.mark.parametrize(
    "body",
    [
        b"<html>hola</html>",
        b"{",
        [],
        {},
        {"choices": []},
        {"choices": [{"message": None}]},
        {"choices": None},
        {"id": "x", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant"}}]},
    ],
)
def test_an_answer_of_any_other_shape_is_a_known_trouble(provider: Provider, body: object):
    provider.will(Answer(200, body, {"content-type": "application/json"}))
    chat = registry.connect(Endpoint(f"{provider.url}/v1", "sk-1234567", "m", is_company_url=True))
    assert trouble(chat, request(schema=Said)).code is LlmTrouble.BROKEN_OUTPUT


def test_too_much_is_not_read(provider: Provider, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(adapter, "MAX_BYTES", 20_000)
    provider.default = Answer(200, {"pad": "x" * 100_000}, {"content-type": "application/json"})
    chat = registry.connect(Endpoint(f"{provider.url}/v1", "sk-1234567", "m", is_company_url=True))
    assert trouble(chat, request()).code is LlmTrouble.UNREACHABLE


def test_a_compressed_answer_is_refused(provider: Provider):
    provider.default = Answer(200, b"\x1f\x8b", {"content-type": "application/json", "content-encoding": "gzip"})
    chat = registry.connect(Endpoint(f"{provider.url}/v1", "sk-1234567", "m", is_company_url=True))
    assert trouble(chat, request()).code is LlmTrouble.UNREACHABLE
    assert provider.asked[0].headers["accept-encoding"] == "identity"


def test_a_company_cannot_point_it_into_our_network(provider: Provider, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOW_PRIVATE_HOSTS", "false")
    get_settings.cache_clear()
    chat = registry.connect(Endpoint(f"{provider.url}/v1", "sk-1234567", "m", is_company_url=True))
    error = trouble(chat, request())
    monkeypatch.undo()
    get_settings.cache_clear()
    assert (error.code, error.detail) == (LlmTrouble.UNREACHABLE, "forbidden_host")
    assert provider.asked == []


def test_a_key_that_a_server_repeats_is_in_no_detail(provider: Provider):
    key = "mi-clave-secreta-123"
    provider.will(Answer(401, {"error": {"message": f"Incorrect API key provided: {key}"}}))
    chat = registry.connect(Endpoint(f"{provider.url}/v1", key, "m", is_company_url=True))
    error = trouble(chat, request())
    assert error.code is LlmTrouble.REFUSED_KEY
    assert key not in error.detail
    assert "Incorrect API key" in error.detail


def test_models_that_think_get_their_own_parameters(provider: Provider):
    refusals = [
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "Unsupported value: 'temperature' does not support 0 with this model.",
    ]
    provider.will(*(Answer(400, {"error": {"message": words, "code": "unsupported"}}) for words in refusals))
    done = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "OK"}}
    provider.will(Answer(200, {"id": "1", "choices": [done]}, {"content-type": "application/json"}))
    chat = registry.connect(Endpoint(f"{provider.url}/v1", "sk-1234567", "thinker", is_company_url=True))
    assert chat.complete(request()).text == "OK"
    last = provider.asked[-1].json
    assert last["max_completion_tokens"] == 1900
    assert "max_tokens" not in last
    assert "temperature" not in last


def test_the_machines_own_account_is_not_named(provider: Provider, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-operator")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-the-operator")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Operator: secret\nAuthorization: Bearer sk-of-the-operator")
    chat = registry.connect(Endpoint(f"{provider.url}/v1", "sk-1234567", "m", is_company_url=True))
    trouble(chat, request())
    headers = provider.asked[0].headers
    assert not {"openai-organization", "openai-project", "x-operator"} & set(headers)
    assert headers["authorization"] == "Bearer sk-1234567"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s"}, 360.0),
        ({"x-ratelimit-remaining-tokens": "12", "x-ratelimit-reset-tokens": "6m0s"}, None),
    ],
)
def test_how_long_a_provider_asks_to_wait(headers: dict[str, str], seconds: float | None):
    assert wait_of(headers) == seconds
