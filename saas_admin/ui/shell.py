"""The frame of a signed-in page: rail and tab bar, the sheet, notices, keys, toasts."""

from typing import Any

import reflex as rx

from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import SessionState, may
from saas_admin.ui.i18n import t
from saas_admin.ui.kit import LocalJsx, SkeletonRows, shared
from saas_admin.ui.live import LiveState

SESSION = rx.Var.create(
    {
        "user_id": SessionState.user_id,
        "user_name": SessionState.user_name,
        "user_email": SessionState.user_email,
        "photo_url": SessionState.photo_url,
        "company_id": SessionState.company_id,
        "company_name": SessionState.company_name,
        "logo_id": SessionState.logo_id,
        "companies": SessionState.companies,
        "availability": SessionState.availability,
        "lang": SessionState.lang,
        "theme": SessionState.theme,
        "permissions": SessionState.permissions,
        "waiting": SessionState.waiting,
    }
)


class _Shell(LocalJsx):
    library = shared("shell.jsx")
    session: rx.Var[dict[str, Any]]
    on_language: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_theme: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Rail(_Shell):
    tag = "Rail"
    on_availability: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class TabBar(_Shell):
    tag = "TabBar"


class ShellExtras(_Shell):
    tag = "ShellExtras"
    push: rx.Var[dict[str, Any]]
    notice: rx.Var[dict[str, Any]]
    undone: rx.Var[int]
    on_undo: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class ConnectionNotice(LocalJsx):
    library = shared("shell.jsx")
    tag = "ConnectionNotice"


class DeletionBanner(LocalJsx):
    library = shared("shell.jsx")
    tag = "DeletionBanner"
    deletion: rx.Var[dict[str, str]]
    company: rx.Var[str]
    can_cancel: rx.Var[bool]
    on_cancel: rx.EventHandler[rx.event.no_args_event_spec]


class TwoStepNotice(LocalJsx):
    library = shared("shell.jsx")
    tag = "TwoStepNotice"
    due: rx.Var[str]


class ChannelTrouble(LocalJsx):
    library = shared("trouble.jsx")
    tag = "ChannelTrouble"
    troubles: rx.Var[list[dict[str, Any]]]
    permissions: rx.Var[list[str]]
    on_look: rx.EventHandler[rx.event.no_args_event_spec]


class SkipLink(LocalJsx):
    library = shared("shell.jsx")
    tag = "SkipLink"


class PageFrame(LocalJsx):
    """Window title, language of the document, focus on the h1 after a navigation."""

    library = shared("shell.jsx")
    tag = "PageFrame"
    title: rx.Var[str]


class LanguagePicker(LocalJsx):
    library = shared("shell.jsx")
    tag = "LanguagePicker"
    fill: rx.Var[bool]
    on_language: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class ThemePicker(LocalJsx):
    library = shared("shell.jsx")
    tag = "ThemePicker"
    fill: rx.Var[bool]
    words: rx.Var[bool]
    on_theme: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def shell(content: rx.Component, *, title: str, fill: bool, tabs: bool) -> rx.Component:
    choices = {"on_language": SessionState.choose_language, "on_theme": SessionState.choose_theme}
    inside = content if fill else rx.el.div(content, class_name="page")
    return rx.el.div(
        SkipLink.create(),
        PageFrame.create(title=title),
        rx.el.div(
            ConnectionNotice.create(),
            DeletionBanner.create(
                deletion=SessionState.deletion,
                company=SessionState.company_name,
                can_cancel=may(Permission.COMPANY_DELETE),
                on_cancel=SessionState.cancel_deletion,
            ),
            TwoStepNotice.create(due=SessionState.two_factor_due),
            ChannelTrouble.create(
                troubles=SessionState.troubles,
                permissions=SessionState.permissions,
                on_look=SessionState.look_for_trouble,
            ),
            style={"gridColumn": "1 / -1"},
        ),
        Rail.create(session=SESSION, on_availability=SessionState.choose_availability, **choices),
        rx.el.main(inside, id="content", class_name="sheet"),
        TabBar.create(session=SESSION),
        ShellExtras.create(
            session=SESSION,
            push=LiveState.push,
            notice=SessionState.notice,
            undone=SessionState.undone,
            on_undo=SessionState.undo,
        ),
        class_name="app" if tabs else "app no-tabs",
    )


def page_skeleton(title: str) -> rx.Component:
    return rx.el.div(
        rx.el.h1(t(title), class_name="sr"),
        rx.el.div(
            rx.el.span(class_name="sk", style={"width": "160px", "height": "24px"}),
            class_name="loading",
            style={"padding": "6px 0 24px"},
        ),
        SkeletonRows.create(n=5, padding="12px 0"),
        class_name="wrap",
    )
