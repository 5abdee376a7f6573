"""Routes of the settings: the list at the side, a form beside it; on a phone first the list, then the form."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from saas_admin.core.permissions import Permission
from saas_admin.settings.components import (
    audit_table,
    company_form,
    hours_form,
    people,
    remove_company,
    roles_table,
    security_form,
    settings_nav,
)
from saas_admin.settings.state import AuditState, CompanyState, PeopleState, SecurityState
from saas_admin.ui.i18n import t
from saas_admin.ui.kit import SkeletonRows, Stay, back_link
from saas_admin.ui.page import admin_page


def _framed(
    name: str, content: rx.Component, *, ready: Any = None, wide: bool = False, extra: str = ""
) -> rx.Component:
    waits = SkeletonRows.create(n=4, avatar=False, padding="12px 0")
    shown = content if ready is None else Stay.create(content, waits, index=rx.cond(ready, 0, -1))
    return rx.el.div(
        rx.el.aside(
            rx.el.h1(t("settings.title"), class_name="phone", tab_index=-1) if extra == "list" else rx.fragment(),
            rx.el.p(t("settings.title"), class_name="title desk"),
            settings_nav(),
            class_name="setside",
        ),
        rx.el.div(
            rx.el.div(back_link("/settings", t("settings.title")), class_name="phone"),
            rx.el.header(
                rx.el.h1(t(f"settings.nav.{name}"), class_name="display", tab_index=-1),
                rx.el.p(t(f"settings.{name}.line"), class_name="t3 measure") if name != "people" else rx.fragment(),
                class_name="sethead",
            ),
            shown,
            class_name="setform wide" if wide else "setform",
        ),
        class_name=f"settings {extra}".strip(),
    )


@admin_page("/settings", Permission.COMPANY_READ, title="settings.title", on_load=[CompanyState.load])
def settings_page() -> rx.Component:
    """On a phone the list alone; beside it there is room for the first form."""
    return _framed("company", company_form(), ready=CompanyState.is_loaded, extra="list")


def _page(name: str, permission: Permission, content: Callable[[], rx.Component], state: Any, **more: Any) -> None:
    @admin_page(f"/settings/{name}", permission, title=f"settings.nav.{name}", on_load=[state.load] if state else [])
    def page() -> rx.Component:
        return _framed(name, content(), ready=state.is_loaded if state else None, **more)

    del page


_page("company", Permission.COMPANY_READ, company_form, CompanyState)
_page("hours", Permission.COMPANY_READ, hours_form, CompanyState)
_page("people", Permission.MEMBERS_READ, people, PeopleState, wide=True)
_page("roles", Permission.COMPANY_READ, roles_table, None, wide=True)
_page("security", Permission.SECURITY_MANAGE, security_form, SecurityState)
_page("audit", Permission.AUDIT_READ, audit_table, AuditState, wide=True)
_page("delete", Permission.COMPANY_DELETE, remove_company, CompanyState)
