"""The channels of a company: list, choice, forms, status, log, templates."""

from typing import Any

import reflex as rx

from saas_admin.channels.jsx import FOLDER
from saas_admin.channels.kinds import connectable, describe, provider_of
from saas_admin.channels.state import (
    ChannelKeysState,
    ChannelLogState,
    ChannelsState,
    ChannelState,
    ChannelTemplatesState,
)
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import SessionState, may
from saas_admin.ui.i18n import t
from saas_admin.ui.kit import LocalJsx, card

_ID = rx.event.passthrough_event_spec(str)
_FORM = rx.event.passthrough_event_spec(dict)
_FLAG = rx.event.passthrough_event_spec(bool)
_NOTHING = rx.event.no_args_event_spec

KINDS = [{"kind": kind, "provider": provider_of(kind), "fields": describe(kind)} for kind in connectable()]
"""Known when the page is built: it asks nobody which channels there are."""


class ChannelList(LocalJsx):
    library = f"{FOLDER}/list.jsx"
    tag = "ChannelList"
    kinds: rx.Var[list[dict[str, Any]]]
    rows: rx.Var[list[dict[str, Any]]]
    permissions: rx.Var[list[str]]
    loaded: rx.Var[bool]
    on_pause: rx.EventHandler[_ID]
    on_resume: rx.EventHandler[_ID]
    on_remove: rx.EventHandler[_ID]
    on_refresh: rx.EventHandler[_NOTHING]


class ChannelChoice(LocalJsx):
    library = f"{FOLDER}/list.jsx"
    tag = "ChannelChoice"
    kinds: rx.Var[list[dict[str, Any]]]


class _Form(LocalJsx):
    values: rx.Var[dict[str, Any]]
    errors: rx.Var[dict[str, str]]
    problem: rx.Var[str]
    busy: rx.Var[bool]
    is_new: rx.Var[bool]
    on_submit: rx.EventHandler[_FORM]


class ConnectForm(_Form):
    library = f"{FOLDER}/form.jsx"
    tag = "ConnectForm"
    secrets_set: rx.Var[list[str]]
    kind: rx.Var[str]
    kinds: rx.Var[list[dict[str, Any]]]


class ConnectHelp(LocalJsx):
    library = f"{FOLDER}/form.jsx"
    tag = "ConnectHelp"
    kind: rx.Var[str]
    demo: rx.Var[str]


class WebchatStudio(_Form):
    library = f"{FOLDER}/webchat.jsx"
    tag = "WebchatStudio"
    company: rx.Var[str]


class _OfChannel(LocalJsx):
    channel: rx.Var[dict[str, Any]]
    about: rx.Var[dict[str, Any]]


class WebhookCard(_OfChannel):
    library = f"{FOLDER}/status.jsx"
    tag = "WebhookCard"
    url: rx.Var[str]
    token: rx.Var[str]
    demo: rx.Var[str]
    asking: rx.Var[bool]
    can_manage: rx.Var[bool]
    on_register: rx.EventHandler[_NOTHING]


class SnippetCard(LocalJsx):
    library = f"{FOLDER}/webchat.jsx"
    tag = "SnippetCard"
    snippet: rx.Var[str]
    waiting: rx.Var[bool]


class ChannelTabs(_OfChannel):
    library = f"{FOLDER}/status.jsx"
    tag = "ChannelTabs"


class ChannelStatus(_OfChannel):
    library = f"{FOLDER}/status.jsx"
    tag = "ChannelStatus"
    facts: rx.Var[dict[str, Any]]
    on_refresh: rx.EventHandler[_NOTHING]


class ChannelDesk(_OfChannel):
    library = f"{FOLDER}/keys.jsx"
    tag = "ChannelDesk"
    refused: rx.Var[int]
    secrets_set: rx.Var[list[str]]
    permissions: rx.Var[list[str]]
    checking: rx.Var[bool]
    busy: rx.Var[bool]
    errors: rx.Var[dict[str, str]]
    problem: rx.Var[str]
    params: rx.Var[dict[str, str]]
    done: rx.Var[int]
    target: rx.Var[dict[str, Any]]
    on_check: rx.EventHandler[_NOTHING]
    on_open: rx.EventHandler[_NOTHING]
    on_rotate: rx.EventHandler[_FORM]
    on_reauthorise: rx.EventHandler[_FORM]
    on_test: rx.EventHandler[_FORM]
    on_retry: rx.EventHandler[_NOTHING]


class KeysCard(_OfChannel):
    library = f"{FOLDER}/keys.jsx"
    tag = "KeysCard"
    secrets_set: rx.Var[list[str]]


class ChannelActions(LocalJsx):
    library = f"{FOLDER}/status.jsx"
    tag = "ChannelActions"
    channel: rx.Var[dict[str, Any]]
    on_pause: rx.EventHandler[_ID]
    on_resume: rx.EventHandler[_ID]
    on_remove: rx.EventHandler[_ID]


class ExchangeLog(LocalJsx):
    library = f"{FOLDER}/log.jsx"
    tag = "ExchangeLog"
    rows: rx.Var[list[dict[str, Any]]]
    next: rx.Var[str]
    only_problems: rx.Var[bool]
    loaded: rx.Var[bool]
    provider: rx.Var[str]
    on_choose: rx.EventHandler[_FLAG]
    on_more: rx.EventHandler[_NOTHING]
    on_refresh: rx.EventHandler[_NOTHING]


class TemplateList(LocalJsx):
    library = f"{FOLDER}/templates.jsx"
    tag = "TemplateList"
    rows: rx.Var[list[dict[str, Any]]]
    synced_at: rx.Var[str]
    loaded: rx.Var[bool]
    syncing: rx.Var[bool]
    kind: rx.Var[str]
    provider: rx.Var[str]
    can_manage: rx.Var[bool]
    on_sync: rx.EventHandler[_NOTHING]
    on_refresh: rx.EventHandler[_NOTHING]


def how_things_stand() -> rx.Var[str]:
    """«7 de 8 funcionan. Hoy entraron 223 mensajes y salieron 257.»"""
    working = t("channels.line.working", n=ChannelsState.count, working=ChannelsState.working)
    today = t("channels.line.today", n=ChannelsState.incoming, outgoing=ChannelsState.outgoing)
    is_quiet = ChannelsState.incoming + ChannelsState.outgoing == 0
    return rx.cond(
        ChannelsState.count > 0,
        working + " " + rx.cond(is_quiet, t("channels.line.quiet"), today).to(str),
        t("channels.line.empty"),
    )


def channel_list() -> rx.Component:
    return ChannelList.create(
        kinds=KINDS,
        rows=ChannelsState.rows,
        permissions=SessionState.permissions,
        loaded=ChannelsState.is_loaded,
        on_pause=ChannelsState.pause,
        on_resume=ChannelsState.resume,
        on_remove=ChannelsState.remove,
        on_refresh=ChannelsState.load,
    )


def channel_choice() -> rx.Component:
    return ChannelChoice.create(kinds=KINDS)


def _form_props() -> dict[str, Any]:
    return {"errors": ChannelState.errors, "problem": ChannelState.problem, "busy": ChannelState.is_busy}


def new_channel_form() -> rx.Component:
    return rx.el.div(
        ConnectForm.create(
            is_new=True,
            kind=ChannelState.kind,
            kinds=KINDS,
            on_submit=lambda form: ChannelState.connect(ChannelState.kind, form),
            **_form_props(),
        ),
        ConnectHelp.create(kind=ChannelState.kind, demo=ChannelState.demo_numbers),
        class_name="cols",
    )


def new_webchat_form() -> rx.Component:
    return WebchatStudio.create(
        is_new=True,
        company=SessionState.company_name,
        on_submit=lambda form: ChannelState.connect("webchat", form),
        **_form_props(),
    )


def channel_tabs() -> rx.Component:
    return ChannelTabs.create(channel=ChannelState.channel, about=ChannelState.about)


def channel_status() -> rx.Component:
    return card(
        t("channels.detail.status"),
        ChannelStatus.create(
            channel=ChannelState.channel,
            facts=ChannelState.facts,
            about=ChannelState.about,
            on_refresh=ChannelState.refresh,
        ),
    )


def channel_desk() -> rx.Component:
    """Check, test, change keys, connect again: the buttons, their dialogs, and the banners that lead there."""
    return ChannelDesk.create(
        channel=ChannelState.channel,
        about=ChannelState.about,
        refused=ChannelState.refused,
        secrets_set=ChannelState.secrets_set,
        permissions=SessionState.permissions,
        checking=ChannelState.is_asking,
        busy=ChannelKeysState.is_busy,
        errors=ChannelKeysState.errors,
        problem=ChannelKeysState.problem,
        params=ChannelKeysState.params,
        done=ChannelKeysState.done,
        target=ChannelKeysState.target,
        on_check=ChannelState.check_now,
        on_open=ChannelKeysState.open_dialog,
        on_rotate=ChannelKeysState.rotate,
        on_reauthorise=ChannelKeysState.reauthorise,
        on_test=ChannelKeysState.send_test,
        on_retry=ChannelKeysState.retry_refused,
    )


def provider_detail() -> rx.Component:
    manages = may(Permission.CHANNELS_MANAGE)
    provider = ChannelState.channel["provider"].to(str)
    webhook = card(
        t("channels.webhook.title", provider=provider),
        WebhookCard.create(
            channel=ChannelState.channel,
            about=ChannelState.about,
            url=ChannelState.webhook_url,
            token=ChannelState.verify_token,
            demo=ChannelState.demo_numbers,
            asking=ChannelState.is_asking,
            can_manage=manages,
            on_register=ChannelState.register,
        ),
    )
    settings = card(
        t("channels.detail.settings"),
        ConnectForm.create(
            is_new=False,
            kind=ChannelState.kind,
            kinds=KINDS,
            values=ChannelState.values,
            secrets_set=ChannelState.secrets_set,
            on_submit=ChannelState.save,
            **_form_props(),
        ),
    )
    keys = card(
        t("channels.keys.title"),
        KeysCard.create(channel=ChannelState.channel, about=ChannelState.about, secrets_set=ChannelState.secrets_set),
    )
    return rx.fragment(
        channel_desk(),
        rx.el.div(
            rx.el.div(channel_status(), webhook, class_name="grid grid-cols-1 gap-4"),
            rx.cond(manages, rx.el.div(settings, keys, channel_actions(), class_name="grid grid-cols-1 gap-4")),
            class_name="cols even",
        ),
    )


def webchat_detail() -> rx.Component:
    manages = may(Permission.CHANNELS_MANAGE)
    snippet = card(
        t("channels.webchat.snippet.title"),
        SnippetCard.create(snippet=ChannelState.snippet, waiting=~ChannelState.channel["last_event_at"].to(bool)),
    )
    look = WebchatStudio.create(is_new=False, values=ChannelState.values, on_submit=ChannelState.save, **_form_props())
    return rx.el.div(
        rx.el.div(channel_status(), snippet, class_name="cols even"),
        rx.cond(
            manages,
            rx.fragment(rx.el.h2(t("channels.detail.look"), class_name="title", style={"marginTop": "28px"}), look),
        ),
        rx.cond(manages, rx.el.div(channel_actions(), style={"marginTop": "24px"})),
    )


def channel_actions() -> rx.Component:
    return card(
        t("channels.detail.more"),
        ChannelActions.create(
            channel=ChannelState.channel,
            on_pause=ChannelState.pause,
            on_resume=ChannelState.resume,
            on_remove=ChannelState.remove,
        ),
    )


def exchange_log() -> rx.Component:
    return ExchangeLog.create(
        rows=ChannelLogState.rows,
        next=ChannelLogState.next,
        only_problems=ChannelLogState.only_problems,
        loaded=ChannelLogState.is_loaded,
        provider=ChannelState.channel["provider"].to(str),
        on_choose=ChannelLogState.choose,
        on_more=ChannelLogState.more,
        on_refresh=ChannelLogState.refresh,
    )


def template_list() -> rx.Component:
    return TemplateList.create(
        rows=ChannelTemplatesState.rows,
        synced_at=ChannelTemplatesState.synced_at,
        loaded=ChannelTemplatesState.is_loaded,
        syncing=ChannelTemplatesState.is_syncing,
        kind=ChannelState.kind,
        provider=ChannelState.channel["provider"].to(str),
        can_manage=may(Permission.CHANNELS_MANAGE),
        on_sync=ChannelTemplatesState.sync,
        on_refresh=ChannelTemplatesState.refresh,
    )
