"""Sign-in, sign-up, confirmation and one's own account."""

import reflex as rx

from saas_admin.accounts.jsx import FOLDER
from saas_admin.ui.base_state import SessionState
from saas_admin.ui.i18n import t
from saas_admin.ui.kit import LocalJsx, card
from saas_admin.ui.shell import LanguagePicker, ThemePicker


class SignIn(LocalJsx):
    library = f"{FOLDER}/auth.jsx"
    tag = "SignIn"


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


class AccountForm(LocalJsx):
    library = f"{FOLDER}/account.jsx"
    tag = "AccountForm"
    name: rx.Var[str]
    email: rx.Var[str]
    busy: rx.Var[bool]
    error: rx.Var[str]
    on_submit: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


class SignOutButton(LocalJsx):
    library = f"{FOLDER}/account.jsx"
    tag = "SignOutButton"


def about_you() -> rx.Component:
    return card(
        t("ui.account.you"),
        AccountForm.create(name=SessionState.user_name, email=SessionState.user_email, on_submit=SessionState.rename),
    )


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


def _choice(label: rx.Var[str], picker: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.div(label, class_name="lb", style={"font": "500 13px/20px var(--font)", "marginBottom": "6px"}), picker
    )
