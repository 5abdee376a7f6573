"""One voice: who speaks for the company in a thread. Everything here happens under the conversation's row lock.

The bot writes nothing unless, under that lock, the voice is its own and the question it answers is still the last one.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from saas_admin.adapters.channels.base import FailureCode
from saas_admin.conversations import live
from saas_admin.conversations.trail import note_activity, touch, wait_again
from saas_admin.core.jobs import Job
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Bot, BotChannel, BotEpisode, Channel, Conversation, HandOver, Message
from saas_admin.models.bot import GiveBack, Outcome
from saas_admin.models.conversation import ActivityKind, Voice
from saas_admin.models.message import AuthorKind, Direction, MessageStatus


@requires(Permission.CONVERSATIONS_READ)
def name_of_the_bot(work: Work, channel_id: UUID) -> str:
    """As it calls itself on this channel; empty when there is none or it has no name."""
    found = work.session.execute(
        select(col(Bot.name), col(BotChannel.differs))
        .join(BotChannel, (col(BotChannel.company_id) == col(Bot.company_id)) & (col(BotChannel.bot_id) == col(Bot.id)))
        .where(col(Bot.company_id) == work.company_id, col(BotChannel.channel_id) == channel_id)
    ).first()
    return str(found.differs.get("name") or found.name) if found else ""


def of_a_person(work: Work, conversation: Conversation, *, is_answer: bool) -> None:
    """A person speaks or has taken it: the bot is silent until the thread is given back.

    `is_answer`: the customer was written to, so whoever waits for a hand-over waits no more.
    """
    conversation.bot_due_at = None
    conversation.bot_attempts = 0
    was_bot = conversation.voice is Voice.BOT
    if was_bot or is_answer:
        conversation.voice_at = work.now
        # Whoever takes a thread that was handed over leaves the customer the words that said so.
        _call_off(work, conversation, is_answer=is_answer)
    conversation.voice = Voice.PERSON
    if is_answer:
        change_hand_over(work, conversation.id, answered_at=work.now)
        _end_episode(work, conversation.id, Outcome.TAKEN)


def of_the_bot(work: Work, conversation: Conversation) -> None:
    """Given back. Whatever the customer asked in the meantime is the bot's to answer, where one is on."""
    if conversation.voice is Voice.BOT:
        return
    conversation.voice = Voice.BOT
    conversation.voice_at = work.now
    change_hand_over(work, conversation.id, ended_at=work.now)
    note_activity(work, conversation, ActivityKind.GIVEN_BACK)
    if conversation.unanswered and work.get(Channel, conversation.channel_id).has_bot:
        owe(work, conversation)


def owe(work: Work, conversation: Conversation) -> None:
    """The bot has a question to answer: the row says so until it is done."""
    conversation.bot_due_at = work.now
    conversation.bot_attempts = 0
    work.after_commit(Job.ANSWER, company_id=str(work.company_id), conversation_id=str(conversation.id))


def hear(work: Work, channel: Channel, conversation: Conversation) -> None:
    """The customer wrote. The bot owes an answer when the voice is its own, or comes back to it by the company's rule."""
    if not channel.has_bot:
        return
    if conversation.voice is Voice.PERSON and _comes_back(work, conversation):
        conversation.voice = Voice.BOT
        conversation.voice_at = work.now
        change_hand_over(work, conversation.id, ended_at=work.now)
        note_activity(work, conversation, ActivityKind.GIVEN_BACK, {"rule": GiveBack.AFTER_HOURS.value})
    if conversation.voice is Voice.BOT:
        owe(work, conversation)


def reopen(work: Work, channel: Channel, conversation: Conversation) -> None:
    """A closed thread goes on: to the bot again, unless the company wants that to be said."""
    if conversation.voice is Voice.PERSON and channel.has_bot:
        rule = work.first(select(Bot))
        if rule and rule.give_back is not GiveBack.NEVER:
            conversation.voice = Voice.BOT
            conversation.voice_at = work.now
            # Whoever closed it is done with it.
            former, conversation.assignee_id = conversation.assignee_id, None
            live.tell_conversation(work, conversation, former_owner=former)


def close(work: Work, conversation: Conversation) -> None:
    """Closed by a person: nothing is owed any more."""
    conversation.bot_due_at = None
    change_hand_over(work, conversation.id, ended_at=work.now)


def change_hand_over(work: Work, conversation_id: UUID, **values: Any) -> None:
    """That of the thread which nobody has answered or ended, if there is one."""
    work.session.execute(
        update(HandOver)
        .where(
            col(HandOver.company_id) == work.company_id,
            col(HandOver.conversation_id) == conversation_id,
            col(HandOver.answered_at).is_(None),
            col(HandOver.ended_at).is_(None),
        )
        .values(**values)
    )


def reopen_by_hand(work: Work, conversation: Conversation) -> None:
    """Undo of `close`: the hand-over it ended goes on, and the bot owes again what it owed."""
    work.session.execute(
        update(HandOver)
        .where(
            col(HandOver.company_id) == work.company_id,
            col(HandOver.conversation_id) == conversation.id,
            col(HandOver.ended_at) == conversation.closed_at,
        )
        .values(ended_at=None)
    )
    is_the_bots = conversation.voice is Voice.BOT and work.get(Channel, conversation.channel_id).has_bot
    if is_the_bots and conversation.unanswered:
        owe(work, conversation)


def _call_off(work: Work, conversation: Conversation, *, is_answer: bool) -> None:
    """What the bot said and no worker has taken yet is not said any more: a person has it in hand."""
    waiting = (
        select(Message)
        .where(
            col(Message.company_id) == work.company_id,
            col(Message.conversation_id) == conversation.id,
            col(Message.status) == MessageStatus.QUEUED,
            col(Message.author_kind) == AuthorKind.BOT,
        )
        .order_by(col(Message.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for message in work.all(waiting):
        if message.status is MessageStatus.QUEUED:
            message.status = MessageStatus.FAILED
            message.error_code = FailureCode.SUPERSEDED.value
            message.next_attempt_at = None
            if not is_answer:
                wait_again(work, conversation, message)
            touch(work, conversation, message)
            live.tell_message(work, message)


def _comes_back(work: Work, conversation: Conversation) -> bool:
    """After so many hours in which no person wrote: not while somebody is expected to answer a hand-over."""
    rule = work.first(select(Bot))
    if rule is None or rule.give_back is not GiveBack.AFTER_HOURS or conversation.voice_at is None:
        return False
    if work.now - conversation.voice_at < timedelta(hours=rule.give_back_hours):
        return False
    last = _last_word_of_a_person(work, conversation)
    if last is not None and work.now - last < timedelta(hours=rule.give_back_hours):
        return False
    waits = select(HandOver).where(
        col(HandOver.conversation_id) == conversation.id,
        col(HandOver.answered_at).is_(None),
        col(HandOver.ended_at).is_(None),
    )
    return work.first(waits) is None


def _last_word_of_a_person(work: Work, conversation: Conversation) -> datetime | None:
    latest = work.first(
        select(Message)
        .where(
            col(Message.company_id) == work.company_id,
            col(Message.conversation_id) == conversation.id,
            col(Message.direction) == Direction.OUT,
            col(Message.author_kind) == AuthorKind.AGENT,
        )
        .order_by(col(Message.at).desc(), col(Message.created_at).desc(), col(Message.id).desc())
    )
    return latest.at if latest else None


def _end_episode(work: Work, conversation_id: UUID, outcome: Outcome) -> None:
    work.session.execute(
        update(BotEpisode)
        .where(
            col(BotEpisode.company_id) == work.company_id,
            col(BotEpisode.conversation_id) == conversation_id,
            col(BotEpisode.outcome) == Outcome.OPEN,
        )
        .values(outcome=outcome, ended_at=work.now)
    )
