"""The pretend customers of Twilio: one page where a person writes by SMS or WhatsApp. What is done here leaves as a webhook."""

import time
from dataclasses import asdict, replace
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas_admin.sandbox.twilio_api import LOOKING_SECONDS, TwilioApi
from saas_admin.sandbox.twilio_hooks import TwilioHooks
from saas_admin.sandbox.twilio_world import Account, Message, Person, Sender, TwilioWorld, new_sid

PEOPLE = (
    Person("+34622718340", "Marta Soler", "ES.8841027735519"),
    Person("+5213318472290", "Ximena Robles", "MX.2093116650472"),
    Person("+34688102247", "Noa Ferrer", "ES.7713409926150", is_hidden=True),
)
SHOWN = ("image", "audio", "video")
_STOP = {"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout"}
_START = {"start", "yes", "unstop"}


class TwilioPhone:
    def __init__(self, world: TwilioWorld, hooks: TwilioHooks, api: TwilioApi) -> None:
        self._world = world
        self._hooks = hooks
        self._api = api

    def routes(self) -> list[Route]:
        return [
            Route("/sms/state", self.state),
            Route("/sms/do", self.act, methods=["POST"]),
            Route("/sms/files", self.upload, methods=["POST"]),
            Route("/sms/files/{sid}", self.file),
        ]

    def ensure_spare(self) -> None:
        """An account to connect, with a number for SMS, a WhatsApp sender and two contents, and people to be."""
        if not self._world.accounts:
            account = Account(new_sid("AC"), new_sid(""), "Café Alborada")
            self._world.accounts[account.sid] = account
            for prefix, address, name in (
                ("PN", "+14472100384", "SMS de la tienda"),
                ("XE", "whatsapp:+34960318274", "Café Alborada"),
            ):
                sender = Sender(new_sid(prefix), account.sid, address, name)
                self._world.senders[sender.sid] = sender
            for content in (_order_ready(account.sid), _news(account.sid)):
                self._world.contents[content["sid"]] = content
        for person in PEOPLE:
            self._world.people.setdefault(person.number, replace(person))
        self._world.touch()

    # What the person does; each is also `POST /_control/twilio/do` with `me` and `sender`

    def do(self, person: Person, sender: Sender, said: dict[str, Any], base_url: str) -> dict[str, Any]:
        verb = str(said["do"])
        if verb == "look":
            self._look(person, sender)
            return {}
        if verb == "online":
            person.is_online = bool(said["on"])
            self._came_back(person)
            return {}
        body, files, content = self._content(sender, verb, said)
        message = Message(
            sid=new_sid("MM" if files else "SM"),
            account_sid=sender.account_sid,
            sender=sender.address,
            person=person.number,
            is_mine=True,
            body=body,
            at=time.time(),
            status="sent",
            to=sender.address,
            media=files,
            content=content,
        )
        self._world.add(message)
        if not sender.is_whatsapp:
            self._opt(sender, person, body)
        self._hooks.message(sender, person, message, base_url)
        return {"sid": message.sid}

    def _content(self, sender: Sender, verb: str, said: dict[str, Any]) -> tuple[str, list[str], dict[str, Any]]:
        quoted = said.get("quoted")
        more = {"OriginalRepliedMessageSid": quoted, "OriginalRepliedMessageSender": sender.address} if quoted else {}
        if verb == "text":
            return str(said["text"])[:1600], [], {"type": "text", "fields": {**more, **said.get("fields", {})}}
        if verb == "file":
            file = self._world.files[str(said["file"])]
            # The page does not say for whom it uploads.
            file.account_sid = sender.account_sid
            group = file.mime.split("/")[0]
            kind = group if group in SHOWN else "document"
            return str(said.get("caption", "")), [file.sid], {"type": kind, "fields": more}
        if verb == "location":
            place = {"Latitude": f"{float(said['latitude']):.6f}", "Longitude": f"{float(said['longitude']):.6f}"}
            return "", [], {"type": "location", "fields": {**place, "Label": said.get("label", "")}, "place": "…"}
        if verb == "tap":
            title, payload = str(said["title"]), str(said.get("id", ""))
            return title, [], {"type": "button", "fields": {"ButtonText": title, "ButtonPayload": payload, **more}}
        if verb == "unknown":
            return "", [], {"type": "order", "fields": {}}
        raise ValueError(verb)

    def _opt(self, sender: Sender, person: Person, body: str) -> None:
        """Twilio keeps its own list, by its own words (in English, unless an account has others)."""
        word = body.strip().lower()
        if word in _STOP:
            self._world.opted_out.add((sender.address, person.number))
        elif word in _START:
            self._world.opted_out.discard((sender.address, person.number))

    def _look(self, person: Person, sender: Sender) -> None:
        self._world.looking[person.number, sender.address] = time.time() + LOOKING_SECONDS
        if sender.is_whatsapp and person.is_online:
            for message in self._world.chat(sender.address, person.number):
                if not message.is_mine and message.status in ("sent", "delivered"):
                    self._api.advance(sender, message, "read")

    def _came_back(self, person: Person) -> None:
        for message in list(self._world.messages.values()):
            if (
                person.is_online
                and message.person == person.number
                and message.status == "sent"
                and not message.is_mine
            ):
                account = self._world.accounts[message.account_sid]
                if sender := self._world.sender(account, message.sender):
                    self._api.arrive(sender, person, message)

    # What the page sees

    async def state(self, request: Request) -> Response:
        people = self._world.people
        person = people.get(request.query_params.get("me", "")) or next(iter(people.values()))
        senders = [
            {
                "sid": sender.sid,
                "name": sender.name,
                "address": sender.address,
                "is_whatsapp": sender.is_whatsapp,
                "is_connected": bool(sender.url),
                "account_sid": sender.account_sid,
                "auth_token": self._world.accounts[sender.account_sid].auth_token,
                "typing": self._world.typing.get((sender.address, person.number), 0) > time.time(),
                "is_stopped": (sender.address, person.number) in self._world.opted_out,
                "messages": [self._view(m) for m in self._world.chat(sender.address, person.number)[-100:]],
            }
            for sender in self._world.senders.values()
        ]
        return JSONResponse({"me": asdict(person), "people": [asdict(p) for p in people.values()], "senders": senders})

    def _view(self, message: Message) -> dict[str, Any]:
        files = [self._world.files[sid] for sid in message.media if sid in self._world.files]
        shown = [{"url": f"/sms/files/{file.sid}", "mime": file.mime, "name": file.name} for file in files]
        names = ("sid", "is_mine", "body", "at", "status", "error_code")
        return {
            **{name: getattr(message, name) for name in names},
            "files": shown,
            "place": message.content.get("place", ""),
            "buttons": message.content.get("buttons", []),
        }

    async def act(self, request: Request) -> Response:
        said = await request.json()
        try:
            person, sender = self._world.people[str(said["me"])], self._world.senders[str(said["sender"])]
            done = self.do(person, sender, said, base_url(request))
        except (KeyError, ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, 422)
        return JSONResponse({"ok": True, "done": done})

    async def upload(self, request: Request) -> Response:
        async with request.form(max_part_size=20 * 1024 * 1024) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                return JSONResponse({"error": "file"}, 422)
            mime = file.content_type or "application/octet-stream"
            account = next(iter(self._world.accounts))
            stored = self._world.store(account, await file.read(), mime, file.filename or "archivo")
        return JSONResponse({"file": stored.sid})

    async def file(self, request: Request) -> Response:
        file = self._world.files.get(request.path_params["sid"])
        content = self._world.read(file.sid) if file else None
        if file is None or content is None:
            return Response(status_code=404)
        is_shown = file.mime.split("/")[0] in SHOWN and "svg" not in file.mime
        headers = {"x-content-type-options": "nosniff"} | ({} if is_shown else {"content-disposition": "attachment"})
        return Response(content, media_type=file.mime if is_shown else "application/octet-stream", headers=headers)


def base_url(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


def _order_ready(account_sid: str) -> dict[str, Any]:
    actions = [{"type": "QUICK_REPLY", "title": "Voy mañana", "id": "manana"}]
    body = "Hola, {{1}}: tu pedido {{2}} está listo para recoger."
    types = {"twilio/quick-reply": {"body": body, "actions": actions}}
    return _content(account_sid, "pedido_listo", types, {"1": "Marta", "2": "1042"}, "UTILITY", "approved")


def _news(account_sid: str) -> dict[str, Any]:
    types = {"twilio/text": {"body": "Ya llegó el café de {{1}}. Contesta BAJA si no quieres más avisos."}}
    return _content(account_sid, "cosecha_nueva", types, {"1": "Huila"}, "MARKETING", "pending")


def _content(
    account_sid: str, name: str, types: dict[str, Any], variables: dict[str, str], category: str, status: str
) -> dict[str, Any]:
    approval = {"name": name, "category": category, "content_type": next(iter(types)), "status": status}
    return {
        "sid": new_sid("HX"),
        "account_sid": account_sid,
        "friendly_name": name,
        "language": "es",
        "variables": variables,
        "types": types,
        "approval_requests": {**approval, "rejection_reason": "", "allow_category_change": False},
    }
