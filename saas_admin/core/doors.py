"""The doors: every function that looks across companies, one caller each. Their SQL is in `alembic/sql`.

They are owned by `owner` (SECURITY DEFINER, fixed search_path) and answer no more than is needed here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saas_admin.core.db import app_engine
from saas_admin.core.permissions import Role, Sight
from saas_admin.core.text import is_clean

Claim = Callable[[int], dict[UUID, list[UUID]]]


@dataclass(frozen=True)
class Login:
    user_id: UUID
    password_hash: str
    is_confirmed: bool
    is_active: bool
    has_two_factor: bool


@dataclass(frozen=True)
class FoundSession:
    session_id: UUID
    user_id: UUID
    company_id: UUID
    role: Role
    sight: Sight
    user_name: str
    email: str
    is_confirmed: bool
    has_two_factor: bool
    two_factor_due: datetime | None
    """When the company's rule shuts this person out unless they have set up a second factor."""
    language: str
    theme: str
    has_sounds: bool
    photo_id: UUID | None
    availability: str
    company_name: str
    logo_id: UUID | None
    locale: str
    time_zone: str
    currency: str
    delete_after: datetime | None
    last_used_at: datetime


@dataclass(frozen=True)
class FoundToken:
    token_id: UUID
    user_id: UUID
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class FoundChannel:
    """What the intake and the widget need of a channel before they know the company."""

    company_id: UUID
    channel_id: UUID
    address: str
    settings: dict[str, Any]
    secrets: bytes | None
    former_secrets: bytes | None
    """Replaced a short while ago: providers may still sign with them."""
    state: str
    name: str

    @property
    def is_disabled(self) -> bool:
        return self.state == "disabled"


@dataclass(frozen=True)
class MembershipRow:
    company_id: UUID
    company_name: str
    logo_id: UUID | None
    role: Role
    needs_two_factor: bool
    """Whether this company asks a second factor of this role."""


@dataclass(frozen=True)
class FoundInvitation:
    invitation_id: UUID
    company_id: UUID
    company_name: str
    logo_id: UUID | None
    email: str
    role: Role
    sight: Sight
    inviter_name: str
    user_id: UUID | None
    """The login that the address has already."""
    expires_at: datetime
    accepted_at: datetime | None
    cancelled_at: datetime | None


@dataclass(frozen=True)
class ClaimedMail:
    id: UUID
    recipient: str
    subject: str
    body: bytes
    attempts: int


@dataclass(frozen=True)
class OutboxMail:
    id: UUID
    recipient: str
    subject: str
    body: bytes
    created_at: datetime


def find_login(session: Session, email: str) -> Login | None:
    row = _first(session, "door_find_login", email)
    return Login(**row) if row else None


def find_session(token_hash: bytes) -> FoundSession | None:
    with Session(app_engine()) as session:
        row = _first(session, "door_find_session", token_hash)
    return FoundSession(**_with_role(row)) if row else None


def list_memberships(session: Session, user_id: UUID) -> list[MembershipRow]:
    return [MembershipRow(**_with_role(row)) for row in _rows(session, "door_memberships", user_id)]


def find_token(session: Session, purpose: str, token_hash: bytes) -> FoundToken | None:
    row = _first(session, "door_find_token", purpose, token_hash)
    return FoundToken(**row) if row else None


def find_invitation(session: Session, token_hash: bytes) -> FoundInvitation | None:
    row = _first(session, "door_find_invitation", token_hash)
    return FoundInvitation(**_with_role(row)) if row else None


def last_seen(session: Session) -> dict[UUID, datetime]:
    """When each member of the company the session is in was last seen in it."""
    return {row["user_id"]: row["last_used_at"] for row in _rows(session, "door_last_seen")}


def reset_two_factor(session: Session, user_id: UUID) -> bool:
    """For a member of the company the session is in; False when they belong to another one as well."""
    return bool(session.scalar(select(func.door_reset_two_factor(user_id))))


def list_companies_to_remove(most: int) -> list[UUID]:
    with Session(app_engine()) as session:
        return [row["company_id"] for row in _rows(session, "door_companies_to_remove", most)]


def remove_company(company_id: UUID, most: int) -> bool:
    """Remove up to `most` of its rows; True when nothing is left. Does nothing before the company's grace is over."""
    with Session(app_engine()) as session, session.begin():
        return bool(session.scalar(select(func.door_remove_company(company_id, most))))


def find_channel(kind: str, public_id: str) -> FoundChannel | None:
    return _channel("door_find_channel", kind, public_id)


def find_address(kind: str, address: str) -> FoundChannel | None:
    return _channel("door_find_address", kind, address)


def find_widgets(host: str) -> list[str]:
    """Public ids of the web chats that may stand on this host (with or without its port)."""
    with Session(app_engine()) as session:
        return [row["public_id"] for row in _rows(session, "door_find_widgets", host.lower())]


def claim_inbound(most: int) -> dict[UUID, list[UUID]]:
    return _claim("door_claim_inbound", most)


def due_channels(most: int) -> dict[UUID, list[UUID]]:
    """Channels with messages that should be leaving by now, by company."""
    return _claim("door_due_channels", most)


def claim_media(most: int) -> dict[UUID, list[UUID]]:
    return _claim("door_claim_media", most)


def claim_checks(most: int) -> dict[UUID, list[UUID]]:
    """Channels whose provider has not been asked for an hour."""
    return _claim("door_claim_checks", most)


def due_bots(most: int) -> dict[UUID, list[UUID]]:
    """Conversations whose bot owes an answer that nobody has in hand, by company."""
    return _claim("door_due_bots", most)


def due_hand_overs(most: int) -> dict[UUID, list[UUID]]:
    """Hand-overs that nobody answered in time, by company."""
    return _claim("door_due_hand_overs", most)


def silent_episodes(hours: int, most: int) -> dict[UUID, list[UUID]]:
    """Open episodes of bots in which nobody said anything for so many hours, by company."""
    return _claim("door_silent_episodes", hours, most)


def stale_knowledge(most: int) -> list[UUID]:
    """Companies whose vectors are behind their FAQs."""
    with Session(app_engine()) as session:
        return [row["company_id"] for row in _rows(session, "door_stale_knowledge", most)]


def all_knowledge() -> list[UUID]:
    """Every company that has FAQs."""
    with Session(app_engine()) as session:
        return [row["company_id"] for row in _rows(session, "door_all_knowledge")]


def claim_mail(most: int, wanted: UUID | None = None) -> list[ClaimedMail]:
    with Session(app_engine()) as session, session.begin():
        return [ClaimedMail(**row) for row in _rows(session, "door_claim_mail", most, wanted)]


def mail_done(mail_id: UUID, problem: str | None) -> None:
    with Session(app_engine()) as session, session.begin():
        session.execute(select(func.door_mail_done(mail_id, problem)))


def list_outbox(most: int) -> list[OutboxMail]:
    with Session(app_engine()) as session:
        return [OutboxMail(**row) for row in _rows(session, "door_outbox", most)]


def housekeeping(payload_days: int) -> dict[str, int]:
    with Session(app_engine()) as session, session.begin():
        return dict(_first(session, "door_housekeeping", payload_days) or {})


def drop_exchanges(days: int) -> int:
    with Session(app_engine()) as session, session.begin():
        return int(session.scalar(select(func.door_drop_exchanges(days))) or 0)


def drop_uploads(hours: int, most: int, forget: Callable[[UUID, UUID], None]) -> int:
    """Forget files that were uploaded and never sent: from the disk first, or a crash would leave them there for good."""
    with Session(app_engine()) as session, session.begin():
        gone = _rows(session, "door_drop_uploads", hours, most)
        for row in gone:
            forget(row["company_id"], row["id"])
    return len(gone)


def search(
    session: Session,
    company_id: UUID,
    words: str,
    digits: str,
    query: str,
    most: int,
    *,
    owner: UUID | None = None,
    with_unassigned: bool = False,
) -> list[UUID]:
    """`owner`: only that person's conversations, and those without an owner if so asked."""
    arguments = (company_id, words, digits, query, most, owner, with_unassigned)
    return [row["conversation_id"] for row in _rows(session, "door_search", *arguments)]


# The intake's door, for the asynchronous pool of the web process (see channels/event_store.py).
ACCEPT = "SELECT door_accept(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::bytea[], %s::text[])"


def _channel(door: str, kind: str, key: str) -> FoundChannel | None:
    if not is_clean(key):
        return None
    with Session(app_engine()) as session:
        row = _first(session, door, kind, key)
    return FoundChannel(**row) if row else None


def _claim(door: str, *arguments: int) -> dict[UUID, list[UUID]]:
    claimed: dict[UUID, list[UUID]] = {}
    with Session(app_engine()) as session, session.begin():
        for row in _rows(session, door, *arguments):
            claimed.setdefault(row["company_id"], []).append(row["id"])
    return claimed


def _rows(session: Session, door: str, *arguments: Any) -> list[dict[str, Any]]:
    call = getattr(func, door)(*arguments).table_valued(*_COLUMNS[door])
    return [dict(zip(_COLUMNS[door], row, strict=True)) for row in session.execute(select(call))]


def _with_role(row: dict[str, Any]) -> dict[str, Any]:
    sight = {"sight": Sight(row["sight"])} if "sight" in row else {}
    return {**row, "role": Role(row["role"]), **sight}


def _first(session: Session, door: str, *arguments: Any) -> dict[str, Any] | None:
    rows = _rows(session, door, *arguments)
    return rows[0] if rows else None


_CHANNEL_COLUMNS = tuple(FoundChannel.__annotations__)
_COLUMNS: dict[str, tuple[str, ...]] = {
    "door_find_login": tuple(Login.__annotations__),
    "door_find_session": tuple(FoundSession.__annotations__),
    "door_memberships": tuple(MembershipRow.__annotations__),
    "door_find_token": tuple(FoundToken.__annotations__),
    "door_find_invitation": tuple(FoundInvitation.__annotations__),
    "door_last_seen": ("user_id", "last_used_at"),
    "door_companies_to_remove": ("company_id",),
    "door_find_channel": _CHANNEL_COLUMNS,
    "door_find_address": _CHANNEL_COLUMNS,
    "door_find_widgets": ("public_id",),
    "door_claim_inbound": ("company_id", "id"),
    "door_due_bots": ("company_id", "id"),
    "door_due_hand_overs": ("company_id", "id"),
    "door_silent_episodes": ("company_id", "id"),
    "door_stale_knowledge": ("company_id",),
    "door_all_knowledge": ("company_id",),
    "door_due_channels": ("company_id", "id"),
    "door_claim_media": ("company_id", "id"),
    "door_claim_checks": ("company_id", "id"),
    "door_claim_mail": tuple(ClaimedMail.__annotations__),
    "door_outbox": tuple(OutboxMail.__annotations__),
    "door_housekeeping": ("payloads_emptied", "sessions_removed", "tokens_removed", "mails_removed", "counts_added"),
    "door_drop_uploads": ("company_id", "id"),
    "door_search": ("conversation_id",),
}
