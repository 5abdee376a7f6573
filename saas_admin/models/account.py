"""People who sign in, the companies they belong to, their sessions and single-use links."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from saas_admin.core.db import TenantOwned, enum_field, moment, moment_now
from saas_admin.core.ids import new_id
from saas_admin.core.permissions import Role


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
    created_at: datetime = moment_now()
    deactivated_at: datetime | None = moment()


class Membership(TenantOwned, table=True):
    __table_args__ = (UniqueConstraint("company_id", "user_id"),)

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    role: Role = enum_field(Role)
    availability: Availability = enum_field(Availability, Availability.AVAILABLE)
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
