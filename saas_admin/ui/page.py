"""`@admin_page`: a route inside the shell, shown only to who may see it."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from saas_admin.core.brand import NAME
from saas_admin.core.i18n import translate
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import SessionState, may
from saas_admin.ui.kit import Stay, forbidden
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
            shown = rx.cond(may(permission), 0, 1) if permission else 0
            index = rx.cond(SessionState.is_ready, shown, -1)
            body = Stay.create(page(), forbidden(), page_skeleton(title), index=index)
            return shell(body, title=title, fill=fill, tabs=tabs)

        framed.__name__ = page.__name__
        rx.page(route=route, title=f"{translate(title)} · {NAME}", on_load=[SessionState.load, *on_load])(framed)
        return page

    return decorate
