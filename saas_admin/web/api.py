"""Every route of the Starlette API, in one list."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from saas_admin.web import auth, health, media, metrics, outbox, webhooks, widget

ROUTES: list[BaseRoute] = [
    *health.routes,
    *metrics.routes,
    *webhooks.routes,
    *auth.routes,
    *media.routes,
    *widget.routes,
    *outbox.routes,
]

api = Starlette(routes=ROUTES)
