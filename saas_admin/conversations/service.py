"""What people do in the inbox."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from saas_admin.adapters.channels import content, registry
from saas_admin.adapters.channels.base import MessageKind
from saas_admin.channels import templates
from saas_admin.conversations import answers, gate, hands, live, voice
from saas_admin.conversations import messages as message_views
from saas_admin.conversations.answers import Extra
from saas_admin.conversations.trail import note_activity, touch
from saas_admin.conversations.views import MessageView, TagView
from saas_admin.core import realtime
from saas_admin.core.errors import Conflict, Invalid, NotFound
from saas_admin.core.jobs import Job
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Channel, Conversation, ConversationTag, Membership, Message, MessageTemplate, Tag
from saas_admin.models.conversation import ActivityKind, ConversationState, Voice
from saas_admin.models.message import Direction, MessageStatus

TAG_COLORS = ("c1", "c2", "c3", "c4", "c5", "ok", "warn", "bad", "info")
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
    extra: Extra | None = None,
) -> list[MessageView]:
    """Queue an answer. The same `draft_id` twice is one answer; each file is a message of its own, the text captions the first.

    `extra`: choices, a link or a place, in the best form the channel has (never together with files).
    """
    conversation = work.get(Conversation, conversation_id, lock=True)
    if already := answers.of_draft(work, draft_id):
        return message_views.views_of(work, already)
    channel = work.get(Channel, conversation.channel_id)
    can = registry.get(channel.kind).capabilities_of(channel.settings)
    drafted = answers.draft(work, can, text, attachment_ids, extra)
    gate.ensure_channel_works(channel)
    gate.ensure_reachable(work, conversation)
    gate.ensure_ours(work, conversation, can)
    is_late = gate.is_late(work, conversation, can)
    if reply_to and work.get(Message, reply_to).conversation_id != conversation.id:
        raise NotFound
    return answers.send(work, conversation, channel, drafted, draft_id, reply_to=reply_to, is_late=is_late)


@requires(Permission.CONVERSATIONS_REPLY)
def send_template(
    work: Work,
    conversation_id: UUID,
    template_id: UUID,
    values: Mapping[str, str],
    *,
    draft_id: str,
    consent: str = "",
) -> list[MessageView]:
    """Queue an approved template with its variables filled; the one thing that leaves outside the window.

    A promotion needs a live yes of the customer. `consent`: how they gave it, when an agent has just been told.
    """
    conversation = work.get(Conversation, conversation_id, lock=True)
    if already := answers.of_draft(work, draft_id):
        return message_views.views_of(work, already)
    channel = work.get(Channel, conversation.channel_id)
    row = work.get(MessageTemplate, template_id)
    if row.channel_id != channel.id:
        raise NotFound
    use = answers.filled(templates.content_of(row), values)
    gate.ensure_channel_works(channel)
    gate.ensure_reachable(work, conversation)
    gate.ensure_template_may_go(use.template)
    gate.ensure_consent(work, conversation, use.template, consent)
    said = {"template": {"id": str(row.id), "values": dict(use.values), "content": templates.as_json(use.template)}}
    drafted = [answers.Draft(MessageKind.TEMPLATE.value, content.said(use), data=said)]
    return answers.send(work, conversation, channel, drafted, draft_id)


@requires(Permission.CONVERSATIONS_REPLY)
def retry(work: Work, message_id: UUID) -> MessageView:
    """Queue a failed message again, when nothing of it was sent and the window still allows it."""
    message = work.get(Message, message_id)
    conversation = work.get(Conversation, message.conversation_id, lock=True)
    work.session.refresh(message)
    if not message_views.can_retry(message):
        raise Conflict("cannot_retry")
    channel = work.get(Channel, conversation.channel_id)
    gate.ensure_channel_works(channel)
    gate.ensure_reachable(work, conversation)
    if message.kind != MessageKind.TEMPLATE:
        is_late = gate.is_late(work, conversation, registry.get(channel.kind).capabilities_of(channel.settings))
        message.data = {**message.data, "late": is_late}
    message.status = MessageStatus.QUEUED
    message.provider_id = None
    message.error_code = message.error_detail = None
    message.attempts = 0
    message.next_attempt_at = work.now
    if conversation.waiting_since == message.at:
        wrote = conversation.last_customer_at
        conversation.waiting_since = wrote if wrote and wrote > message.at else None
        conversation.unanswered = []
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
    voice.close(work, conversation)
    note_activity(work, conversation, ActivityKind.CLOSED)
    live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)


@requires(Permission.CONVERSATIONS_REPLY)
def reopen(work: Work, conversation_id: UUID) -> None:
    """Undo of `close`: whoever waited then waits again, for whoever owed them an answer."""
    conversation = work.get(Conversation, conversation_id, lock=True)
    if conversation.state is ConversationState.OPEN:
        return
    answers.ensure_no_other_thread(work, conversation)
    voice.reopen_by_hand(work, conversation)
    conversation.state = ConversationState.OPEN
    conversation.closed_at = None
    if conversation.unanswered or _is_last_word_theirs(work, conversation):
        conversation.waiting_since = conversation.last_customer_at
    note_activity(work, conversation, ActivityKind.REOPENED)
    live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)


def _is_last_word_theirs(work: Work, conversation: Conversation) -> bool:
    """What did not leave was not said."""
    last = work.first(
        select(Message)
        .where(
            col(Message.company_id) == work.company_id,
            col(Message.conversation_id) == conversation.id,
            col(Message.status) != MessageStatus.FAILED,
            col(Message.kind) != MessageKind.REACTION.value,
        )
        .order_by(col(Message.at).desc(), col(Message.created_at).desc(), col(Message.id).desc())
        .limit(1)
    )
    return last is not None and last.direction is Direction.IN


@requires(Permission.CONVERSATIONS_REPLY)
def give_back(work: Work, conversation_id: UUID) -> None:
    """Let the bot speak again; what the customer waits for is its to answer."""
    conversation = work.get(Conversation, conversation_id, lock=True)
    if not work.get(Channel, conversation.channel_id).has_bot:
        raise Conflict("no_bot_here")
    former = conversation.assignee_id
    if former is not None:
        conversation.assignee_id = None
    voice.of_the_bot(work, conversation)
    live.tell_conversation(work, conversation, former_owner=former)


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
    if conversation.unread == 0 and not hands.has_unseen(work, conversation):
        return
    hands.see(work, conversation)
    live.tell_conversation(work, conversation, former_owner=conversation.assignee_id)


@requires(Permission.CONVERSATIONS_REPLY)
def typing(work: Work, conversation_id: UUID, on: bool) -> None:
    """Shown to the customer and to colleagues; kept nowhere."""
    conversation = work.get(Conversation, conversation_id)
    realtime.publish([live.typing(conversation.id, "agent", work.actor.name, on)])
    if on and conversation.last_customer_at and realtime.is_first(f"typing:{conversation.id}", TYPING_EVERY):
        newest_first = (col(Message.at).desc(), col(Message.created_at).desc(), col(Message.id).desc())
        latest = work.first(select(Message).where(*hands.theirs(work, conversation)).order_by(*newest_first))
        if latest:
            hands.acknowledge(work, conversation, latest.id, typing=True)


def _hand_to(work: Work, conversation_id: UUID, user_id: UUID | None, kind: ActivityKind) -> None:
    conversation = work.get(Conversation, conversation_id, lock=True)
    former = conversation.assignee_id
    # Taking what is one's own already still takes the word from the bot.
    if former == user_id and (user_id is None or conversation.voice is Voice.PERSON):
        return
    hands.give(work, conversation, user_id, kind)
    live.tell_conversation(work, conversation, former_owner=former)
