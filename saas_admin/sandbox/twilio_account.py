"""The account's side of the pretend Twilio: itself, its numbers, WhatsApp senders, services and contents."""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas_admin.sandbox.twilio_door import guarded, not_found
from saas_admin.sandbox.twilio_rules import Refused
from saas_admin.sandbox.twilio_shapes import number_json, sender_json
from saas_admin.sandbox.twilio_world import Account, Sender, TwilioWorld


class TwilioAccount:
    def __init__(self, world: TwilioWorld) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        account, world = "/2010-04-01/Accounts/{account}", self._world
        return [
            Route(account + ".json", guarded(world, self.account)),
            Route(account + "/IncomingPhoneNumbers.json", guarded(world, self.numbers)),
            Route(account + "/IncomingPhoneNumbers/{sid}.json", guarded(world, self.number), methods=["GET", "POST"]),
            Route("/v1/ContentAndApprovals", guarded(world, self.contents)),
            Route("/v1/Content", guarded(world, self.contents)),
            Route("/v1/Content/{sid}/ApprovalRequests", guarded(world, self.approval)),
            Route("/v1/Services/{sid}", guarded(world, self.service)),
            Route("/v2/Channels/Senders", guarded(world, self.senders)),
            Route("/v2/Channels/Senders/{sid}", guarded(world, self.change_sender), methods=["POST"]),
        ]

    async def account(self, request: Request, account: Account) -> Response:
        del request
        names = ("sid", "auth_token", "friendly_name", "status", "type")
        return JSONResponse({name: getattr(account, name) for name in names} | {"owner_account_sid": account.sid})

    async def numbers(self, request: Request, account: Account) -> Response:
        asked = request.query_params.get("PhoneNumber", "")
        found = [s for s in self._own(account) if not s.is_whatsapp and asked in ("", s.address)]
        more = {"page": 0, "page_size": 50, "next_page_uri": None}
        return JSONResponse({"incoming_phone_numbers": [number_json(s) for s in found], **more})

    async def number(self, request: Request, account: Account) -> Response:
        found = self._world.senders.get(request.path_params["sid"])
        if found is None or found.account_sid != account.sid or found.is_whatsapp:
            raise not_found(request)
        form = parse_qs((await request.body()).decode(), keep_blank_values=True)
        found.url = form.get("SmsUrl", [found.url])[0]
        found.method = form.get("SmsMethod", [found.method])[0]
        self._world.touch()
        return JSONResponse(number_json(found))

    async def senders(self, request: Request, account: Account) -> Response:
        if request.query_params.get("Channel") != "whatsapp":
            raise Refused(20422, "Channel is required")
        found = [sender_json(s) for s in self._own(account) if s.is_whatsapp]
        return JSONResponse({"senders": found, "meta": {"page": 0, "key": "senders", "next_page_url": None}})

    async def change_sender(self, request: Request, account: Account) -> Response:
        found = self._world.senders.get(request.path_params["sid"])
        if found is None or found.account_sid != account.sid:
            raise not_found(request)
        found.url = str((await request.json()).get("webhook", {}).get("callback_url") or "")
        self._world.touch()
        return JSONResponse(sender_json(found), 202)

    async def service(self, request: Request, account: Account) -> Response:
        sid = request.path_params["sid"]
        if not any(s.service_sid == sid for s in self._own(account)):
            raise not_found(request)
        return JSONResponse({"sid": sid, "account_sid": account.sid, "friendly_name": "Servicio de mensajes"})

    async def contents(self, request: Request, account: Account) -> Response:
        size = max(1, min(int(request.query_params.get("PageSize", "50")), 500))
        page = int(request.query_params.get("Page", "0"))
        rows = [row for row in self._world.contents.values() if row["account_sid"] == account.sid]
        if request.url.path.endswith("/Content"):
            rows = [{name: value for name, value in row.items() if name != "approval_requests"} for row in rows]
        following = None
        if (page + 1) * size < len(rows):
            following = (
                f"https://content.twilio.com{request.url.path}?PageSize={size}&Page={page + 1}&PageToken=PT{page}"
            )
        meta = {"page": page, "page_size": size, "next_page_url": following, "key": "contents"}
        return JSONResponse({"contents": rows[page * size : (page + 1) * size], "meta": meta})

    async def approval(self, request: Request, account: Account) -> Response:
        row = self._world.contents.get(request.path_params["sid"])
        if row is None or row["account_sid"] != account.sid:
            raise not_found(request)
        return JSONResponse({"sid": row["sid"], "account_sid": account.sid, "whatsapp": row["approval_requests"]})

    def _own(self, account: Account) -> list[Sender]:
        return [s for s in self._world.senders.values() if s.account_sid == account.sid]
