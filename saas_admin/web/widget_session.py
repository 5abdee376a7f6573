"""Who talks through the widget: which channel, which visitor, from which page."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import Request

from saas_admin.core import doors, secrets
from saas_admin.core.doors import FoundChannel
from saas_admin.core.errors import Invalid, NotFound, Unauthorised
from saas_admin.core.ids import parse_id
from saas_admin.web.request import BodyTooLarge
from saas_admin.web.request import read_json as request_json

KIND = "webchat"
PURPOSE = "widget.visitor"


@dataclass(frozen=True)
class Visitor:
    """Proven by a token of ours; the company and channel in it must be those of the address it comes to."""

    company_id: UUID
    channel_id: UUID
    external_id: str


def find_channel(public_id: str) -> FoundChannel:
    """The live web-chat channel of this public id. Unknown, disabled and deleted look the same from outside."""
    channel = doors.find_channel(KIND, public_id) if 8 <= len(public_id) <= 40 else None
    if channel is None or channel.is_disabled:
        raise NotFound("channel_closed")
    return channel


def new_token(channel: FoundChannel) -> str:
    """A visitor who has not said anything yet: no row is made, the token alone is the identity."""
    return secrets.sign(
        PURPOSE,
        {"c": str(channel.company_id), "h": str(channel.channel_id), "v": str(uuid4())},
    )


def read_token(channel: FoundChannel, token: str | None) -> Visitor:
    """The visitor of a token made for this very channel."""
    payload = secrets.unsign(PURPOSE, token) if token and len(token) < 1000 else None
    visitor_id = parse_id(payload.get("v")) if payload else None
    if payload is None or visitor_id is None:
        raise Unauthorised("session_ended")
    if parse_id(payload.get("c")) != channel.company_id or parse_id(payload.get("h")) != channel.channel_id:
        raise Unauthorised("session_ended")
    return Visitor(channel.company_id, channel.channel_id, f"v:{visitor_id}")


def token_of(request: Request) -> str | None:
    """From the header; pictures and players cannot send one and carry it in their address."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else request.query_params.get("token")


async def read_json(request: Request, limit: int) -> dict[str, Any]:
    try:
        return await request_json(request, limit)
    except BodyTooLarge as error:
        raise BodyTooLarge("body_too_large") from error
    except Invalid as error:
        raise Invalid("broken_request") from error
