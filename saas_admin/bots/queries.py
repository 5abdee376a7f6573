"""Reads of the bot: how it is set, where it answers, what it knows."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from saas_admin.accounts import hours
from saas_admin.accounts.admins import list_admins
from saas_admin.bots import hand_over, reply, setup, standing
from saas_admin.bots.phrases import FORMS, LANGUAGES, say
from saas_admin.bots.setup import Setup
from saas_admin.bots.views import BotView, ChannelView, Overview
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Bot, BotAnswer, BotEpisode, Company
from saas_admin.models.bot import BotKind, Outcome, Review

_SAMPLES = ("offer", "hand_over_unknown", "thanks")


@requires(Permission.BOTS_READ)
def find_overview(work: Work) -> Overview:
    bot, is_there = _bot(work)
    company = work.get(Company, work.company_id)
    knowledge = standing.knowledge(work)
    here = standing.here_by_channel(work, bot) if is_there else {}
    channels = [
        ChannelView(
            id=str(channel.id),
            name=channel.name,
            kind=channel.kind,
            is_on=channel.id in here and here[channel.id].is_on,
            silence=standing.silence(
                bot,
                setup.merge(bot, here.get(channel.id), company, channel.kind),
                channel,
                here.get(channel.id),
                knowledge.published,
                work.now,
            ),
            differs={name: str(value) for name, value in here[channel.id].differs.items()}
            if channel.id in here
            else {},
        )
        for channel in standing.live_channels(work)
    ]
    return Overview(
        bot=_view(work, bot, is_there, setup.merge(bot, None, company, "")),
        channels=channels,
        knowledge=knowledge,
        talking=_count(work, BotEpisode, col(BotEpisode.outcome) == Outcome.OPEN),
        unanswered=count_unanswered(work),
    )


@requires(Permission.BOTS_READ)
def find_samples(work: Work) -> dict[str, Any]:
    """What bots say by themselves, by language and form of address, for a preview while somebody chooses."""
    shop = work.get(Company, work.company_id)
    return {
        "own": shop.locale[:2] if shop.locale[:2] in LANGUAGES else LANGUAGES[0],
        **{
            language: {
                "disclosure": say("disclosure", language, bot="{bot}", shop=shop.name),
                "unnamed": say("disclosure_unnamed", language, shop=shop.name),
                **{form: [say(key, language, form) for key in _SAMPLES] for form in FORMS},
            }
            for language in LANGUAGES
        },
    }


@requires(Permission.BOTS_READ)
def count_unanswered(work: Work) -> int:
    """Each question once, however many asked it."""
    asked = select(func.count(func.distinct(col(BotAnswer.folded)))).where(
        col(BotAnswer.review) == Review.OPEN, col(BotAnswer.folded) != ""
    )
    return int(work.session.scalar(asked) or 0)


def _bot(work: Work) -> tuple[Bot, bool]:
    found = work.first(select(Bot).where(col(Bot.kind) == BotKind.FAQ))
    return (found, True) if found else (Bot(company_id=work.company_id), False)


def _view(work: Work, bot: Bot, is_there: bool, chosen: Setup) -> BotView:
    spoken = chosen.locale[:2] if bot.language == "customer" else bot.language
    promised = hand_over.promise(work, chosen)
    return BotView(
        is_there=is_there,
        is_on=bot.is_on,
        name=bot.name,
        persona=bot.persona,
        address_form=bot.address_form,
        language=bot.language,
        greeting=bot.greeting,
        schedule=bot.schedule.value,
        direct_at=bot.direct_at,
        person_at=bot.person_at,
        most_answers=bot.most_answers,
        forbidden_topics=list(bot.forbidden_topics),
        give_back=bot.give_back.value,
        give_back_hours=bot.give_back_hours,
        answer_within=bot.answer_within,
        opening=reply.opening(chosen, spoken),
        hand_over=hand_over.words(promised, chosen, "asked", spoken, work.now),
        is_open=hours.is_open(chosen.hours, work.now),
        admins=[person.name for person in list_admins(work)],
    )


def _count(work: Work, table: type[Any], *where: Any) -> int:
    return int(work.session.scalar(select(func.count()).select_from(table).where(*where)) or 0)
