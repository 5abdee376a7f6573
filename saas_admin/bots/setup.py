"""How the bot of a company behaves on one channel: what the channel says for itself, else what the bot says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.accounts import hours
from saas_admin.accounts.hours import Hours
from saas_admin.bots.intents import People
from saas_admin.bots.phrases import say
from saas_admin.core.text import fold
from saas_admin.core.work import Work
from saas_admin.models import Bot, BotChannel, Channel, Company, Membership, UserAccount
from saas_admin.models.bot import BotKind, Schedule

_MOST_NAMES = 200


@dataclass(frozen=True)
class Setup:
    bot_id: UUID
    is_on: bool
    """The bot is on, on this channel too."""
    name: str
    persona: str
    address_form: str
    language: str
    greeting: str
    schedule: Schedule
    direct_at: float
    person_at: float
    most_answers: int
    forbidden_topics: tuple[str, ...]
    answer_within: int
    shop: str
    locale: str
    hours: Hours
    channel_kind: str
    team: frozenset[str] = frozenset()
    """First names of whoever works here, folded."""

    @property
    def people(self) -> People:
        return People(fold(self.name), self.team)

    def answers_at(self, now: datetime) -> bool:
        """Whether it is the bot's hour."""
        if self.schedule is Schedule.ALWAYS:
            return True
        return hours.is_open(self.hours, now) is (self.schedule is Schedule.OPEN)

    def speaks(self, heard: str) -> str:
        """The language of an answer to somebody who was heard in another."""
        return heard if self.language == "customer" else self.language

    def introduction(self, spoken: str) -> str:
        """Who answers: that it is a machine is never left out."""
        if not self.name:
            return say("disclosure_unnamed", spoken, shop=self.shop)
        return say("disclosure", spoken, bot=self.name, shop=self.shop)


def of_channel(work: Work, channel: Channel) -> Setup | None:
    """None while the company has no bot."""
    bot = work.first(select(Bot).where(col(Bot.kind) == BotKind.FAQ))
    if bot is None:
        return None
    here = work.session.get(BotChannel, (work.company_id, bot.id, channel.id))
    return merge(bot, here, work.get(Company, work.company_id), channel.kind, team(work))


def team(work: Work) -> frozenset[str]:
    names = work.session.scalars(
        select(col(UserAccount.name))
        .join(Membership, col(Membership.user_id) == col(UserAccount.id))
        .where(col(Membership.company_id) == work.company_id, col(Membership.deactivated_at).is_(None))
        .limit(_MOST_NAMES)
    )
    return frozenset(first for name in names if len(first := (fold(name).split() or [""])[0]) > 2)


def merge(
    bot: Bot, here: BotChannel | None, company: Company, channel_kind: str, people: frozenset[str] = frozenset()
) -> Setup:
    differs: dict[str, Any] = here.differs if here else {}

    def told(name: str) -> Any:
        return differs.get(name) or getattr(bot, name)

    return Setup(
        bot_id=bot.id,
        is_on=bot.is_on and here is not None and here.is_on,
        name=told("name"),
        persona=told("persona"),
        address_form=told("address_form"),
        language=bot.language,
        greeting=told("greeting"),
        schedule=Schedule(told("schedule")),
        direct_at=bot.direct_at,
        person_at=bot.person_at,
        most_answers=bot.most_answers,
        forbidden_topics=tuple(bot.forbidden_topics),
        answer_within=bot.answer_within,
        shop=company.name,
        locale=company.locale,
        hours=Hours.of(company.hours, company.holidays, company.time_zone),
        channel_kind=channel_kind,
        team=people,
    )
