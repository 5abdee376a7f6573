"""What a text says yes to and what it says no to, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from saas_admin.bots.facts import without_facts, without_links
from saas_admin.bots.plain import folded, plain, words_of
from saas_admin.bots.small_words import IDIOMS, VERBS, is_small

_YES = "siaff"
"""«Sí» once its accent, which tells it from «si», is folded away."""
_ACCENTED = re.compile(r"\b[Ss][íÍ]\b|^\W*Si(?=\s*[,.:!])")
_NO_WORDS = frozenset(["no", "nunca", "tampoco", "jamas", "ni", "not", "never", "nao", "nem"])
_WITHOUT = re.compile(r"^(?:sin|without|sem|salvo|excepto|except)$")
_LINKS = frozenset(["de", "del", "ni", "of"])
_IF = re.compile(r"^\s*(?:y )?(?:si|mientras|cuando|aunque|if|when|while|unless|although|se|quando|enquanto)\b")
_VERB = r"\w{2,}mos|es|son|esta|hay|te|le|os|lo|la|los|las|se|nos|elige|puedes?|pueden|tienes?|tienen|tenes|podes"
NEW_SUBJECT = (
    r"(?:(?:su|sus|tu|tus|el|la|los|las|the|its)\s+)(?:\w+\s+){1,6}?(?:es|son|esta|estan|dura|duran|cuesta|cuestan|tarda|tardan"
    r"|llega|llegan|tiene|tienen|lleva|llevan|incluye|incluyen|sale|salen|vale|valen|viene|vienen|puede|pueden|se|is|are"
    r"|costs?|takes?|has|have|comes?)\b"
)
"""What stands behind an "and" that begins to speak of something else: «y su batería dura…»."""
_BREAK = re.compile(
    r"[;!?¿¡()«»\"“”{}\[\]\n]+|[.:](?!\d)"
    r"|,?\s+(?=(?:pero|aunque|sino|porque|ya que|asi que|por lo que|por eso|donde|but|although|because)\b)|,\s*(?=mas\b)"
    r"|,\s*(?=(?:(?:el|la|los|las|lo)\s+)?(?:que|cual|cuales|which|who)\b)"
    rf"|,?\s+(?:y|e|and)\s+(?={NEW_SUBJECT}|(?:si|if|cuando|when|mientras|while)\b)"
    r"|,?\s+(?:y|e|and)\s+(?=(?:a|en|con|in|at|to)\s+(?:\w+\s+){1,3}(?:no|not|nao|nunca|never)\s)"
    rf"|,\s*(?=(?:(?:y|e|and)\s+)?(?:no|nunca|tampoco|not|never|nao|sin|without|sem|{_YES}|{_VERB})\b)"
    rf"|\s+(?:y|e|and)\s+(?=(?:no|nunca|tampoco|not|never|nao|{_YES}|{_VERB})\b)"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^a-z])|\n+")
_OPPOSES = re.compile(r"^\W*(?:pero|but|mas|sino)\b")
_GOES_ON = re.compile(
    r"^\W*(?:(?:tambien|y)\s+)?(?:(?:es|son|esta|estan|viene|vienen|it|they)\b|(?:l[oa]s?|se|te l[oa]s?) "
    r"(?:hay|puedes?|podes|tenemos|tienes|\w+mos)\b|\w+[aei]l[oa]s?\b)"
)
_TODAY = re.compile(r"^\W*(?:hoy|hoje)\s*:")
_FIRST_VERB = re.compile(r"^\W*\w+mos\b")
"""«Abrimos de lunes a viernes… Hoy: de 9:00 a 14:00» says that today they *open* from 9:00 to 14:00."""
_PREPOSITION = re.compile(r"^\W*(?:con|por|en|a|al|de|desde|by|with|at|in|on|com)\b")
_VERBLIKE = re.compile(r"\w(?:mos|nos|lo|me|te)$")
_SHUT = re.compile(r"^(?:cerramos|cierran?|closed|fechamos)$")
_BEFORE_OBJECTS = frozenset(words_of("a al en con por para contra de to com"))
_OBJECTS = frozenset(words_of("lo la los las"))
_BEFORE_TAKEN = frozenset(words_of("el la los las un una ningun ninguna que tener necesidad haber the any o a"))
"""What may stand between a "without" and what it takes away."""
_YES_FIRST = re.compile(
    rf"^\W*(?:{_YES}\b|(?:claro|por supuesto|efectivamente|exacto|correcto|asi es|desde luego|yes\b|sure\b|of course|sim\b))"
)
_YES_WORDS = re.compile(
    r"^\W*(?:(?:s[ií]|claro(?: que s[ií])?|por supuesto(?: que s[ií])?|efectivamente|exacto|correcto|as[ií] es|desde luego|yes|sure"
    r"|of course|sim)\s*[,.:;!]+\s*)+",
    re.IGNORECASE,
)
"""A yes that can be left out: the sentence behind it stands by itself."""
_LEANS = re.compile(
    r"^\W*(?:(?:pero|aunque|y|si|tambien|ademas|but|and|also|too|mas|e|se|it|they|this|that)\b|l[oa]s? \w+mos\b"
    r"|(?:tienen?|es|son|esta|estan|cuestan?|llegan?|llevan?|van?|valen?|duran?|vienen?|incluyen?|tardan?|salen?|pueden?|sirven?)\b)"
)
"""What only goes on from the question: «y el café?» «Sí, tiene 3 años de garantía»."""
_OPENING = re.compile(rf"^\W*(?:no|nao|{_YES}|claro|yes|sim)\s*[,.:;!]")
"""A yes or no to what was asked, before anything is said."""
_CLAIMS_AGREEMENT = frozenset(
    f"""{_YES} claro asi exacto correcto efectivamente supuesto verdad cierto razon confirmo confirmamos totalmente afirmativo
    yes sure right correct course exactly sim""".split()
)
_AGREES = _CLAIMS_AGREEMENT | frozenset(
    words_of("es por que desde luego eso tienes tiene tenes of that is lo te se seguro todo")
)


@dataclass(frozen=True)
class Clause:
    said: str
    words: tuple[tuple[str, bool | None], ...]
    """Its telling words, each with whether it is affirmed; None where both can be meant."""
    is_negated: bool
    is_conditional: bool

    @property
    def denied(self) -> frozenset[str]:
        return frozenset(word for word, is_affirmed in self.words if is_affirmed is False)


def marked(text: str) -> str:
    """Folded, but for the accent of «sí»."""
    return folded(_ACCENTED.sub(_YES, plain(text)))


@lru_cache(maxsize=1024)
def telling(text: str) -> tuple[str, ...]:
    """The words that claim something."""
    return tuple(
        word for word in words_of(without_facts(IDIOMS.sub(" ", folded(text)))) if word != _YES and not is_small(word)
    )


@lru_cache(maxsize=1024)
def clauses(text: str) -> tuple[Clause, ...]:
    return tuple(_clauses(IDIOMS.sub(" ", marked(without_links(text)))))


def opens_with_yes(text: str) -> bool:
    """It says yes before it says anything else but a condition."""
    first = next((clause for clause in clauses(text) if not clause.is_conditional), None)
    return first is not None and bool(_YES_FIRST.match(first.said)) and not first.is_negated


def opens_with_no(text: str) -> bool:
    first = next((clause for clause in clauses(text) if not clause.is_conditional), None)
    return first is not None and first.is_negated


def breaths(text: str) -> list[str]:
    """Its sentences; one that only goes on («es la única», «lo hay en grano») together with what it goes on from."""
    found: list[str] = []
    for sentence in _SENTENCE.split(plain(text)):
        if found and _GOES_ON.match(folded(sentence)):
            found[-1] += f" {sentence}"
        elif sentence.strip():
            verb = _FIRST_VERB.match(found[-1]) if found and _TODAY.match(folded(sentence)) else None
            found.append(f"{verb[0]} {sentence}" if verb else sentence)
    return found


def opposes(clause: str) -> bool:
    return bool(_OPPOSES.match(clause))


def is_fragment(text: str) -> bool:
    """It begins with words that only go on from the question: «con tarjeta o Bizum», «por teléfono»."""
    first = next(iter(clauses(text)), None)
    if first is None or first.is_negated or not _PREPOSITION.match(first.said):
        return False
    return not any(word in VERBS or _VERBLIKE.search(word) for word in words_of(first.said))


def has_yes(text: str) -> bool:
    return _YES in words_of(marked(text))


def says_yes(sentence: str) -> bool:
    return bool(_YES_FIRST.match(marked(sentence)))


def without_yes(sentence: str) -> str:
    """What is left of a sentence that opens with a yes, where that says something by itself; «Sí.» leaves nothing."""
    found = _YES_WORDS.match(sentence)
    rest = sentence[found.end() :] if found else sentence
    if found is None or not rest.strip():
        return rest
    if not telling(rest) or is_fragment(rest) or _LEANS.match(folded(rest)):
        return sentence
    return rest[0].upper() + rest[1:]


def only_agrees(sentence: str) -> bool:
    """A yes to whatever was asked, without a word of its own."""
    words = words_of(marked(sentence))
    return bool(words) and all(word in _AGREES for word in words) and any(word in _CLAIMS_AGREEMENT for word in words)


def _clauses(text: str) -> Iterator[Clause]:
    in_condition, start = False, 0
    if opening := _OPENING.match(text):
        yield _clause(opening[0], is_conditional=False)
        text = text[opening.end() :]
    for end, following in [*(found.span() for found in _BREAK.finditer(text)), (len(text), len(text))]:
        part, separator = text[start:end], text[end:following]
        start = following
        in_condition = in_condition or bool(_IF.match(part))
        condition, comma, rest = part.partition(", ") if in_condition else ("", "", part)
        if condition.strip():
            yield _clause(condition, is_conditional=True)
        if rest.strip():
            yield _clause(rest, is_conditional=False)
        # «Si es la primera y no te gusta, …» is one condition.
        in_condition = in_condition and not comma and bool(separator.strip()) is False


def _clause(said: str, *, is_conditional: bool) -> Clause:
    words = words_of(without_facts(said))
    no_at = next((n for n, word in enumerate(words) if _is_no(word)), None)
    without = _behind_without(words)
    is_shut = any(_SHUT.match(word) for word in words)
    after = no_at is not None and any(not is_small(word) for word in words[no_at + 1 :])
    found: list[tuple[str, bool | None]] = []
    for n, word in enumerate(words):
        if is_small(word) or word == _YES:
            continue
        # «Los festivos cerramos» says no to them.
        is_affirmed: bool | None = n not in without and not (is_shut and not _SHUT.match(word))
        if no_at is not None and n > no_at:
            is_affirmed = not is_affirmed
        elif no_at is not None:
            # «Cápsulas no tenemos», «a Colombia no llegamos»; but «el café no lleva leche» says no to the milk alone.
            is_object = not after or words[0] in _BEFORE_OBJECTS or words[no_at + 1] in _OBJECTS
            is_affirmed = False if is_object else None
        found.append((word, is_affirmed))
    return Clause(said, tuple(found), no_at is not None, is_conditional)


def _behind_without(words: list[str]) -> set[int]:
    """Where the words stand that a "without" takes away: the next one that tells, and what hangs on it."""
    found: set[int] = set()
    is_open, has_one = False, False
    for n, word in enumerate(words):
        if _WITHOUT.match(word) or (word == "fuera" and words[n + 1 : n + 2] in (["de"], ["del"])):
            is_open, has_one = True, False
        elif is_open and has_one and word not in _LINKS and words[n - 1] not in _LINKS and not is_small(word):
            is_open = False
        elif is_open and not is_small(word):
            found.add(n)
            has_one = True
        elif is_open and has_one and word not in _LINKS and is_small(word) and words[n - 1] not in _LINKS:
            is_open = False
        elif is_open and is_small(word) and word not in _BEFORE_TAKEN and word not in _LINKS:
            # «Sin coste» takes away a word that claims nothing.
            has_one = True
    return found


def _is_no(word: str) -> bool:
    return word in _NO_WORDS or word.endswith("n't")
