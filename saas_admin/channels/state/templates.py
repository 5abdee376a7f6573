"""The templates of a channel."""

from dataclasses import asdict
from typing import Any

import reflex as rx

from saas_admin.channels import template_list
from saas_admin.channels.state import common
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import GuardedState, handler


class ChannelTemplatesState(GuardedState, rx.State):
    rows: list[dict[str, Any]] = []
    synced_at: str = ""
    is_loaded: bool = False
    is_missing: bool = False
    is_syncing: bool = False

    @handler(Permission.CHANNELS_READ, opens_page=True)
    async def load(self) -> None:
        self.rows, self.synced_at, self.is_loaded, self.is_missing, self.is_syncing = [], "", False, False, False
        await self._show()

    @handler(Permission.CHANNELS_READ)
    async def refresh(self) -> None:
        await self._show()

    @handler(Permission.CHANNELS_MANAGE, background=True)
    async def sync(self) -> None:
        async with self:
            channel_id = common.channel_of(self.router.url.path)
            if self.is_syncing or channel_id is None:
                return
            self.is_syncing, actor = True, self._actor()
        n, error = await common.ask_outside(template_list.sync_now, actor, channel_id)
        async with self:
            self.is_syncing = False
            if error is not None:
                await self._notify(f"errors.{error.code}", kind="error", **error.params)
            else:
                await self._notify("channels.templates.synced", n=n)
            await self._show()

    async def _show(self) -> None:
        channel_id = common.channel_of(self.router.url.path)
        found, error = await self._ask(template_list.list_templates, channel_id) if channel_id else (None, None)
        if found is None:
            self.is_missing = error is None or error.code == "not_found"
            return
        self.rows, self.synced_at = [asdict(row) for row in found.rows], found.synced_at or ""
        self.is_loaded = True
