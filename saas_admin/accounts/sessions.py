"""A person's own sessions: where they are signed in, and ending that."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from saas_admin.accounts import audit, devices
from saas_admin.core import clock, realtime
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.clock import iso
from saas_admin.core.doors import FoundSession
from saas_admin.core.errors import NotFound
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import LoginSession, UserAccount

log = logging.getLogger(__name__)

NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SessionRow:
    id: str
    device: str
    ip: str
    last_used_at: str
    created_at: str
    is_this: bool
    is_kept: bool


@requires(Permission.PROFILE_EDIT)
def list_own(work: Work) -> list[SessionRow]:
    """This one first, then by last use."""
    user_id = _mine(work)
    lang = work.get(UserAccount, user_id).language
    live = _open(user_id, work).order_by(col(LoginSession.last_used_at).desc())
    rows = [
        SessionRow(
            str(row.id),
            devices.words_for(row.user_agent, lang),
            row.ip or "",
            iso(row.last_used_at) or "",
            iso(row.created_at) or "",
            row.id == work.actor.session_id,
            row.is_persistent,
        )
        for row in work.all(live)
    ]
    return sorted(rows, key=lambda row: not row.is_this)


@requires(Permission.PROFILE_EDIT)
def revoke(work: Work, session_id: UUID) -> str:
    """End one of one's own; what it was called."""
    row = work.first(_open(_mine(work), work).where(col(LoginSession.id) == session_id))
    if row is None:
        raise NotFound
    _end(work, [row])
    return devices.words_for(row.user_agent, work.get(UserAccount, row.user_id).language)


@requires(Permission.PROFILE_EDIT)
def revoke_others(work: Work) -> int:
    """End all but the one that asks; how many."""
    return end_all(work, _mine(work), but=work.actor.session_id)


def end_all(work: Work, user_id: UUID, *, but: UUID | None = None) -> int:
    """The Work acts as the person."""
    rows = [row for row in work.all(_open(user_id, work)) if row.id != but]
    _end(work, rows)
    return len(rows)


def note_use(found: FoundSession) -> None:
    """Keep the last use, at most once a minute; a failure to write it is no reason to refuse anybody."""
    if found.last_used_at > clock.now() - NOTED_EVERY:
        return
    try:
        with Work(Actor(ActorKind.SYSTEM, None, found.user_id)) as work:
            stale = update(LoginSession).where(
                col(LoginSession.id) == found.session_id, col(LoginSession.last_used_at) < work.now - NOTED_EVERY
            )
            work.session.execute(stale.values(last_used_at=work.now))
    except SQLAlchemyError as error:
        log.warning("the last use of a session was not noted: %s", type(error).__name__)


def _open(user_id: UUID, work: Work) -> Select[LoginSession]:
    return select(LoginSession).where(
        col(LoginSession.user_id) == user_id,
        col(LoginSession.revoked_at).is_(None),
        col(LoginSession.expires_at) > work.now,
    )


def _end(work: Work, rows: list[LoginSession]) -> None:
    if not rows:
        return
    for row in rows:
        row.revoked_at = work.now
    user_id, ids = rows[0].user_id, [row.id for row in rows]
    work.once_committed(lambda: realtime.tell_revoked(user_id, ids))
    if work.actor.company_id:
        audit.record(work, "session.ended", target=("person", user_id, work.actor.name), after={"sessions": len(ids)})


def _mine(work: Work) -> UUID:
    if work.actor.user_id is None:
        raise NotFound
    return work.actor.user_id
