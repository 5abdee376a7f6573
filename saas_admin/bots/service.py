"""What people set about their bot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from saas_admin.accounts import audit
from saas_admin.bots.phrases import FORMS, LANGUAGES
from saas_admin.core.errors import Invalid
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Bot, BotAnswer, BotChannel, Channel
from saas_admin.models.bot import BotKind, GiveBack, Review, Schedule

MOST_TOPICS = 50
DIFFERS = ("name", "persona", "address_form", "greeting", "schedule")
LENGTHS = {"name": 40, "persona": 600, "greeting": 600}
BOUNDS = {"most_answers": (1, 100), "give_back_hours": (1, 720), "answer_within": (5, 2880)}
_LONGEST_TOPIC = 60


@dataclass(frozen=True)
class Manner:
    """How a bot speaks and when."""

    name: str = ""
    persona: str = ""
    address_form: str = "tu"
    language: str = "customer"
    greeting: str = ""
    schedule: str = Schedule.ALWAYS.value


@dataclass(frozen=True)
class Limits:
    """When it gives a thread to a person, and how a thread comes back to it."""

    most_answers: int = 12
    forbidden_topics: Sequence[str] = ()
    give_back: str = GiveBack.ON_CLOSE.value
    give_back_hours: int = 12
    answer_within: int = 30


@dataclass(frozen=True)
class TopicChange:
    """Which topics came and which went: two people who edit the list at once both find theirs in it."""

    added: Sequence[str] = ()
    removed: Sequence[str] = ()


@requires(Permission.BOTS_MANAGE)
def set_behaviour(work: Work, changes: Mapping[str, Any], topics: TopicChange | None = None) -> None:
    """What is named, of manner and limits, with every problem of either. The rest stays as it is, whoever set it."""
    bot = ensure(work)
    manner = Manner(**{name: changes.get(name, getattr(bot, name)) for name in Manner.__dataclass_fields__})
    limits = Limits(**{name: changes.get(name, getattr(bot, name)) for name in Limits.__dataclass_fields__})
    if topics is not None:
        kept = [each for each in bot.forbidden_topics if each not in topics.removed]
        limits = replace(limits, forbidden_topics=[*kept, *topics.added])
    problems: dict[str, str] = {}
    for change in (lambda: set_manner(work, manner), lambda: set_limits(work, limits)):
        try:
            change()
        except Invalid as refused:
            problems |= refused.fields
    if problems:
        raise Invalid(fields=problems)


@requires(Permission.BOTS_MANAGE)
def set_manner(work: Work, manner: Manner) -> None:
    problems = _problems({name: getattr(manner, name) for name in DIFFERS})
    if manner.language not in ("customer", *LANGUAGES):
        problems["language"] = "choice"
    if problems:
        raise Invalid(fields=problems)
    texts = {name: _tidy(getattr(manner, name)) for name in LENGTHS}
    _change(
        work, texts | {"address_form": manner.address_form, "language": manner.language, "schedule": manner.schedule}
    )


@requires(Permission.BOTS_MANAGE)
def set_limits(work: Work, limits: Limits) -> None:
    topics = list(dict.fromkeys(_tidy(topic) for topic in limits.forbidden_topics if topic.strip()))
    problems = {name: "number" for name, (least, most) in BOUNDS.items() if not least <= getattr(limits, name) <= most}
    if len(topics) > MOST_TOPICS or any(len(topic) > _LONGEST_TOPIC for topic in topics):
        problems["forbidden_topics"] = "topics"
    if limits.give_back not in {each.value for each in GiveBack}:
        problems["give_back"] = "choice"
    if problems:
        raise Invalid(fields=problems)
    _change(
        work,
        {
            "most_answers": limits.most_answers,
            "forbidden_topics": topics,
            "give_back": limits.give_back,
            "give_back_hours": limits.give_back_hours,
            "answer_within": limits.answer_within,
        },
    )


@requires(Permission.BOTS_MANAGE)
def set_thresholds(work: Work, direct_at: float | None = None, person_at: float | None = None) -> None:
    """Probabilities: from `direct_at` on a FAQ is said as it is, below `person_at` a person answers. None leaves one alone."""
    bot = ensure(work)
    direct_at = bot.direct_at if direct_at is None else direct_at
    person_at = bot.person_at if person_at is None else person_at
    if not 0.5 <= direct_at <= 0.99:
        raise Invalid(fields={"direct_at": "threshold"})
    if not 0.0 <= person_at < direct_at:
        raise Invalid(fields={"person_at": "threshold"})
    _change(work, {"direct_at": round(direct_at, 2), "person_at": round(person_at, 2)})


@requires(Permission.BOTS_MANAGE)
def switch(work: Work, is_on: bool) -> None:
    """All of it on or off. What it owes at the moment is people's to answer when it is switched off."""
    _change(work, {"is_on": is_on})
    _tell_channels(work)


@requires(Permission.BOTS_MANAGE)
def switch_channel(work: Work, channel_id: UUID, is_on: bool) -> None:
    here = _here(work, channel_id)
    if here.is_on != is_on:
        here.is_on = is_on
        audit.record(work, "bot.channel_switched", target=_target(work, channel_id), after={"on": is_on})
    _tell_channels(work)


@requires(Permission.BOTS_MANAGE)
def set_channel(work: Work, channel_id: UUID, differs: Mapping[str, Any]) -> None:
    """What is said differently on one channel, of what is named; an empty value says it as the bot does."""
    given = {name: _tidy(str(value)) for name, value in differs.items() if name in DIFFERS}
    if problems := _problems({name: value for name, value in given.items() if value}):
        raise Invalid(fields=problems)
    here = _here(work, channel_id)
    after = {name: value for name, value in {**here.differs, **given}.items() if value}
    if here.differs != after:
        audit.record(work, "bot.channel_changed", target=_target(work, channel_id), before=here.differs, after=after)
        here.differs = after


@requires(Permission.FAQS_MANAGE)
def dismiss_question(work: Work, answer_id: UUID) -> int:
    """Take a question from the list of those that were not answered, with all that ask the same; answers how many."""
    return settle(work, work.get(BotAnswer, answer_id), Review.DISMISSED)


@requires(Permission.FAQS_MANAGE)
def reopen_question(work: Work, answer_id: UUID) -> None:
    """Undo of a dismissal."""
    row = work.get(BotAnswer, answer_id)
    work.session.execute(
        update(BotAnswer)
        .where(
            col(BotAnswer.company_id) == work.company_id,
            col(BotAnswer.folded) == row.folded,
            col(BotAnswer.review) == Review.DISMISSED,
        )
        .values(review=Review.OPEN, reviewed_by=None)
    )


def settle(work: Work, row: BotAnswer, review: Review) -> int:
    """Part of a verb that deals with a question: everybody who asked it in these words is settled with it."""
    settled = work.session.execute(
        update(BotAnswer)
        .where(
            col(BotAnswer.company_id) == work.company_id,
            col(BotAnswer.folded) == row.folded,
            col(BotAnswer.review) == Review.OPEN,
        )
        .values(review=review, reviewed_by=work.actor.user_id)
        .returning(col(BotAnswer.id))
    )
    return len(settled.all())


def ensure(work: Work) -> Bot:
    """The bot of the company, made at the first word about it; locked."""
    found = work.first(select(Bot).where(col(Bot.kind) == BotKind.FAQ).with_for_update())
    if found is None:
        found = work.add(Bot(kind=BotKind.FAQ, created_at=work.now, updated_at=work.now))
        work.flush()
    return found


def _change(work: Work, changes: Mapping[str, Any]) -> None:
    bot = ensure(work)
    before = {name: getattr(bot, name) for name in changes}
    if before == dict(changes):
        return
    for name, value in changes.items():
        setattr(bot, name, value)
    bot.schedule, bot.give_back = Schedule(bot.schedule), GiveBack(bot.give_back)
    bot.updated_at = work.now
    audit.record(work, "bot.changed", target=("bot", bot.id, bot.name), before=before, after=dict(changes))


def _here(work: Work, channel_id: UUID) -> BotChannel:
    bot, channel = ensure(work), work.get(Channel, channel_id)
    here = work.session.get(BotChannel, (work.company_id, bot.id, channel.id))
    if here is None:
        here = work.add(BotChannel(company_id=work.company_id, bot_id=bot.id, channel_id=channel.id))
        work.flush()
    return here


def _tell_channels(work: Work) -> None:
    """Channels keep whether a bot answers there: what comes in looks at nothing else."""
    bot = ensure(work)
    work.flush()
    on = select(col(BotChannel.channel_id)).where(
        col(BotChannel.company_id) == work.company_id, col(BotChannel.bot_id) == bot.id, col(BotChannel.is_on).is_(True)
    )
    work.session.execute(
        update(Channel)
        .where(col(Channel.company_id) == work.company_id)
        .values(has_bot=bot.is_on and col(Channel.id).in_(on))
    )


def _problems(given: Mapping[str, Any]) -> dict[str, str]:
    problems = {name: "too_long" for name, most in LENGTHS.items() if len(str(given.get(name, ""))) > most}
    if "address_form" in given and given["address_form"] not in FORMS:
        problems["address_form"] = "choice"
    if "schedule" in given and given["schedule"] not in {each.value for each in Schedule}:
        problems["schedule"] = "choice"
    return problems


def _tidy(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.replace("\x00", "").strip().splitlines())


def _target(work: Work, channel_id: UUID) -> tuple[str, UUID, str]:
    return ("channel", channel_id, work.get(Channel, channel_id).name)
