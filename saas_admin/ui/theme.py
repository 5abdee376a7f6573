"""Tailwind over the tokens: utilities name roles (`bg-surface`, `text-2`, `border-line`), never colours. No Reflex import: rxconfig reads it."""

from typing import Any

STYLESHEETS = [
    "/tokens.css",
    "/components.css",
    "/inbox.css",
    "/account.css",
    "/settings.css",
    "/channels.css",
    "/faqs.css",
    "/bots.css",
]

_ROLES = [
    "canvas",
    "surface",
    "surface-2",
    "surface-3",
    "hover",
    "pressed",
    "line",
    "line-strong",
    "line-control",
    "text",
    "text-2",
    "text-3",
    "placeholder",
    "accent",
    "accent-hover",
    "accent-soft",
    "accent-soft-2",
    "accent-text",
    "on-accent",
    "ring",
    "ok",
    "ok-soft",
    "ok-solid",
    "warn",
    "warn-soft",
    "warn-solid",
    "bad",
    "bad-soft",
    "bad-solid",
    "info",
    "info-soft",
    "note",
    "note-text",
    "bubble-in",
    "bubble-out",
]

TAILWIND: Any = {
    # `class`: the toggle decides, not the operating system.
    "darkMode": "class",
    "theme": {
        "colors": {
            "transparent": "transparent",
            "current": "currentColor",
            **{role: f"var(--{role})" for role in _ROLES},
        },
        "extend": {
            "textColor": {"2": "var(--text-2)", "3": "var(--text-3)"},
            "borderRadius": {"s": "var(--r-s)", "m": "var(--r-m)", "l": "var(--r-l)", "xl": "var(--r-xl)"},
            "boxShadow": {"e1": "var(--e-1)", "e2": "var(--e-2)", "e3": "var(--e-3)"},
            "screens": {"md": "768px", "xl": "1280px"},
        },
    },
}
