"""Reads of the inbox: a page of the list, a thread, the counts."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select, tuple_
from sqlmodel import col

from saas_admin.adapters.channels import registry
from saas_admin.conversations import gate, voice
from saas_admin.conversations import messages as message_views
from saas_admin.conversations.rows import read_rows, row_of, rows_of, select_rows, tint_of
from saas_admin.conversations.views import (
    ActivityView,
    CapabilitiesView,
    ConversationFilter,
    ConversationRow,
    CustomerPanel,
    IdentityView,
    InboxPage,
    MemberView,
    MessageView,
    PastConversation,
    TagView,
    ThreadView,
)
from saas_admin.core import doors, realtime
from saas_admin.core.clock import iso
from saas_admin.core.errors import Invalid
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import (
    Activity,
    Channel,
    Conversation,
    ConversationCount,
    ConversationTag,
    Customer,
    CustomerIdentity,
    HandOver,
    Membership,
    Message,
    Tag,
    UserAccount,
)
from saas_admin.models.conversation import Bucket, Voice

PAGE = 50
SEARCH_LIMIT = 100
NO_OWNER = UUID(int=0)


@requires(Permission.CONVERSATIONS_READ)
def list_conversations(
    work: Work, chosen: ConversationFilter, cursor: str | None = None, limit: int = PAGE
) -> InboxPage:
    """A page of the list: pending by longest wait, the others by latest word. A search looks in every state.

    The room numbers are read before the rows, so that a delta which arrives between is applied twice rather than never.
    """
    seq = realtime.heads(inbox_rooms(work))
    changed_at = _changed_at(work)
    if chosen.query.strip():
        rows = _search(work, chosen)
        return InboxPage(rows, None, seq, count_by_owner(work), changed_at)
    is_pending = chosen.bucket == Bucket.PENDING
    key: Any = col(Conversation.waiting_since) if is_pending else col(Conversation.last_message_at)
    query = select_rows(
        work,
        col(Conversation.bucket) == Bucket(chosen.bucket).value,
        *_where(work, chosen),
        *_after(key, cursor, is_pending),
    )
    order = (key.asc(), col(Conversation.id).asc()) if is_pending else (key.desc(), col(Conversation.id).desc())
    rows = read_rows(work, query.order_by(*order).limit(limit + 1))
    page = rows[:limit]
    more = page[-1] if len(rows) > limit else None
    next_cursor = f"{more.waiting_since if is_pending else more.last_message_at}|{more.id}" if more else None
    return InboxPage(page, next_cursor, seq, count_by_owner(work), changed_at)


def inbox_rooms(work: Work) -> list[str]:
    """The rooms whose deltas this person may see; the one policy that lists and live share."""
    if work.actor.can(Permission.CONVERSATIONS_READ_ALL):
        return [realtime.inbox_room(work.company_id, "all")]
    own = realtime.inbox_room(work.company_id, f"u:{work.actor.user_id}")
    if work.actor.can(Permission.CONVERSATIONS_READ_UNASSIGNED):
        return [own, realtime.inbox_room(work.company_id, "none")]
    return [own]


@requires(Permission.CONVERSATIONS_READ)
def find_heads(work: Work, conversation_id: UUID | None = None) -> dict[str, Any]:
    """Where the rooms stand and when anything last changed: what the 30-second poll compares."""
    rooms = inbox_rooms(work)
    revs: dict[str, int] = {}
    if conversation_id and (conversation := work.find(Conversation, conversation_id)):
        rooms = [*rooms, realtime.conversation_room(conversation_id)]
        revs[str(conversation_id)] = conversation.counter
    return {"seq": realtime.heads(rooms), "changed_at": _changed_at(work), "rev": revs}


@requires(Permission.CONVERSATIONS_READ)
def count_by_owner(work: Work) -> dict[str, dict[str, int]]:
    """bucket → owner id or "none" → exact number, added up from the kept differences."""
    query = (
        select(col(ConversationCount.bucket), col(ConversationCount.owner), func.sum(col(ConversationCount.n)))
        .where(col(ConversationCount.company_id) == work.company_id, *_counted(work))
        .group_by(col(ConversationCount.bucket), col(ConversationCount.owner))
    )
    totals: dict[str, dict[str, int]] = {bucket.value: {} for bucket in Bucket}
    for bucket, owner, n in work.session.execute(query):
        if n:
            totals[bucket]["none" if owner == NO_OWNER else str(owner)] = int(n)
    return totals


def _counted(work: Work) -> list[ColumnElement[bool]]:
    """Kept counts are no conversations, so the policy on those does not reach them: the same rule, by owner."""
    if work.actor.can(Permission.CONVERSATIONS_READ_ALL):
        return []
    owners = [work.actor.user_id]
    if work.actor.can(Permission.CONVERSATIONS_READ_UNASSIGNED):
        owners.append(NO_OWNER)
    return [col(ConversationCount.owner).in_(owners)]


@requires(Permission.CONVERSATIONS_READ)
def find_conversation(work: Work, conversation_id: UUID) -> ConversationRow:
    return row_of(work, work.get(Conversation, conversation_id))


@requires(Permission.CONVERSATIONS_READ)
def find_thread(work: Work, conversation_id: UUID, limit: int = 40) -> ThreadView:
    """The last messages of a thread with all that stands around it."""
    conversation = work.get(Conversation, conversation_id)
    room = realtime.conversation_room(conversation_id)
    seq = realtime.heads([room]).get(room, 0)
    page, cursor = _messages_before(work, conversation_id, None, limit)
    return ThreadView(
        conversation=row_of(work, conversation),
        messages=page,
        activities=_activities(work, conversation_id, page[0].at if cursor else None, None),
        has_more=cursor is not None,
        cursor=cursor,
        customer=_customer_panel(work, conversation),
        capabilities=_capabilities(work, conversation),
        bot_name=voice.name_of_the_bot(work, conversation.channel_id),
        seq=seq,
    )


@requires(Permission.CONVERSATIONS_READ)
def list_messages(
    work: Work, conversation_id: UUID, before: str, limit: int = 40
) -> tuple[list[MessageView], list[ActivityView], str | None]:
    """Older messages, oldest first, with the trail lines that stand among them and the next cursor."""
    work.get(Conversation, conversation_id)
    page, cursor = _messages_before(work, conversation_id, before, limit)
    activities = _activities(work, conversation_id, page[0].at if page and cursor else None, before.split("|")[0])
    return page, activities, cursor


@requires(Permission.CONVERSATIONS_READ)
def find_messages_since(work: Work, conversation_id: UUID, rev: int, limit: int = 200) -> list[MessageView]:
    """What changed after `rev`, in thread order: how a reader resumes after a pause."""
    query = (
        select(Message)
        .where(
            col(Message.company_id) == work.company_id,
            col(Message.conversation_id) == conversation_id,
            col(Message.rev) > rev,
        )
        .order_by(col(Message.rev))
        .limit(limit)
    )
    found = sorted(work.all(query), key=lambda m: (m.at, m.created_at, m.id))
    return message_views.views_of(work, found)


@requires(Permission.CONVERSATIONS_READ)
def list_tags(work: Work) -> list[TagView]:
    return [
        TagView(str(t.id), t.name, t.color) for t in work.all(select(Tag).order_by(col(Tag.position), col(Tag.name)))
    ]


@requires(Permission.MEMBERS_READ)
def list_members(work: Work) -> list[MemberView]:
    """People a conversation can be given to."""
    query = (
        select(col(UserAccount.id), col(UserAccount.name), col(Membership.role), col(Membership.availability))
        .join(Membership, col(Membership.user_id) == col(UserAccount.id))
        .where(
            col(Membership.company_id) == work.company_id,
            col(Membership.deactivated_at).is_(None),
            col(Membership.role).in_(["admin", "support"]),
        )
        .order_by(col(UserAccount.name))
    )
    return [
        MemberView(str(i), name, role.value, availability.value)
        for i, name, role, availability in work.session.execute(query)
    ]


def _where(work: Work, chosen: ConversationFilter) -> list[ColumnElement[bool]]:
    conditions: list[Any] = []
    if chosen.owner == "mine":
        conditions.append(col(Conversation.assignee_id) == work.actor.user_id)
    elif chosen.owner == "unassigned":
        conditions.append(col(Conversation.assignee_id).is_(None))
    if chosen.channel_ids:
        conditions.append(col(Conversation.channel_id).in_(_ids(chosen.channel_ids)))
    if chosen.voice == "bot":
        conditions += [col(Channel.has_bot), col(Conversation.voice) == Voice.BOT]
    elif chosen.voice == "person":
        conditions.append(col(HandOver.id).is_not(None))
    if chosen.tag_ids:
        tagged = (
            select(col(ConversationTag.conversation_id))
            .where(
                col(ConversationTag.company_id) == col(Conversation.company_id),
                col(ConversationTag.conversation_id) == col(Conversation.id),
                col(ConversationTag.tag_id).in_(_ids(chosen.tag_ids)),
            )
            .correlate(Conversation)
        )
        conditions.append(tagged.exists())
    return conditions


def _after(key: Any, cursor: str | None, ascending: bool) -> list[ColumnElement[bool]]:
    if not cursor:
        return []
    moment, row_id = _parse_cursor(cursor)[:2]
    # As a pair: an index starts there, while the same said with OR reads every row before it.
    pair, last = tuple_(key, col(Conversation.id)), tuple_(literal(moment), literal(row_id))
    return [pair > last if ascending else pair < last]


def _search(work: Work, chosen: ConversationFilter) -> list[ConversationRow]:
    """Through the search door for ids, then read again in our own scope: the door decides nothing about access."""
    words = re.findall(r"\w+", chosen.query, re.UNICODE)[:8]
    digits = re.sub(r"\D", "", chosen.query)
    # The last word may still be being typed, so it also matches as a beginning.
    query = " & ".join([*(f"'{w}'" for w in words[:-1]), f"'{words[-1]}':*"]) if words else ""
    plain = work.session.scalar(select(func.plain(" ".join(chosen.query.split())))) or ""
    escaped = plain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    sees_all = work.actor.can(Permission.CONVERSATIONS_READ_ALL)
    ids = doors.search(
        work.session,
        work.company_id,
        escaped,
        digits,
        query,
        SEARCH_LIMIT,
        owner=None if sees_all else work.actor.user_id,
        with_unassigned=work.actor.can(Permission.CONVERSATIONS_READ_UNASSIGNED),
    )
    allowed = select_rows(work, col(Conversation.id).in_(ids), *_where(work, chosen))
    return read_rows(work, allowed.order_by(col(Conversation.last_message_at).desc()))


def _messages_before(
    work: Work, conversation_id: UUID, before: str | None, limit: int
) -> tuple[list[MessageView], str | None]:
    query = select(Message).where(
        col(Message.company_id) == work.company_id, col(Message.conversation_id) == conversation_id
    )
    if before:
        at, row_id, created = _parse_cursor(before)
        place = tuple_(col(Message.at), col(Message.created_at), col(Message.id))
        query = query.where(place < tuple_(literal(at), literal(created), literal(row_id)))
    found = work.all(
        query.order_by(col(Message.at).desc(), col(Message.created_at).desc(), col(Message.id).desc()).limit(limit + 1)
    )
    page = message_views.views_of(work, found[:limit][::-1])
    cursor = f"{page[0].at}|{page[0].id}|{page[0].created_at}" if len(found) > limit else None
    return page, cursor


def _activities(work: Work, conversation_id: UUID, start: str | None, end: str | None) -> list[ActivityView]:
    query = select(Activity).where(
        col(Activity.company_id) == work.company_id, col(Activity.conversation_id) == conversation_id
    )
    if start:
        query = query.where(col(Activity.at) >= datetime.fromisoformat(start))
    if end:
        query = query.where(col(Activity.at) < datetime.fromisoformat(end))
    found = work.all(query.order_by(col(Activity.at).desc()).limit(200))
    return message_views.activity_views(work, found[::-1])


def _customer_panel(work: Work, conversation: Conversation) -> CustomerPanel:
    customer = work.get(Customer, conversation.customer_id)
    identities = work.session.execute(
        select(col(Channel.kind), col(Channel.settings), col(Channel.name), col(CustomerIdentity.username))
        .distinct()
        .join(
            CustomerIdentity,
            (col(CustomerIdentity.company_id) == col(Channel.company_id))
            & (col(CustomerIdentity.channel_id) == col(Channel.id)),
        )
        .where(col(CustomerIdentity.company_id) == work.company_id, col(CustomerIdentity.customer_id) == customer.id)
    )
    others = select(col(Conversation.id)).where(
        col(Conversation.customer_id) == customer.id, col(Conversation.id) != conversation.id
    )
    past = rows_of(work, work.session.scalars(others.order_by(col(Conversation.last_message_at).desc()).limit(5)).all())
    return CustomerPanel(
        id=str(customer.id),
        name=customer.name,
        phone=customer.phone,
        email=customer.email,
        tint=tint_of(customer.id),
        since=iso(customer.created_at) or "",
        identities=[
            IdentityView(registry.get(kind).shown_as(settings), name, username or customer.phone or "")
            for kind, settings, name, username in identities
        ],
        conversations=[
            PastConversation(r.id, r.state, r.bucket, r.channel_kind, r.preview, r.preview_kind, r.last_message_at)
            for r in sorted(past, key=lambda r: r.last_message_at, reverse=True)
        ],
    )


def _capabilities(work: Work, conversation: Conversation) -> CapabilitiesView:
    channel = work.get(Channel, conversation.channel_id)
    can = registry.get(channel.kind).capabilities_of(channel.settings)
    return CapabilitiesView(
        text_limit=can.text_limit,
        caption_limit=can.caption_limit,
        media=sorted(kind.value for kind in can.media),
        media_limits={kind.value: limit for kind, limit in can.media_limits.items()},
        media_mimes={kind.value: sorted(mimes) for kind, mimes in can.media_mimes.items()},
        has_receipts=can.has_receipts,
        has_typing=can.has_typing,
        can_quote=can.can_quote,
        window_hours=can.window_hours,
        late_hours=can.late_hours,
        buttons=can.buttons,
        button_length=can.button_length,
        list_rows=can.list_rows,
        row_length=can.row_length,
        has_links=can.has_links,
        has_location=can.has_location,
        has_templates=can.has_templates,
        can_send=channel.is_live,
        is_blocked=not gate.is_reachable(work, conversation),
    )


def _changed_at(work: Work) -> str | None:
    return iso(
        work.session.scalar(
            select(func.max(col(Conversation.changed_at))).where(col(Conversation.company_id) == work.company_id)
        )
    )


def _ids(values: tuple[str, ...]) -> list[UUID]:
    return [found for value in values if (found := parse_id(value))]


def _parse_cursor(cursor: str) -> tuple[datetime, UUID, datetime]:
    try:
        at, row_id, *rest = cursor.split("|")
        return datetime.fromisoformat(at), UUID(row_id), datetime.fromisoformat(rest[0] if rest else at)
    except (ValueError, IndexError) as error:
        raise Invalid("cursor") from error
