"""Routes of the bots."""

import reflex as rx

from saas_admin.bots.components.ai import ai_settings
from saas_admin.bots.state.ai import AiState
from saas_admin.core.permissions import Permission
from saas_admin.ui.i18n import t
from saas_admin.ui.kit import SkeletonRows, Stay, page_head
from saas_admin.ui.page import admin_page


@admin_page("/bots/ai", Permission.BOTS_MANAGE, title="bots.ai.title", on_load=[AiState.load])
def ai_page() -> rx.Component:
    waits = SkeletonRows.create(n=4, avatar=False, padding="12px 0")
    return rx.el.div(
        page_head(t("bots.ai.title"), t("bots.ai.line")),
        Stay.create(ai_settings(), waits, index=rx.cond(AiState.is_loaded, 0, -1)),
        class_name="wrap narrow",
    )
