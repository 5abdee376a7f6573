"""The two thresholds, and what others would have done."""

from dataclasses import asdict
from typing import Any

import reflex as rx

from saas_admin.bots import queries, service, thresholds
from saas_admin.bots.state.common import BotFormState, share
from saas_admin.bots.views import BotView, Preview
from saas_admin.core.permissions import Permission
from saas_admin.core.work import Work
from saas_admin.ui.base_state import handler


class ThresholdsState(BotFormState, rx.State):
    preview: dict[str, Any] = {}
    direct_at: float = 0.9
    """As it is set."""
    person_at: float = 0.15
    admins: list[str] = []

    @handler(Permission.BOTS_READ, opens_page=True)
    async def load(self) -> None:
        self._start()
        await self._show()

    @handler(Permission.BOTS_READ)
    async def look(self, direct_at: Any, person_at: Any) -> None:
        """What this pair would have done; nothing is set."""
        if share(direct_at) >= 0 and share(person_at) >= 0:
            await self._look(share(direct_at), share(person_at))

    @handler(Permission.BOTS_MANAGE)
    async def save(self, direct_at: Any, person_at: Any) -> None:
        """None: that one was not moved."""
        wanted = [None if each is None else share(each) for each in (direct_at, person_at)]
        _, error = await self._ask(service.set_thresholds, *wanted)
        if await self._finish(error, "bots.thresholds.saved"):
            await self._show()

    async def _show(self) -> None:
        found = await self._read(_view)
        if found is not None:
            bot, preview = found
            self.direct_at, self.person_at, self.admins = bot.direct_at, bot.person_at, bot.admins
            self.preview, self.is_loaded = asdict(preview), True

    async def _look(self, direct_at: float, person_at: float) -> None:
        found = await self._do(thresholds.preview, direct_at, person_at)
        if found is not None:
            self.preview, self.is_loaded = asdict(found), True


def _view(work: Work) -> tuple[BotView, Preview]:
    bot = queries.find_overview(work).bot
    return bot, thresholds.preview(work, bot.direct_at, bot.person_at)
