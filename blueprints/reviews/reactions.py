"""What reviews do when something happens to a booking."""

from __future__ import annotations

from sqlalchemy.orm import Session

from blueprints.booking.events import BookingStatusChanged
from blueprints.reviews import service
from shopbell.events import on


@on(BookingStatusChanged)
def ask_later(session: Session, event: BookingStatusChanged) -> None:
    if event.after == "done":
        service.plan_question(session, event.booking_id)
