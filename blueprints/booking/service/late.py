"""Noticing that nobody came, in time.

An appointment waits for one thing at a time: first for its reminder, and from then on for its customer. So it has one
row of due work at most, and the second costs nothing where no terms ask for it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking.rules import policy
from blueprints.booking.rules.terms import Terms
from shopbell import clock, due

LATE = "booking.late"


def watch(session: Session, booking_id: UUID, starts_at: datetime, terms: Terms) -> None:
    """After an appointment was made or moved: look for its customer, unless its reminder comes first and sees to it."""
    if terms.no_show_after_minutes is None:
        return
    if policy.reminder_at(starts_at, clock.now()) is None:
        look(session, booking_id, starts_at, terms)
    else:
        forget(session, booking_id)


def look(session: Session, booking_id: UUID, starts_at: datetime, terms: Terms) -> None:
    """Have it looked at when the terms call somebody who has not come a no-show; never where they do not say when."""
    at = terms.no_show_at(starts_at)
    if at is not None:
        due.schedule(session, LATE, str(booking_id), at)


def forget(session: Session, booking_id: UUID) -> None:
    due.drop(session, LATE, str(booking_id))
