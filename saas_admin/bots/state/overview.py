"""How the bot stands, its switches, its figures."""

from dataclasses import asdict
from typing import Any

import reflex as rx

from saas_admin.bots import figures, queries, service
from saas_admin.bots.state.common import BotPageState
from saas_admin.bots.views import Overview
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import handler


class BotState(BotPageState, rx.State):
    bot: dict[str, Any] = {}
    channels: list[dict[str, Any]] = []
    knowledge: dict[str, int] = {}
    talking: int = 0
    unanswered: int = 0
    figures: dict[str, Any] = {}
    days: int = 7
    channel: str = ""
    """The figures are of this one; empty: of all."""

    @handler(Permission.BOTS_READ, opens_page=True)
    async def load(self) -> None:
        await self._show()
        if not self.failed:
            await self._show_figures()

    @handler(Permission.BOTS_READ, opens_page=True)
    async def count(self) -> None:
        """What the tabs show on every page of the module."""
        await self._count()

    async def _count(self) -> None:
        found, error = await self._ask(queries.count_unanswered)
        if error is None:
            self.unanswered = found

    @handler(Permission.BOTS_READ)
    async def refresh(self) -> None:
        """By the open page itself: what cannot be read now is read in twenty seconds, without a word."""
        found, _ = await self._ask(queries.find_overview)
        if found is not None:
            self._put(found)
            await self._show_figures()

    @handler(Permission.BOTS_READ)
    async def choose_period(self, days: Any) -> None:
        self.days = days if isinstance(days, int) and days in figures.PERIODS else 7
        await self._show_figures()

    @handler(Permission.BOTS_READ)
    async def choose_channel(self, channel_id: Any) -> None:
        self.channel = str(parse_id(channel_id) or "")
        await self._show_figures()

    @handler(Permission.BOTS_MANAGE)
    async def switch(self, is_on: bool) -> None:
        _, error = await self._ask(service.switch, is_on is True)
        if error is not None:
            await self._notify(f"errors.{error.code}", kind="error", **error.params)
        else:
            words = "bots.switch.done_on" if is_on is True else "bots.switch.done_off"
            await self._notify(words, undo=(service.switch, is_on is not True))
        await self._show()

    @handler(Permission.BOTS_MANAGE)
    async def switch_channel(self, channel_id: str, is_on: bool) -> None:
        key = parse_id(channel_id)
        if key is None:
            return
        await self._switch_channel(
            key, is_on is True, next((row["name"] for row in self.channels if row["id"] == str(key)), "")
        )
        await self._show()

    async def _show(self) -> None:
        found = await self._read(queries.find_overview)
        if found is not None:
            self._put(found)

    def _put(self, found: Overview) -> None:
        self.bot, self.knowledge = asdict(found.bot), asdict(found.knowledge)
        self.channels = [asdict(each) for each in found.channels]
        self.talking, self.unanswered = found.talking, found.unanswered
        self.is_loaded = True

    async def _show_figures(self) -> None:
        found = await self._do(figures.find_figures, self.days, parse_id(self.channel))
        if found is not None:
            self.figures = asdict(found)
