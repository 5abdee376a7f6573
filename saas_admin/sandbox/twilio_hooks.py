"""Webhooks as Twilio sends them: a form, signed with the account's token over the address and every parameter.

It comes once; again only when nobody takes the connection, or when the fragment of the address asks for more.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx

from saas_admin.sandbox.faults import Faults
from saas_admin.sandbox.twilio_world import Account, File, Message, Person, Sender, TwilioWorld

RETRY_SECONDS = 1.0
MOST_RETRIES = 5


class TwilioHooks:
    def __init__(self, world: TwilioWorld, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._tasks: set[asyncio.Task[Any]] = set()
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(15, connect=5), trust_env=False)
        self.log: list[dict[str, Any]] = []
        """What was sent and how it was answered, newest last."""

    def message(self, sender: Sender, person: Person, message: Message, base_url: str) -> None:
        fields = _inbound(sender, person, message, [self._world.files[sid] for sid in message.media], base_url)
        self.later(self._deliver(self._world.accounts[sender.account_sid], sender.url, fields))

    def status(self, sender: Sender, message: Message, status: str) -> None:
        """Told where the message said; without an address nobody is told."""
        account = self._world.accounts.get(sender.account_sid)
        if account is None or not message.callback:
            return
        fields = {
            "SmsSid": message.sid,
            "SmsStatus": status,
            "MessageStatus": status,
            "To": message.to,
            "MessageSid": message.sid,
            "AccountSid": account.sid,
            "From": sender.address,
            "ApiVersion": "2010-04-01",
        }
        if message.service_sid:
            fields["MessagingServiceSid"] = message.service_sid
        if sender.is_whatsapp:
            more = {"ChannelPrefix": "whatsapp", "ChannelInstallSid": sender.sid, "StructuredMessage": "false"}
            fields = {**more, **fields, "EventType": status.upper()}
        if message.error_code and status in ("failed", "undelivered"):
            fields["ErrorCode"] = str(message.error_code)
        self.later(self._deliver(account, message.callback, fields))

    def later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await self._http.aclose()

    async def _deliver(self, account: Account, url: str, fields: dict[str, str]) -> None:
        if not url or self._faults.drops():
            return
        await asyncio.sleep(self._faults.webhook_delay())
        copies = [self._post(account, url, fields) for _ in range(1 + self._faults.webhooks.duplicate)]
        await asyncio.gather(*copies)

    async def _post(self, account: Account, url: str, fields: dict[str, str]) -> None:
        called, _, overrides = url.partition("#")
        retries, policies = _overrides(overrides)
        for attempt in range(retries + 1):
            headers = {
                "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
                "user-agent": "TwilioProxy/1.1",
                "x-twilio-signature": sign(account.auth_token, called, fields),
                "i-twilio-idempotency-token": hashlib.sha256(json.dumps(fields).encode()).hexdigest()[:36],
            }
            status = 0
            failed = "ct"
            try:
                answer = await self._http.post(called, content=urlencode(fields), headers=headers)
                status = answer.status_code
                failed = {4: "4xx", 5: "5xx"}.get(status // 100, "")
            except (httpx.ConnectError, httpx.ConnectTimeout):
                pass
            except httpx.HTTPError:
                failed = "rt"
            self.log.append({"at": time.time(), "url": called, "status": status, "fields": fields})
            del self.log[:-2000]
            if failed not in policies and "all" not in policies:
                return
            if attempt < retries:
                await asyncio.sleep(RETRY_SECONDS * self._faults.retry_scale)


def sign(token: str, url: str, fields: dict[str, str]) -> str:
    written = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), written.encode(), hashlib.sha1).digest()).decode()


def _overrides(fragment: str) -> tuple[int, list[str]]:
    """`rc` (how often again, 1) and `rp` (after what, a connection that failed)."""
    said = parse_qs(fragment)
    count = said.get("rc", ["1"])[0]
    return min(int(count) if count.isdigit() else 1, MOST_RETRIES), said.get("rp", ["ct"])[0].split(",")


def _inbound(sender: Sender, person: Person, message: Message, files: list[File], base_url: str) -> dict[str, str]:
    place = f"{base_url}/2010-04-01/Accounts/{sender.account_sid}/Messages/{message.sid}/Media"
    fields = {
        "SmsMessageSid": message.sid,
        "NumMedia": str(len(files)),
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "Body": message.body,
        "To": sender.address,
        "NumSegments": "1",
        "MessageSid": message.sid,
        "AccountSid": sender.account_sid,
        "From": person.address(sender),
        "ApiVersion": "2010-04-01",
        **({"MessagingServiceSid": sender.service_sid} if sender.service_sid else {}),
        **{f"MediaUrl{n}": f"{place}/{file.sid}" for n, file in enumerate(files)},
        **{f"MediaContentType{n}": file.mime for n, file in enumerate(files)},
    }
    if sender.is_whatsapp:
        fields |= {"ProfileName": person.name, "MessageType": message.content.get("type", "text")}
        fields |= {"ExternalUserId": f"whatsapp:{person.user_id}", "ReferralNumMedia": "0"}
        fields |= {} if person.is_hidden else {"WaId": person.number.lstrip("+")}
    else:
        # Where the numbers are at home, as far as Twilio knows: mostly it does not, and says so with nothing.
        homes = ("ToCountry", "ToState", "ToCity", "ToZip", "FromCountry", "FromState", "FromCity", "FromZip")
        fields |= dict.fromkeys(homes, "") | {"FromCountry": "ES"}
    return fields | {name: str(value) for name, value in message.content.get("fields", {}).items()}
