"""The reminder: a row of due work that lives and moves with its booking."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.messaging.rules import reminder_time
from shopbell import clock, due

REMIND = "messaging.remind"


def remind(session: Session, booking_id: UUID, starts_at: datetime) -> None:
    """Have the customer reminded before `starts_at`, in the caller's transaction; calling again moves the reminder.

    A day ahead, or two hours ahead when the booking is made later than that; none when even that has passed.
    """
    at = reminder_time(starts_at, clock.now())
    if at is None:
        due.drop(session, REMIND, str(booking_id))
    else:
        due.schedule(session, REMIND, str(booking_id), at)


def forget_reminder(session: Session, booking_id: UUID) -> None:
    """No reminder for this booking any more; harmless when there is none."""
    due.drop(session, REMIND, str(booking_id))
