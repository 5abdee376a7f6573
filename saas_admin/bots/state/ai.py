"""The settings of the company's model: saved and tried in one go, since a key that was never tried is worth nothing."""

from dataclasses import asdict
from typing import Any

import anyio.to_thread
import reflex as rx

from saas_admin.adapters.llm.base import LlmTrouble
from saas_admin.bots import provider
from saas_admin.core.errors import AppError
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import GuardedState, handler
from saas_admin.web.throttle import ensure_not_too_often

CHECKS = 20
"""In ten minutes: each costs the company a call."""


class AiState(GuardedState, rx.State):
    ai: dict[str, Any] = {}
    is_loaded: bool = False
    errors: dict[str, str] = {}
    problem: str = ""
    params: dict[str, str] = {}
    verdict: str = ""
    """What the last check of this page said: a trouble of the closed list."""
    is_busy: bool = False
    is_testing: bool = False
    done: int = 0

    @handler(Permission.BOTS_MANAGE, opens_page=True)
    async def load(self) -> None:
        self.errors, self.problem, self.verdict = {}, "", ""
        # A server that was started again forgot what it was at.
        self.is_busy = self.is_testing = False
        await self._show()

    @handler(Permission.BOTS_MANAGE, background=True)
    async def save(self, form: dict[str, Any]) -> None:
        """Store what was typed; where there is a key, ask the model whether it answers. A key that works is replaced only by
        one that does too."""
        texts = _texts(form)
        async with self:
            if self.is_busy:
                return
            self.is_busy, self.errors, self.problem, self.verdict = True, {}, "", ""
            is_replacing = bool(texts.get("key")) and self.ai.get("has_key") and not self.ai["trouble"]
        if is_replacing and not await self._is_taken(texts):
            return
        async with self:
            _, error = await self._ask(provider.save, texts)
            self.is_busy = False
            if error is not None:
                self._refuse(error)
                return
            self.done += 1
            await self._show()
            if not self.ai["can_ask"]:
                await self._notify("bots.ai.act.saved")
                return
        await self._check()

    @handler(Permission.BOTS_MANAGE, background=True)
    async def test(self) -> None:
        await self._check()

    @handler(Permission.BOTS_MANAGE)
    async def switch(self, on: bool) -> None:
        await self._act("bots.ai.act.on" if on else "bots.ai.act.off", provider.switch, on is True)

    @handler(Permission.BOTS_MANAGE)
    async def remove_key(self) -> None:
        self.verdict = ""
        await self._act("bots.ai.act.key_removed", provider.remove_key)

    async def _is_taken(self, texts: dict[str, str]) -> bool:
        """Whether the model answers with the new key; what speaks against it stands at its field."""
        trouble, error = None, None
        is_taken = False
        async with self:
            actor = self._actor()
        try:
            await ensure_not_too_often("ai-check", str(actor.company_id), most=CHECKS, seconds=600)
            trouble = await anyio.to_thread.run_sync(provider.trial, actor, texts)
            is_taken = trouble is None
        except AppError as refusal:
            error = refusal
        finally:
            # Whatever became of the trial, the page can be used again.
            if not is_taken:
                async with self:
                    self.is_busy = False
        if is_taken:
            return True
        async with self:
            if error is not None:
                self._refuse(error)
            else:
                code = "ai_key_refused" if trouble is LlmTrouble.REFUSED_KEY else "ai_key_silent"
                self.errors = {"key": code}
                await self._notify(f"errors.{code}", kind="error")
        return False

    async def _check(self) -> None:
        async with self:
            if self.is_testing:
                return
            self.is_testing, self.problem, self.verdict = True, "", ""
            actor = self._actor()
        trouble, error = None, None
        try:
            await ensure_not_too_often("ai-check", str(actor.company_id), most=CHECKS, seconds=600)
            trouble = await anyio.to_thread.run_sync(provider.check, actor)
        except AppError as refusal:
            error = refusal
        finally:
            async with self:
                self.is_testing = False
        async with self:
            await self._show()
            if error is not None:
                self._refuse(error)
            elif trouble is not None:
                self.verdict = trouble.value
            elif not self.ai["embedding_trouble"]:
                await self._notify("bots.ai.act.works")

    async def _act(self, words: str, verb: Any, *arguments: Any) -> None:
        _, error = await self._ask(verb, *arguments)
        if error is not None:
            await self._notify(f"errors.{error.code}", kind="error", **error.params)
            return
        await self._notify(words)
        await self._show()

    async def _show(self) -> None:
        view = await self._do(provider.find)
        if view is not None:
            self.ai = asdict(view)
            self.is_loaded = True

    def _refuse(self, error: AppError) -> None:
        self.errors = dict(error.fields)
        self.problem = "" if error.fields else error.code
        self.params = {name: str(value) for name, value in error.params.items()}


def _texts(form: Any) -> dict[str, str]:
    """The values of a form, whatever a client sent as one."""
    return {str(name): str(value) for name, value in form.items()} if isinstance(form, dict) else {}
