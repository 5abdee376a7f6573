"""What a customer wrote enters here; so do the receipts of what we sent. Everything can arrive twice and in any order."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import DeliveryStatus, InboundMessage, MessageKind, StatusUpdate
from saas_admin.adapters.channels.events import Echo
from saas_admin.conversations import live, voice
from saas_admin.conversations.trail import note_activity, show_last, touch, wait_again
from saas_admin.core.ids import parse_id
from saas_admin.core.jobs import Job
from saas_admin.core.permissions import system_only
from saas_admin.core.work import Work
from saas_admin.customers import service as customers
from saas_admin.models import (
    Attachment,
    Channel,
    Conversation,
    Customer,
    CustomerIdentity,
    Message,
)
from saas_admin.models.conversation import ActivityKind, ConversationState
from saas_admin.models.message import AuthorKind, Direction, MessageStatus

REOPEN_WITHIN = timedelta(days=7)
"""A closed thread that is written to within this time goes on; after it a new one starts."""
MOST_UNANSWERED = 30


@dataclass(frozen=True)
class _Thread:
    conversation: Conversation
    customer: Customer


@system_only
def receive(
    work: Work, channel: Channel, inbound: InboundMessage, *, attachment_ids: tuple[UUID, ...] = ()
) -> Message | None:
    """Store a customer's message in the right thread. None when it is already there."""
    thread = _living_thread(work, channel, inbound)
    if thread is None:
        thread = _enter(work, channel, inbound)
    # Asked once the thread is locked: the same message may have come in while we waited for it.
    elif _is_known(work, channel.id, inbound.provider_id):
        return None
    if thread is None:
        return None
    message = _add_message(work, thread.conversation, inbound)
    _adopt_files(work, message, inbound, attachment_ids)
    _move_clock(work, thread.conversation, message)
    if _asks(message):
        voice.hear(work, channel, thread.conversation)
    live.tell_message(work, message)
    live.tell_conversation(work, thread.conversation, former_owner=thread.conversation.assignee_id)
    return message


@system_only
def receive_echo(work: Work, channel: Channel, echo: Echo) -> bool:
    """Somebody of the company answered in the provider's own app: an answer like any other, by nobody we know.

    One of ours that comes back is a receipt. False when that cannot be told yet: something of ours is on its way
    in this thread, and its id is not known before the provider's answer is recorded.
    """
    inbound = echo.message
    if echo.callback_data:
        return apply_receipt(
            work,
            channel,
            StatusUpdate(inbound.provider_id, DeliveryStatus.SENT, inbound.at, callback_data=echo.callback_data),
        )
    thread = _living_thread(work, channel, inbound) or _enter(work, channel, inbound)
    if thread is None or _is_known(work, channel.id, inbound.provider_id):
        return True
    conversation = thread.conversation
    if _is_leaving(work, conversation):
        return False
    message = _add_message(work, conversation, inbound)
    message.direction, message.status, message.author_kind = Direction.OUT, MessageStatus.SENT, AuthorKind.AGENT
    message.data = {**message.data, "native": True}
    _adopt_files(work, message, inbound, ())
    show_last(conversation, message)
    voice.of_a_person(work, conversation, is_answer=True)
    if conversation.waiting_since and conversation.waiting_since <= message.at:
        conversation.waiting_since = None
        conversation.unread = 0
        conversation.unanswered = []
    live.tell_message(work, message)
    live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)
    return True


def _living_thread(work: Work, channel: Channel, inbound: InboundMessage) -> _Thread | None:
    """The open thread of somebody all of whose ids are known, its row locked: one statement for nearly every message.

    The lock is enough here, since nothing can be created twice.
    """
    ids = [inbound.sender.external_id, *inbound.sender.aliases]
    query = (
        select(Conversation, Customer, col(CustomerIdentity.external_id))
        .join(
            Customer,
            (col(Customer.company_id) == col(CustomerIdentity.company_id))
            & (col(Customer.id) == col(CustomerIdentity.customer_id)),
        )
        .join(
            Conversation,
            (col(Conversation.company_id) == col(Customer.company_id))
            & (col(Conversation.customer_id) == col(Customer.id)),
        )
        .where(
            col(CustomerIdentity.channel_id) == channel.id,
            col(CustomerIdentity.external_id).in_(ids),
            col(Conversation.channel_id) == channel.id,
            col(Conversation.state) == ConversationState.OPEN,
        )
        .with_for_update(of=Conversation, key_share=True)
    )
    # What this transaction has changed already is locked by it, and is written once, at its end.
    with work.session.no_autoflush:
        found = list(work.session.execute(query))
    if {row.external_id for row in found} != set(ids) or len({row.Conversation.id for row in found}) != 1:
        return None
    thread = _Thread(found[0].Conversation, found[0].Customer)
    if not thread.conversation.is_open:
        return None
    customers.learn(work, thread.customer, inbound.sender)
    return thread


def _enter(work: Work, channel: Channel, inbound: InboundMessage) -> _Thread | None:
    """Find or make customer and thread; None when the message came in while we waited.

    A transaction lock per sender makes two workers with two first messages of one person take turns.
    """
    work.session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"{channel.id}:{inbound.sender.external_id}", 0)))
    )
    if _is_known(work, channel.id, inbound.provider_id):
        return None
    customer = customers.resolve(work, channel.id, inbound.sender)
    if not customer.name and registry.get(channel.kind).has_profiles:
        person = inbound.sender.external_id
        work.after_commit(Job.FETCH_PROFILE, company_id=str(work.company_id), channel_id=str(channel.id), person=person)
    conversation = _thread_for(work, channel, customer)
    work.flush()
    return _Thread(conversation, customer)


@system_only
def apply_receipt(work: Work, channel: Channel, receipt: StatusUpdate) -> bool:
    """Move a message's status forward. False when its message is not known yet: the event is kept and tried again."""
    message = _message_of(work, channel.id, receipt)
    if message is None:
        return False
    conversation = work.get(Conversation, message.conversation_id, lock=True)
    work.session.refresh(message, with_for_update=True)
    status = MessageStatus(receipt.status.value)
    learned_id = message.provider_id is None
    if learned_id:
        message.provider_id = receipt.provider_id
    if not message.can_become(status):
        return True
    message.status = status
    if receipt.status is DeliveryStatus.FAILED and receipt.failure:
        message.error_code = receipt.failure.code.value
        message.error_detail = f"{receipt.failure.provider_code} {receipt.failure.provider_text}".strip()[:300]
    if message.status is MessageStatus.FAILED:
        wait_again(work, conversation, message)
    touch(work, conversation, message)
    live.tell_message(work, message)
    return True


def _is_known(work: Work, channel_id: UUID, provider_id: str) -> bool:
    known = (
        select(col(Message.id))
        .where(
            col(Message.company_id) == work.company_id,
            col(Message.channel_id) == channel_id,
            col(Message.provider_id) == provider_id,
        )
        .limit(1)
    )
    # Without a flush: within one transaction the unique index keeps a second one out.
    with work.session.no_autoflush:
        return work.session.scalar(known) is not None


def _is_leaving(work: Work, conversation: Conversation) -> bool:
    """Whether a message of ours may be at the provider without an id yet."""
    open_ended = select(Message).where(
        col(Message.company_id) == work.company_id,
        col(Message.conversation_id) == conversation.id,
        col(Message.direction) == Direction.OUT,
        col(Message.status) == MessageStatus.SENDING,
    )
    return work.first(open_ended.limit(1)) is not None


def _thread_for(work: Work, channel: Channel, customer: Customer) -> Conversation:
    latest = work.first(
        select(Conversation)
        .where(col(Conversation.channel_id) == channel.id, col(Conversation.customer_id) == customer.id)
        .order_by(col(Conversation.state) == ConversationState.CLOSED, col(Conversation.last_message_at).desc())
        .with_for_update(key_share=True)
    )
    if latest and latest.is_open:
        return latest
    if latest and (latest.closed_at is None or latest.closed_at > work.now - REOPEN_WITHIN):
        latest.state = ConversationState.OPEN
        latest.closed_at = None
        latest.unanswered = []
        note_activity(work, latest, ActivityKind.REOPENED)
        voice.reopen(work, channel, latest)
        return latest
    # Old enough that the first message moves the preview and the clock, whatever the provider's clock says.
    start = datetime.fromtimestamp(0, tz=work.now.tzinfo)
    return work.add(
        Conversation(
            channel_id=channel.id,
            customer_id=customer.id,
            last_message_at=start,
            opened_at=work.now,
            changed_at=work.now,
            created_at=work.now,
        )
    )


def _add_message(work: Work, conversation: Conversation, inbound: InboundMessage) -> Message:
    # A provider's clock that runs ahead would pin a message to the end of its thread.
    at = min(inbound.at, work.now)
    data = dict(inbound.data)
    if inbound.location:
        place = inbound.location
        data["location"] = {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "name": place.name,
            "address": place.address,
        }
    if inbound.contacts:
        data["contacts"] = [
            {"name": c.name, "phones": list(c.phones), "emails": list(c.emails)} for c in inbound.contacts
        ]
    message = Message(
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        customer_id=conversation.customer_id,
        direction=Direction.IN,
        kind=inbound.kind.value,
        text=inbound.text,
        data=data,
        status=MessageStatus.RECEIVED,
        author_kind=AuthorKind.CUSTOMER,
        provider_id=inbound.provider_id,
        reply_to_id=_quoted(work, conversation.channel_id, inbound.reply_to),
        at=at,
        created_at=work.now,
    )
    touch(work, conversation, message)
    return work.add(message)


def _adopt_files(work: Work, message: Message, inbound: InboundMessage, attachment_ids: tuple[UUID, ...]) -> None:
    if inbound.media or attachment_ids:
        work.flush()
    for media in (*([inbound.media] if inbound.media else []), *inbound.more_media):
        attachment = work.add(
            Attachment(
                conversation_id=message.conversation_id,
                message_id=message.id,
                kind=media.kind.value,
                mime=media.mime,
                filename=media.filename,
                is_voice=media.voice,
                source={"provider_id": media.provider_id, "url": media.url, "sha256": media.sha256},
                next_attempt_at=work.now + timedelta(seconds=30),
            )
        )
        work.flush()
        work.after_commit(Job.FETCH_MEDIA, company_id=str(work.company_id), ids=[str(attachment.id)])
    for attachment_id in attachment_ids:
        attachment = work.get(Attachment, attachment_id)
        attachment.message_id = message.id
        attachment.conversation_id = message.conversation_id


def _move_clock(work: Work, conversation: Conversation, message: Message) -> None:
    show_last(conversation, message)
    if conversation.last_customer_at is None or message.at > conversation.last_customer_at:
        conversation.last_customer_at = message.at
    if not _asks(message):
        return
    conversation.unread += 1
    conversation.unanswered = [*conversation.unanswered, message.id][-MOST_UNANSWERED:]
    if conversation.waiting_since is None or message.at < conversation.waiting_since:
        conversation.waiting_since = message.at


def _asks(message: Message) -> bool:
    """A reaction is an answer to us, not a question: nobody waits because of a thumb.

    Where another app has the thread (Messenger's standby), that app answers.
    """
    return message.kind != MessageKind.REACTION and not message.data.get("standby")


def _quoted(work: Work, channel_id: UUID, provider_id: str | None) -> UUID | None:
    if not provider_id:
        return None
    quoted = work.first(
        select(Message).where(col(Message.channel_id) == channel_id, col(Message.provider_id) == provider_id)
    )
    return quoted.id if quoted else None


def _message_of(work: Work, channel_id: UUID, receipt: StatusUpdate) -> Message | None:
    known = work.first(
        select(Message).where(col(Message.channel_id) == channel_id, col(Message.provider_id) == receipt.provider_id)
    )
    if known or not (our_id := parse_id(receipt.callback_data)):
        return known
    # The receipt overtook the answer to our own call: our id, which the provider carries along, finds the message.
    message = work.find(Message, our_id)
    if message is None or message.channel_id != channel_id or message.provider_id not in (None, receipt.provider_id):
        return None
    return message
