"""Taking the time of appointments that exist: somewhere else, longer, or again where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.errors import BranchClosed
from blueprints.booking.frames import Frame
from blueprints.booking.models import Booking
from blueprints.booking.queries.free import Party
from blueprints.booking.service.allocations import let_go
from blueprints.booking.service.rows import MovedRows
from blueprints.booking.service.take import Visit, Who, take
from blueprints.booking.values import Guest, Item
from shopbell.i18n import gettext as _


def place_again(session: Session, bookings: Sequence[Booking], starts_at: datetime, who: Who) -> Visit:
    """Let go of what the appointments take and take anew what they need from `starts_at` on, together.

    Each keeps its `person_id` where it names one; a None asks for anybody. The rows get their new times and people,
    which are written with whatever else the caller changes in them, at the next flush. A refusal raises, and then
    nothing may be kept of this transaction (or savepoint). Raises what take raises.
    """
    own = [booking.id for booking in bookings]
    held = let_go(session, own)
    reading = plan.read_day_of(session, bookings[0].branch_id, starts_at)
    ordered, party = party_again(reading.frame, bookings)
    who = replace(who, keep=who.keep | held)
    return take(session, reading, party, starts_at, MovedRows(ordered), who)


def party_again(frame: Frame, bookings: Sequence[Booking]) -> tuple[list[Booking], Party]:
    """The appointments in the order in which the party names their services, and the party they once were: one guest
    per name, each with services one after the other. Raises BranchClosed and what Frame.wanted raises."""
    if not frame.branch.is_open:
        raise BranchClosed(_("Please choose another branch, or call this one."))
    first = bookings[0].guest_name
    ordered = sorted(bookings, key=lambda row: (row.guest_name != first, row.guest_name, row.starts_at, row.id))
    guests, wanted = [], []
    for name, group in groupby(ordered, key=lambda row: row.guest_name):
        rows = list(group)
        guests.append(Guest(tuple(item_of(row) for row in rows), name))
        wanted.append(tuple(frame.wanted(item_of(row), row.extra_minutes, made=True) for row in rows))
    return ordered, Party(tuple(guests), tuple(wanted))


def item_of(row: Booking) -> Item:
    """Raises ValueError for a hold or for blocked time, which have no service."""
    if row.service_id is None:
        raise ValueError(f"{row.id} has no service")
    return Item(row.service_id, tuple(row.options or ()), row.person_id)


def retake(session: Session, booking: Booking, *, who: Who | None = None) -> Visit:
    """Take one appointment's time where it stands. Raises what take raises."""
    return place_again(session, [booking], booking.starts_at, who or Who(by_staff=True))
