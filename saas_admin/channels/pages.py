"""Routes of the channels."""

import reflex as rx

from saas_admin.channels.components import (
    ChannelChoice,
    channel_list,
    how_things_stand,
    new_webchat_form,
    new_whatsapp_form,
    webchat_detail,
    whatsapp_detail,
)
from saas_admin.channels.state import ChannelsState, ChannelState
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
        rx.el.div(ChannelChoice.create(), style={"marginTop": "20px"}),
        class_name="wrap narrow",
    )


@admin_page(
    "/channels/new/whatsapp_cloud",
    Permission.CHANNELS_MANAGE,
    title="channels.whatsapp_cloud.new_title",
    on_load=[ChannelState.start],
)
def new_whatsapp_page() -> rx.Component:
    return rx.el.div(
        page_head(
            t("channels.whatsapp_cloud.new_title"),
            t("channels.whatsapp_cloud.line"),
            back=("/channels/new", t("channels.new.title")),
        ),
        new_whatsapp_form(),
        class_name="wrap two",
    )


@admin_page(
    "/channels/new/webchat",
    Permission.CHANNELS_MANAGE,
    title="channels.webchat.new_title",
    on_load=[ChannelState.start],
)
def new_webchat_page() -> rx.Component:
    return rx.el.div(
        page_head(
            t("channels.webchat.new_title"), t("channels.webchat.line"), back=("/channels/new", t("channels.new.title"))
        ),
        new_webchat_form(),
        class_name="wrap two",
    )


@admin_page("/channels/[channel_id]", Permission.CHANNELS_READ, title="channels.title", on_load=[ChannelState.load])
def channel_page() -> rx.Component:
    kind = ChannelState.channel["kind"].to(str)
    label = ChannelState.channel["label"].to(str)
    head = page_head(
        ChannelState.channel["name"],
        t_var("common.channel." + kind)
        + rx.cond(label, " · " + label, rx.cond(kind == "webchat", " · " + t("channels.webchat.anywhere"), "")).to(str),
        back=_BACK,
        mark=ChannelGlyph.create(kind=kind, variant="tile", decorative=True),
    )
    missing = Empty.create(
        page_link(t("channels.to_list"), href="/channels", class_name="btn s"),
        scene="search",
        title=t("channels.missing"),
        text=t("channels.missing_text"),
        level=1,
    )
    found = rx.cond(kind == "webchat", 0, 1)
    return rx.el.div(
        Stay.create(
            rx.fragment(head, webchat_detail()),
            rx.fragment(head, whatsapp_detail()),
            missing,
            SkeletonRows.create(n=3),
            index=rx.cond(ChannelState.is_found, found, rx.cond(ChannelState.is_missing, 2, -1)),
        ),
        class_name="wrap two",
    )
