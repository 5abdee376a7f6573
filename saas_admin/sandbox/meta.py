"""The pretend dashboard of a Meta app: numbers to connect, with their credentials, and the callback form."""

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas_admin.sandbox.webhooks import Webhooks
from saas_admin.sandbox.world import Number, World


class Meta:
    def __init__(self, world: World, webhooks: Webhooks) -> None:
        self._world = world
        self._webhooks = webhooks

    def routes(self) -> list[Route]:
        return [Route("/meta/numbers", self.numbers), Route("/meta/callback", self.callback, methods=["POST"])]

    def ensure_spare(self) -> None:
        """Someone who registers a company of their own needs a number to connect."""
        for position, display in enumerate(("+34 910 48 27 36", "+52 33 4190 7215")):
            phone_number_id = f"70418820935561{position}"
            if phone_number_id not in self._world.numbers:
                self._world.numbers[phone_number_id] = Number(
                    phone_number_id=phone_number_id,
                    waba_id=f"48209317756420{position}",
                    display_phone=display,
                    access_token="EAASandbox" + secrets.token_hex(24),
                    app_secret=secrets.token_hex(16),
                    name="Tu tienda" if position == 0 else "Tu otra tienda",
                )
                self._world.touch()

    async def numbers(self, request: Request) -> Response:
        del request
        shown = (
            "phone_number_id",
            "waba_id",
            "access_token",
            "app_secret",
            "verify_token",
            "webhook_url",
            "is_verified",
        )
        return JSONResponse(
            [
                {**{name: getattr(n, name) for name in shown}, "display_phone": n.display_phone, "name": n.name}
                for n in self._world.numbers.values()
            ]
        )

    async def callback(self, request: Request) -> Response:
        """Save a callback URL as Meta does: only when it answers the handshake."""
        said = await request.json()
        number = self._world.number(str(said.get("phone_number_id")))
        if number is None:
            return JSONResponse({"error": "number"}, 404)
        before = (number.webhook_url, number.verify_token)
        number.webhook_url, number.verify_token = str(said["webhook_url"]).strip(), str(said["verify_token"]).strip()
        number.name = str(said.get("name") or number.name)
        is_good = number.webhook_url.startswith(("http://", "https://")) and await self._webhooks.verify(number)
        if not is_good:
            number.webhook_url, number.verify_token = before
            return JSONResponse({"error": "handshake"}, 422)
        number.is_verified = True
        self._world.tell("*", {"kind": "numbers"})
        return JSONResponse({"ok": True})
