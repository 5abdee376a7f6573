"""Reflex settings only; everything else is `saas_admin.core.config`."""

import reflex as rx

from saas_admin.core.config import get_settings
from saas_admin.ui.theme import TAILWIND

settings = get_settings()

config = rx.Config(
    app_name="saas_admin",
    api_url=settings.browser_url,
    frontend_port=settings.port,
    backend_port=settings.port,
    backend_host=settings.host,
    cors_allowed_origins=settings.allowed_origins,
    redis_url=settings.redis_url,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # No Radix themes: 11 kB of CSS instead of 695.
    plugins=[rx.plugins.TailwindV4Plugin(TAILWIND)],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
