"""Thanks, greetings and goodbyes that ask for nothing else. Texts with words come folded (`core.text.fold`)."""

import re
import unicodedata
from collections.abc import Sequence

from saas_admin.core.text import fold

_FILL = (
    "a todos", "a todas", "a ti", "a vos", "a usted", "a ustedes", "ah+", "a(?= (?:ok)+)", "uh+", "uy", "uf+", "jo", "jolin", "ostras", "tio", "tia", "mate", "bro", "compa", "wey", "guey", "man", "bella", "vaya", "viu", "show", "beleza", "blz", "carnal", "all", "amables?", "amig[oa]s?", "and", "bueno", "bien", "che",
    "chic[oa]s", "chever[ei]?", "chido", "claro", "crack", "cracks", "dale", "de acuerdo", "de una", "e", "en serio",
    "entendido", "eres", "sos", "son", "guap[oa]s?", "igual(?:mente)?", "de tod[oa]s (?:modos|formas|maneras)", "anyway", "hola+", "listo", "maj[oa]s?", "muy", "muy bien", "no mas",
    "(?:ok)+", "oki", "okey", "okay", "oks", "orale", "parce", "perfecto", "perfeito", "perfect", "great", "porfa",
    "que amables?", "senor(?:a|ita)?", "si", "sip", "sii", "so much", "super", "there", "todo", "un sol", "ustedes",
    "va", "vale", "very much", "vecin[oa]s?", "y", "ya", "yes", "por todo", "por siempre", "de verdad",
    "de corazon", "joya", "barbaro", "excelente", "genial", "otimo",
    "buena gente", "chamos", "compas", "entonces", "equipo", "familia", "gente", "geniales", "hermosa", "linda", "lo maximo",
    "pues", "queridos", "senores", "sois", "unos cracks", "vosotr[oa]s", "estas ahi", "a todo el equipo", "por ahora", "de momento", "de antemano", "desde ya", "in advance",
    "for now", "por enquanto",
    # `no` alone, or before anything else, declines nothing.
    "no(?= (?:no|gracia|muchas|mil|nada|eso es|eso era|asi|ya|por ahora|de momento|todo|ok|thanks|thank|thats|obrigad|esta bien|era todo|seria todo|tranqui))",
    "(?:nop|nope|nel)(?= (?:gracia|thank|nada|thats))", "nao(?= (?:nao|obrigad|muito|era|e so|so isso|nada|valeu|por enquanto))",
)  # fmt: skip
_THANKS = (
    "gracia[sz]", "grax", "graci", "gracies", "moltes gracies", "agradecid[oa]", "se agradece", "te agradezco", "le agradezco",
    "mil", "mil gracias", "muchas", "muchisimas", "many", "muito", "muito obrigad[oa]", "obrigad[oa]", "brigad[oa]", "valeu",
    "thx", "thanks?", "thank you", "ty", "merci", "por (?:la|tu|su|vuestra) (?:ayuda|respuesta|info\\w*|atencion|paciencia|rapidez)",
    "for (?:your|the) (?:help|answer|info\\w*)", "solucionado", "resuelto", "solved", "me sirvio", "me ayudo", "me ayudaste",
    "eso era", "era eso", "eso es todo", "aclarado", "that helps?", "that helped", "buenisimo", "perfecto", "perfeito",
    "perfect", "genial", "excelente", "joya", "barbaro", "otimo", "great", "(?:ok)+", "okis?", "okey", "okay", "vale", "listo",
    "dios (?:le|les|te|se lo) pague", "por contestar(?:me)?", "por responder(?:me)?", "tan rapido", "por avisar(?:me)?",
    "nada mas", "nada mais", "nothing else", "nothing more", "(?:eso|esto) (?:es|era|seria) todo", "(?:era|seria|es) todo", "asi esta (?:bien|perfecto|genial)",
    "asi (?:estoy|estamos) bien", "esta bien asi", "con eso(?: basta| me basta| es suficiente| ya esta| estoy| tengo)?", "ya esta", "todo bien", "ninguna?(?= gracia)", "thats (?:all|it)", "that is all",
    "that(?: wi)?ll be all", "im (?:good|fine|ok)", "all good", "(?:e |era )?so isso(?: mesmo)?", "(?:e|era) isso", "esta bom assim", "assim esta (?:bom|otimo)", "ta bom", "tudo certo", "tudo bem(?= obrigad)",
    "dale", "entendido", "de acuerdo", "orale", "chever[ei]?", "super", "claro", "muy bien", "si", "vlw", "cheers", "obgd?", "perfe", "oki doki", "guay", "cool", "sale", "andale", "de diez", "tranqui", "me espero", "espero", "quedo atent[oa]", "bendiciones", "un segundo", "un momento", "ta(?= |$)(?! bom)",
    "muy amables?", "que amables?", "ya veo", "ya vere(?:mos)?", "(?:ya |ahora |luego )?(?:lo|la|los|las) (?:miro|mirare|veo|vere|pienso|pensare|apunto|pruebo|probare|consulto|tendre en cuenta|reviso)",
    "me lo (?:pienso|pensare)", "tomo nota", "(?:luego|ya|despues) (?:os|te|les|le) (?:digo|aviso|escribo|cuento)", "que (?:bien|bueno|guay|chulo|padre|chevere)", "mola",
    "pues nada", "sin problemas?", "no hay (?:problema|de que)", "no pasa nada", "no (?:necesito|quiero|hace falta|preciso) (?:nada(?: mas)?|mas)", "nao preciso (?:de )?(?:mais )?nada",
    "i dont need anything(?: else)?",
)  # fmt: skip
_REGRETS = (
    "que (?:pena|lastima|bajon|mal|rabia|fastidio|faena)", "(?:vaya|menuda) (?:que )?(?:pena|lastima|faena)", "una (?:pena|lastima)", "pena", "lastima", "(?:what a )?(?:pity|shame)", "too bad", "que pena",
)  # fmt: skip
_HELLO = (
    "hol[ai]+", "holi\\w*", "ola", "oi", "ey", "hey+", "hi+", "hello", "alo", "aupa", "saludos", "buenas", "buenas buenas", "muy buenas",
    "buen(?:os)? dias?", "buenas tardes", "buenas noches", "buena tarde", "bon dia", "bona tarda", "bom dia", "boa tarde", "boa noite",
    "good (?:morning|afternoon|evening)", "tudo bem", "que tal", "que tal todo", "que tal estas?", "que onda", "que mas", "que hubo", "quiubo",
    "que hay", "como (?:estas?|estan|esta usted|va|van|vais|andas?|andan|andais|te va|les va|le va|me le va|va todo)",
    "how are you", "disculpe?n?", "disculpa", "perdon", "una? (?:consulta|pregunta|duda)", "una (?:consultita|preguntita|dudita)",
    "tengo una (?:consulta|pregunta|duda)", "queria (?:hacer una consulta|preguntar algo)", "espero que esten bien",
    "hiya", "(?:sigues|sigue|siguen|seguis|estas|esta|estan|estais) (?:por )?(?:ahi|aqui)", "todo (?:bien|chido|tranqui|bem)", "bien gracias", "y (?:tu|vos|usted|ustedes|vosotr[oa]s|voce)",
    "por cierto", "(?:una|otra|la ultima) (?:ultima )?(?:cosa|cosita|pregunta|duda|consulta)(?: mas| rapid[ao]| rapidita)?", "(?:one|another) (?:more )?(?:thing|question)", "by the way", "(?:me|nos) (?:ayudas?|ayudan|podeis ayudar|puedes ayudar|pueden ayudar|puede ayudar)",
)  # fmt: skip
_BYE = (
    "adios", "adeu", "agur", "chau+", "chao+", "chaito", "chaucito", "ciao", "bye+", "bye bye", "tchau", "goodbye", "see you", "see you soon", "have a (?:good|nice|great) day",
    "hasta (?:luego|pronto|manana|la proxima|otra|la vista)", "nos vemos", "nos hablamos", "hablamos", "ate (?:logo|mais|amanha)", "cuidate", "cuidense",
    "(?:que (?:tengas?|tengan|tenga) )?(?:un )?(?:buen|feliz|lindo|bonito) (?:dia|tarde|noche|fin de semana|finde|semana)", "feliz tarde", "feliz noche",
    "que est[ei]s? bien", "que este bien", "saludos",
    "(?:que )?(?:tenga[ns]?|tengais|pase[ns]?|paseis) (?:un |una )?(?:buen[oa]?s?|bonit[oa]|lind[oa]|feliz|excelente) (?:dias?|tardes?|noches?|semana|finde|fin de semana)", "(?:buen|feliz) finde", "que (?:os|te|les|le) vaya (?:muy )?bien",
    "feli(?:z|ces) (?:navidad(?:es)?|fiestas|ano(?: nuevo)?|pascuas?|reyes)", "buenas fiestas", "boas festas", "feliz natal", "(?:merry|happy) (?:christmas|xmas|holidays|new year|weekend)", "un saludo", "un abrazo", "abrazos?", "besos", "besitos?", "cuidese", "cuidaos", "(?:um )?abracos?", "beijos?",
)  # fmt: skip


_THANKING = frozenset("🙏❤♥🧡💛💚💙💜🖤🤍🤎💕💖💗💓💞💝💘💟🩷🩵🩶🫶👏🙌🤗🥰😍😘😻💐🌹🌷🌸🤩🥳🎉")
_AGREEING = frozenset("👍👌✅✔☑💯🤝💪🆗😊☺🙂😀😃😄😁😆😉😇😎😌😋🤙🤘✌⭐🌟✨🔥🚀💥🥹🫡😺😸🤠🏆👊🤜🤛")
_DISAPPROVING = frozenset("👎😡🤬😠😤🖕💩😒🙄😞😔😟😕🙁☹😣😖😫😩😢😭😾💔🤮🤢❌✖🚫⛔")
_ANGRY = frozenset("😡🤬😠🖕")


_PARTS = re.compile(r"[^.!?;,:\n¡¿]*(?:[.!?;,:\n]+(?=\s|$)|[.!?;,:\n¡¿](?=\S)|$)")
"""Up to the next pause; joined they are the text."""
_HAIL = re.compile(
    r"^(?:(?:hola+|holi+|ola|buen[oa]s (?:d[ií]as|tardes|noches)|buen d[ií]a|muy buenas|hi|hello|hey|oi|ol[aá]|bom dia|boa tarde|boa noite|(?:q|qu[eé]) (?:tal|onda|m[aá]s)|quiubo|che|ey)\s+)+",
    re.IGNORECASE,
)
"""A greeting that runs into the question."""
_TAIL = re.compile(r"\s+o\s+(?:q|qu[eé]|k)(?:\s+(?:show|onda|pedo|tal))?\s*\??$", re.IGNORECASE)
"""«¿abrís el sábado o qué?»."""


def approves(text: str) -> bool:
    """Whether a text without a word is made of nothing but approval: 👍, 👌🏼, 🙏, ❤️."""
    signs = _signs(text)
    return bool(signs) and all(sign in _AGREEING or sign in _THANKING for sign in signs)


def thanks_without_words(text: str) -> bool:
    """A thumb says `ok`, folded hands and hearts say thanks."""
    return approves(text) and any(sign in _THANKING for sign in _signs(text))


def is_angry(text: str) -> bool:
    return any(sign in _ANGRY for sign in text)


def disapproves(text: str) -> bool:
    return any(sign in _DISAPPROVING for sign in text)


def is_thanks(folded: str) -> bool:
    """`ok` counts, a name of a shop in it does not."""
    return _is_made_of(spelled(folded), _THANKS_ONLY, _A_THANKS)


def is_greeting(folded: str) -> bool:
    return _is_made_of(spelled(folded), _HELLO_ONLY, _A_HELLO)


def is_bye(folded: str) -> bool:
    return _is_made_of(spelled(folded), _BYE_ONLY, _A_BYE)


def is_filler(folded: str) -> bool:
    """«ah», «bueno», «vaya pues»: it says nothing by itself."""
    return _FILL_ONLY.fullmatch(spelled(folded)) is not None


def is_no(folded: str) -> bool:
    """Said where nothing was offered: nothing is wanted."""
    return _NO.fullmatch(folded) is not None


def regrets(folded: str) -> bool:
    return _A_REGRET.search(folded) is not None


def without_courtesies(text: str) -> str:
    """The text without the greeting in front and the thanks behind: «hola, ¿abrís hoy? gracias» asks «¿abrís hoy?».

    A text that is nothing else stays as it is.
    """
    parts = _PARTS.findall(text)
    while parts and _is_lead(fold(parts[0])):
        parts.pop(0)
    while parts and (not (said := fold(parts[-1])) or is_thanks(said) or is_bye(said)):
        parts.pop()
    rest = _TAIL.sub("", _HAIL.sub("", "".join(parts).strip())).strip()
    return rest if fold(rest) else text


def _is_lead(folded: str) -> bool:
    return not folded or is_greeting(folded)


def spelled(folded: str) -> str:
    """Without laughter, and «q tal», «k tal», «ke onda» as they are meant. Empty when it says nothing."""
    if folded == "k":
        # What `fold` leaves of «kkkk».
        return ""
    return re.sub(r"\b(?:q|k|ke)\b", "que", " ".join(_LAUGHTER.sub(" ", folded).split()))


def _signs(text: str) -> list[str]:
    """Without the colours of skin, joiners and the dots and exclamation marks around."""
    return [
        sign for sign in text if not sign.isspace() and sign not in "!¡.," and unicodedata.category(sign) not in _SHAPES
    ]


def _is_made_of(folded: str, only: re.Pattern[str], one: re.Pattern[str]) -> bool:
    return bool(only.fullmatch(folded) and one.search(folded))


def _any(phrases: Sequence[str]) -> str:
    # The longest first: «buenas tardes» is not «buenas» and a rest.
    return "|".join(sorted(set(phrases), key=len, reverse=True))


def _only(*kinds: Sequence[str]) -> re.Pattern[str]:
    """Nothing but these, each taken once and for all: a long message costs no more than its length."""
    return re.compile(rf"(?>(?:{_any([phrase for kind in kinds for phrase in kind])})(?: |$))++")


def _one(kind: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_any(kind)})\b")


_FILL_ONLY = _only(_FILL)
_NO = re.compile(r"(?:no|nop|nope|nel|nao)(?: (?:no|nop|nao))*")
_LAUGHTER = re.compile(r"\b(?:a?(?:j[aeiou])+j?|(?:h[ae]){2,}h?|a?hah\w*|(?:rs){2,}|lo+l|lmao|xd+|jsjs\w*)\b")
_SHAPES = ("Mn", "Cf", "Sk", "Me")
"""Unicode's categories of what changes a sign and is none."""
_THANKS_ONLY, _A_THANKS = _only(_THANKS, _REGRETS, _FILL), _one([*_THANKS, *_REGRETS])
_A_REGRET = _one(_REGRETS)
_HELLO_ONLY, _A_HELLO = _only(_HELLO, _FILL), _one(_HELLO)
_BYE_ONLY, _A_BYE = _only(_BYE, _THANKS, _FILL, _HELLO), _one(_BYE)
