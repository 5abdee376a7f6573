"""Webhooks as Meta sends them: signed bytes, escaped its way, repeated until somebody answers 2xx."""

import asyncio
import hashlib
import hmac
import json
import logging
import random
import time
from typing import Any, Protocol

import httpx

from saas_admin.sandbox.faults import Faults
from saas_admin.sandbox.world import Message, Number, Person, World

log = logging.getLogger(__name__)
RETRY_SECONDS = (1, 2, 4, 8, 15, 30, 60, 120, 120, 120, 300, 300)
"""Meta goes on for seven days; here it is about twenty minutes."""

LINES = 20
"""Webhooks under way at once."""


class Target(Protocol):
    """Where a webhook goes and who signs it: a number's app, a page's app."""

    @property
    def webhook_url(self) -> str: ...
    @property
    def verify_token(self) -> str: ...
    @property
    def app_secret(self) -> str: ...


class Webhooks:
    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._tasks: set[asyncio.Task[Any]] = set()
        self._lines = asyncio.Semaphore(LINES)
        self._http = httpx.AsyncClient(timeout=20, trust_env=False)
        self.log: list[dict[str, Any]] = []
        """What was sent and how it was answered, newest last; for tests and the control API."""

    def message(self, number: Number, person: Person, message: dict[str, Any]) -> asyncio.Task[bool]:
        return self._start(number, {**_head(number), "contacts": [_contact(person)], "messages": [message]})

    def status(self, number: Number, person: Person, message: Message, status: str, **more: Any) -> asyncio.Task[bool]:
        said = {
            "id": message.id,
            "status": status,
            "timestamp": str(int(time.time())),
            "recipient_id": person.wa_id,
            "recipient_user_id": person.user_id,
            **more,
        }
        if message.callback_data is not None:
            said["biz_opaque_callback_data"] = message.callback_data
        if status != "failed":
            said["conversation"] = {"id": hashlib.md5(person.wa_id.encode()).hexdigest(), "origin": {"type": "service"}}  # noqa: S324
            said["pricing"] = {
                "billable": False,
                "pricing_model": "PMP",
                "category": "service",
                "type": "free_customer_service",
            }
        return self._start(number, {**_head(number), "contacts": [_contact(person)], "statuses": [said]})

    async def verify(self, number: Target) -> bool:
        """The handshake Meta makes when a callback URL is saved."""
        challenge = str(random.randrange(10**9, 10**10))  # noqa: S311
        query = {"hub.mode": "subscribe", "hub.verify_token": number.verify_token, "hub.challenge": challenge}
        try:
            answer = await self._http.get(number.webhook_url, params=query, timeout=5)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and answer.text == challenge

    async def settle(self) -> None:
        """Wait until nothing is under way (tests)."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._http.aclose()

    def later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def field(self, number: Number, field: str, value: dict[str, Any]) -> asyncio.Task[bool]:
        """News under another field than `messages`; those of the account carry its time and no number."""
        if field not in ("messages", "smb_message_echoes", "user_preferences"):
            entry = {"id": number.waba_id, "time": int(time.time()), "changes": [{"value": value, "field": field}]}
        else:
            entry = {"id": number.waba_id, "changes": [{"value": {**_head(number), **value}, "field": field}]}
        return self.post(number, {"object": "whatsapp_business_account", "entry": [entry]})

    def _start(self, number: Number, value: dict[str, Any]) -> asyncio.Task[bool]:
        entry = {"id": number.waba_id, "changes": [{"value": value, "field": "messages"}]}
        return self.post(number, {"object": "whatsapp_business_account", "entry": [entry]})

    def post(self, target: Target, envelope: dict[str, Any]) -> asyncio.Task[bool]:
        task = asyncio.ensure_future(self._deliver(target, _bytes(envelope)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _deliver(self, number: Target, body: bytes) -> bool:
        if not number.webhook_url or self._faults.drops():
            return False
        await asyncio.sleep(self._faults.webhook_delay())
        copies = [self._post(number, body) for _ in range(1 + self._faults.webhooks.duplicate)]
        return any(await asyncio.gather(*copies))

    async def _post(self, number: Target, body: bytes) -> bool:
        for pause in (*RETRY_SECONDS, None):
            # Signed at each try: the secret and the URL may have been changed meanwhile.
            headers = {
                "content-type": "application/json",
                "user-agent": "facebookexternalua",
                "x-hub-signature-256": "sha256="
                + hmac.new(number.app_secret.encode(), body, hashlib.sha256).hexdigest(),
            }
            try:
                # The pool looks through all that wait at each turn: a thousand at once would stop everything else.
                async with self._lines:
                    answer = await self._http.post(number.webhook_url, content=body, headers=headers)
                status = answer.status_code
            except httpx.HTTPError as error:
                status, answer = 0, None
                log.info("webhook to %s: %s", number.webhook_url, type(error).__name__)
            self.log.append({"at": time.time(), "url": number.webhook_url, "status": status, "body": body.decode()})
            del self.log[:-2000]
            if 200 <= status < 300:
                return True
            if pause is None:
                break
            await asyncio.sleep(pause * self._faults.retry_scale)
        log.warning("gave a webhook up after %d tries: %s", len(RETRY_SECONDS) + 1, number.webhook_url)
        return False


def _bytes(envelope: dict[str, Any]) -> bytes:
    # Meta escapes non-ASCII as lower-case \uXXXX and the slash as \/: whoever signs a re-dump of the JSON fails here.
    return json.dumps(envelope, separators=(",", ":")).replace("/", "\\/").encode()


def _head(number: Number) -> dict[str, Any]:
    display = "".join(c for c in number.display_phone if c.isdigit())
    metadata = {"display_phone_number": display, "phone_number_id": number.phone_number_id}
    return {"messaging_product": "whatsapp", "metadata": metadata}


def _contact(person: Person) -> dict[str, Any]:
    return {"profile": {"name": person.name}, "wa_id": person.wa_id, "user_id": person.user_id}
