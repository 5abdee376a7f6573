"""The adapter on a real server and a real model, without a network."""

import time
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict

from saas_admin.adapters.llm import openai, registry
from saas_admin.adapters.llm.base import Chat, ChatAnswer, ChatMessage, ChatRequest, Endpoint, LlmError, LlmTrouble


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with everything else is slow, not wrong."""
    monkeypatch.setattr(openai, "MOST_SECONDS", 60.0)


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid")

    colour: Literal["red", "blue"]


def chat(url: str) -> Chat:
    return registry.connect(Endpoint(url, "sk-none-needed", "smollm2", is_company_url=True))


def request(text: str, **more: object) -> ChatRequest:
    return ChatRequest((ChatMessage("user", text),), **{"timeout": 60, **more})  # type: ignore[arg-type]


def test_it_answers_and_says_what_it_took(small_model: str):
    answer = chat(small_model).complete(request("What is the capital of France?", max_tokens=12))
    assert answer.text
    assert 10 < answer.tokens_in < 100
    assert 0 < answer.tokens_out <= 12


def test_it_answers_in_pieces(small_model: str):
    *pieces, last = chat(small_model).stream(request("Count to five.", max_tokens=8))
    assert isinstance(last, ChatAnswer)
    assert len(pieces) > 3
    assert "".join(str(piece) for piece in pieces) == last.text
    assert 0 < last.tokens_out <= 8


def test_its_grammar_keeps_the_shape(small_model: str):
    answer = chat(small_model).complete(request("Choose a colour.", schema=Colour, max_tokens=12))
    assert isinstance(answer.data, Colour)


def test_an_answer_that_does_not_fit_is_none(small_model: str):
    with pytest.raises(LlmError) as caught:
        chat(small_model).complete(request("Choose a colour.", schema=Colour, max_tokens=2))
    assert caught.value.code is LlmTrouble.TOO_LONG


def test_more_than_it_can_hold_is_too_long(small_model: str):
    with pytest.raises(LlmError) as caught:
        chat(small_model).complete(request("word " * 3000, max_tokens=5))
    assert caught.value.code is LlmTrouble.TOO_LONG


def test_it_is_left_when_it_takes_too_long(small_model: str):
    started = time.monotonic()
    with pytest.raises(LlmError) as caught:
        chat(small_model).complete(request("Write a long story.", max_tokens=800, timeout=0.5))
    assert caught.value.code is LlmTrouble.TIMEOUT
    assert time.monotonic() - started < 1.5
