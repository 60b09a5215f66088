"""A visit line by line: who gets what, when, from whom, and at which price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking.api import BookingDetails
from blueprints.catalog import api as catalog
from blueprints.catalog.api import OptionView, ServiceView
from blueprints.staff import api as staff
from blueprints.storefront.queries.offer import Range
from blueprints.storefront.queries.visit import Choice, Visit


@dataclass(frozen=True)
class Line:
    """One service of a visit. Before a time is kept there is neither start nor end, and the price may vary."""

    service: ServiceView
    options: tuple[OptionView, ...]
    person: str
    prices: Range
    minutes: Range
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    why: dict[str, Any] | None = None
    person_id: UUID | None = None


Lines = list[list[Line]]
"""The lines of each guest."""


def lines_of(visit: Visit) -> Lines:
    """A visit that is still being put together, or whose time is kept no more."""
    return [[_wish(choice) for choice in guest] for guest in visit.guests]


def lines_of_rows(session: Session, rows: Sequence[BookingDetails]) -> Lines:
    """A visit that is kept or booked, by guest: whoever booked comes first."""
    services = {service.id: service for service in catalog.services(session, active_only=False)}
    names = staff.names(session, [row.person_id for row in rows if row.person_id])
    guests: dict[str, list[Line]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        guests.setdefault(row.guest_name, []).append(_line(row, services[row.service_id], names))
    return list(guests.values())


def _wish(choice: Choice) -> Line:
    person = choice.person.name if choice.person else ""
    return Line(choice.service, choice.options, person, choice.prices, choice.minutes)


def _line(row: BookingDetails, service: ServiceView, names: dict[UUID, str]) -> Line:
    options = tuple(option for option in service.options if option.id in row.options)
    minutes = int((row.ends_at - row.starts_at).total_seconds()) // 60
    person = names.get(row.person_id, "") if row.person_id else ""
    prices, lasting = Range(row.price_minor, row.price_minor), Range(minutes, minutes)
    return Line(service, options, person, prices, lasting, row.starts_at, row.ends_at, row.why, row.person_id)
