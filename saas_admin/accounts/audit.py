"""The audit log: verbs that change something sensitive say so in the same transaction."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from saas_admin.core.secrets import REDACTED
from saas_admin.core.work import Work
from saas_admin.models import AuditEntry

_SECRET = ("password", "secret", "token", "code", "key", "hash")


def record(
    work: Work,
    action: str,
    *,
    target: tuple[str, UUID | None, str] = ("", None, ""),
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add a line. `action` is `thing.verb` (its sentence is `audit.thing.verb` in the catalogue), `target` is (kind, id, name).

    Of `before` and `after` only what differs is kept; a value under a name that sounds like a secret is never stored.
    """
    old, new = _changes(before or {}, after or {})
    kind, target_id, name = target
    work.add(
        AuditEntry(
            at=work.now,
            actor_kind=work.actor.kind.value,
            actor_id=work.actor.user_id,
            actor_name=work.actor.name[:120],
            action=action,
            target_kind=kind,
            target_id=target_id,
            target_name=name[:200],
            before=old,
            after=new,
            ip=work.actor.ip,
        )
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: _safe(name, before[name]) for name in names if name in before},
        {name: _safe(name, after[name]) for name in names if name in after},
    )


def _safe(name: str, value: Any) -> Any:
    if any(word in name.lower() for word in _SECRET):
        return REDACTED
    if isinstance(value, str):
        return value[:300]
    return value if value is None or isinstance(value, bool | int | float | list | dict) else str(value)
