"""What the waitlist does when something happens to an appointment."""

from __future__ import annotations

from sqlalchemy.orm import Session

from blueprints.booking.events import BookingCancelled, BookingMade, BookingRequested, TimeFreed
from blueprints.waitlist import service
from blueprints.waitlist.rules import Freed
from shopbell.events import on


@on(TimeFreed)
def offer_freed_time(session: Session, event: TimeFreed) -> None:
    service.freed(session, Freed(event.branch_id, event.starts_at, event.ends_at))


@on(BookingMade)
def close_fulfilled(session: Session, event: BookingMade) -> None:
    service.booked_otherwise(session, event.booking_id)


@on(BookingRequested)
def close_asked_for(session: Session, event: BookingRequested) -> None:
    service.booked_otherwise(session, event.booking_id)


@on(BookingCancelled)
def close_replaced(session: Session, event: BookingCancelled) -> None:
    service.replaced_gone(session, event.booking_id)
