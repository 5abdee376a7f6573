"""The tenant."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from saas_admin.core.db import moment, moment_now
from saas_admin.core.ids import new_id


class Company(SQLModel, table=True):
    """A shop that uses the product. Locale, zone and currency decide how its dates and money are shown."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=80)
    locale: str = Field(default="es-ES", max_length=16)
    time_zone: str = Field(default="Europe/Madrid", max_length=64)
    currency: str = Field(default="EUR", max_length=3)
    created_at: datetime = moment_now()
    deleted_at: datetime | None = moment()
