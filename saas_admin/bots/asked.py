"""What of a customer's messages is asked, and what only tells something."""

import re
from collections.abc import Collection

from saas_admin.bots import intents, small_words
from saas_admin.bots.courtesies import is_courtesy
from saas_admin.bots.decision import Question
from saas_admin.bots.plain import folded as plain
from saas_admin.bots.setup import Setup
from saas_admin.core.text import fold

_ONE_QUESTION = re.compile(r"[^?]*\?+|[^?]+$")
_ALSO = re.compile(r",? (?=y (?:tambi[eé]n|adem[aá]s|aparte|de paso) )", re.IGNORECASE)
_UNIT = r"(?:€|\$|%|euros?|eur|pesos?|usd|d[oó]lares|dollars|soles|reais|g|gr|gramos?|kg|kilos?|ml|cm|mm|m|litros?|unidades|bolsas|personas|horas?|minutos?)\b"
_DETAILS = re.compile(
    rf"\b[\w.+-]{{1,64}}@[\w-]{{1,63}}\.\w|(?<![$€\d.,/])(?<![$€] )(?!(?:19|20)\d\d\b)(?=(?:\D?\d){{4}})\d[\d .-]{{2,}}\d(?!\d|[.,]\d|\s*{_UNIT})|\b[A-Z]\d{{7,8}}\b|\b\d{{7,8}}-?[A-Z]\b"
)
_CLAUSES = re.compile(r"[,.;:!?\n]+")
_NOT_WANTED = re.compile(
    r"\b(?:no (?:quiero|quisiera|necesito|deseo|busco|pretendo|voy a|vamos a|queremos|preciso)|(?:dont|do not) (?:want|need)(?: to)?|nao (?:quero|preciso|vou))"
    r"((?: (?!que\b|q\b)\w+){1,4})"
)
_BUT = re.compile(
    r"\b(?:pero|but|mas|aunque|porem|por nada|for nothing|sigue|sigo|siguen|seguimos|todavia|aun|ainda|still|falta|faltan|no (?:me|nos|lo|la|ha|han|puedo|funciona|llega|sirve)|nao (?:me|chegou))\b"
)


def questions(question: Question, setup: Setup) -> list[str]:
    """The messages, or parts of them, that are more than a greeting or thanks; without a person that is not wanted."""
    found: list[str] = []
    for text in question.texts:
        if not text.strip() or (is_courtesy(text, setup) and not (question.is_asked_back and _answers(text))):
            continue
        asked = intents.without_declining(text) or text
        found += [piece for piece in _pieces(asked) if not is_courtesy(piece, setup)] or [asked]
    return found


def _answers(text: str) -> bool:
    """«sí», «no», «ok»: to what was asked back they are an answer."""
    heard = intents.hear(text)
    return heard is not None and heard.intent is intents.Intent.THANKS and not intents.thanks(text)


def _pieces(text: str) -> list[str]:
    """Several questions in one message, each by itself; what stands before a question goes with it."""
    if text.count("?") >= 2:
        return [piece.strip() for piece in _ONE_QUESTION.findall(text) if fold(piece)]
    parts = [part for part in _ALSO.split(text) if fold(part)]
    return parts if len(parts) > 1 and all(len(fold(part).split()) >= 4 for part in parts) else [text]


def is_question(text: str, known: Collection[str] = ()) -> bool:
    """Words enough to be asked by themselves: `tienen`, `para espresso` and `y cuanto cuesta` are pieces of a question.
    «y el café tiene gluten?» brings a word of its own, which stands in nothing `known`."""
    words = fold(text).split()
    if words[0] == "y" and "?" in text and any(word not in known for word in own_words(text)):
        return True
    return len(words) >= (5 if words[0] == "y" else 2 if "?" in text else 3)


def own_words(text: str) -> list[str]:
    """Those that say what it is about."""
    return [word for word in plain(fold(text)).split() if not small_words.is_small(word)]


def gives_details(text: str) -> bool:
    """A number of an order or a telephone, an address, a tax id: something to be looked up or noted down."""
    return "?" not in text and _DETAILS.search(text) is not None


def is_contrary(text: str, phrasing: str) -> bool:
    """«no quiero cancelar» is near «quiero cancelar» and asks for the contrary."""
    known = fold(phrasing)
    if _NOT_WANTED.search(known):
        return False
    stems = {word[:5] for word in known.split() if len(word) > 3}
    declined = " ".join(found for part in _CLAUSES.split(text) for found in _NOT_WANTED.findall(fold(part)))
    return any(word[:5] in stems for word in declined.split())


def only_thanks(text: str) -> bool:
    """Thanks in words no list foresaw, with nothing that is still missing."""
    folded = fold(text)
    is_asked = "?" in text or intents.asks(folded)
    return not is_asked and intents.thanks(text) and not _BUT.search(folded) and not gives_details(text)
