"""Numbers as people write them: in words, with either decimal mark, with thousands or without."""

import re
from collections.abc import Iterator
from decimal import Decimal

from saas_admin.bots.fact_words import COUNTED, numbered

_UNITS = numbered(
    """
    2 dos two dois duas
    3 tres three
    4 cuatro four quatro
    5 cinco five
    6 seis six
    7 siete seven sete
    8 ocho eight oito
    9 nueve nine nove
    """
)
_MORE = numbered(
    """
    10 diez dez
    11 eleven
    12 doce twelve doze
    13 trece thirteen
    14 catorce fourteen
    15 quince fifteen
    16 dieciseis sixteen
    17 diecisiete
    18 dieciocho
    19 diecinueve
    20 veinte twenty vinte
    21 veintiuno
    22 veintidos
    23 veintitres
    24 veinticuatro
    25 veinticinco
    30 treinta thirty trinta
    40 cuarenta forty quarenta
    50 cincuenta fifty cinquenta
    60 sesenta sixty
    70 setenta seventy
    80 ochenta eighty
    90 noventa ninety
    200 doscientos
    500 quinientos
    """
)
_PLAIN = {**_UNITS, **_MORE}
# Words that mean something else too: numbers only before what can be counted.
_DOUBTFUL = numbered(
    """
    1 un una one um uma a an
    10 ten
    11 once onze
    100 cien cem hundred
    1000 mil
    """
)
_TENS = "|".join(word for word, value in _MORE.items() if 30 <= value <= 90 or word == "twenty")
_COMPOSED = re.compile(rf"\b({_TENS})(?:\s+y\s+|\s+e\s+|[-\s])({'|'.join([*_UNITS, 'uno', 'un', 'one'])})\b")
_SIMPLE = re.compile(rf"\b({'|'.join(_PLAIN)})\b")
_BEFORE_UNIT = re.compile(rf"\b({'|'.join(_DOUBTFUL)})(?=\s+(?:{COUNTED})\b)")


def in_digits(text: str) -> str:
    """Folded text with its number words as digits."""
    text = _COMPOSED.sub(lambda m: str(_PLAIN[m[1]] + _PLAIN.get(m[2], 1)), text)
    text = _SIMPLE.sub(lambda m: str(_PLAIN[m[1]]), text)
    return _BEFORE_UNIT.sub(lambda m: str(_DOUBTFUL[m[1]]), text)


def values_of(said: str) -> list[str]:
    """All a written number can mean: `1.200` is twelve hundred or one and a fifth."""
    return list(dict.fromkeys(f"{value.normalize():f}" for value in _readings(said)))


def _readings(said: str) -> Iterator[Decimal]:
    marks = re.findall(r"[.,]", said)
    plain = re.sub(r"[.,]", "", said)
    if not marks:
        yield Decimal(said)
        return
    whole, _, tail = re.sub(",", ".", said).rpartition(".")
    decimal = Decimal(f"{whole.replace('.', '')}.{tail}")
    if len(set(marks)) == 2:
        yield decimal
    elif len(marks) > 1:
        yield Decimal(plain)
    else:
        yield decimal
        if len(tail) == 3 and whole != "0":
            yield Decimal(plain)
