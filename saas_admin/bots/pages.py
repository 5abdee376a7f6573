"""Routes of the bot: the tabs, a head, and one thing below them."""

from typing import Any

import reflex as rx

from saas_admin.bots.components.ai import ai_settings
from saas_admin.bots.components.forms import behaviour_form, channel_form, thresholds_form
from saas_admin.bots.components.overview import overview
from saas_admin.bots.components.questions import playground, unanswered_list
from saas_admin.bots.components.tabs import bot_tabs
from saas_admin.bots.state.ai import AiState
from saas_admin.bots.state.behaviour import BehaviourState, ChannelBotState
from saas_admin.bots.state.overview import BotState
from saas_admin.bots.state.playground import PlaygroundState
from saas_admin.bots.state.thresholds import ThresholdsState
from saas_admin.bots.state.unanswered import UnansweredState
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import may
from saas_admin.ui.i18n import t
from saas_admin.ui.kit import ChannelGlyph, Empty, Failed, SkeletonRows, Stay, link_button, page_head, page_link
from saas_admin.ui.page import admin_page


def _framed(
    name: str,
    content: rx.Component,
    ready: Any,
    *actions: rx.Component,
    failed: Any = False,
    on_retry: Any = None,
    line: Any = None,
) -> rx.Component:
    """`failed`: it could not be read; `on_retry` reads it again. `line`: another one below the title."""
    return rx.el.div(
        bot_tabs(),
        page_head(t(f"bots.{name}.title"), t(f"bots.{name}.line") if line is None else line, *actions),
        Stay.create(
            content,
            Failed.create(on_retry=on_retry) if on_retry else rx.fragment(),
            SkeletonRows.create(n=5, avatar=False, padding="12px 0"),
            index=rx.cond(ready, 0, rx.cond(failed, 1, -1)),
        ),
        class_name="wrap",
    )


@admin_page("/bots", Permission.BOTS_READ, title="bots.overview.title", on_load=[BotState.load])
def bots_page() -> rx.Component:
    attempt = link_button(t("bots.overview.try"), to="/bots/playground", lead="flask-conical")
    return _framed("overview", overview(), BotState.is_loaded, attempt, failed=BotState.failed, on_retry=BotState.load)


@admin_page(
    "/bots/behaviour", Permission.BOTS_READ, title="bots.behaviour.title", on_load=[BotState.count, BehaviourState.load]
)
def behaviour_page() -> rx.Component:
    return _framed(
        "behaviour",
        behaviour_form(),
        BehaviourState.is_loaded,
        failed=BehaviourState.failed,
        on_retry=BehaviourState.load,
    )


@admin_page(
    "/bots/thresholds",
    Permission.BOTS_READ,
    title="bots.thresholds.title",
    on_load=[BotState.count, ThresholdsState.load],
)
def thresholds_page() -> rx.Component:
    return _framed(
        "thresholds",
        thresholds_form(),
        ThresholdsState.is_loaded,
        failed=ThresholdsState.failed,
        on_retry=ThresholdsState.load,
        line=rx.cond(may(Permission.BOTS_MANAGE), t("bots.thresholds.line"), t("bots.thresholds.line_read")),
    )


@admin_page(
    "/bots/playground",
    Permission.BOTS_READ,
    title="bots.playground.title",
    on_load=[BotState.count, PlaygroundState.load],
)
def playground_page() -> rx.Component:
    return _framed(
        "playground",
        playground(),
        PlaygroundState.is_loaded,
        failed=PlaygroundState.failed,
        on_retry=PlaygroundState.load,
    )


@admin_page(
    "/bots/unanswered",
    Permission.CONVERSATIONS_READ,
    title="bots.unanswered.title",
    on_load=[UnansweredState.load],
)
def unanswered_page() -> rx.Component:
    return _framed(
        "unanswered",
        unanswered_list(),
        UnansweredState.is_loaded,
        failed=UnansweredState.failed,
        on_retry=UnansweredState.load,
    )


@admin_page(
    "/bots/channels/[channel_id]",
    Permission.BOTS_READ,
    title="bots.channel.title",
    on_load=[BotState.count, ChannelBotState.load],
)
def bot_channel_page() -> rx.Component:
    head = page_head(
        ChannelBotState.channel["name"],
        t("bots.channel.line"),
        back=("/bots", t("bots.tabs.overview")),
        mark=ChannelGlyph.create(kind=ChannelBotState.channel["kind"].to(str), variant="tile", decorative=True),
    )
    missing = Empty.create(
        page_link(t("bots.channel.to_list"), href="/bots", class_name="btn s"),
        scene="search",
        title=t("channels.missing"),
        text=t("channels.missing_text"),
        level=1,
    )
    return rx.el.div(
        bot_tabs(),
        Stay.create(
            rx.fragment(head, channel_form()),
            missing,
            Failed.create(level=1, on_retry=ChannelBotState.load),
            SkeletonRows.create(n=5, avatar=False, padding="12px 0"),
            index=rx.cond(
                ChannelBotState.is_loaded,
                0,
                rx.cond(ChannelBotState.is_missing, 1, rx.cond(ChannelBotState.failed, 2, -1)),
            ),
        ),
        class_name="wrap",
    )


@admin_page("/bots/ai", Permission.BOTS_MANAGE, title="bots.ai.title", on_load=[BotState.count, AiState.load])
def ai_page() -> rx.Component:
    return _framed("ai", ai_settings(), AiState.is_loaded)
