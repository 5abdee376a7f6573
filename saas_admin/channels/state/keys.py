"""The dialogs of a channel: new keys, connecting again, a test message."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import reflex as rx

from saas_admin.channels import credentials, trials
from saas_admin.channels.state import common
from saas_admin.channels.state.one import ChannelState
from saas_admin.core.errors import AppError
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import GuardedState, SessionState, handler


class ChannelKeysState(GuardedState, rx.State):
    is_busy: bool = False
    errors: dict[str, str] = {}
    problem: str = ""
    params: dict[str, str] = {}
    done: int = 0
    """Counts what succeeded: the open dialog closes."""
    target: dict[str, Any] = {}
    """Whom a test message would go to."""

    @handler(Permission.CHANNELS_MANAGE)
    async def open_dialog(self) -> None:
        """Nothing of the last one."""
        self.errors, self.problem, self.is_busy, self.target = {}, "", False, {}
        channel_id = common.channel_of(self.router.url.path)
        found = (await self._ask(trials.find_test_target, channel_id))[0] if channel_id else None
        self.target = asdict(found) if found else {}

    @handler(Permission.CHANNELS_MANAGE, background=True)
    async def rotate(self, form: dict[str, Any]) -> Any:
        """`renew.<name>` asks for a secret that we make; the rest is what was typed."""
        given = common.texts(form)
        renew = [name.removeprefix("renew.") for name in given if name.startswith("renew.")]
        rotated = await self._run(credentials.rotate, given, renew)
        if rotated is None:
            return
        async with self:
            await self._notify("channels.keys.changed")
        yield ChannelState.refresh

    @handler(Permission.CHANNELS_MANAGE, background=True)
    async def reauthorise(self, form: dict[str, Any]) -> Any:
        rotated = await self._run(credentials.reauthorise, common.texts(form))
        if rotated is None:
            return
        async with self:
            await self._notify("channels.keys.connected_again")
        yield ChannelState.refresh
        yield SessionState.look_for_trouble

    @handler(Permission.CHANNELS_MANAGE, background=True)
    async def send_test(self, form: dict[str, Any]) -> Any:
        given = common.texts(form)
        sent = await self._run(trials.send_test, given.get("to", ""), given.get("text", ""))
        if sent is None:
            return
        async with self:
            words = "channels.test.queued" if sent.conversation_id else "channels.test.sent"
            await self._notify(words, name=sent.name)
        yield ChannelState.refresh

    @handler(Permission.CHANNELS_MANAGE)
    async def retry_refused(self) -> Any:
        channel_id = common.channel_of(self.router.url.path)
        n = await self._do(credentials.retry_refused, channel_id) if channel_id else None
        if n is not None:
            await self._notify("channels.keys.retried", n=n)
        return ChannelState.refresh

    async def _run(self, verb: Callable[..., Any], *args: Any) -> Any:
        """None when it was refused; what to say about it stands in the dialog then."""
        async with self:
            channel_id = common.channel_of(self.router.url.path)
            if self.is_busy or channel_id is None:
                return None
            self.is_busy, self.errors, self.problem = True, {}, ""
            actor = self._actor()
        result, error = await common.ask_outside(verb, actor, channel_id, *args)
        async with self:
            self.is_busy = False
            if error is not None:
                self._show(error)
                return None
            self.done += 1
        return result

    def _show(self, error: AppError) -> None:
        self.errors = dict(error.fields)
        self.problem = "" if error.fields else error.code
        self.params = {name: str(value) for name, value in error.params.items()}
