"""Mails we send: the row is the outbox, in the demo it is also what the outbox page shows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from saas_admin.core.db import moment, moment_now
from saas_admin.core.ids import new_id


class OutboundMail(SQLModel, table=True):
    __tablename__ = "outbound_mail"  # type: ignore[assignment]

    id: UUID = Field(default_factory=new_id, primary_key=True)
    recipient: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: bytes = Field(sa_type=LargeBinary)
    """Text and HTML, encrypted: mails carry single-use links."""
    created_at: datetime = moment_now()
    sent_at: datetime | None = moment()
    next_attempt_at: datetime | None = moment()
    attempts: int = 0
    error: str | None = Field(default=None, max_length=300)
