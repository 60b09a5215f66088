"""What happens on the day: arrived, in service, done, or nobody came."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.errors import NotPossible
from blueprints.booking.events import BookingStatusChanged
from blueprints.booking.models import UPCOMING, Allocation, Booking
from blueprints.booking.service import records
from blueprints.booking.service.take import take
from shopbell.events import publish
from shopbell.i18n import gettext as _

ORDER = ("booked", "confirmed", "arrived", "in_service", "done")
SETTABLE = frozenset({*ORDER, "no_show"})


def set_status(session: Session, booking_id: UUID, status: str, *, undo: bool = False) -> str:
    """Note how far the visit is. Returns the status that now holds.

    The later step wins: setting an earlier one does nothing unless `undo` says it is a correction. A no-show frees the
    time; whoever comes after all needs it to be free still (SlotTaken). Raises UnknownBooking or NotPossible.
    """
    booking = records.lock(session, booking_id)
    before = booking.status
    if status not in SETTABLE or before in {"held", "cancelled"}:
        raise NotPossible(_("This appointment was cancelled."))
    if status == before or (not undo and earlier(status, before)):
        return before
    if status == "no_show":
        if before in {"in_service", "done"}:
            raise NotPossible(_("This customer was here: the visit has begun."))
        session.execute(delete(Allocation).where(Allocation.booking_id == booking_id))
        records.forget_reminder(session, booking_id)
    elif before == "no_show":
        reading = plan.read_day_of(session, booking.branch_id, booking.starts_at)
        take(session, reading, booking.id, booking.service_id, booking.starts_at, booking.person_id, by_staff=True)
    booking.status = status
    records.touch(booking)
    session.flush()
    tell(session, booking, before)
    return status


def earlier(status: str, before: str) -> bool:
    """Whether the step lies before the one that holds. Somebody who came is later than "nobody came"."""
    if before == "no_show":
        return status in UPCOMING
    return status in ORDER and ORDER.index(status) < ORDER.index(before)


def tell(session: Session, booking: Booking, before: str) -> None:
    if booking.customer_id is None:
        return
    publish(session, BookingStatusChanged(booking.id, booking.customer_id, booking.branch_id, before, booking.status))
