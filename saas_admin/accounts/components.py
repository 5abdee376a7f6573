"""Sign-in, sign-up, confirmation, two steps, and one's own account."""

from typing import Any

import reflex as rx

from saas_admin.accounts.jsx import FOLDER
from saas_admin.accounts.state import AccountState
from saas_admin.ui.base_state import SessionState
from saas_admin.ui.i18n import t
from saas_admin.ui.kit import LocalJsx, SkeletonRows, card
from saas_admin.ui.shell import LanguagePicker, ThemePicker

_NOTHING = rx.event.no_args_event_spec
_ID = rx.event.passthrough_event_spec(str)


class SignIn(LocalJsx):
    library = f"{FOLDER}/auth.jsx"
    tag = "SignIn"


class SignInCode(LocalJsx):
    library = f"{FOLDER}/code.jsx"
    tag = "SignInCode"


class Register(LocalJsx):
    library = f"{FOLDER}/auth.jsx"
    tag = "Register"


class ConfirmEmail(LocalJsx):
    library = f"{FOLDER}/auth.jsx"
    tag = "ConfirmEmail"
    known_email: rx.Var[str]
    demo: rx.Var[bool]


class Invite(LocalJsx):
    library = f"{FOLDER}/invite.jsx"
    tag = "Invite"


class ConfirmChange(LocalJsx):
    library = f"{FOLDER}/code.jsx"
    tag = "ConfirmChange"


class Forgot(LocalJsx):
    library = f"{FOLDER}/password.jsx"
    tag = "Forgot"
    demo: rx.Var[bool]


class ResetPassword(LocalJsx):
    library = f"{FOLDER}/password.jsx"
    tag = "ResetPassword"


class TwoStepDue(LocalJsx):
    library = f"{FOLDER}/twostep.jsx"
    tag = "TwoStepDue"
    company: rx.Var[str]


class TwoStepSection(LocalJsx):
    library = f"{FOLDER}/twostep.jsx"
    tag = "TwoStepSection"
    state: rx.Var[dict[str, Any]]
    on_changed: rx.EventHandler[_NOTHING]


class LoginSection(LocalJsx):
    library = f"{FOLDER}/login.jsx"
    tag = "LoginSection"
    login: rx.Var[dict[str, Any]]
    two_step: rx.Var[bool]
    on_changed: rx.EventHandler[_NOTHING]
    on_cancel_email: rx.EventHandler[_NOTHING]


class SessionList(LocalJsx):
    library = f"{FOLDER}/login.jsx"
    tag = "SessionList"
    rows: rx.Var[list[dict[str, Any]]]
    on_end: rx.EventHandler[_ID]
    on_end_others: rx.EventHandler[_NOTHING]


class AccountForm(LocalJsx):
    library = f"{FOLDER}/account.jsx"
    tag = "AccountForm"
    name: rx.Var[str]
    on_submit: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


class Photo(LocalJsx):
    library = f"{FOLDER}/account.jsx"
    tag = "Photo"
    name: rx.Var[str]
    url: rx.Var[str]
    on_changed: rx.EventHandler[_NOTHING]


class SoundsSwitch(LocalJsx):
    library = f"{FOLDER}/account.jsx"
    tag = "SoundsSwitch"
    on: rx.Var[bool]
    on_change: rx.EventHandler[rx.event.passthrough_event_spec(bool)]


class SignOutButton(LocalJsx):
    library = f"{FOLDER}/account.jsx"
    tag = "SignOutButton"


def about_you() -> rx.Component:
    return card(
        t("ui.account.you"),
        Photo.create(
            name=SessionState.user_name,
            id=SessionState.user_id,
            url=SessionState.photo_url,
            on_changed=AccountState.changed,
        ),
        AccountForm.create(name=SessionState.user_name, on_submit=SessionState.rename),
    )


def how_you_enter() -> rx.Component:
    section = LoginSection.create(
        login=AccountState.login,
        two_step=AccountState.two_step["is_on"].to(bool),
        on_changed=AccountState.changed,
        on_cancel_email=AccountState.cancel_email,
    )
    return card(t("account.login.title"), _once_loaded(section, 2))


def two_steps() -> rx.Component:
    section = TwoStepSection.create(state=AccountState.two_step, on_changed=AccountState.changed)
    return card(t("account.two.title"), _once_loaded(section, 1))


def where_you_are() -> rx.Component:
    rows = SessionList.create(
        rows=AccountState.sessions, on_end=AccountState.end_session, on_end_others=AccountState.end_others
    )
    return card(t("account.sessions.heading"), _once_loaded(rows, 2))


def this_screen() -> rx.Component:
    return card(
        t("ui.account.screen"),
        rx.el.p(t("ui.account.screen_hint"), class_name="t3"),
        rx.el.div(
            _choice(
                t("ui.language.label"), LanguagePicker.create(fill=False, on_language=SessionState.choose_language)
            ),
            _choice(
                t("ui.theme.label"), ThemePicker.create(fill=False, words=True, on_theme=SessionState.choose_theme)
            ),
            SoundsSwitch.create(on=SessionState.has_sounds, on_change=SessionState.choose_sounds),
            class_name="form",
            style={"marginTop": "16px"},
        ),
    )


def leave() -> rx.Component:
    return card(
        t("ui.account.session"),
        rx.el.div(
            rx.el.p(t("ui.account.session_hint"), class_name="t3 grow measure"),
            SignOutButton.create(),
            class_name="head",
        ),
    )


def _once_loaded(content: rx.Component, rows: int) -> rx.Component:
    return rx.cond(AccountState.is_loaded, content, SkeletonRows.create(n=rows, padding="6px 0"))


def _choice(label: rx.Var[str], picker: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.div(label, class_name="lb", style={"font": "500 13px/20px var(--font)", "marginBottom": "6px"}), picker
    )
