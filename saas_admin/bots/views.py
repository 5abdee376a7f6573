"""What a reader gets to see of the bot: its state, its figures, the questions it left, what thresholds would do."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ChannelView:
    id: str
    name: str
    kind: str
    is_on: bool
    """Its own switch; the bot's stands above it."""
    silence: str
    """Why the bot says nothing there right now: `off`, `channel_off`, `channel_down`, `no_faqs`, `hours`; empty when it answers."""
    differs: dict[str, str]
    """What is said differently there."""


@dataclass(frozen=True)
class KnowledgeView:
    published: int
    phrasings: int
    few: int
    """Published FAQs with fewer than five phrasings: where work helps most."""


@dataclass(frozen=True)
class BotView:
    is_there: bool
    """Somebody has set something; until then these are the values it would start with."""
    is_on: bool
    name: str
    persona: str
    address_form: str
    language: str
    greeting: str
    schedule: str
    direct_at: float
    person_at: float
    most_answers: int
    forbidden_topics: list[str]
    give_back: str
    give_back_hours: int
    answer_within: int
    opening: str
    """What a customer reads before the first answer."""
    hand_over: str
    """What a customer reads when a person is asked right now."""
    is_open: bool
    """The shop, at this moment."""
    admins: list[str]
    """Whom to ask for a change, by name."""


@dataclass(frozen=True)
class Overview:
    bot: BotView
    channels: list[ChannelView]
    knowledge: KnowledgeView
    talking: int
    """Threads the bot has a part in right now."""
    unanswered: int
    """Questions on the work list, each once."""


@dataclass(frozen=True)
class Counts:
    """Of threads the bot has begun in a period, and of what it answered in it."""

    handled: int = 0
    """Episodes begun: the rest below are shares of them."""
    confirmed: int = 0
    assumed: int = 0
    handed_over: int = 0
    taken: int = 0
    """A person answered without being asked."""
    unresolved: int = 0
    open: int = 0
    reopened: int = 0
    """Of those that counted as resolved, the customer came back with it within a week."""
    answered: int = 0
    """Answers from FAQs, with or without a model."""
    routes: dict[str, int] = field(default_factory=dict[str, int])
    cost: int = 0
    """Micro-units."""
    milliseconds: int = 0
    """The median of a decision."""


@dataclass(frozen=True)
class ChannelFigures:
    id: str
    name: str
    kind: str
    is_deleted: bool
    counts: Counts


@dataclass(frozen=True)
class Figures:
    days: int
    since: str
    now: Counts
    before: Counts
    """The same for as many days before, up to the same hour."""
    channels: list[ChannelFigures]


@dataclass(frozen=True)
class Closest:
    faq_id: str
    title: str
    score: float
    likeness: float
    """How likely it was the right one where that was weighed, else how similar."""


@dataclass(frozen=True)
class Unanswered:
    id: str
    """Of the latest receipt that asks it."""
    question: str
    language: str
    times: int
    last_at: str
    channel_name: str
    channel_kind: str
    reason: str
    conversation_id: str
    closest: list[Closest]
    """Published FAQs, best first."""


@dataclass(frozen=True)
class UnansweredPage:
    rows: list[Unanswered]
    total: int
    next: str


@dataclass(frozen=True)
class Zone:
    """What would happen to these questions, and what is known about them."""

    total: int = 0
    right: int = 0
    """Of those whose end is known, the best FAQ was the right one."""
    wrong: int = 0


@dataclass(frozen=True)
class Moved:
    """A question that another setting would have treated otherwise."""

    question: str
    title: str
    probability: float
    before: str
    after: str
    """`direct`, `middle`, `person`."""
    is_right: bool | None
    at: str


@dataclass(frozen=True)
class Preview:
    total: int
    exact: int
    """Asked in the very words of a FAQ: answered at once by any setting."""
    since: str
    direct: Zone
    middle: Zone
    person: Zone
    buckets: list[list[int]]
    """By hundredths of probability: `[all, right, wrong]`, from 0.00 to 1.00."""
    moved: list[Moved]
    """Some of them; none for who may not read what customers write."""
    moves: int
    """How many questions would change side."""
