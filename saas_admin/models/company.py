"""The tenant."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from saas_admin.core.db import json_column, moment, moment_now
from saas_admin.core.ids import new_id


class Company(SQLModel, table=True):
    """A shop that uses the product. Locale, zone and currency decide how its dates and money are shown."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=80)
    locale: str = Field(default="es-ES", max_length=16)
    time_zone: str = Field(default="Europe/Madrid", max_length=64)
    currency: str = Field(default="EUR", max_length=3)
    logo_id: UUID | None = None
    """A picture of `core.pictures`."""
    hours: dict[str, Any] = json_column()
    """`{"mon": [["09:30", "14:00"], ["16:30", "20:00"]], …}` in the company's zone; empty: always open."""
    holidays: list[dict[str, str]] = Field(default_factory=list, sa_type=JSONB, nullable=False)
    """`[{"date": "2026-12-25", "name": "Navidad"}]`: closed all day."""
    two_factor: dict[str, str] = json_column()
    """role → since when (ISO 8601) it must have a second factor."""
    two_factor_days: int = 7
    """Grace: days from then, or from joining, until nothing else is reachable without it."""
    delete_after: datetime | None = moment()
    """Somebody asked to delete the company; from this moment on everything of it is removed."""
    delete_asked_by: UUID | None = None
    created_at: datetime = moment_now()
    deleted_at: datetime | None = moment()
