"""The bot answers a thread: claim, decide outside of any transaction, say it under the thread's lock.

What was decided is said only if nobody spoke in between and the customer asked nothing more; else it is decided again. An
answer bears the id of the question, so that two workers with one question give one answer.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from saas_admin.adapters.channels import neutral, registry
from saas_admin.adapters.channels.base import Capabilities, MessageKind
from saas_admin.bots import episodes, hand_over, language, modelling, receipts, setup
from saas_admin.bots.decide import Decision, Model, Question, decide
from saas_admin.bots.history import Heard, heard_of
from saas_admin.bots.library import Library, library
from saas_admin.bots.modelling import OnPiece
from saas_admin.bots.phrases import say
from saas_admin.bots.setup import Setup
from saas_admin.conversations import answers, gate, live
from saas_admin.conversations.answers import Draft, Extra
from saas_admin.core import files, realtime
from saas_admin.core.actor import Actor
from saas_admin.core.errors import AppError
from saas_admin.core.jobs import Job
from saas_admin.core.work import Work
from saas_admin.faqs import variables
from saas_admin.models import Attachment, Channel, Conversation, Customer
from saas_admin.models.bot import Route
from saas_admin.models.conversation import Voice
from saas_admin.models.message import AttachmentState

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)
"""Longer than an answer may take: whoever claimed it is gone."""
MOST_TRIES = 3

ModelOf = Callable[[UUID, UUID, OnPiece | None], Model | None]
"""The model of a company for one conversation; None without a key, at the cap, or while it is out of order."""
PIECE_EVERY = 0.08
"""Seconds between two pieces of an answer that is being written."""


@dataclass(frozen=True)
class Claim:
    setup: Setup
    heard: Heard
    question: Question
    is_local: bool
    """The visitor sees an answer grow while it is written."""


def answer(
    company_id: UUID, conversation_id: UUID, *, shelves: Library = library, model_of: ModelOf = modelling.model_of
) -> None:
    """Say what is owed in this thread, or give it to a person. Called as often as anybody likes."""
    taken = claim(company_id, conversation_id)
    if taken is None:
        return
    try:
        model = model_of(company_id, conversation_id, _shower(conversation_id, taken) if taken.is_local else None)
        decision = decide(taken.question, taken.setup, shelves, shelves.get(company_id), model)
    except Exception:
        log.exception("a bot could not decide", extra={"conversation_id": str(conversation_id)})
        decision = Decision(Route.PERSON, "trouble")
    say_it(company_id, conversation_id, taken, decision)


def claim(company_id: UUID, conversation_id: UUID) -> Claim | None:
    """Take what this thread is owed in hand, for as long as an answer may take. None: there is nothing, or not for the bot."""
    with Work(Actor.system(company_id)) as work:
        conversation = work.find(Conversation, conversation_id, lock=True)
        if conversation is None or conversation.bot_due_at is None:
            return None
        channel = work.get(Channel, conversation.channel_id)
        chosen = setup.of_channel(work, channel)
        is_ours = conversation.voice is Voice.BOT and conversation.is_open
        if not is_ours or chosen is None or not chosen.is_on or not channel.is_live or not chosen.answers_at(work.now):
            # Not the bot's hour or place: the thread waits for people, as it would without a bot.
            conversation.bot_due_at = None
            return None
        heard = heard_of(work, conversation)
        if heard is None:
            conversation.bot_due_at = None
            return None
        conversation.bot_attempts += 1
        conversation.bot_due_at = work.now + LEASE
        if conversation.bot_attempts > MOST_TRIES:
            promised = hand_over.promise(work, chosen)
            hand_over.hand_over(work, conversation, "trouble", episodes.note(work, conversation, heard), promised)
            return None
        realtime.publish([live.typing(conversation_id, "bot", chosen.name, True)])
        customer = work.get(Customer, conversation.customer_id)
        is_local = registry.get(channel.kind).is_local
        spoken = language.guess(heard.joined, customer.language or channel_language(chosen))
        return Claim(chosen, heard, episodes.question(work, conversation, heard, spoken), is_local)


def _shower(conversation_id: UUID, taken: Claim) -> OnPiece:
    shown_at = 0.0

    def show(text: str) -> None:
        nonlocal shown_at
        if not text or time.monotonic() - shown_at >= PIECE_EVERY:
            shown_at = time.monotonic()
            live.draft(conversation_id, text, taken.heard.last_id)

    return show


def channel_language(chosen: Setup) -> str:
    return chosen.locale[:2]


def say_it(company_id: UUID, conversation_id: UUID, claim: Claim, decision: Decision) -> None:
    """Under the lock, unless a person spoke or the customer asked more in between."""
    with Work(Actor.bot(company_id, claim.setup.name)) as work:
        conversation = work.get(Conversation, conversation_id, lock=True)
        if conversation.voice is not Voice.BOT or conversation.bot_due_at is None:
            # A person spoke first: what was decided is kept for the record, and not said.
            receipts.keep(work, conversation, claim.heard, claim.question, decision, None, route=Route.NONE)
            return
        heard = heard_of(work, conversation)
        if heard is None or heard.last_id != claim.heard.last_id:
            # The customer went on writing: all of it is answered together.
            conversation.bot_due_at = work.now
            conversation.bot_attempts = 0
            work.after_commit(Job.ANSWER, company_id=str(company_id), conversation_id=str(conversation_id))
            return
        try:
            _speak(work, conversation, claim, decision)
        except AppError as refusal:
            # The channel takes nothing from us at the moment: only a person can do something about it.
            note = episodes.note(work, conversation, claim.heard)
            hand_over.hand_over(
                work, conversation, f"cannot_send:{refusal.code}"[:32], note, hand_over.promise(work, claim.setup)
            )


def _speak(work: Work, conversation: Conversation, claim: Claim, decision: Decision) -> None:
    channel = work.get(Channel, conversation.channel_id)
    can = registry.get(channel.kind).capabilities_of(channel.settings)
    gate.ensure_channel_works(channel)
    gate.ensure_reachable(work, conversation)
    gate.ensure_ours(work, conversation, can)
    gate.is_late(work, conversation, can)
    spoken = claim.setup.speaks(claim.question.language)
    waiting_since = conversation.waiting_since
    promised = hand_over.promise(work, claim.setup) if decision.route is Route.PERSON else None
    text = _text(work, conversation, decision, spoken)
    if promised:
        text = hand_over.words(promised, claim.setup, decision.reason, spoken, work.now)
    episode = episodes.of(work, conversation)
    if episode.answers == 0:
        text = f"{opening(claim.setup, spoken)}\n\n{text}"
    drafts = _drafts(work, can, text, decision)
    said = answers.send(work, conversation, channel, drafts, f"bot-{claim.heard.last_id}")
    conversation.bot_due_at = None
    conversation.bot_attempts = 0
    receipt = receipts.keep(work, conversation, claim.heard, claim.question, decision, UUID(said[0].id))
    episodes.count(work, episode, decision)
    if promised:
        conversation.waiting_since = waiting_since
        note = episodes.note(work, conversation, claim.heard, receipt)
        hand_over.hand_over(work, conversation, decision.reason, note, promised)


def opening(chosen: Setup, spoken: str) -> str:
    """Said before the first answer of a thread: the company's greeting, and that it is a machine."""
    disclosure = (
        say("disclosure", spoken, bot=chosen.name, shop=chosen.shop)
        if chosen.name
        else say("disclosure_unnamed", spoken, shop=chosen.shop)
    )
    return f"{chosen.greeting} {disclosure}".strip()


def _text(work: Work, conversation: Conversation, decision: Decision, spoken: str) -> str:
    if decision.faq is None:
        return decision.text
    customer = work.get(Customer, conversation.customer_id)
    return variables.render(work, decision.faq.answer, customer, decision.faq.language or spoken)


def _drafts(work: Work, can: Capabilities, text: str, decision: Decision) -> list[Draft]:
    if decision.choices:
        return answers.draft(work, can, text, [], Extra(choices=decision.choices))
    copies = [_copy(work, can, media) for media in (decision.faq.media if decision.faq else ())]
    attached = [copy for copy in copies if copy is not None]
    if attached and attached[0].kind != MessageKind.AUDIO and neutral.length(can, text) <= can.caption_limit:
        # As it is shown where the FAQ is written: the picture, and under it the words.
        first, *more = attached
        return [Draft(first.kind, text, first), *(Draft(copy.kind, "", copy) for copy in more)]
    return [
        *(Draft(MessageKind.TEXT.value, part) for part in split(can, text)),
        *(Draft(copy.kind, "", copy) for copy in attached),
    ]


def split(can: Capabilities, text: str) -> list[str]:
    """A text in pieces the channel carries, cut between paragraphs, sentences, words."""
    pieces: list[str] = []
    rest = text.strip()
    while neutral.length(can, rest) > can.text_limit:
        cut = can.text_limit
        while neutral.length(can, rest[:cut]) > can.text_limit:
            cut -= max(1, cut // 50)
        for mark in ("\n\n", "\n", ". ", " "):
            found = rest.rfind(mark, cut // 3, cut)
            if found > 0:
                cut = found + len(mark)
                break
        pieces.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*pieces, rest] if rest else pieces


def _copy(work: Work, can: Capabilities, media: Any) -> Attachment | None:
    """The FAQ's file as a file of this message: each lives as long as what it belongs to. None: the channel has no such kind."""
    kind, mime, size = MessageKind(media["kind"]), str(media["mime"]), int(media["size"])
    if kind not in can.media or mime not in can.media_mimes.get(kind, frozenset()):
        return None
    if size > can.media_limits.get(kind, 0):
        return None
    attachment = Attachment(
        kind=kind.value,
        mime=mime,
        filename=str(media["filename"]),
        size=size,
        state=AttachmentState.STORED,
        created_at=work.now,
    )
    work.add(attachment)
    try:
        files.copy(work.company_id, UUID(str(media["id"])), attachment.id)
    except FileNotFoundError:
        work.session.expunge(attachment)
        return None
    work.flush()
    return attachment
