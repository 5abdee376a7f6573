"""Every role × every service verb, event handler and route, generated from the code: allowed or refused as the table says.

The doors are knocked at without arguments: whoever may not pass is refused before anything else is looked at, whoever may
gets as far as what is missing.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient

from saas_admin.accounts.queries import SessionView
from saas_admin.core.actor import Actor
from saas_admin.core.errors import AppError, Forbidden
from saas_admin.core.permissions import Permission, Role, Sight, permissions_of
from saas_admin.core.work import Work
from saas_admin.ui import base_state
from saas_admin.web import request as web_request
from saas_admin.web.api import DOORS, ROUTES
from tests.architecture.test_doors import _verbs, list_states
from tests.shop import Shop, open_shop, session_of

PEOPLE = [*((role, Sight.ALL) for role in Role), (Role.SUPPORT, Sight.UNASSIGNED), (Role.SUPPORT, Sight.OWN)]


@dataclass(frozen=True)
class Cell:
    who: str
    what: str
    should: bool
    did: bool


@pytest.fixture
def shop(db: object, valkey: object) -> Shop:
    del db, valkey
    return open_shop()


def _actors(shop: Shop) -> Iterator[tuple[str, Actor]]:
    for role, sight in PEOPLE:
        person = {Role.ADMIN: shop.admin, Role.SUPPORT: shop.support, Role.MARKETING: shop.marketing}[role]
        yield f"{role}/{sight}", replace(person, sight=sight)


def _may(actor: Actor, door: Any) -> bool:
    assert actor.role is not None
    if door in ("member", "session", "public"):
        return True
    return door != "system" and Permission(door) in permissions_of(actor.role, actor.sight)


def test_service_verbs(shop: Shop) -> None:
    cells = [
        Cell(who, name, _may(actor, verb.__door__), _passes(actor, verb))
        for who, actor in _actors(shop)
        for name, verb in _verbs()
        if getattr(verb, "__door__", "public") != "public"
    ]
    _judge(cells, at_least=150)


def _passes(actor: Actor, verb: Any) -> bool:
    work = Work(actor)
    try:
        with work:
            verb(work)
    except Forbidden as error:
        return "permission" not in error.params
    except (TypeError, AppError):
        return True
    return True


def test_event_handlers(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    doors = [
        (f"{state.__name__}.{name}", state, handler.fn)
        for state in list_states()
        for name, handler in state.event_handlers.items()
        if name in vars(state) and getattr(handler.fn, "__door__", "public") != "public"
    ]
    answers = _listen_to_the_guard(monkeypatch)
    cells: list[Cell] = []
    for (who, actor), (name, state, function) in itertools.product(_actors(shop), doors):
        _sit(monkeypatch, session_of(actor))
        did = asyncio.run(_enters(state, function, answers))
        cells.append(Cell(who, name, _may(actor, function.__door__), did))
    _judge(cells, at_least=100)


def _sit(monkeypatch: pytest.MonkeyPatch, view: SessionView) -> None:
    async def identity(_cookie: str) -> SessionView:
        return view

    monkeypatch.setattr(base_state, "find_identity", identity)


def _listen_to_the_guard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    answers: list[Any] = []
    guard = base_state._enter

    async def listening(state: Any, permission: Permission | None) -> Any:
        answers.append(await guard(state, permission))
        return answers[-1]

    monkeypatch.setattr(base_state, "_enter", listening)
    return answers


async def _enters(state: Any, function: Any, answers: list[Any]) -> bool:
    """What the guard answered; a handler that may go on misses its arguments or runs into the empty shop."""
    make: Any = state
    answers.clear()
    with contextlib.suppress(Exception):
        result = function(make(_reflex_internal_init=True))
        if hasattr(result, "__aiter__"):
            await anext(result.__aiter__(), None)
        else:
            await result
    (answer,) = answers
    return answer is None


def test_routes(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"attachment_id": shop.webchat_id, "file_id": shop.webchat_id, "public_id": shop.webchat_public_id}
    cells: list[Cell] = []
    for who, actor in _actors(shop):
        monkeypatch.setattr(web_request.accounts, "find_session", lambda _token, view=session_of(actor): view)
        with TestClient(Starlette(routes=list(ROUTES)), base_url="http://localhost:8080") as client:
            for route in ROUTES:
                door = DOORS[getattr(route, "path", "")]
                if isinstance(route, WebSocketRoute) or not isinstance(route, Route) or not _is_for_people(door):
                    continue
                for method in sorted((route.methods or set()) - {"HEAD"}):
                    answer = client.request(method, route.path.format(**known))
                    cells.append(Cell(who, f"{method} {route.path}", _may(actor, door), answer.status_code != 403))
    _judge(cells, at_least=15)


def _is_for_people(door: Any) -> bool:
    return door == "session" or isinstance(door, Permission)


def _judge(cells: list[Cell], *, at_least: int) -> None:
    wrong = [cell for cell in cells if cell.should is not cell.did]
    print(f"{len(cells)} cells, {sum(cell.did for cell in cells)} allowed, {len(wrong)} wrong")  # noqa: T201
    assert wrong == []
    assert len(cells) >= at_least
    assert {cell.did for cell in cells} == {True, False}
