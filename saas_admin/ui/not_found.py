"""The page for an address that leads nowhere."""

import reflex as rx

from saas_admin.ui.i18n import t
from saas_admin.ui.kit import Empty
from saas_admin.ui.shell import PageFrame


def not_found_page() -> rx.Component:
    way_back = rx.el.a(t("ui.not_found.back"), href="/", class_name="btn s")
    return rx.el.main(
        PageFrame.create(title="ui.not_found.title"),
        Empty.create(way_back, scene="search", title=t("ui.not_found.title"), text=t("ui.not_found.text"), level=1),
        class_name="grid min-h-dvh place-items-center bg-surface",
    )
