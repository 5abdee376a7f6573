"""The inbox's server half: seeds, pages and answers for one local component, which keeps and moves the rows itself.

Vars are mailboxes: each holds the last answer of its kind. The database is the truth, push is a hint, and every
(re)connect runs `open`, which joins the rooms first and reads second.
"""

from typing import Any
from uuid import UUID

import reflex as rx

from saas_admin.channels import queries as channels
from saas_admin.conversations import drafts, offers, queries, receipts, service
from saas_admin.conversations.views import ConversationFilter
from saas_admin.core import clock, realtime
from saas_admin.core.errors import AppError, NotFound
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission
from saas_admin.core.work import Work
from saas_admin.models.conversation import Bucket, Voice
from saas_admin.ui.base_state import GuardedState, handler
from saas_admin.ui.live import join_rooms, leave_rooms

_OWNERS = ("all", "mine", "unassigned")
_VOICES = tuple(each.value for each in Voice)
_MAX_CHOICES = 20


class InboxState(GuardedState, rx.State):
    seed: dict[str, Any] = {}
    """First page of the list for the filter it names."""
    more: dict[str, Any] = {}
    thread: dict[str, Any] = {}
    older: dict[str, Any] = {}
    heads: dict[str, Any] = {}
    sent: dict[str, Any] = {}
    """The answer to one draft: taken, or why not."""
    templates: dict[str, Any] = {}
    """What may be sent in the thread it names."""
    receipt: dict[str, Any] = {}
    """Why the bot said the message it names."""
    people: dict[str, Any] = {}
    """Members, tags and channels to choose from."""
    _chosen: dict[str, Any] = {}
    _socket: str = ""
    _room: str = ""

    @handler(Permission.CONVERSATIONS_READ, opens_page=True)
    async def open(self) -> None:
        """On every navigation inside the inbox, and again after each reconnect."""
        if self._socket != self.router.session.session_id:
            await self._enter_inbox()
        last = self.router.url.path.strip("/").split("/")[1:]
        if last:
            await self._show_thread(parse_id(last[0]), last[0])

    @handler(Permission.CONVERSATIONS_READ)
    async def show_list(self, chosen: Any) -> None:
        """A filter was chosen, or the browser missed a delta."""
        self._chosen = _plain(_filter(chosen))
        await self._seed()

    @handler(Permission.CONVERSATIONS_READ)
    async def show_more(self, chosen: Any, cursor: str) -> None:
        found = await self._do(queries.list_conversations, _filter(chosen), cursor=str(cursor))
        if found is not None:
            self.more = {**found.json(), "filter": _plain(_filter(chosen)), "after": str(cursor)}

    @handler(Permission.CONVERSATIONS_READ)
    async def show_thread(self, conversation_id: str) -> None:
        await self._show_thread(parse_id(conversation_id), str(conversation_id))

    @handler(Permission.CONVERSATIONS_READ)
    async def show_older(self, conversation_id: str, cursor: str) -> None:
        if (wanted := parse_id(conversation_id)) is None:
            return
        found = await self._do(queries.list_messages, wanted, str(cursor))
        if found is not None:
            messages, activities, before = found
            self.older = {
                "conversation_id": str(wanted),
                "messages": [message.json() for message in messages],
                "activities": [activity.json() for activity in activities],
                "cursor": before,
            }

    @handler(Permission.CONVERSATIONS_READ)
    async def poll(self, conversation_id: str) -> None:
        """Every 30 seconds: where the rooms stand, so that a lost publish is noticed. A quiet failure is tried again."""
        found, _ = await self._ask(queries.find_heads, parse_id(conversation_id))
        if found is not None:
            self.heads = found

    @handler(Permission.CONVERSATIONS_READ)
    async def see(self, conversation_id: str) -> None:
        if wanted := parse_id(conversation_id):
            await self._ask(service.mark_read, wanted)

    @handler(Permission.CONVERSATIONS_READ)
    async def show_receipt(self, message_id: str) -> None:
        if wanted := parse_id(message_id):
            found, error = await self._ask(receipts.find_receipt, wanted)
            lost = "missing" if isinstance(error, NotFound) else "trouble"
            self.receipt = (
                found.json()
                if found is not None
                else {
                    "message_id": str(wanted),
                    "error": lost,
                    "tried": clock.iso(clock.now()),
                }
            )

    @handler(Permission.CONVERSATIONS_REPLY)
    async def reply(self, draft: Any) -> None:
        """One draft, as often as it takes: its id makes a repetition harmless. An error is shown at the message, its text is kept."""
        if not isinstance(draft, dict) or (conversation_id := parse_id(draft.get("conversation_id"))) is None:
            return
        files = draft.get("attachment_ids")
        attachment_ids = [found for each in (files if isinstance(files, list) else []) if (found := parse_id(each))]
        draft_id = str(draft.get("draft_id", ""))
        _, error = await self._ask(
            service.reply,
            conversation_id,
            str(draft.get("text", "")),
            draft_id=draft_id,
            attachment_ids=attachment_ids,
            reply_to=parse_id(draft.get("reply_to")),
            extra=drafts.extra_of(draft),
        )
        self._answer_draft(draft_id, error)

    @handler(Permission.CONVERSATIONS_REPLY)
    async def show_templates(self, conversation_id: str) -> None:
        """What may be sent when free text may not."""
        if wanted := parse_id(conversation_id):
            found = await self._do(offers.list_templates, wanted)
            self.templates = found.json() if found is not None else {"conversation_id": str(wanted), "error": True}

    @handler(Permission.CONVERSATIONS_REPLY)
    async def send_template(self, draft: Any) -> None:
        """Like `reply`: one draft, as often as it takes. Missing variables come back by their keys."""
        if not isinstance(draft, dict):
            return
        conversation_id, template_id = parse_id(draft.get("conversation_id")), parse_id(draft.get("template_id"))
        if conversation_id is None or template_id is None:
            return
        draft_id = str(draft.get("draft_id", ""))
        _, error = await self._ask(
            service.send_template,
            conversation_id,
            template_id,
            drafts.values_of(draft),
            draft_id=draft_id,
            consent=str(draft.get("consent", ""))[:300],
        )
        self._answer_draft(draft_id, error)

    @handler(Permission.CONVERSATIONS_REPLY)
    async def retry(self, message_id: str) -> None:
        if wanted := parse_id(message_id):
            await self._do(service.retry, wanted)

    @handler(Permission.CONVERSATIONS_REPLY)
    async def show_typing(self, conversation_id: str, on: bool) -> None:
        if wanted := parse_id(conversation_id):
            await self._ask(service.typing, wanted, on is True)

    @handler(Permission.CONVERSATIONS_REPLY)
    async def close(self, conversation_id: str) -> None:
        if wanted := parse_id(conversation_id):
            await self._do(service.close, wanted)

    @handler(Permission.CONVERSATIONS_REPLY)
    async def reopen(self, conversation_id: str) -> None:
        if wanted := parse_id(conversation_id):
            await self._do(service.reopen, wanted)

    @handler(Permission.CONVERSATIONS_ASSIGN)
    async def take(self, conversation_id: str) -> None:
        if wanted := parse_id(conversation_id):
            await self._do(service.take, wanted)

    @handler(Permission.CONVERSATIONS_REPLY)
    async def give_back(self, conversation_id: str) -> None:
        if wanted := parse_id(conversation_id):
            await self._do(service.give_back, wanted)

    @handler(Permission.CONVERSATIONS_ASSIGN)
    async def assign(self, conversation_id: str, user_id: str) -> None:
        """An empty user gives the conversation back to nobody; an unreadable one changes nothing."""
        user = parse_id(user_id)
        if (wanted := parse_id(conversation_id)) and (user or user_id == ""):
            await self._do(service.assign, wanted, user)

    @handler(Permission.CONVERSATIONS_TAG)
    async def tag(self, conversation_id: str, tag_id: str) -> None:
        if (wanted := parse_id(conversation_id)) and (chosen := parse_id(tag_id)):
            await self._do(service.tag, wanted, chosen)

    @handler(Permission.CONVERSATIONS_TAG)
    async def untag(self, conversation_id: str, tag_id: str) -> None:
        if (wanted := parse_id(conversation_id)) and (chosen := parse_id(tag_id)):
            await self._do(service.untag, wanted, chosen)

    @handler(Permission.TAGS_MANAGE)
    async def create_tag(self, conversation_id: str, name: str, color: str) -> None:
        if (wanted := parse_id(conversation_id)) is None:
            return
        await self._do(_create_and_tag, wanted, str(name), str(color))
        self.people = await self._do(_list_people) or self.people

    def _answer_draft(self, draft_id: str, error: AppError | None) -> None:
        if error is None:
            self.sent = {"draft_id": draft_id}
        elif error.code != "unavailable":  # the browser keeps the draft and tries again by itself
            self.sent = {"draft_id": draft_id, "error": _reason(error)}

    async def _enter_inbox(self) -> None:
        await join_rooms(self, await self._do(_rooms) or [])
        self._socket, self._room = self.router.session.session_id, ""
        await self._seed()
        self.people = await self._do(_list_people) or self.people

    async def _seed(self) -> None:
        chosen = _filter(self._chosen)
        found, error = await self._ask(queries.list_conversations, chosen)
        page = {"error": error.code} if error else found.json()
        self.seed = {**page, "filter": _plain(chosen), "now": clock.iso(clock.now())}

    async def _show_thread(self, conversation_id: UUID | None, asked: str) -> None:
        found, error = None, AppError("not_found")
        if conversation_id:
            # Who may read it is asked before the socket joins its room, and again by the read that follows.
            allowed, error = await self._ask(queries.find_conversation, conversation_id)
            if allowed is not None:
                await self._enter_room(realtime.conversation_room(conversation_id))
                found, error = await self._ask(queries.find_thread, conversation_id)
        if found is None:
            await self._leave_room()
            self.thread = {
                "id": asked,
                "error": "missing" if isinstance(error, NotFound) or not conversation_id else "thread",
            }
        else:
            self.thread = found.json()

    async def _enter_room(self, room: str) -> None:
        if self._room != room:
            await self._leave_room()
            await join_rooms(self, [room])
        self._room = room

    async def _leave_room(self) -> None:
        if self._room:
            await leave_rooms(self, [self._room])
        self._room = ""


def _rooms(work: Work) -> list[str]:
    return queries.inbox_rooms(work)


def _list_people(work: Work) -> dict[str, Any]:
    return {
        "members": [{"id": member.id, "name": member.name} for member in queries.list_members(work)],
        "tags": [{"id": tag.id, "name": tag.name, "color": tag.color} for tag in queries.list_tags(work)],
        "channels": [
            {"id": row.id, "name": row.name, "kind": row.kind, "has_bot": row.has_bot}
            for row in channels.list_choices(work)
        ],
    }


def _create_and_tag(work: Work, conversation_id: UUID, name: str, color: str) -> None:
    created = service.create_tag(work, name, color)
    service.tag(work, conversation_id, UUID(created.id))


def _filter(raw: Any) -> ConversationFilter:
    """Whatever a client sent, as a filter that exists."""
    chosen: dict[str, Any] = raw if isinstance(raw, dict) else {}
    bucket, owner, query = str(chosen.get("bucket")), str(chosen.get("owner")), chosen.get("query")
    voice = str(chosen.get("voice"))
    return ConversationFilter(
        bucket=bucket if bucket in {each.value for each in Bucket} else Bucket.PENDING.value,
        owner=owner if owner in _OWNERS else "all",
        tag_ids=_choices(chosen.get("tag_ids")),
        channel_ids=_choices(chosen.get("channel_ids")),
        voice=voice if voice in _VOICES else "",
        query=query[:100] if isinstance(query, str) else "",
    )


def _choices(raw: Any) -> tuple[str, ...]:
    ids = raw[:_MAX_CHOICES] if isinstance(raw, list) else []
    return tuple(str(found) for each in ids if (found := parse_id(each)))


def _plain(chosen: ConversationFilter) -> dict[str, Any]:
    return {
        "bucket": str(chosen.bucket),
        "owner": chosen.owner,
        "tag_ids": list(chosen.tag_ids),
        "channel_ids": list(chosen.channel_ids),
        "voice": chosen.voice,
        "query": chosen.query,
    }


def _reason(error: AppError) -> dict[str, Any]:
    return {
        "fields": dict(error.fields),
        "code": next(iter(error.fields.values()), error.code),
        "params": {name: str(value) for name, value in error.params.items()},
    }
