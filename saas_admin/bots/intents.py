"""What is said to the bot that is no question: a wish for a person, anger, thanks, a greeting. Rules, in es, en and pt.

Rules come before any model, so that a wish for a person is granted the same way with and without a key. What no rule knows
is compared with ways in which people ask for one (`asks_for_person`).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from saas_admin.adapters.embeddings.registry import Encoders
from saas_admin.bots import small_talk
from saas_admin.bots.answering.index import FaqEntry, FaqIndex, answers_of, phrasings_of
from saas_admin.core.text import fold

SURE = 0.85
"""Probability from which a wish for a person is believed without a rule."""


class Intent(StrEnum):
    PERSON = "person"
    ANGER = "anger"
    NOT_HELPED = "not_helped"
    IDENTITY = "identity"
    THANKS = "thanks"
    GREETING = "greeting"
    BYE = "bye"


@dataclass(frozen=True)
class Heard:
    intent: Intent
    is_firm: bool = True
    """It is said to us; otherwise it may be a question of the shop's trade."""


_WHO = (
    r"(?:persona|h?uman[oa]s?|ser humano|agente|asesora?|asesores|alguien|operadora?|ejecutiv[oa]|representante|"
    r"encargad[oa]|vendedora?|duen[oa]|gerente|supervisora?|jef[ea]|responsable|recepcionista|teleoperadora?|dependient[ea]|companer[oa]|servicio al cliente|atencion al cliente|atendente|"
    r"pessoa|alguem|gente de verdad|human|human being|person|agent|someone|somebody|representative|operator|manager|supervisor|rep)"
)
_REACH = (
    r"(?:h?abl\w*|comuni[cq]\w*|contact\w*|pon(?:me|ganme|er|game)|deriv\w*|transf[ie]\w*|convers\w*|chate\w*|"
    r"atien\w*|aten\w*|escrib\w*|llam\w*|fal[ae]\w*|talk\w*|speak\w*|chat\w*|connect\w*|reach|conect\w*|trat\w*|deal)"
)
_OF_THEM = (
    r"(?:(?:un|una|uma|um|el|la|los|las|o|a|an|the|algun|alguna|algum|alguma|otr[oa]|outr[oa]|tu|su|vuestr[oa]|nuestr[oa]|real|"
    r"actual|live|verdader[oa]|another) ){0,3}"
)
_WANT = (
    r"(?:quiero|quisiera|necesito|prefiero|deseo|dame|deme|me das|me da|me regalas?|regalame|ponme|busco|exijo|kiero|quero|preciso|"
    r"prefiro|i want|i need|give me|get me|let me|can i|could i|may i|puedo|podria|podrias|puedes|posso|me pueden|me podes)"
)
_PERSON = tuple(
    re.compile(pattern)
    for pattern in (
        # «hablar mañana con el encargado», but not «escribir el nombre de la persona en la tarjeta»
        rf"\b{_REACH} (?:\w+ ){{0,3}}(?:con|com|a|al|ao|to|with|by) {_OF_THEM}{_WHO}\b",
        rf"\b{_REACH} {_OF_THEM}{_WHO}\b",
        rf"\bpas(?:a|as|an|ar|ame|anos|enme|eme|arme|arnos|en|e|es|s) (?:con|a|al) {_OF_THEM}{_WHO}\b",
        rf"\bpass[ae]\w* (?:para|pra|pro|a|com) {_OF_THEM}{_WHO}\b",
        rf"\bputs? (?:me )?through to {_OF_THEM}{_WHO}\b",
        rf"\b{_WANT} (?:(?:to|con|com|de|que|me|hay|ver) )*{_OF_THEM}{_WHO}\b(?! (?:de aduanas?|de viajes?|else))",
        rf"\b(?:hay|esta|estan|tem|is there|is|anyone|anybody) (?:\w+ )?{_WHO}\b.{{0,30}}\b(?:ahi|alli|real|humana|vivo|disponible|there|atienda|ayude|atenda|ajude|ai|available|can talk|to talk|i can)\b",
        rf"\b{_WHO} (?:real|reales|de verdad|human[oa]|de carne y hueso|en vivo|por favor|porfa\w*|pls|please|humana)\b",
        rf"^(?:vos no |tu no |no )?(?:con |com )?{_OF_THEM}{_WHO}$",
        rf"\b(?:ayuda|respuesta|atencion|asistencia|ajuda) de {_OF_THEM}{_WHO}\b",
        rf"\b{_WHO} (?:me|nos) (?:puede|pueden|podria|podrian|pode) (?:contestar|atender|ayudar|responder|ajudar|llamar)\b",
        r"\b(?:can|could) (?:a|an|some|any) (?:real |actual )?(?:human|person|agent|one) (?:\w+ )?(?:help|answer|talk)\b",
        r"\b(?:me|nos) (?:puede|pueden|podria|podrian|podes|podrias|puedes) (?:llamar|marcar)\b",
        r"\b(?:podes|podeis|puedes|pueden|podrias|podrian) (?:llamarme|llamarnos|marcarme)\b",
        r"\bque me (?:atienda|ayude|conteste|responda|llame|hable)\w* (?:alguien|una persona|un humano|un asesor)\b",
        r"\b(?:no|nada de|sin|basta de|odio|deja de ser un|hartos? de|no more|stop this|sem) (?:quiero |hablar con |seguir con |mas |un |el |la |los |las |este |esta |the |this |want |talk to |a )*(?:bots?|robots?|maquinas?|contestadora?)\b",
        r"\b(?:atencion|servicio|soporte) (?:al cliente |personal |a clientes )?(?:human[oa]|personalizad[oa]|de una persona|con persona)\b",
        r"\b(?:customer (?:service|care|support) (?:rep\w*|agent|person)|live (?:chat|agent|person|support)|real (?:human|person|agent))\b",
        r"\batendimento humano\b",
        r"\bcon (?:gente|personas) (?:real|reales|de verdad)\b",
        r"\bcon quien (?:puedo|podria|tengo que) hablar\b|\bhablar con (?:el|ella|ellos|ellas|vosotros|ustedes)$",
        r"\b(?:poner|presentar|hacer|dejar|levantar) una? (?:queja|reclamo|reclamacion)\b",
        r"\bllam(?:ame|enme|eme|arme)\b",
        r"\b(?:call me back|give me a call)\b",
    )
)
_ANGER = re.compile(
    r"\b(?:estaf\w*|ladron\w*|(?<!um )robo|fraude|denunci\w*|demand(?:ar|are|o)(?:l[oe]s|te)?|mis abogad[oa]s?|mi abogad[oa]|profeco|indecopi|sernac|"
    r"superintendencia|defensa del consumidor|hoja de reclamaciones?|reclamacion formal|vergonzos[oa]|verguenza|"
    r"indignad[oa]|indignante|inaceptable|pesim[oa]s?|estoy (?:muy |ya |bien |re )?hart[oa]s?|hartas? de|hartos? de|"
    r"hasta (?:las narices|el gorro|la coronilla|la madre|los huevos|los cojones)|me (?:han|habeis) timado|timo|timadores|rater[oa]s|tomando el pelo|tomadura de pelo|se burlan|burla|mierda|joder|carajo|put[oa]\w*|pendej\w*|"
    r"hij[oa]s? de (?:su|la gran|mil|put\w*|perra)|cabron\w*|inutil\w*|incompetent\w*|no sirven? para nada|son una basura|vaya basura|"
    r"que basura|es una basura|que asco|dan asco|malisim[oa]|horrible|furios[oa]|chorros|chantas?|garcas?|ratas|sinverguenzas?|"
    r"re caliente|recaliente|encabronad[oa]|emputad[oa]|mamad[oa] con|cabread[oa]|falta de respeto|devuelvan(?:me|nos) (?:mi|el|la) (?:plata|dinero|guita|lana)|servicio tan malo|mala atencion|nunca en mi vida|es el colmo|no tienen? madre|"
    r"enojad[oa]|enfadad[oa]|molest[oa] con|nunca mas|scam\w*|fraud|lawyer|sue you|ridiculous|unacceptable|awful|terrible|worst|"
    r"rip off|furious|angry|fed up|useless|bullshit|wtf|(?:e|um) golpe|absurdo|pessim[oa]|raiva|vergonha|porcaria|procon|reclame aqui)\b"
)
_NOT_ANGER = re.compile(
    r"\b(?:no (?:es|fue|era) un[ao]? (?:estafa|robo)|sin verguenza ajena|(?:me )?da (?:un poco de |mucha |algo de )?verguenza (?:preguntar|pedir))\b"
)
_NOT_HELPED = re.compile(
    r"\b(?:no (?:me )?(?:sirve|sirvio|ayuda|ayudo|ayudas|ayudaste|entiendes|entendes|entiende|entendiste|es (?:eso|lo que))|"
    r"eso no (?:es|fue)|no (?:era|es) (?:eso|mi pregunta)|no has entendido|no respond\w+ (?:a )?(?:mi|lo que)|otra vez lo mismo|"
    r"ya (?:te|se) lo dije|not what i|doesnt help|does not help|didnt help|did not help|you dont understand|you do not understand|nao (?:ajudou|entendeu|e isso))\b"
)
_MACHINE = r"(?:bot|robot|robo|maquina|ia|ai|inteligencia artificial|human[oa]?|persona|persona real|pessoa|real person|person|machine|chatbot)"
_IDENTITY = re.compile(
    rf"\b(?:eres|sos|usted es|es usted|hablo con|estoy hablando con|voce e|are you|am i (?:talking|speaking) (?:to|with)) "
    rf"(?:(?!para|por|de)\w+ )?(?:un |una |um |uma |a |an )?(?:{_MACHINE}|programa)\b"
    rf"|^(?:hola )?(?:esto |is )?(?:es|this) (?:un |una |a |an )?{_MACHINE}\b(?! (?:de (?!verdad)|la |el |que ))"
)
_CONFIRMS = re.compile(
    r"\b(?:gracias|grax|thanks?|thx|thank you|obrigad[oa]|valeu|perfecto|perfeito|genial|excelente|buenisimo|me sirvio|me ayudo|"
    r"solucionado|resuelto|aclarado|solved|that helps?|that helped|eso era|era eso)\b"
)


def hear(text: str) -> Heard | None:
    """What a rule recognises in a message; None for a question. Anger goes before all, then the wish for a person."""
    folded = fold(text)
    if not folded:
        return None
    if (_ANGER.search(folded) and not _NOT_ANGER.search(folded)) or _shouts(text):
        return Heard(Intent.ANGER)
    # "¿Hablo con una persona?" is asked of a machine; what follows it may still be a wish.
    is_about_us = _IDENTITY.search(folded)
    wish = _IDENTITY.sub(" ", folded) if is_about_us else folded
    if any(pattern.search(wish.strip()) for pattern in _PERSON):
        return Heard(Intent.PERSON)
    if is_about_us:
        return Heard(Intent.IDENTITY)
    if _NOT_HELPED.search(folded):
        return Heard(Intent.NOT_HELPED)
    for intent, is_said in (
        (Intent.THANKS, small_talk.is_thanks),
        (Intent.GREETING, small_talk.is_greeting),
        (Intent.BYE, small_talk.is_bye),
    ):
        if is_said(folded):
            return Heard(intent)
    return None


def confirms(text: str) -> bool:
    """Whether thanks say that it helped: `ok` alone does not."""
    return _CONFIRMS.search(fold(text)) is not None


def asks_for_person(text: str, encoders: Encoders) -> float:
    """Probability that a person is wanted, by what it is like; for wordings no rule foresaw."""
    if not encoders.each:
        return 0.0
    ranking = _bank(encoders.key, encoders).ask(text, encoders)
    return ranking.confidence if ranking.ranked and ranking.ranked[0].faq_id == Intent.PERSON else 0.0


def warm(encoders: Encoders) -> None:
    """Compare with the examples once, before the first customer waits for it."""
    asks_for_person("hola", encoders)


def _shouts(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= 16 and sum(c.isupper() for c in letters) > 0.8 * len(letters) and "!" in text


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
    "talk": ["Hola, ¿qué tal?", "Gracias por la información", "Tengo una pregunta", "No entiendo"],
}
