"""Putting places on the map of a chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.finder.errors import BadPlace
from blueprints.finder.models import Place
from blueprints.finder.queries.places import place
from shopbell import ids
from shopbell.checks import Checks
from shopbell.i18n import gettext as _


@dataclass(frozen=True)
class PlaceInput:
    """A place as typed; a degree that could not be read is None or not-a-number."""

    name: Mapping[str, str]
    latitude: float | None
    longitude: float | None


def save_place(session: Session, given: PlaceInput, place_id: UUID | None = None) -> UUID:
    """Add a place, or change one. Raises BadPlace, UnknownPlace."""
    checks = Checks()
    values = {
        "name": checks.texts("name", given.name),
        "latitude": _degrees(checks, "latitude", given.latitude, 90),
        "longitude": _degrees(checks, "longitude", given.longitude, 180),
    }
    checks.settle(BadPlace)
    row = place(session, place_id) if place_id else Place(id=ids.uuid7())
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row.id


def drop_place(session: Session, place_id: UUID) -> None:
    """Raises UnknownPlace."""
    session.delete(place(session, place_id))
    session.flush()


def _degrees(checks: Checks, field: str, value: float | None, most: int) -> float:
    # Not-a-number is not smaller than anything.
    if value is None or not abs(value) <= most:
        checks.refuse(field, _("Enter degrees between -%(most)s and %(most)s.", most=most))
        return 0.0
    return value
