"""Due work of the booking book."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import service
from blueprints.booking.events import BookingReminderDue
from blueprints.booking.models import UPCOMING, Booking
from blueprints.booking.queries.rulebook import agreed_terms
from blueprints.booking.service import late, status
from blueprints.booking.service.change import let_go_unanswered
from blueprints.booking.service.hold import EXPIRE
from blueprints.booking.service.records import REMINDER
from blueprints.booking.service.reserve import UNANSWERED
from shopbell import clock
from shopbell.due import job
from shopbell.events import publish


@job(EXPIRE)
def expire_hold(session: Session, key: str, payload: dict[str, Any]) -> None:
    """A held time whose ten minutes are over is free again."""
    service.expire_holds(session, UUID(key))


@job(REMINDER)
def remind(session: Session, key: str, payload: dict[str, Any]) -> None:
    """Say that a reminder is due, if the appointment still stands and lies ahead; look next whether somebody came."""
    booking = session.get(Booking, UUID(key))
    if booking is None or booking.customer_id is None or booking.status not in UPCOMING:
        return
    late.look(session, booking.id, booking.starts_at, agreed_terms(session, booking))
    if booking.starts_at > clock.now():
        who, where, when = booking.customer_id, booking.branch_id, booking.starts_at
        publish(session, BookingReminderDue(booking.id, who, where, when, booking.slot_version))


@job(late.LATE)
def nobody_came(session: Session, key: str, payload: dict[str, Any]) -> None:
    """Somebody who has not come is a no-show, where the terms say so."""
    status.nobody_came(session, UUID(key))


@job(UNANSWERED)
def unanswered(session: Session, key: str, payload: dict[str, Any]) -> None:
    """A request that nobody answered in time."""
    let_go_unanswered(session, UUID(key))
