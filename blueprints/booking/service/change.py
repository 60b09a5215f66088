"""Moving and cancelling."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.errors import NotPossible
from blueprints.booking.events import BookingCancelled, BookingMoved
from blueprints.booking.models import UPCOMING, Allocation, Booking
from blueprints.booking.queries.views import details_of
from blueprints.booking.rules import policy
from blueprints.booking.service import records
from blueprints.booking.service.contact import checked_note, plain
from blueprints.booking.service.take import demand_for, ends_at, take
from blueprints.booking.values import BookingDetails
from blueprints.catalog import api as catalog
from shopbell import clock
from shopbell.events import publish
from shopbell.i18n import gettext as _

REASON_LENGTH = 200


def move(
    session: Session, booking_id: UUID, starts_at: datetime, person_id: UUID | None = None, *, by: str = "customer"
) -> BookingDetails:
    """Give an appointment another time or person and say so; moving it to where it is changes nothing.

    The old allocations are removed and new ones inserted in the same transaction, so a refused move leaves the
    appointment where it was. `by` is customer, client or staff; only staff may pass the deadline. Raises
    UnknownBooking, NotPossible, TooLateToChange, and what reserve raises for the new time.
    """
    booking = records.lock(session, booking_id)
    by_staff = by == "staff"
    reading = plan.read_day_of(session, booking.branch_id, starts_at, without=booking_id)
    branch = reading.frame.branch
    if booking.starts_at == starts_at and person_id in {None, booking.person_id}:
        return details_of(booking, branch)
    if booking.status not in UPCOMING and not (by_staff and booking.status == "arrived"):
        raise NotPossible(_("This appointment can no longer be moved."))
    policy.check_changeable(branch, booking.starts_at, at=clock.now(), by_staff=by_staff)
    session.execute(delete(Allocation).where(Allocation.booking_id == booking_id))
    choice = take(
        session, reading, booking_id, booking.service_id, starts_at, person_id, by_staff=by_staff, without=booking_id
    )
    before, booking.starts_at = booking.starts_at, starts_at
    booking.ends_at = ends_at(starts_at, demand_for(reading.frame, booking.service_id, None))
    booking.person_id, booking.clash = choice.person_id, None
    booking.slot_version += 1
    booking.moves += 1
    records.touch(booking)
    session.flush()
    tell_moved(session, booking, before, by)
    return details_of(booking, branch)


def tell_moved(session: Session, booking: Booking, before: datetime, by: str) -> None:
    if booking.customer_id is None:
        return
    fact = BookingMoved(
        booking.id, booking.customer_id, booking.branch_id, before, booking.starts_at, booking.slot_version, by
    )
    publish(session, fact)
    records.schedule_reminder(session, booking.id, booking.starts_at)


def cancel(session: Session, booking_id: UUID, *, reason: str = "", by: str = "customer") -> BookingDetails:
    """Free the time and say so once, however often this is called.

    Raises UnknownBooking, TooLateToChange past the deadline (never for staff), NotPossible for one that has begun.
    """
    booking = records.lock(session, booking_id)
    branch = catalog.branch(session, booking.branch_id)
    if booking.status == "cancelled":
        return details_of(booking, branch)
    if booking.status not in UPCOMING and not (by == "staff" and booking.status == "arrived"):
        raise NotPossible(_("This appointment can no longer be cancelled."))
    policy.check_changeable(branch, booking.starts_at, at=clock.now(), by_staff=by == "staff")
    booking.status, booking.cancelled_at = "cancelled", clock.now()
    booking.cancel_reason, booking.clash = plain(reason)[:REASON_LENGTH], None
    records.touch(booking)
    session.execute(delete(Allocation).where(Allocation.booking_id == booking_id))
    records.forget_reminder(session, booking_id)
    session.flush()
    if booking.customer_id is not None:
        who, where = booking.customer_id, booking.branch_id
        publish(session, BookingCancelled(booking.id, who, where, booking.starts_at, booking.cancel_reason, by))
    return details_of(booking, branch)


def set_note(session: Session, booking_id: UUID, note: str) -> None:
    """Replace the note. Raises UnknownBooking, or Invalid when it is too long."""
    booking = records.lock(session, booking_id)
    booking.note = checked_note(note)
    records.touch(booking)
    session.flush()
