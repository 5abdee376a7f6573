"""A customer with a new number or a new business-scoped id: the person stays one, and the thread says why it differs."""

from collections.abc import Callable, Iterator
from typing import Any

from saas_admin.adapters.channels.base import Ignored, InboundMessage, MessageKind, Sender
from saas_admin.adapters.channels.events import AddressMoved, Event
from saas_admin.adapters.channels.reading import kept, mapping, moment, text
from saas_admin.adapters.channels.whatsapp_cloud import people

_CHANGES = ("user_changed_number", "user_changed_user_id", "customer_changed_number")

Build = Callable[[dict[str, Any], Sender, dict[str, Any]], InboundMessage]


def told(message: dict[str, Any], value: dict[str, Any], build: Build) -> Iterator[Event]:
    """A `system` message: who moved where, and a line in the thread that says so."""
    system = mapping(message.get("system"))
    change = text(system.get("type"), 60)
    before = people.sender(message, value.get("contacts")) or people.sender(
        {"from_user_id": system.get("previous_user_id")}, []
    )
    after = people.moved(before, system)
    if before is None or change not in _CHANGES:
        yield Ignored("system", change or "no type", mapping(kept(message)))
        return
    if after.external_id != before.external_id:
        yield AddressMoved(before.external_id, after.external_id, moment(message.get("timestamp")))
    old = text(message.get("from"), 128) or before.external_id
    data = {"type": "system", "system": change, "old": old, "new": after.external_id}
    yield build(message, after, {"kind": MessageKind.UNSUPPORTED, "text": text(system.get("body")), "data": data})


def renamed(update: dict[str, Any], value: dict[str, Any]) -> Iterator[Event]:
    """`user_id_update`: another business-scoped id. Somebody known by a number keeps that as the first name."""
    scoped = mapping(update.get("user_id"))
    before = people.sender({"from_user_id": scoped.get("previous")}, [])
    after = people.sender({"from_user_id": scoped.get("current")}, [])
    if before is None or after is None or before.external_id == after.external_id:
        yield Ignored("user_id_update", "no id before and after", mapping(kept(update)))
        return
    del value
    yield AddressMoved(before.external_id, after.external_id, moment(update.get("timestamp")))
