"""Where webhooks are written: nobody is left waiting."""

import asyncio

import pytest

from saas_admin.channels.event_store import EventStore, NewEvent
from saas_admin.core.ids import new_id


def test_one_task_may_add_again_as_soon_as_it_was_answered(monkeypatch: pytest.MonkeyPatch):
    """A webhook with items of two companies is stored in two steps, one right after the other."""

    async def insert(self: EventStore, events: list[NewEvent]):
        await asyncio.sleep(0)
        return {event.id for event in events}

    monkeypatch.setattr(EventStore, "_insert", insert)

    async def run() -> list[int]:
        store = EventStore()
        event = [NewEvent(new_id(), new_id(), new_id(), "k", "messages", b"{}", None)]
        return [len(await asyncio.wait_for(store.add(event), 5)) for _ in range(3)]

    assert asyncio.run(run()) == [1, 1, 1]
