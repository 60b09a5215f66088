"""Time that somebody is not there for customers: a meeting, an errand, an event of their own calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from blueprints.booking.errors import SlotTaken
from blueprints.booking.events import TimeFreed
from blueprints.booking.models import Booking
from blueprints.booking.plan import LONGEST_SERVICE
from blueprints.booking.service import records
from blueprints.booking.service.allocations import Piece, allocate, let_go, remove_stale_holds
from blueprints.booking.service.contact import checked_note
from blueprints.staff import api as staff
from shopbell import ids
from shopbell.errors import Invalid
from shopbell.events import publish
from shopbell.i18n import gettext as _

LONGEST_BLOCK = timedelta(days=31)


def block(
    session: Session,
    branch_id: UUID,
    person_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    note: str,
    *,
    source: str = "desk",
    booking_id: UUID | None = None,
) -> UUID:
    """Keep somebody's time free of customers. Returns the entry's id; harmless to repeat with an id of one's own.

    Raises UnknownPerson, Invalid for a span that is none or longer than a month, SlotTaken when an appointment or
    another block stands there.
    """
    if booking_id and records.exists(session, booking_id):
        return booking_id
    if not starts_at < ends_at <= starts_at + LONGEST_BLOCK:
        hint = _("Choose an end after the start, at most 31 days later.")
        raise Invalid(hint, fields={"end": hint})
    resource = staff.person(session, person_id).resource_id
    row = records.insert_rows(
        session,
        [
            {
                "id": booking_id or ids.uuid7(),
                "branch_id": branch_id,
                "person_id": person_id,
                "starts_at": starts_at,
                "ends_at": ends_at,
                "status": "blocked",
                "source": source,
                "note": checked_note(note),
            }
        ],
    )[0]
    pieces = [Piece(row["id"], resource, first, last) for first, last in _pieces(starts_at, ends_at)]
    remove_stale_holds(session, pieces)
    if allocate(session, pieces) < len(pieces):
        session.execute(delete(Booking).where(Booking.id == row["id"]))
        raise SlotTaken(_("An appointment stands in this time. Move it first."), alternatives=[])
    found: UUID = row["id"]
    return found


def _pieces(starts_at: datetime, ends_at: datetime) -> list[tuple[datetime, datetime]]:
    """Spans of a day at most: whoever reads the book looks back no further."""
    pieces = []
    while starts_at < ends_at:
        last = min(ends_at, starts_at + LONGEST_SERVICE)
        pieces.append((starts_at, last))
        starts_at = last
    return pieces


def unblock(session: Session, booking_id: UUID) -> None:
    """Give the time back to customers; harmless when it is gone already."""
    booking = session.get(Booking, booking_id, with_for_update=True, populate_existing=True)
    if booking is None or booking.status != "blocked":
        return
    booking.status, booking.cancel_reason = "cancelled", "unblocked"
    booking.service_id = None
    records.save(session, booking)
    let_go(session, [booking_id])
    publish(session, TimeFreed(booking.id, booking.branch_id, booking.starts_at, booking.ends_at))
