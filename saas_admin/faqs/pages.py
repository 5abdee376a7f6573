"""Routes of the FAQs."""

import reflex as rx

from saas_admin.bots.components.tabs import bot_tabs
from saas_admin.bots.state.overview import BotState
from saas_admin.core.permissions import Permission
from saas_admin.faqs.components import faq_board, faq_editor, faq_import
from saas_admin.faqs.state import FaqsState, FaqState
from saas_admin.faqs.state.common import LIST
from saas_admin.ui.i18n import t
from saas_admin.ui.kit import Empty, SkeletonRows, Stay, page_head, page_link
from saas_admin.ui.page import admin_page


@admin_page(LIST, Permission.BOTS_READ, title="faqs.title", on_load=[BotState.count, FaqsState.load])
def faqs_page() -> rx.Component:
    waits = rx.fragment(rx.el.h1(t("faqs.title"), class_name="display"), SkeletonRows.create(n=7, avatar=False))
    return rx.el.div(
        bot_tabs(),
        Stay.create(faq_board(), waits, index=rx.cond(FaqsState.is_loaded, 0, -1)),
        class_name="wrap",
    )


@admin_page(f"{LIST}/new", Permission.FAQS_MANAGE, title="faqs.new", on_load=[BotState.count, FaqState.start])
def new_faq_page() -> rx.Component:
    return _editor()


@admin_page(f"{LIST}/import", Permission.FAQS_MANAGE, title="faqs.import.title")
def faq_import_page() -> rx.Component:
    head = page_head(t("faqs.import.title"), t("faqs.import.line"), back=(LIST, t("faqs.title")))
    return rx.el.div(bot_tabs(), head, faq_import(), class_name="wrap two")


@admin_page(f"{LIST}/[faq_id]", Permission.BOTS_READ, title="faqs.page", on_load=[BotState.count, FaqState.load])
def faq_page() -> rx.Component:
    return _editor()


def _editor() -> rx.Component:
    missing = Empty.create(
        page_link(t("faqs.to_list"), href=LIST, class_name="btn s"),
        scene="search",
        title=t("faqs.missing.title"),
        text=t("faqs.missing.text"),
        level=1,
    )
    return rx.el.div(
        bot_tabs(),
        Stay.create(
            faq_editor(),
            missing,
            SkeletonRows.create(n=5, avatar=False),
            index=rx.cond(FaqState.is_ready, 0, rx.cond(FaqState.is_missing, 1, -1)),
        ),
        class_name="wrap two",
    )
