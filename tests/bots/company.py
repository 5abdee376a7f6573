"""A company whose bot knows a few things, and customers who ask it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlmodel import col

from saas_admin.accounts.hours import DAYS
from saas_admin.adapters.channels.base import InboundMessage, MessageKind, Sender
from saas_admin.bots import modelling, reply, service
from saas_admin.bots.library import Library
from saas_admin.bots.reply import ModelOf
from saas_admin.conversations import receive
from saas_admin.core.clock import now
from saas_admin.core.work import Work
from saas_admin.faqs import service as faqs
from saas_admin.faqs.content import Content, Phrase
from saas_admin.models import BotAnswer, Channel, Conversation, Message
from saas_admin.models import Company as CompanyRow
from saas_admin.models.message import AuthorKind, Direction
from tests.shop import Shop, open_shop

FAQS: dict[str, tuple[str, list[str]]] = {
    "shipping": (
        "Enviamos a toda España en 48 horas. El envío cuesta 4,90 € y es gratis desde 40 €.",
        [
            "¿Cuánto tarda el envío?",
            "¿En cuántos días llega mi pedido?",
            "¿Cuánto cuesta mandar un paquete?",
            "¿El envío es gratis?",
        ],
    ),
    "returns": (
        "Tienes 30 días para devolverlo. El bote tiene que estar cerrado.",
        ["¿Puedo devolver un café?", "¿Cómo hago una devolución?", "¿Cuántos días tengo para devolver el pedido?"],
    ),
    "grind": (
        "Sí, lo molemos para tu cafetera: dinos cuál usas en el pedido.",
        ["¿Moléis el café?", "¿Me lo podéis mandar molido?", "¿Se puede pedir molido para cafetera italiana?"],
    ),
    "pay": (
        "Aceptamos tarjeta, Bizum y transferencia.",
        ["¿Cómo puedo pagar?", "¿Aceptáis Bizum?", "¿Se puede pagar con tarjeta?"],
    ),
    "wholesale": (
        "Para bares tenemos precios aparte: pídenos la tarifa.",
        ["¿Vendéis al por mayor?", "¿Tenéis precios para cafeterías?", "Tengo un bar y quiero comprar cada semana"],
    ),
}


class Company:
    """`with_bot()` opens it; `ask` is what a customer does and what the bot then says."""

    def __init__(self, shop: Shop, faq_ids: dict[str, UUID]) -> None:
        self.shop, self.faq_ids = shop, faq_ids
        self.library = Library()

    def write(self, text: str, who: str = "34611204873", *, at: datetime | None = None, **more: object) -> Message:
        inbound = InboundMessage(
            f"wamid.{uuid4().hex}",
            Sender(who, name="Marta Soler", phone=f"+{who}"),
            at or now(),
            MessageKind.TEXT,
            text,
        )
        inbound = replace(inbound, **more)
        with Work(self.shop.system) as work:
            message = receive.receive(work, work.get(Channel, self.shop.whatsapp_id), inbound)
        assert message is not None
        return message

    def answer(self, conversation_id: UUID, model_of: ModelOf = modelling.model_of) -> list[Message]:
        before = {message.id for message in self.said(conversation_id)}
        reply.answer(self.shop.company_id, conversation_id, shelves=self.library, model_of=model_of)
        return [message for message in self.said(conversation_id) if message.id not in before]

    def ask(self, text: str, who: str = "34611204873", model_of: ModelOf = modelling.model_of) -> list[Message]:
        return self.answer(self.write(text, who).conversation_id, model_of)

    def said(self, conversation_id: UUID) -> list[Message]:
        """Everything the bot said, in order."""
        with Work(self.shop.system) as work:
            return work.all(
                select(Message)
                .where(
                    col(Message.conversation_id) == conversation_id,
                    col(Message.direction) == Direction.OUT,
                    col(Message.author_kind) == AuthorKind.BOT,
                )
                .order_by(col(Message.at), col(Message.id))
            )

    def receipts(self, conversation_id: UUID) -> list[BotAnswer]:
        with Work(self.shop.system) as work:
            return work.all(
                select(BotAnswer).where(col(BotAnswer.conversation_id) == conversation_id).order_by(col(BotAnswer.at))
            )

    def conversation(self, conversation_id: UUID) -> Conversation:
        with Work(self.shop.system) as work:
            return work.get(Conversation, conversation_id)


def with_bot(name: str = "Café Alborada", **who: str) -> Company:
    """A company with two channels, five published FAQs and its bot switched on everywhere."""
    shop = open_shop(name, **who)
    ids: dict[str, UUID] = {}
    with Work(shop.admin) as work:
        # Typed, and open at any time: what is promised does not depend on when a test runs.
        work.get(CompanyRow, shop.company_id).hours = {day: [["00:00", "24:00"]] for day in DAYS}
        for key, (answer, phrasings) in FAQS.items():
            content = Content(phrasings=tuple(Phrase(text) for text in phrasings), answer=answer)
            ids[key] = UUID(faqs.create(work, content, is_published=True).id)
        service.set_manner(work, service.Manner(name="Alba"))
        for channel_id in (shop.whatsapp_id, shop.webchat_id):
            service.switch_channel(work, channel_id, True)
        service.switch(work, True)
    return Company(shop, ids)


def never_sure(company: Company) -> None:
    """Whatever is asked, and is no phrasing, is neither answered directly nor handed over."""
    with Work(company.shop.admin) as work:
        service.set_thresholds(work, 0.99, 0.0)
