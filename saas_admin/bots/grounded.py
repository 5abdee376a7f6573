"""An answer of the model that rests on the company's FAQs, or a refusal: there is no third end.

The model is asked for a decision, citations and a text; what it says is then checked here (`guard`), sentence by sentence.
Streamed, a sentence is released once it is whole and has passed; the first that does not pass ends the stream and refuses
all of it. Whoever shows the pieces takes them back on a Refusal: they are a preview, nothing of them is stored.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, cast

from pydantic_core import from_json

from saas_admin.adapters.llm.base import (
    MOST_SECONDS,
    Chat,
    ChatAnswer,
    ChatMessage,
    ChatRequest,
    LlmError,
    LlmTrouble,
    ToolCall,
)
from saas_admin.bots.guard import MOST_CHARACTERS, Basis, RefusalCode, forbidden_topic, sentences
from saas_admin.bots.prompt import FaqSource, Said, Turn, fenced_json, sources_text, system_text, user_text
from saas_admin.bots.tools import MOST_CALLS, MOST_ROUNDS, Toolbox, ToolUse

__all__ = ["FaqSource", "Grounded", "GroundedRequest", "Refusal", "Turn", "answer", "stream"]

_MOST_TOKENS = 450


@dataclass(frozen=True)
class GroundedRequest:
    questions: Sequence[str]
    """What the customer wrote since the last answer."""
    sources: Sequence[FaqSource]
    history: Sequence[Turn] = ()
    persona: str = ""
    address_form: str = "tu"
    language: str = "es"
    """Of the answer and of the sources it may cite: words are compared, never translated."""
    forbidden_topics: Sequence[str] = ()
    toolbox: Toolbox | None = None
    timeout: float = MOST_SECONDS


@dataclass(frozen=True)
class Cost:
    """Of all calls that an answer took."""

    model: str = ""
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    milliseconds: int = 0

    def plus(self, answer: ChatAnswer) -> "Cost":
        return Cost(
            answer.model or self.model,
            self.calls + 1,
            self.tokens_in + answer.tokens_in,
            self.tokens_out + answer.tokens_out,
            self.milliseconds + answer.milliseconds,
        )


@dataclass(frozen=True)
class Grounded:
    text: str
    citations: tuple[str, ...]
    """Ids of the FAQs it rests on; none where it asks back or only a tool was asked."""
    is_question: bool
    """It asks the customer back instead of answering."""
    cost: Cost
    tool_uses: tuple[ToolUse, ...] = ()


@dataclass(frozen=True)
class Refusal:
    code: RefusalCode | LlmTrouble
    detail: str
    """The words that were wrong, or the provider's, for the receipt."""
    text: str
    """What would have been said."""
    cost: Cost
    tool_uses: tuple[ToolUse, ...] = ()
    retry_after: float | None = None


Outcome = Grounded | Refusal
_Ask = Callable[[Chat, ChatRequest], Iterator[str | ChatAnswer]]


def answer(chat: Chat, request: GroundedRequest) -> Outcome:
    """The whole answer at once. Never raises for what the model or its server do."""
    *_, outcome = _talk(chat, request, _at_once)
    return cast(Outcome, outcome)


def stream(chat: Chat, request: GroundedRequest) -> Iterator[str | Outcome]:
    """Sentences as they pass, then the outcome. Joined they are its text."""
    return _talk(chat, request, lambda chat, wanted: chat.stream(wanted))


def _at_once(chat: Chat, wanted: ChatRequest) -> Iterator[str | ChatAnswer]:
    yield chat.complete(wanted)


def _talk(chat: Chat, request: GroundedRequest, ask: _Ask) -> Generator[str | Outcome]:
    talk = _Talk(request)
    try:
        if topic := next((t for q in request.questions if (t := forbidden_topic(q, request.forbidden_topics))), None):
            raise _Refused(RefusalCode.FORBIDDEN_TOPIC, topic)
        for left in range(MOST_ROUNDS, -1, -1):
            reader = _Reader(talk)
            pieces = ask(chat, talk.wanted(with_tools=left > 0))
            said = yield from _read(pieces, reader)
            talk.cost = talk.cost.plus(said)
            if not said.tool_calls:
                final = cast(Said, said.data)
                yield from reader.finish(final)
                yield reader.grounded(final)
                return
            if not left:
                raise _Refused(RefusalCode.TOO_MANY_ROUNDS)
            talk.use_tools(said)
    except _Refused as refused:
        yield Refusal(refused.code, refused.detail, refused.text, talk.cost, tuple(talk.uses))
    except LlmError as error:
        if error.answer:
            talk.cost = talk.cost.plus(error.answer)
        text = error.answer.text[:1000] if error.answer else ""
        yield Refusal(error.code, error.detail[:300], text, talk.cost, tuple(talk.uses), error.retry_after)


def _read(pieces: Iterator[str | ChatAnswer], reader: "_Reader") -> Generator[str, None, ChatAnswer]:
    try:
        for piece in pieces:
            if isinstance(piece, ChatAnswer):
                return piece
            yield from reader.take(piece)
    finally:
        if isinstance(pieces, Generator):
            pieces.close()
    raise LlmError(LlmTrouble.BROKEN_OUTPUT, "no answer at the end")


class _Refused(Exception):
    def __init__(self, code: RefusalCode, detail: str = "", text: str = "") -> None:
        super().__init__(code.value)
        self.code, self.detail, self.text = code, detail, text


@dataclass
class _Talk:
    """What has been said between us and the model so far."""

    request: GroundedRequest
    cost: Cost = field(default_factory=Cost)
    uses: list[ToolUse] = field(default_factory=list[ToolUse])
    results: dict[str, str] = field(default_factory=dict[str, str])
    """What tools said, by the id it is cited by."""
    tool_says: list[str] = field(default_factory=list[str])
    """The same in sentences."""

    def __post_init__(self) -> None:
        asked = self.request
        self.until = monotonic() + min(asked.timeout, MOST_SECONDS)
        self.sources = {f"F{n}": source for n, source in enumerate(asked.sources, 1)}
        self.system = system_text(
            language=asked.language, address_form=asked.address_form, forbidden=asked.forbidden_topics
        )
        first = user_text(self.sources, asked.questions, asked.history, asked.persona)
        self.messages = [ChatMessage("system", self.system), ChatMessage("user", first)]

    def wanted(self, *, with_tools: bool) -> ChatRequest:
        toolbox = self.request.toolbox
        left = self.until - monotonic()
        if left <= 0:
            raise LlmError(LlmTrouble.TIMEOUT, "the time for the answer is used up")
        tools = toolbox.specs if toolbox and with_tools else ()
        return ChatRequest(tuple(self.messages), Said, tools, _MOST_TOKENS, timeout=left)

    def use_tools(self, said: ChatAnswer) -> None:
        calls = said.tool_calls[:MOST_CALLS]
        self.messages.append(ChatMessage("assistant", said.text, calls))
        for call in calls:
            self.messages.append(ChatMessage("tool", self._result(call), tool_call_id=call.id))

    def _result(self, call: ToolCall) -> str:
        toolbox = self.request.toolbox
        if toolbox is None:
            raise _Refused(RefusalCode.TOO_MANY_ROUNDS, call.name[:64])
        result, use = toolbox.use(call)
        self.uses.append(use)
        if result.wants_person:
            raise _Refused(RefusalCode.WANTS_PERSON, call.arguments[:80])
        found = {f"F{n}": source for n, source in enumerate(result.sources, len(self.sources) + 1)}
        self.sources |= found
        if found:
            return fenced_json({"sources": sources_text(found)})
        if result.is_refused:
            return fenced_json(result.data)
        handle = f"T{len(self.results) + 1}"
        self.results[handle] = fenced_json(result.data)
        self.tool_says += result.says
        return fenced_json({"id": handle, "result": result.data})

    def basis(self, cited: Sequence[str], *, is_question: bool) -> Basis:
        """What a text with these citations may rest on; a question back, on all that was found."""
        unknown = next((handle for handle in cited if handle not in self.sources and handle not in self.results), None)
        if unknown is not None:
            raise _Refused(RefusalCode.FOREIGN_CITATION, unknown[:40])
        if not cited and not is_question:
            raise _Refused(RefusalCode.NO_CITATION)
        language = self.request.language
        if foreign := next((h for h in cited if h in self.sources and self.sources[h].language != language), None):
            raise _Refused(RefusalCode.OTHER_LANGUAGE, foreign)
        used = [source for handle, source in self.sources.items() if is_question or handle in cited]
        used = [source for source in used if source.language == language]
        request = self.request
        return Basis(
            says=[*(source.answer for source in used), *self.results.values(), *self.tool_says],
            titles=[source.title for source in used],
            asked=request.questions,
            language=language,
            forbidden=request.forbidden_topics,
            secret=[self.system, request.persona],
        )


class _Reader:
    """Reads the model's JSON while it comes and lets pass what has been checked."""

    def __init__(self, talk: _Talk) -> None:
        self._talk = talk
        self._raw = ""
        self._seen = 0
        """Letters of the text that were judged."""
        self._released = ""
        self._judged: tuple[str, list[str], str] | None = None
        """Decision, citations and text as far as they were judged while they came."""
        self._basis: Basis | None = None

    def take(self, piece: str) -> Iterator[str]:
        """More of the JSON; yields sentences that are whole and have passed."""
        self._raw += piece
        so_far = _partial(self._raw)
        # The text is judged by its citations: they have to be complete, so a text before them waits for the end.
        # What asks back is judged as a whole.
        if list(so_far) != ["decision", "citations", "text"] or so_far["decision"] != "answer":
            return
        whole = sentences(str(so_far["text"])[self._seen :])[:-1]
        for sentence in whole:
            yield from self._pass(sentence, so_far["decision"], so_far["citations"])
            self._judged = ("answer", so_far["citations"], str(so_far["text"])[: self._seen])

    def finish(self, said: Said) -> Iterator[str]:
        if said.decision == "unknown":
            raise _Refused(RefusalCode.UNKNOWN)
        if not said.text.strip():
            raise _Refused(RefusalCode.EMPTY)
        if said.decision == "clarify" and said.text.count("?") != 1:
            raise _Refused(RefusalCode.NO_QUESTION, text=said.text[:1000])
        if self._judged and self._judged != (said.decision, list(said.citations), said.text[: self._seen]):
            # A key that came twice: what was shown is not what it says in the end.
            raise _Refused(RefusalCode.FOREIGN_CITATION, text=said.text[:1000])
        for sentence in sentences(said.text[self._seen :]):
            yield from self._pass(sentence, said.decision, said.citations)
        if not self._released.strip():
            # A yes and nothing to it.
            raise _Refused(RefusalCode.CONTRADICTED, text=said.text[:1000])

    def grounded(self, said: Said) -> Grounded:
        talk = self._talk
        cited = dict.fromkeys(talk.sources[handle].id for handle in said.citations if handle in talk.sources)
        is_question = said.decision == "clarify"
        return Grounded(self._released, () if is_question else tuple(cited), is_question, talk.cost, tuple(talk.uses))

    def _pass(self, sentence: str, decision: str, citations: Sequence[str]) -> Iterator[str]:
        is_question = decision == "clarify"
        try:
            if self._basis is None:
                self._basis = self._talk.basis(citations, is_question=is_question)
            self._seen += len(sentence)
            clean = self._basis.without_blind_yes(self._basis.without_handles(sentence))
            if not clean.strip():
                return
            # The space behind the last sentence waits for the next one.
            joined = (self._released + clean) if self._released else clean.lstrip()
            if len(joined.strip()) > MOST_CHARACTERS:
                raise _Refused(RefusalCode.TOO_LONG_TEXT)
            if objection := self._basis.objection(clean, is_question=is_question, before=self._released):
                raise _Refused(*objection)
        except _Refused as refused:
            raise _Refused(refused.code, refused.detail, (self._released + sentence)[:1000]) from None
        piece = joined[len(self._released) :]
        self._released = joined
        yield piece


def _partial(raw: str) -> dict[str, Any]:
    """What there is of a JSON object that is still coming."""
    try:
        found = from_json(raw, allow_partial="trailing-strings")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
