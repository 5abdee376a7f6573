"""People who sign in, the companies they belong to, their sessions and single-use links."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from saas_admin.core.db import TenantOwned, enum_field, moment, moment_now
from saas_admin.core.ids import new_id
from saas_admin.core.permissions import Role, Sight


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Availability(StrEnum):
    AVAILABLE = "available"
    AWAY = "away"


class TokenPurpose(StrEnum):
    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 (a purpose, not a password)
    CHANGE_EMAIL = "change_email"
    SECOND_FACTOR = "second_factor"
    """The password was right; the code is still asked for."""


class UserAccount(SQLModel, table=True):
    """One login. It may belong to several companies; role and availability are on the membership."""

    __tablename__ = "user_account"  # type: ignore[assignment]
    __table_args__ = (Index("ix_user_account_email", text("lower(email)"), unique=True),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(max_length=254)
    name: str = Field(max_length=80)
    password_hash: str = Field(max_length=255)
    email_confirmed_at: datetime | None = moment()
    language: str = Field(default="es", max_length=8)
    theme: Theme = enum_field(Theme, Theme.SYSTEM)
    has_sounds: bool = True
    photo_id: UUID | None = None
    """A picture of `core.pictures`."""
    pending_email: str | None = Field(default=None, max_length=254)
    """The new address until it is confirmed there."""
    password_changed_at: datetime | None = moment()
    totp_secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Sealed by the key ring. Counts for nothing until `totp_confirmed_at`."""
    totp_confirmed_at: datetime | None = moment()
    totp_last_step: int | None = Field(default=None, sa_type=BigInteger)
    """RFC 6238 time step of the last code taken: the same code, or an older one, is refused (RFC 6238 §5.2)."""
    created_at: datetime = moment_now()
    deactivated_at: datetime | None = moment()


class Membership(TenantOwned, table=True):
    __table_args__ = (UniqueConstraint("company_id", "user_id"),)

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    role: Role = enum_field(Role)
    sight: Sight = enum_field(Sight, Sight.ALL)
    availability: Availability = enum_field(Availability, Availability.AVAILABLE)
    invited_by: UUID | None = None
    created_at: datetime = moment_now()
    deactivated_at: datetime | None = moment()


class LoginSession(SQLModel, table=True):
    """A signed-in browser. Only the hash of its id is stored."""

    __tablename__ = "login_session"  # type: ignore[assignment]

    id: UUID = Field(default_factory=new_id, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    active_company_id: UUID = Field(foreign_key="company.id")
    """The company it looks at now; a person of several companies switches."""
    is_persistent: bool = False
    device_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Of the long-lived device cookie: tells a known browser from a new one."""
    ip: str | None = Field(default=None, max_length=64)
    user_agent: str = Field(default="", max_length=400)
    created_at: datetime = moment_now()
    last_used_at: datetime = moment_now()
    expires_at: datetime = moment_now()
    revoked_at: datetime | None = moment()


class OneTimeToken(SQLModel, table=True):
    """A link that works once and for a while; stored hashed."""

    __tablename__ = "one_time_token"  # type: ignore[assignment]

    id: UUID = Field(default_factory=new_id, primary_key=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    purpose: TokenPurpose = enum_field(TokenPurpose)
    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    created_at: datetime = moment_now()
    expires_at: datetime = moment_now()
    used_at: datetime | None = moment()


class KnownDevice(SQLModel, table=True):
    """A browser somebody has signed in from before."""

    __tablename__ = "known_device"  # type: ignore[assignment]

    user_id: UUID = Field(foreign_key="user_account.id", primary_key=True)
    device_hash: bytes = Field(sa_type=LargeBinary, primary_key=True)
    first_seen_at: datetime = moment_now()
    last_seen_at: datetime = moment_now()


class RecoveryCode(SQLModel, table=True):
    """One of ten single-use codes for who lost the phone; stored hashed."""

    __tablename__ = "recovery_code"  # type: ignore[assignment]

    id: UUID = Field(default_factory=new_id, primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    code_hash: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = moment_now()
    used_at: datetime | None = moment()


class Invitation(TenantOwned, table=True):
    """A place in a company, offered by mail. At most one per address is open."""

    __table_args__ = (
        Index(
            "ux_invitation_open",
            "company_id",
            text("lower(email)"),
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND cancelled_at IS NULL"),
        ),
        UniqueConstraint("token_hash"),
    )

    email: str = Field(max_length=254)
    role: Role = enum_field(Role)
    sight: Sight = enum_field(Sight, Sight.ALL)
    token_hash: bytes = Field(sa_type=LargeBinary)
    invited_by: UUID = Field(foreign_key="user_account.id")
    created_at: datetime = moment_now()
    sent_at: datetime = moment_now()
    expires_at: datetime = moment_now()
    accepted_at: datetime | None = moment()
    accepted_by: UUID | None = None
    cancelled_at: datetime | None = moment()
