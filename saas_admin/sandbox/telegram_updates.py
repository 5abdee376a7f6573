"""Updates leave for the webhook with its secret, and again until somebody answers 2xx; without a webhook they wait."""

import asyncio
import logging
import time
from typing import Any

import httpx

from saas_admin.sandbox.faults import Faults
from saas_admin.sandbox.telegram_world import Bot, TelegramWorld

log = logging.getLogger(__name__)
RETRY_SECONDS = (1, 2, 4, 8, 15, 30, 60, 120, 120, 120, 300, 300)
NOT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")
KEPT = 1000


class Updates:
    def __init__(self, world: TelegramWorld, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._http = httpx.AsyncClient(timeout=20, trust_env=False)
        self._tasks: set[asyncio.Task[Any]] = set()
        self.pending: dict[int, dict[int, dict[str, Any]]] = {}
        """Per bot: what nobody has taken yet, by update id."""
        self.log: list[dict[str, Any]] = []

    def tell(self, bot: Bot, kind: str, what: dict[str, Any]) -> None:
        wanted = kind in bot.allowed_updates if bot.allowed_updates else kind not in NOT_BY_DEFAULT
        if not wanted:
            return
        bot.next_update = max(bot.next_update + 1, int(time.time()) % 10**9)
        update = {"update_id": bot.next_update, kind: what}
        waiting = self.pending.setdefault(bot.id, {})
        waiting[bot.next_update] = update
        while len(waiting) > KEPT:
            del waiting[next(iter(waiting))]
        if bot.webhook_url:
            self._start(bot, update)

    def resume(self, bot: Bot) -> None:
        """A webhook was set: what waited leaves now."""
        for update in list(self.pending.get(bot.id, {}).values()):
            self._start(bot, update)

    def take(self, bot: Bot, offset: int, limit: int) -> list[dict[str, Any]]:
        waiting = self.pending.setdefault(bot.id, {})
        for number in [number for number in waiting if number < offset]:
            del waiting[number]
        return list(waiting.values())[:limit]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._http.aclose()

    def _start(self, bot: Bot, update: dict[str, Any]) -> None:
        task = asyncio.ensure_future(self._deliver(bot, update, bot.webhook_url))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, bot: Bot, update: dict[str, Any], url: str) -> None:
        if self._faults.drops():
            return
        await asyncio.sleep(self._faults.webhook_delay())
        for _ in range(self._faults.webhooks.duplicate):
            await self._post(bot, update)
        for pause in (*RETRY_SECONDS, None):
            if bot.webhook_url != url or update["update_id"] not in self.pending.get(bot.id, {}):
                return
            if await self._post(bot, update):
                self.pending[bot.id].pop(update["update_id"], None)
                return
            if pause is not None:
                await asyncio.sleep(pause * self._faults.retry_scale)
        self.pending.get(bot.id, {}).pop(update["update_id"], None)

    async def _post(self, bot: Bot, update: dict[str, Any]) -> bool:
        headers = {"x-telegram-bot-api-secret-token": bot.secret_token} if bot.secret_token else {}
        try:
            answer = await self._http.post(bot.webhook_url, json=update, headers=headers)
            status, problem = (
                answer.status_code,
                f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}",
            )
        except httpx.HTTPError as error:
            status, problem = 0, "Connection refused"
            log.info("webhook to %s: %s", bot.webhook_url, type(error).__name__)
        self.log.append({"at": time.time(), "url": bot.webhook_url, "status": status, "update": update})
        del self.log[:-2000]
        if 200 <= status < 300:
            return True
        bot.last_error_at, bot.last_error = int(time.time()), problem
        return False
