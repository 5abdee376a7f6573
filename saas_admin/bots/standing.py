"""Whether the bot answers on a channel right now, and what keeps it silent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import col

from saas_admin.bots.setup import Setup
from saas_admin.bots.views import KnowledgeView
from saas_admin.core.work import Work
from saas_admin.models import Bot, BotChannel, Channel, Faq, FaqPhrasing
from saas_admin.models.faq import FaqStatus

ENOUGH = 5
"""From so many phrasings on a FAQ is found well."""


def silence(bot: Bot, setup: Setup, channel: Channel, here: BotChannel | None, published: int, now: datetime) -> str:
    """The first reason, in the order in which somebody would mend them; empty when it answers."""
    if not bot.is_on:
        return "off"
    if here is None or not here.is_on:
        return "channel_off"
    if not channel.is_live:
        return "channel_down"
    if not published:
        return "no_faqs"
    return "" if setup.answers_at(now) else "hours"


def here_by_channel(work: Work, bot: Bot) -> dict[UUID, BotChannel]:
    rows = work.all(select(BotChannel).where(col(BotChannel.bot_id) == bot.id))
    return {row.channel_id: row for row in rows}


def live_channels(work: Work) -> list[Channel]:
    return [each for each in all_channels(work) if each.deleted_at is None]


def all_channels(work: Work) -> list[Channel]:
    """Those that were deleted too: what was answered there counts. They stand last."""
    return work.all(
        select(Channel).order_by(col(Channel.deleted_at).is_not(None), col(Channel.created_at), col(Channel.id))
    )


def knowledge(work: Work) -> KnowledgeView:
    n = func.count(col(FaqPhrasing.id))
    counts = (
        select(n.label("n"))
        .select_from(Faq)
        .outerjoin(
            FaqPhrasing,
            and_(col(FaqPhrasing.company_id) == col(Faq.company_id), col(FaqPhrasing.faq_id) == col(Faq.id)),
        )
        .where(col(Faq.status) == FaqStatus.PUBLISHED, col(Faq.deleted_at).is_(None))
        .group_by(col(Faq.company_id), col(Faq.id))
    )
    found = [int(each) for each in work.session.scalars(counts)]
    return KnowledgeView(len(found), sum(found), sum(each < ENOUGH for each in found))
