"""How the bot behaves, everywhere and on one channel, and its thresholds."""

from typing import Any

import reflex as rx

from saas_admin.bots.components import gives
from saas_admin.bots.jsx import FOLDER
from saas_admin.bots.service import BOUNDS, LENGTHS
from saas_admin.bots.state.behaviour import BehaviourState, ChannelBotState
from saas_admin.bots.state.thresholds import ThresholdsState
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import may
from saas_admin.ui.kit import LocalJsx

_FORM = rx.event.passthrough_event_spec(dict)
_PAIR = gives(float, float)


class _Form(LocalJsx):
    errors: rx.Var[dict[str, str]]
    params: rx.Var[dict[str, Any]]
    problem: rx.Var[str]
    busy: rx.Var[bool]
    done: rx.Var[int]
    can_edit: rx.Var[bool]


class _Speech(_Form):
    bot: rx.Var[dict[str, Any]]
    samples: rx.Var[dict[str, Any]]
    lengths: rx.Var[dict[str, int]]
    on_submit: rx.EventHandler[_FORM]


class BehaviourForm(_Speech):
    library = f"{FOLDER}/behaviour.jsx"
    tag = "BehaviourForm"
    bounds: rx.Var[dict[str, list[int]]]


class ChannelBotForm(_Speech):
    library = f"{FOLDER}/channel.jsx"
    tag = "ChannelBotForm"
    channel: rx.Var[dict[str, Any]]
    on_switch: rx.EventHandler[rx.event.passthrough_event_spec(bool)]
    on_refresh: rx.EventHandler[rx.event.no_args_event_spec]


class ThresholdsForm(_Form):
    library = f"{FOLDER}/thresholds.jsx"
    tag = "ThresholdsForm"
    preview: rx.Var[dict[str, Any]]
    admins: rx.Var[list[str]]
    direct_at: rx.Var[float]
    person_at: rx.Var[float]
    on_look: rx.EventHandler[_PAIR]
    on_save: rx.EventHandler[_PAIR]


def _shared(state: Any) -> dict[str, Any]:
    return {
        "errors": state.errors,
        "params": state.params,
        "problem": state.problem,
        "busy": state.is_busy,
        "done": state.done,
        "can_edit": may(Permission.BOTS_MANAGE),
    }


def behaviour_form() -> rx.Component:
    return BehaviourForm.create(
        bot=BehaviourState.bot,
        samples=BehaviourState.samples,
        bounds={name: list(each) for name, each in BOUNDS.items()},
        lengths=LENGTHS,
        on_submit=BehaviourState.save,
        **_shared(BehaviourState),
    )


def channel_form() -> rx.Component:
    return ChannelBotForm.create(
        bot=ChannelBotState.bot,
        channel=ChannelBotState.channel,
        samples=ChannelBotState.samples,
        lengths=LENGTHS,
        on_submit=ChannelBotState.save,
        on_switch=ChannelBotState.switch,
        on_refresh=ChannelBotState.refresh,
        **_shared(ChannelBotState),
    )


def thresholds_form() -> rx.Component:
    return ThresholdsForm.create(
        preview=ThresholdsState.preview,
        admins=ThresholdsState.admins,
        direct_at=ThresholdsState.direct_at,
        person_at=ThresholdsState.person_at,
        on_look=ThresholdsState.look,
        on_save=ThresholdsState.save,
        **_shared(ThresholdsState),
    )
