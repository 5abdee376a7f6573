"""Row ids: UUID version 7 (RFC 9562), made here because PostgreSQL 15 has no generator; they sort by creation."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    return uuid_utils.compat.uuid7()


def parse_id(value: object) -> UUID | None:
    """A UUID from whatever a client sent, or None."""
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str):
        return None
    try:
        return UUID(value)
    except ValueError:
        return None
