"""Routes of signing in and of one's own account."""

import reflex as rx

from saas_admin.accounts.components import (
    ConfirmChange,
    ConfirmEmail,
    Forgot,
    Invite,
    Register,
    ResetPassword,
    SignIn,
    SignInCode,
    TwoStepDue,
    about_you,
    how_you_enter,
    leave,
    this_screen,
    two_steps,
    where_you_are,
)
from saas_admin.accounts.state import AccountState
from saas_admin.core.brand import NAME
from saas_admin.core.i18n import translate
from saas_admin.ui.base_state import SET_UP, SessionState
from saas_admin.ui.i18n import t, t_var
from saas_admin.ui.kit import page_head
from saas_admin.ui.page import admin_page
from saas_admin.ui.shell import PageFrame


def _title(key: str) -> str:
    return f"{translate(key)} · {NAME}"


@rx.page(route="/login", title=_title("auth.sign_in.do"), on_load=SessionState.welcome)
def login_page() -> rx.Component:
    return rx.fragment(PageFrame.create(title="auth.sign_in.do"), SignIn.create())


@rx.page(route="/sign-in-code", title=_title("auth.code.title"))
def sign_in_code_page() -> rx.Component:
    return rx.fragment(PageFrame.create(title="auth.code.title"), SignInCode.create())


@rx.page(route="/forgot", title=_title("auth.forgot.title"), on_load=SessionState.note_demo)
def forgot_page() -> rx.Component:
    return rx.fragment(PageFrame.create(title="auth.forgot.title"), Forgot.create(demo=SessionState.is_demo))


@rx.page(route="/reset-password", title=_title("auth.reset.title"))
def reset_password_page() -> rx.Component:
    return rx.fragment(PageFrame.create(title="auth.reset.title"), ResetPassword.create())


@rx.page(route="/confirm-change", title=_title("auth.change.title"))
def confirm_change_page() -> rx.Component:
    return rx.fragment(PageFrame.create(title="auth.change.title"), ConfirmChange.create())


@rx.page(route=SET_UP, title=_title("account.two.title"), on_load=SessionState.await_two_factor)
def set_up_two_step_page() -> rx.Component:
    frame = PageFrame.create(title="account.two.title")
    ready = SessionState.company_name != ""
    return rx.fragment(frame, rx.cond(ready, TwoStepDue.create(company=SessionState.company_name)))


@rx.page(route="/register", title=_title("auth.register.do"))
def register_page() -> rx.Component:
    return rx.fragment(PageFrame.create(title="auth.register.do"), Register.create())


@rx.page(route="/confirm-email", title=_title("auth.confirm.title"), on_load=SessionState.await_confirmation)
def confirm_email_page() -> rx.Component:
    return rx.fragment(
        PageFrame.create(title="auth.confirm.title"),
        ConfirmEmail.create(known_email=SessionState.user_email, demo=SessionState.is_demo),
    )


@rx.page(route="/invite", title=_title("auth.invite.join_title"))
def invite_page() -> rx.Component:
    return rx.fragment(PageFrame.create(title="auth.invite.join_title"), Invite.create())


@rx.page(route="/", title=NAME, on_load=SessionState.welcome)
def index_page() -> rx.Component:
    return rx.el.main(class_name="grid min-h-dvh place-items-center")


@admin_page("/account", None, title="ui.account.title", on_load=[AccountState.load])
def account_page() -> rx.Component:
    line = t("ui.account.line", role=t_var("common.role." + SessionState.role), company=SessionState.company_name)
    return rx.el.div(
        page_head(t("ui.account.title"), line),
        rx.el.div(
            about_you(),
            how_you_enter(),
            two_steps(),
            where_you_are(),
            this_screen(),
            leave(),
            class_name="grid grid-cols-1 gap-4 mt-5",
        ),
        class_name="wrap narrow",
    )
