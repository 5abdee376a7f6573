"""Texts cut into what is said of one thing and what of another: by values, by names, by what sentences begin with."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from saas_admin.bots.fact_words import WHEN
from saas_admin.bots.facts import days_in, proven_by, values_in, without_links
from saas_admin.bots.kin import all_forms, forms
from saas_admin.bots.numerals import in_digits
from saas_admin.bots.plain import plain, words_of
from saas_admin.bots.polarity import Clause, clauses, marked, telling
from saas_admin.bots.small_words import VERBS, is_small

Token = frozenset[str]
"""A word by its forms, a fact by its own."""

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+|[{}]")
_CUTS = (
    re.compile(r"[;:]\s|\],\s"),
    re.compile(r",\s*(?:y|e|and|pero|but)\s"),
    re.compile(r",\s"),
    re.compile(r"\s(?:y|e|and|o)\s"),
)
"""Where to part two values; strongest first."""
_PARTS = re.compile(r"(?:,\s*(?:(?:y|e|and)\s)?|\s(?:y|e|and)\s)")
_TAIL = re.compile(r"^\s*(?:en|in)\s")
_LAST_TAIL = re.compile(r",\s*(?:en|in)\s[^,]+$")
_SAME_ROW = re.compile(
    r"^\s*(?:,|,?\s*(?:y|e|o|u|ni|and|or))\s+(?:(?:a|en|con|de|del|la|el|las|los|the|to|with|in)\s+)*$"
)
_NOT_LABELS = frozenset(["=costar", "=llegar", "=pagar", "=enviar"])
"""Of one thing as of the other: what costs, takes long and is sent is told apart by other words."""
_COUNTED_DAYS = re.compile(r"\d+\s+(?:dias?\s+\w+|(?:business|working)\s+days?)")
_SUBJECT_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+|[{}]")
SUBJECT_BREAK = re.compile(
    r"(?:,\s*(?:(?:y|e|pero|porque|and|but)\s+)?|\s(?:y|e|pero|porque|and|but)\s+)(?=(?:el|la|los|las|the)\s+\w{3,})"
)
SUBJECT = re.compile(
    r"^\W*(?:(?:y|e|pero|and|but)\s+)?(?:el|la|los|las|the|una?)\s+(?:(?:de|del)\s+)?(?!\w+mos\b)(\w{3,})\b"
)
_VERB_BEHIND = re.compile(r"^\W*(?:el|la|los|las)\s+\w{3,}\s+(\w{3,}[aen])\s+(?:de|en|por|con|a|para|hasta|desde)\b")
_BARE = re.compile(r"^\W*(?:el|la|los|las)\s+\w+(?:\s\w+)?\W*$")
_CONDITIONAL = re.compile(r"^\W*(?:si|mientras|cuando|if|when|while)\b")
_STANDS_FOR = re.compile(r"\b(el|la|los|las) (de|del|de la) ")
_SIGNS: dict[bool | None, str] = {True: "+", False: "-", None: "+-"}
_DIGITS = re.compile(r"[\d.,]*\d\S*")
_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"(?<=[^\s.!?¡¿«\"“:(\[{…-])\s+([A-ZÁÉÍÓÚÑÜ][\w'’]{2,})")


@dataclass(frozen=True)
class Piece:
    text: str
    words: frozenset[str]
    head: tuple[Token, ...] = ()
    """Of its words, those before its first value, in order."""
    values: tuple[str, ...] = ()
    lead: str = ""
    """What stands before its first value, there or in the piece that leads to it."""

    @cached_property
    def proves(self) -> frozenset[str]:
        return proven_by(self.text) | proven_by(self.lead)


@dataclass(frozen=True)
class Source:
    pieces: tuple[Piece, ...]
    shared: frozenset[str]
    """Words said where nothing of the kind is: they are of all its pieces."""
    proves: frozenset[str]
    """Facts that stand there."""


def names_in(text: str) -> set[str]:
    """Places, brands and people, folded: what is written with a capital in the middle of a sentence."""
    # Two in a row leave no letter between them for the look behind.
    found = _NAME.findall(plain(without_links(text)))
    return {word for name in found for word in words_of(name) if word.isalpha() and not is_small(word)}


def even(text: str) -> str:
    return in_digits(marked(text))


def whole(text: str) -> str:
    """«La batería del Nova… la del Titan»: the noun said again where an article stands for it."""

    def said_again(found: re.Match[str]) -> str:
        nouns = re.findall(rf"\b{found[1]} (?!de\b|del\b)(\w{{4,}})", text[: found.start()])
        return f"{found[1]} {nouns[0]} {found[2]} " if nouns else found[0]

    return _STANDS_FOR.sub(said_again, text)


def value_parts(text: str) -> list[str]:
    """A folded text in parts with one value of a kind each."""
    kinds = [value.kind for value in values_in(text)]
    several = next((kind for kind in kinds if kinds.count(kind) > 1), None)
    return list(_parted(text, several)) if several else [text]


def by_value(say: str, title: str, kind: str) -> Source:
    """Cut so that each value of the kind stands with the words that belong to it."""
    titled = frozenset(all_forms(telling(title)))
    pieces = list(value_pieces(say, kind, titled))
    return _source(pieces, [piece for piece in pieces if piece.values], titled)


def by_name(say: str, title: str, names: set[str]) -> Source:
    pieces = [Piece(text, forms_in(text)) for text in name_pieces(say, names)]
    named = [piece for piece in pieces if any(word in names for word in words_of(piece.text))]
    # Beside several names, what is said of none of them is said of no single one.
    return _source(pieces if len(named) < 2 else named, named, frozenset(all_forms(telling(title))))


def _source(pieces: list[Piece], parted: list[Piece], titled: frozenset[str]) -> Source:
    rest = " \n".join(piece.text for piece in pieces if piece not in parted)
    labels = {form for piece in parted for form in piece.words}
    return Source(tuple(parted), (forms_in(rest) | titled) - labels, proven_by(rest))


def value_pieces(text: str, kind: str, titled: frozenset[str]) -> Iterator[Piece]:
    for sentence in _SENTENCE.split(text):
        before: Piece | None = None
        for part in _parted(sentence, kind):
            before = _piece(part, kind, before, titled)
            yield before


def _parted(sentence: str, kind: str) -> Iterator[str]:
    """The sentence in parts with one value each, as far as something parts them."""
    values = [value for value in values_in(sentence) if value.kind == kind]
    start = 0
    for one, other in pairwise(values):
        between = next((cut for sign in _CUTS if (cut := sign.search(sentence, one.end, other.start))), None)
        if between:
            yield sentence[start : between.start()]
            start = between.end()
    yield sentence[start:]


def _piece(text: str, kind: str, before: Piece | None, titled: frozenset[str]) -> Piece:
    lone = kind if before and before.values else None
    values = [value for value in values_in(text, lone) if value.kind == kind]
    lead = text[: values[0].start] if values else text
    led = tuple(tokens_of(lead))
    inherited: tuple[Token, ...] = ()
    if before and values and not led:
        # «14,90 € la de El Mirador, 14,50 € la de Las Nubes»: what leads to the first leads to all.
        inherited, lead = before.head, before.lead
    elif before and values:
        # «El envío estándar, 4,95 €; el exprés, 9,95 €»: both are what the title is about.
        inherited = tuple(token for token in before.head[: -len(led)] if token & titled)
    said = tuple(value.said for value in values)
    return Piece(text, forms_in(text) | _flat(inherited), inherited + led, said, lead)


def name_pieces(text: str, names: set[str]) -> Iterator[str]:
    """Cut where two names on either side belong together: «El Mirador, de Oaxaca, y Las Nubes, de Chiapas»."""
    for sentence in _SENTENCE.split(text):
        pieces: list[str] = []
        tails: list[str] = []
        for part in _PARTS.split(sentence):
            if pieces and _count(part, names) < 2:
                pieces[-1] += f", {part}"
                tails += [part] if _TAIL.match(part) else []
            else:
                pieces.append(part)
        # «El Mirador *viene de* Oaxaca y Las Nubes de Chiapas, *en México*» is said of both.
        shared = f"{_between(pieces[0], names)}, {tails[0]}" if len(tails) == 1 else _between(pieces[0], names)
        yield from (f"{piece} {shared}" for piece in pieces) if len(pieces) > 1 else pieces


def _between(text: str, names: set[str]) -> str:
    """What joins the first two names of a text."""
    found = [match.span() for match in _WORD.finditer(text) if match[0] in names]
    return text[found[0][1] : found[1][0]] if len(found) > 1 else ""


def _count(text: str, names: set[str]) -> int:
    return len(name_rows(text, names, same=re.compile(r"^\s+$")))


def name_rows(text: str, names: set[str], same: re.Pattern[str] = _SAME_ROW) -> list[list[str]]:
    """The names of a text, those together that are named side by side."""
    rows: list[list[str]] = []
    end = -1
    for found in _WORD.finditer(text):
        if found[0] not in names:
            continue
        between = text[end : found.start()] if end >= 0 else ""
        if rows and (not between.strip() or same.match(between)):
            rows[-1].append(found[0])
        else:
            rows.append([found[0]])
        end = found.end()
    return rows


def by_subject(say: str, title: str) -> Source:
    """Cut into what is said of one thing and what of another: «las camisetas, de algodón, y las sudaderas, de lana»."""
    parts = [part for part in _subject_parts(say) if part.strip()]
    led = [SUBJECT.match(part) for part in parts]
    firsts = [forms(found[1]) if found else None for found in led]
    seen, pieces, neutral = frozenset(all_forms(telling(title))), list[tuple[Token, list[str]]](), list[str]()
    for part, found, first in zip(parts, led, firsts, strict=True):
        if found is None or first is None:
            mine = [piece for piece in pieces if piece[0] & forms_in(part)]
            (mine[0][1] if len(mine) == 1 else neutral).append(part)
        else:
            is_common = sum(bool(first & (other or frozenset())) for other in firsts) > 1 or bool(first & _NOT_LABELS)
            following = words_of(part[found.end() :])
            subject = _flat([forms(word) for word in telling(" ".join(following[:2]))][:1]) if is_common else first
            if neutral and not pieces and not first & seen:
                # What came before was of something else.
                pieces.append((frozenset(), neutral))
                neutral = []
            same = next((piece for piece in pieces if subject and piece[0] == subject), None)
            if same:
                same[1].append(part)
            else:
                pieces.append((subject or first, [part]))
        seen |= forms_in(part)
    verbs = _flat(forms(word) for part in parts if (found := _VERB_BEHIND.match(part)) for word in [found[1]])
    made = tuple(_of_subject(subject, " \n".join(texts)) for subject, texts in pieces)
    rest = " \n".join(neutral)
    return Source(made, _of_subject(frozenset(), rest).words | in_any_sign(verbs), proven_by(rest))


def _of_subject(subject: Token, text: str) -> Piece:
    words = _flat(token for clause in clauses(text) for token in signed(clause))
    return Piece(text, words, (in_any_sign(subject),) if subject else ())


def signed_words(clause: Clause) -> list[tuple[str, Token]]:
    """The words of a clause with their forms, each form with whether it is said yes or no to."""
    found: list[tuple[str, Token]] = []
    for word, is_affirmed in clause.words:
        own = forms(word)
        if own & _NOT_LABELS or word.endswith("mos"):
            continue
        found.append((word, frozenset(f"{form}{sign}" for form in own for sign in _SIGNS[is_affirmed])))
    return found


def signed(clause: Clause) -> list[Token]:
    return [token for _, token in signed_words(clause)]


def in_any_sign(token: Iterable[str]) -> Token:
    return frozenset(f"{form}{sign}" for form in token for sign in _SIGNS[None])


def _subject_parts(text: str) -> Iterator[str]:
    for sentence in _SUBJECT_SENTENCE.split(text):
        parts = [sentence] if _CONDITIONAL.match(sentence) else _tailed(SUBJECT_BREAK.split(sentence))
        waiting, fronted = "", ""
        for part in parts:
            if part is not parts[-1] and _BARE.match(part):
                # «La ropa interior y los bañadores no se cambian.»
                waiting += f"{part} y "
            elif part is not parts[-1] and not SUBJECT.match(part) and not any(map(_is_verb, words_of(part))):
                # «Más dulce, El Mirador.»
                fronted += f", {part}"
            else:
                yield waiting + part + fronted
                waiting, fronted = "", ""


def _tailed(parts: list[str]) -> list[str]:
    """«El Mirador viene de Oaxaca y Las Nubes de Chiapas, *en México*» is said of both."""
    tail = _LAST_TAIL.search(parts[-1])
    if len(parts) < 2 or tail is None or any(map(_is_verb, words_of(parts[-1]))):
        return parts
    return [*(part + tail[0] for part in parts[:-1]), parts[-1]]


def _is_verb(word: str) -> bool:
    return word in VERBS or word.endswith("mos")


def labelled(text: str) -> list[tuple[str, Token]]:
    found = [(word, forms(word)) for word in telling(text)]
    return [(word, token) for word, token in found if not token & _NOT_LABELS and not word.endswith("mos")]


def tokens_of(text: str) -> list[Token]:
    days = [f"day:{day}" for day in days_in(_COUNTED_DAYS.sub(" ", text))]
    moments = [form for pattern, form in WHEN if pattern.search(text)]
    return [*(token for _, token in labelled(text)), *(frozenset({form}) for form in [*days, *moments])]


def forms_in(text: str) -> frozenset[str]:
    return frozenset(form for token in tokens_of(text) for form in token)


def _flat(tokens: Iterable[Token]) -> frozenset[str]:
    return frozenset(form for token in tokens for form in token)
