"""Whether a sentence says what its sources say: shared words, the same yes or no, no promise and no act of its own.

Deliberately narrow: a sentence that is right but worded too freely goes to a person.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from saas_admin.bots.fact_words import MONTHS, WEEKDAYS
from saas_admin.bots.facts import days_in, has_facts, without_facts, without_links
from saas_admin.bots.plain import folded, plain, words_of

ENOUGH = 0.6
"""Share of a sentence's telling words that its sources have."""
ANCHORED = 0.5
"""The same for a sentence with a hard fact of theirs: that holds it to what they are about."""
TOPIC = 0.5
"""What a word counts that only the title of a source has: a question is no statement."""
ASKED = 0.4
"""The same of a word that only the customer used."""
_CLEARER = 0.2
_STOP = frozenset(
    folded(
        """todo toda todos todas partir plazo atendemos abrimos abre abren incluido incluida manana tarde noche puedo
        compra compras
        a al algo alguna alguno ante antes asi aun aunque bajo bien cada como con cual cuales cualquier cuando cuanto de
        del desde donde dos e el ella ello en entre era es esa ese eso esta estan estar este esto estos esas esos estas
        fue ha hace haces hacemos hacer hacen hay haya hasta la las le les lo los mas me mi mis mismo mucho muy nada ni
        nos nosotros nuestra nuestro nuestras nuestros o otra otro para pero por porque poco puede pueden puedes podes
        podemos podras poder pues que quien quieres queres quiere se sea segun ser si siempre sin sobre son su sus
        solo tambien tan tanto te tenemos tiene tienen tienes tenes ti tu tus un una unas uno unos usted ustedes va
        vamos vez vos y ya yo os vuestro vuestra
        hola buenos buenas dias tardes noches gracias favor saludo saludos claro perfecto supuesto genial vale ayudar
        ayuda ayudo ayudarte ayudarle consulta consultar pregunta preguntas duda dudas dudes encantado encantada gusto
        siento lamento contar comentar decir informar informarte informo saber necesitas necesita necesites aqui
        disposicion quedo quedamos mas alguna avisame avisanos dime dinos escribenos escribeme
        all every a an the and or but if of to in on at by for from with as is are was be been it its this that these those we our
        us you your i me my he she they them their can could will would may might do does have has not yes sure hi
        hello thanks thank please help question questions glad happy let know need any also just here there more
        o os as um uma e de da do das dos em no na nos nas para por com que se seu sua voce nos nosso nossa pode podemos
        nuevo nueva ola obrigado obrigada ajudar ajuda sim claro mais tem temos"""
    ).split()
)
_NO_WORDS = frozenset(["no", "nunca", "tampoco", "jamas", "ni", "not", "never", "nao", "nem"])
_NEGATION = _NO_WORDS | {"sin", "without", "sem"}
_IDIOMS = re.compile(r"\bno (?:te |se |os )?(?:dudes|dude|preocupes|preocupe)(?: en)?\b|\bno problem\b|\bpor que no\b")
_CLAUSE = re.compile(
    r"[.;:!?\n]+|,? (?:pero|aunque|sino|but|although|mas)\s+"
    r"|(?:,\s*|,?\s+(?:y|e|and)\s+)(?=(?:no|nunca|tampoco|not|never|nao)\b)"
)
_CONDITION = re.compile(
    r"\d|\b(?:si|cuando|partir|desde|solo|solamente|siempre que|excepto|salvo|menos|if|when|from|over|above|only|unless"
    r"|except|se|quando|apenas)\b"
)
_SAYS_NO = re.compile(
    r"\b(?:no|nunca|tampoco|sin|ni|salvo|excepto|not|never|without|except|nao|sem|cerra\w*|closed?|fecha\w*)\b|n't\b"
)
_WITHOUT = re.compile(r"\b(?:sin|without|sem)\s+(?:el |la |ningun |any )?(\w{3,})")
_NAME = re.compile(r"(?<=[^\s.!?¡¿«\"“:(…-])\s+([A-ZÁÉÍÓÚÑÜ][\w'’]{2,})")
_NO_NAMES = _STOP | frozenset(WEEKDAYS) | frozenset(MONTHS)
_PART = re.compile(r"[,.;\n]|\s(?:y|and|e)\s(?=(?:los|el|on|aos)\s)|\s(?=(?:pero|but|mas|excepto|salvo|except)\s)")
_SHUT = re.compile(r"\b(?:cerra\w*|cierr\w*|closed?|fecha\w*|excepto|salvo|except)\b")
_YES = re.compile(r"^\W*(?:si\b(?=\s*[,.!])|claro|por supuesto|yes\b|sure\b|of course|sim\b)")
_NO = re.compile(r"^\W*(?:no\b(?=\s*[,.!])|lamentablemente no|lo siento|unfortunately|nao\b(?=\s*[,.!]))")

_PROMISES = {
    "free": r"gratis|gratuit\w*|sin coste|sin costo|sin cargo|sem custo|\bregal(?:amos|aremos|are)\b|\b(?:te|le|os|les) regal\w+|de regalo\b|obsequi\w*|\bfree\b|no charge|free of charge|bonific\w*",
    "refund": r"\breembols\w*|reintegr\w*|devolv\w* (?:\w+ ){0,3}dinero|devolucion del (?:dinero|importe)|estorno|refund\w*|money back",
    "discount": r"(?<!codigo de )(?<!codigo del )\b(?:descuent\w*|rebaj\w*|ofertas?\b|promocion\w*|cupon\w*|desconto\w*|discount\w*|coupon\w*|promo\b)",
    "guarantee": r"garanti\w*|aseguramos|guarantee\w*|warrant\w*",
    "amends": r"compens\w*|indemniz\w*",
    "stock": r"en stock|disponib\w*|agotad\w*|quedan|in stock|available|sold out|esgotad\w*",
    "always": r"siempre\b(?! que)|cuando quiera\w*|en cualquier momento|a cualquier hora|limite\w*|ilimitad\w*|de por vida"
    r"|any ?time|\balways\b|unlimited|lifetime|sempre\b",
    "urgent": r"urgent\w*|\bexpress?\b|prioritari\w*",
}
_FAMILIES = {name: re.compile(pattern) for name, pattern in _PROMISES.items()}
_ACTS = re.compile(
    r"\b(?:he|hemos) (?!aqui)\w+(?:ado|ido|cho|sto|to)\b|\bacabo de \w+[aei]r\b"
    r"|\b(?:voy|vamos) a \w+[aei]r(?:te|le|lo|la|telo|selo)?\b"
    r"|\b(?:te|le|os|les|se) (?:lo |la |los |las )?(?:reservo|aparto|guardo|cancelo|tramito|gestiono|envio|mando|devuelvo"
    r"|reembolso|aviso|avisare|llamo|llamare|enviare|mandare|reservare|devolvere|cambio|regalo)\b"
    r"|\b(?:tu|su|your) (?:pedido|paquete|reserva|cita|devolucion|reembolso|order|parcel|booking|refund|return) (?:ya )?"
    r"(?:esta|va|ha|fue|queda|salio|is|has|was)\b"
    r"|\bi(?:'ve| have) \w+ed\b|\bi(?:'ll| will) \w+\b"
)


class Doubt(StrEnum):
    """What speaks against a sentence."""

    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    PROMISE = "promise"
    """It promises what its sources do not, or says that it did or will do something."""


class Support:
    """Sources to hold sentences against.

    `says` are statements, `topics` are their titles and phrasings, `asked` is what the customer wrote. `same_language`:
    False where the answer is in another language than its sources, so that words cannot be compared; what is said in all
    languages alike still is.
    """

    def __init__(
        self, says: Sequence[str], topics: Iterable[str], asked: Iterable[str], *, same_language: bool
    ) -> None:
        self._same_language = same_language
        self._known, self._topics, self._asked = _telling(says), _telling(topics), _telling(asked)
        self._has_no = any(_SAYS_NO.search(folded(text)) for text in says)
        clauses = [clause for text in says for clause in _clauses(text)]
        self._clauses = [(_telling([clause]), _is_negated(clause)) for clause in clauses]
        self._promised = {found for clause in clauses for found in _promises(clause)}
        free = [clause for text in says for clause in _sentences(text) if not _CONDITION.search(clause)]
        self._unconditional = {found for sentence in free for found in _promises(sentence)}
        spoken = [word for clause in clauses for word in _with_negation(clause)]
        self._affirmed = {word for word, denied in spoken if not denied}
        self._denied = {word for word, denied in spoken if denied}
        self._days = {day for text in says for day in _days_said(text)}
        self._openings = [folded(text) for text in says]

    def doubt(self, sentence: str) -> Doubt | None:
        if self._acts_or_promises(sentence):
            return Doubt.PROMISE
        if self._opens_otherwise(sentence) or not _days_said(sentence) <= self._days:
            return Doubt.CONTRADICTED
        if not self._same_language:
            return None
        if self._share_known(sentence) < (ANCHORED if has_facts(sentence) else ENOUGH) or not self._knows_names(
            sentence
        ):
            return Doubt.UNSUPPORTED
        if any(self._is_opposite(clause) for clause in _clauses(sentence)):
            return Doubt.CONTRADICTED
        return None

    def _acts_or_promises(self, sentence: str) -> bool:
        text = folded(sentence)
        is_act = any(not any(found[0] in opening for opening in self._openings) for found in _ACTS.finditer(text))
        promised = {found for clause in _clauses(sentence) for found in _promises(clause)}
        allowed = self._promised if _CONDITION.search(text) else self._unconditional
        return is_act or bool(promised - allowed)

    def _opens_otherwise(self, sentence: str) -> bool:
        said = folded(sentence)
        if _YES.match(said):
            return any(_NO.match(opening) for opening in self._openings)
        return bool(_NO.match(said)) and any(_YES.match(opening) for opening in self._openings)

    def _share_known(self, sentence: str) -> float:
        telling = _telling([sentence])
        if not telling:
            return 1.0
        return sum(self._weight(word) for word in telling) / len(telling)

    def _weight(self, word: str) -> float:
        if _has(self._known, word):
            return 1.0
        return max(TOPIC * _has(self._topics, word), ASKED * _has(self._asked, word))

    def _knows_names(self, sentence: str) -> bool:
        """Places, brands and people: what is written with a capital in the middle of a sentence."""
        names = {word for found in _NAME.findall(plain(without_links(sentence))) for word in words_of(found)}
        return all(self._weight(name) > 0 for name in names if name.isalpha() and name not in _NO_NAMES)

    def _is_opposite(self, clause: str) -> bool:
        if not _is_negated(clause) and any(
            self._is_denied(word) for word, denied in _with_negation(clause) if not denied
        ):
            return True
        if _is_negated(clause) and not self._has_no:
            return True
        if any(_has(self._affirmed, word) and not _has(self._denied, word) for word in _WITHOUT.findall(clause)):
            return True
        telling = _telling([clause])
        if len(telling) < 2:
            return False
        negated = _is_negated(clause)
        same = max((_overlap(telling, known) for known, other in self._clauses if other is negated), default=0.0)
        opposite = max(
            (_overlap(telling, known) for known, other in self._clauses if other is not negated), default=0.0
        )
        return opposite >= ENOUGH and opposite > same + _CLEARER

    def _is_denied(self, word: str) -> bool:
        return _has(self._denied, word) and not _has(self._affirmed, word)


def _days_said(text: str) -> set[tuple[int, bool]]:
    """Days of the week, each with whether it is one on which something is shut or not done."""
    parts = _PART.split(folded(text))
    return {(day, bool(_SHUT.search(part)) or _is_negated(part)) for part in parts for day in days_in(part)}


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.;!?])\s+|\n", folded(text)) if part]


def _with_negation(clause: str) -> list[tuple[str, bool]]:
    """Its telling words, each with whether it is denied: after a "no", or right behind a "without"."""
    found: list[tuple[str, bool]] = []
    before, is_denied = "", False
    for word in words_of(_IDIOMS.sub(" ", clause)):
        is_denied = is_denied or word in _NO_WORDS or word.endswith("n't")
        if len(word) > 2 and word not in _STOP:
            found.append((word, is_denied or before in _NEGATION))
        before = word
    return found


def _clauses(text: str) -> list[str]:
    return [clause for clause in _CLAUSE.split(folded(text)) if clause and clause.strip()]


def _telling(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in words_of(without_facts(text)) if len(word) > 2 and word not in _STOP}


def _has(known: set[str], word: str) -> bool:
    return word in known or any(_are_kin(word, other) for other in known)


def _are_kin(one: str, other: str) -> bool:
    """Forms of one word: a common beginning of four letters (three in short words) that is most of the shorter one."""
    shorter = min(len(one), len(other))
    shared = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    return shared >= (3 if shorter <= 4 else 4) and shared >= 0.6 * shorter


def _overlap(words: set[str], known: set[str]) -> float:
    return sum(_has(known, word) for word in words) / len(words)


def _is_negated(clause: str) -> bool:
    # A "without" says no to its own word alone.
    return any(word in _NO_WORDS or word.endswith("n't") for word in words_of(_IDIOMS.sub(" ", clause)))


def _promises(clause: str) -> set[tuple[str, bool]]:
    found: set[tuple[str, bool]] = set()
    for name, pattern in _FAMILIES.items():
        for match in pattern.finditer(clause):
            before = words_of(_IDIOMS.sub(" ", clause[: match.start()]))[-4:]
            found.add((name, any(word in _NEGATION or word.endswith("n't") for word in before)))
    return found
