"""The inbox component: what it is given and what it may ask for."""

from typing import Any

import reflex as rx

from saas_admin.conversations.jsx import FOLDER
from saas_admin.conversations.state import InboxState
from saas_admin.ui.base_state import SessionState
from saas_admin.ui.jsx import LUCIDE
from saas_admin.ui.live import LiveState


def _gives(*types: type) -> Any:
    """The event carries these values, in this order."""
    return rx.event.passthrough_event_spec(*types)


class Inbox(rx.NoSSRComponent):
    """Three panes over one memory in the browser; see jsx/inbox.jsx."""

    library = f"{FOLDER}/inbox.jsx"
    tag = "InboxView"
    lib_dependencies: list[str] = ["react-virtuoso@4.18.21", LUCIDE]

    me: rx.Var[dict[str, Any]]
    permissions: rx.Var[list[str]]
    people: rx.Var[dict[str, Any]]
    seed: rx.Var[dict[str, Any]]
    more: rx.Var[dict[str, Any]]
    thread: rx.Var[dict[str, Any]]
    older: rx.Var[dict[str, Any]]
    heads: rx.Var[dict[str, Any]]
    sent: rx.Var[dict[str, Any]]
    templates: rx.Var[dict[str, Any]]
    receipt: rx.Var[dict[str, Any]]
    push: rx.Var[dict[str, Any]]

    on_filter: rx.EventHandler[_gives(dict)]
    on_more: rx.EventHandler[_gives(dict, str)]
    on_reload: rx.EventHandler[_gives(str)]
    on_older: rx.EventHandler[_gives(str, str)]
    on_poll: rx.EventHandler[_gives(str)]
    on_seen: rx.EventHandler[_gives(str)]
    on_reply: rx.EventHandler[_gives(dict)]
    on_templates: rx.EventHandler[_gives(str)]
    on_send_template: rx.EventHandler[_gives(dict)]
    on_retry: rx.EventHandler[_gives(str)]
    on_typing: rx.EventHandler[_gives(str, bool)]
    on_close: rx.EventHandler[_gives(str)]
    on_reopen: rx.EventHandler[_gives(str)]
    on_take: rx.EventHandler[_gives(str)]
    on_give_back: rx.EventHandler[_gives(str)]
    on_receipt: rx.EventHandler[_gives(str)]
    on_assign: rx.EventHandler[_gives(str, str)]
    on_tag: rx.EventHandler[_gives(str, str)]
    on_untag: rx.EventHandler[_gives(str, str)]
    on_create_tag: rx.EventHandler[_gives(str, str, str)]


def inbox() -> rx.Component:
    return Inbox.create(
        me={"id": SessionState.user_id, "name": SessionState.user_name},
        permissions=SessionState.permissions,
        people=InboxState.people,
        seed=InboxState.seed,
        more=InboxState.more,
        thread=InboxState.thread,
        older=InboxState.older,
        heads=InboxState.heads,
        sent=InboxState.sent,
        templates=InboxState.templates,
        receipt=InboxState.receipt,
        push=LiveState.push,
        on_filter=InboxState.show_list,
        on_more=InboxState.show_more,
        on_reload=InboxState.show_thread,
        on_older=InboxState.show_older,
        on_poll=InboxState.poll,
        on_seen=InboxState.see,
        on_reply=InboxState.reply,
        on_templates=InboxState.show_templates,
        on_send_template=InboxState.send_template,
        on_retry=InboxState.retry,
        on_typing=InboxState.show_typing,
        on_close=InboxState.close,
        on_reopen=InboxState.reopen,
        on_take=InboxState.take,
        on_give_back=InboxState.give_back,
        on_receipt=InboxState.show_receipt,
        on_assign=InboxState.assign,
        on_tag=InboxState.tag,
        on_untag=InboxState.untag,
        on_create_tag=InboxState.create_tag,
    )
