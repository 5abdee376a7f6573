"""Routes of the FAQs."""

from typing import Any

import reflex as rx

from saas_admin.bots.components.tabs import bot_tabs
from saas_admin.bots.state.overview import BotState
from saas_admin.core.permissions import Permission
from saas_admin.faqs.components import faq_board, faq_editor, faq_import
from saas_admin.faqs.state import FaqsState, FaqState
from saas_admin.faqs.state.common import LIST
from saas_admin.ui.i18n import t
from saas_admin.ui.kit import Failed, SkeletonRows, Stay, page_head
from saas_admin.ui.page import admin_page


@admin_page(LIST, Permission.BOTS_READ, title="faqs.title", on_load=[BotState.count, FaqsState.load])
def faqs_page() -> rx.Component:
    title = rx.el.h1(t("faqs.title"), class_name="display", tab_index=-1)
    failed = rx.fragment(title, Failed.create(code=FaqsState.failed, on_retry=FaqsState.load))
    waits = rx.fragment(title, SkeletonRows.create(n=7, avatar=False))
    index = rx.cond(FaqsState.is_loaded, 0, rx.cond(FaqsState.failed, 1, -1))
    return rx.el.div(
        bot_tabs(),
        Stay.create(faq_board(), failed, waits, index=index),
        class_name="wrap",
    )


@admin_page(f"{LIST}/new", Permission.FAQS_MANAGE, title="faqs.new", on_load=[BotState.count, FaqState.start])
def new_faq_page() -> rx.Component:
    return _editor(FaqState.start)


@admin_page(f"{LIST}/import", Permission.FAQS_MANAGE, title="faqs.import.title")
def faq_import_page() -> rx.Component:
    head = page_head(t("faqs.import.title"), t("faqs.import.line"), back=(LIST, t("faqs.title")))
    return rx.el.div(bot_tabs(), head, faq_import(), class_name="wrap two")


@admin_page(f"{LIST}/[faq_id]", Permission.BOTS_READ, title="faqs.page", on_load=[BotState.count, FaqState.load])
def faq_page() -> rx.Component:
    return _editor(FaqState.load)


def _editor(load: Any) -> rx.Component:
    return rx.el.div(bot_tabs(), faq_editor(load), class_name="wrap two")
