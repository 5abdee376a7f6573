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
    rf"\b[\w.+-]{{1,64}}@[\w-]{{1,63}}\.\w|(?<![$€\d.,/])(?<![$€] )(?<!\bo de )(?<!\bo )(?!\d000\b|\d\d000\b|(?:19|20)\d\d\b)(?=(?:\D?\d){{4}})\d[\d .-]{{2,}}\d(?!\d|[.,]\d|\s*{_UNIT})|\b[A-Z]\d{{7,8}}\b|\b\d{{7,8}}-?[A-Z]\b"
)
_CONTRAST = re.compile(
    r"[,;]\s*(?:y |pero )?no (?:el|mi|mis|un|una|(?:a|de|en|con|para|por)(?: el| la| los| las| mi)?|(?:la|los|las)(?= \w+\s*(?:[,;.?!]|$)))\b[^,.;?!]*"
    r"|^\s*no es (?:el|la|un|una|para|de) [^,.;?!]*(?=,)|\b(?:en vez|en lugar) de(?: en| con| a)?(?:l| la| el| los| las)? \w+",
    re.IGNORECASE,
)
"""What is not meant, beside what is."""
_WANTS_TO_KNOW = re.compile(
    r"\b(?:dinos|dime|decinos|diganos|digame|escribenos|escribinos|escribanos|mandanos|mandenos|envianos|envienos|pasanos|pasenos|dejanos|dejenos|nos (?:dejas|dices|mandas|pasas|escribes|cuentas|indicas)|"
    r"cuentanos|contanos|indicanos|indiquenos|confirmanos|se (?:reserva|pide|encarga) por aqui|reserva por aqui|tell us|send us|let us know|write (?:to )?us|diga nos|conte nos|mande)\b"
)
"""In an answer: the customer is asked for something."""
_DICTATES = re.compile(r"que (?:ponga|diga|sea|lleve|venga|vaya)\b")
"""«que ponga "Feliz cumple"» is told, not asked."""
_ASKS_WITHIN = re.compile(
    r"\b(?:que|cual(?:es)?|cuando|cuant[oa]s?|donde|como|quien(?:es)?|precios?|horarios?|puedo|puede[ns]?|podeis|podes|podria[ns]?|hay|saber|necesito|busco|what|how|when|where|which|can|do you|is there|"
    r"qual|quando|quant[oa]s?|onde|tem|posso|(?!seis\b)\w+(?:ais|eis)|tienen?|tenes|hacen|venden|mandan|envian|aceptan|cobran|abren|cierran|entregan|muelen|reparan|admiten)\b"
)
"""Words of a question, wherever they stand: few people type its mark."""
_ELLIPTIC = re.compile(r"(?:(?:vaya|ah|oh|ok|vale|bueno|pues|entonces|genial|perfecto|jo) )*y(?: \w+){1,4}")
_CLAUSES = re.compile(r"[,.;:!?\n]+")
_NOT_WANTED = re.compile(
    r"\b(?:no (?:quiero|quisiera|necesito|deseo|busco|pretendo|voy a|vamos a|queremos|preciso)|(?:dont|do not) (?:want|need)(?: to)?|nao (?:quero|preciso|vou))"
    r"((?: (?!que\b|q\b)\w+){1,4})"
)
_THANKS_FOR = re.compile(
    r"\b(?:gracias|thanks|obrigad[oa]) (?:por|for|pel[oa]) (?!(?:todo|everything|tudo|el aviso|el dato|el trato|el servicio|contestar\w*|responder\w*|avisar\w*|ayudar\w*|atender\w*|helping|your|the help|"
    r"(?:la|tu|su|vuestra|esa|tanta) (?:ayuda|respuesta|info\w*|atencion|paciencia|rapidez|amabilidad)|tu|su|vuestr[oa]|escribir\w*|preguntar|decir\w*|explicar\w*|aclarar\w*)\b)"
)
"""«gracias por arruinarme el cumpleaños» is no thanks."""
_BUT = re.compile(
    r"\b(?:pero|but|mas (?:nao|ainda|o|a|meu|minha)|aunque|porem|por nada|for nothing|sigue|sigo|siguen|seguimos|todavia|aun|ainda|still|falta|faltan|no (?:me|nos|lo|la|ha|han|puedo|funciona|llega|sirve)|nao (?:me|chegou))\b"
)


def questions(question: Question, setup: Setup) -> list[str]:
    """The messages, or parts of them, that are more than a greeting or thanks; without a person that is not wanted."""
    found: list[str] = []
    for text in question.texts:
        if not text.strip() or (is_courtesy(text, setup) and not (question.is_asked_back and _answers(text))):
            continue
        asked = _without_contrast(intents.without_declining(text) or text)
        found += [piece for piece in _pieces(asked) if not is_courtesy(piece, setup)] or [asked]
    return found


def _without_contrast(text: str) -> str:
    """«cancelar la cata, no el pedido» asks about the tasting."""
    rest = " ".join(_CONTRAST.sub(" ", text).split()).strip(" ,.;") if _CONTRAST.search(text) else text
    return rest if len(fold(rest).split()) > 1 else text


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


def wants_to_know(answer: str) -> bool:
    """Whether an answer asks for something: «dinos el número», «se reserva por aquí»."""
    return _WANTS_TO_KNOW.search(fold(answer)) is not None


def tells(text: str) -> bool:
    """Whether it states something, and asks for nothing."""
    folded = fold(text)
    return "?" not in text and (_DICTATES.match(folded) is not None or not intents.asks(folded))


def gives(text: str) -> bool:
    """Whether it can only be what was asked for: no word of a question stands anywhere in it."""
    folded = fold(text)
    return tells(text) and (_DICTATES.match(folded) is not None or not _ASKS_WITHIN.search(folded))


def objects(text: str) -> bool:
    """Whether something is still missing: «gracias, pero no me ha llegado»."""
    return _BUT.search(fold(text)) is not None


def is_elliptic(text: str) -> bool:
    """«¿y de Colombia?» says of what, and not what about it."""
    return _ELLIPTIC.fullmatch(fold(text)) is not None


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
    is_ironic = _THANKS_FOR.search(folded) is not None
    return tells(text) and intents.thanks(text) and not is_ironic and not objects(text) and not gives_details(text)
