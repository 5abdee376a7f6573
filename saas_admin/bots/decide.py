"""What the bot does with a question. The same for a customer and in the playground; nothing here writes anything.

The order: what was tapped, rules, the FAQ asked for, small talk, a likely wish for a person, the model or the closest
questions, a person. Each decision carries why it was made.
"""

import time
from dataclasses import dataclass, field, replace
from uuid import UUID

from saas_admin.bots import choosing, intents, small_talk
from saas_admin.bots.answering.index import Ranking
from saas_admin.bots.answering.routes import CAUTIOUS_DIRECT_AT
from saas_admin.bots.choosing import CHOICE, PERSON_CHOICE, Reply
from saas_admin.bots.decision import CLARIFY, GREETING, Decision, Model, ModelAnswer, Question, Source
from saas_admin.bots.guard import UNPROVEN, forbidden_topic
from saas_admin.bots.intents import Heard, Intent
from saas_admin.bots.library import QUESTION_SECONDS, Known, Library, Shelf
from saas_admin.bots.phrases import say
from saas_admin.bots.setup import Setup
from saas_admin.core.ids import parse_id
from saas_admin.core.text import fold
from saas_admin.models.bot import LIKELY_AT, Route

OFFERED = 3
SOURCES = 5
MOST_UNSURE = 2
"""Answers in a row that were no answer, before a person is asked."""
MOST_AT_ONCE = 5
"""Questions in a row that are each looked up by themselves; more are left to a person."""
SAME_AGAIN = 2
"""The same FAQ so often in a row is a loop."""
_COURTESIES = {
    Intent.IDENTITY: "identity",
    Intent.THANKS: "thanks",
    Intent.BYE: "bye",
    Intent.GREETING: GREETING,
}
"""What is said to each, in the order it is looked for."""
AS_CLOSE = 0.05
"""Likeness to the first source within which another may as well be meant."""


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
    until: float = field(default_factory=lambda: time.monotonic() + QUESTION_SECONDS)
    """Of several messages, those looked at later are compared by their words."""

    def run(self) -> Decision:
        ruled = self._chosen() or self._rules()
        if ruled:
            return ruled
        started = time.monotonic()
        asked = self._asked()
        exact = self._exact(asked)
        if not exact and (wish := self._wish(is_firm=True)):
            return wish
        if not asked:
            return self._small_talk()
        sure, rest = ([exact], []) if exact else self._judged(asked)
        found = self._of_the_rest(rest) if rest else self._answer(sure)
        if sure and rest:
            said = self._answer(sure)
            found = replace(found, faqs=(*said.faqs, *found.faqs), sources=(*said.sources, *found.sources))
        ranked = round(_since(started) - sum(found.steps.values()), 1)
        return replace(found, encoders=self.shelf.encoders, steps={"rank": ranked, **found.steps})

    def _asked(self) -> list[str]:
        """The messages that are more than a greeting or thanks."""
        return [text for text in self.question.texts if text.strip() and not _is_courtesy(text)]

    def _exact(self, asked: list[str]) -> Ranking | None:
        """Letter by letter what the shop has published: no rule knows better what is meant."""
        if len(asked) != 1 or self.shelf.folded.isdisjoint(
            {fold(asked[0]), fold(small_talk.without_courtesies(asked[0]))}
        ):
            return None
        ranking = self._ask(asked[0])
        return ranking if ranking.route == "exact" and self._may_say(ranking) else None

    def _judged(self, asked: list[str]) -> tuple[list[Ranking], list[str]]:
        """Several messages in a row: what is sure of them, each by itself, and the questions that are left. What is one
        question in pieces is left whole."""
        if len(asked) == 1:
            return [], asked
        rankings = {text: self._ask(text) for text in asked[:MOST_AT_ONCE]}
        sure = {
            text: ranking for text, ranking in rankings.items() if self._is_sure(ranking) and self._may_say(ranking)
        }
        rest = [text for text in asked if text not in sure and _is_question(text)]
        if not sure:
            return [], asked
        if rest or len(sure) > 1:
            return list(sure.values()), rest
        # What stands beside the one question may say more closely what is meant: «estoy en Canarias».
        whole = self._ask("\n".join(asked))
        is_closer = self._is_sure(whole) and self._may_say(whole)
        return [max([*sure.values(), *([whole] if is_closer else [])], key=lambda ranking: ranking.confidence)], []

    def _answer(self, sure: list[Ranking]) -> Decision:
        """The FAQs themselves, in the order they were asked for."""
        best = {source.faq.id: source for ranking in reversed(sure) for source in self._sources(ranking)[:1]}
        cited = tuple(replace(source, is_cited=True) for source in reversed(best.values()))
        if len(sure) == 1:
            route = Route.EXACT if sure[0].route == "exact" else Route.FAQ
            others = tuple(self._sources(sure[0])[1:])
            return Decision(route, "sure", faqs=(cited[0].faq,), sources=(*cited, *others), probability=_of(sure[0]))
        faqs = tuple(source.faq for source in cited)
        least = min(sure, key=lambda ranking: ranking.confidence)
        return Decision(Route.FAQ, "several", faqs=faqs, sources=cited, probability=_of(least))

    def _of_the_rest(self, rest: list[str]) -> Decision:
        ranking = self._rank(rest)
        sources = self._sources(ranking)
        found = self._found(ranking, sources, rest) or self._middle(ranking, sources, rest)
        return replace(
            found,
            probability=_of(ranking) if ranking.ranked else None,
            sources=found.sources or tuple(sources),
        )

    def _chosen(self) -> Decision | None:
        """What was tapped, or written instead: where buttons do not exist, people write `2`, or «ninguna»."""
        found = self._reply_to_offer()
        if found is Reply.NONE:
            return Decision(Route.PERSON, "none_fits")
        if found is Reply.ONE:
            return self._ask_which()
        if not found:
            return None
        if found == PERSON_CHOICE:
            return Decision(Route.PERSON, "asked")
        faq = self.shelf.faqs.get(parse_id(found.removeprefix(CHOICE)) or UUID(int=0))
        if faq is None:
            return None
        if faq.is_sensitive:
            # It was marked since it was offered.
            return Decision(Route.PERSON, "sensitive")
        return Decision(Route.FAQ, "chosen", faqs=(faq,), sources=(Source(faq, 1.0, faq.title, True),))

    def _ask_which(self) -> Decision:
        if self.question.unsure >= MOST_UNSURE:
            return Decision(Route.PERSON, "loop")
        text = say("which", self.setup.speaks(self.question.language), self.setup.address_form)
        return Decision(Route.OFFER, "which", text, self.question.offered)

    def _reply_to_offer(self) -> str | Reply | None:
        """The id of an option, or what was said to all of them."""
        tapped, texts, offered = self.question.tapped, self.question.texts, self.question.offered
        if tapped.startswith(CHOICE):
            # Of an older list too: it is still on the customer's screen.
            return tapped
        if offered is None:
            return None
        if tapped and (option := offered.chosen(tapped)):
            return option.id
        found = choosing.read(texts[-1], offered) if texts else None
        if isinstance(found, Reply):
            # Beside a question it says nothing by itself.
            return found if len(texts) == 1 else None
        return found.id if found else None

    def _rules(self) -> Decision | None:
        """What is a person's whatever was asked."""
        if self.question.has_file:
            # Whatever is written beside it: somebody has to look at it.
            return Decision(Route.PERSON, "file")
        if any(forbidden_topic(text, self.setup.forbidden_topics) for text in self.question.texts):
            return Decision(Route.PERSON, "topic")
        if self.question.answers >= self.setup.most_answers:
            return self._wish(is_firm=True) or Decision(Route.PERSON, "limit")
        return None

    def _wish(self, *, is_firm: bool) -> Decision | None:
        """Anger, or a wish for a person. One that may be a question of the shop's trade waits until no FAQ is sure."""
        heard = {heard.intent for heard in self._heard() if heard.is_firm or not is_firm}
        if Intent.ANGER in heard:
            return Decision(Route.PERSON, "anger")
        if Intent.PERSON in heard:
            return Decision(Route.PERSON, "asked")
        if Intent.NOT_HELPED in heard and self.question.answers:
            return Decision(Route.PERSON, "not_helped")
        return None

    def _heard(self) -> list[Heard]:
        return [heard for text in self.question.texts if (heard := intents.hear(text))]

    def _rank(self, texts: list[str]) -> Ranking:
        """Of several messages in a row, whichever is surest: the last alone, or all of them together."""
        asked = dict.fromkeys(["\n".join(texts), texts[-1]])
        return max(map(self._ask, asked), key=lambda ranking: ranking.confidence)

    def _ask(self, text: str) -> Ranking:
        return self.shelf.ask(text, self.setup.channel_kind, self.question.language, self.until)

    def _sources(self, ranking: Ranking) -> list[Source]:
        return [
            Source(self.shelf.faqs[UUID(scored.faq_id)], round(scored.score, 4), scored.phrasing)
            for scored in ranking.ranked[:SOURCES]
        ]

    def _found(self, ranking: Ranking, sources: list[Source], texts: list[str]) -> Decision | None:
        """The FAQ itself, when it is sure enough."""
        if not self._is_sure(ranking):
            return None
        best = sources[0].faq
        if self._is_loop(best):
            return Decision(Route.PERSON, "loop")
        if best.is_sensitive:
            if self.model:
                return self._by_model(sources, texts, ranking.confidence)
            return Decision(Route.PERSON, "sensitive")
        return self._answer([ranking])

    def _may_say(self, ranking: Ranking) -> bool:
        best = self.shelf.faqs[UUID(ranking.ranked[0].faq_id)]
        return not best.is_sensitive and not self._is_loop(best)

    def _is_loop(self, faq: Known) -> bool:
        recent = self.question.recent_faqs[:SAME_AGAIN]
        return len(recent) == SAME_AGAIN and set(recent) == {faq.id}

    def _is_sure(self, ranking: Ranking) -> bool:
        return bool(ranking.ranked) and (ranking.route == "exact" or ranking.confidence >= self._direct_at())

    def _direct_at(self) -> float:
        is_fitted = self.shelf.is_fitted(self.setup.channel_kind, self.question.language)
        return self.setup.direct_at if is_fitted else max(self.setup.direct_at, CAUTIOUS_DIRECT_AT)

    def _small_talk(self) -> Decision:
        language, form = self.setup.speaks(self.question.language), self.setup.address_form
        heard = {heard.intent for heard in self._heard()}
        if "?" in self.question.joined and not heard:
            return Decision(Route.PERSON, "nothing_said")
        if small_talk.disapproves(self.question.joined) and self.question.answers:
            return Decision(Route.PERSON, "not_helped")
        if small_talk.is_angry(self.question.joined):
            return Decision(Route.PERSON, "anger")
        if not heard:
            # A sticker, or marks alone, says nothing that has to be answered.
            return Decision(Route.NONE, "acknowledged")
        for intent, phrase in _COURTESIES.items():
            if intent in heard:
                helped = intent in (Intent.THANKS, Intent.BYE) and intents.confirms(self.question.joined)
                if intent is Intent.THANKS and not intents.thanks(self.question.joined):
                    phrase = "noted"
                text = (
                    f"{say('hello', language)} {say('help', language, form)}"
                    if phrase == GREETING
                    else say(phrase, language, form)
                )
                if intent is Intent.IDENTITY and self.question.is_introduced:
                    # Else it is said anyway.
                    text = f"{self.setup.introduction(language)} {text}"
                return Decision(Route.SMALL_TALK, phrase, text, is_confirmation=helped)
        raise AssertionError("what is no question is a courtesy")

    def _middle(self, ranking: Ranking, sources: list[Source], texts: list[str]) -> Decision:
        if wish := self._wish(is_firm=False):
            return wish
        meant = intents.meant(texts[-1], self.library.encoders)
        if meant is Intent.PERSON:
            return Decision(Route.PERSON, "asked")
        if meant is Intent.PRAISE and len(texts) == 1:
            language, form = self.setup.speaks(self.question.language), self.setup.address_form
            return Decision(Route.SMALL_TALK, "praise", say("praise", language, form))
        if not sources:
            return Decision(Route.PERSON, "no_faqs")
        if ranking.confidence < self.setup.person_at:
            return Decision(Route.PERSON, "low")
        if self.model:
            return self._by_model(sources, texts, ranking.confidence)
        return self._offer(sources, "middle", ranking.confidence)

    def _by_model(self, sources: list[Source], texts: list[str], confidence: float) -> Decision:
        assert self.model is not None  # noqa: S101 - both callers have looked
        started = time.monotonic()
        said = self.model(replace(self.question, texts=tuple(texts)), self.setup, sources)
        steps = {"model": _since(started)}
        return replace(self._weighed(said, sources, confidence), model=said, steps=steps)

    def _weighed(self, said: ModelAnswer, sources: list[Source], confidence: float) -> Decision:
        if said.is_trouble or said.failure in UNPROVEN:
            # As if there were no model: it did not answer, or holds the sources for an answer, in words that prove nothing.
            return self._offer(sources, said.failure, confidence)
        if said.failure:
            return Decision(Route.PERSON, said.failure)
        cited = tuple(replace(source, is_cited=str(source.faq.id) in said.cited) for source in sources)
        return Decision(Route.MODEL, CLARIFY if said.is_question else "grounded", said.text, sources=cited)

    def _offer(self, sources: list[Source], reason: str, confidence: float) -> Decision:
        """The closest questions to choose from; those that need a second look are not among them."""
        if self.question.unsure >= MOST_UNSURE:
            return Decision(Route.PERSON, "loop")
        if any(source.faq.is_sensitive and sources[0].score - source.score <= AS_CLOSE for source in sources[:OFFERED]):
            # «¿Es alguna de estas?» without the one that was meant would lead somebody with an allergy astray.
            return Decision(Route.PERSON, "sensitive")
        shown = [(source.faq.id, source.faq.title) for source in sources if not source.faq.is_sensitive][:OFFERED]
        language, form = self.setup.speaks(self.question.language), self.setup.address_form
        choices = choosing.listed(shown, say("offer_person", language), say("offer_opener", language))
        words = "offer_likely" if confidence >= LIKELY_AT else "offer"
        return Decision(Route.OFFER, reason, say(words, language, form), choices)


def is_small_talk(question: Question) -> bool:
    """Whether nothing in it has to be looked up."""
    return bool(question.texts) and all(_is_courtesy(text) for text in question.texts)


def _is_courtesy(text: str) -> bool:
    heard = intents.hear(text)
    return (heard is not None and heard.intent in _COURTESIES) or not fold(text)


def _is_question(text: str) -> bool:
    """Words enough to be asked by themselves: `tienen`, `para espresso` and `y cuanto cuesta` are pieces of a question."""
    words = fold(text).split()
    return len(words) >= (5 if words[0] == "y" else 2 if "?" in text else 3)


def _of(ranking: Ranking) -> float:
    return round(ranking.confidence, 4)


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 1)
