"""Words by which a customer stops or allows messages by SMS: the whole message, in any case.

English: Twilio's default keywords (twilio.com/docs/messaging/tutorials/advanced-opt-out). Spanish and Portuguese: what
people write there. YES is not taken for a consent: it mostly answers a question.
"""

import re
import unicodedata

_STOP = frozenset(
    {
        *("stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout"),
        *("baja", "alto", "parar", "pare", "detener", "cancelar", "salir", "sair"),
    }
)
_START = frozenset({"start", "unstop", "alta", "iniciar", "comenzar", "comecar"})
_EDGES = re.compile(r"^\W+|\W+$")


def meaning(said: str) -> bool | None:
    """True: may write again, False: must not, None: says nothing of it."""
    if len(said) > 40:
        return None
    plain = unicodedata.normalize("NFKD", said.casefold()).encode("ascii", "ignore").decode()
    word = _EDGES.sub("", plain)
    if word in _STOP:
        return False
    return True if word in _START else None
