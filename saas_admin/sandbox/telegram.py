"""The pretend Telegram as a whole: its Bot API, its updates, its app at `/telegram` and its control."""

from pathlib import Path

from starlette.routing import BaseRoute

from saas_admin.sandbox.faults import Faults
from saas_admin.sandbox.telegram_api import BotApi
from saas_admin.sandbox.telegram_control import TelegramControl
from saas_admin.sandbox.telegram_phone import TelegramPhone
from saas_admin.sandbox.telegram_updates import Updates
from saas_admin.sandbox.telegram_world import TelegramWorld


class Telegram:
    def __init__(self, folder: Path | None, faults: Faults) -> None:
        self._world = TelegramWorld(folder)
        self._world.load()
        self._updates = Updates(self._world, faults)
        self._api = BotApi(self._world, faults, self._updates)
        self._phone = TelegramPhone(self._world, self._updates)
        self._phone.ensure_spare()
        self._control = TelegramControl(self._world, self._updates, self._phone)

    def routes(self) -> list[BaseRoute]:
        return [*self._phone.routes(), *self._control.routes(), *self._api.routes()]

    def save(self) -> None:
        self._world.save()

    async def close(self) -> None:
        await self._updates.close()
        self.save()
