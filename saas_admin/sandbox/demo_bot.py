"""Alba, the demo's bot: what she knows comes out of `demo_files/faqs.jsonl`, as an owner would bring it in."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from saas_admin.bots import service as bots
from saas_admin.conversations import voice
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.faqs.transfer import importing
from saas_admin.models import Bot, Channel, Conversation
from saas_admin.models.conversation import ConversationState, Voice
from saas_admin.sandbox.stories import FILES

NAME = "Alba"
MANNER = bots.Manner(
    name=NAME,
    persona="Cercana y breve. Habla de café como quien está detrás de la barra, sin palabras de experto.",
    address_form="tu",
    greeting="¡Hola!",
)


def set_up(admin: Actor, channels: Sequence[Channel]) -> None:
    """Once, in one transaction: whatever the owner changes, deletes or switches off afterwards stays so."""
    with Work(admin) as work:
        if work.first(select(Bot)) is not None:
            return
        importing.run(work, (FILES / "faqs.jsonl").read_bytes(), "es", only_good=False, name="faqs.jsonl")
        bots.set_manner(work, MANNER)
        _leave_the_past_to_people(work)
        for channel in channels:
            bots.switch_channel(work, channel.id, True)
        bots.switch(work, True)


def _leave_the_past_to_people(work: Work) -> None:
    """Whoever has been waiting for Nuria or Toni goes on waiting for them."""
    waiting = select(Conversation).where(
        col(Conversation.state) != ConversationState.CLOSED, col(Conversation.voice) == Voice.BOT
    )
    for conversation in work.all(waiting.with_for_update()):
        voice.of_a_person(work, conversation, is_answer=False)
