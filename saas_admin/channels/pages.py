"""Routes of the channels."""

from typing import Any

import reflex as rx

from saas_admin.channels.components import (
    channel_choice,
    channel_list,
    channel_tabs,
    exchange_log,
    how_things_stand,
    new_channel_form,
    new_webchat_form,
    provider_detail,
    template_list,
    webchat_detail,
)
from saas_admin.channels.state import ChannelLogState, ChannelsState, ChannelState, ChannelTemplatesState
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import may
from saas_admin.ui.i18n import t, t_var
from saas_admin.ui.kit import ChannelGlyph, Empty, SkeletonRows, Stay, link_button, page_head, page_link
from saas_admin.ui.page import admin_page

_BACK = ("/channels", t("channels.title"))


@admin_page("/channels", Permission.CHANNELS_READ, title="channels.title", on_load=[ChannelsState.load])
def channels_page() -> rx.Component:
    connect = rx.cond(
        may(Permission.CHANNELS_MANAGE) & (ChannelsState.count > 0),
        link_button(t("channels.connect"), to="/channels/new", kind="p", lead="plus"),
    )
    return rx.el.div(
        page_head(t("channels.title"), rx.cond(ChannelsState.is_loaded, how_things_stand(), " "), connect),
        rx.el.div(
            Stay.create(channel_list(), SkeletonRows.create(n=3), index=rx.cond(ChannelsState.is_loaded, 0, -1)),
            style={"marginTop": "20px"},
        ),
        class_name="wrap",
    )


@admin_page("/channels/new", Permission.CHANNELS_MANAGE, title="channels.new.title")
def new_channel_page() -> rx.Component:
    return rx.el.div(
        page_head(t("channels.new.title"), t("channels.new.line"), back=_BACK),
        rx.el.div(channel_choice(), style={"marginTop": "20px"}),
        class_name="wrap narrow",
    )


@admin_page(
    "/channels/new/webchat",
    Permission.CHANNELS_MANAGE,
    title="wizard.webchat.new_title",
    on_load=[ChannelState.start],
)
def new_webchat_page() -> rx.Component:
    return rx.el.div(
        page_head(
            t("wizard.webchat.new_title"), t("wizard.webchat.line"), back=("/channels/new", t("channels.new.title"))
        ),
        new_webchat_form(),
        class_name="wrap two",
    )


@admin_page(
    "/channels/new/[kind_name]", Permission.CHANNELS_MANAGE, title="channels.new.title", on_load=[ChannelState.start]
)
def new_provider_channel_page() -> rx.Component:
    words = "wizard." + ChannelState.kind
    head = page_head(
        t("channels.new.title_of", channel=t_var(words + ".called")),
        t_var(words + ".line"),
        back=("/channels/new", t("channels.new.title")),
        mark=ChannelGlyph.create(kind=ChannelState.kind, variant="tile", decorative=True),
    )
    missing = Empty.create(
        page_link(t("channels.connect"), href="/channels/new", class_name="btn s"),
        scene="search",
        title=t("channels.new.missing"),
        text=t("channels.new.missing_text"),
        level=1,
    )
    return rx.el.div(
        Stay.create(
            rx.fragment(head, new_channel_form()),
            missing,
            SkeletonRows.create(n=3),
            index=rx.cond(ChannelState.kind != "", 0, rx.cond(ChannelState.is_missing, 1, -1)),
        ),
        class_name="wrap two",
    )


@admin_page("/channels/[channel_id]", Permission.CHANNELS_READ, title="channels.title", on_load=[ChannelState.load])
def channel_page() -> rx.Component:
    return _of_channel(webchat_detail(), provider_detail())


@admin_page(
    "/channels/[channel_id]/log",
    Permission.CHANNELS_READ,
    title="channels.tabs.log",
    on_load=[ChannelState.load, ChannelLogState.load],
)
def channel_log_page() -> rx.Component:
    return _of_channel(exchange_log(), exchange_log())


@admin_page(
    "/channels/[channel_id]/templates",
    Permission.CHANNELS_READ,
    title="channels.tabs.templates",
    on_load=[ChannelState.load, ChannelTemplatesState.load],
)
def channel_templates_page() -> rx.Component:
    return _of_channel(_no_such_part(), template_list())


def _of_channel(webchat: rx.Component, provided: rx.Component) -> rx.Component:
    """The head and the tabs of a channel around one of its parts."""
    kind = ChannelState.channel["kind"].to(str)
    label = ChannelState.channel["label"].to(str)
    anywhere = rx.cond(kind == "webchat", " · " + t("channels.webchat.anywhere"), "")
    head = page_head(
        ChannelState.channel["name"],
        t_var("common.channel." + kind) + rx.cond(label, " · " + label, anywhere).to(str),
        back=_BACK,
        mark=ChannelGlyph.create(kind=kind, variant="tile", decorative=True),
    )
    return rx.el.div(
        Stay.create(
            rx.fragment(head, webchat),
            rx.fragment(head, channel_tabs(), provided),
            _missing(t("channels.missing"), t("channels.missing_text")),
            SkeletonRows.create(n=3),
            index=rx.cond(
                ChannelState.is_found, rx.cond(kind == "webchat", 0, 1), rx.cond(ChannelState.is_missing, 2, -1)
            ),
        ),
        class_name="wrap two",
    )


def _missing(title: Any, text: Any) -> rx.Component:
    return Empty.create(
        page_link(t("channels.to_list"), href="/channels", class_name="btn s"),
        scene="search",
        title=title,
        text=text,
        level=1,
    )


def _no_such_part() -> rx.Component:
    return _missing(t("channels.templates.empty"), t("channels.missing_text"))
