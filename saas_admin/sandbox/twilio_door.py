"""Who may call the pretend Twilio: HTTP basic with an account and its token. Refusals become Twilio's answers."""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from saas_admin.sandbox.twilio_rules import Refused
from saas_admin.sandbox.twilio_world import Account, TwilioWorld


def guarded(world: TwilioWorld, handler: Callable[[Request, Account], Awaitable[Response]]) -> Any:
    async def inner(request: Request) -> Response:
        try:
            return await handler(request, _identified(world, request))
        except Refused as refusal:
            return refusal.answer
        except (ValueError, KeyError, UnicodeError):
            return Refused(20001, "Bad request").answer

    return inner


def _identified(world: TwilioWorld, request: Request) -> Account:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, word = base64.b64decode(given).decode().partition(":")
    except ValueError:
        name = word = ""
    account = world.account_of(name, word) if scheme.lower() == "basic" else None
    if account is None:
        raise Refused(20003, "Authenticate", 401)
    if account.status != "active" and request.method == "POST":
        raise Refused(20005, "Account not active", 403)
    if request.path_params.get("account", account.sid) != account.sid:
        raise not_found(request)
    return account


def not_found(request: Request) -> Refused:
    return Refused(20404, f"The requested resource {request.url.path} was not found", 404)
