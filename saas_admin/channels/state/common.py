"""What the States of channels share: ids out of addresses, verbs that ask a provider, the small acts with their toasts."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

import anyio.to_thread
from sqlalchemy.exc import OperationalError

from saas_admin.adapters.channels import registry
from saas_admin.channels import queries, registration, service
from saas_admin.channels.forms import Checked
from saas_admin.channels.kinds import provider_of
from saas_admin.channels.queries import ChannelRow
from saas_admin.core.actor import Actor
from saas_admin.core.errors import AppError

log = logging.getLogger(__name__)

_SEGMENT = 2
"""/channels/<id>/…"""


def channel_of(path: str) -> UUID | None:
    """The channel of an address; None for one that was mistyped."""
    parts = path.split("/")
    return as_id(parts[_SEGMENT]) if len(parts) > _SEGMENT else None


def as_id(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def texts(form: Any) -> dict[str, str]:
    """The values of a form, whatever a client sent as one."""
    if not isinstance(form, dict):
        return {}
    return {str(name): str(value) for name, value in form.items() if isinstance(value, str | int)}


def plain(row: ChannelRow) -> dict[str, Any]:
    return {**asdict(row), "label": row.label.replace(",", ", ")}


async def ask_outside(verb: Callable[..., Any], actor: Actor, *args: Any) -> tuple[Any, AppError | None]:
    """Like `_ask`, for verbs that open their own transactions around a call to a provider."""
    try:
        return await anyio.to_thread.run_sync(lambda: verb(actor, *args)), None
    except AppError as error:
        return None, error
    except OperationalError:
        log.exception("the database went away during %s", getattr(verb, "__name__", verb))
        return None, AppError("unavailable")


async def check(kind: str, form: Any, stored: dict[str, str] | None = None) -> tuple[Checked | None, AppError | None]:
    """The values of a form by our rules and the provider's word, in a thread."""
    if kind not in registry.kinds() or not isinstance(form, dict):
        return None, AppError("not_found")
    values = texts(form)
    try:
        return await anyio.to_thread.run_sync(
            lambda: service.check(kind, values.get("name", ""), values, stored=stored)
        ), None
    except AppError as error:
        return None, error


async def pause(state: Any, channel_id: str) -> None:
    key = as_id(channel_id)
    detail = await state._do(queries.find_channel, key) if key else None
    if detail is None:
        return
    _, error = await state._ask(service.disable, key)
    if error is not None:
        await state._notify(f"errors.{error.code}", kind="error", **error.params)
    else:
        await state._notify("channels.pause.done", undo=(service.enable, key), name=detail.row.name)


async def resume(state: Any, channel_id: str) -> None:
    """Back to work, and registered at the provider again: it may have dropped what did not answer."""
    key = as_id(channel_id)
    detail = await state._do(queries.find_channel, key) if key else None
    if key is None or detail is None:
        return
    _, error = await state._ask(service.enable, key)
    if error is None:
        _, error = await ask_outside(registration.register, state._actor(), key)
    if error is not None:
        await state._notify(f"errors.{error.code}", kind="error", **error.params)
    else:
        await state._notify("channels.pause.resumed", undo=(service.disable, key), name=detail.row.name)


async def remove(state: Any, channel_id: str) -> bool:
    key = as_id(channel_id)
    detail = await state._do(queries.find_channel, key) if key else None
    if key is None or detail is None:
        return False
    failure, error = await ask_outside(registration.remove, state._actor(), key)
    if error is not None:
        await state._notify(f"errors.{error.code}", kind="error", **error.params)
        return False
    if failure is not None:
        provider = provider_of(detail.row.kind)
        await state._notify("channels.remove.done_but", kind="error", name=detail.row.name, provider=provider)
    else:
        await state._notify("channels.remove.done", name=detail.row.name)
    return True
