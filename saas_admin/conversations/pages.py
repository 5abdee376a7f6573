"""The inbox's one route: with and without a conversation it is the same page, so that moving between them keeps the list."""

import reflex as rx

from saas_admin.conversations.components import inbox
from saas_admin.conversations.state import InboxState
from saas_admin.core.permissions import Permission
from saas_admin.ui.page import admin_page


@admin_page(
    "/inbox/[[conversation_id]]",
    Permission.CONVERSATIONS_READ,
    title="inbox.list.title",
    on_load=[InboxState.open],
    fill=True,
)
def inbox_page() -> rx.Component:
    return inbox()
