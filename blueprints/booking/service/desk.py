"""Work that already happened at the desk, perhaps without network: it is a fact, so it is kept and its clash marked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.events import BookingMade
from blueprints.booking.models import Booking
from blueprints.booking.service import records
from blueprints.booking.service.change import cancel, move
from blueprints.booking.service.contact import checked, checked_note
from blueprints.booking.service.reserve import remember
from blueprints.booking.service.take import alternatives, demand_for, ends_at
from blueprints.booking.values import BookingRequest
from shopbell import clock, ids
from shopbell.events import publish


def keep_clash(session: Session, request: BookingRequest) -> UUID:
    """Keep an appointment that the desk promised although its time is taken: it holds no time of its own, and says
    what is wrong and where it could go. Raises Invalid for what was typed, UnknownBranch, UnknownService."""
    customer, note = checked(request.customer), checked_note(request.note)
    reading = plan.read_day_of(session, request.branch_id, request.starts_at)
    demand = demand_for(reading.frame, request.service_id, None)
    row = records.insert_booking(
        session,
        reading.frame,
        id=request.booking_id or ids.uuid7(),
        service_id=request.service_id,
        person_id=request.person_id,
        customer_id=remember(session, customer),
        starts_at=request.starts_at,
        ends_at=ends_at(request.starts_at, demand),
        status="booked",
        source=request.source,
        note=note,
        clash=clash(session, reading.frame, request.service_id, request.starts_at, request.person_id),
    )
    fact = BookingMade(row["id"], row["customer_id"], row["branch_id"], request.starts_at, request.source)
    publish(session, fact)
    return UUID(str(row["id"]))


def clash(session: Session, frame: Any, service_id: UUID, starts_at: Any, person_id: UUID | None) -> dict[str, Any]:
    """Why, and up to five free places: {person, day, start (minute of the local day)}."""
    suggest = []
    for free in alternatives(session, frame, service_id, starts_at, person_id):
        day, minute = clock.local_minutes(clock.parse_instant(free["start"]), frame.zone)
        suggest.append({"person": free["staff"]["id"], "day": day.isoformat(), "start": minute})
    return {"why": "slot_taken", "suggest": suggest}


def resolve_clash(
    session: Session, booking_id: UUID, how: str, *, starts_at: Any = None, person_id: UUID | None = None
) -> None:
    """Settle a clash: `move` it to a free time, `keep` it as it is beside the other, or `cancel` it."""
    if how == "cancel":
        cancel(session, booking_id, reason="clash", by="staff")
        return
    if how == "move":
        move(session, booking_id, starts_at, person_id, by="staff")
    booking: Booking = records.lock(session, booking_id)
    booking.clash = None
    records.touch(booking)
    session.flush()
