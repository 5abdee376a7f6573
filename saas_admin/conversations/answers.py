"""What an answer is made of: checked against what the channel carries, cut into messages, queued in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels import content, neutral, registry
from saas_admin.adapters.channels.base import MEGABYTE, Capabilities, Location, MessageKind
from saas_admin.adapters.channels.content import Choices, Link, Template, TemplateUse
from saas_admin.conversations import hands, live, voice
from saas_admin.conversations import messages as message_views
from saas_admin.conversations.trail import note_activity, show_last, touch
from saas_admin.conversations.views import MessageView
from saas_admin.core.actor import ActorKind
from saas_admin.core.errors import Conflict, Invalid, NotFound
from saas_admin.core.i18n import translate
from saas_admin.core.jobs import Job
from saas_admin.core.work import Work
from saas_admin.models import Attachment, Channel, Company, Conversation, Message
from saas_admin.models.conversation import ActivityKind, ConversationState
from saas_admin.models.message import AttachmentState, AuthorKind, Direction, MessageStatus

MAX_FILES = 10
MAX_CHOICES = 10
_LONGEST_TITLE = 80
_LONGEST_VALUE = 1024


@dataclass(frozen=True)
class Extra:
    """More than text: one of these."""

    choices: Choices | None = None
    link: Link | None = None
    location: Location | None = None


@dataclass(frozen=True)
class Draft:
    """One message of an answer before it has an id."""

    kind: str
    text: str
    file: Attachment | None = None
    data: dict[str, Any] = field(default_factory=dict[str, Any])


def draft(work: Work, can: Capabilities, text: str, attachment_ids: Sequence[UUID], extra: Extra | None) -> list[Draft]:
    """The messages an answer becomes on this channel. Raises Invalid for what it does not carry."""
    text = text.replace("\x00", "").strip()
    files = [_own_upload(work, attachment_id, can) for attachment_id in attachment_ids[:MAX_FILES]]
    if not text and not files and not (extra and extra.location):
        raise Invalid(fields={"text": "message_empty"})
    if neutral.length(can, text) > can.text_limit:
        raise Invalid("message_too_long", limit=can.text_limit)
    if extra and files:
        raise Invalid("extra_with_files")
    if extra:
        return [_with_extra(work, can, text, extra)]
    return [Draft(file.kind if file else MessageKind.TEXT.value, part, file) for part, file in _parts(text, files, can)]


def filled(template: Template, values: Mapping[str, str]) -> TemplateUse:
    """A template with its variables. Raises Invalid with the missing ones, by their keys."""
    known = {slot.key for slot in template.slots}
    clean = {key: " ".join(str(value).split())[:_LONGEST_VALUE] for key, value in values.items() if key in known}
    use = TemplateUse(template, {key: value for key, value in clean.items() if value})
    if missing := content.missing(use):
        raise Invalid(fields=dict.fromkeys(missing, "required"))
    return use


def send(
    work: Work,
    conversation: Conversation,
    channel: Channel,
    drafts: Sequence[Draft],
    draft_id: str,
    *,
    reply_to: UUID | None = None,
    is_late: bool = False,
) -> list[MessageView]:
    """Queue the messages of an answer: nobody waits any more, whoever answers first takes an unowned thread."""
    open_for_answer(work, conversation)
    if work.actor.kind is ActorKind.AGENT:
        voice.of_a_person(work, conversation, is_answer=True)
        conversation.unanswered = []
    is_local = registry.get(channel.kind).is_local
    sent = [
        _add(work, conversation, one, i, ids, reply_to=reply_to if i == 0 else None, is_local=is_local, is_late=is_late)
        for i, (one, ids) in enumerate(zip(drafts, draft_ids(draft_id), strict=False))
    ]
    former_owner = conversation.assignee_id
    if conversation.assignee_id is None and work.actor.user_id:
        hands.give(work, conversation, work.actor.user_id, ActivityKind.TAKEN)
    conversation.waiting_since = None
    for message in sent:
        live.tell_message(work, message)
    hands.see(work, conversation)
    live.tell_conversation(work, conversation, former_owner=former_owner)
    if is_local:
        channel.last_sent_at = work.now
    else:
        work.after_commit(Job.DELIVER, company_id=str(work.company_id), channel_id=str(channel.id))
    return message_views.views_of(work, sent)


def of_draft(work: Work, draft_id: str) -> list[Message]:
    if not 8 <= len(draft_id) <= 60:
        raise Invalid(fields={"draft_id": "invalid"})
    return work.all(
        select(Message)
        .where(col(Message.draft_id).in_(draft_ids(draft_id)))
        .order_by(col(Message.at), col(Message.created_at), col(Message.id))
    )


def draft_ids(draft_id: str) -> list[str]:
    """A draft of several files is stored as `id`, `id#1`, `id#2` …"""
    return [draft_id, *(f"{draft_id}#{i}" for i in range(1, MAX_FILES + 1))]


def open_for_answer(work: Work, conversation: Conversation) -> None:
    if conversation.state is ConversationState.OPEN:
        return
    ensure_no_other_thread(work, conversation)
    conversation.state = ConversationState.OPEN
    conversation.closed_at = None
    note_activity(work, conversation, ActivityKind.REOPENED)


def ensure_no_other_thread(work: Work, conversation: Conversation) -> None:
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


def _with_extra(work: Work, can: Capabilities, text: str, extra: Extra) -> Draft:
    _check(extra)
    opener = translate("inbox.list_opener", work.get(Company, work.company_id).locale[:2])[:20]
    said = neutral.fit(can, text, choices=extra.choices, link=extra.link, location=extra.location, opener=opener)
    if neutral.length(can, said.text) > can.text_limit:
        raise Invalid("message_too_long", limit=can.text_limit)
    data: dict[str, Any] = {"fallback": True} if said.is_fallback else {}
    if extra.choices:
        options = [{"id": o.id, "title": o.title, "description": o.description} for o in extra.choices.options]
        shown = said.choices or extra.choices
        data["choices"] = {"options": options, "opener": shown.opener}
    if said.link:
        data["link"] = {"title": said.link.title, "url": said.link.url}
    if said.location:
        place = said.location
        data["location"] = {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "name": place.name,
            "address": place.address,
        }
    return Draft(said.kind.value, said.text, data=data)


def _check(extra: Extra) -> None:
    """What no channel carries is refused with its reason, before any form is chosen."""
    if extra.choices:
        options = extra.choices.options
        if not 1 <= len(options) <= MAX_CHOICES:
            raise Invalid(fields={"choices": "choices_many"}, most=MAX_CHOICES)
        if any(not 1 <= len(o.title.strip()) <= _LONGEST_TITLE for o in options):
            raise Invalid(fields={"choices": "choice_title"}, limit=_LONGEST_TITLE)
        if len({o.title.strip().lower() for o in options}) < len(options):
            raise Invalid(fields={"choices": "choices_same"})
    if extra.link and not extra.link.url.lower().startswith(("https://", "http://")):
        raise Invalid(fields={"link": "link_format"})
    if extra.location and (abs(extra.location.latitude) > 90 or abs(extra.location.longitude) > 180):
        raise Invalid(fields={"location": "location_format"})


def _own_upload(work: Work, attachment_id: UUID, can: Capabilities) -> Attachment:
    attachment = work.get(Attachment, attachment_id)
    if (
        attachment.uploaded_by != f"user:{work.actor.user_id}"
        or attachment.message_id
        or attachment.state is not AttachmentState.STORED
    ):
        raise NotFound(what="attachment")
    kind = MessageKind(attachment.kind)
    if kind not in can.media or attachment.mime not in can.media_mimes.get(kind, frozenset()):
        raise Invalid("file_kind")
    if (attachment.size or 0) > can.media_limits.get(kind, 0):
        raise Invalid("file_too_large", limit=can.media_limits.get(kind, 0) // MEGABYTE)
    return attachment


def _parts(text: str, files: list[Attachment], can: Capabilities) -> list[tuple[str, Attachment | None]]:
    """How an answer is cut: audio carries no caption, and a text longer than a caption goes on its own."""
    if not files:
        return [(text, None)]
    can_caption = files[0].kind != MessageKind.AUDIO and neutral.length(can, text) <= can.caption_limit
    if text and not can_caption:
        return [(text, None), *(("", file) for file in files)]
    return [(text, files[0]), *(("", file) for file in files[1:])]


def _add(
    work: Work,
    conversation: Conversation,
    one: Draft,
    index: int,
    draft_id: str,
    *,
    reply_to: UUID | None,
    is_local: bool,
    is_late: bool,
) -> Message:
    # Parts of one answer keep their order by a microsecond each.
    moment = work.now + timedelta(microseconds=index)
    message = Message(
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        customer_id=conversation.customer_id,
        direction=Direction.OUT,
        kind=one.kind,
        text=one.text,
        data={**one.data, **({"late": True} if is_late else {})},
        status=MessageStatus.SENT if is_local else MessageStatus.QUEUED,
        author_kind=AuthorKind.BOT if work.actor.kind is ActorKind.BOT else AuthorKind.AGENT,
        author_id=work.actor.user_id,
        reply_to_id=reply_to,
        draft_id=draft_id,
        at=moment,
        created_at=moment,
        next_attempt_at=None if is_local else work.now,
    )
    if is_local:
        message.provider_id = str(message.id)
    touch(work, conversation, message)
    work.add(message)
    work.flush()
    if one.file:
        one.file.message_id = message.id
        one.file.conversation_id = conversation.id
    show_last(conversation, message)
    return message
