"""The bot answers a thread: claim, decide outside of any transaction, say it under the thread's lock.

What was decided is said only if nobody spoke in between and the customer asked nothing more; else it is decided again. An
answer bears the id of the question, so that two workers with one question give one answer.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels import neutral, registry
from saas_admin.adapters.channels.base import Capabilities, FailureCode, MessageKind
from saas_admin.bots import episodes, hand_over, language, modelling, receipts, setup
from saas_admin.bots.decide import decide, is_small_talk
from saas_admin.bots.decision import GREETING, Decision, Model, Question
from saas_admin.bots.history import Heard, heard_of
from saas_admin.bots.library import Library, library
from saas_admin.bots.modelling import OnPiece
from saas_admin.bots.phrases import say
from saas_admin.bots.setup import Setup
from saas_admin.conversations import answers, gate, hands, live
from saas_admin.conversations.answers import Draft, Extra
from saas_admin.core import files, realtime
from saas_admin.core.actor import Actor
from saas_admin.core.errors import AppError
from saas_admin.core.jobs import Job
from saas_admin.core.work import Work
from saas_admin.faqs import variables
from saas_admin.models import Attachment, Channel, Conversation, Customer, Message
from saas_admin.models.bot import Route
from saas_admin.models.conversation import Voice
from saas_admin.models.message import AttachmentState, MessageStatus

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=45)
"""Longer than an answer may take: whoever claimed it is gone."""
MOST_TRIES = 3
UNDELIVERED = "undelivered"
"""An answer to this did not reach the customer."""

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
    lost: str = ""
    """Why a person has to answer, whatever would be decided."""


def answer(
    company_id: UUID, conversation_id: UUID, *, shelves: Library = library, model_of: ModelOf = modelling.model_of
) -> None:
    """Say what is owed in this thread, or give it to a person. Called as often as anybody likes."""
    taken = claim(company_id, conversation_id)
    if taken is None:
        return
    if taken.lost:
        say_it(company_id, conversation_id, taken, Decision(Route.PERSON, taken.lost))
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
        if conversation is None or conversation.bot_due_at is None or conversation.bot_due_at > work.now:
            return None
        channel = work.get(Channel, conversation.channel_id)
        chosen = setup.of_channel(work, channel)
        is_ours = conversation.voice is Voice.BOT and conversation.is_open
        heard = heard_of(work, conversation)
        if not is_ours or heard is None or chosen is None or not chosen.is_on or not channel.is_live:
            conversation.bot_due_at = None
            return None
        customer = work.get(Customer, conversation.customer_id)
        spoken = language.guess(heard.joined, customer.language or channel_language(chosen))
        if language.is_certain(heard.joined):
            customer.language = spoken
        is_local = registry.get(channel.kind).is_local
        taken = Claim(chosen, heard, episodes.question(work, conversation, heard, spoken), is_local)
        if not is_small_talk(taken.question, chosen):
            episodes.note_return(work, conversation)
        if not chosen.answers_at(work.now):
            # Not its hour: the thread waits for people, as it would without a bot.
            conversation.bot_due_at = None
            return None
        conversation.bot_attempts += 1
        conversation.bot_due_at = work.now + LEASE
        if _was_refused(work, heard):
            return replace(taken, lost=UNDELIVERED)
        if conversation.bot_attempts > MOST_TRIES:
            return replace(taken, lost="trouble")
        realtime.publish([live.typing(conversation_id, "bot", chosen.name, True)])
        return taken


def _shower(conversation_id: UUID, taken: Claim) -> OnPiece:
    shown_at = 0.0

    def show(text: str) -> None:
        nonlocal shown_at
        if not text or time.monotonic() - shown_at >= PIECE_EVERY:
            shown_at = time.monotonic()
            live.draft(conversation_id, text, taken.heard.last_id)

    return show


def _take_back(conversation_id: UUID, claim: Claim) -> None:
    """What a visitor has seen growing is not said after all."""
    if claim.is_local:
        live.draft(conversation_id, "", claim.heard.last_id)


def channel_language(chosen: Setup) -> str:
    return chosen.locale[:2]


def say_it(company_id: UUID, conversation_id: UUID, claim: Claim, decision: Decision) -> None:
    """Under the lock, unless a person spoke or the customer asked more in between."""
    with Work(Actor.bot(company_id, claim.setup.name)) as work:
        conversation = work.get(Conversation, conversation_id, lock=True)
        if conversation.voice is not Voice.BOT or conversation.bot_due_at is None:
            # A person spoke first: what was decided is kept for the record, and not said.
            _take_back(conversation_id, claim)
            receipts.keep(work, conversation, claim.heard, claim.question, decision, None, route=Route.NONE)
            return
        if frozenset(conversation.unanswered) != claim.heard.ids:
            # The customer went on writing: all of it is answered together.
            _take_back(conversation_id, claim)
            receipts.keep(work, conversation, claim.heard, claim.question, decision, None, route=Route.NONE)
            conversation.bot_due_at = work.now
            conversation.bot_attempts = 0
            work.after_commit(Job.ANSWER, company_id=str(company_id), conversation_id=str(conversation_id))
            return
        _say(work, conversation, claim, decision)


def _say(work: Work, conversation: Conversation, claim: Claim, decision: Decision) -> None:
    if decision.route is Route.NONE:
        # Nothing was asked: nobody waits, and nothing is said.
        receipts.keep(work, conversation, claim.heard, claim.question, decision, None)
        _settle(conversation)
        conversation.waiting_since = None
        hands.see(work, conversation)
        live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)
        return
    if decision.reason == UNDELIVERED:
        # The customer is not reached: only a person can do something about it.
        _give_away(work, conversation, claim, decision.reason)
        return
    try:
        _speak(work, conversation, claim, decision)
    except AppError as refusal:
        # The channel takes nothing from us at the moment: only a person can do something about it.
        _give_away(work, conversation, claim, f"cannot_send:{refusal.code}"[:32])


def _give_away(work: Work, conversation: Conversation, claim: Claim, reason: str) -> None:
    """To a person without a word, where no word can be said."""
    receipt = receipts.keep(work, conversation, claim.heard, claim.question, Decision(Route.PERSON, reason), None)
    note = episodes.note(work, conversation, claim.heard, receipt)
    hand_over.hand_over(work, conversation, reason, note, hand_over.promise(work, claim.setup))


def _settle(conversation: Conversation) -> None:
    conversation.bot_due_at = None
    conversation.bot_attempts = 0
    conversation.unanswered = []


def _was_refused(work: Work, heard: Heard) -> bool:
    """Whether an answer to any of this did not leave."""
    failed = select(Message).where(
        col(Message.draft_id).in_([_draft_id(asked) for asked in heard.ids]),
        col(Message.status) == MessageStatus.FAILED,
        col(Message.error_code) != FailureCode.SUPERSEDED.value,
    )
    return work.first(failed.limit(1)) is not None


def _draft_id(question_id: UUID, times: int = 0) -> str:
    return f"bot-{question_id}" + (f"-{times}" if times else "")


def _new_draft_id(work: Work, heard: Heard) -> str:
    """That of the question; of one whose answer was called off before it left, the next."""
    times = 0
    while work.first(select(Message).where(col(Message.draft_id) == _draft_id(heard.last_id, times)).limit(1)):
        times += 1
    return _draft_id(heard.last_id, times)


def _speak(work: Work, conversation: Conversation, claim: Claim, decision: Decision) -> None:
    channel = work.get(Channel, conversation.channel_id)
    can = registry.get(channel.kind).capabilities_of(channel.settings)
    gate.ensure_channel_works(channel)
    gate.ensure_reachable(work, conversation)
    gate.ensure_ours(work, conversation, can)
    gate.is_late(work, conversation, can)
    waiting_since, asked = conversation.waiting_since, conversation.unanswered
    promised = hand_over.promise(work, claim.setup) if decision.route is Route.PERSON else None
    customer = work.get(Customer, conversation.customer_id)
    drafts = _drafts(work, can, words(work, claim.setup, claim.question, decision, promised, customer), decision)
    said = answers.send(work, conversation, channel, drafts, _new_draft_id(work, claim.heard))
    _settle(conversation)
    receipt = receipts.keep(work, conversation, claim.heard, claim.question, decision, UUID(said[0].id))
    episodes.count(work, conversation, decision)
    if promised:
        # Nobody has answered yet: given back, the bot owes it again.
        conversation.waiting_since, conversation.unanswered = waiting_since, asked
        note = episodes.note(work, conversation, claim.heard, receipt)
        hand_over.hand_over(work, conversation, decision.reason, note, promised)


def words(
    work: Work,
    chosen: Setup,
    question: Question,
    decision: Decision,
    promised: hand_over.Promise | None,
    customer: Customer | None,
) -> list[str]:
    """What is said, in one message or two: the FAQs with their variables filled in, and what had no answer of its own.

    The first answer begins with who says it; a hand-over says how long it takes.
    """
    spoken = chosen.speaks(question.language)
    rendered = [variables.render(work, faq.answer, customer, faq.language or spoken) for faq in decision.faqs]
    rest = hand_over.words(promised, chosen, decision.reason, spoken, work.now) if promised else decision.text
    said = [text for text in ("\n\n".join(rendered), rest) if text]
    if question.is_introduced or not said:
        return said
    # In one language with what follows it: a FAQ is said as it is written.
    written = decision.faqs[0].language if decision.faqs else ""
    is_new = all(turn.is_customer for turn in question.history)
    if decision.reason == GREETING:
        hello = greeting(chosen, spoken) or say("hello", spoken)
        return [f"{hello} {chosen.introduction(spoken)} {say('help', spoken, chosen.address_form)}"]
    return [f"{opening(chosen, written or spoken, is_new=is_new)}\n\n{said[0]}", *said[1:]]


def greeting(chosen: Setup, spoken: str) -> str:
    """The company wrote it in its own language: who is spoken to in another gets none."""
    return chosen.greeting if spoken == channel_language(chosen) else ""


def opening(chosen: Setup, spoken: str, *, is_new: bool = True) -> str:
    """Said before the first answer: in a new thread the company's greeting, and always that it is a machine."""
    return f"{greeting(chosen, spoken) if is_new else ''} {chosen.introduction(spoken)}".strip()


def _drafts(work: Work, can: Capabilities, said: Sequence[str], decision: Decision) -> list[Draft]:
    *before, last = said
    if decision.choices:
        return [
            *_with_files(work, can, before, decision),
            *answers.draft(work, can, last, [], Extra(choices=decision.choices)),
        ]
    return _with_files(work, can, said, decision)


def _with_files(work: Work, can: Capabilities, said: Sequence[str], decision: Decision) -> list[Draft]:
    copies = [_copy(work, can, media) for media in decision.media]
    attached = [copy for copy in copies if copy is not None]
    rest = [Draft(MessageKind.TEXT.value, part) for text in said[1:] for part in split(can, text)]
    first = said[0] if said else ""
    is_caption = first and attached and neutral.length(can, first) <= can.caption_limit
    if is_caption and attached[0].kind != MessageKind.AUDIO:
        # As it is shown where the FAQ is written: the picture, and under it the words.
        shown, *more = attached
        return [Draft(shown.kind, first, shown), *(Draft(copy.kind, "", copy) for copy in more), *rest]
    return [
        *(Draft(MessageKind.TEXT.value, part) for part in split(can, first)),
        *(Draft(copy.kind, "", copy) for copy in attached),
        *rest,
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


def carries(can: Capabilities, media: Mapping[str, Any]) -> bool:
    """Whether a channel takes a FAQ's file."""
    kind, mime, size = MessageKind(media["kind"]), str(media["mime"]), int(media["size"])
    is_known = kind in can.media and mime in can.media_mimes.get(kind, frozenset())
    return is_known and size <= can.media_limits.get(kind, 0)


def _copy(work: Work, can: Capabilities, media: Any) -> Attachment | None:
    """The FAQ's file as a file of this message: each lives as long as what it belongs to. None: the channel has no such kind."""
    if not carries(can, media):
        return None
    kind, mime, size = MessageKind(media["kind"]), str(media["mime"]), int(media["size"])
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
