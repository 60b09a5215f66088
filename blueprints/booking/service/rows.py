"""The rows of a visit whose time is being taken: new ones, or ones that are moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from blueprints.booking.frames import Frame
from blueprints.booking.models import Booking
from blueprints.booking.queries.free import Party
from blueprints.booking.rules.solve import Placed
from blueprints.booking.rules.timeline import cell_of
from blueprints.booking.service import records
from blueprints.booking.service.take import Visit
from blueprints.booking.values import Guest
from shopbell import ids
from shopbell.i18n import gettext as _


@dataclass
class NewRows:
    """Appointments or holds to be written, with what they have in common; the first is the visit's lead."""

    session: Session
    ids: Sequence[UUID]
    common: dict[str, Any]
    written: list[dict[str, Any]] = field(default_factory=list)

    def write(self, visit: Visit) -> None:
        self.written = records.insert_rows(self.session, [self._row(visit, number) for number in range(len(self.ids))])

    def undo(self) -> None:
        self.session.execute(delete(Booking).where(Booking.id.in_(list(self.ids))))

    def _row(self, visit: Visit, number: int) -> dict[str, Any]:
        item, frame = visit.party.items[number], visit.frame
        lead = visit.placed[number].lead
        starts_at, ends_at = visit.span(number)
        return {
            **self.common,
            "id": self.ids[number],
            "visit_id": self.ids[0] if len(self.ids) > 1 else None,
            "branch_id": frame.branch.id,
            "service_id": item.service_id,
            "options": list(item.options),
            "person_id": lead.id if lead else None,
            "guest_name": names_of(visit.party.guests)[number] or self.common.get("guest_name", ""),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "price_minor": frame.price(item, lead.id if lead else None),
            "currency": frame.services[item.service_id].currency,
            "why": visit.why[number],
            "terms": frame.rulebook.terms(item.service_id).as_json(),
        }


@dataclass
class MovedRows:
    """Appointments that get another time or other people; they hold no allocations while this is tried."""

    bookings: Sequence[Booking]

    @property
    def ids(self) -> Sequence[UUID]:
        return [booking.id for booking in self.bookings]

    def write(self, visit: Visit) -> None:
        for number, booking in enumerate(self.bookings):
            lead = visit.placed[number].lead
            booking.starts_at, booking.ends_at = visit.span(number)
            booking.person_id, booking.why = lead.id if lead else None, visit.why[number]

    def undo(self) -> None:
        """Nothing: the next try writes anew, and a refusal rolls back."""


def new_ids(guests: Sequence[Guest], first: UUID | None = None) -> list[UUID]:
    """An id for each service of each guest; the first one may be given."""
    number = sum(len(guest.items) for guest in guests)
    return [first or ids.uuid7(), *(ids.uuid7() for _item in range(number - 1))]


def named(guests: Sequence[Guest]) -> tuple[Guest, ...]:
    """The guests, each with a name of their own but the first: a party's members must be told apart."""
    first, *others = guests
    used = {first.name}
    found = [first]
    for number, guest in enumerate(others, start=2):
        name = guest.name or _("Guest %(n)s", n=number)
        while name in used:
            name = f"{name} ({number})"
        used.add(name)
        found.append(Guest(guest.items, name))
    return tuple(found)


def names_of(guests: Sequence[Guest]) -> list[str]:
    """The guest's name for each service."""
    return [guest.name for guest in guests for _item in guest.items]


def promised(frame: Frame, party: Party, starts_at: datetime) -> Visit:
    """The visit as the desk promised it: nothing is taken, each service after the other, with whoever was named."""
    placed: list[Placed] = []
    for guest, services in zip(party.guests, party.wanted, strict=True):
        at = cell_of(starts_at) - frame.window.origin
        for item, wanted in zip(guest.items, services, strict=True):
            lead, demand = wanted.leads[0]
            placed.append(Placed(lead if item.person_id else None, demand, at, at + demand.length, ()))
            at += demand.length
    return Visit(party, tuple(placed), (None,) * len(placed), frame)
