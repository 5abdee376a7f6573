"""A conversation with the bot that nobody else has."""

from dataclasses import asdict
from typing import Any

import reflex as rx

from saas_admin.bots import playground, queries
from saas_admin.core.errors import AppError, Throttled
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import GuardedState, handler
from saas_admin.web.throttle import ensure_not_too_often

MOST_A_MINUTE = 30
"""Questions of one person: a model may be asked, which costs."""


class PlaygroundState(GuardedState, rx.State):
    turns: list[dict[str, Any]] = []
    """Each a `playground.Tried`."""
    channels: list[dict[str, Any]] = []
    channel: str = ""
    pending: str = ""
    """What was asked and is not answered yet."""
    problem: str = ""
    params: dict[str, Any] = {}
    is_on: bool = False
    is_loaded: bool = False

    @handler(Permission.BOTS_READ, opens_page=True)
    async def load(self) -> None:
        found = await self._do(queries.find_overview)
        if found is None:
            return
        self.channels = [{"id": each.id, "name": each.name, "kind": each.kind} for each in found.channels]
        if self.channel not in {each.id for each in found.channels}:
            self.channel = next((each.id for each in found.channels if each.is_on), "")
        self.is_on, self.is_loaded, self.pending = found.bot.is_on, True, ""

    @handler(Permission.BOTS_READ)
    async def choose_channel(self, channel_id: str) -> None:
        """Another channel is another conversation."""
        self.channel = str(parse_id(channel_id) or "")
        self.turns, self.problem = [], ""

    @handler(Permission.BOTS_READ)
    async def begin_again(self) -> None:
        self.turns, self.problem, self.pending = [], "", ""

    @handler(Permission.BOTS_READ, background=True)
    async def ask(self, text: str, tapped: str) -> None:
        """In the background: it may take seconds, and the page stays usable."""
        async with self:
            if self.pending:
                return
            self.problem, self.pending = "", str(text)[: playground.LONGEST]
            before = len(self.turns)
            ticket, error = await self._start(str(text), str(tapped))
        said: playground.Tried | None = None
        if ticket is not None:
            try:
                said = await playground.collect(ticket)
            except AppError as raised:
                error = raised
        async with self:
            if not self.pending or len(self.turns) != before:
                # Somebody began again meanwhile.
                return
            self.pending = ""
            if said is not None:
                self.turns = [*self.turns, asdict(said)]
            elif error is not None:
                self.problem = next(iter(error.fields.values()), error.code)
                self.params = {name: str(value) for name, value in error.params.items()}

    async def _start(self, text: str, tapped: str) -> tuple[str | None, AppError | None]:
        try:
            await ensure_not_too_often("playground", str(self._session().user_id), most=MOST_A_MINUTE, seconds=60)
        except Throttled as error:
            return None, error
        return await self._ask(playground.start, text, parse_id(self.channel), list(self.turns), tapped)
