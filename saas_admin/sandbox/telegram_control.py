"""`/_control/telegram`: how the demo and the tests arrange the pretend Telegram."""

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas_admin.sandbox.telegram_phone import TelegramPhone
from saas_admin.sandbox.telegram_updates import Updates
from saas_admin.sandbox.telegram_world import Bot, TelegramWorld, User, new_token


class TelegramControl:
    def __init__(self, world: TelegramWorld, updates: Updates, phone: TelegramPhone) -> None:
        self._world = world
        self._updates = updates
        self._phone = phone

    def routes(self) -> list[Route]:
        return [
            Route("/_control/telegram", self.overview),
            Route("/_control/telegram/bots", self.bots, methods=["POST"]),
            Route("/_control/telegram/people", self.people, methods=["POST"]),
            Route("/_control/telegram/revoke", self.revoke, methods=["POST"]),
            Route("/_control/telegram/do", self.do, methods=["POST"]),
            Route("/_control/telegram/webhooks", self.sent),
            Route("/_control/telegram/reset", self.reset, methods=["POST"]),
        ]

    async def overview(self, request: Request) -> Response:
        del request
        hidden = ("token", "secret_token")
        bots = [{k: v for k, v in asdict(bot).items() if k not in hidden} for bot in self._world.bots.values()]
        return JSONResponse({"ok": True, "bots": bots, "people": [asdict(user) for user in self._world.users.values()]})

    async def bots(self, request: Request) -> Response:
        """A bot as @BotFather would make it: `token` (else one is made), `username`, `name`. Again to change."""
        said = await request.json()
        token = str(said.get("token") or new_token(int(said["id"])))
        number = int(token.split(":")[0])
        known = asdict(self._world.bots[number]) if number in self._world.bots else {"username": "", "name": ""}
        try:
            values: dict[str, Any] = {**known, **said, "id": number, "token": token}
            self._world.bots[number] = Bot(**values)
        except TypeError as error:
            return JSONResponse({"error": str(error)}, 422)
        self._world.tell()
        return JSONResponse({"ok": True, "token": token})

    async def people(self, request: Request) -> Response:
        for said in await request.json():
            person = User(**said)
            self._world.users[person.id] = person
        self._world.tell()
        return JSONResponse({"ok": True})

    async def revoke(self, request: Request) -> Response:
        """@BotFather's /revoke: the old token is dead at once, the webhook stays."""
        bot = self._world.bots[int((await request.json())["bot"])]
        bot.token = new_token(bot.id)
        self._world.tell()
        return JSONResponse({"ok": True, "token": bot.token})

    async def do(self, request: Request) -> Response:
        said = await request.json()
        try:
            done = self._phone.do(self._world.users[int(said["me"])], self._world.bots[int(said["bot"])], said)
        except (KeyError, ValueError, TypeError, IndexError) as error:
            return JSONResponse({"error": str(error)}, 422)
        return JSONResponse({"ok": True, "done": done})

    async def sent(self, request: Request) -> Response:
        since = float(request.query_params.get("since", "0"))
        return JSONResponse([row for row in self._updates.log if row["at"] >= since])

    async def reset(self, request: Request) -> Response:
        del request
        self._world.clear()
        self._updates.pending.clear()
        self._updates.log.clear()
        self._phone.ensure_spare()
        self._world.tell()
        return JSONResponse({"ok": True})
