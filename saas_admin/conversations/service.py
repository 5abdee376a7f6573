"""What people do in the inbox."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import MEGABYTE, ChannelAdapter, MessageKind
from saas_admin.conversations import live
from saas_admin.conversations import messages as message_views
from saas_admin.conversations.receive import note_activity, show_last, touch
from saas_admin.conversations.views import MessageView, TagView
from saas_admin.core import realtime
from saas_admin.core.errors import Conflict, Invalid, NotFound
from saas_admin.core.jobs import Job
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Attachment, Channel, Conversation, ConversationTag, Membership, Message, Tag, UserAccount
from saas_admin.models.conversation import ActivityKind, ConversationState
from saas_admin.models.message import AttachmentState, AuthorKind, Direction, MessageStatus

TAG_COLORS = ("c1", "c2", "c3", "c4", "c5", "ok", "warn", "bad", "info")
MAX_FILES = 10
TYPING_EVERY = 20
"""Seconds between two words to a provider that we are typing: WhatsApp shows it for 25."""


@requires(Permission.CONVERSATIONS_REPLY)
def reply(
    work: Work,
    conversation_id: UUID,
    text: str,
    *,
    draft_id: str,
    attachment_ids: Sequence[UUID] = (),
    reply_to: UUID | None = None,
) -> list[MessageView]:
    """Queue an answer. The same `draft_id` twice is one answer; each file is a message of its own, the text captions the first."""
    conversation = work.get(Conversation, conversation_id, lock=True)
    if already := _of_draft(work, draft_id):
        return message_views.views_of(work, already)
    channel = work.get(Channel, conversation.channel_id)
    adapter = registry.get(channel.kind)
    text = _checked_text(text, adapter, has_files=bool(attachment_ids))
    _ensure_can_send(work, conversation, channel, adapter)
    files = [_own_upload(work, attachment_id, adapter) for attachment_id in attachment_ids[:MAX_FILES]]
    if reply_to and work.get(Message, reply_to).conversation_id != conversation.id:
        raise NotFound
    _open_for_answer(work, conversation)
    sent = [
        _add_answer(
            work, conversation, adapter, part_text, file, i, _draft_ids(draft_id)[i], reply_to if i == 0 else None
        )
        for i, (part_text, file) in enumerate(_parts(text, files, adapter))
    ]
    former_owner = conversation.assignee_id
    if conversation.assignee_id is None and work.actor.user_id:
        _give(work, conversation, work.actor.user_id, ActivityKind.TAKEN)
    conversation.waiting_since = None
    for message in sent:
        live.tell_message(work, message)
    _see(work, conversation)
    live.tell_conversation(work, conversation, former_owner=former_owner)
    if adapter.is_local:
        channel.last_sent_at = work.now
    else:
        work.after_commit(Job.DELIVER, company_id=str(work.company_id), channel_id=str(channel.id))
    return message_views.views_of(work, sent)


@requires(Permission.CONVERSATIONS_REPLY)
def retry(work: Work, message_id: UUID) -> MessageView:
    """Queue a failed message again, when nothing of it was sent and the window still allows it."""
    message = work.get(Message, message_id)
    conversation = work.get(Conversation, message.conversation_id, lock=True)
    work.session.refresh(message)
    if not message_views.can_retry(message):
        raise Conflict("cannot_retry")
    channel = work.get(Channel, conversation.channel_id)
    _ensure_can_send(work, conversation, channel, registry.get(channel.kind))
    message.status = MessageStatus.QUEUED
    message.provider_id = None
    message.error_code = message.error_detail = None
    message.attempts = 0
    message.next_attempt_at = work.now
    if conversation.waiting_since == message.at:
        wrote = conversation.last_customer_at
        conversation.waiting_since = wrote if wrote and wrote > message.at else None
        live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)
    touch(work, conversation, message)
    live.tell_message(work, message)
    work.after_commit(Job.DELIVER, company_id=str(work.company_id), channel_id=str(message.channel_id))
    return message_views.view_of(work, message)


@requires(Permission.CONVERSATIONS_ASSIGN)
def take(work: Work, conversation_id: UUID) -> None:
    """Make the conversation mine."""
    if work.actor.user_id is None:
        raise NotFound
    _hand_to(work, conversation_id, work.actor.user_id, ActivityKind.TAKEN)


@requires(Permission.CONVERSATIONS_ASSIGN)
def assign(work: Work, conversation_id: UUID, user_id: UUID | None) -> None:
    """Give the conversation to a person of the company who may answer, or back to nobody."""
    if user_id is None:
        _hand_to(work, conversation_id, None, ActivityKind.UNASSIGNED)
        return
    member = work.first(
        select(Membership).where(col(Membership.user_id) == user_id, col(Membership.deactivated_at).is_(None))
    )
    if member is None or member.role not in ("admin", "support"):
        raise NotFound(what="member")
    kind = ActivityKind.TAKEN if user_id == work.actor.user_id else ActivityKind.ASSIGNED
    _hand_to(work, conversation_id, user_id, kind)


@requires(Permission.CONVERSATIONS_REPLY)
def close(work: Work, conversation_id: UUID) -> None:
    """Done: nobody waits. Closing what is closed changes nothing."""
    conversation = work.get(Conversation, conversation_id, lock=True)
    if conversation.state is ConversationState.CLOSED:
        return
    conversation.state = ConversationState.CLOSED
    conversation.closed_at = work.now
    conversation.waiting_since = None
    conversation.unread = 0
    note_activity(work, conversation, ActivityKind.CLOSED)
    live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)


@requires(Permission.CONVERSATIONS_REPLY)
def reopen(work: Work, conversation_id: UUID) -> None:
    """Undo of `close`: if the customer's word was the last one, they wait again."""
    conversation = work.get(Conversation, conversation_id, lock=True)
    if conversation.state is ConversationState.OPEN:
        return
    _ensure_no_other_thread(work, conversation)
    conversation.state = ConversationState.OPEN
    conversation.closed_at = None
    if conversation.preview_author == AuthorKind.CUSTOMER:
        conversation.waiting_since = conversation.last_customer_at
    note_activity(work, conversation, ActivityKind.REOPENED)
    live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)


@requires(Permission.CONVERSATIONS_TAG)
def tag(work: Work, conversation_id: UUID, tag_id: UUID) -> None:
    conversation = work.get(Conversation, conversation_id, lock=True)
    chosen = work.get(Tag, tag_id)
    key = (work.company_id, conversation.id, chosen.id)
    if work.session.get(ConversationTag, key):
        return
    work.add(ConversationTag(company_id=work.company_id, conversation_id=conversation.id, tag_id=chosen.id))
    note_activity(work, conversation, ActivityKind.TAGGED, {"tag": chosen.name})
    live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)


@requires(Permission.CONVERSATIONS_TAG)
def untag(work: Work, conversation_id: UUID, tag_id: UUID) -> None:
    conversation = work.get(Conversation, conversation_id, lock=True)
    chosen = work.get(Tag, tag_id)
    link = work.session.get(ConversationTag, (work.company_id, conversation.id, chosen.id))
    if link is None:
        return
    work.delete(link)
    note_activity(work, conversation, ActivityKind.UNTAGGED, {"tag": chosen.name})
    live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)


@requires(Permission.TAGS_MANAGE)
def create_tag(work: Work, name: str, color: str = "c2") -> TagView:
    """A tag of the company; a name that exists already (whatever its case) is that tag."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 40:
        raise Invalid(fields={"name": "tag_name"})
    if color not in TAG_COLORS:
        raise Invalid(fields={"color": "tag_color"})
    known = work.first(select(Tag).where(func.lower(col(Tag.name)) == name.lower()))
    if known is None:
        position = work.session.scalar(
            select(func.coalesce(func.max(col(Tag.position)), 0) + 1).where(col(Tag.company_id) == work.company_id)
        )
        known = work.add(Tag(name=name, color=color, position=position or 1))
        work.flush()
    return TagView(str(known.id), known.name, known.color)


@requires(Permission.CONVERSATIONS_READ)
def mark_read(work: Work, conversation_id: UUID) -> None:
    """We have seen it: the counter goes to zero and the customer's ticks turn."""
    conversation = work.get(Conversation, conversation_id, lock=True)
    if conversation.unread == 0 and not _has_unseen(work, conversation):
        return
    _see(work, conversation)
    live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)


@requires(Permission.CONVERSATIONS_REPLY)
def typing(work: Work, conversation_id: UUID, on: bool) -> None:
    """Shown to the customer and to colleagues; kept nowhere."""
    conversation = work.get(Conversation, conversation_id)
    realtime.publish([live.typing(conversation.id, "agent", work.actor.name, on)])
    if on and conversation.last_customer_at and realtime.is_first(f"typing:{conversation.id}", TYPING_EVERY):
        newest_first = (col(Message.at).desc(), col(Message.created_at).desc(), col(Message.id).desc())
        latest = work.first(select(Message).where(*_theirs(work, conversation)).order_by(*newest_first))
        if latest:
            _acknowledge(work, conversation, latest.id, typing=True)


def _see(work: Work, conversation: Conversation) -> None:
    """What the customer wrote is read, as of now."""
    conversation.unread = 0
    rev = touch(work, conversation)
    turned = (
        update(Message)
        .where(*_unseen(work, conversation))
        .values(status=MessageStatus.READ, rev=rev)
        .returning(col(Message.at), col(Message.created_at), col(Message.id))
        .execution_options(synchronize_session=False)
    )
    found = [(at, created_at, message_id) for at, created_at, message_id in work.session.execute(turned)]
    if found:
        work.publish(live.read(conversation.id, rev))
        # The latest says it for all before it.
        _acknowledge(work, conversation, max(found)[2])


def _acknowledge(work: Work, conversation: Conversation, message_id: UUID, *, typing: bool = False) -> None:
    """Tell the provider, after the commit. Only who may answer turns a customer's ticks."""
    if not work.actor.can(Permission.CONVERSATIONS_REPLY):
        return
    adapter = registry.get(work.get(Channel, conversation.channel_id).kind)
    if adapter.is_local or not (adapter.capabilities.has_typing if typing else adapter.capabilities.has_receipts):
        return
    work.after_commit(Job.ACKNOWLEDGE, company_id=str(work.company_id), message_id=str(message_id), typing=typing)


def _of_draft(work: Work, draft_id: str) -> list[Message]:
    if not 8 <= len(draft_id) <= 60:
        raise Invalid(fields={"draft_id": "invalid"})
    return work.all(
        select(Message)
        .where(col(Message.draft_id).in_(_draft_ids(draft_id)))
        .order_by(col(Message.at), col(Message.created_at), col(Message.id))
    )


def _draft_ids(draft_id: str) -> list[str]:
    """A draft of several files is stored as `id`, `id#1`, `id#2` …"""
    return [draft_id, *(f"{draft_id}#{i}" for i in range(1, MAX_FILES + 1))]


def _checked_text(text: str, adapter: ChannelAdapter, *, has_files: bool) -> str:
    text = text.replace("\x00", "").strip()
    if not text and not has_files:
        raise Invalid(fields={"text": "message_empty"})
    if len(text) > adapter.capabilities.text_limit:
        raise Invalid("message_too_long", limit=adapter.capabilities.text_limit)
    return text


def _ensure_can_send(work: Work, conversation: Conversation, channel: Channel, adapter: ChannelAdapter) -> None:
    """The one gate of the send path, so far with one rule each: the channel lives, and its window is open."""
    if not channel.is_live:
        raise Conflict("channel_disabled")
    hours = adapter.capabilities.window_hours
    if hours is None:
        return
    if conversation.last_customer_at is None or work.now >= conversation.last_customer_at + timedelta(hours=hours):
        raise Conflict("window_closed", hours=hours)


def _own_upload(work: Work, attachment_id: UUID, adapter: ChannelAdapter) -> Attachment:
    attachment = work.get(Attachment, attachment_id)
    if (
        attachment.uploaded_by != f"user:{work.actor.user_id}"
        or attachment.message_id
        or attachment.state is not AttachmentState.STORED
    ):
        raise NotFound(what="attachment")
    kind = MessageKind(attachment.kind)
    can = adapter.capabilities
    if kind not in can.media or attachment.mime not in can.media_mimes.get(kind, frozenset()):
        raise Invalid("file_kind")
    if (attachment.size or 0) > can.media_limits.get(kind, 0):
        raise Invalid("file_too_large", limit=can.media_limits.get(kind, 0) // MEGABYTE)
    return attachment


def _parts(text: str, files: list[Attachment], adapter: ChannelAdapter) -> list[tuple[str, Attachment | None]]:
    """How an answer is cut: audio carries no caption, and a text longer than a caption goes on its own."""
    if not files:
        return [(text, None)]
    can_caption = files[0].kind != MessageKind.AUDIO and len(text) <= adapter.capabilities.caption_limit
    if text and not can_caption:
        return [(text, None), *(("", file) for file in files)]
    return [(text, files[0]), *(("", file) for file in files[1:])]


def _open_for_answer(work: Work, conversation: Conversation) -> None:
    if conversation.state is ConversationState.OPEN:
        return
    _ensure_no_other_thread(work, conversation)
    conversation.state = ConversationState.OPEN
    conversation.closed_at = None
    note_activity(work, conversation, ActivityKind.REOPENED)


def _ensure_no_other_thread(work: Work, conversation: Conversation) -> None:
    other = work.first(
        select(Conversation).where(
            col(Conversation.channel_id) == conversation.channel_id,
            col(Conversation.customer_id) == conversation.customer_id,
            col(Conversation.state) != ConversationState.CLOSED,
            col(Conversation.id) != conversation.id,
        )
    )
    if other:
        raise Conflict("newer_conversation")


def _add_answer(
    work: Work,
    conversation: Conversation,
    adapter: ChannelAdapter,
    text: str,
    file: Attachment | None,
    index: int,
    draft_id: str,
    reply_to: UUID | None,
) -> Message:
    # Parts of one answer keep their order by a microsecond each.
    moment = work.now + timedelta(microseconds=index)
    message = Message(
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        customer_id=conversation.customer_id,
        direction=Direction.OUT,
        kind=file.kind if file else MessageKind.TEXT.value,
        text=text,
        status=MessageStatus.SENT if adapter.is_local else MessageStatus.QUEUED,
        author_kind=AuthorKind.AGENT,
        author_id=work.actor.user_id,
        reply_to_id=reply_to,
        draft_id=draft_id,
        at=moment,
        created_at=moment,
        next_attempt_at=None if adapter.is_local else work.now,
    )
    if adapter.is_local:
        message.provider_id = str(message.id)
    touch(work, conversation, message)
    work.add(message)
    work.flush()
    if file:
        file.message_id = message.id
        file.conversation_id = conversation.id
    show_last(conversation, message)
    return message


def _hand_to(work: Work, conversation_id: UUID, user_id: UUID | None, kind: ActivityKind) -> None:
    conversation = work.get(Conversation, conversation_id, lock=True)
    former = conversation.assignee_id
    if former == user_id:
        return
    _give(work, conversation, user_id, kind)
    live.tell_conversation(work, conversation, former_owner=former)


def _give(work: Work, conversation: Conversation, user_id: UUID | None, kind: ActivityKind) -> None:
    conversation.assignee_id = user_id
    name = work.session.scalar(select(col(UserAccount.name)).where(col(UserAccount.id) == user_id)) if user_id else None
    note_activity(work, conversation, kind, {"to": name} if name else {})


def _has_unseen(work: Work, conversation: Conversation) -> bool:
    return work.first(select(Message).where(*_unseen(work, conversation))) is not None


def _unseen(work: Work, conversation: Conversation) -> list[ColumnElement[bool]]:
    return [*_theirs(work, conversation), col(Message.status) == MessageStatus.RECEIVED]


def _theirs(work: Work, conversation: Conversation) -> list[ColumnElement[bool]]:
    return [
        col(Message.company_id) == work.company_id,
        col(Message.conversation_id) == conversation.id,
        col(Message.direction) == Direction.IN,
    ]
