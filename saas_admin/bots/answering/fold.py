"""What people type into a phone, brought to one spelling.

`core.text.fold` makes two texts comparable letter by letter; `words` reads it the way people write to a shop (slang spelled
out), for the lexical views; `spoken` keeps a sentence for an encoder.
"""

import re
from functools import lru_cache

from saas_admin.core.text import fold

REPEATED = re.compile(r"([^\W\d_])\1{2,}")
LAUGHTER = re.compile(r"(?:j[aeiou]){2,}j?|(?:h[ae]){2,}h?|(?:k){3,}|x[d]+|lo+l+")

_SPANISH = {
    "q": "que", "k": "que", "ke": "que", "qe": "que", "xq": "porque", "pq": "porque", "xk": "porque", "pk": "porque",
    "porq": "porque", "x": "por", "xfa": "por favor", "xfavor": "por favor", "porfa": "por favor",
    "porfi": "por favor", "pf": "por favor", "plis": "por favor", "tmb": "tambien", "tb": "tambien",
    "tbn": "tambien", "tmbn": "tambien", "pa": "para", "pal": "para el", "d": "de", "c": "con", "t": "te", "m": "me",
    "s": "es", "bn": "bien", "nd": "nada", "aki": "aqui", "aora": "ahora", "ahorita": "ahora", "toy": "estoy",
    "stoy": "estoy", "ta": "esta", "tas": "estas", "stas": "estas", "tan": "estan", "kiero": "quiero",
    "qiero": "quiero", "kieres": "quieres", "kiere": "quiere", "kieren": "quieren", "kien": "quien", "kuanto": "cuanto",
    "cto": "cuanto", "cnto": "cuanto", "cuanto": "cuanto", "kuando": "cuando", "cdo": "cuando", "cnd": "cuando",
    "dnd": "donde", "dond": "donde", "komo": "como", "cm": "como", "msj": "mensaje", "msg": "mensaje",
    "msje": "mensaje", "grax": "gracias", "grcs": "gracias", "graciass": "gracias", "aser": "hacer", "acer": "hacer",
    "hacr": "hacer", "ay": "hay", "aver": "a ver", "tngo": "tengo", "tiens": "tienes", "pdo": "puedo", "pueo": "puedo",
    "dsd": "desde", "hst": "hasta", "mnn": "mañana", "mnna": "mañana", "finde": "fin de semana", "num": "numero",
    "nro": "numero", "tel": "telefono", "tlf": "telefono", "cel": "celular", "celu": "celular", "wsp": "whatsapp",
    "wasap": "whatsapp", "guasap": "whatsapp", "wpp": "whatsapp", "info": "informacion", "compu": "computadora",
    "depto": "departamento", "dpto": "departamento", "dir": "direccion", "pdd": "pedido", "salu2": "saludos",
    "vdd": "verdad", "bb": "bebe", "mxo": "mucho", "muxo": "mucho", "muxas": "muchas", "uds": "ustedes",
    "ud": "usted", "usd": "usted", "tarj": "tarjeta", "dcto": "descuento", "dto": "descuento", "promo": "promocion",
    "devolu": "devolucion", "min": "minutos", "hr": "hora", "hrs": "horas", "dias": "dias", "sip": "si", "nop": "no",
}  # fmt: skip
_PORTUGUESE = {
    "q": "que", "k": "que", "oq": "o que", "pq": "porque", "vc": "voce", "vcs": "voces", "tb": "tambem", "tbm": "tambem",
    "pra": "para", "pro": "para o", "p": "para", "ta": "esta", "to": "estou", "tou": "estou", "n": "nao", "nd": "nada",
    "blz": "beleza", "obg": "obrigado", "vlw": "valeu", "qto": "quanto", "qnt": "quanto", "qdo": "quando",
    "qnd": "quando", "qm": "quem", "cmg": "comigo", "msg": "mensagem", "hj": "hoje", "eh": "e", "aki": "aqui",
    "c": "com", "d": "de", "pf": "por favor", "pfv": "por favor", "zap": "whatsapp", "tel": "telefone",
    "cel": "celular", "fds": "fim de semana",
}  # fmt: skip
_ENGLISH = {
    "u": "you", "r": "are", "ur": "your", "y": "why", "pls": "please", "plz": "please", "thx": "thanks", "ty": "thank you",
    "wat": "what", "wot": "what", "bc": "because", "cuz": "because", "coz": "because", "b4": "before", "gr8": "great",
    "msg": "message", "acct": "account", "w8": "wait", "dont": "do not", "cant": "can not", "wont": "will not",
    "didnt": "did not", "doesnt": "does not", "isnt": "is not", "im": "i am", "ive": "i have", "whats": "what is",
    "wheres": "where is", "hows": "how is", "wanna": "want to", "gonna": "going to", "info": "information",
}  # fmt: skip
# Keys are folded words.
SLANG = {"es": _SPANISH, "pt": _PORTUGUESE, "en": _ENGLISH}


@lru_cache(maxsize=4096)
def words(text: str, language: str) -> tuple[str, ...]:
    """The folded words with slang spelled out and laughter left out."""
    slang = SLANG.get(language, {})
    found: list[str] = []
    for word in fold(text).split():
        if not LAUGHTER.fullmatch(word):
            found.extend(fold(slang.get(word, word)).split())
    return tuple(found)
