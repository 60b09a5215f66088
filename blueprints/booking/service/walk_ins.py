"""The walk-in queue: who waits, who is called, who left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.errors import NotPossible, UnknownBooking
from blueprints.booking.models import Booking, WalkIn
from blueprints.booking.rules.timeline import CELL_SECONDS
from blueprints.booking.service import records
from blueprints.booking.service.contact import NAME_LENGTH, checked
from blueprints.booking.service.take import demand_for, ends_at, take
from blueprints.booking.values import CustomerInput
from blueprints.crm import api as crm
from shopbell import clock, ids
from shopbell.errors import Invalid
from shopbell.i18n import gettext as _
from shopbell.text import clean_name


@dataclass(frozen=True)
class Arrival:
    """Somebody at the door. `id` is chosen by the device, so that repeating is harmless."""

    id: UUID
    branch_id: UUID
    name: str
    phone: str | None = None
    service_id: UUID | None = None


def add_walk_in(session: Session, arrival: Arrival) -> None:
    """Put somebody into the queue; harmless to repeat. Raises Invalid, UnknownBranch or UnknownService."""
    if session.get(WalkIn, arrival.id):
        return
    frame = plan.read_day_of(session, arrival.branch_id, clock.now()).frame
    if arrival.service_id is not None:
        demand_for(frame, arrival.service_id, None)
    name = clean_name(arrival.name)
    if not 1 <= len(name) <= NAME_LENGTH:
        hint = _("Enter a name or what the customer looks like.")
        raise Invalid(hint, fields={"name": hint})
    number = checked(CustomerInput(name, arrival.phone)).phone if arrival.phone else None
    session.add(
        WalkIn(
            id=arrival.id,
            branch_id=arrival.branch_id,
            name=name,
            phone=number,
            service_id=arrival.service_id,
            status="waiting",
            arrived_at=clock.now(),
        )
    )
    session.flush()


def seat_walk_in(
    session: Session,
    walk_in_id: UUID,
    *,
    service_id: UUID | None = None,
    person_id: UUID | None = None,
    booking_id: UUID | None = None,
) -> UUID:
    """Call somebody from the queue: their visit begins now. Returns the appointment's id; the first call wins.

    Raises UnknownBooking, NotPossible when they left or no service is named, and what reserve raises for the time.
    """
    walk_in = lock(session, walk_in_id)
    if walk_in.status == "serving" and walk_in.booking_id:
        return walk_in.booking_id
    wanted = service_id or walk_in.service_id
    if walk_in.status != "waiting" or wanted is None:
        raise NotPossible(_("This customer is no longer waiting.") if wanted else _("Choose a service first."))
    starts_at = current_cell()
    reading = plan.read_day_of(session, walk_in.branch_id, starts_at)
    demand = demand_for(reading.frame, wanted, person_id)
    new_id = booking_id or ids.uuid7()
    records.insert_booking(
        session,
        reading.frame,
        id=new_id,
        service_id=wanted,
        customer_id=crm.remember(session, walk_in.name, walk_in.phone, None, None) if walk_in.phone else None,
        guest_name=walk_in.name,
        starts_at=starts_at,
        ends_at=ends_at(starts_at, demand),
        status="in_service",
        source="walk_in",
    )
    choice = take(session, reading, new_id, wanted, starts_at, person_id, by_staff=True)
    booking = session.get_one(Booking, new_id)
    booking.person_id = choice.person_id
    walk_in.status, walk_in.booking_id = "serving", new_id
    walk_in.person_id, walk_in.service_id = choice.person_id, wanted
    walk_in.changed_xid = records.TOUCH
    session.flush()
    return new_id


def leave_walk_in(session: Session, walk_in_id: UUID) -> None:
    """They went away; harmless to repeat. Raises UnknownBooking, or NotPossible once they are served."""
    walk_in = lock(session, walk_in_id)
    if walk_in.status == "left":
        return
    if walk_in.status != "waiting":
        raise NotPossible(_("This customer is no longer waiting."))
    walk_in.status, walk_in.changed_xid = "left", records.TOUCH
    session.flush()


def lock(session: Session, walk_in_id: UUID) -> WalkIn:
    walk_in = session.get(WalkIn, walk_in_id, with_for_update=True)
    if walk_in is None:
        raise UnknownBooking(_("Nobody with this number is in the queue."))
    return walk_in


def current_cell() -> datetime:
    """Now, down to the five-minute cell."""
    return datetime.fromtimestamp(int(clock.now().timestamp()) // CELL_SECONDS * CELL_SECONDS, UTC)
