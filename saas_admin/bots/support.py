"""Whether a sentence says what its sources say, and nothing else.

Every word that claims something has to stand in the sources in some form, be said yes or no to as it is there, and go with
what it goes with there. Deliberately narrow: a sentence that is right but worded too freely goes to a person.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from saas_admin.bots.facts import claimed, days_in, hours_in, proven_by
from saas_admin.bots.kin import all_forms, forms
from saas_admin.bots.minimums import Minimums
from saas_admin.bots.pairing import Pairing
from saas_admin.bots.pieces import names_in, value_parts
from saas_admin.bots.plain import folded, words_of
from saas_admin.bots.polarity import (
    NEW_SUBJECT,
    Clause,
    breaths,
    clauses,
    has_yes,
    is_fragment,
    only_agrees,
    opens_with_no,
    opens_with_yes,
    opposes,
    says_yes,
    telling,
    without_yes,
)
from saas_admin.bots.promises import Promises, promised_in
from saas_admin.bots.small_words import VERBS, claims_something

_OPEN_QUESTION = re.compile(
    r"^\W*(?:(?:a|de|en|con|por|para|desde|hasta|sobre|from|in|at|for|to)\s+)?(?:partir de\s+)?"
    r"(?:que|cual|cuales|como|cuando|cuanto|cuanta|cuantos|cuantas|donde|quien|quienes|what|which|how|when|where|who|why"
    r"|qual|quais|quando|quanto|quanta|onde|quem)\b"
)
_MAY = re.compile(
    r"^\W*(?:tienes|tenes|tiene|teneis|tienen|puedes|podes|puede|podeis|pueden|you (?:can|have)|voce (?:tem|pode))\b"
)
_INFINITIVE = re.compile(r"\b\w+[aei]r\b")
_OR = re.compile(r"\b(?:o|u|or|ou)\b")
_AND_VERB = re.compile(rf"\s(?:y|e|and)\s+(?=(?:{'|'.join(sorted(VERBS))})\b|{NEW_SUBJECT})")
_PART = re.compile(r"[,.;\n]|\s(?:y|and|e)\s(?=(?:los|el|on|aos)\s)|\s(?=(?:pero|but|mas|excepto|salvo|except)\s)")
_SHUT = re.compile(r"\b(?:cerra\w*|cierr\w*|closed?|fecha\w*|excepto|salvo|except)\b")
_COMMA_SHUT = re.compile(r",(?= (?:cerrad[oa]s?|closed|fechad[oa])\b)")
_NO = re.compile(r"\b(?:no|nunca|tampoco|not|never|nao)\b|n't\b")
_WAIVES = re.compile(
    r"\b(?:no|ni|nao) (?:(?:te|le|os|les|me|lhe) )?(?:hace falta|hacen falta|es necesari[oa]|son necesari[oa]s|necesit\w+"
    r"|(?:tienes|tiene|teneis|tienen|tenes|hay) que|precisa|e necessario)\b|\bsin (?:necesidad|tener) (?:de|que)\b"
    r"|\bno need\b|\b(?:do not|don't) (?:need|have) to\b"
)
"""What the customer is spared: of the shop's conditions none is dropped but by the shop."""
_ENOUGH_DENIED = 0.5
"""Share of what a source denies in one breath that a denial has to name, where it also names what was not denied."""


class Doubt(StrEnum):
    """What speaks against a sentence."""

    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    PROMISE = "promise"
    """It promises what its sources do not, or says that it did or will do something."""


class Support:
    """Sources to hold sentences against.

    `says` are statements. `titles` are the questions that the first of them answer: a title is no statement, but a yes or
    a no to it is, and «¿Cómo…?» takes for granted what it asks about. `asked` is what the customer wrote: it proves
    nothing, and what it asks must not be agreed to unknown.
    """

    def __init__(self, says: Sequence[str], titles: Sequence[str], asked: Sequence[str]) -> None:
        self._says = says
        self._promises = Promises(says)
        self._minimums = Minimums(says)
        self._pairing = Pairing(says, titles)
        self._known = all_forms(word for text in says for word in telling(text))
        self._clauses = [(clause, n) for n, text in enumerate(says) for clause in clauses(text)]
        self._opens_yes = any(opens_with_yes(text) for text in says)
        self._opens_no = any(opens_with_no(text) for text in says)
        self._has_no = any(clause.is_negated for clause, _ in self._clauses)
        self._contrasted = all_forms(
            word
            for clause, _ in self._clauses
            if opposes(clause.said)
            for word, is_affirmed in clause.words
            if is_affirmed
        )
        """«…, pero en el obrador trabajamos con leche»."""
        self._polarity: dict[str, set[bool | None]] = {}
        for clause, _ in self._clauses:
            for word, is_affirmed in clause.words:
                self._note(word, is_affirmed)
        self._context = [all_forms(telling(text)) for text in says]
        self._bodies = _bodies(says, titles)
        self._names = {word for text in says for word in words_of(text)}
        self._granted: set[str] = set()
        self._denied: set[str] = set()
        self._read_titles(titles)
        self._hours = {span for text in says for span in hours_in(text)}
        self._days = {day for text in says for day in _days_said(text)}
        self._asked, self._titles = asked, titles
        self._promised_by_titles = {family for title in titles for family in promised_in(folded(title))}

    def doubt(self, sentence: str, before: str = "") -> Doubt | None:
        """What speaks against this sentence, said after `before`."""
        if self._promises.is_broken_by(sentence, before):
            return Doubt.PROMISE
        if self._agrees_against(sentence) or self._agrees_unknown(sentence) or not _days_said(sentence) <= self._days:
            return Doubt.CONTRADICTED
        said = clauses(sentence)
        if not self._knows_words(said) or not self._knows_names(sentence) or self._waives_unknown(sentence):
            return Doubt.UNSUPPORTED
        # A "no" in front says no to what was asked; what follows it is held by itself.
        told = [
            clause for clause in said if clause.words or len(said) == 1 or (clause.is_negated and claimed(clause.said))
        ]
        if not all(self._is_of_one_source(part) for clause in said for part in _breathed(clause.said)):
            return Doubt.UNSUPPORTED
        if not hours_in(sentence) <= self._hours or self._minimums.is_crossed_by(sentence):
            return Doubt.CONTRADICTED
        if any(self._is_opposite(clause) for clause in told) or self._pairing.is_crossed(sentence, before):
            return Doubt.CONTRADICTED
        return None

    def _waives_unknown(self, sentence: str) -> bool:
        return bool(_WAIVES.search(folded(sentence))) and not any(_WAIVES.search(folded(text)) for text in self._says)

    def without_blind_yes(self, sentence: str) -> str:
        """Without a yes to what the sources do not speak of, where what follows speaks of something that was asked.

        A yes against the sources stays, to be refused.
        """
        if self._agrees_against(sentence) or not self._agrees_unknown(sentence):
            return sentence
        rest = without_yes(sentence)
        is_held = self._is_about_asked(rest) if rest.strip() else self._opens_yes
        return rest if is_held else sentence

    def doubt_of_question(self, question: str) -> Doubt | None:
        """The same of a question back: it may name what the sources or the customer named, and states nothing.

        «¿A o B?» offers both: they have to be in the sources.
        """
        if self._promises.is_broken_by(question):
            return Doubt.PROMISE
        if only_agrees(question) or self._pairing.has_crossed_values(question):
            return Doubt.CONTRADICTED
        offers = bool(_OR.search(folded(question)))
        asked = all_forms(word for text in self._asked for word in telling(text)) if not offers else set[str]()
        known = asked.union(self._known, *self._context)
        return None if all(forms(word) & known for word in telling(question)) else Doubt.UNSUPPORTED

    def _note(self, word: str, is_affirmed: bool | None) -> None:
        for form in forms(word):
            self._polarity.setdefault(form, set()).add(is_affirmed)

    def _read_titles(self, titles: Sequence[str]) -> None:
        for n, (title, say) in enumerate(zip(titles, self._says, strict=False)):
            words = all_forms(telling(title))
            self._context[n] |= words
            is_open = "?" not in title or bool(_OPEN_QUESTION.match(folded(title)))
            denied = all_forms(word for clause in clauses(say) for word in clause.denied)
            if opens_with_yes(say) or is_fragment(say):
                self._granted |= words
                self._names |= set(words_of(title))
            elif is_open:
                self._granted |= words
            elif opens_with_no(say):
                self._denied |= words
                # «Contra reembolso no, pero sí con tarjeta» says yes to all of the question but what it denies.
                self._granted |= words - denied if has_yes(say) else set()
            elif _MAY.match(folded(say)):
                self._granted |= all_forms(_INFINITIVE.findall(folded(title)))

    def _is_about_asked(self, sentence: str) -> bool:
        asked = all_forms(word for text in [*self._asked, *self._titles] for word in telling(text))
        days = {day for text in self._asked for day in days_in(folded(text))}
        return bool(asked & all_forms(telling(sentence)) or days & days_in(folded(sentence)))

    def _agrees_against(self, sentence: str) -> bool:
        """A yes to what the customer asked, where the sources say no, or to a promise that they do not make."""
        is_bare = _is_bare_yes(sentence)
        if is_bare and not self._opens_yes:
            return not (self._has_no and _NO.search(folded(sentence)))
        if not is_bare and not says_yes(sentence):
            return False
        if self._opens_no and not self._opens_yes:
            return True
        asked = [pair for text in self._asked for clause in clauses(text) for pair in clause.words]
        if any(not self._may_be(*pair) for pair in asked):
            return True
        wanted = {family for text in self._asked for family in promised_in(folded(text))}
        told = promised_in(folded(sentence))
        return bool(wanted - told - self._promises.free - self._promised_by_titles)

    def _agrees_unknown(self, sentence: str) -> bool:
        """A yes to what the customer asked, where the sources do not speak of it."""
        is_bare = _is_bare_yes(sentence)
        if is_bare is not self._opens_yes or not (is_bare or says_yes(sentence)):
            return False
        return bool(self._unknown_asked(is_bare=is_bare))

    def _unknown_asked(self, *, is_bare: bool) -> list[str]:
        known = self._known | self._granted if is_bare else self._known.union(*self._context)
        return [word for text in self._asked for word in telling(text) if not forms(word) & known]

    def _knows_names(self, sentence: str) -> bool:
        return all(name in self._names or name.rstrip("s") in self._names for name in names_in(sentence))

    def _knows_words(self, said: Sequence[Clause]) -> bool:
        for clause in said:
            for word, is_affirmed in clause.words:
                known = forms(word)
                if not (
                    known & self._known or known & self._granted or (is_affirmed is False and known & self._denied)
                ):
                    return False
        return True

    def _is_of_one_source(self, part: str) -> bool:
        """Words and facts of one breath come from one answer: «la cata» of this one and «el domingo» of that make a new one."""
        words, facts = [forms(word) for word in telling(part)], claimed(part)
        for context, proven in self._bodies:
            if all(word & context for word in words) and all(fact & proven for fact in facts):
                return True
        return False

    def _is_opposite(self, clause: Clause) -> bool:
        if clause.is_negated:
            return not self._is_denial_of_theirs(clause)
        # «Ahora no está abierto» and «abrimos a las 10» are both so: hours are facts, and held as such.
        tells_hours = any(form.startswith(("clock:", "day:")) for fact in claimed(clause.said) for form in fact)
        return any(
            not self._may_be(word, is_affirmed)
            for word, is_affirmed in clause.words
            if not (tells_hours and "=abrir" in forms(word))
        )

    def _may_be(self, word: str, is_affirmed: bool | None) -> bool:
        found = {each for form in forms(word) for each in self._polarity.get(form, ())}
        if forms(word) & self._granted:
            found.add(True)
        if forms(word) & self._denied:
            found.add(False)
        return is_affirmed is None or not found or None in found or is_affirmed in found

    def _denies_facts(self, clause: Clause) -> bool:
        """Where only facts are denied, «no cuesta 4,95 €», some source denies them too."""
        facts = claimed(clause.said)
        denials = [proven_by(theirs.said) for theirs, _ in self._clauses if theirs.is_negated]
        return any(all(fact & proven for fact in facts) for proven in denials)

    def _is_denial_of_theirs(self, clause: Clause) -> bool:
        """Some source denies the same, in a text that also knows the rest; and none sets against its denial what is denied here."""
        denied = list(clause.denied)
        if not denied:
            # «Si no llegas a 50 €» denies nothing of the shop's.
            return clause.is_conditional or self._denies_facts(clause)
        if any(forms(word) & self._contrasted and not self._may_be(word, False) for word in denied):
            return False
        words = [word for word, _ in clause.words]
        for theirs, n in self._clauses:
            held = [forms(word) for word in theirs.denied]
            if not held or not all(forms(word) & self._context[n] for word in words):
                continue
            said = all_forms(denied)
            if sum(bool(word & said) for word in held) >= _ENOUGH_DENIED * len(held):
                return True
            if all(any(forms(word) & each for each in held) for word in denied):
                return True
        return False


def _is_bare_yes(sentence: str) -> bool:
    """It agrees, or answers in words that claim nothing: «lo tenemos»."""
    return only_agrees(sentence) or (
        not telling(sentence) and not claimed(sentence) and claims_something(words_of(sentence))
    )


def _breathed(text: str) -> list[str]:
    """A clause in what could be said apart: each value and each verb with its own."""
    return [part for piece in value_parts(text) for part in _AND_VERB.split(piece)]


def _bodies(says: Sequence[str], titles: Sequence[str]) -> list[tuple[set[str], frozenset[str]]]:
    """Words and facts of each sentence with its title; what tools said is one body."""
    found = [
        (all_forms([*telling(breath), *telling(title)]), proven_by(breath))
        for say, title in zip(says, titles, strict=False)
        for breath in breaths(say)
    ]
    told = "\n".join(says[len(titles) :])
    return [*found, (all_forms(telling(told)), proven_by(told))]


def _days_said(text: str) -> set[tuple[int, bool]]:
    """Days of the week, each with whether it is one on which something is shut or not done."""
    parts = _PART.split(_COMMA_SHUT.sub(" ", folded(text)))
    return {(day, bool(_SHUT.search(part)) or bool(_NO.search(part))) for part in parts for day in days_in(part)}
