"""The bot's part of a thread: how often it has answered, whether it turns in circles, and how it ended."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.bots import intents
from saas_admin.bots.decision import CLARIFY, Decision, Question, Turn
from saas_admin.bots.history import Heard
from saas_admin.bots.intents import Intent
from saas_admin.core.permissions import system_only
from saas_admin.core.work import Work
from saas_admin.models import BotAnswer, BotEpisode, Conversation
from saas_admin.models.bot import Outcome, Route
from saas_admin.models.message import AuthorKind, Direction

SILENT_HOURS = 24
"""Without a word for so long, what the bot answered counts as resolved: assumed, never confirmed."""
REOPENS_WITHIN = timedelta(days=7)
ANSWERS = frozenset({Route.EXACT, Route.FAQ, Route.MODEL})
_RESOLVED = frozenset({Outcome.CONFIRMED, Outcome.ASSUMED})
_TURNS = 10


def question(work: Work, conversation: Conversation, heard: Heard, language: str) -> Question:
    episode = _open(work, conversation.id) or _just_confirmed(work, conversation.id)
    recent = work.all(
        select(BotAnswer)
        .where(col(BotAnswer.conversation_id) == conversation.id, col(BotAnswer.route) != Route.NONE)
        .order_by(col(BotAnswer.at).desc(), col(BotAnswer.id).desc())
        .limit(5)
    )
    latest = recent[0] if recent else None
    recent = [receipt for receipt in recent if episode and receipt.at >= episode.started_at]
    return Question(
        texts=heard.texts,
        language=language,
        tapped=heard.tapped,
        offered=heard.offered,
        offered_before=heard.offered_before,
        has_file=heard.has_file,
        history=tuple(Turn(m.direction is Direction.IN, m.text) for m in heard.earlier[-_TURNS:] if m.text.strip()),
        answers=episode.answers if episode else 0,
        unsure=episode.unsure if episode and episode.outcome is Outcome.OPEN else 0,
        is_introduced=_is_introduced(heard, latest, work.now - timedelta(hours=SILENT_HOURS)),
        is_asked_back=next((each.reason == CLARIFY for each in recent if each.route != Route.SMALL_TALK), False),
        recent_faqs=tuple(receipt.faq_id for receipt in recent if receipt.faq_id and receipt.route in ANSWERS),
    )


def _is_introduced(heard: Heard, latest: BotAnswer | None, since: datetime) -> bool:
    """Whether the last that the shop said is the bot's, and not of another day. Who was promised a person, or has talked
    to one, is told again that it is a machine."""
    said = next((message for message in reversed(heard.earlier) if message.direction is Direction.OUT), None)
    if said is None or said.author_kind is not AuthorKind.BOT or (latest and latest.route is Route.PERSON):
        return False
    return said.at > since


def count(work: Work, conversation: Conversation, decision: Decision) -> None:
    """Add an answer to the thread's episode, begun when there is none; thanks after a confirmed one belong to that."""
    episode = _open(work, conversation.id)
    if episode is None and decision.route is Route.SMALL_TALK and _just_confirmed(work, conversation.id):
        return
    episode = episode or work.add(
        BotEpisode(
            conversation_id=conversation.id, channel_id=conversation.channel_id, started_at=work.now, last_at=work.now
        )
    )
    episode.answers += 1
    episode.last_at = work.now
    if decision.is_lost or decision.route is not Route.SMALL_TALK:
        # Thanks and greetings in between make nobody less lost.
        episode.unsure = episode.unsure + 1 if decision.is_lost else 0
    if decision.is_confirmation and _has_answered(work, episode):
        episode.outcome = Outcome.CONFIRMED
        episode.ended_at = work.now


def note_return(work: Work, conversation: Conversation) -> None:
    """Somebody who comes back with a question within a week had not been helped after all, whatever was counted then."""
    if _open(work, conversation.id):
        return
    latest = _latest(work, conversation.id)
    if latest and latest.outcome in _RESOLVED and latest.reopened_at is None and latest.ended_at:
        latest.reopened_at = work.now if latest.ended_at > work.now - REOPENS_WITHIN else None


def note(work: Work, conversation: Conversation, heard: Heard, receipt: BotAnswer | None = None) -> dict[str, Any]:
    """For whoever takes over: what was asked, what the bot has tried, and the mood."""
    tried = work.all(
        select(BotAnswer)
        .where(
            col(BotAnswer.conversation_id) == conversation.id,
            col(BotAnswer.route).in_([*ANSWERS, Route.OFFER]),
            col(BotAnswer.at) > work.now - timedelta(days=1),
        )
        .order_by(col(BotAnswer.at).desc(), col(BotAnswer.id).desc())
        .limit(5)
    )
    # What was said is no help; what was close to the rest may be.
    closest = next((source for source in receipt.sources if not source["cited"]), None) if receipt else None
    return {
        "asked": heard.joined[:600],
        "tried": [
            {
                "route": each.route.value,
                "question": each.question[:200],
                "title": (each.sources[0]["title"] if each.sources else "")[:200],
            }
            for each in reversed(tried)
        ],
        "mood": mood_of(heard, work.now - timedelta(days=1)),
        "closest": {"faq_id": closest["faq_id"], "title": closest["title"]} if closest else None,
    }


def mood_of(heard: Heard, since: datetime) -> str:
    """`angry`, `impatient` (several messages in a row, or it did not help) or `calm`."""
    found = {each.intent for text in heard.texts if (each := intents.hear(text)) and each.is_firm}
    written = [m for m in heard.earlier if m.author_kind is AuthorKind.CUSTOMER and m.at > since][-3:]
    found |= {each.intent for message in written if (each := intents.hear(message.text)) and each.is_firm}
    if Intent.ANGER in found:
        return "angry"
    return "impatient" if Intent.NOT_HELPED in found or len(heard.texts) >= 4 else "calm"


@system_only
def assume_resolved(work: Work, episode_id: UUID) -> bool:
    """Nobody has said anything for a day: the episode is over."""
    episode = work.find(BotEpisode, episode_id)
    if episode is None:
        return False
    conversation = work.get(Conversation, episode.conversation_id, lock=True)
    work.session.refresh(episode)
    if episode.outcome is not Outcome.OPEN or episode.last_at > work.now - timedelta(hours=SILENT_HOURS):
        return False
    is_resolved = conversation.waiting_since is None and _has_answered(work, episode)
    # A greeting, or closest questions that nobody chose from, are no resolution.
    episode.outcome = Outcome.ASSUMED if is_resolved else Outcome.UNRESOLVED
    episode.ended_at = work.now
    return True


def _open(work: Work, conversation_id: UUID) -> BotEpisode | None:
    return work.first(
        select(BotEpisode).where(
            col(BotEpisode.conversation_id) == conversation_id, col(BotEpisode.outcome) == Outcome.OPEN
        )
    )


def _latest(work: Work, conversation_id: UUID) -> BotEpisode | None:
    return work.first(
        select(BotEpisode)
        .where(col(BotEpisode.conversation_id) == conversation_id)
        .order_by(col(BotEpisode.started_at).desc(), col(BotEpisode.id).desc())
        .limit(1)
    )


def _just_confirmed(work: Work, conversation_id: UUID) -> BotEpisode | None:
    latest = _latest(work, conversation_id)
    is_recent = latest and latest.ended_at and latest.ended_at > work.now - timedelta(hours=SILENT_HOURS)
    return latest if is_recent and latest and latest.outcome is Outcome.CONFIRMED else None


def _has_answered(work: Work, episode: BotEpisode) -> bool:
    """Whether the last that was said about the shop in it is an answer, no question back and no choice."""
    last = work.first(
        select(BotAnswer)
        .where(
            col(BotAnswer.conversation_id) == episode.conversation_id,
            col(BotAnswer.at) >= episode.started_at,
            col(BotAnswer.route).not_in([Route.SMALL_TALK, Route.NONE]),
        )
        .order_by(col(BotAnswer.at).desc(), col(BotAnswer.id).desc())
        .limit(1)
    )
    return last is not None and last.route in ANSWERS and last.reason != CLARIFY
