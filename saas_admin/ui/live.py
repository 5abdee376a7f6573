"""The Reflex half of live push: raw deltas go into a socket.io room, no State is touched (approach D of the design).

Uses `event_namespace.emit` and the `_rx_state_` suffix of Reflex 0.10.1; tests/ui/test_live.py holds them to it.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx
from reflex.state import StateUpdate

from saas_admin.accounts.queries import SessionView
from saas_admin.core import metrics
from saas_admin.core.realtime import conversation_room, inbox_room
from saas_admin.ui import identity
from saas_admin.web.hub import hub

log = logging.getLogger(__name__)

SUFFIX = "_rx_state_"
NAMESPACE = "/_event"
EVERYBODY = "live:everybody"
GOODBYE_SECONDS = 2.0
"""An honest page reloads when it is told; a socket that is still there afterwards is closed."""
RECHECK_SECONDS = 30.0
"""A revocation that was not heard (Valkey was away) is found this late."""

_app: rx.App | None = None


@dataclass(frozen=True)
class _Seat:
    """Who a socket belongs to, as it was when it came in."""

    cookie: str
    user_id: UUID
    session_id: UUID
    standing: tuple[Any, ...]


_seats: dict[str, _Seat] = {}


class LiveState(rx.State):
    """A mailbox: the server never assigns it, the hub writes past it straight to the browsers of a room."""

    push: dict[str, Any] = {}


def attach(app: rx.App) -> None:
    """Let the hub reach the open dashboards of this web process."""
    global _app
    _app = app
    hub.listen(_emit)
    hub.on_revoked(_revoke)


def take_seat(state: Any, view: SessionView) -> None:
    """Remember whose socket this is, so that it can be sent away."""
    _seats[state.router.session.session_id] = _Seat(
        state.router.headers.cookie, view.user_id, view.session_id, _standing(view)
    )


async def join_rooms(state: Any, rooms: list[str]) -> None:
    """Put the caller's socket into rooms. Whoever calls has checked that this person may read them."""
    sio, sid = _socket(state)
    for room in [*rooms, EVERYBODY]:
        await sio.enter_room(sid, room, namespace=NAMESPACE)


async def leave_rooms(state: Any, rooms: list[str]) -> None:
    sio, sid = _socket(state)
    for room in rooms:
        await sio.leave_room(sid, room, namespace=NAMESPACE)


def count_readers() -> int:
    """Open dashboards of this process."""
    if _app is None or _app.sio is None:
        return 0
    return sum(1 for _ in _app.sio.manager.get_participants(NAMESPACE, EVERYBODY))


async def recheck() -> None:
    """A task for as long as the process lives: whose session ended unheard is sent away too."""
    while True:
        await asyncio.sleep(RECHECK_SECONDS)
        try:
            await recheck_once()
        except Exception:
            log.exception("open dashboards could not be checked")


async def recheck_once() -> None:
    for sid, seat in list(_seats.items()):
        if not _is_connected(sid):
            _seats.pop(sid, None)
            continue
        view = await identity.find_identity(seat.cookie)
        if view is None or _standing(view) != seat.standing:
            await _send_away([sid])


async def _emit(room: str, delta: dict[str, Any]) -> None:
    if _app is None or _app.event_namespace is None:
        return
    if delta.get("kind") == "gone":
        await _emit_gone(room, delta)
        return
    await _push(delta, EVERYBODY if room == "*" else room)
    metrics.LIVE_READERS.labels("dashboard").set(count_readers())


async def _emit_gone(room: str, delta: dict[str, Any]) -> None:
    """A conversation left this room. Who sits in the one it went to, or sees all, keeps it; the others lose its thread as well."""
    company_id = UUID(room.split(":")[1])
    keeping = {inbox_room(company_id), inbox_room(company_id, str(delta.get("to")))}
    for sid in _in_room(room):
        if keeping & set(_app.sio.rooms(sid, namespace=NAMESPACE)):  # type: ignore[union-attr]
            await _push({**delta, "kind": "kept"}, sid)
        else:
            await _app.sio.leave_room(sid, conversation_room(UUID(delta["id"])), namespace=NAMESPACE)  # type: ignore[union-attr]
            await _push(delta, sid)


async def _revoke(user_id: UUID, session_ids: list[UUID] | None) -> None:
    identity.forget_person(user_id)
    theirs = [(sid, seat) for sid, seat in _seats.items() if seat.user_id == user_id]
    await _send_away([sid for sid, seat in theirs if session_ids is None or seat.session_id in session_ids])


async def _send_away(sids: list[str]) -> None:
    """Out of every room at once, then told to load again: the page finds out by itself where it may still go."""
    if not sids or _app is None or _app.sio is None:
        return
    for sid in sids:
        _seats.pop(sid, None)
        for room in list(_app.sio.rooms(sid, namespace=NAMESPACE)):
            if room != sid:
                await _app.sio.leave_room(sid, room, namespace=NAMESPACE)
        await _push({"kind": "identity", "seq": 0}, sid)
    task = asyncio.get_running_loop().create_task(_close(sids))
    task.add_done_callback(lambda done: done.cancelled() or done.exception())


async def _close(sids: list[str]) -> None:
    await asyncio.sleep(GOODBYE_SECONDS)
    for sid in sids:
        if _is_connected(sid) and _app is not None and _app.sio is not None:
            await _app.sio.disconnect(sid, namespace=NAMESPACE)


async def _push(delta: dict[str, Any], room: str) -> None:
    update = StateUpdate(delta={LiveState.get_full_name(): {f"push{SUFFIX}": delta}})
    await _app.event_namespace.emit("event", update, room=room)  # type: ignore[union-attr]


def _in_room(room: str) -> list[str]:
    manager: Any = _app.sio.manager if _app and _app.sio else None
    return [sid for sid, _ in manager.get_participants(NAMESPACE, room)] if manager else []


def _is_connected(sid: str) -> bool:
    return bool(_app and _app.sio and _app.sio.manager.is_connected(sid, NAMESPACE))


def _standing(view: SessionView) -> tuple[Any, ...]:
    return view.session_id, view.company_id, view.role, view.sight, view.must_set_up_two_factor


def _socket(state: Any) -> tuple[Any, str]:
    if _app is None or _app.sio is None:
        raise RuntimeError("live push is not attached")
    return _app.sio, state.router.session.session_id
