"""The log of a channel."""

from dataclasses import asdict
from typing import Any

import reflex as rx

from saas_admin.channels import exchange_log
from saas_admin.channels.state import common
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import GuardedState, handler


class ChannelLogState(GuardedState, rx.State):
    rows: list[dict[str, Any]] = []
    next: str = ""
    only_problems: bool = False
    is_loaded: bool = False

    @handler(Permission.CHANNELS_READ, opens_page=True)
    async def load(self) -> None:
        self.rows, self.next, self.only_problems, self.is_loaded = [], "", False, False
        await self._show()

    @handler(Permission.CHANNELS_READ)
    async def choose(self, only_problems: bool) -> None:
        self.only_problems = only_problems is True
        await self._show()

    @handler(Permission.CHANNELS_READ)
    async def refresh(self) -> None:
        """The first page again; whoever reads further back is not disturbed."""
        if len(self.rows) <= exchange_log.PAGE:
            await self._show()

    @handler(Permission.CHANNELS_READ)
    async def more(self) -> None:
        if self.next:
            await self._show(before=self.next)

    async def _show(self, before: str | None = None) -> None:
        channel_id = common.channel_of(self.router.url.path)
        if channel_id is None:
            return
        page, error = await self._ask(
            exchange_log.list_exchanges, channel_id, only_problems=self.only_problems, before=before
        )
        if error is not None:
            return
        rows = [asdict(row) for row in page.rows]
        self.rows = [*self.rows, *rows] if before else rows
        self.next, self.is_loaded = page.next or "", True
