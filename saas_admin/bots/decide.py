"""What the bot does with a question. The same for a customer and in the playground; nothing here writes anything.

The order: what was tapped, rules, the FAQ asked for, small talk, a likely wish for a person, the model or the closest
questions, a person. Each decision carries why it was made.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from saas_admin.adapters.channels.content import Choice, Choices
from saas_admin.bots import intents
from saas_admin.bots.answering.index import Ranking
from saas_admin.bots.answering.routes import CAUTIOUS_DIRECT_AT
from saas_admin.bots.intents import Intent
from saas_admin.bots.library import Known, Library, Shelf
from saas_admin.bots.phrases import say
from saas_admin.bots.setup import Setup
from saas_admin.core.ids import parse_id
from saas_admin.core.text import fold
from saas_admin.models.bot import Route

CHOICE = "faq:"
PERSON_CHOICE = "faq:person"
OFFERED = 3
SOURCES = 5
MOST_UNSURE = 2
"""Answers in a row that were no answer, before a person is asked."""
SAME_AGAIN = 2
"""The same FAQ so often in a row is a loop."""
_TITLE = 24


@dataclass(frozen=True)
class Turn:
    """A message of the thread so far, for the model."""

    is_customer: bool
    text: str


@dataclass(frozen=True)
class Question:
    texts: tuple[str, ...]
    """The messages nobody has answered yet, oldest first."""
    language: str
    tapped: str = ""
    """The id of an option that was tapped, as it came back."""
    offered: Choices | None = None
    """What the bot's last message offered: it may be answered with a number or its words."""
    has_file: bool = False
    history: tuple[Turn, ...] = ()
    answers: int = 0
    """Answers of the bot in this episode."""
    unsure: int = 0
    recent_faqs: tuple[UUID, ...] = ()
    """What was answered last, newest first."""

    @property
    def joined(self) -> str:
        return "\n".join(text for text in self.texts if text.strip())


@dataclass(frozen=True)
class Source:
    faq: Known
    score: float
    phrasing: str
    is_cited: bool = False


@dataclass(frozen=True)
class ModelAnswer:
    """What the model said, or why it said nothing: `failure` is a reason of the closed list."""

    text: str = ""
    cited: frozenset[str] = frozenset()
    is_question: bool = False
    failure: str = ""
    is_trouble: bool = False
    """It could not be asked, as against: it did not know, or said what it must not."""
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: int = 0
    details: dict[str, Any] = field(default_factory=dict[str, Any])


Model = Callable[[Question, Setup, list[Source]], ModelAnswer]


@dataclass(frozen=True)
class Decision:
    route: Route
    reason: str
    text: str = ""
    choices: Choices | None = None
    faq: Known | None = None
    probability: float | None = None
    sources: tuple[Source, ...] = ()
    encoders: str = ""
    model: ModelAnswer | None = None
    is_confirmation: bool = False
    milliseconds: int = 0
    steps: dict[str, float] = field(default_factory=dict[str, float])
    """What took how many milliseconds."""


def decide(question: Question, setup: Setup, library: Library, shelf: Shelf, model: Model | None = None) -> Decision:
    started = time.monotonic()
    decision = _Decider(question, setup, library, shelf, model).run()
    return replace(decision, milliseconds=round((time.monotonic() - started) * 1000))


@dataclass
class _Decider:
    question: Question
    setup: Setup
    library: Library
    shelf: Shelf
    model: Model | None

    def run(self) -> Decision:
        ruled = self._tapped() or self._rules()
        if ruled:
            return ruled
        started = time.monotonic()
        ranking = self._rank()
        steps = {"rank": _since(started)}
        sources = self._sources(ranking)
        found = self._found(ranking, sources) or self._small_talk() or self._middle(ranking, sources)
        return replace(
            found,
            probability=round(ranking.confidence, 4) if ranking.ranked else None,
            sources=found.sources or tuple(sources),
            encoders=self.shelf.encoders,
            steps=steps,
        )

    def _tapped(self) -> Decision | None:
        chosen = self._chosen()
        if chosen is None:
            return None
        if chosen == PERSON_CHOICE:
            return Decision(Route.PERSON, "asked")
        faq = self.shelf.faqs.get(parse_id(chosen.removeprefix(CHOICE)) or UUID(int=0))
        if faq is None:
            return None
        return Decision(Route.FAQ, "chosen", faq.answer, faq=faq, sources=(Source(faq, 1.0, faq.title, True),))

    def _chosen(self) -> str | None:
        """By its id, its number or its words: where buttons do not exist, people write `2`."""
        offered = self.question.offered
        if offered is None or (not self.question.texts and not self.question.tapped):
            return None
        if self.question.tapped and (option := offered.chosen(self.question.tapped)):
            return option.id
        said = fold(self.question.texts[-1]) if self.question.texts else ""
        for number, option in enumerate(offered.options, 1):
            if said and said in (str(number), fold(option.title), fold(option.description)):
                return option.id
        return None

    def _rules(self) -> Decision | None:
        if not self.question.joined:
            return Decision(Route.PERSON, "file" if self.question.has_file else "nothing_said")
        folded = f" {fold(self.question.joined)} "
        for topic in self.setup.forbidden_topics:
            if fold(topic) and f" {fold(topic)} " in folded:
                return Decision(Route.PERSON, "topic")
        heard = self._heard()
        if Intent.ANGER in heard:
            return Decision(Route.PERSON, "anger")
        if Intent.PERSON in heard:
            return Decision(Route.PERSON, "asked")
        if Intent.NOT_HELPED in heard and self.question.answers:
            return Decision(Route.PERSON, "not_helped")
        if self.question.answers >= self.setup.most_answers:
            return Decision(Route.PERSON, "limit")
        return None

    def _heard(self) -> set[Intent]:
        return {heard.intent for text in self.question.texts if (heard := intents.hear(text))}

    def _rank(self) -> Ranking:
        """Of several messages in a row, whichever is surest: the last alone, or all of them together."""
        asked = [self.question.joined]
        if len(self.question.texts) > 1:
            asked.append(self.question.texts[-1])
        kind, language = self.setup.channel_kind, self.question.language
        return max((self.shelf.ask(text, kind, language) for text in asked), key=lambda ranking: ranking.confidence)

    def _sources(self, ranking: Ranking) -> list[Source]:
        return [
            Source(self.shelf.faqs[UUID(scored.faq_id)], round(scored.score, 4), scored.phrasing)
            for scored in ranking.ranked[:SOURCES]
        ]

    def _found(self, ranking: Ranking, sources: list[Source]) -> Decision | None:
        """The FAQ itself, when it is sure enough."""
        if not sources or (ranking.route != "exact" and ranking.confidence < self._direct_at()):
            return None
        best = sources[0]
        recent = self.question.recent_faqs[:SAME_AGAIN]
        if len(recent) == SAME_AGAIN and set(recent) == {best.faq.id}:
            return Decision(Route.PERSON, "loop")
        if best.faq.is_sensitive:
            return self._by_model(sources) if self.model else Decision(Route.PERSON, "sensitive")
        route = Route.EXACT if ranking.route == "exact" else Route.FAQ
        cited = (replace(best, is_cited=True), *sources[1:])
        return Decision(route, "sure", best.faq.answer, faq=best.faq, sources=cited)

    def _direct_at(self) -> float:
        is_fitted = self.shelf.is_fitted(self.setup.channel_kind, self.question.language)
        return self.setup.direct_at if is_fitted else max(self.setup.direct_at, CAUTIOUS_DIRECT_AT)

    def _small_talk(self) -> Decision | None:
        heard, language, form = self._heard(), self.setup.speaks(self.question.language), self.setup.address_form
        for intent, phrase in (
            (Intent.IDENTITY, "identity"),
            (Intent.THANKS, "thanks"),
            (Intent.BYE, "bye"),
            (Intent.GREETING, "greeting"),
        ):
            if intent in heard:
                helped = intent in (Intent.THANKS, Intent.BYE) and intents.confirms(self.question.joined)
                return Decision(Route.SMALL_TALK, phrase, say(phrase, language, form), is_confirmation=helped)
        return None

    def _middle(self, ranking: Ranking, sources: list[Source]) -> Decision:
        if intents.asks_for_person(self.question.texts[-1], self.library.encoders) >= intents.SURE:
            return Decision(Route.PERSON, "asked")
        if not sources:
            return Decision(Route.PERSON, "no_faqs")
        if ranking.confidence < self.setup.person_at:
            return Decision(Route.PERSON, "low")
        return self._by_model(sources) if self.model else self._offer(sources, "middle")

    def _by_model(self, sources: list[Source]) -> Decision:
        assert self.model is not None  # noqa: S101 - both callers have looked
        said = self.model(self.question, self.setup, sources)
        if said.is_trouble:
            # Not its fault and not the customer's: as if there were no model.
            found = self._offer(sources, said.failure)
            return replace(found, model=said)
        if said.failure:
            return Decision(Route.PERSON, said.failure, model=said)
        cited = tuple(replace(source, is_cited=str(source.faq.id) in said.cited) for source in sources)
        return Decision(
            Route.MODEL, "clarify" if said.is_question else "grounded", said.text, sources=cited, model=said
        )

    def _offer(self, sources: list[Source], reason: str) -> Decision:
        """The closest questions to choose from; those that need a second look are not among them."""
        if self.question.unsure >= MOST_UNSURE:
            return Decision(Route.PERSON, "loop")
        if sources[0].faq.is_sensitive:
            # «¿Es alguna de estas?» without the one that was meant would lead somebody with an allergy astray.
            return Decision(Route.PERSON, "sensitive")
        shown = [source.faq for source in sources if not source.faq.is_sensitive][:OFFERED]
        language, form = self.setup.speaks(self.question.language), self.setup.address_form
        options = [_option(f"{CHOICE}{faq.id}", faq.title) for faq in shown]
        options.append(Choice(PERSON_CHOICE, say("offer_person", language)))
        choices = Choices(tuple(_distinct(options)), say("offer_opener", language))
        return Decision(Route.OFFER, reason, say("offer", language, form), choices)


def _option(choice_id: str, title: str) -> Choice:
    """A row of a list: what does not fit into its title is its description, whole."""
    if len(title) <= _TITLE:
        return Choice(choice_id, title)
    return Choice(choice_id, title[: _TITLE - 1].rstrip() + "…", title[:72])


def _distinct(options: list[Choice]) -> list[Choice]:
    seen: set[str] = set()
    kept: list[Choice] = []
    for number, option in enumerate(options, 1):
        title = option.title if option.title.lower() not in seen else f"{number}. {option.title}"[:_TITLE]
        seen.add(title.lower())
        kept.append(replace(option, title=title))
    return kept


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 1)
