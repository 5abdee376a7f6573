"""Which words of a text changed: two versions as one text, with what went and what came marked in it."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

SAME, GONE, COME = "same", "del", "ins"
LEAST = 0.4
"""With less in common, two texts are read more easily one after the other."""
MOST_PAIRS = 400
"""So many comparisons of phrasings at most: beyond it, a list was replaced rather than reworded."""
_PIECE = re.compile(r"\s+|\S+")

Parts = list[tuple[str, str]]


def compare(before: str, after: str) -> Parts:
    """In reading order; empty where the two have too little in common."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    parts: Parts = []
    for what, a, b, c, d in SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            parts.append((SAME, "".join(old[a:b])))
            continue
        gone_come = (GONE, "".join(old[a:b])), (COME, "".join(new[c:d]))
        parts += [part for part in gone_come if part[1]]
    return parts if _in_common(parts) >= LEAST else []


def pairs(removed: Sequence[str], added: Iterable[str]) -> list[Parts]:
    """Texts of a list that were reworded: each that went with the one that came and is most like it."""
    left = list(added)
    if len(removed) * len(left) > MOST_PAIRS:
        return []
    found: list[Parts] = []
    for text in removed:
        close = [(parts, other) for other in left if (parts := compare(text, other))]
        if close:
            parts, other = max(close, key=lambda each: _in_common(each[0]))
            found.append(parts)
            left.remove(other)
    return found


def _in_common(parts: Parts) -> float:
    same = sum(len(text.strip()) for what, text in parts if what == SAME)
    other = sum(len(text.strip()) for what, text in parts if what != SAME)
    return 2 * same / (2 * same + other) if same else 0.0
