"""Every route of the Starlette API, in one list."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from saas_admin.core.permissions import Permission
from saas_admin.web import account, auth, faqs, health, media, metrics, outbox, people, pictures, webhooks, widget

ROUTES: list[BaseRoute] = [
    *health.routes,
    *metrics.routes,
    *webhooks.routes,
    *auth.routes,
    *account.routes,
    *people.routes,
    *media.routes,
    *pictures.routes,
    *faqs.routes,
    *widget.routes,
    *outbox.routes,
]

# Who may pass, in one table. `signature`: the provider's over the raw bytes · a permission: who holds it, signed in ·
# `session`: anybody who is signed in · `visitor`: the visitor's own token · `sealed`: the address itself, encrypted and expiring · `local`: this machine or a token · `demo`: only in --demo.
DOORS: dict[str, str] = {
    "/healthz": "public",
    "/readyz": "public",
    "/metrics": "local",
    "/webhooks/{kind}/{public_id}": "signature",
    "/auth/register": "public",
    "/auth/confirm": "public",
    "/auth/resend": "public",
    "/auth/sign-in": "public",
    "/auth/second-step": "public",
    "/auth/sign-out": "public",
    "/auth/invitation": "public",
    "/auth/invitation/accept": "public",
    "/auth/company": "session",
    "/settings/logo": Permission.COMPANY_MANAGE,
    "/settings/audit.csv": Permission.AUDIT_READ,
    "/settings/audit.jsonl": Permission.AUDIT_READ,
    "/auth/forgot": "public",
    "/auth/reset": "public",
    "/auth/confirm-change": "public",
    "/auth/strength": "public",
    "/account/password": "session",
    "/account/email": "session",
    "/account/two-factor/start": "session",
    "/account/two-factor/confirm": "session",
    "/account/two-factor/codes": "session",
    "/account/two-factor/disable": "session",
    "/account/photo": "session",
    "/pictures/{picture_id}.png": "public",
    "/media": Permission.CONVERSATIONS_REPLY,
    "/media/{attachment_id}": Permission.CONVERSATIONS_READ,
    "/media/{attachment_id}/thumb": Permission.CONVERSATIONS_READ,
    "/files/{token}/{filename}": "sealed",
    "/faq-import": Permission.FAQS_MANAGE,
    "/faq-export.csv": Permission.BOTS_READ,
    "/faq-export.jsonl": Permission.BOTS_READ,
    "/faq-files/{file_id}": Permission.BOTS_READ,
    "/faq-files/{file_id}/thumb": Permission.BOTS_READ,
    "/widget.js": "public",
    "/widget/app/{public_id}": "public",
    "/widget/assets/{name}": "public",
    "/widget/v1/{public_id}/config": "public",
    "/widget/v1/{public_id}/session": "public",
    "/widget/v1/{public_id}/messages": "visitor",
    "/widget/v1/{public_id}/typing": "visitor",
    "/widget/v1/{public_id}/receipts": "visitor",
    "/widget/v1/{public_id}/media": "visitor",
    "/widget/v1/{public_id}/media/{file_id}": "visitor",
    "/widget/v1/{public_id}/media/{file_id}/thumb": "visitor",
    "/widget/v1/{public_id}/live": "visitor",
    "/outbox": "demo",
}

api = Starlette(routes=ROUTES)
