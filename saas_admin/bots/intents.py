"""What is said to the bot that is no question: a wish for a person, anger, thanks, a greeting. Rules, in es, en and pt.

Rules come before any model, so that a wish for a person is granted the same way with and without a key. What no rule knows
is compared with ways in which people ask for one (`asks_for_person`).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from saas_admin.adapters.embeddings.registry import Encoders
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


_WHO = (
    r"(?:persona|personas|human[oa]s?|ser humano|agente|asesora?|asesores|alguien|operadora?|ejecutiv[oa]|representante|"
    r"encargad[oa]|vendedora?|duen[oa]|gerente|supervisora?|jef[ea]|responsable|recepcionista|teleoperadora?|atendente|"
    r"pessoa|alguem|gente de verdad|human|person|agent|someone|somebody|representative|operator|manager|supervisor|rep)"
)
_REACH = (
    r"(?:h?abl\w*|comunic\w*|contact\w*|pas[ae]\w*|pon(?:me|ganme|er|game)|derív\w*|deriv\w*|transfer\w*|convers\w*|chate\w*|atiend\w*|"
    r"atend\w*|escrib\w*|llam\w*|fal[ae]\w*|talk\w*|speak\w*|chat\w*|connect\w*|reach|conect\w*|trat\w*|deal)"
)
_WANT = (
    r"(?:quiero|quisiera|necesito|prefiero|deseo|dame|me das|ponme|busco|exijo|kiero|quero|preciso|prefiro|i want|i need|"
    r"give me|get me|let me|can i|could i|may i|puedo|podria|podrias|puedes|posso|me pueden|me podes)"
)
_PERSON = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_REACH}\b(?: \w+){{0,4}} {_WHO}\b",
        rf"\b{_WANT}\b (?:(?:a|to|con|com|de|que|me|un|una|uma|um|algun|alguna|otra|outra|the|an|real|live) ?)*{_WHO}\b",
        rf"\b(?:hay|esta|estan|tem|is there|is|anyone|anybody) (?:\w+ )?{_WHO}\b.{{0,30}}\b(?:ahi|alli|real|humana|vivo|disponible|there|atienda|ayude|ajude)\b",
        rf"\b{_WHO} (?:real|reales|de verdad|human[oa]|de carne y hueso|en vivo|por favor|porfa\w*|pls|please|humana)\b",
        rf"^(?:vos no |tu no |no )?(?:con |com )?(?:un |una |um |uma |a |an |the |otr[oa] )?{_WHO}$",
        rf"\b(?:ayuda|respuesta|atencion|asistencia|ajuda) de (?:un |una |algun |alguna |um |uma )?{_WHO}\b",
        rf"\b{_WHO} (?:me|nos) (?:puede|pueden|podria|podrian|pode) (?:contestar|atender|ayudar|responder|ajudar|llamar)\b",
        r"\b(?:can|could) (?:a|an|some|any) (?:real |actual )?(?:human|person|agent|one) (?:\w+ )?(?:help|answer|talk)\b",
        r"\b(?:me|nos) (?:puede|pueden|podria|podrian|podes|podrias|puedes) (?:llamar|marcar|comunicar|pasar|transferir|derivar|conectar)\b",
        r"\bme (?:pasas|comunicas|transfieres|derivas|pasan|comunican) (?:con|a|al)\b",
        r"\bque me (?:atienda|ayude|conteste|responda|llame|hable)\w* (?:alguien|una persona|un humano|un asesor)\b",
        r"\b(?:no|nada de|sin|basta de|odio|deja de ser un|hartos? de|no more|stop this|sem) (?:quiero |hablar con |mas |un |el |los |este |esta |the )*(?:bots?|robots?|maquinas?|contestadora?)\b",
        r"\b(?:atencion|servicio|soporte) (?:al cliente |personal |a clientes )?(?:human[oa]|personalizad[oa]|de una persona|con persona)\b",
        r"\b(?:customer (?:service|care|support) (?:rep\w*|agent|person)|live (?:chat|agent|person|support)|real (?:human|person|agent))\b",
        r"\b(?:atendimento humano|falar com (?:um |uma |o |a )?(?:atendente|humano|pessoa|alguem|gerente))\b",
        r"\b(?:pasame|pasenme|comunicame|comuniqueme|comuniquenme|transfiereme|transfierame|derivame|deriveme|poneme|conectame) (?:con|a|al)\b",
        r"\bllam(?:ame|enme|eme|arme)\b",
    )
)
_ANGER = re.compile(
    r"\b(?:estaf\w*|ladron\w*|robo|fraude|denunci\w*|demand(?:ar|are|aré|o)|abogad[oa]s?|profeco|indecopi|sernac|defensa del consumidor|"
    r"hoja de reclamaciones?|reclamacion formal|vergonzos[oa]|verguenza|indignad[oa]|indignante|inaceptable|pesim[oa]s?|hart[oa]s?|"
    r"hasta (?:las narices|el gorro|la coronilla|la madre)|tomando el pelo|burla|mierda|joder|carajo|put[oa]\w*|pendej\w*|"
    r"hij[oa]s? de|cabron\w*|inutil\w*|incompetent\w*|no sirven? para nada|basura|asco|malisim[oa]|horrible|furios[oa]|"
    r"enojad[oa]|enfadad[oa]|molest[oa] con|nunca mas|scam\w*|fraud|lawyer|sue you|ridiculous|unacceptable|awful|terrible|worst|"
    r"furious|angry|fed up|useless|bullshit|wtf|golpe|absurdo|pessim[oa]|raiva|vergonha|porcaria|procon|reclame aqui)\b"
)
_NOT_ANGER = re.compile(r"\b(?:no (?:es|fue|era) un[ao]? (?:estafa|robo)|sin verguenza ajena)\b")
_NOT_HELPED = re.compile(
    r"\b(?:no (?:me )?(?:sirve|sirvio|ayuda|ayudo|ayudas|ayudaste|entiendes|entendes|entiende|entendiste|es (?:eso|lo que))|"
    r"eso no (?:es|fue)|no (?:era|es) (?:eso|mi pregunta)|no has entendido|no respond\w+ (?:a )?(?:mi|lo que)|otra vez lo mismo|"
    r"ya (?:te|se) lo dije|not what i|doesn t help|does not help|didn t help|you don t understand|nao (?:ajudou|entendeu|e isso))\b"
)
_IDENTITY = re.compile(
    r"\b(?:(?:eres|sos|es usted|es|hablo con|estoy hablando con|voce e|are you|is this|am i (?:talking|speaking) (?:to|with)) "
    r"(?:\w+ )?(?:un |una |um |uma |a |an )?(?:bot|robot|maquina|ia|ai|inteligencia artificial|programa|human[oa]?|persona|persona real|"
    r"pessoa|real person|person|machine|chatbot))\b"
)
_THANKS = re.compile(
    r"^(?:(?:ok|okey|vale|listo|perfecto|perfeito|genial|excelente|buenisimo|super|ah|si|great|perfect|otimo|muy bien|barbaro|dale|entendido|de acuerdo|"
    r"solucionado|resuelto|me sirvio|me ayudo|eso era|era eso|aclarado|claro|mil|muchas|muchisimas|many|muito|muchas muchas|"
    r"gracias|grax|thx|thanks?|thank you|ty|obrigad[oa]|valeu|por (?:la|tu|su) (?:ayuda|respuesta|info\w*|atencion)|a ti|a vos|a usted|"
    r"so much|very much|amable|que amable|eres|sos|muy|un sol|solved|that helps?|that helped|for your help|[^\w\s]|y|e|and)\s*)+$"
)
_CONFIRMS = re.compile(
    r"\b(?:gracias|grax|thanks?|thx|thank you|obrigad[oa]|valeu|perfecto|perfeito|genial|excelente|buenisimo|me sirvio|me ayudo|"
    r"solucionado|resuelto|aclarado|solved|that helps?|that helped|eso era|era eso)\b"
)
_GREETING = re.compile(
    r"^(?:(?:hola+|holi\w*|ola|oi|buenas|buenos dias|buen dia|buenas tardes|buenas noches|buenas buenas|hey+|hi+|hello|que tal|que onda|"
    r"como (?:estas?|esta usted|va|andas)|good (?:morning|afternoon|evening)|bom dia|boa tarde|boa noite|tudo bem|saludos|alo|disculpe?n?|"
    r"una? (?:consulta|pregunta)|tengo una (?:consulta|pregunta|duda)|a todos|amig[oa]s?|there)\b[\s]*)+"
)
_BYE = re.compile(
    r"^(?:(?:adios|chau+|chao+|bye+|hasta (?:luego|pronto|manana|la proxima)|nos vemos|buen (?:dia|fin de semana|finde)|see you|goodbye|"
    r"tchau|ate (?:logo|mais|amanha)|cuidate|saludos|gracias)\s*)+$"
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
    if _THANKS.match(folded):
        return Heard(Intent.THANKS)
    if _BYE.match(folded):
        return Heard(Intent.BYE)
    greeting = _GREETING.match(folded)
    if greeting and not folded[greeting.end() :].strip():
        return Heard(Intent.GREETING)
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
