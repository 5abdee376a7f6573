"""A conversation with the bot that nobody else has."""

from dataclasses import asdict
from typing import Any
from uuid import uuid4

import reflex as rx

from saas_admin.bots import playground, queries
from saas_admin.bots.state.common import BotPageState
from saas_admin.core.errors import AppError
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission
from saas_admin.models.bot import certainty
from saas_admin.ui.base_state import handler
from saas_admin.web.throttle import ensure_not_too_often

MOST_A_MINUTE = 30
"""Questions of one person: a model may be asked, which costs."""


class PlaygroundState(BotPageState, rx.State):
    turns: list[dict[str, Any]] = []
    """Each a `playground.Tried`, with its certainty in words."""
    channels: list[dict[str, Any]] = []
    channel: str = ""
    pending: str = ""
    """What was asked and is not answered yet."""
    problem: str = ""
    params: dict[str, Any] = {}
    is_on: bool = False
    _thresholds: tuple[float, float] = (0.9, 0.15)
    _asked: str = ""
    """Which question is waited for: the answer of another one is not shown."""

    @handler(Permission.BOTS_READ, opens_page=True)
    async def load(self) -> None:
        found = await self._read(queries.find_overview)
        if found is None:
            return
        self.channels = [{"id": each.id, "name": each.name, "kind": each.kind} for each in found.channels]
        if self.channel not in {each.id for each in found.channels}:
            self.channel = next((each.id for each in found.channels if each.is_on), "")
        self.is_on, self.is_loaded = found.bot.is_on, True
        self._thresholds = found.bot.direct_at, found.bot.person_at
        self.pending, self._asked = "", ""

    @handler(Permission.BOTS_READ)
    async def choose_channel(self, channel_id: str) -> None:
        """Another channel is another conversation."""
        self.channel = str(parse_id(channel_id) or "")
        self._begin()

    @handler(Permission.BOTS_READ)
    async def begin_again(self) -> None:
        self._begin()

    @handler(Permission.BOTS_READ, background=True)
    async def ask(self, text: str, tapped: str) -> None:
        """In the background: it may take seconds, and the page stays usable."""
        async with self:
            if self._asked:
                return
            asked = self._asked = uuid4().hex
            self.problem, self.pending = "", str(text)[: playground.LONGEST]
            channel_id, turns = parse_id(self.channel), list(self.turns)
        said: playground.Tried | AppError = AppError("playground_trouble")
        try:
            async with self:
                ticket = await self._start(str(text), channel_id, turns, str(tapped))
            said = await playground.collect(ticket)
        except AppError as error:
            said = error
        finally:
            async with self:
                self._show(asked, said)

    def _begin(self) -> None:
        """Whatever is asked at the moment is nobody's answer any more."""
        self.turns, self.problem, self.pending, self._asked = [], "", "", ""

    def _show(self, asked: str, said: playground.Tried | AppError) -> None:
        if asked != self._asked:
            return
        self.pending, self._asked = "", ""
        if isinstance(said, AppError):
            self.problem = next(iter(said.fields.values()), said.code)
            self.params = {name: str(value) for name, value in said.params.items()}
        else:
            level = certainty(said.route, said.reason, said.probability, *self._thresholds)
            self.turns = [*self.turns, asdict(said) | {"certainty": level}]

    async def _start(self, *question: Any) -> str:
        await ensure_not_too_often("playground", str(self._session().user_id), most=MOST_A_MINUTE, seconds=60)
        ticket, error = await self._ask(playground.start, *question)
        if error is not None:
            raise error
        return str(ticket)
