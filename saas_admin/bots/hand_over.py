"""From the bot to a person: never without an owner or a queue, a moment until which somebody answers, and the truth about it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.accounts import hours, mails
from saas_admin.bots.phrases import length, moment, say, sentences
from saas_admin.bots.setup import Setup
from saas_admin.conversations import live
from saas_admin.conversations.trail import note_activity
from saas_admin.core.permissions import Role, system_only
from saas_admin.core.work import Work
from saas_admin.models import BotEpisode, Conversation, HandOver, Membership, UserAccount
from saas_admin.models.bot import Outcome
from saas_admin.models.conversation import ActivityKind, ConversationState, Voice

NEVER_OPEN = timedelta(hours=24)
"""A shop whose hours name no opening at all still owes an answer within this time."""
_DAYTIME = ((9 * 60, 21 * 60),)
"""When somebody can be expected to look, where a company has not said when it is open."""
USUAL_OF = 5
"""Answered hand-overs of the last days from which a usual wait is said."""
_DAYS = timedelta(days=30)
_WORDS = {
    "anger": "hand_over_sorry",
    "not_helped": "hand_over_sorry",
    "harm": "hand_over_harm",
    "file": "hand_over_file",
    "details": "hand_over_details",
    **dict.fromkeys(("asked", "none_fits", "nothing_said", "limit", "topic", "loop"), "hand_over"),
}
"""What is said for which reason; for every other, that nothing wrong shall be said."""


@dataclass(frozen=True)
class Promise:
    """What the customer is told about the wait, and what we hold ourselves to."""

    due_at: datetime
    """In the shop's zone."""
    opens_at: datetime | None
    """When the shop opens, if it is closed now."""
    usual_minutes: int | None
    is_told: bool = True
    """False where the company has not said when it is open: what we hold ourselves to is then a guess."""


def promise(work: Work, setup: Setup) -> Promise:
    if setup.hours.is_always_open:
        by_day = replace(setup.hours, spans=dict.fromkeys(range(7), _DAYTIME))
        due = hours.after_open_minutes(by_day, work.now, setup.answer_within) or work.now + NEVER_OPEN
        return Promise(_rounded(due).astimezone(setup.hours.zone), None, None, is_told=False)
    due = _rounded(hours.after_open_minutes(setup.hours, work.now, setup.answer_within) or work.now + NEVER_OPEN)
    due = due.astimezone(setup.hours.zone)
    opens = None if hours.is_open(setup.hours, work.now) else hours.next_opening(setup.hours, work.now)
    return Promise(due, opens, None if opens else _usual_minutes(work, setup.answer_within))


def words(promised: Promise, setup: Setup, reason: str, language: str, now: datetime) -> str:
    """The last thing the bot says: that a person comes, and when at the latest."""
    form = setup.address_form
    kind = _WORDS.get(reason, "hand_over_unknown")
    when = moment(promised.due_at, now, setup.hours.zone, language, setup.locale)
    if not promised.is_told:
        wait = say("wait_unknown", language, form)
    elif promised.opens_at:
        opens = moment(promised.opens_at, now, setup.hours.zone, language, setup.locale)
        wait = say("wait_closed", language, form, opens=opens, when=when)
    elif promised.usual_minutes:
        usual = length(promised.usual_minutes, language, setup.locale)
        wait = say("wait_usual", language, form, usual=usual, when=when)
    else:
        wait = say("wait_until", language, form, when=when)
    return sentences(say(kind, language, form), wait)


def hand_over(work: Work, conversation: Conversation, reason: str, note: dict[str, Any], promised: Promise) -> HandOver:
    """Under the conversation's lock. The thread is pending from the customer's first unanswered word on."""
    conversation.voice = Voice.PERSON
    conversation.voice_at = work.now
    conversation.bot_due_at = None
    conversation.bot_attempts = 0
    conversation.state = ConversationState.OPEN
    conversation.waiting_since = conversation.waiting_since or conversation.last_customer_at or work.now
    conversation.unread = max(1, conversation.unread)
    row = work.add(
        HandOver(
            conversation_id=conversation.id,
            channel_id=conversation.channel_id,
            reason=reason,
            owner_id=conversation.assignee_id,
            note=note,
            due_at=promised.due_at,
            at=work.now,
        )
    )
    told = {**note, "reason": reason, "due_at": promised.due_at.isoformat(), "is_told": promised.is_told}
    note_activity(work, conversation, ActivityKind.HANDED_OVER, told)
    _end_episode(work, conversation)
    live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)
    return row


@system_only
def escalate(work: Work, hand_over_id: UUID) -> bool:
    """Nobody answered in time: the thread is everybody's again and the Admins are written to. False when it is settled."""
    row = work.find(HandOver, hand_over_id)
    if row is None:
        return False
    conversation = work.get(Conversation, row.conversation_id, lock=True)
    work.session.refresh(row, with_for_update=True)
    if row.answered_at or row.ended_at or row.escalated_at or row.due_at > work.now:
        return False
    row.escalated_at = work.now
    former = conversation.assignee_id
    if former is not None:
        # Whoever had it is not there: the others see it.
        conversation.assignee_id = None
        row.owner_id = None
    note_activity(work, conversation, ActivityKind.ESCALATED, {"reason": row.reason})
    live.tell_conversation(work, conversation, former_owner=former)
    _write_to_admins(work, conversation)
    return True


def _write_to_admins(work: Work, conversation: Conversation) -> None:
    admins = (
        select(UserAccount)
        .join(Membership, col(Membership.user_id) == col(UserAccount.id))
        .where(
            col(Membership.company_id) == work.company_id,
            col(Membership.role) == Role.ADMIN.value,
            col(Membership.deactivated_at).is_(None),
        )
    )
    for admin in work.all(admins):
        path = f"/inbox?c={conversation.id}"
        mails.queue_of_company(work, admin.email, "overdue", admin.language, {"name": admin.name, "path": path})


def _rounded(moment: datetime) -> datetime:
    """Up to the next five minutes, as people say it."""
    over = timedelta(minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not over else moment - over + timedelta(minutes=5)


def _usual_minutes(work: Work, within: int) -> int | None:
    """The usual wait of late, where enough is known and it is shorter than what is promised."""
    rows = work.session.execute(
        select(col(HandOver.at), col(HandOver.answered_at))
        .where(
            col(HandOver.company_id) == work.company_id,
            col(HandOver.answered_at).is_not(None),
            col(HandOver.at) > work.now - _DAYS,
        )
        .order_by(col(HandOver.at).desc())
        .limit(50)
    )
    waits: list[float] = [(answered - at).total_seconds() / 60 for at, answered in rows if answered]
    if len(waits) < USUAL_OF:
        return None
    usual = max(1, round(median(waits)))
    return usual if usual < within else None


def _end_episode(work: Work, conversation: Conversation) -> None:
    episode = work.first(
        select(BotEpisode).where(
            col(BotEpisode.conversation_id) == conversation.id, col(BotEpisode.outcome) == Outcome.OPEN
        )
    )
    if episode:
        episode.outcome = Outcome.HANDED_OVER
        episode.ended_at = work.now
