"""The Reflex half of live push: raw deltas go into a socket.io room, no State is touched (approach D of the design).

Uses `event_namespace.emit` and the `_rx_state_` suffix of Reflex 0.10.1; tests/ui/test_live.py holds them to it.
"""

from typing import Any

import reflex as rx
from reflex.state import StateUpdate

from saas_admin.core import metrics
from saas_admin.web.hub import hub

SUFFIX = "_rx_state_"
NAMESPACE = "/_event"
EVERYBODY = "live:everybody"

_app: rx.App | None = None


class LiveState(rx.State):
    """A mailbox: the server never assigns it, the hub writes past it straight to the browsers of a room."""

    push: dict[str, Any] = {}


def attach(app: rx.App) -> None:
    """Let the hub reach the open dashboards of this web process."""
    global _app
    _app = app
    hub.listen(_emit)


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


async def _emit(room: str, delta: dict[str, Any]) -> None:
    if _app is None or _app.event_namespace is None:
        return
    update = StateUpdate(delta={LiveState.get_full_name(): {f"push{SUFFIX}": delta}})
    await _app.event_namespace.emit("event", update, room=EVERYBODY if room == "*" else room)
    metrics.LIVE_READERS.labels("dashboard").set(count_readers())


def _socket(state: Any) -> tuple[Any, str]:
    if _app is None or _app.sio is None:
        raise RuntimeError("live push is not attached")
    return _app.sio, state.router.session.session_id
