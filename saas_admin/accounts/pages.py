"""Routes of signing in and of one's own account."""

import reflex as rx

from saas_admin.accounts.components import ConfirmEmail, Invite, Register, SignIn, about_you, leave, this_screen
from saas_admin.core.brand import NAME
from saas_admin.core.i18n import translate
from saas_admin.ui.base_state import SessionState
from saas_admin.ui.i18n import t, t_var
from saas_admin.ui.kit import page_head
from saas_admin.ui.page import admin_page
from saas_admin.ui.shell import PageFrame


def _title(key: str) -> str:
    return f"{translate(key)} · {NAME}"


@rx.page(route="/login", title=_title("auth.sign_in.do"), on_load=SessionState.welcome)
def login_page() -> rx.Component:
    return rx.fragment(PageFrame.create(title="auth.sign_in.do"), SignIn.create())


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


@admin_page("/account", None, title="ui.account.title")
def account_page() -> rx.Component:
    line = t("ui.account.line", role=t_var("common.role." + SessionState.role), company=SessionState.company_name)
    return rx.el.div(
        page_head(t("ui.account.title"), line),
        rx.el.div(about_you(), this_screen(), leave(), class_name="grid grid-cols-1 gap-4 mt-5"),
        class_name="wrap narrow",
    )
