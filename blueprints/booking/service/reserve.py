"""Making an appointment: booking, allocations, customer and fact in one transaction."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.errors import HoldExpired
from blueprints.booking.events import BookingMade
from blueprints.booking.models import Allocation, Booking
from blueprints.booking.queries.views import details_of
from blueprints.booking.service import records
from blueprints.booking.service.contact import checked, checked_note
from blueprints.booking.service.take import demand_for, ends_at, take
from blueprints.booking.values import STAFF_SOURCES, BookingDetails, BookingRequest, CustomerInput
from blueprints.catalog import api as catalog
from blueprints.crm import api as crm
from shopbell import clock, ids
from shopbell.events import publish


def reserve(session: Session, request: BookingRequest) -> BookingDetails:
    """Make an appointment and say so once. Harmless to repeat with the same hold or booking id: the first one stands.

    With a hold the held time becomes the appointment; when the hold has run out the same time is tried anyway. Raises
    Invalid naming the fields, the time errors of rules.policy, OutsideHours, NobodyCan, BranchClosed, SlotTaken with
    alternatives, UnknownBranch, UnknownService or UnknownPerson.
    """
    customer, note = checked(request.customer), checked_note(request.note)
    if request.booking_id and (known := session.get(Booking, request.booking_id)):
        return details_of(known, catalog.branch(session, known.branch_id))
    if request.hold_id:
        try:
            return keep_hold(session, request.hold_id, customer, note, request.source)
        except HoldExpired:
            pass
    return make(session, request, customer, note)


def make(session: Session, request: BookingRequest, customer: CustomerInput, note: str) -> BookingDetails:
    """A new appointment, without a hold before it."""
    reading = plan.read_day_of(session, request.branch_id, request.starts_at)
    demand = demand_for(reading.frame, request.service_id, request.person_id)
    booking_id = request.booking_id or ids.uuid7()
    row = records.insert_booking(
        session,
        reading.frame,
        id=booking_id,
        service_id=request.service_id,
        person_id=request.person_id,
        customer_id=remember(session, customer, request.source),
        starts_at=request.starts_at,
        ends_at=ends_at(request.starts_at, demand),
        status="booked",
        source=request.source,
        note=note,
    )
    by_staff = request.source in STAFF_SOURCES
    choice = take(
        session, reading, booking_id, request.service_id, request.starts_at, request.person_id, by_staff=by_staff
    )
    if choice.person_id != request.person_id:
        session.execute(update(Booking).where(Booking.id == booking_id).values(person_id=choice.person_id))
        row["person_id"] = choice.person_id
    announce(session, row["id"], row["customer_id"], row["branch_id"], request)
    return details_of(row, reading.frame.branch)


def keep_hold(session: Session, hold_id: UUID, customer: CustomerInput, note: str, source: str) -> BookingDetails:
    """Turn a hold into an appointment. Raises HoldExpired; an appointment made of it before is returned as it is."""
    booking = session.get(Booking, hold_id, with_for_update=True)
    if booking is None:
        raise HoldExpired
    branch = catalog.branch(session, booking.branch_id)
    if booking.status != "held":
        return details_of(booking, branch)
    # Locked before the clock is read: whoever removes what is over has done so by now, or finds the appointment.
    session.execute(select(Allocation.resource_id).where(Allocation.booking_id == hold_id).with_for_update())
    if booking.expires_at is None or booking.expires_at <= clock.now():
        raise HoldExpired
    booking.customer_id = remember(session, customer, source)
    booking.status, booking.expires_at = "booked", None
    booking.note, booking.source, booking.created_at = note, source, clock.now()
    records.touch(booking)
    session.execute(update(Allocation).where(Allocation.booking_id == hold_id).values(expires_at=None))
    session.flush()
    fact = BookingMade(booking.id, booking.customer_id, booking.branch_id, booking.starts_at, source)
    publish(session, fact)
    records.schedule_reminder(session, booking.id, booking.starts_at)
    return details_of(booking, branch)


def remember(session: Session, customer: CustomerInput, source: str) -> UUID:
    in_person = source in STAFF_SOURCES
    return crm.remember(session, customer.name, customer.phone, customer.email, customer.locale, in_person=in_person)


def announce(session: Session, booking_id: UUID, customer_id: UUID, branch_id: UUID, request: BookingRequest) -> None:
    publish(session, BookingMade(booking_id, customer_id, branch_id, request.starts_at, request.source))
    records.schedule_reminder(session, booking_id, request.starts_at)
