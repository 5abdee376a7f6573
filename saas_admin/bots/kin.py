"""Which words are forms of one, and which say the same: Spanish, with the plain endings of English and Portuguese.

Two words are kin when both are one beginning with a known ending: `enviamos` and `envío`, not `portes` and `Portugal`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_SHORTEST = 3
_CLITICS = r"(?:(?:[mts]e|nos|os|les?|l[oa]s?){1,2})"
_ENDING = re.compile(
    r"(?:[oae]?s?|[aeo]r(?:es|as?)?|ado?r(?:a|as|es)?"  # nouns
    rf"|[aei]r{_CLITICS}?|(?:a|e|i)ndo{_CLITICS}?|[aei]d[oa]s?|[aei]d|[aei]n?{_CLITICS}|i"
    r"|an|en|is|[aei]mos|[ae]is|[aei]r(?:e|as|emos|eis|an)|[aei]ria(?:s|n|mos|is)?|aba(?:s|n|mos)?|ia(?:s|n|mos)?"
    r"|aste(?:is)?|iste(?:is)?|aron|eron|io"
    r"|[aiu]?cion(?:es)?|[ai]mentos?|mente|[ai]bles?|it[oa]s?|enda"
    r"|ed|d|ing|ers?|ly|ou|am|em|cao|coes|oes|ao)"
)
# What a verb does to its stem, the same on both sides: cuesta and coste, molienda and muelen, pague and pago.
_CHANGES = (("ie", "e"), ("ue", "o"), ("qu", "c"), ("gu", "g"), ("z", "c"), ("j", "g"))
_IRREGULAR = re.compile(
    r"^(?:abert|escrit|devolt|devol|pid|elig|sig|sirv|sirb|vist|hech|salg|veng|tray|traig|aner|suscri[pb])"
)
_REGULAR = {
    "abert": "abr", "escrit": "escrib", "devolt": "devolv", "devol": "devol", "pid": "ped", "elig": "eleg", "sig": "seg",
    "sirv": "serv", "salg": "sal", "veng": "ven", "traig": "tra", "suscrip": "suscrib", "suscrib": "suscrib",
}  # fmt: skip

_SAME = """
enviar envio mandar despachar despacho portes expedir
llegar tardar demorar demora recibir entrega entregar
costar coste costo precio valer gasto importe tarifa
pedido pedir comprar compra encargo encargar paquete
tienda local establecimiento
correo email mail
habil laborable
pagar pago abonar cobrar
elegir escoger seleccionar
recoger recogida retirar buscar
devolver devolucion devuelto devuelvas
cancelar anular
parar pausar suspender
cambiar modificar sustituir reemplazar
abrir abierto apertura
cerrar cierre
anadir agregar
foto fotografia imagen
roto danado estropeado defectuoso
ver verse verlo consultar mirar revisar comprobar
encontrar localizar
boletin newsletter
apuntar suscribir inscribir
codigo cupon
mensajeria transportista
vender venta
moler molienda
tostar tueste
impuesto tasa arancel
medico doctor
movil celular telefono
unico solo solamente unicamente
todo cualquier cualquiera
gratis gratuito
llevar contener
venir proceder procedencia origen
gustar convencer
reembolso reintegro
adicional extra
incluir incluye incluido traer trae
usar usado usada usados usadas utilizar uso
boton enlace
"""


@lru_cache(maxsize=20_000)
def forms(word: str) -> frozenset[str]:
    """What a folded word has in common with its kin: its possible stems, and the mark of its meaning where it has one."""
    stems = _stems(word)
    return stems | {mark for stem in stems if (mark := _MARKS.get(stem))}


def all_forms(words: Iterable[str]) -> set[str]:
    return {form for word in words for form in forms(word)}


def _stems(word: str) -> frozenset[str]:
    for written, meant in _CHANGES:
        word = word.replace(written, meant)
    word = _IRREGULAR.sub(lambda found: _REGULAR.get(found[0], found[0]), word)
    cuts = range(_SHORTEST, len(word) + 1)
    return frozenset({word, *(word[:n] for n in cuts if _ENDING.fullmatch(word, n))})


def _marks() -> dict[str, str]:
    """By its stems, the first word of those that say the same."""
    found: dict[str, str] = {}
    for line in _SAME.strip().splitlines():
        words = line.split()
        for word in words:
            # The shortest stem is the verb's own; longer ones are forms that happen to look alike.
            found |= dict.fromkeys(_stems(word), f"={words[0]}")
    return found


_MARKS = _marks()
