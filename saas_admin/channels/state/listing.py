"""The list of channels."""

from typing import Any

import reflex as rx

from saas_admin.channels import queries
from saas_admin.channels.state import common
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import GuardedState, handler


class ChannelsState(GuardedState, rx.State):
    rows: list[dict[str, Any]] = []
    count: int = 0
    is_loaded: bool = False
    working: int = 0
    incoming: int = 0
    outgoing: int = 0

    @handler(Permission.CHANNELS_READ, opens_page=True)
    async def load(self) -> None:
        rows = await self._do(queries.list_channels)
        if rows is None:
            return
        self.rows = [common.plain(row) for row in rows]
        self.count = len(rows)
        self.working = sum(row.state == "connected" for row in rows)
        self.incoming, self.outgoing = sum(row.in_today for row in rows), sum(row.out_today for row in rows)
        self.is_loaded = True

    @handler(Permission.CHANNELS_MANAGE)
    async def pause(self, channel_id: str) -> Any:
        await common.pause(self, channel_id)
        return ChannelsState.load

    @handler(Permission.CHANNELS_MANAGE)
    async def resume(self, channel_id: str) -> Any:
        await common.resume(self, channel_id)
        return ChannelsState.load

    @handler(Permission.CHANNELS_MANAGE)
    async def remove(self, channel_id: str) -> Any:
        await common.remove(self, channel_id)
        return ChannelsState.load
