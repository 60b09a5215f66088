"""Rows of the booking book: reading one for a change, writing a new one, showing it as a value."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from blueprints.booking.errors import UnknownBooking
from blueprints.booking.frames import Frame
from blueprints.booking.models import Booking
from blueprints.booking.rules import policy
from shopbell import clock, due
from shopbell.db import run, table

REF_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0, O, 1, I or L: references are read out over the telephone."""

REMINDER = "booking.remind"
INSERT = insert(table(Booking))
TOUCH = func.pg_current_xact_id()


def lock(session: Session, booking_id: UUID) -> Booking:
    """The appointment, locked until the transaction ends. Raises UnknownBooking."""
    # An earlier look without the lock may have left older values in the session: the locked row replaces them.
    booking = session.get(Booking, booking_id, with_for_update=True, populate_existing=True)
    if booking is None:
        raise UnknownBooking
    return booking


def touch(booking: Booking) -> None:
    """Mark the row as changed by this transaction, for readers that ask what is new."""
    booking.changed_xid = TOUCH


def new_ref() -> str:
    return "".join(secrets.choice(REF_LETTERS) for _ in range(7))


def insert_booking(session: Session, frame: Frame, **values: Any) -> dict[str, Any]:
    """Write a new row; price and currency are the service's of today. Returns the values."""
    service = frame.services[values["service_id"]]
    row = {
        "ref": new_ref(),
        "branch_id": frame.branch.id,
        "note": "",
        "person_id": None,
        "customer_id": None,
        "expires_at": None,
        "guest_name": "",
        "clash": None,
        "price_minor": service.price_minor,
        "currency": service.currency,
        "created_at": clock.now(),
        **values,
    }
    run(session, INSERT, row)
    return row


def exists(session: Session, booking_id: UUID) -> bool:
    return session.scalar(select(Booking.id).where(Booking.id == booking_id)) is not None


def schedule_reminder(session: Session, booking_id: UUID, starts_at: datetime) -> None:
    """Write, move or remove the reminder's due work together with the appointment."""
    at = policy.reminder_at(starts_at, clock.now())
    if at is None:
        due.drop(session, REMINDER, str(booking_id))
    else:
        due.schedule(session, REMINDER, str(booking_id), at)


def forget_reminder(session: Session, booking_id: UUID) -> None:
    due.drop(session, REMINDER, str(booking_id))
