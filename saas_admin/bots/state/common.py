"""What the forms about the bot share, and numbers and ids out of whatever a client sent."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import reflex as rx

from saas_admin.bots import service
from saas_admin.core.errors import AppError
from saas_admin.ui.base_state import GuardedState

log = logging.getLogger(__name__)


class BotPageState(GuardedState, rx.State, mixin=True):
    """Whether there is something to show."""

    is_loaded: bool = False
    failed: int = 0
    """How often in a row it could not be read: until it is, the page offers to try again."""

    async def _read(self, verb: Callable[..., Any], *args: Any) -> Any:
        """What the page stands on, or None: a page that shows something already says it below, another one in its place."""
        try:
            found, error = await self._ask(verb, *args)
        except Exception:
            log.exception("a page of the bot could not be read")
            found, error = None, AppError("unexpected")
        if error is None:
            self.failed = 0
        elif self.is_loaded:
            await self._notify(f"errors.{error.code}", kind="error", **error.params)
        else:
            self.failed += 1
        return found

    async def _switch_channel(self, key: UUID, is_on: bool, name: str) -> None:
        _, error = await self._ask(service.switch_channel, key, is_on)
        if error is not None:
            await self._notify(f"errors.{error.code}", kind="error", **error.params)
            return
        words = "bots.switch.channel_on" if is_on else "bots.switch.channel_off"
        await self._notify(words, undo=(service.switch_channel, key, not is_on), name=name)


class BotFormState(BotPageState, rx.State, mixin=True):
    """Its problems by field, and a count of what went well."""

    errors: dict[str, str] = {}
    params: dict[str, Any] = {}
    problem: str = ""
    is_busy: bool = False
    done: int = 0

    def _start(self) -> None:
        self.errors, self.params, self.problem = {}, {}, ""

    async def _finish(self, error: AppError | None, words: str, **params: Any) -> bool:
        """Show the problem beside its field, or say what was done."""
        self.is_busy = False
        if error is None:
            self._start()
            self.done += 1
            await self._notify(words, **params)
            return True
        self.errors, self.params = dict(error.fields), {name: str(value) for name, value in error.params.items()}
        self.problem = "" if error.fields else error.code
        return False


def named(form: Any, names: Iterable[str]) -> list[str]:
    """Those of them that a form holds: it holds what somebody changed."""
    return [name for name in names if isinstance(form, Mapping) and name in form]


def text(form: Any, name: str, most: int = 2000) -> str:
    value: Any = form.get(name) if isinstance(form, Mapping) else None
    return value[:most] if isinstance(value, str) else ""


def number(form: Any, name: str) -> int:
    """-1 for what is no whole number: no rule allows it."""
    value: Any = form.get(name) if isinstance(form, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return -1
    try:
        return int(value)
    except (ValueError, OverflowError):
        return -1


def texts(form: Any, name: str, most: int = 100) -> list[str]:
    value: Any = form.get(name) if isinstance(form, Mapping) else None
    return [str(each)[:200] for each in value[:most]] if isinstance(value, list) else []


def share(value: Any) -> float:
    """A probability as a slider sends it; -1 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return -1.0
    return float(value) if 0 <= value <= 1 else -1.0
