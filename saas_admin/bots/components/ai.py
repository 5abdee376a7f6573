"""The page of the company's model: how it stands, what it has cost, its settings."""

from typing import Any

import reflex as rx

from saas_admin.bots.jsx import FOLDER
from saas_admin.bots.state.ai import AiState
from saas_admin.ui.kit import LocalJsx

_FORM = rx.event.passthrough_event_spec(dict)
_FLAG = rx.event.passthrough_event_spec(bool)
_NOTHING = rx.event.no_args_event_spec


class AiSettings(LocalJsx):
    library = f"{FOLDER}/ai.jsx"
    tag = "AiSettings"
    ai: rx.Var[dict[str, Any]]
    errors: rx.Var[dict[str, str]]
    params: rx.Var[dict[str, str]]
    problem: rx.Var[str]
    verdict: rx.Var[str]
    busy: rx.Var[bool]
    testing: rx.Var[bool]
    done: rx.Var[int]
    on_submit: rx.EventHandler[_FORM]
    on_test: rx.EventHandler[_NOTHING]
    on_switch: rx.EventHandler[_FLAG]
    on_remove_key: rx.EventHandler[_NOTHING]


def ai_settings() -> rx.Component:
    return AiSettings.create(
        ai=AiState.ai,
        errors=AiState.errors,
        params=AiState.params,
        problem=AiState.problem,
        verdict=AiState.verdict,
        busy=AiState.is_busy,
        testing=AiState.is_testing,
        done=AiState.done,
        on_submit=AiState.save,
        on_test=AiState.test,
        on_switch=AiState.switch,
        on_remove_key=AiState.remove_key,
    )
