"""Twilio's REST API for messages: what it takes on, what becomes of it, the files that belong to it."""

import asyncio
import json
import re
import time
from typing import Any
from urllib.parse import parse_qs

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from saas_admin.sandbox.faults import Faults, SendFault
from saas_admin.sandbox.twilio_door import guarded, not_found
from saas_admin.sandbox.twilio_hooks import TwilioHooks
from saas_admin.sandbox.twilio_rules import Refused, validate
from saas_admin.sandbox.twilio_shapes import message_json
from saas_admin.sandbox.twilio_world import Account, Message, Person, Sender, TwilioWorld, new_sid

REQUESTS_PER_SECOND = 100
MEDIA_LIMIT = 16 * 1024 * 1024
LINK_SECONDS = 300
TYPING_SECONDS = 25
LOOKING_SECONDS = 4
_ORDER = ("queued", "sent", "delivered", "read")


class TwilioApi:
    def __init__(self, world: TwilioWorld, faults: Faults, hooks: TwilioHooks) -> None:
        self._world = world
        self._faults = faults
        self._hooks = hooks

    def routes(self) -> list[Route]:
        account, world = "/2010-04-01/Accounts/{account}", self._world
        return [
            Route(account + "/Messages.json", guarded(world, self.send), methods=["POST"]),
            Route(account + "/Messages/{sid}.json", guarded(world, self.message)),
            Route(account + "/Messages/{message}/Media/{sid}", guarded(world, self.media)),
            Route("/v2/Indicators/Typing.json", guarded(world, self.typing), methods=["POST"]),
            Route("/twilio-files/{link}", self.linked),
        ]

    # Messages

    async def send(self, request: Request, account: Account) -> Response:
        form = parse_qs((await request.body()).decode(), keep_blank_values=True)
        fault = self._faults.next_send()
        if fault is not None and (refused := _refuse(fault)) is not None:
            return refused
        if not self._faults.lenient and not self._faults.is_within(f"twilio:{account.sid}", REQUESTS_PER_SECOND, 1):
            raise Refused(20429, "Too Many Requests", 429)
        sender = validate(self._world, account, form)
        if fault is not None and fault.kind == "timeout_before":
            await asyncio.sleep(fault.seconds)
            return Response(status_code=504)
        to = form["To"][0]
        person = self._world.person_at(to)
        if person is None and self._faults.lenient:
            number = to.rpartition(":")[2]
            person = self._world.people[number] = Person(number, number, f"ES.{number.lstrip('+')}")
        message = self._world.add(
            Message(
                sid=new_sid("MM" if "MediaUrl" in form else "SM"),
                account_sid=account.sid,
                sender=sender.address,
                person=person.number if person else to.rpartition(":")[2],
                is_mine=False,
                body=form.get("Body", [""])[0],
                at=time.time(),
                status="queued",
                to=to,
                callback=form.get("StatusCallback", [""])[0],
                service_sid=form.get("MessagingServiceSid", [""])[0],
            )
        )
        self._fill(message, form)
        problem = self._problem(sender, person, message, fault)
        self._hooks.later(self._deliver(sender, person, message, form.get("MediaUrl", []), problem))
        if fault is not None and fault.kind == "timeout_after":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "no_id":
            return JSONResponse({"status": "queued"}, 201)
        return JSONResponse(message_json(message), 201)

    def _fill(self, message: Message, form: dict[str, list[str]]) -> None:
        if action := form.get("PersistentAction", [""])[0]:
            message.content["place"] = action.removeprefix("geo:")
        if content := self._world.contents.get(form.get("ContentSid", [""])[0]):
            variables = {**content.get("variables", {}), **json.loads(form.get("ContentVariables", ["{}"])[0])}
            said: dict[str, Any] = next(iter(content["types"].values()))
            message.body = re.sub(
                r"\{\{\s*(\w+)\s*\}\}", lambda m: str(variables.get(m[1], m[0])), said.get("body", "")
            )
            message.content["content"] = content["sid"]
            message.content["buttons"] = [
                {
                    "title": action.get("title", ""),
                    "id": action.get("id", ""),
                    "type": action.get("type", "QUICK_REPLY"),
                }
                for action in said.get("actions", [])
            ]

    def _problem(self, sender: Sender, person: Person | None, message: Message, fault: SendFault | None) -> int | None:
        """What is only found out afterwards."""
        if self._faults.lenient:
            return None
        is_whatsapp = sender.is_whatsapp
        if person is None or (is_whatsapp and not person.has_whatsapp) or (fault and fault.kind == "not_reachable"):
            return 63024 if is_whatsapp else 30003
        content = self._world.contents.get(message.content.get("content", ""))
        is_approved = content is not None and content["approval_requests"]["status"] == "approved"
        if is_whatsapp and not is_approved and not self._world.is_open(sender, person):
            return 63016
        return None

    async def _deliver(
        self, sender: Sender, person: Person | None, message: Message, files: list[str], problem: int | None
    ) -> None:
        self._hooks.status(sender, message, "queued")
        for url in files:
            if problem is None and not await self._take_file(message, url):
                problem = 63019 if sender.is_whatsapp else 11751
        await self._pause(0.15, 0.35)
        if problem is not None or person is None:
            message.error_code = problem
            message.status = "undelivered" if problem != 63016 else "failed"
            self._hooks.status(sender, message, message.status)
            self._world.touch()
            return
        self.advance(sender, message, "sent")
        if person.is_online:
            await self._pause(0.5, 1.1)
            self.arrive(sender, person, message)

    def arrive(self, sender: Sender, person: Person, message: Message) -> None:
        """The phone got it; on WhatsApp a chat on the screen is read."""
        self.advance(sender, message, "delivered")
        if sender.is_whatsapp and self._world.looking.get((person.number, sender.address), 0) > time.time():
            self.advance(sender, message, "read")

    def advance(self, sender: Sender, message: Message, status: str) -> None:
        if message.status in _ORDER and _ORDER.index(status) > _ORDER.index(message.status):
            message.status = status
            self._hooks.status(sender, message, status)
            self._world.touch()

    async def _take_file(self, message: Message, url: str) -> bool:
        try:
            async with httpx.AsyncClient(timeout=15, trust_env=False) as client:
                answer = await client.get(url)
        except httpx.HTTPError:
            return False
        if answer.status_code != 200 or not 0 < len(answer.content) <= MEDIA_LIMIT:
            return False
        mime = answer.headers.get("content-type", "application/octet-stream").split(";")[0]
        file = self._world.store(message.account_sid, answer.content, mime, url.split("?")[0].rpartition("/")[2][:80])
        message.media.append(file.sid)
        return True

    async def message(self, request: Request, account: Account) -> Response:
        found = self._world.messages.get(request.path_params["sid"])
        if found is None or found.account_sid != account.sid:
            raise not_found(request)
        return JSONResponse(message_json(found))

    async def typing(self, request: Request, account: Account) -> Response:
        form = parse_qs((await request.body()).decode())
        found = self._world.messages.get(form.get("messageId", [""])[0])
        if form.get("channel") != ["whatsapp"] or found is None or found.account_sid != account.sid:
            raise Refused(20422, "Invalid Parameter")
        for message in self._world.chat(found.sender, found.person):
            if message.is_mine:
                message.status = "read"
        self._world.typing[found.sender, found.person] = time.time() + TYPING_SECONDS
        return JSONResponse({"success": True})

    # Files

    async def media(self, request: Request, account: Account) -> Response:
        """Twilio sends everybody on to an address that needs no password, for a while."""
        file = self._world.files.get(request.path_params["sid"])
        if file is None or file.account_sid != account.sid:
            raise not_found(request)
        link = new_sid("")
        self._world.links[link] = (file.sid, time.time() + LINK_SECONDS)
        return RedirectResponse(f"/twilio-files/{link}", 307)

    async def linked(self, request: Request) -> Response:
        sid, until = self._world.links.get(request.path_params["link"], ("", 0.0))
        content = self._world.read(sid)
        if content is None or until < time.time():
            return Response("Request has expired", 403)
        return Response(content, media_type=self._world.files[sid].mime)

    async def _pause(self, least: float, most: float) -> None:
        await asyncio.sleep((least + self._faults.chance.random() * (most - least)) * self._faults.status_scale)


def _refuse(fault: SendFault) -> Response | None:
    if fault.kind in ("throttle", "pair"):
        return Refused(20429, "Too Many Requests", 429).answer
    if fault.kind == "refuse_token":
        return Refused(20003, "Authenticate", 401).answer
    if fault.kind in ("error_500", "error_503"):
        return Refused(20500, "Internal Server Error", int(fault.kind[-3:])).answer
    if fault.kind == "error_504":
        return Response("<html>Gateway Timeout</html>", 504, media_type="text/html")
    return None
