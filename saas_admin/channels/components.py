"""The channels of a company: list, choice, forms, status."""

from typing import Any

import reflex as rx

from saas_admin.channels.jsx import FOLDER
from saas_admin.channels.state import ChannelsState, ChannelState
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import SessionState, may
from saas_admin.ui.i18n import t
from saas_admin.ui.kit import LocalJsx, card

_ID = rx.event.passthrough_event_spec(str)
_FORM = rx.event.passthrough_event_spec(dict)
_NOTHING = rx.event.no_args_event_spec


class ChannelList(LocalJsx):
    library = f"{FOLDER}/list.jsx"
    tag = "ChannelList"
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


class _Form(LocalJsx):
    values: rx.Var[dict[str, Any]]
    errors: rx.Var[dict[str, str]]
    problem: rx.Var[str]
    busy: rx.Var[bool]
    is_new: rx.Var[bool]
    on_submit: rx.EventHandler[_FORM]


class WhatsAppForm(_Form):
    library = f"{FOLDER}/whatsapp.jsx"
    tag = "WhatsAppForm"
    secrets_set: rx.Var[list[str]]


class WebchatStudio(_Form):
    library = f"{FOLDER}/webchat.jsx"
    tag = "WebchatStudio"
    company: rx.Var[str]


class WhatsAppHelp(LocalJsx):
    library = f"{FOLDER}/whatsapp.jsx"
    tag = "WhatsAppHelp"
    demo: rx.Var[str]


class WebhookCard(LocalJsx):
    library = f"{FOLDER}/whatsapp.jsx"
    tag = "WebhookCard"
    url: rx.Var[str]
    token: rx.Var[str]
    demo: rx.Var[str]


class SnippetCard(LocalJsx):
    library = f"{FOLDER}/webchat.jsx"
    tag = "SnippetCard"
    snippet: rx.Var[str]
    waiting: rx.Var[bool]


class ChannelStatus(LocalJsx):
    library = f"{FOLDER}/status.jsx"
    tag = "ChannelStatus"
    channel: rx.Var[dict[str, Any]]
    facts: rx.Var[dict[str, Any]]
    on_refresh: rx.EventHandler[_NOTHING]


class ChannelActions(LocalJsx):
    library = f"{FOLDER}/status.jsx"
    tag = "ChannelActions"
    channel: rx.Var[dict[str, Any]]
    on_pause: rx.EventHandler[_ID]
    on_resume: rx.EventHandler[_ID]
    on_remove: rx.EventHandler[_ID]


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
        rows=ChannelsState.rows,
        permissions=SessionState.permissions,
        loaded=ChannelsState.is_loaded,
        on_pause=ChannelsState.pause,
        on_resume=ChannelsState.resume,
        on_remove=ChannelsState.remove,
        on_refresh=ChannelsState.load,
    )


def _form_props() -> dict[str, Any]:
    return {"errors": ChannelState.errors, "problem": ChannelState.problem, "busy": ChannelState.is_busy}


def new_whatsapp_form() -> rx.Component:
    return rx.el.div(
        WhatsAppForm.create(
            is_new=True, on_submit=lambda form: ChannelState.connect("whatsapp_cloud", form), **_form_props()
        ),
        WhatsAppHelp.create(demo=ChannelState.demo_numbers),
        class_name="cols",
    )


def new_webchat_form() -> rx.Component:
    return WebchatStudio.create(
        is_new=True,
        company=SessionState.company_name,
        on_submit=lambda form: ChannelState.connect("webchat", form),
        **_form_props(),
    )


def channel_status() -> rx.Component:
    return card(
        t("channels.detail.status"),
        ChannelStatus.create(channel=ChannelState.channel, facts=ChannelState.facts, on_refresh=ChannelState.refresh),
    )


def whatsapp_detail() -> rx.Component:
    manages = may(Permission.CHANNELS_MANAGE)
    settings = card(
        t("channels.detail.settings"),
        WhatsAppForm.create(
            is_new=False,
            values=ChannelState.values,
            secrets_set=ChannelState.secrets_set,
            on_submit=ChannelState.save,
            **_form_props(),
        ),
    )
    webhook = card(
        t("channels.webhook.title"),
        WebhookCard.create(
            url=ChannelState.webhook_url, token=ChannelState.verify_token, demo=ChannelState.demo_numbers
        ),
    )
    return rx.el.div(
        rx.el.div(channel_status(), rx.cond(manages, webhook), class_name="grid grid-cols-1 gap-4"),
        rx.cond(manages, rx.el.div(settings, channel_actions(), class_name="grid grid-cols-1 gap-4")),
        class_name="cols even",
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
