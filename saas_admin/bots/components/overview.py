"""The state of the bot and its figures."""

from typing import Any

import reflex as rx

from saas_admin.bots.components import gives
from saas_admin.bots.jsx import FOLDER
from saas_admin.bots.state.overview import BotState
from saas_admin.ui.base_state import SessionState
from saas_admin.ui.kit import LocalJsx

_NOTHING = rx.event.no_args_event_spec


class BotOverview(LocalJsx):
    library = f"{FOLDER}/overview.jsx"
    tag = "BotOverview"
    bot: rx.Var[dict[str, Any]]
    channels: rx.Var[list[dict[str, Any]]]
    knowledge: rx.Var[dict[str, int]]
    talking: rx.Var[int]
    unanswered: rx.Var[int]
    loaded: rx.Var[bool]
    permissions: rx.Var[list[str]]
    on_switch: rx.EventHandler[rx.event.passthrough_event_spec(bool)]
    on_switch_channel: rx.EventHandler[gives(str, bool)]
    on_refresh: rx.EventHandler[_NOTHING]


class BotFigures(LocalJsx):
    library = f"{FOLDER}/figures.jsx"
    tag = "BotFigures"
    figures: rx.Var[dict[str, Any]]
    channels: rx.Var[list[dict[str, Any]]]
    days: rx.Var[int]
    channel: rx.Var[str]
    on_period: rx.EventHandler[rx.event.passthrough_event_spec(int)]
    on_channel: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def overview() -> rx.Component:
    return rx.fragment(
        BotOverview.create(
            bot=BotState.bot,
            channels=BotState.channels,
            knowledge=BotState.knowledge,
            talking=BotState.talking,
            unanswered=BotState.unanswered,
            loaded=BotState.is_loaded,
            permissions=SessionState.permissions,
            on_switch=BotState.switch,
            on_switch_channel=BotState.switch_channel,
            on_refresh=BotState.refresh,
        ),
        BotFigures.create(
            figures=BotState.figures,
            channels=BotState.channels,
            days=BotState.days,
            channel=BotState.channel,
            on_period=BotState.choose_period,
            on_channel=BotState.choose_channel,
        ),
    )
