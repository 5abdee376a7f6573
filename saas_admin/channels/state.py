"""Channels: the list, and one channel with its form."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import anyio.to_thread
import reflex as rx

from saas_admin.adapters.channels import registry
from saas_admin.channels import queries, service
from saas_admin.channels.queries import ChannelDetail, ChannelRow
from saas_admin.channels.service import Checked
from saas_admin.core.config import get_settings
from saas_admin.core.errors import AppError
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import GuardedState, handler


class ChannelsState(GuardedState, rx.State):
    """The list."""

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
        self.rows = [_plain(row) for row in rows]
        self.count = len(rows)
        self.working = sum(row.state == "connected" for row in rows)
        self.incoming, self.outgoing = sum(row.in_today for row in rows), sum(row.out_today for row in rows)
        self.is_loaded = True

    @handler(Permission.CHANNELS_MANAGE)
    async def pause(self, channel_id: str) -> Any:
        await _switch(self, service.disable, service.enable, "channels.pause.done", channel_id)
        return ChannelsState.load

    @handler(Permission.CHANNELS_MANAGE)
    async def resume(self, channel_id: str) -> Any:
        await _switch(self, service.enable, service.disable, "channels.pause.resumed", channel_id)
        return ChannelsState.load

    @handler(Permission.CHANNELS_MANAGE)
    async def remove(self, channel_id: str) -> Any:
        await _remove(self, channel_id)
        return ChannelsState.load


class ChannelState(GuardedState, rx.State):
    """One channel, or the one about to be: its status, its values without secrets, the problems of its form."""

    channel: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    values: dict[str, Any] = {}
    secrets_set: list[str] = []
    webhook_url: str = ""
    verify_token: str = ""
    snippet: str = ""
    demo_numbers: str = ""
    """In the demo: the page that plays Meta's dashboard."""
    is_found: bool = False
    is_missing: bool = False
    is_busy: bool = False
    errors: dict[str, str] = {}
    problem: str = ""

    @handler(Permission.CHANNELS_READ, opens_page=True)
    async def load(self) -> None:
        """The channel of the address. A foreign or mistyped id is a missing channel."""
        self.errors, self.problem, self.is_busy = {}, "", False
        self.demo_numbers = _demo_numbers()
        await self._show_channel()

    @handler(Permission.CHANNELS_READ)
    async def refresh(self) -> None:
        await self._show_channel()

    @handler(Permission.CHANNELS_MANAGE, opens_page=True)
    async def start(self) -> None:
        """An empty form."""
        self.reset()
        self.demo_numbers = _demo_numbers()

    @handler(Permission.CHANNELS_MANAGE, background=True)
    async def connect(self, kind: str, form: dict[str, Any]) -> Any:
        """Ask the provider first, which may take seconds: in the background, without holding the tab's state."""
        async with self:
            if self.is_busy:
                return
            self.is_busy, self.errors, self.problem = True, {}, ""
        checked, error = await _check(kind, form)
        async with self:
            self.is_busy = False
            created = None
            if checked is not None:
                created, error = await self._ask(service.create, checked)
            if error is not None or created is None or checked is None:
                self._show_problems(error)
                return
            await self._notify("channels.detail.created", name=checked.name)
        yield rx.redirect(f"/channels/{created.id}")

    @handler(Permission.CHANNELS_MANAGE, background=True)
    async def save(self, form: dict[str, Any]) -> Any:
        async with self:
            channel_id, kind = _uuid(self.channel.get("id")), str(self.channel.get("kind", ""))
            if self.is_busy or channel_id is None:
                return
            self.is_busy, self.errors, self.problem = True, {}, ""
            stored, error = await self._ask(service.stored_values, channel_id)
        checked = None
        if error is None:
            checked, error = await _check(kind, form, stored)
        async with self:
            self.is_busy = False
            if checked is not None:
                _, error = await self._ask(service.update, channel_id, checked)
            if error is not None or checked is None:
                self._show_problems(error)
                return
            await self._notify("channels.detail.saved", name=checked.name)
            await self._show_channel()

    @handler(Permission.CHANNELS_MANAGE)
    async def pause(self, channel_id: str) -> None:
        await _switch(self, service.disable, service.enable, "channels.pause.done", channel_id)
        await self._show_channel()

    @handler(Permission.CHANNELS_MANAGE)
    async def resume(self, channel_id: str) -> None:
        await _switch(self, service.enable, service.disable, "channels.pause.resumed", channel_id)
        await self._show_channel()

    @handler(Permission.CHANNELS_MANAGE)
    async def remove(self, channel_id: str) -> Any:
        return rx.redirect("/channels") if await _remove(self, channel_id) else None

    async def _show_channel(self) -> None:
        channel_id = _uuid(self.router.url.path.rstrip("/").rsplit("/", 1)[-1])
        found: ChannelDetail | None = None
        if channel_id is not None:
            found, error = await self._ask(queries.find_channel, channel_id)
            if error is not None and error.code != "not_found":
                await self._notify(f"errors.{error.code}", kind="error", **error.params)
                return
        self.is_found, self.is_missing = found is not None, found is None
        if found is None:
            return
        self.channel, self.facts = _plain(found.row), found.facts
        self.values = {**found.settings, "name": found.row.name}
        self.secrets_set = found.secrets_set
        self.webhook_url, self.verify_token, self.snippet = (
            found.webhook_url or "",
            found.verify_token or "",
            found.snippet or "",
        )

    def _show_problems(self, error: AppError | None) -> None:
        if error is None:
            return
        self.errors = dict(error.fields)
        self.problem = "" if error.fields else error.code


def _demo_numbers() -> str:
    settings = get_settings()
    return f"{settings.sandbox_url}/meta" if settings.demo else ""


async def _check(kind: str, form: Any, stored: dict[str, str] | None = None) -> tuple[Checked | None, AppError | None]:
    """The values of a form by our rules and the provider's word, in a thread."""
    if kind not in registry.kinds() or not isinstance(form, dict):
        return None, AppError("not_found")
    values = {str(name): str(value) for name, value in form.items() if isinstance(value, str | int)}
    try:
        return await anyio.to_thread.run_sync(
            lambda: service.check(kind, values.get("name", ""), values, stored=stored)
        ), None
    except AppError as error:
        return None, error


async def _switch(state: Any, verb: Any, back: Any, words: str, channel_id: str) -> None:
    """Pause or resume, with the way back in the toast."""
    key = _uuid(channel_id)
    if key is None:
        return
    detail = await state._do(queries.find_channel, key)
    if detail is None:
        return
    _, error = await state._ask(verb, key)
    if error is not None:
        await state._notify(f"errors.{error.code}", kind="error", **error.params)
    else:
        await state._notify(words, undo=(back, key), name=detail.row.name)


async def _remove(state: Any, channel_id: str) -> bool:
    key = _uuid(channel_id)
    detail = await state._do(queries.find_channel, key) if key else None
    if key is None or detail is None:
        return False
    _, error = await state._ask(service.delete, key)
    if error is not None:
        await state._notify(f"errors.{error.code}", kind="error", **error.params)
        return False
    await state._notify("channels.remove.done", name=detail.row.name)
    return True


def _plain(row: ChannelRow) -> dict[str, Any]:
    return {**asdict(row), "label": row.label.replace(",", ", ")}


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
