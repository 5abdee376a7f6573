"""Whether what holds from a minimum on is told of that side: «gratis desde 50 €», not «por debajo es gratis»."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from saas_admin.bots.fact_words import MONEY
from saas_admin.bots.facts import claimed
from saas_admin.bots.polarity import marked
from saas_admin.bots.promises import promised_in
from saas_admin.bots.small_words import UNDER

_UNDER = re.compile(UNDER)
_UNDER_SUM = re.compile(
    r"\bno (?:se )?(?:llega|alcanza|supera)\w* (?:a )?(?:los |las )?\d|\bno (?:es|son|sea) (?:de )?\d"
)
_CLAUSE = re.compile(rf"[.;:!?]+(?!\d)|\n+|,?\s+(?:y|e|pero|and|but)\s+(?={UNDER})|,\s*(?={UNDER})")
_FREE = ("free", False)


@dataclass
class Minimums:
    """What sources give from a sum on."""

    says: Sequence[str]
    _is_free_from: bool = field(init=False)

    def __post_init__(self) -> None:
        parts = [part for text in self.says for part in _CLAUSE.split(marked(text))]
        self._is_free_from = any(_sums(part)[0] and _FREE in promised_in(part) for part in parts)

    def is_crossed_by(self, sentence: str) -> bool:
        """Below the minimum it gives what is had above it, or above it asks the price of below."""
        return any(self._is_crossed(part) for part in _CLAUSE.split(marked(sentence)))

    def _is_crossed(self, part: str) -> bool:
        has_minimum, has_price = _sums(part)
        is_free = _FREE in promised_in(part)
        if _UNDER.search(part):
            return is_free or not self._is_free_from
        if _UNDER_SUM.search(part):
            return is_free
        return self._is_free_from and has_minimum and has_price and not is_free


def _sums(part: str) -> tuple[bool, bool]:
    """Whether it names a minimum («desde 50 €»), and whether a price."""
    forms = [form.split(":", 1)[1] for fact in claimed(part) for form in fact if ":" in form]
    return any(form.startswith("from:") for form in forms), any(form in MONEY for form in forms)
