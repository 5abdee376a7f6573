"""Composition root: the Reflex app, its pages, the Starlette API, the tasks that live as long as a web worker."""

from pathlib import Path
from typing import Any

import reflex as rx
from starlette.routing import Router

from saas_admin.accounts import pages as accounts
from saas_admin.bots import pages as bots
from saas_admin.channels import pages as channels
from saas_admin.conversations import pages as conversations
from saas_admin.core import logs
from saas_admin.faqs import pages as faqs
from saas_admin.settings import pages as settings
from saas_admin.ui import live
from saas_admin.ui.base_state import on_unexpected_error
from saas_admin.ui.crash import APP_WRAPS
from saas_admin.ui.not_found import not_found_page
from saas_admin.ui.theme import STYLESHEETS
from saas_admin.web.api import api
from saas_admin.web.guards import Guards
from saas_admin.web.hub import hub
from saas_admin.web.webhooks import intake
from saas_admin.web.webhooks import routes as webhook_routes

PAGES = (accounts, bots, channels, conversations, faqs, settings)
"""Importing a module of pages registers them."""


class AdminApp(rx.App):
    """Reflex with our guards around everything it serves."""

    def __call__(self) -> Any:
        return Guards(super().__call__(), Router(webhook_routes))


def head() -> list[rx.Component]:
    font = {"as": "font", "crossOrigin": "anonymous"}
    return [
        rx.el.script(src="/boot.js"),
        rx.el.link(rel="preload", href="/fonts/geist-latin.woff2", type="font/woff2", custom_attrs=font),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.meta(
            name="viewport",
            content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content",
        ),
    ]


app = AdminApp(
    api_transformer=api,
    html_lang="es",
    stylesheets=[sheet for sheet in STYLESHEETS if Path(f"assets{sheet}").exists()],
    head_components=head(),
    app_wraps=APP_WRAPS,
    toaster=None,
    backend_exception_handler=on_unexpected_error,
)
app.add_page(not_found_page, route="404")
app.register_lifespan_task(hub.run)
app.register_lifespan_task(intake.run)
app.register_lifespan_task(live.recheck)
live.attach(app)
logs.set_up()
