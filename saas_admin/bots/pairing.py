"""Whether a right thing is said of the right thing: «4,95 €» of the standard delivery, not of the express one.

Where sources have several values of one kind, several names or several subjects, a claim may not take one from one piece
and a word from another (`pieces`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from saas_admin.bots.facts import claimed, values_in
from saas_admin.bots.kin import all_forms, forms
from saas_admin.bots.pieces import (
    SUBJECT,
    SUBJECT_BREAK,
    Piece,
    Source,
    Token,
    by_name,
    by_subject,
    by_value,
    even,
    in_any_sign,
    labelled,
    name_pieces,
    name_rows,
    names_in,
    signed,
    signed_words,
    tokens_of,
    value_parts,
    value_pieces,
    whole,
)
from saas_admin.bots.plain import words_of
from saas_admin.bots.polarity import clauses

_OWN = re.compile(r"^\W*(?:su|sus|its)\b")
_PLACED = re.compile(r"^\W*(?:al?|en|para|con|desde|to|in|for)\b")
"""«A CABA llega en 2 días y *al interior* en 6»: no name is meant but what is named there."""
_ANEW = re.compile(r",?\s+(?:y|e|and)\s+(?=(?:su|sus|its|si|if)\s)")
"""«El Nova aguanta salpicaduras y *su* batería dura…» speaks of the Nova still; «…, y *si* pides hoy, …» of a case apart."""
_DIGITS = re.compile(r"[\d.,]*\d\S*")


@dataclass
class Pairing:
    """Sources, the first of them with titles."""

    says: Sequence[str]
    titles: Sequence[str]
    names: set[str] = field(init=False)
    _subjects: list[Source] | None = None
    _cut: dict[str, list[Source]] = field(default_factory=dict[str, list[Source]])

    def __post_init__(self) -> None:
        self.names = {name for text in self.says for name in names_in(text)}
        self._kinds = dict.fromkeys(value.kind for say in self.says for value in values_in(even(say)))
        self._texts = [(whole(even(say)), title) for say, title in zip(self.says, self._all_titles(), strict=True)]

    def is_crossed(self, sentence: str, before: str = "") -> bool:
        """It says something of the wrong thing. `before` is what was said before it."""
        said = even(sentence)
        kinds = {value.kind for value in values_in(said)}
        return (
            self.has_crossed_values(sentence, before)
            or any(self._mixes(said, kind) for kind in self._kinds if kind not in kinds)
            or self._crosses_names(said)
            or self._crosses_subjects(sentence, before)
        )

    def has_crossed_values(self, sentence: str, before: str = "") -> bool:
        said = even(sentence)
        kinds = dict.fromkeys(value.kind for value in values_in(said))
        return any(self._crosses_values(said, kind, even(before)) for kind in kinds)

    def _all_titles(self) -> list[str]:
        return [*self.titles, *[""] * len(self.says)][: len(self.says)]

    def _crosses_values(self, said: str, kind: str, before: str) -> bool:
        sources = self._by(kind)
        held = [(source, piece) for source in sources for piece in source.pieces]
        if len(held) < 2:
            return False
        labels = {form for source, piece in held for form in piece.words | source.shared}
        last = [token for token in tokens_of(before) if token & labels]
        named = all_forms(self.names)
        for part in _ANEW.split(said):
            owner = [token for token in last if token & named] if _OWN.match(part) else []
            for piece in value_pieces(part, kind, frozenset()):
                own = [token for token in tokens_of(piece.text) if token & labels]
                if own and not any(token & named for token in own) and not _PLACED.match(piece.text):
                    own += owner
                owner = [token for token in own if token & named] or owner
                # «A Canarias también llega. Cuesta 4,50 €.»
                tokens, last = (own, own) if own else (last, last)
                if piece.values and not _fits(piece, tokens, kind, held):
                    return True
        return False

    def _mixes(self, said: str, kind: str) -> bool:
        """It has a fact of one piece and a word of another, though not the value that parts them."""
        sources = self._by(kind)
        held = [(source, piece) for source in sources for piece in source.pieces]
        for part in value_parts(said):
            facts = [
                fact
                for fact in claimed(part)
                if any(fact & piece.proves for _, piece in held)
                and not any(fact & source.proves for source in sources)
                and not any(form.startswith("day:") for form in fact)
            ]
            if len(held) > 1 and facts and not _is_of_one(tokens_of(part), facts, held):
                return True
        return False

    def _crosses_names(self, said: str) -> bool:
        names = self.names
        if not any(word in names for word in words_of(said)):
            return False
        sources = [by_name(say, title, names) for say, title in self._texts]
        held = [(source, piece) for source in sources for piece in source.pieces]
        for text in name_pieces(said, names):
            rows = name_rows(text, names)
            others = [token for word, token in labelled(text) if word not in names]
            facts = claimed(text)
            for row in rows:
                strangers = [forms(name) for other in rows if other is not row for name in other] + others
                for name in row:
                    if any(_is_strange(name, other, held) for other in strangers):
                        return True
                    if any(_is_strange_fact(name, fact, held) for fact in facts):
                        return True
        return False

    def _crosses_subjects(self, sentence: str, before: str) -> bool:
        sources = self._by_subject()
        held = [(source, piece) for source in sources for piece in source.pieces]
        subjects = {form for _, piece in held for token in piece.head for form in token}
        if len(held) < 2:
            return False
        last = [token for clause in clauses(before) for token in signed(clause) if token & subjects][-1:]
        for clause in clauses(sentence):
            for part in (piece for text in SUBJECT_BREAK.split(clause.said) for piece in value_parts(text)):
                words = set(words_of(part))
                tokens = [token for word, token in signed_words(clause) if word in words]
                own = [token for token in tokens if token & subjects]
                if found := SUBJECT.match(part):
                    own.append(in_any_sign(forms(found[1])))
                tokens, last = (tokens, own) if own else ([*tokens, *last], last)
                if not _is_of_one(tokens, claimed(part), held):
                    return True
        return False

    def _by_subject(self) -> list[Source]:
        if self._subjects is None:
            self._subjects = [by_subject(say, title) for say, title in self._texts]
        return self._subjects

    def _by(self, kind: str) -> list[Source]:
        if kind not in self._cut:
            self._cut[kind] = [by_value(say, title, kind) for say, title in self._texts]
        return self._cut[kind]


def _fits(claim: Piece, tokens: list[Token], kind: str, held: list[tuple[Source, Piece]]) -> bool:
    wanted = [fact for value in claim.values for fact in claimed(value)]
    others = [fact for fact in claimed(claim.text) if fact not in wanted]
    right = [each for each in held if all(fact & each[1].proves for fact in wanted)]

    def is_of(source: Source, piece: Piece) -> bool:
        words, proves = piece.words | source.shared, piece.proves | source.proves
        return not any(
            any(token & (rival.words | other.shared) and not token & words for token in tokens)
            or any(fact & (rival.proves | other.proves) and not fact & proves for fact in others)
            for other, rival in held
            if rival is not piece
        )

    fitting = [piece for source, piece in right if is_of(source, piece)]
    return any(_tells_apart(tokens, piece, held) or not _is_of_another(claim.text, piece, held) for piece in fitting)


def _tells_apart(tokens: list[Token], piece: Piece, held: list[tuple[Source, Piece]]) -> bool:
    """Some word of the claim is this piece's and not all others'."""
    return any(
        token & piece.words and not all(token & (other.words | source.shared) for source, other in held)
        for token in tokens
    )


def _is_of_another(text: str, piece: Piece, held: list[tuple[Source, Piece]]) -> bool:
    """Its words stand in a row where another value does."""
    rows = _rows_of_words(text) - _rows_of_words(piece.text)
    return any(rows & _rows_of_words(other.text) for _, other in held)


def _rows_of_words(text: str) -> set[tuple[str, ...]]:
    """Four words in a row are taken from where they stand: «desde que lo recibes»."""
    words = words_of(_DIGITS.sub(" ", text))
    return {tuple(words[n : n + 4]) for n in range(len(words) - 3)}


def _is_strange(name: str, other: Token, held: list[tuple[Source, Piece]]) -> bool:
    """The other word is said of other names, never of this one."""
    mine = [each for each in held if forms(name) & each[1].words]
    if not mine or any(other & (piece.words | source.shared) for source, piece in mine):
        return False
    return any(other & piece.words for _, piece in held)


def _is_strange_fact(name: str, fact: Token, held: list[tuple[Source, Piece]]) -> bool:
    mine = [each for each in held if forms(name) & each[1].words]
    if not mine or any(fact & (piece.proves | source.proves) for source, piece in mine):
        return False
    return any(fact & piece.proves for _, piece in held)


def _is_of_one(tokens: list[Token], facts: list[Token], held: list[tuple[Source, Piece]]) -> bool:
    def is_of(source: Source, piece: Piece) -> bool:
        words, proves = piece.words | source.shared, piece.proves | source.proves
        return not any(
            any(token & rival.words and not token & words for token in tokens)
            or any(fact & rival.proves and not fact & proves for fact in facts)
            for _, rival in held
            if rival is not piece
        )

    return any(is_of(*each) for each in held)
