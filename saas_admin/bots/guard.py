"""What a model's answer has to hold to before a customer reads it. Nothing here believes the model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from saas_admin.bots import language
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
_TAG = re.compile(r"(?:^|,\s*)\W*(?:no|verdad|cierto|right|isn't it|ok|vale|nao e|certo)\W*$")
_STATES = re.compile(
    r"\b(?:sabias|sabes|sabeis|sabia|sabe|saben|sabian|viste|ves|no es) (?:ya )?que\b|\bdid you know\b|\bsabia que\b"
    r"|\b(?:quieres|querés|queres|quiere|quieren|prefieres|prefiere|gustaria|deseas|desea|necesitas|permites|dejas) que\b"
    r"|\b(?:shall|should|may|can) (?:i|we)\b|\bwant (?:me|us) to\b|\bposso\b|\bquer que\b|\w{2,}mos\b"
)
"""A question that says what is so or offers an act: its words are a statement's."""
_ASKS = re.compile(
    r"^\W*(?:(?:and|or|e|ou|to|for|in|com|para|em|de)\s+)?(?:what|which|how|when|where|who|why|is|are|do|does|did|was|were|have|has"
    r"|would|could|qual|quais|quando|quanto|onde|quem|como|voce|prefere|quer|gostaria|seria|foi)\b"
)
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
    OTHER_LANGUAGE = "other_language"
    """It is in another language than its sources, so that they cannot prove it."""
    NO_QUESTION = "no_question"
    """It wanted to ask back and asked nothing, or more than one thing."""
    WANTS_PERSON = "wants_person"
    """The model called for a person."""
    TOO_MANY_ROUNDS = "too_many_rounds"


UNPROVEN = frozenset(
    {
        RefusalCode.INVENTED_NUMBER,
        RefusalCode.UNSUPPORTED,
        RefusalCode.CONTRADICTED,
        RefusalCode.PROMISE,
        RefusalCode.OTHER_LANGUAGE,
        RefusalCode.TOO_LONG_TEXT,
    }
)
"""What may be an honest answer in words that its sources do not prove. The others are no slip of the pen."""
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
    titles: Sequence[str]
    """Of the first of `says`, in their order."""
    asked: Sequence[str]
    language: str = "es"
    """Of the sources, and so of the answer."""
    forbidden: Sequence[str] = ()
    secret: Sequence[str] = ()
    """Instructions that are nobody's business."""
    _evidence: Evidence = field(init=False)
    _support: Support = field(init=False)
    _shingles: frozenset[tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_evidence", Evidence(self.says))
        object.__setattr__(self, "_support", Support(self.says, self.titles, self.asked))
        object.__setattr__(self, "_shingles", frozenset(s for text in self.secret for s in _shingles(text)))

    def objection(
        self, sentence: str, *, is_question: bool = False, before: str = ""
    ) -> tuple[RefusalCode, str] | None:
        """Why this sentence must not be said after `before`, with the words that are wrong; None when it may.

        Where the customer is asked back (`is_question`), a question states nothing: it may name what the sources or the
        customer named. Everything else in it is held like any statement.
        """
        if topic := forbidden_topic(sentence, self.forbidden):
            return RefusalCode.FORBIDDEN_TOPIC, topic
        if _PROMPT_WORDS.search(folded(sentence)) or self._shingles & set(_shingles(sentence)):
            return RefusalCode.LEAKS_PROMPT, ""
        if handle := self._handle(sentence):
            return RefusalCode.LEAKS_PROMPT, handle
        if fact := self._evidence.unproven(sentence):
            return _INVENTED[fact.kind], fact.said[:80]
        if language.guess(sentence, self.language) != self.language:
            return RefusalCode.OTHER_LANGUAGE, sentence[:80]
        statement, question = parted(sentence) if is_question else (sentence, "")
        if question and (doubt := self._support.doubt_of_question(question)):
            return _DOUBTS[doubt], question[:80]
        doubt = self._support.doubt(statement, before) if statement.strip() else None
        return (_DOUBTS[doubt], sentence[:80]) if doubt else None

    def without_blind_yes(self, sentence: str) -> str:
        """«Sí, abrimos los martes» to a question that the sources do not answer is no yes, but may be an answer."""
        return self._support.without_blind_yes(sentence)

    def without_handles(self, text: str) -> str:
        """Models like to write their citations into the sentence; «Barajas (T4)» is none where a source says it."""
        bare = _HANDLES.sub(lambda found: found[0] if self._says_all(found[0]) else "", text)
        return re.sub(r"\*\*(.+?)\*\*", r"\1", bare)

    def _handle(self, sentence: str) -> str | None:
        return next((found for found in _BARE_HANDLE.findall(sentence) if not self._says_all(found)), None)

    def _says_all(self, handles: str) -> bool:
        said = " ".join(self.says)
        return all(re.search(rf"\b{handle}\b", said) for handle in _BARE_HANDLE.findall(handles))


def parted(sentence: str) -> tuple[str, str]:
    """What a sentence states, and what it really asks: «¿verdad?» behind a statement leaves it one."""
    if not sentence.rstrip().rstrip('"»”)').endswith("?"):
        return sentence, ""
    lead, mark, body = sentence.rpartition("¿")
    question = body if mark else sentence
    if _TAG.search(folded(question)) or _STATES.search(folded(question)) or not (mark or _ASKS.match(folded(question))):
        return sentence, ""
    return lead, question


def forbidden_topic(text: str, topics: Sequence[str]) -> str | None:
    """The topic the text touches: its words in a row, the last one in its singular or plural."""
    said = words_of(text)
    return next((topic for topic in topics if _has_row(said, words_of(topic))), None)


def _has_row(said: list[str], topic: list[str]) -> bool:
    starts = range(len(said) - len(topic) + 1) if topic else ()
    return any(
        said[n : n + len(topic) - 1] == topic[:-1] and _is_one(said[n + len(topic) - 1], topic[-1]) for n in starts
    )


def _is_one(word: str, other: str) -> bool:
    return any(word == other + end or other == word + end for end in ("", "s", "es"))


def sentences(text: str) -> list[str]:
    """The text in pieces that joined give the text again: each a sentence with the space behind it."""
    starts = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(starts) if a < b]


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = words_of(text)
    return [tuple(words[n : n + _SHINGLE]) for n in range(len(words) - _SHINGLE + 1)]
