"""What the bot does with a question. The same for a customer and in the playground; nothing here writes anything.

The order: what was tapped, rules, the FAQ asked for, small talk, a likely wish for a person, the model or the closest
questions, a person. Each decision carries why it was made.
"""

import time
from dataclasses import dataclass, field, replace
from uuid import UUID

from saas_admin.bots import asked, choosing, courtesies, health, intents, small_talk
from saas_admin.bots.answering.index import Ranking
from saas_admin.bots.answering.routes import CAUTIOUS_DIRECT_AT
from saas_admin.bots.choosing import CHOICE, PERSON_CHOICE, Reply
from saas_admin.bots.courtesies import is_courtesy
from saas_admin.bots.decision import CLARIFY, Decision, Model, ModelAnswer, Question, Source
from saas_admin.bots.guard import UNPROVEN, forbidden_topic
from saas_admin.bots.intents import Intent
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
_WISHES = {
    Intent.HARM: "harm",
    Intent.ANGER: "anger",
    Intent.PERSON: "asked",
    Intent.NOT_HELPED: "not_helped",
}
"""Why a person is called, in the order it is looked for."""
AS_CLOSE = 0.05
"""Likeness to the first source within which another may as well be meant."""
APART = 0.15
"""Likeness by which the first must lead where only half a question is asked."""
TALK_BELOW = 0.3
"""Probability of every FAQ below which words that sound like talk are talk."""
MOST_WORDS = 4
"""Of a statement that is asked about once before somebody has to look at it."""
ALIKE = 0.3
"""Likeness from which a question has something to do with a source."""


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
        questions = asked.questions(self.question, self.setup)
        exact = self._exact(questions)
        if not exact and (wish := self._wish(is_firm=True)):
            return wish
        if not questions:
            return courtesies.answer(self.question, self.setup)
        sure, rest = ([exact], []) if exact else self._judged(questions)
        found = self._of_the_rest(rest) if rest else self._answer(sure)
        if sure and rest:
            found = self._joined(self._answer(sure), found)
        ranked = round(_since(started) - sum(found.steps.values()), 1)
        return replace(found, encoders=self.shelf.encoders, steps={"rank": ranked, **found.steps})

    def _joined(self, said: Decision, found: Decision) -> Decision:
        """What is sure, and what becomes of the rest."""
        if found.route in (Route.SMALL_TALK, Route.NONE):
            # The rest asked for nothing.
            return said
        return replace(found, faqs=(*said.faqs, *found.faqs), sources=(*said.sources, *found.sources))

    def _exact(self, questions: list[str]) -> Ranking | None:
        """Letter by letter what the shop has published: no rule knows better what is meant."""
        if len(questions) != 1 or self.shelf.folded.isdisjoint(
            {fold(questions[0]), fold(small_talk.without_courtesies(questions[0]))}
        ):
            return None
        ranking = self._ask(questions[0])
        return ranking if ranking.route == "exact" and self._may_say(ranking) else None

    def _judged(self, questions: list[str]) -> tuple[list[Ranking], list[str]]:
        """Several questions in a row: what is sure of them, each by itself, and those that are left. What is one question in
        pieces is left whole."""
        if len(questions) == 1:
            return [], questions
        rankings = {text: self._ask(text) for text in questions[:MOST_AT_ONCE]}
        sure = {
            text: ranking
            for text, ranking in rankings.items()
            if self._is_sure(ranking, text) and self._may_say(ranking)
        }
        known = {word for ranking in sure.values() for word in fold(self._best(ranking).text).split()}
        rest = [text for text in questions if text not in sure and asked.is_question(text, known)]
        if not sure:
            return [], questions
        if rest or len(sure) > 1:
            return list(sure.values()), rest
        # What stands beside the one question may say more closely what is meant: «estoy en Canarias».
        whole = self._ask("\n".join(questions))
        is_closer = self._is_sure(whole, "\n".join(questions)) and self._may_say(whole)
        return [max([*sure.values(), *([whole] if is_closer else [])], key=lambda ranking: ranking.confidence)], []

    def _best(self, ranking: Ranking) -> Known:
        return self.shelf.faqs[UUID(ranking.ranked[0].faq_id)]

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
        if PERSON_CHOICE in found:
            return Decision(Route.PERSON, "asked")
        faqs = [self.shelf.faqs.get(parse_id(each.removeprefix(CHOICE)) or UUID(int=0)) for each in found]
        there = tuple(faq for faq in faqs if faq)
        if not there:
            return None
        if any(faq.is_sensitive for faq in there):
            # It was marked since it was offered.
            return Decision(Route.PERSON, "sensitive")
        return Decision(
            Route.FAQ, "chosen", faqs=there, sources=tuple(Source(faq, 1.0, faq.title, True) for faq in there)
        )

    def _ask_which(self) -> Decision:
        if self.question.unsure >= MOST_UNSURE:
            return Decision(Route.PERSON, "loop")
        text = say("which", self.setup.speaks(self.question.language), self.setup.address_form)
        return Decision(Route.OFFER, "which", text, self.question.offered, is_lost=True)

    def _reply_to_offer(self) -> list[str] | Reply | None:
        """The ids of options, or what was said to all of them."""
        tapped, texts, offered = self.question.tapped, self.question.texts, self.question.offered
        if tapped.startswith(CHOICE):
            # Of an older list too: it is still on the customer's screen.
            return [tapped]
        if offered is None:
            before = self.question.offered_before
            return [option.id for option in choosing.placed(texts[-1], before)] if before and texts else None
        if tapped and (option := offered.chosen(tapped)):
            return [option.id]
        found = choosing.read(texts[-1], offered) if texts else []
        if isinstance(found, Reply):
            # Beside a question it says nothing by itself.
            return found if len(texts) == 1 else None
        return [option.id for option in found]

    def _rules(self) -> Decision | None:
        """What is a person's whatever was asked."""
        if self.question.has_file:
            # Whatever is written beside it: somebody has to look at it.
            return Decision(Route.PERSON, "file")
        if any(forbidden_topic(text, self.setup.forbidden_topics) for text in self.question.texts):
            return Decision(Route.PERSON, "topic")
        if self.question.answers >= self.setup.most_answers:
            if wish := self._wish(is_firm=True):
                return wish
            # Thanks are no reason to call anybody; nor are they answered for ever, to a machine that says them too.
            is_over = is_small_talk(self.question, self.setup)
            return Decision(Route.NONE, "acknowledged") if is_over else Decision(Route.PERSON, "limit")
        return None

    def _wish(self, *, is_firm: bool) -> Decision | None:
        """Anger, or a wish for a person. One that may be a question of the shop's trade waits until no FAQ is sure."""
        heard = courtesies.heard(self.question, self.setup)
        intended = {each.intent for each in heard if each.is_firm or not is_firm}
        if not is_firm and not self.question.answers:
            # «no me funciona» is said of an answer only where there was one.
            intended.discard(Intent.NOT_HELPED)
        return next((Decision(Route.PERSON, reason) for intent, reason in _WISHES.items() if intent in intended), None)

    def _rank(self, texts: list[str]) -> Ranking:
        """Of several messages in a row, whichever is surest: the last alone, or all of them together; what answers a question
        of ours with what it is about."""
        said = dict.fromkeys(["\n".join(texts), texts[-1]])
        if self.question.is_asked_back and self.question.former:
            said["\n".join([self.question.former, *texts])] = None
        return max(map(self._ask, said), key=lambda ranking: ranking.confidence)

    def _ask(self, text: str) -> Ranking:
        return self.shelf.ask(text, self.setup.channel_kind, self.question.language, self.until)

    def _sources(self, ranking: Ranking) -> list[Source]:
        return [
            Source(self.shelf.faqs[UUID(scored.faq_id)], round(scored.score, 4), scored.phrasing)
            for scored in ranking.ranked[:SOURCES]
        ]

    def _found(self, ranking: Ranking, sources: list[Source], texts: list[str]) -> Decision | None:
        """The FAQ itself, when it is sure enough."""
        if not self._is_sure(ranking, "\n".join(texts)):
            return None
        best = sources[0].faq
        if before := self._goes_on(ranking, texts):
            known = [before, *(each for each in sources if each.faq != before.faq)]
            return self._by_model(known, texts, LIKELY_AT) if self.model else self._offer(known, "follows", LIKELY_AT)
        if self._is_loop(best):
            return Decision(Route.PERSON, "loop")
        if best.is_sensitive:
            if self.model:
                return self._by_model(sources, texts, ranking.confidence)
            return Decision(Route.PERSON, "sensitive")
        return self._answer([ranking])

    def _goes_on(self, ranking: Ranking, texts: list[str]) -> Source | None:
        """The FAQ that was said last, where these words may ask more about it: «¿y cuánto tarda?» after «¿envían a México?»."""
        last = self._last()
        if last is None or len(texts) != 1 or last == self._best(ranking) or last.is_sensitive:
            return None
        known = fold(last.text).split()
        if not self.question.former or any(word not in known for word in asked.own_words(texts[0])):
            return None
        joined = self._ask(f"{self.question.former}\n{texts[0]}")
        return self._sources(joined)[0] if joined.ranked and self._best(joined) == last else None

    def _last(self) -> Known | None:
        """What was spoken of last: the first of a list that nobody chose from, or what was answered."""
        listed = self.question.offered.options[0].id.removeprefix(CHOICE) if self.question.offered else ""
        faq_id = parse_id(listed) or next(iter(self.question.recent_faqs), None)
        return self.shelf.faqs.get(faq_id) if faq_id else None

    def _may_say(self, ranking: Ranking) -> bool:
        best = self._best(ranking)
        return not best.is_sensitive and not self._is_loop(best)

    def _is_loop(self, faq: Known) -> bool:
        recent = self.question.recent_faqs[:SAME_AGAIN]
        return len(recent) == SAME_AGAIN and set(recent) == {faq.id}

    def _is_sure(self, ranking: Ranking, said: str) -> bool:
        if not ranking.ranked:
            return False
        if ranking.route == "exact":
            return True
        best, *others = ranking.ranked
        is_open = asked.is_elliptic(said) and bool(others) and best.score - others[0].score < APART
        return ranking.confidence >= self._direct_at() and not is_open and not asked.is_contrary(said, best.phrasing)

    def _direct_at(self) -> float:
        is_fitted = self.shelf.is_fitted(self.setup.channel_kind, self.question.language)
        return self.setup.direct_at if is_fitted else max(self.setup.direct_at, CAUTIOUS_DIRECT_AT)

    def _middle(self, ranking: Ranking, sources: list[Source], texts: list[str]) -> Decision:
        said = "\n".join(texts)
        if found := self._wish(is_firm=False) or self._no_question(ranking, texts):
            return found
        if not sources:
            return Decision(Route.PERSON, "no_faqs")
        if health.of_body(fold(said)) - health.of_body(fold(sources[0].faq.text)):
            # Whether it does somebody good is told only by who speaks of it.
            return Decision(Route.PERSON, "health")
        if ranking.confidence < self.setup.person_at:
            is_short = asked.tells(said) and len(fold(said).split()) <= MOST_WORDS
            if is_short and not self.question.unsure:
                return courtesies.clarify(self.question, self.setup)
            return Decision(Route.PERSON, "low")
        if self._is_pointed_at(ranking):
            return Decision(Route.FAQ, "chosen", faqs=(sources[0].faq,))
        if before := self._goes_on(ranking, texts):
            sources = [before, *(each for each in sources if each.faq != before.faq)]
        if self.model:
            return self._by_model(sources, texts, ranking.confidence)
        return self._offer(sources, "middle", ranking.confidence)

    def _no_question(self, ranking: Ranking, texts: list[str]) -> Decision | None:
        """What no rule foresaw and is none all the same: an angry face, details, kind words, thanks."""
        said = "\n".join(texts)
        if small_talk.is_angry(self.question.joined):
            return Decision(Route.PERSON, "anger")
        if self.question.answers and asked.gives_details(said):
            # The shop has to look it up: no FAQ can do it.
            return Decision(Route.PERSON, "details")
        meant = intents.meant(texts[-1], self.library.encoders)
        if meant and meant in _WISHES:
            return Decision(Route.PERSON, _WISHES[meant])
        if len(texts) > 1:
            return None
        if meant is Intent.PRAISE:
            return courtesies.praise(self.question, self.setup)
        return self._statement(ranking, said, meant)

    def _statement(self, ranking: Ranking, said: str, meant: Intent | None) -> Decision | None:
        """Thanks, what a FAQ asked for, and talk: nothing a FAQ is near to."""
        if ranking.confidence < LIKELY_AT and asked.only_thanks(said):
            return courtesies.thanks(self.question, self.setup)
        if self._tells_what_was_asked(ranking, said):
            return Decision(Route.PERSON, "details")
        if meant is Intent.TALK and ranking.confidence < TALK_BELOW and asked.tells(said) and not asked.objects(said):
            return courtesies.talk(self.question, self.setup)
        return None

    def _tells_what_was_asked(self, ranking: Ranking, said: str) -> bool:
        """«Antonio Ruiz» after «dinos tu nombre»."""
        last = self._last()
        is_asked = last is not None and self.question.offered is None and asked.wants_to_know(last.answer)
        return is_asked and asked.gives(said) and ranking.confidence < LIKELY_AT

    def _is_pointed_at(self, ranking: Ranking) -> bool:
        """«la del horario»: of the list just shown, in words of the customer's own."""
        offered = self.question.offered.options if self.question.offered else ()
        best = self._best(ranking)
        is_shown = any(option.id == f"{CHOICE}{best.id}" for option in offered)
        is_likely = ranking.confidence >= LIKELY_AT and not best.is_sensitive
        return is_shown and is_likely and choosing.points(self.question.texts[-1])

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
        if said.is_question:
            return Decision(Route.MODEL, CLARIFY, said.text, sources=cited, is_lost=True)
        return Decision(Route.MODEL, "grounded", said.text, sources=cited)

    def _offer(self, sources: list[Source], reason: str, confidence: float) -> Decision:
        """The closest questions to choose from; those that need a second look are not among them."""
        if self.question.unsure >= MOST_UNSURE:
            return Decision(Route.PERSON, "loop")
        close = [each for each in sources[:OFFERED] if sources[0].score - each.score <= AS_CLOSE]
        if any(each.faq.is_sensitive and each.score >= ALIKE for each in close):
            # «¿Es alguna de estas?» without the one that was meant would lead somebody with an allergy astray.
            return Decision(Route.PERSON, "sensitive")
        shown = [(source.faq.id, source.faq.title) for source in sources if not source.faq.is_sensitive][:OFFERED]
        language, form = self.setup.speaks(self.question.language), self.setup.address_form
        choices = choosing.listed(shown, say("offer_person", language), say("offer_opener", language))
        is_likely = confidence >= LIKELY_AT
        # Another list, and a likely one, is a step on.
        is_lost = not is_likely or choices == self.question.offered
        words = say("offer_likely" if is_likely else "offer", language, form)
        return Decision(Route.OFFER, reason, words, choices, is_lost=is_lost)


def is_small_talk(question: Question, setup: Setup) -> bool:
    """Whether nothing in it has to be looked up."""
    return bool(question.texts) and all(is_courtesy(text, setup) for text in question.texts)


def _of(ranking: Ranking) -> float:
    return round(ranking.confidence, 4)


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 1)
