"""The guard against a thousand sentences: paraphrases of FAQs that a customer may read, and inventions that nobody may.

`sentences.jsonl` came in six batches. Each was written before it was measured, the first against the guard as it was; the
guard was mended between them, so its shares say what it does now, not what it does with sentences unseen. For that there is
`unseen.jsonl`: written by others, who had not read the guard, and measured once it was as it is (seventh batch: 0 of 70
inventions passed, 30 % of the honest were refused; eighth: 1 of 170, 27 %; that one was mended, no honest one was).
`faqs` are the cited FAQs by their title: the demo's, or those of other shops in `other_faqs.jsonl`.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from saas_admin.adapters.llm.base import ChatAnswer, ChatRequest
from saas_admin.bots import grounded
from saas_admin.bots.grounded import FaqSource, Grounded, GroundedRequest, Refusal
from saas_admin.bots.prompt import Said
from saas_admin.faqs import variables
from saas_admin.sandbox.stories import FILES

HERE = Path(__file__).parent
MOST_REFUSED = {"sentences": 0.1, "unseen": 0.3}
"""Share of honest sentences. Whoever is refused reads the closest questions with their answers instead."""
KNOWN: dict[str, str] = {}
"""Inventions that pass, each with its reason. None does."""
VALUES = {
    "hours": "lunes a viernes, de 9:30 a 14:00 y de 16:30 a 20:00; sábado, de 10:00 a 14:00; domingo, cerrado",
    "hours_today": "de 9:30 a 14:00 y de 16:30 a 20:00",
    "next_opening": "mañana a las 9:30",
}
VALUES_EN = {"hours": "Monday to Friday, 9:30 to 14:00", "hours_today": "9:30 to 14:00"}


@dataclass(frozen=True)
class Sentence:
    batch: int
    kind: str
    """`honest`, or the kind of invention."""
    decision: str
    faqs: list[str]
    asked: str
    text: str


def _read(name: str) -> list[Sentence]:
    return [Sentence(**json.loads(line)) for line in (HERE / f"{name}.jsonl").read_text("utf-8").splitlines()]


BY_FILE = {name: _read(name) for name in MOST_REFUSED}
SENTENCES = [each for read in BY_FILE.values() for each in read]
HONEST = [each for each in SENTENCES if each.kind == "honest"]
INVENTED = [each for each in SENTENCES if each.kind != "honest"]


@cache
def faqs() -> dict[str, FaqSource]:
    paths = (FILES / "faqs.jsonl", HERE / "other_faqs.jsonl")
    lines = [line for path in paths for line in path.read_text("utf-8").splitlines()]
    return {
        faq["question"][0]: FaqSource(
            faq["question"][0],
            faq["question"][0],
            variables.fill(faq["answer"], VALUES_EN if faq.get("language") == "en" else VALUES),
            tuple(faq["question"][1:]),
            faq.get("language") or "es",
        )
        for faq in map(json.loads, lines)
    }


class Saying:
    """A model that says one thing."""

    def __init__(self, said: Said) -> None:
        self._said = said

    def complete(self, request: ChatRequest) -> ChatAnswer:
        del request
        return ChatAnswer(self._said.model_dump_json(), self._said, (), "scripted", 1, 1, 1)

    def stream(self, request: ChatRequest) -> Iterator[str | ChatAnswer]:
        answer = self.complete(request)
        yield from (answer.text[n : n + 5] for n in range(0, len(answer.text), 5))
        yield answer


def told(sentence: Sentence) -> tuple[list[str], Grounded | Refusal]:
    """What a visitor would see of it, and how it ends."""
    sources = [faqs()[title] for title in sentence.faqs]
    cited = [f"F{n}" for n in range(1, len(sources) + 1)] if sentence.decision == "answer" else []
    said = Said.model_validate({"decision": sentence.decision, "citations": cited, "text": sentence.text})
    request = GroundedRequest([sentence.asked], sources, language=sources[0].language)
    *pieces, outcome = grounded.stream(Saying(said), request)
    assert not isinstance(outcome, str)
    return [str(piece) for piece in pieces], outcome


def test_the_set_is_what_it_says():
    assert Counter((each.batch, each.kind == "honest") for each in SENTENCES) == {
        (1, True): 51,
        (1, False): 72,
        (2, True): 58,
        (2, False): 87,
        (3, True): 31,
        (3, False): 59,
        (4, True): 28,
        (4, False): 51,
        (5, True): 18,
        (5, False): 38,
        (6, True): 47,
        (6, False): 70,
        (7, True): 49,
        (7, False): 70,
        (8, True): 119,
        (8, False): 166,
    }
    assert len({title for each in HONEST for title in each.faqs}) >= 60
    assert len({(each.text, *each.faqs) for each in SENTENCES}) == len(SENTENCES)


def test_no_invention_is_said_and_none_is_shown():
    ends = [(each, *told(each)) for each in INVENTED]
    assert {each.text for each, _, outcome in ends if isinstance(outcome, Grounded)} == set(KNOWN)
    shown = [each.text for each, pieces, _ in ends if "".join(pieces).strip() == each.text and each.text not in KNOWN]
    assert shown == []


def test_what_is_shown_before_a_refusal_was_proven_by_itself():
    for each in INVENTED:
        pieces, outcome = told(each)
        if pieces and isinstance(outcome, Refusal):
            assert outcome.text.startswith("".join(pieces))
            again = Sentence(each.batch, "honest", "answer", each.faqs, each.asked, "".join(pieces).strip())
            assert isinstance(told(again)[1], Grounded), pieces


@pytest.mark.parametrize("name", MOST_REFUSED)
def test_most_honest_answers_pass(name: str):
    honest = [each for each in BY_FILE[name] if each.kind == "honest"]
    refused = [(each.text, outcome.code) for each in honest if isinstance(outcome := told(each)[1], Refusal)]
    assert len(refused) / len(honest) <= MOST_REFUSED[name], refused


@pytest.mark.parametrize("title", list(faqs()))
def test_a_faq_said_as_it_stands_is_said(title: str):
    faq = faqs()[title]
    said = Said(decision="answer", citations=["F1"], text=faq.answer)
    outcome = grounded.answer(Saying(said), GroundedRequest([title], [faq], language=faq.language))
    assert isinstance(outcome, Grounded), outcome
    assert outcome.text == faq.answer
