"""How the pretend model behaves: by default an honest clerk that answers from the FAQs in its prompt, else as scripted."""

import json
import re
import unicodedata
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

KEY = "sk-sandbox-alborada"
MODEL = "sandbox-mini"
EMBEDDING_MODEL = "sandbox-embedding"
DIMENSIONS = 256
KINDS = (
    "grounded",
    "unknown",
    "wrong_citation",
    "no_citation",
    "invented_price",
    "broken_json",
    "other_json",
    "slow",
    "hang",
    "rate",
    "quota",
    "refuse_key",
    "error_500",
    "no_model",
    "too_long",
    "cut_off",
    "filtered",
    "flagged",
    "no_schema",
    "no_tools",
    "no_usage",
    "tool",
    "obey",
    "say",
    "cut_stream",
)
_BLOCK = re.compile(r"<(sources|question|tool_results)>\s*(.*?)\s*</\1>", re.DOTALL)
_ORDER = re.compile(r"(?:di|dime|escribe|responde|say|write|answer)\s*:?\s*[\"«“'](.+?)[\"»”']", re.IGNORECASE)
_COMMON_WORDS = """que como cual cuando donde cuanto para por con los las una uno del este esta hay son tiene teneis tienen
puedo the and you your what how when where does can are is for with have do"""
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass
class Behaviour:
    """One scripted answer; `seconds`, `text`, `tool`, `arguments` where the kind needs them."""

    kind: str = "grounded"
    count: int = 1
    seconds: float = 1.0
    text: str = ""
    tool: str = ""
    arguments: Any = None
    reset: str = ""
    """For `rate`: said in `x-ratelimit-reset-requests` instead of `retry-after`."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown behaviour {self.kind}")


@dataclass
class Script:
    key: str = KEY
    queue: deque[Behaviour] = field(default_factory=deque[Behaviour])
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """Bodies of the requests, newest last."""
    embeddings: deque[Behaviour] = field(default_factory=deque[Behaviour])
    """What requests for vectors get: `slow`, `hang`, a refusal."""
    embedded: list[list[str]] = field(default_factory=list[list[str]])
    """The texts of each request for vectors, newest last."""
    dimensions: int = DIMENSIONS

    def change(self, said: dict[str, Any]) -> None:
        if "key" in said:
            self.key = str(said["key"])
        self.dimensions = int(said.get("dimensions", self.dimensions))
        self.queue.extend([Behaviour(**one) for one in said.get("queue", [])])
        self.embeddings.extend([Behaviour(**one) for one in said.get("embeddings", [])])

    def clear(self) -> None:
        self.__init__()

    def note(self, body: dict[str, Any]) -> None:
        self.asked = [*self.asked[-99:], body]

    def next(self) -> Behaviour:
        return _taken(self.queue)

    def next_embedding(self, texts: list[str]) -> Behaviour:
        self.embedded = [*self.embedded[-99:], texts]
        return _taken(self.embeddings)

    def as_json(self) -> dict[str, Any]:
        return {"queue": [asdict(one) for one in self.queue], "asked": self.asked, "embedded": self.embedded}


def _taken(queue: deque[Behaviour]) -> Behaviour:
    if not queue:
        return Behaviour()
    first = queue[0]
    first.count -= 1
    if first.count <= 0:
        queue.popleft()
    return first


def content_of(behaviour: Behaviour, body: dict[str, Any]) -> str:
    """What the model writes: JSON when it is asked for, a plain sentence otherwise."""
    if behaviour.kind == "broken_json":
        return '{"decision": "answer", "citations": ["F1"], "text": "Enviamos en'
    if behaviour.kind == "other_json":
        return '{"answer": "Enviamos a todo el país."}'
    if behaviour.kind == "say":
        return behaviour.text
    blocks = _blocks(body)
    said = _decided(behaviour, blocks)
    return json.dumps(said, ensure_ascii=False) if _wants_json(body) else str(said["text"]) or "OK"


def _decided(behaviour: Behaviour, blocks: dict[str, str]) -> dict[str, Any]:
    sources = _sources(blocks)
    question = blocks.get("question", "")
    best = _best(sources, question)
    order = _ORDER.search(question)
    if behaviour.kind == "obey" and order:
        first = [str(sources[0]["id"])] if sources else []
        return {"decision": "answer", "citations": first, "text": order.group(1)}
    if behaviour.kind == "unknown" or best is None:
        return {"decision": "unknown", "citations": [], "text": ""}
    if behaviour.kind == "wrong_citation":
        return {"decision": "answer", "citations": ["F99"], "text": best["answer"]}
    if behaviour.kind == "no_citation":
        return {"decision": "answer", "citations": [], "text": best["answer"]}
    if behaviour.kind == "invented_price":
        text = f"{best['answer']} Cuesta solo 3,99 €."
        return {"decision": "answer", "citations": [best["id"]], "text": text}
    if behaviour.kind == "too_long":
        return {"decision": "answer", "citations": [best["id"]], "text": " ".join([best["answer"]] * 60)}
    return {"decision": "answer", "citations": [best["id"]], "text": str(best["answer"])[:500]}


def _best(sources: list[dict[str, Any]], question: str) -> dict[str, Any] | None:
    """The source that shares most words with the question; None when none shares enough."""
    asked = words_of(question)
    scored = [
        (len(asked & words_of(" ".join([source["title"], *source.get("phrasings", []), source["answer"]]))), -n, source)
        for n, source in enumerate(sources)
    ]
    if not scored or not asked:
        return None
    shared, _, best = max(scored, key=lambda each: each[:2])
    return best if shared and shared / len(asked) >= 0.3 else None


def words_of(text: str) -> set[str]:
    """Its telling words by their beginnings, without accents."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return {word[:5] for word in re.findall(r"[a-z0-9]+", plain) if len(word) > 2 and word not in _COMMON}


def _sources(blocks: dict[str, str]) -> list[dict[str, Any]]:
    try:
        return json.loads(blocks.get("sources", "[]"))
    except ValueError:
        return []


def _blocks(body: dict[str, Any]) -> dict[str, str]:
    texts = [str(message.get("content") or "") for message in body.get("messages", []) if message.get("role") == "user"]
    found = {name: inside for text in texts for name, inside in _BLOCK.findall(text)}
    if "question" not in found and texts:
        found["question"] = texts[-1]
    return found


def _wants_json(body: dict[str, Any]) -> bool:
    system = " ".join(str(m.get("content")) for m in body.get("messages", []) if m.get("role") == "system")
    return "response_format" in body or "JSON schema" in system
