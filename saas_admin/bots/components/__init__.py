"""What the bot's pages are made of."""

from typing import Any

import reflex as rx


def gives(*types: type) -> Any:
    """The event carries these values, in this order."""
    return rx.event.passthrough_event_spec(*types)
