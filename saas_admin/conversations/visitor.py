"""What a visitor of the web chat may read and say of one thread: their own, on their channel, nothing else.

The caller has already checked the visitor's token; every function here finds things only through the visitor's identity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import col

from saas_admin.adapters.channels.base import DeliveryStatus, InboundMessage, MessageKind, Sender, StatusUpdate
from saas_admin.conversations import live
from saas_admin.conversations import messages as message_views
from saas_admin.conversations.receive import apply_receipt, receive
from saas_admin.conversations.views import MessageView
from saas_admin.core.errors import Conflict, Invalid, NotFound
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import system_only
from saas_admin.core.work import Work
from saas_admin.models import (
    Attachment,
    Channel,
    Conversation,
    CustomerIdentity,
    Message,
)
from saas_admin.models.conversation import ConversationState
from saas_admin.models.message import AttachmentState, Direction, MessageStatus

PAGE = 40
MOST = 200
SEEN_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class VisitorThread:
    """Messages oldest first. `cursor` is where to resume: the thread and its counter when this was read."""

    conversation_id: UUID | None
    messages: list[MessageView]
    cursor: str | None
    has_more: bool = False


@system_only
def find_thread(work: Work, channel_id: UUID, external_id: str, after: str | None = None) -> VisitorThread:
    """What changed since `after`, or the last page when there is no (or another thread's) cursor."""
    conversation = _conversation(work, channel_id, external_id)
    if conversation is None:
        return VisitorThread(None, [], None)
    # The counter is read before the messages: what commits in between is sent twice rather than never.
    cursor = f"{conversation.id}.{conversation.counter}"
    rev = _rev_of(after, conversation.id)
    if rev is None:
        found, has_more = _last_page(work, conversation.id, None)
        return VisitorThread(conversation.id, found, cursor, has_more)
    changed = (
        select(Message)
        .where(col(Message.conversation_id) == conversation.id, col(Message.rev) > rev)
        .order_by(col(Message.rev))
        .limit(MOST + 1)
    )
    rows = work.all(changed)
    if len(rows) > MOST:
        found, has_more = _last_page(work, conversation.id, None)
        return VisitorThread(conversation.id, found, cursor, has_more)
    return VisitorThread(conversation.id, message_views.views_of(work, sorted(rows, key=_order)), cursor)


@system_only
def list_before(work: Work, channel_id: UUID, external_id: str, message_id: UUID) -> VisitorThread:
    """The page above a message."""
    anchor = _own_message(work, channel_id, external_id, message_id)
    found, has_more = _last_page(work, anchor.conversation_id, anchor)
    return VisitorThread(anchor.conversation_id, found, None, has_more)


@system_only
def say(
    work: Work,
    channel_id: UUID,
    external_id: str,
    client_id: UUID,
    text: str,
    *,
    file_ids: Sequence[UUID] = (),
    page: dict[str, str] | None = None,
    choice: str = "",
) -> MessageView:
    """Keep what the visitor wrote. `client_id` was made by their browser: the same one again is the same message.

    `choice`: the id of the option they tapped. One that was not offered last is no tap, only their words.
    """
    channel = work.get(Channel, channel_id)
    # The files of a resent message are in it already and would not be found among the free ones.
    if file_ids and (message := _said(work, channel_id, client_id)):
        return _view_of_own(work, message, external_id)
    files = [_own_upload(work, external_id, channel_id, file_id) for file_id in file_ids]
    data: dict[str, Any] = {"client_id": str(client_id)}
    if page:
        data["page"] = page
    is_tap = bool(choice) and choice in _offered(work, channel_id, external_id)
    if is_tap:
        data |= {"interactive": "button", "id": choice}
    inbound = InboundMessage(
        provider_id=str(client_id),
        sender=Sender(external_id=external_id),
        at=work.now,
        kind=MessageKind(files[0].kind) if files else MessageKind.INTERACTIVE if is_tap else MessageKind.TEXT,
        text=text,
        data=data,
    )
    # None: the same message came by another request a moment ago, and that one was faster.
    message = receive(work, channel, inbound, attachment_ids=tuple(file.id for file in files)) or _said(
        work, channel_id, client_id
    )
    if message is None:
        raise NotFound
    if channel.last_event_at is None or work.now - channel.last_event_at > SEEN_EVERY:
        channel.last_event_at = work.now
    return _view_of_own(work, message, external_id)


@system_only
def acknowledge(
    work: Work,
    channel: Channel,
    external_id: str,
    message_id: UUID,
    status: DeliveryStatus,
) -> None:
    """The visitor's browser has, or the visitor has read, our messages up to this one."""
    last = _own_message(work, channel.id, external_id, message_id)
    behind = (
        [MessageStatus.SENT] if status is DeliveryStatus.DELIVERED else [MessageStatus.SENT, MessageStatus.DELIVERED]
    )
    reached = (
        select(Message)
        .where(
            col(Message.conversation_id) == last.conversation_id,
            col(Message.direction) == Direction.OUT,
            col(Message.status).in_(behind),
            col(Message.at) <= last.at,
        )
        .order_by(col(Message.at))
        .limit(MOST)
    )
    for message in work.all(reached):
        apply_receipt(
            work,
            channel,
            StatusUpdate(
                message.provider_id or str(message.id),
                status,
                work.now,
                callback_data=str(message.id),
            ),
        )


@system_only
def typing(work: Work, channel_id: UUID, external_id: str, on: bool) -> None:
    """Shown to who has the thread open; kept nowhere. A visitor without a thread types unseen."""
    conversation = _conversation(work, channel_id, external_id)
    if conversation is not None:
        work.publish(live.typing(conversation.id, "customer", "", on))


@system_only
def find_file(work: Work, channel_id: UUID, external_id: str, attachment_id: UUID) -> Attachment:
    """A file of the visitor's own thread, or one they uploaded and have not sent yet."""
    attachment = work.get(Attachment, attachment_id)
    if attachment.message_id is None:
        if attachment.uploaded_by != uploader(external_id):
            raise NotFound
        return attachment
    _own_message(work, channel_id, external_id, attachment.message_id)
    return attachment


def _offered(work: Work, channel_id: UUID, external_id: str) -> set[str]:
    """Ids of the options of the last message in the visitor's thread that had any."""
    conversation = _conversation(work, channel_id, external_id)
    if conversation is None:
        return set()
    last = work.first(
        select(Message)
        .where(
            col(Message.conversation_id) == conversation.id,
            col(Message.direction) == Direction.OUT,
            col(Message.data)["choices"].is_not(None),
        )
        .order_by(col(Message.at).desc(), col(Message.created_at).desc(), col(Message.id).desc())
    )
    return {str(option["id"]) for option in last.data["choices"]["options"]} if last else set()


def _said(work: Work, channel_id: UUID, client_id: UUID) -> Message | None:
    return work.first(
        select(Message).where(col(Message.channel_id) == channel_id, col(Message.provider_id) == str(client_id))
    )


def _view_of_own(work: Work, message: Message, external_id: str) -> MessageView:
    """Somebody else's message under the same id is not this visitor's to see."""
    try:
        _own_message(work, message.channel_id, external_id, message.id)
    except NotFound as error:
        raise Conflict("broken_request") from error
    return message_views.view_of(work, message)


def _own_upload(work: Work, external_id: str, channel_id: UUID, file_id: UUID) -> Attachment:
    try:
        file = find_file(work, channel_id, external_id, file_id)
    except NotFound as error:
        raise Invalid("file_missing") from error
    if file.message_id is not None or file.state is not AttachmentState.STORED:
        raise Invalid("file_missing")
    return file


def uploader(external_id: str) -> str:
    return f"visitor:{external_id.removeprefix('v:')}"


def _conversation(work: Work, channel_id: UUID, external_id: str) -> Conversation | None:
    """The living thread, else the latest closed one."""
    identity = _identity(work, channel_id, external_id)
    if identity is None:
        return None
    return work.first(
        select(Conversation)
        .where(
            col(Conversation.channel_id) == channel_id,
            col(Conversation.customer_id) == identity.customer_id,
        )
        .order_by(
            col(Conversation.state) == ConversationState.CLOSED,
            col(Conversation.last_message_at).desc(),
        )
    )


def _identity(work: Work, channel_id: UUID, external_id: str) -> CustomerIdentity | None:
    return work.first(
        select(CustomerIdentity).where(
            col(CustomerIdentity.channel_id) == channel_id,
            col(CustomerIdentity.external_id) == external_id,
        )
    )


def _own_message(work: Work, channel_id: UUID, external_id: str, message_id: UUID) -> Message:
    identity = _identity(work, channel_id, external_id)
    message = work.get(Message, message_id)
    if identity is None or message.channel_id != channel_id or message.customer_id != identity.customer_id:
        raise NotFound
    return message


def _last_page(work: Work, conversation_id: UUID, anchor: Message | None) -> tuple[list[MessageView], bool]:
    query = select(Message).where(col(Message.conversation_id) == conversation_id)
    if anchor is not None:
        same_moment = and_(
            col(Message.at) == anchor.at,
            col(Message.created_at) == anchor.created_at,
            col(Message.id) < anchor.id,
        )
        query = query.where(
            or_(
                col(Message.at) < anchor.at,
                and_(col(Message.at) == anchor.at, col(Message.created_at) < anchor.created_at),
                same_moment,
            )
        )
    newest_first = query.order_by(col(Message.at).desc(), col(Message.created_at).desc(), col(Message.id).desc())
    rows = work.all(newest_first.limit(PAGE + 1))
    return message_views.views_of(work, rows[:PAGE][::-1]), len(rows) > PAGE


def _order(message: Message) -> tuple[object, ...]:
    return message.at, message.created_at, message.id


def _rev_of(cursor: str | None, conversation_id: UUID) -> int | None:
    thread, _, rev = (cursor or "").partition(".")
    return int(rev) if parse_id(thread) == conversation_id and rev.isdecimal() and len(rev) < 12 else None
