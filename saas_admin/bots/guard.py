"""What a model's answer has to hold to before a customer reads it. Nothing here believes the model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from saas_admin.bots.facts import Evidence, FactKind
from saas_admin.bots.plain import folded, words_of
from saas_admin.bots.support import Doubt, Support

MOST_CHARACTERS = 600
_SHINGLE = 7
"""So many words in a row of the instructions are not said by chance."""
_PROMPT_WORDS = re.compile(
    r"system prompt|<sources>|<question>|<history>|prompt del sistema|instrucciones (?:del sistema|internas)|my instructions|mis instrucciones"
)
_HANDLES = re.compile(r"\s*[\[(](?:(?:fuentes?|sources?):?\s*)?[FT]\d{1,2}(?:\s*[,;y]\s*[FT]\d{1,2})*[\])]")
_BARE_HANDLE = re.compile(r"\b[FT]\d{1,2}\b")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"»”)]*\s+(?=[^\sa-z])|\n+")


class RefusalCode(StrEnum):
    """Why an answer was not given: a closed list beside the troubles of `adapters.llm`."""

    UNKNOWN = "unknown"
    """The model says that its sources do not tell."""
    NO_CITATION = "no_citation"
    FOREIGN_CITATION = "foreign_citation"
    INVENTED_NUMBER = "invented_number"
    INVENTED_LINK = "invented_link"
    INVENTED_CONTACT = "invented_contact"
    INVENTED_CODE = "invented_code"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    PROMISE = "promise"
    FORBIDDEN_TOPIC = "forbidden_topic"
    LEAKS_PROMPT = "leaks_prompt"
    TOO_LONG_TEXT = "too_long_text"
    EMPTY = "empty"
    NO_QUESTION = "no_question"
    """It wanted to ask back and asked nothing."""
    WANTS_PERSON = "wants_person"
    """The model called for a person."""
    TOO_MANY_ROUNDS = "too_many_rounds"


_INVENTED = {
    FactKind.NUMBER: RefusalCode.INVENTED_NUMBER,
    FactKind.LINK: RefusalCode.INVENTED_LINK,
    FactKind.CONTACT: RefusalCode.INVENTED_CONTACT,
    FactKind.CODE: RefusalCode.INVENTED_CODE,
}
_DOUBTS = {
    Doubt.UNSUPPORTED: RefusalCode.UNSUPPORTED,
    Doubt.CONTRADICTED: RefusalCode.CONTRADICTED,
    Doubt.PROMISE: RefusalCode.PROMISE,
}


@dataclass(frozen=True)
class Basis:
    """What an answer may rest on: the sources it cites and what tools have said."""

    says: Sequence[str]
    topics: Sequence[str]
    asked: Sequence[str]
    same_language: bool
    forbidden: Sequence[str] = ()
    secret: Sequence[str] = ()
    """Instructions that are nobody's business."""
    _evidence: Evidence = field(init=False)
    _support: Support = field(init=False)
    _shingles: frozenset[tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_evidence", Evidence([*self.says, *self.topics]))
        support = Support(self.says, self.topics, self.asked, same_language=self.same_language)
        object.__setattr__(self, "_support", support)
        object.__setattr__(self, "_shingles", frozenset(s for text in self.secret for s in _shingles(text)))

    def objection(self, sentence: str, *, is_question: bool = False) -> tuple[RefusalCode, str] | None:
        """Why this sentence must not be said, with the words that are wrong; None when it may.

        A question back to the customer states nothing, so its words need no support; its facts do.
        """
        if topic := forbidden_topic(sentence, self.forbidden):
            return RefusalCode.FORBIDDEN_TOPIC, topic
        if _PROMPT_WORDS.search(folded(sentence)) or self._shingles & set(_shingles(sentence)):
            return RefusalCode.LEAKS_PROMPT, ""
        if handle := _BARE_HANDLE.search(sentence):
            return RefusalCode.LEAKS_PROMPT, handle[0]
        if fact := self._evidence.unproven(sentence):
            return _INVENTED[fact.kind], fact.said[:80]
        doubt = None if is_question else self._support.doubt(sentence)
        return (_DOUBTS[doubt], sentence[:80]) if doubt else None


def forbidden_topic(text: str, topics: Sequence[str]) -> str | None:
    """The topic the text touches: its words in a row, the last one in any form."""
    said = f" {' '.join(words_of(text))}"
    return next((topic for topic in topics if (wanted := " ".join(words_of(topic))) and f" {wanted}" in said), None)


def without_handles(text: str) -> str:
    """Models like to write their citations into the sentence; customers do not know them."""
    return re.sub(r"\*\*(.+?)\*\*", r"\1", _HANDLES.sub("", text))


def sentences(text: str) -> list[str]:
    """The text in pieces that joined give the text again: each a sentence with the space behind it."""
    starts = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(starts) if a < b]


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = words_of(text)
    return [tuple(words[n : n + _SHINGLE]) for n in range(len(words) - _SHINGLE + 1)]
