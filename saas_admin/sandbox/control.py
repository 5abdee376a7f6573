"""`/_control`: how the demo and the tests arrange this world."""

import time
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas_admin.sandbox.faults import Faults
from saas_admin.sandbox.templates import Templates
from saas_admin.sandbox.webhooks import Webhooks
from saas_admin.sandbox.world import Message, Number, Person, World, new_wamid


class Control:
    def __init__(self, world: World, faults: Faults, webhooks: Webhooks, templates: Templates) -> None:
        self._world = world
        self._templates = templates
        self._faults = faults
        self._webhooks = webhooks

    def routes(self) -> list[Route]:
        return [
            Route("/_control", self.overview),
            Route("/_control/numbers", self.numbers, methods=["POST", "DELETE"]),
            Route("/_control/people", self.people, methods=["POST"]),
            Route("/_control/chats", self.chats, methods=["POST"]),
            Route("/_control/templates", self.put_templates, methods=["POST"]),
            Route("/_control/templates/review", self.review, methods=["POST"]),
            Route("/_control/news", self.news, methods=["POST"]),
            Route("/_control/shop", self.shop, methods=["POST"]),
            Route("/_control/faults", self.change_faults, methods=["POST", "DELETE"]),
            Route("/_control/webhooks", self.sent_webhooks),
            Route("/_control/sends", self.sends),
            Route("/_control/reset", self.reset, methods=["POST"]),
        ]

    async def overview(self, request: Request) -> Response:
        del request
        hidden = ("access_token", "app_secret", "verify_token")
        numbers = [{k: v for k, v in asdict(n).items() if k not in hidden} for n in self._world.numbers.values()]
        people = [asdict(person) for person in self._world.people.values()]
        return JSONResponse({"ok": True, "numbers": numbers, "people": people, "faults": self._faults.as_json()})

    async def numbers(self, request: Request) -> Response:
        """Register a number (again: its chats stay). `handshake` says whether the webhook URL answered right."""
        said = await request.json()
        if request.method == "DELETE":
            self._world.numbers.pop(str(said["phone_number_id"]), None)
            self._world.touch()
            return JSONResponse({"ok": True})
        known = self._world.number(str(said.get("phone_number_id", "")))
        try:
            values: dict[str, Any] = {**(asdict(known) if known else {}), **said}
            number = Number(**values)
        except TypeError as error:
            return JSONResponse({"error": str(error)}, 422)
        number.name = number.name or number.display_phone
        number.is_verified = bool(number.webhook_url) and await self._webhooks.verify(number)
        self._world.numbers[number.phone_number_id] = number
        self._world.tell("*", {"kind": "numbers"})
        return JSONResponse({"ok": True, "handshake": number.is_verified})

    async def people(self, request: Request) -> Response:
        for said in await request.json():
            person = Person(**said)
            known = self._world.people.get(person.wa_id)
            self._world.people[person.wa_id] = person if known is None or person.is_featured else known
        self._world.tell("*", {"kind": "people"})
        return JSONResponse({"ok": True})

    async def chats(self, request: Request) -> Response:
        """Put an earlier conversation on a phone: no webhook leaves for it. A message already there is left alone."""
        for said in await request.json():
            chat = self._world.chat(said["wa_id"], said["phone_number_id"])
            known = {message.id for message in chat.messages}
            for told in said["messages"]:
                message = _message(chat.wa_id, told)
                if message.id not in known:
                    chat.messages.append(message)
            chat.messages.sort(key=lambda m: m.at)
        self._world.tell("*", {"kind": "numbers"})
        return JSONResponse({"ok": True})

    async def put_templates(self, request: Request) -> Response:
        """All templates of an account: `waba_id`, `templates` as the Graph lists them."""
        said = await request.json()
        self._templates.put(str(said["waba_id"]), said["templates"])
        return JSONResponse({"ok": True})

    async def review(self, request: Request) -> Response:
        """`waba_id`, `name`, `language`, `event` (APPROVED, PAUSED …): the template changes and its webhook leaves."""
        is_known = self._templates.review(**await request.json())
        return JSONResponse({"ok": is_known}, 200 if is_known else 404)

    async def news(self, request: Request) -> Response:
        """Any other webhook of a number: `phone_number_id`, `field` (smb_message_echoes, user_preferences …), `value`."""
        said = await request.json()
        number = self._world.number(str(said["phone_number_id"]))
        if number is None:
            return JSONResponse({"error": "number"}, 404)
        self._webhooks.field(number, str(said["field"]), said["value"])
        return JSONResponse({"ok": True})

    async def shop(self, request: Request) -> Response:
        """Which web chat the demo shop embeds: `channel` (public id), optionally `public_url`."""
        said: dict[str, Any] = await request.json()
        self._world.shop = {key: str(value) for key, value in said.items() if key in ("channel", "public_url")}
        self._world.touch()
        return JSONResponse({"ok": True})

    async def change_faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._faults.clear()
        else:
            try:
                self._faults.change(await request.json())
            except (ValueError, TypeError, AttributeError) as error:
                return JSONResponse({"error": str(error)}, 422)
        return JSONResponse(self._faults.as_json())

    async def sent_webhooks(self, request: Request) -> Response:
        since = float(request.query_params.get("since", "0"))
        return JSONResponse([row for row in self._webhooks.log if row["at"] >= since])

    async def sends(self, request: Request) -> Response:
        """When each message was accepted (seconds of one clock), and how many were refused for their rate."""
        del request
        times = self._faults.accepted_at
        return JSONResponse({"accepted_at": times, "refused_for_rate": self._faults.refused_for_rate})

    async def reset(self, request: Request) -> Response:
        del request
        self._world.numbers.clear()
        self._world.people.clear()
        self._world.chats.clear()
        self._world.media.clear()
        self._world.shop.clear()
        self._faults.clear()
        self._webhooks.log.clear()
        self._world.touch()
        return JSONResponse({"ok": True})


def _message(wa_id: str, said: dict[str, Any]) -> Message:
    values: dict[str, Any] = {"id": new_wamid(wa_id), "at": time.time(), "status": "read", **said}
    return Message(**values)
