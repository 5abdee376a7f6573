"""Ask the bot as a customer would, and see why it answers what it answers. Nothing is stored, nobody is written to.

It is decided by the very function that answers customers, in the process that holds the encoders: the web process queues
a job with a ticket and waits for what is handed in. What a model costs here is spent.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels import neutral, registry
from saas_admin.adapters.channels.base import Capabilities
from saas_admin.adapters.channels.content import Choice, Choices
from saas_admin.bots import hand_over, language, modelling, reply, setup, standing
from saas_admin.bots.decide import decide
from saas_admin.bots.decision import CLARIFY, Decision, Model, Question, Turn
from saas_admin.bots.episodes import ANSWERS
from saas_admin.bots.library import Library, library
from saas_admin.bots.receipts import source_json
from saas_admin.bots.setup import Setup
from saas_admin.core import replies
from saas_admin.core.actor import Actor
from saas_admin.core.clock import iso
from saas_admin.core.errors import AppError, Invalid
from saas_admin.core.ids import parse_id
from saas_admin.core.jobs import Job
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Bot, Channel, Company
from saas_admin.models.bot import BotKind, Route

log = logging.getLogger(__name__)

SECONDS = 15.0
"""How long somebody waits for an answer before it is said that none comes."""
LONGEST = 2000
MOST_TURNS = 40
_HISTORY = 10
_RECENT = 5
_LISTS = 3
_ANSWERED = frozenset(route.value for route in ANSWERS)

ModelOf = Callable[[UUID], Model | None]
"""The model of a company for a question without a conversation; None without a key, at the cap, or out of order."""


@dataclass(frozen=True)
class Tried:
    """One question and its answer, as the customer reads it, with the receipt production would keep."""

    question: str
    texts: list[str]
    """The messages, in order."""
    choices: list[dict[str, str]]
    """Buttons or rows to tap: `{id, title, description}`. Where the channel has none they stand in the text."""
    opener: str
    files: list[str]
    """Names of the files that go along."""
    route: str
    reason: str
    faq_id: str
    probability: float | None
    sources: list[dict[str, Any]]
    encoders: str
    model: str
    tokens_in: int
    tokens_out: int
    cost: int
    milliseconds: int
    steps: dict[str, float]
    language: str
    is_first: bool
    """The opening with its disclosure was said."""
    is_over: bool
    """A person would have the thread from here."""
    is_lost: bool
    """As `Decision.is_lost`."""
    is_confirmed: bool
    """The customer said that it helped: what comes next begins anew."""
    due_at: str
    """Until when a person answers, as promised."""
    silence: str
    """Why production would say nothing at all right now; empty when it would say this."""
    offered: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    """What may be answered with a number or its words, whatever form it has."""


@requires(Permission.BOTS_READ)
def start(
    work: Work, text: str, channel_id: UUID | None = None, turns: Sequence[Mapping[str, Any]] = (), tapped: str = ""
) -> str:
    """Queue a question behind earlier turns; answers the ticket to wait with."""
    text = text.replace("\x00", "").strip()[:LONGEST]
    if not text:
        raise Invalid(fields={"text": "message_empty"})
    if len(turns) >= MOST_TURNS:
        raise Invalid("playground_long", most=MOST_TURNS)
    if turns and turns[-1].get("is_over"):
        raise Invalid("playground_over")
    if channel_id is not None:
        work.get(Channel, channel_id)
    ticket = replies.new_ticket()
    asked = {
        "text": text,
        "tapped": tapped[:200],
        "channel_id": str(channel_id or ""),
        "turns": list(turns),
        "until": time.time() + SECONDS,
    }
    work.after_commit(Job.PLAYGROUND, company_id=str(work.company_id), ticket=ticket, asked=asked)
    return ticket


async def collect(ticket: str, seconds: float = SECONDS) -> Tried:
    """Raises AppError when the process of the bots does not answer in time, or could not."""
    found = await replies.wait_for(ticket, seconds)
    if found is None:
        raise AppError("playground_silent", seconds=round(seconds))
    if found.get("error"):
        raise AppError("playground_trouble")
    return Tried(**found)


def play(
    company_id: UUID,
    ticket: str,
    asked: Mapping[str, Any],
    *,
    shelves: Library = library,
    model_of: ModelOf = modelling.model_of,
) -> None:
    """In the process of the bots. A question nobody waits for any more is left alone."""
    if time.time() > float(asked["until"]):
        return
    try:
        answer = asdict(try_out(company_id, asked, shelves=shelves, model_of=model_of))
    except Exception:
        log.exception("the playground could not answer", extra={"company_id": str(company_id)})
        answer = {"error": True}
    replies.hand_in(ticket, answer)


def try_out(
    company_id: UUID, asked: Mapping[str, Any], *, shelves: Library = library, model_of: ModelOf = modelling.model_of
) -> Tried:
    with Work(Actor.system(company_id)) as work:
        chosen, silence, can = _standing(work, parse_id(asked.get("channel_id")))
    question = _question(chosen, asked)
    model = model_of(company_id)
    decision = decide(question, chosen, shelves, shelves.get(company_id), model)
    with Work(Actor.system(company_id)) as work:
        tried = _tried(work, chosen, can, silence, str(asked["text"]), question, decision)
    return replace(tried, is_confirmed=tried.is_confirmed and _has_answered(_episode(asked)))


def _standing(work: Work, channel_id: UUID | None) -> tuple[Setup, str, Capabilities | None]:
    """How the bot is set there, and what the channel carries; without a channel as it is everywhere."""
    bot = work.first(select(Bot).where(col(Bot.kind) == BotKind.FAQ)) or Bot(company_id=work.company_id)
    company = work.get(Company, work.company_id)
    if channel_id is None:
        return setup.merge(bot, None, company, "", setup.team(work)), "", None
    channel = work.get(Channel, channel_id)
    here = standing.here_by_channel(work, bot).get(channel.id)
    chosen = setup.merge(bot, here, company, channel.kind, setup.team(work))
    silence = standing.silence(bot, chosen, channel, here, standing.knowledge(work).published, work.now)
    return chosen, silence, registry.get(channel.kind).capabilities_of(channel.settings)


def _question(chosen: Setup, asked: Mapping[str, Any]) -> Question:
    """What `episodes.question` makes of a thread, made of the turns before."""
    turns: list[Mapping[str, Any]] = list(asked.get("turns") or [])
    episode = _episode(asked)
    unsure = 0
    for turn in episode:
        # A page that was open before it was known has turns without it.
        is_lost = bool(turn.get("is_lost"))
        if is_lost or turn["route"] != Route.SMALL_TALK.value:
            unsure = unsure + 1 if is_lost else 0
    said = [
        Turn(is_customer, text)
        for turn in turns
        for is_customer, text in ((True, turn["question"]), (False, "\n\n".join(turn["texts"])))
        if text.strip()
    ]
    lists = [Choices(tuple(Choice(**each) for each in turn["offered"]), turn["opener"]) for turn in turns]
    offered = lists[-1] if turns and turns[-1]["offered"] else None
    before = next((each for each in reversed(lists[-_LISTS:]) if each.options), None)
    about = [turn for turn in episode if turn["route"] != Route.SMALL_TALK.value]
    answered = [turn["faq_id"] for turn in reversed(episode[-_RECENT:]) if turn["route"] in _ANSWERED]
    text = str(asked["text"])
    return Question(
        texts=(text,),
        language=language.guess(text, reply.channel_language(chosen)),
        tapped=str(asked.get("tapped") or ""),
        offered=offered,
        offered_before=None if offered else before,
        history=tuple(said[-_HISTORY:]),
        answers=len(episode),
        unsure=unsure,
        is_introduced=any(turn["texts"] for turn in turns),
        is_asked_back=bool(about) and about[-1]["reason"] == CLARIFY,
        recent_faqs=tuple(key for each in answered if (key := parse_id(each))),
    )


def _episode(asked: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The turns since the customer last said that it helped."""
    turns: list[Mapping[str, Any]] = list(asked.get("turns") or [])
    ended = max((at for at, turn in enumerate(turns) if turn["is_confirmed"]), default=-1)
    return turns[ended + 1 :]


def _has_answered(episode: Sequence[Mapping[str, Any]]) -> bool:
    """As `episodes` counts: the last that was said about the shop is an answer, no question back and no choice."""
    about = [turn for turn in episode if turn["route"] not in (Route.SMALL_TALK.value, Route.NONE.value)]
    return bool(about) and about[-1]["route"] in _ANSWERED and about[-1]["reason"] != CLARIFY


def _tried(
    work: Work,
    chosen: Setup,
    can: Capabilities | None,
    silence: str,
    text: str,
    question: Question,
    decision: Decision,
) -> Tried:
    promised = hand_over.promise(work, chosen) if decision.route is Route.PERSON else None
    said = reply.words(work, chosen, question, decision, promised, None)
    texts, tappable = _fitted(can, said, decision.choices)
    used = decision.model
    return Tried(
        question=text,
        texts=texts,
        choices=[asdict(option) for option in tappable.options] if tappable else [],
        opener=tappable.opener if tappable else "",
        files=[
            str(media["filename"] or media["kind"])
            for media in decision.media
            if can is None or reply.carries(can, media)
        ],
        route=decision.route.value,
        reason=decision.reason,
        faq_id=str(decision.faq.id) if decision.faq else "",
        probability=decision.probability,
        sources=[source_json(source) for source in decision.sources],
        encoders=decision.encoders,
        model=used.model if used else "",
        tokens_in=used.tokens_in if used else 0,
        tokens_out=used.tokens_out if used else 0,
        cost=used.cost if used else 0,
        milliseconds=decision.milliseconds,
        steps=decision.steps,
        language=question.language,
        is_first=not question.is_introduced,
        is_over=promised is not None,
        is_lost=decision.is_lost,
        is_confirmed=decision.is_confirmation,
        due_at=(iso(promised.due_at) or "") if promised else "",
        silence=silence,
        offered=[asdict(option) for option in decision.choices.options] if decision.choices else [],
    )


def _fitted(can: Capabilities | None, said: list[str], choices: Choices | None) -> tuple[list[str], Choices | None]:
    """The messages this becomes on the channel; without one as a channel that carries everything."""
    if can is None or not said:
        return said, choices
    *before, last = said
    texts = [part for text in before for part in reply.split(can, text)]
    if choices is None:
        return [*texts, *reply.split(can, last)], None
    fitted = neutral.fit(can, last, choices=choices, opener=choices.opener)
    return [*texts, fitted.text], fitted.choices
