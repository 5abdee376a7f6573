"""`@admin_page`: a route inside the shell, shown only to who may see it."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from saas_admin.core.brand import NAME
from saas_admin.core.i18n import translate
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import SessionState, may
from saas_admin.ui.kit import forbidden
from saas_admin.ui.shell import page_skeleton, shell

Page = Callable[[], rx.Component]


def admin_page(
    route: str,
    permission: Permission | None,
    *,
    title: str,
    on_load: Sequence[Any] = (),
    fill: bool = False,
    tabs: bool = True,
) -> Callable[[Page], Page]:
    """`title` is a key of the catalogue. `fill`: the page arranges the whole sheet itself. `tabs=False` hides the phone's tab bar."""

    def decorate(page: Page) -> Page:
        def framed() -> rx.Component:
            content = rx.cond(may(permission), page(), forbidden()) if permission else page()
            body = rx.cond(SessionState.is_ready, content, page_skeleton())
            return shell(body, title=title, fill=fill, tabs=tabs)

        framed.__name__ = page.__name__
        rx.page(route=route, title=f"{translate(title)} · {NAME}", on_load=[SessionState.load, *on_load])(framed)
        return page

    return decorate
