"""What messaging does when something happens to a booking."""

from __future__ import annotations

from sqlalchemy.orm import Session

from blueprints.booking.events import BookingCancelled, BookingMade, BookingMoved, BookingReminderDue
from blueprints.messaging.service.compose import compose
from shopbell.events import on


@on(BookingMade)
def confirm(session: Session, event: BookingMade) -> None:
    compose(session, "confirmation", event.booking_id, version=0)


@on(BookingMoved)
def tell_change(session: Session, event: BookingMoved) -> None:
    compose(session, "change", event.booking_id, version=event.slot_version, earlier=event.old_starts_at)


@on(BookingCancelled)
def tell_cancellation(session: Session, event: BookingCancelled) -> None:
    compose(session, "cancellation", event.booking_id, version=0)


@on(BookingReminderDue)
def remind(session: Session, event: BookingReminderDue) -> None:
    compose(session, "reminder", event.booking_id, version=event.slot_version)
