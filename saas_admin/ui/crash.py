"""What a reader sees when a page breaks in the browser: calm words in their language, instead of the framework's."""

from collections.abc import Callable

import reflex as rx
from reflex_base.vars.function import ArgsFunctionOperation
from reflex_components_core.base.error_boundary import ErrorBoundary

from saas_admin.ui.kit import LocalJsx, shared


class Crash(LocalJsx):
    library = shared("feedback.jsx")
    tag = "Crash"


def error_boundary(is_stateful: bool) -> rx.Component:
    del is_stateful
    return ErrorBoundary.create(
        fallback_render=ArgsFunctionOperation.create(("event_args",), rx.Var.create(Crash.create()))
    )


# Instead of Reflex's set: no connection toaster and pulser (`shell.jsx` says it in our words).
APP_WRAPS: dict[tuple[int, str], Callable[[bool], rx.Component | None]] = {(55, "ErrorBoundary"): error_boundary}
