"""What is said to the bot that is no question: a wish for a person, anger, thanks, a greeting. Rules, in es, en and pt.

Rules come before any model, so that a wish for a person is granted the same way with and without a key. What no rule knows
is compared with ways in which people say such things (`meant`).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from saas_admin.adapters.embeddings.registry import Encoders
from saas_admin.bots import health, small_talk, wordings
from saas_admin.bots.answering.index import FaqEntry, FaqIndex, answers_of, phrasings_of
from saas_admin.core.text import fold

SURE = 0.85
"""Probability from which a wish for a person, or praise, is believed without a rule."""
_SURE_OF = {"harm": 0.6, "talk": 0.5}
"""Where less will do: harm is sooner taken for what it is not than overlooked; talk is asked of what no FAQ is near to."""


class Intent(StrEnum):
    HARM = "harm"
    PERSON = "person"
    ANGER = "anger"
    NOT_HELPED = "not_helped"
    IDENTITY = "identity"
    THANKS = "thanks"
    GREETING = "greeting"
    BYE = "bye"
    TALK = "talk"
    """Words that ask for nothing; told by what they are like too."""
    PRAISE = "praise"
    """Kind words about what was bought; told by what they are like, not by a rule."""


@dataclass(frozen=True)
class Heard:
    intent: Intent
    is_firm: bool
    """Addressed to us. A loose match may as well be a question of the shop's business: a sure answer goes before it."""


@dataclass(frozen=True)
class People:
    """Who may be addressed by name, folded."""

    bot: str = ""
    team: frozenset[str] = frozenset()
    """First names."""

    def left_out(self, folded: str) -> str:
        """The words without names: «gracias, Nuria» says thanks. As they are when they name nobody."""
        names = {*self.bot.split(), *self.team}
        return " ".join(word for word in folded.split() if word not in names) if names else folded

    def is_wanted(self, folded: str) -> bool:
        """Whether somebody of the team is asked for by name."""
        if not self.team or _DECLINING.search(folded):
            return False
        names = "|".join(map(re.escape, sorted(self.team)))
        return re.search(rf"{_WANTED} (?:la |el |don |dona |con |a |o )?(?:{names})\b", folded) is not None


NOBODY = People()


@dataclass(frozen=True)
class _Sentence:
    text: str
    """Folded."""
    parts: tuple[str, ...]
    """Between its commas, and whole."""
    is_question: bool


_WANTED = (
    r"(?:\b(?:hablar\w*|hablo|comunicar\w*|comunic[ae]\w*|pas(?:a|ame|arme|adme|enme|eme)|pon(?:me|edme|ganme)|consultar\w*|verlo|tratar\w*|falar|talk|speak) (?:\w+ ){0,2}(?:con|a|al|com|to|with)"
    r"|\b(?:atienda|conteste|responda|llame|atender\w*)|^(?:(?:hola|buenas|oye|perdona|hi) )*(?:esta(?=(?: (?:la|el))? \w+$)|anda(?=(?: (?:la|el))? \w+$)|is(?= \w+ (?:there|in))))"
)
_NAME = re.compile(
    r"^(?:(?:hola|oye|y|pero|hi|hello|oi|por cierto|perdon) )*(?:tu )?(?:como te llamas|como se llama usted|cual es (?:tu|su) nombre|quien (?:eres|sos|es usted)|con quien hablo|"
    r"quien me (?:atiende|responde|contesta|habla)|whats your name|what is your name|who are you|who am i (?:talking|speaking) (?:to|with)|"
    r"qual (?:e )?(?:o )?(?:seu|teu) nome|como (?:voce )?se chama|quem (?:e voce|esta falando)|com quem (?:eu )?falo)(?: (?:tu|vos|bot|por favor))?$"
)
_HAND_ON = (
    r"(?:pas(?:es?|eis|en|ar)|transfier\w+|transferir|deriv(?:es?|eis|en|ar)|comuni(?:ques?|quen|queis|car)|conect(?:es?|en|ar)|pong(?:as?|an|ais)|llam(?:es?|eis|en|ar)|"
    r"marqu(?:es?|en)|passe?m?|passar|transfira\w*|transferir)"
)
_HAND_ON_EN = r"(?:(?:transfer|pass|connect|put|hand|call)(?:ing|ring)?|passing|transferring|calling)"
_NOT_WANTED = r"(?:no (?:me |nos )?(?:hace falta|es necesario|quiero|quisiera|necesito)|nao (?:precisa|preciso|quero)|(?:dont|do not) (?:want|need)|no need)"
_DECLINING = re.compile(
    rf"\b(?:(?:no|nao|sin|{_NOT_WANTED})(?: que)? (?:me|nos) {_HAND_ON}|(?:sin|{_NOT_WANTED})(?: que)? \w+ar(?:me|nos)(?= (?:con|a|por)\b|$)"
    rf"|(?:dont|do not|without|{_NOT_WANTED})(?: to)? {_HAND_ON_EN} (?:me|us)"
    rf"|(?:{_NOT_WANTED}(?: (?:hablar|falar|(?:to )?(?:talk|speak)|que (?:me|nos) \w+|tratar))?|(?:sin|sem|without) (?:\w+ que )?(?:hablar|contactar|llamar|tratar|falar|talking|speaking|atender)\w*|^no(?= (?:humans?|people|agents?))|please no)"
    r"(?: (?:con|a|to|with|com|un|una|uma|um|el|la|ningun|ninguna|any|an))*"
    r" (?:nadie|persona|pessoa|human[oa]?s?|agentes?|asesora?|person|people|agent|anyone|anybody|ninguem|alguien|atendente))\b(?! (?:de verdad|real)).*"
)
"""A person that is not wanted, up to the end of what is said."""
_MACHINE = r"(?:bot|robot|robo|maquina|ia|ai|inteligencia artificial|human[oa]?|persona|persona real|pessoa|real person|person|machine|chatbot|chat ?gpt|gpt)"
_IDENTITY = re.compile(
    rf"\b(?:eres|sos|usted es|es usted|hablo con|estoy hablando con|voce e|isso e|isto e|(?:es)?to(?:u)? falando com|falo com|are you|am i (?:talking|speaking) (?:to|with)) "
    rf"(?:(?!para|por|de)\w+ )?(?:un |una |um |uma |a |an )?(?:{_MACHINE}|programa)\b"
    r"|\b(?:sois|son|ustedes son|sao|(?:voces|vcs) sao|are you all) (?:ustedes |todos )?(?:um |uns )?(?:human[oa]s?|personas?|pessoas|bots?|robots?|robos?|maquinas?|people|humans)"
    r"(?: (?:reales|de verdad|o (?:personas?|bots?|robots?|maquinas?|humanos?)))?$"
    rf"|^(?:hola )?(?:esto |is )?(?:es|this) (?:un |una |a |an )?{_MACHINE}\b(?! (?:de (?!verdad)|la |el |que ))"
)
_THANKS = r"gracia[sz]?|grax|gracies|merci|thanks?|thx|ty|thank you|obrigad[oa]|brigad[oa]|valeu"
_CONFIRMS = re.compile(
    rf"\b(?:{_THANKS}|perfecto|perfeito|genial|excelente|buenisimo|me sirvio|me ayudo|"
    r"solucionado|resuelto|aclarado|solved|that helps?|that helped|eso era|era eso)\b"
)
_THANKS_IN = re.compile(rf"\b(?:{_THANKS}|agradec\w*|agradezco|pague)\b")
_DENIES = re.compile(
    r"^(?:no|nop|nope|nah|nel|nao)\b(?! (?:nada mas|nada mais|tengo mas|hay mas|eso es todo|eso era todo|asi|ya|era so isso|thats all|problem|pasa nada))"
    r"|\bno (?:muchas |mil )?(?:gracias|thanks|thank you|obrigad[oa])\b|\b(?:no|nao) (?:me |nos )?(?:sirvio|ayudo|ajudou|solucion\w+|resuelt\w+)\b"
    r"|\b(?:gracias por nada|thanks for nothing|obrigad[oa] por nada|not (?:solved|helpful)|no (?:esta )?(?:solucionado|resuelto|aclarado))\b"
)
_SENTENCE = re.compile(r"([¿¡]*)([^.!?;…¿¡]+|\.(?=\w))([.!?;…]*)")
_COMMA = re.compile(r"[,\n:()]+")
_CLAUSE = re.compile(r"[^,.;!?\n]*(?:[,.;!?\n]+|$)")
_ASKS = re.compile(
    r"^(?:(?:hola|buenas|buenos dias|buenas tardes|y|pero|hi|hello|oi) )*(?:que|cual(?:es)?|cuando|cuanto|cuantos|donde|como|quien|tienen|teneis|tenes|venden|vendeis|hay|"
    r"puedo|se puede|do|does|is|are|can|how|what|when|where|which|tem|qual|quando|quanto|onde|como|voces (?:tem|vendem|fazem))\b"
)


def hear(text: str, people: People = NOBODY) -> Heard | None:
    """What a rule recognises in a message; None for a question. Harm goes before all, then anger and the wish for a person."""
    folded = fold(text)
    if not folded:
        return Heard(Intent.THANKS, is_firm=True) if small_talk.approves(text) else None
    if health.is_harm(folded):
        return Heard(Intent.HARM, is_firm=True)
    # "¿Hablo con una persona?" is asked of a machine; what follows it may still be a wish.
    is_about_us = _IDENTITY.search(folded) is not None or _NAME.search(folded) is not None
    sentences = _sentences(text)
    for is_firm in (True, False):
        if _is_angry(text, folded, sentences, is_firm):
            return Heard(Intent.ANGER, is_firm)
        if any(_is_wish(sentence, is_firm) for sentence in sentences) or (is_firm and people.is_wanted(folded)):
            return Heard(Intent.PERSON, is_firm)
        if is_about_us:
            return Heard(Intent.IDENTITY, is_firm=True)
        if any(_is_unhelped(sentence, is_firm) for sentence in sentences):
            return Heard(Intent.NOT_HELPED, is_firm)
    return _courtesy(text, people)


def _courtesy(text: str, people: People) -> Heard | None:
    rest = without_declining(text)
    if "?" not in text and not rest:
        # A person is not wanted, and nothing else is said.
        return Heard(Intent.THANKS, is_firm=True)
    said = people.left_out(fold(rest or text))
    if not said:
        # A name and nothing else calls somebody.
        return Heard(Intent.GREETING, is_firm=True)
    for intent, is_said in (
        (Intent.THANKS, small_talk.is_thanks),
        (Intent.GREETING, small_talk.is_greeting),
        (Intent.BYE, small_talk.is_bye),
    ):
        if is_said(said):
            return Heard(intent, is_firm=True)
    return None


def asks(folded: str) -> bool:
    """Whether it begins as a question does, with or without its mark."""
    return _ASKS.search(folded) is not None


def without_declining(text: str) -> str:
    """«no me pases con nadie, ¿abrís hoy?» asks «¿abrís hoy?»."""
    parts = _CLAUSE.findall(text)
    # What is asked is never left out: «¿se puede comprar sin hablar con nadie?».
    return "".join(part for part in parts if "?" in part or not _DECLINING.search(fold(part))).strip()


def confirms(text: str) -> bool:
    """Whether thanks say that it helped: `ok` and a thumb do not, and thanks that decline deny it."""
    folded = fold(text)
    if small_talk.disapproves(text) or _DENIES.search(folded):
        return False
    return small_talk.thanks_without_words(text) if not folded else _CONFIRMS.search(folded) is not None


def thanks(text: str) -> bool:
    """Whether it says thanks, and not only `ok` or `sí`."""
    folded = fold(text)
    return _THANKS_IN.search(folded) is not None if folded else small_talk.thanks_without_words(text)


def meant(text: str, encoders: Encoders) -> Intent | None:
    """A wish for a person, praise, or harm, by what it is like; for wordings no rule foresaw."""
    if not encoders.each:
        return None
    ranking = _bank(encoders.key, encoders).ask(text, encoders)
    found = ranking.ranked[0].faq_id if ranking.ranked else ""
    if found not in _MEANT or ranking.confidence < _SURE_OF.get(found, SURE):
        return None
    if found == Intent.PERSON and _DECLINING.search(fold(text)):
        return None
    return None if found in (Intent.PRAISE, Intent.TALK) and "?" in text else Intent(found)


_MEANT = frozenset({Intent.PERSON, Intent.PRAISE, Intent.HARM, Intent.TALK})


def warm(encoders: Encoders) -> None:
    """Compare with the examples once, before the first customer waits for it."""
    meant("hola", encoders)


def _sentences(text: str) -> list[_Sentence]:
    found: list[_Sentence] = []
    for opening, said, ending in _SENTENCE.findall(text):
        parts = [re.sub(r"\bq\b", "que", part) for part in map(fold, _COMMA.split(said)) if part]
        if parts:
            whole = " ".join(parts)
            is_question = "¿" in opening or "?" in ending or _ASKS.search(whole) is not None
            found.append(_Sentence(whole, tuple(dict.fromkeys((whole, *parts))), is_question))
    return found


def _is_angry(text: str, folded: str, sentences: list[_Sentence], is_firm: bool) -> bool:
    if wordings.is_praise(folded):
        return False
    shouts = _shouts(text, folded) and is_firm is ("?" not in text)
    return shouts or any(_is_anger(sentence, is_firm) for sentence in sentences)


def _is_anger(sentence: _Sentence, is_firm: bool) -> bool:
    """In a question about goods a curse is a name: «¿tienen la salsa La Pendeja?»."""
    names_things = wordings.THINGS.search(sentence.text) is not None
    for part in sentence.parts:
        said = wordings.NOT_ANGER.sub(" ", part).strip()
        is_of_goods = names_things or wordings.SOLD.search(said) is not None
        is_asked_of_goods = is_of_goods and sentence.is_question
        firmly = wordings.SUSPICION.sub(" ", said) if sentence.is_question else said
        if is_firm and not is_asked_of_goods and _any_of(wordings.ANGER, firmly):
            return True
        if not is_of_goods and (wordings.SWORN.search(said) if is_firm else _any_of(wordings.LOOSELY_ANGER, said)):
            return True
    return False


def _is_wish(sentence: _Sentence, is_firm: bool) -> bool:
    patterns = wordings.PERSON if is_firm else wordings.LOOSELY_PERSON
    said = [_IDENTITY.sub(" ", part).strip() for part in sentence.parts]
    if any(_DECLINING.search(part) for part in said):
        # Where one is not wanted, the other parts may still say that one is.
        said = [_DECLINING.sub(" ", part).strip() for part in said[1:] or said]
    return any(_any_of(patterns, part) for part in said)


def _is_unhelped(sentence: _Sentence, is_firm: bool) -> bool:
    patterns = wordings.NOT_HELPED if is_firm else wordings.LOOSELY_NOT_HELPED
    found = (pattern.search(sentence.text) for pattern in patterns)
    return any(match and not wordings.CONDITION.search(sentence.text[: match.start()]) for match in found)


def _any_of(patterns: tuple[re.Pattern[str], ...], said: str) -> bool:
    return any(pattern.search(said) for pattern in patterns)


def _shouts(text: str, folded: str) -> bool:
    """Capitals alone are how some people write."""
    letters = [character for character in text if character.isalpha()]
    is_loud = len(letters) >= 16 and sum(c.isupper() for c in letters) > 0.8 * len(letters) and "!" in text
    return is_loud and wordings.COMPLAINS.search(folded) is not None


@lru_cache(maxsize=2)
def _bank(_key: str, encoders: Encoders) -> FaqIndex:
    entries = [FaqEntry(name, tuple(lines)) for name, lines in _EXAMPLES.items()]
    return FaqIndex.build(entries, encoders.embed(phrasings_of(entries)), answers=answers_of(entries, encoders))


_EXAMPLES: dict[str, list[str]] = {
    Intent.PERSON: [
        "Quiero hablar con una persona",
        "¿Me puede atender alguien del equipo?",
        "Prefiero que me conteste un humano",
        "Necesito que un asesor vea mi caso",
        "¿No hay nadie que me pueda responder de verdad?",
        "Ya no quiero seguir con la máquina",
        "I would like to speak with a human being",
        "Can somebody real help me?",
        "Quero falar com um atendente",
        "Tem alguém aí que possa me atender?",
    ],
    Intent.PRAISE: [
        "Me encantó, está buenísimo",
        "Qué rico estaba, felicidades",
        "Todo perfecto, son los mejores",
        "Excelente servicio, los recomiendo",
        "Me llegó ya y es una maravilla",
        "Muy contenta con la compra, enhorabuena",
        "It is great, congratulations",
        "I love it, you are the best",
        "Adorei, ficou maravilhoso, parabéns",
    ],
    Intent.HARM: [
        "Mi hija se ha puesto enferma después de tomarlo",
        "Me sentó mal y me duele la tripa",
        "Se me ha hinchado la cara",
        "Me pica toda la piel desde que me lo puse",
        "La crema me ha irritado y quemado la piel",
        "Mi marido tuvo que ir a urgencias",
        "Me he hecho daño con el producto y estoy sangrando",
        "El aparato echa humo y me ha dado calambre",
        "El cargador se ha quemado, casi hay un incendio",
        "El perro se ha comido el paquete, ¿es peligroso?",
        "El bebé se metió una pieza en la boca y se ahogaba",
        "He encontrado una piedra dentro y me he roto una muela",
        "Había un bicho muerto en la bolsa",
        "Sabe a lejía, creo que nos ha intoxicado",
        "Estaba caducado y nos lo hemos tomado",
        "My son drank it and now he is shaking",
        "I got a rash and my tongue is swelling",
        "We ended up in the ER after eating it",
        "Ele passou mal depois de tomar e está inchado",
        "Fiquei com alergia na boca",
    ],
    "goods": [
        "¿Tenéis pendientes con cristales?",
        "Un collar con piedras de colores",
        "Me corté el pelo y busco una diadema",
        "La falda me queda mal de talla",
        "¿La pizza lleva hongos?",
        "Mi madre está en el hospital, ¿qué flores le mando?",
        "El cajero se tragó mi tarjeta y no puedo pagar",
        "Un libro de insectos para mi hijo",
        "Mi perro ha roto el juguete, ¿cuánto vale otro?",
        "Me cayó mal el repartidor",
    ],
    "stock": ["¿Tienen este producto en stock?", "¿Hay en talla M?", "¿Lo tienes en azul?", "Do you have it in stock?"],
    "shipping": [
        "¿Cuánto tarda el envío?",
        "¿Hacen envíos a mi ciudad?",
        "¿Cuánto cuesta mandarlo?",
        "When will it arrive?",
    ],
    "returns": ["¿Puedo devolverlo?", "¿Cómo cambio la talla?", "Quiero un reembolso", "How do I return it?"],
    "pay": ["¿Cómo puedo pagar?", "¿Aceptan tarjeta?", "¿Puedo pagar a plazos?", "¿Me hacen factura?"],
    "hours": [
        "¿A qué hora abren?",
        "¿Dónde está la tienda?",
        "¿Abren los domingos?",
        "¿Cuál es el teléfono de la tienda?",
    ],
    "order": ["¿Dónde está mi pedido?", "Quiero cancelar mi pedido", "Mi paquete no ha llegado", "Where is my order?"],
    "unclear": ["Tengo una pregunta", "No entiendo", "¿Me puedes ayudar?"],
    Intent.TALK: [
        "Hola, ¿qué tal?",
        "Gracias por la información",
        "Ah, vale, jajaja",
        "Ok, me espero",
        "Listo, quedo atento",
        "De acuerdo, perfecto tío",
        "Uf, qué pena",
        "Nada, da igual, déjalo",
        "Perdón, me he equivocado de número",
        "Hola, soy Laura",
        "Un besito, hasta luego",
        "Eres un sol, qué majos",
        "Bendiciones, cuídese mucho",
        "Órale pues, ya estuvo",
        "Cheers mate, see you",
        "Beijos, valeu",
    ],
}
