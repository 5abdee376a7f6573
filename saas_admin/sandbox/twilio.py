"""The pretend Twilio as a whole: its REST API, its webhooks, the phone at `/sms`, and `/_control/twilio`."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from saas_admin.sandbox.faults import Faults
from saas_admin.sandbox.twilio_account import TwilioAccount
from saas_admin.sandbox.twilio_api import TwilioApi
from saas_admin.sandbox.twilio_hooks import TwilioHooks
from saas_admin.sandbox.twilio_phone import TwilioPhone, base_url
from saas_admin.sandbox.twilio_world import Account, Person, Sender, TwilioWorld, new_sid


class Twilio:
    def __init__(self, folder: Path | None, faults: Faults) -> None:
        self._world = TwilioWorld(folder)
        self._world.load()
        self._hooks = TwilioHooks(self._world, faults)
        self._api = TwilioApi(self._world, faults, self._hooks)
        self._account = TwilioAccount(self._world)
        self._phone = TwilioPhone(self._world, self._hooks, self._api)
        self._phone.ensure_spare()

    def routes(self) -> list[BaseRoute]:
        return [
            *self._phone.routes(),
            Route("/_control/twilio", self.overview),
            Route("/_control/twilio/accounts", self.accounts, methods=["POST"]),
            Route("/_control/twilio/senders", self.senders, methods=["POST"]),
            Route("/_control/twilio/people", self.people, methods=["POST"]),
            Route("/_control/twilio/contents", self.contents, methods=["POST"]),
            Route("/_control/twilio/rotate", self.rotate, methods=["POST"]),
            Route("/_control/twilio/do", self._phone.act, methods=["POST"]),
            Route("/_control/twilio/webhooks", self.sent),
            Route("/_control/twilio/reset", self.reset, methods=["POST"]),
            *self._account.routes(),
            *self._api.routes(),
        ]

    def save(self) -> None:
        self._world.save()

    async def close(self) -> None:
        await self._hooks.close()
        self.save()

    async def overview(self, request: Request) -> Response:
        accounts = [{k: v for k, v in asdict(a).items() if k != "auth_token"} for a in self._world.accounts.values()]
        senders = [asdict(sender) for sender in self._world.senders.values()]
        return JSONResponse({"ok": True, "url": base_url(request), "accounts": accounts, "senders": senders})

    async def accounts(self, request: Request) -> Response:
        """Make an account, or change one (status, type, verified numbers, token)."""
        said = await request.json()
        known = self._world.accounts.get(str(said.get("sid", "")))
        fresh = {"sid": new_sid("AC"), "auth_token": new_sid(""), "friendly_name": "Alborada"}
        values: dict[str, Any] = {**(asdict(known) if known else fresh), **said}
        try:
            account = Account(**values)
        except TypeError as error:
            return JSONResponse({"error": str(error)}, 422)
        self._world.accounts[account.sid] = account
        self._world.touch()
        return JSONResponse({"ok": True, **asdict(account)})

    async def senders(self, request: Request) -> Response:
        said = await request.json()
        known = next((s for s in self._world.senders.values() if s.address == said.get("address")), None)
        fresh = {"sid": new_sid("XE" if str(said.get("address")).startswith("whatsapp:") else "PN"), "name": "Alborada"}
        values: dict[str, Any] = {**(asdict(known) if known else fresh), **said}
        try:
            sender = Sender(**values)
        except TypeError as error:
            return JSONResponse({"error": str(error)}, 422)
        self._world.senders[sender.sid] = sender
        self._world.touch()
        return JSONResponse({"ok": True, "sid": sender.sid})

    async def people(self, request: Request) -> Response:
        for said in await request.json():
            person = Person(**said)
            self._world.people[person.number] = person
        self._world.touch()
        return JSONResponse({"ok": True})

    async def contents(self, request: Request) -> Response:
        for said in await request.json():
            self._world.contents[said["sid"]] = said
        self._world.touch()
        return JSONResponse({"ok": True})

    async def rotate(self, request: Request) -> Response:
        """The secondary token becomes the primary one: what was the token until now is dead."""
        account = self._world.accounts[str((await request.json())["account"])]
        account.auth_token = new_sid("")
        self._world.touch()
        return JSONResponse({"ok": True, "auth_token": account.auth_token})

    async def sent(self, request: Request) -> Response:
        since = float(request.query_params.get("since", "0"))
        return JSONResponse([row for row in self._hooks.log if row["at"] >= since])

    async def reset(self, request: Request) -> Response:
        del request
        self._world.clear()
        self._hooks.log.clear()
        self._phone.ensure_spare()
        return JSONResponse({"ok": True})
