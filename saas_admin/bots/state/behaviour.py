"""How the bot speaks and what it may do, everywhere and on one channel."""

from dataclasses import asdict
from typing import Any

import reflex as rx

from saas_admin.bots import queries, service
from saas_admin.bots.service import DIFFERS, Manner, TopicChange
from saas_admin.bots.state.common import BotFormState, named, number, text, texts
from saas_admin.bots.views import Overview
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission
from saas_admin.core.work import Work
from saas_admin.ui.base_state import handler

_WORDS = (*Manner.__dataclass_fields__, "give_back")
_NUMBERS = ("most_answers", "give_back_hours", "answer_within")


class BehaviourState(BotFormState, rx.State):
    bot: dict[str, Any] = {}
    samples: dict[str, Any] = {}
    """What it says by itself, by language and form of address."""

    @handler(Permission.BOTS_READ, opens_page=True)
    async def load(self) -> None:
        self._start()
        await self._show()

    @handler(Permission.BOTS_MANAGE)
    async def save(self, form: Any) -> None:
        """What was changed in the form: all of it, or nothing."""
        _, error = await self._ask(service.set_behaviour, _changes(form), _topics(form))
        if await self._finish(error, "bots.behaviour.saved"):
            await self._show()

    async def _show(self) -> None:
        read = await self._read(_view)
        if read is not None:
            found, samples = read
            self.bot, self.samples, self.is_loaded = asdict(found.bot), samples, True


class ChannelBotState(BotFormState, rx.State):
    """What differs on one channel."""

    bot: dict[str, Any] = {}
    channel: dict[str, Any] = {}
    samples: dict[str, Any] = {}
    is_missing: bool = False

    @handler(Permission.BOTS_READ, opens_page=True)
    async def load(self) -> None:
        """The channel of the address. A foreign or mistyped id is a missing channel."""
        self._start()
        if self.channel.get("id") != self._wanted():
            # The one before must not stand under this address, whatever the read says.
            self.channel, self.is_loaded, self.is_missing = {}, False, False
        await self._show()

    @handler(Permission.BOTS_MANAGE)
    async def save(self, form: Any) -> None:
        key = parse_id(self.channel.get("id"))
        if key is None:
            return
        _, error = await self._ask(service.set_channel, key, {name: text(form, name) for name in named(form, DIFFERS)})
        if await self._finish(error, "bots.channel.saved", name=str(self.channel["name"])):
            await self._show()

    @handler(Permission.BOTS_MANAGE)
    async def switch(self, is_on: bool) -> None:
        key = parse_id(self.channel.get("id"))
        if key is not None:
            await self._switch_channel(key, is_on is True, str(self.channel["name"]))
            await self._show()

    @handler(Permission.BOTS_READ)
    async def refresh(self) -> None:
        """After an undo."""
        await self._show()

    async def _show(self) -> None:
        read = await self._read(_view)
        if read is None:
            return
        found, samples = read
        channel = next((each for each in found.channels if each.id == self._wanted()), None)
        self.bot, self.samples = asdict(found.bot), samples
        self.channel = asdict(channel) if channel else {}
        self.is_loaded, self.is_missing = channel is not None, channel is None

    def _wanted(self) -> str:
        return self.router.url.path.rstrip("/").rsplit("/", 1)[-1]


def _view(work: Work) -> tuple[Overview, dict[str, Any]]:
    return queries.find_overview(work), queries.find_samples(work)


def _changes(form: Any) -> dict[str, Any]:
    words = {name: text(form, name) for name in named(form, _WORDS)}
    return words | {name: number(form, name) for name in named(form, _NUMBERS)}


def _topics(form: Any) -> TopicChange | None:
    """None where the list was left alone."""
    for name in named(form, ["forbidden_topics"]):
        return TopicChange(texts(form[name], "added"), texts(form[name], "removed"))
    return None
