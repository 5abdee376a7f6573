"""What a company copies elsewhere: the webhook's address, the token that proves it, the widget's line."""

from urllib.parse import quote
from uuid import UUID

from saas_admin.adapters.channels import registry
from saas_admin.core import secrets
from saas_admin.core.config import get_settings
from saas_admin.models import Channel

VERIFY_TOKEN = "verify_token"  # noqa: S105 (a setting's name)


def webhook_url(channel: Channel) -> str | None:
    """The address a provider posts to; None where there is no provider."""
    if registry.get(channel.kind).is_local:
        return None
    return f"{get_settings().public_url}/webhooks/{channel.kind}/{channel.public_id}"


FILE_PURPOSE = "file"
FILE_SECONDS = 3600
"""Providers fetch a file within moments; one that comes back tomorrow finds a closed door."""


def file_url(company_id: UUID, attachment_id: UUID, filename: str) -> str:
    """An address from which whoever holds it may fetch one file, for an hour."""
    token = secrets.sign(FILE_PURPOSE, {"c": str(company_id), "a": str(attachment_id)})
    return f"{get_settings().public_url}/files/{token}/{quote(filename, safe='')}"


def snippet(channel: Channel) -> str | None:
    """The line a shop pastes before </body>."""
    if channel.kind != "webchat":
        return None
    return f'<script async src="{get_settings().public_url}/widget.js" data-channel="{channel.public_id}"></script>'
