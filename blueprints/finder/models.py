"""Places that customers name when they say where they are: districts, stations, towns."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shopbell.db import TenantBase


class Place(TenantBase):
    """A name on the map, in the languages it is known in. Degrees, north and east positive."""

    __tablename__ = "places"
    __table_args__ = (
        CheckConstraint("latitude between -90 and 90", name="latitude"),
        CheckConstraint("longitude between -180 and 180", name="longitude"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[dict[str, str]]
    latitude: Mapped[float]
    longitude: Mapped[float]
