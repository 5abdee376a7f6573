"""One thread, everything that may happen to it, in any order: what must hold after each step."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels.base import Failure, FailureCode, InboundMessage, MessageKind, Sender
from saas_admin.adapters.channels.events import Echo
from saas_admin.adapters.embeddings.registry import Encoders
from saas_admin.bots import reply
from saas_admin.bots.decide import decide
from saas_admin.bots.decision import Decision
from saas_admin.bots.library import Library
from saas_admin.channels import outcomes
from saas_admin.conversations import receive
from saas_admin.conversations import service as conversations
from saas_admin.core.clock import now
from saas_admin.core.errors import AppError
from saas_admin.core.work import Work
from saas_admin.models import Activity, BotAnswer, Channel, Conversation, HandOver, Message
from saas_admin.models.bot import Route
from saas_admin.models.conversation import ActivityKind, Voice
from saas_admin.models.message import AuthorKind, Direction, MessageStatus
from tests.bots.company import Company

WORDS = (
    "¿cuanto tarda el envio?",
    "¿puedo devolver un café?",
    "a que hora abren",
    "hola",
    "quiero hablar con una persona",
    "gracias",
    "¿quién ganó el mundial?",
)


@dataclass
class Story:
    """A conversation that a seed drives. `run` raises AssertionError with all steps when something must not be."""

    company: Company
    seed: int
    steps: list[str] = field(default_factory=list[str])
    conversation_id: UUID | None = None
    in_hand: list[tuple[reply.Claim, Decision]] = field(default_factory=list["tuple[reply.Claim, Decision]"])
    is_silenced: bool = False
    """A person has answered, and nobody has given the thread back."""
    was_handed_over: bool = False
    """Whoever took it found it handed over: the words that say so may still leave."""
    bot_before: int = 0

    def run(self, length: int = 14) -> None:
        self.chance = random.Random(self.seed)
        self.who = f"34600{self.seed:06d}"
        self.library = Library(Encoders())
        self._step(self._customer)
        for _ in range(length):
            self._step(
                self.chance.choice(
                    (
                        *(self._customer, self._customer, self._claim, self._claim, self._say, self._say),
                        *(self._person, self._phone, self._take, self._give_back, self._close, self._reopen),
                        *(self._leave, self._refuse, self._expire),
                    )
                )
            )
        self._settle()

    def _step(self, verb: Callable[[], None]) -> None:
        self.steps.append(verb.__name__)
        self.bot_before = len(self._bots())
        verb()
        self._check()

    def _customer(self) -> None:
        text = self.chance.choice(WORDS)
        lag = self.chance.choice((0, 0, 1, 2, 8))
        self.steps[-1] += f" {text} ({lag} s late)"
        message = self.company.write(text, self.who, at=now() - timedelta(seconds=lag))
        if self._voice() is Voice.BOT:
            # A closed thread that is written to goes back to the bot, and one that is new is the bot's.
            self.is_silenced = False
        self.conversation_id = message.conversation_id

    def _claim(self) -> None:
        """A worker takes the thread and decides; it may say so much later, or another worker does so first."""
        taken = reply.claim(self.company.shop.company_id, self._id)
        if taken and taken.lost:
            self.in_hand.append((taken, Decision(Route.PERSON, taken.lost)))
        elif taken:
            shelf = self.library.get(self.company.shop.company_id)
            self.in_hand.append((taken, decide(taken.question, taken.setup, self.library, shelf)))

    def _say(self) -> None:
        if self.in_hand:
            taken, decision = self.in_hand.pop(self.chance.randrange(len(self.in_hand)))
            reply.say_it(self.company.shop.company_id, self._id, taken, decision)

    def _person(self) -> None:
        with Work(self.company.shop.support) as work:
            conversations.reply(work, self._id, "Te lo miro ahora.", draft_id=uuid4().hex)
        self.is_silenced, self.was_handed_over = True, False

    def _phone(self) -> None:
        """An answer written on the shop's own phone, told to us by the provider some time later."""
        echo = InboundMessage(f"wamid.{uuid4().hex}", Sender(self.who), now(), MessageKind.TEXT, "Desde el móvil.")
        with Work(self.company.shop.system) as work:
            channel = work.get(Channel, self.company.shop.whatsapp_id)
            if receive.receive_echo(work, channel, Echo(echo)):
                self.is_silenced, self.was_handed_over = True, False

    def _take(self) -> None:
        self.was_handed_over = self.was_handed_over or self._voice() is Voice.PERSON
        with Work(self.company.shop.support) as work:
            conversations.take(work, self._id)
        self.is_silenced = True

    def _give_back(self) -> None:
        with Work(self.company.shop.support) as work:
            conversations.give_back(work, self._id)
        self.is_silenced = False

    def _close(self) -> None:
        with Work(self.company.shop.support) as work:
            conversations.close(work, self._id)

    def _reopen(self) -> None:
        """Undo of a close."""
        with Work(self.company.shop.support) as work:
            conversations.reopen(work, self._id)

    def _expire(self) -> None:
        """Whoever had it in hand has not been heard of for too long."""
        with Work(self.company.shop.system) as work:
            thread = work.get(Conversation, self._id)
            if thread.bot_due_at:
                thread.bot_due_at = now()

    def _refuse(self) -> None:
        """The provider does not take what is queued."""
        with Work(self.company.shop.system) as work:
            queued = work.all(select(Message).where(col(Message.status) == MessageStatus.QUEUED))
            for message in queued:
                message.status = MessageStatus.SENDING
        refused = Failure(FailureCode.NOT_REACHABLE, "131026", "Message undeliverable")
        made = [outcomes.Outcome(message.id, refused) for message in queued]
        outcomes.record(self.company.shop.company_id, self.company.shop.whatsapp_id, made)

    def _leave(self) -> None:
        """Whatever is queued reaches the customer: it cannot be called off any more."""
        with Work(self.company.shop.system) as work:
            for message in work.all(select(Message).where(col(Message.status) == MessageStatus.QUEUED)):
                message.status, message.next_attempt_at = MessageStatus.SENT, None
                message.provider_id = f"wamid.{uuid4().hex}"

    def _settle(self) -> None:
        """Everything that is due is done: then somebody owns the thread, and it is not a silent bot."""
        self.steps.append("settle")
        while self.in_hand:
            self.bot_before = len(self._bots())
            self._say()
            self._check()
        for _ in range(6):
            self._expire()
            self.bot_before = len(self._bots())
            reply.answer(self.company.shop.company_id, self._id, shelves=self.library)
            self._check()
        with Work(self.company.shop.system) as work:
            thread = work.get(Conversation, self._id)
            waits = self._waits(work)
            open_ones = work.all(
                select(HandOver).where(
                    col(HandOver.conversation_id) == self._id,
                    col(HandOver.answered_at).is_(None),
                    col(HandOver.ended_at).is_(None),
                )
            )
        if thread.is_open:
            assert not (waits and thread.voice is Voice.BOT), self._told("silence with the bot as owner")
            assert thread.bot_due_at is None, self._told("an answer is owed for ever")
            if waits:
                assert thread.waiting_since is not None, self._told("nobody sees that the customer waits")
        for row in open_ones:
            assert thread.voice is Voice.PERSON, self._told("a hand-over without its person")
            assert row.due_at, self._told("a hand-over without its moment")

    def _waits(self, work: Work) -> bool:
        """Whether anything the customer wrote is without an answer, told without what the runtime keeps about it."""
        said = work.all(select(Message).where(col(Message.conversation_id) == self._id))
        left = {m.id for m in said if m.direction is Direction.OUT and m.status is not MessageStatus.FAILED}
        receipts = work.all(select(BotAnswer).where(col(BotAnswer.conversation_id) == self._id))
        by_bot = {
            key for r in receipts if r.message_id in left for key in r.details["questions"] if r.route != Route.PERSON
        }
        # A person's words that did not leave are theirs to send again: the thread shows them.
        by_people = [m.created_at for m in said if m.author_kind is AuthorKind.AGENT]
        by_people += self._ends(work)
        asked = [m for m in said if m.direction is Direction.IN and str(m.id) not in by_bot]
        return any(all(at < message.created_at for at in by_people) for message in asked)

    def _ends(self, work: Work) -> list[datetime]:
        """When the thread was closed for good: not undone by a person."""
        trail = work.all(
            select(Activity)
            .where(
                col(Activity.conversation_id) == self._id,
                col(Activity.kind).in_([ActivityKind.CLOSED, ActivityKind.REOPENED]),
            )
            .order_by(col(Activity.rev))
        )
        undone = {
            closed.id
            for closed, reopened in pairwise(trail)
            if reopened.kind is ActivityKind.REOPENED and reopened.actor_kind == "agent"
        }
        return [each.at for each in trail if each.kind is ActivityKind.CLOSED and each.id not in undone]

    def _check(self) -> None:
        if self.conversation_id is None:
            return
        said = self._bots()
        if self.is_silenced:
            assert len(said) == self.bot_before, self._told("the bot spoke after a person")
            assert self.was_handed_over or all(m.status is not MessageStatus.QUEUED for m in said), self._told(
                "the bot's words still leave"
            )
        questions = [m.draft_id for m in said if m.draft_id and "#" not in m.draft_id]
        assert len(questions) == len(set(questions)), self._told("a question answered twice")

    def _bots(self) -> list[Message]:
        return self.company.said(self._id) if self.conversation_id else []

    def _voice(self) -> Voice:
        with Work(self.company.shop.system) as work:
            thread = work.first(
                select(Conversation)
                .join(Message, col(Message.conversation_id) == col(Conversation.id))
                .where(col(Message.direction) == Direction.IN, col(Message.author_kind) == AuthorKind.CUSTOMER)
                .where(col(Conversation.id) == self.conversation_id)
                if self.conversation_id
                else select(Conversation).order_by(col(Conversation.created_at).desc())
            )
            return thread.voice if thread else Voice.BOT

    @property
    def _id(self) -> UUID:
        assert self.conversation_id is not None
        return self.conversation_id

    def _told(self, problem: str) -> str:
        return f"seed {self.seed}: {problem}\n" + "\n".join(f"  {step}" for step in self.steps)


def play(company: Company, seeds: range) -> int:
    """How many stories were told; a refusal that a person would read is no failure of the story."""
    for seed in seeds:
        story = Story(company, seed)
        try:
            story.run()
        except AppError as refusal:
            raise AssertionError(f"seed {seed}: {refusal.code} after {story.steps}") from refusal
    return len(seeds)
