"""Who answers, by how probable it is that the first FAQ is the right one."""

from enum import StrEnum

DIRECT_AT = 0.90
CAUTIOUS_DIRECT_AT = 0.95
PERSON_AT = 0.20


class Route(StrEnum):
    DIRECT = "direct"
    """The FAQ's own answer is sent."""
    CHECK = "check"
    """A language model answers from the closest FAQs, or the customer chooses among three of them."""
    PERSON = "person"


def route(confidence: float, *, direct_at: float = DIRECT_AT, person_at: float = PERSON_AT) -> Route:
    if confidence >= direct_at:
        return Route.DIRECT
    return Route.CHECK if confidence >= person_at else Route.PERSON
