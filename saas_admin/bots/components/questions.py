"""The playground, and the questions nobody had an answer for."""

from typing import Any

import reflex as rx

from saas_admin.bots.components import gives
from saas_admin.bots.jsx import FOLDER
from saas_admin.bots.state.playground import PlaygroundState
from saas_admin.bots.state.unanswered import UnansweredState
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import SessionState, may
from saas_admin.ui.kit import LocalJsx

_TEXT = rx.event.passthrough_event_spec(str)
_TWO = gives(str, str)
_NOTHING = rx.event.no_args_event_spec


class Playground(LocalJsx):
    library = f"{FOLDER}/playground.jsx"
    tag = "Playground"
    turns: rx.Var[list[dict[str, Any]]]
    channels: rx.Var[list[dict[str, Any]]]
    channel: rx.Var[str]
    pending: rx.Var[str]
    problem: rx.Var[str]
    params: rx.Var[dict[str, Any]]
    is_on: rx.Var[bool]
    can_teach: rx.Var[bool]
    on_ask: rx.EventHandler[_TWO]
    on_channel: rx.EventHandler[_TEXT]
    on_again: rx.EventHandler[_NOTHING]


class UnansweredList(LocalJsx):
    library = f"{FOLDER}/unanswered.jsx"
    tag = "UnansweredList"
    rows: rx.Var[list[dict[str, Any]]]
    coming: rx.Var[int]
    next: rx.Var[str]
    query: rx.Var[str]
    opened: rx.Var[str]
    channel: rx.Var[str]
    channels: rx.Var[list[dict[str, Any]]]
    found: rx.Var[list[dict[str, str]]]
    loaded: rx.Var[bool]
    done: rx.Var[int]
    problem: rx.Var[str]
    errors: rx.Var[dict[str, str]]
    params: rx.Var[dict[str, Any]]
    permissions: rx.Var[list[str]]
    on_narrow: rx.EventHandler[_TWO]
    on_more: rx.EventHandler[_NOTHING]
    on_search: rx.EventHandler[_TEXT]
    on_teach: rx.EventHandler[gives(str, str, str)]
    on_dismiss: rx.EventHandler[_TEXT]
    on_refresh: rx.EventHandler[_NOTHING]


def playground() -> rx.Component:
    return Playground.create(
        turns=PlaygroundState.turns,
        channels=PlaygroundState.channels,
        channel=PlaygroundState.channel,
        pending=PlaygroundState.pending,
        problem=PlaygroundState.problem,
        params=PlaygroundState.params,
        is_on=PlaygroundState.is_on,
        can_teach=may(Permission.FAQS_MANAGE),
        on_ask=PlaygroundState.ask,
        on_channel=PlaygroundState.choose_channel,
        on_again=PlaygroundState.begin_again,
    )


def unanswered_list() -> rx.Component:
    return UnansweredList.create(
        rows=UnansweredState.rows,
        coming=UnansweredState.coming,
        next=UnansweredState.next,
        query=UnansweredState.query,
        opened=UnansweredState.opened,
        channel=UnansweredState.channel,
        channels=UnansweredState.channels,
        found=UnansweredState.found,
        loaded=UnansweredState.is_loaded,
        done=UnansweredState.done,
        problem=UnansweredState.problem,
        errors=UnansweredState.errors,
        params=UnansweredState.params,
        permissions=SessionState.permissions,
        on_narrow=UnansweredState.narrow,
        on_more=UnansweredState.more,
        on_search=UnansweredState.search_faqs,
        on_teach=UnansweredState.teach,
        on_dismiss=UnansweredState.dismiss,
        on_refresh=UnansweredState.refresh,
    )
