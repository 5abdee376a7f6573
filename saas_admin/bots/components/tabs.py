"""The second level of navigation: above every page of the module, those of FAQs and of the model too."""

import reflex as rx

from saas_admin.bots.jsx import FOLDER
from saas_admin.bots.state.overview import BotState
from saas_admin.ui.base_state import SessionState
from saas_admin.ui.kit import LocalJsx


class BotTabs(LocalJsx):
    library = f"{FOLDER}/tabs.jsx"
    tag = "BotTabs"
    unanswered: rx.Var[int]
    permissions: rx.Var[list[str]]


def bot_tabs() -> rx.Component:
    """A page that has them asks `BotState.count` when it opens."""
    return BotTabs.create(unanswered=BotState.unanswered, permissions=SessionState.permissions)
