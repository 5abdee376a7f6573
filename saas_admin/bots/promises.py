"""What binds a shop: that something is free, guaranteed, in stock, given back; and acts, done or announced."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from saas_admin.bots.facts import claimed, proven_by
from saas_admin.bots.kin import all_forms, forms
from saas_admin.bots.plain import plain, words_of
from saas_admin.bots.polarity import marked, telling
from saas_admin.bots.small_words import IDIOMS, is_small

_FAMILIES = {
    name: re.compile(pattern)
    for name, pattern in {
        "free": r"gratis|gratuit\w*|sin coste|sin costo|sin cargo|sem custo|\bregal(?:amos|aremos|are)\b|\b(?:te|le|os|les) regal\w+|(?<!vale )(?<!vales )(?<!caja )(?<!cajas )(?<!tarjeta )(?<!tarjetas )(?<!cheque )(?<!cheques )(?<!bono )(?<!bonos )de regalo\b|obsequi\w*|\bfree\b|no charge|free of charge|bonific\w*|cortesia"
        r"|\bno (?:te |le |os |se )?(?:cuesta|cobramos|cobra|pagas|paga|pagan) nada",
        "refund": r"(?<!contra )(?<!contra)reembols\w*|reintegr\w*|devolv\w* (?:\w+ ){0,3}dinero|devolucion del (?:dinero|importe)|estorno|refund\w*|money back",
        "discount": r"(?<!codigo de )(?<!codigo del )\b(?:descuent\w*|rebaj\w*|ofertas?\b|promocion\w*|cupon\w*|desconto\w*|discount\w*|coupon\w*|promo\b)",
        "guarantee": r"garanti\w*|aseguramos|guarantee\w*|warrant\w*",
        "amends": r"compens\w*|indemniz\w*",
        "stock": r"en stock|disponib\w*|agotad\w*|quedan|in stock|available|sold out|esgotad\w*",
        "always": r"\b(\w+) (?:(?:el|la|los|las|lo|cual|quien|como|cuando|donde) )(?:\w+ )?que \1\b|\b(?:cual|quien|como|cuando|donde)quiera\b"
        r"|\bsea (?:cual|quien|como|cuando|donde)\w* (?:que )?(?:sea|fuere)\b|\bl[oa]s \w+ que (?:quier|dese|necesit)\w+|\bsin importar\b|\bno importa\b|siempre\b(?! que)|cuando quiera\w*|en cualquier momento|a cualquier hora|limite\w*|ilimitad\w*|de por vida"
        r"|any ?time|\balways\b|unlimited|lifetime|sempre\b",
        "same_day": r"(?<!de )(?<!de ese )\b(?:mismo|mesmo) dia\b(?! del?\b| que\b)|same day|dia siguiente|next day",
        "urgent": r"urgent\w*|\bexpress?\b|prioritari\w*",
    }.items()
}
_NUMBERED = frozenset(["free", "discount", "amends"])
"""Promises that a number in their own clause is a condition of: «gratis en pedidos de 50 €»."""
_STRICT = frozenset(["same_day"])
"""Promises that need each word of their condition: «antes de las 12:00 de un día de tueste», not just «antes de las 12:00»."""
_CONDITION = re.compile(
    r"\b(?:si|cuando|mientras|solo|solamente|siempre que|excepto|salvo|hasta que|if|when|while|only|unless|except|se|quando"
    r"|enquanto|apenas)\b(?! quier)|\b(?:partir|desde|menos|from|over|above)\b(?=\D{0,16}\d)"
)
_CONDITIONAL = re.compile(
    r"\b(?:si|cuando|mientras|siempre que|solo|if|when|while|unless|only|se|quando|enquanto)\b((?:[^,:;.]|[,:.](?=\d))*)"
)
_NO = re.compile(r"^(?:no|nunca|tampoco|jamas|ni|not|never|nao|nem|sin|without|sem|\w+n't)$")
_CLAUSE = re.compile(r"[.;:!?\n]+")
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n")
_ACTS = re.compile(
    r"\b(?:he|hemos) (?!aqui)\w+(?:ado|ido|cho|sto|to)\b|\b(?:acabo|acabamos) de \w+[aei]r\b"
    r"|\b(?:voy|vamos) a \w+[aei]r(?:te|le|lo|la|telo|selo)?\b"
    r"|\b(?:te|le|os|les|se) (?:lo |la |los |las )?(?:reservo|aparto|guardo|cancelo|tramito|gestiono|envio|mando|devuelvo"
    r"|reembolso|aviso|llamo|cambio|regalo|paso|hago)\b"
    r"|\b(?:tu|su|your) (?:pedido|paquete|reserva|cita|devolucion|reembolso|order|parcel|booking|refund|return) (?:ya )?"
    r"(?:esta|va|ha|fue|queda|quedo|salio|sale|llega|llegara|is|has|was|will)\b"
    r"|\bya (?:esta|quedo|queda|fue) \w+[aei]d[oa]\b|\b(?:hecho|listo)(?=[,.!]|$)"
    r"|\bi(?:'ve| have) \w+ed\b|\bi(?:'ll| will) \w+\b|\bi(?:'m| am) \w+ing\b"
)
_SUPPOSED = re.compile(
    r"\b(?:si|cuando|mientras|hasta que|if|when|once|while|se|quando) (?:tu|su|your) \w+"
    r"|(?<=, )(?:tu|su|your) \w+ (?=(?:sale|llega|va)\b)"
)
"""«Si tu pedido llega a 50 €», «si pides hoy, tu pedido sale…» tell of no order."""
_ANNOUNCED = re.compile(r"\bwe(?:'ll| will) (?P<we>\w+)|\b(?P<future>\w{2,}[aei]remos)\b")
"""«Te avisaremos», "we'll grind it": a promise unless the shop says of itself that it does so."""
_DAY_OF = re.compile(r"\b(?:dia|day) (?:que|del?|of|that|when) ([^,;.:!?]*)")
"""«El mismo día que recibimos la devolución» is not the day on which it is asked for."""
_MY_FUTURE = re.compile(r"\b\w{2,}[aei]r[éÉ]\b")
"""«Te avisaré»: nobody says so but who would do it. The accent tells it from «nombre»."""
_DOES = re.compile(r"\b(?:te|le|os|les|se|lo|la|los|las) (?:lo |la |los |las )?(\w{3,}mos)\b")
"""«Lo cancelamos»: what the shop does for a customer, on the shop's conditions."""


@dataclass
class Promises:
    """What sources promise, and on what condition."""

    says: Sequence[str]
    free: set[tuple[str, bool]] = field(init=False)
    """Promised without any."""

    def __post_init__(self) -> None:
        self._folded = [marked(text) for text in self.says]
        self._known = all_forms(word for text in self._folded for word in words_of(text))
        self.free = set()
        self._bound: dict[tuple[str, bool], list[tuple[frozenset[str], list[frozenset[str]]]]] = {}
        for text in self._folded:
            for sentence in _SENTENCE.split(text):
                self._read(sentence)

    def is_broken_by(self, sentence: str, before: str = "") -> bool:
        """It does or promises something that the sources do not, or not on these terms; `before` may have told them."""
        text, told = marked(sentence), marked(f"{before} {sentence}")
        if _MY_FUTURE.search(plain(sentence)) or self._announces(text):
            return True
        if any(not self._allows(found, told) for found in promised_in(text)) or self._is_of_another_day(text):
            return True
        if any(not is_small(verb) and not forms(verb) & self._known for verb in _DOES.findall(text)):
            return True
        return any(does in self._bound and not self._allows(does, told) for does in _done_in(text))

    def _read(self, sentence: str) -> None:
        is_conditional = bool(_CONDITION.search(sentence))
        for clause in _CLAUSE.split(sentence):
            for found in promised_in(clause) | _done_in(clause):
                is_bound = is_conditional or (found[0] in _NUMBERED and any(c.isdigit() for c in clause))
                if not is_bound:
                    self.free.add(found)
                    continue
                terms = " ".join(_CONDITIONAL.findall(sentence))
                numbers = proven_by(sentence) if any(c.isdigit() for c in sentence) else frozenset[str]()
                self._bound.setdefault(found, []).append((numbers, [forms(word) for word in telling(terms)]))

    def _allows(self, found: tuple[str, bool], text: str) -> bool:
        if found in self.free:
            return True
        facts, words = claimed(text), all_forms(telling(text))
        if found[0] in _STRICT and any(terms for _, terms in self._bound.get(found, [])):
            every = all_forms(words_of(text))
            return any(all(term & every for term in terms) for _, terms in self._bound[found])
        return any(
            any(fact & proven for fact in facts)
            or any(term & words for term in terms)
            or (not proven and not terms and bool(_CONDITION.search(text)))
            for proven, terms in self._bound.get(found, [])
        )

    def _is_of_another_day(self, text: str) -> bool:
        known = all_forms(word for said in self._folded for tail in _DAY_OF.findall(said) for word in telling(tail)[:1])
        return any(not forms(word) & known for tail in _DAY_OF.findall(text) for word in telling(tail)[:1])

    def _announces(self, text: str) -> bool:
        told = _SUPPOSED.sub(" ", text) if _CONDITION.search(text) else text
        if any(not any(found[0] in said for said in self._folded) for found in _ACTS.finditer(told)):
            return True
        return any(not forms(found["we"] or found["future"]) & self._known for found in _ANNOUNCED.finditer(text))


def promised_in(text: str) -> set[tuple[str, bool]]:
    """Families of promises in a folded text, each with whether it is denied there."""
    found: set[tuple[str, bool]] = set()
    for name, pattern in _FAMILIES.items():
        for match in pattern.finditer(text):
            before = words_of(IDIOMS.sub(" ", text[: match.start()]))[-4:]
            found.add((name, any(_NO.match(word) for word in before)))
    return found


def _done_in(text: str) -> set[tuple[str, bool]]:
    return {(min(forms(verb), key=lambda form: (form[0] != "=", len(form))), False) for verb in _DOES.findall(text)}
