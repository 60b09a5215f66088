"""Deciding a clash: somewhere else, as it is, not at all, or from the walk-in queue."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking.errors import AlreadyDecided
from blueprints.booking.events import TimeFreed
from blueprints.booking.models import Booking
from blueprints.booking.service import records
from blueprints.booking.service.allocations import let_go
from blueprints.booking.service.change import cancel
from blueprints.booking.service.desk import WENT_ON, move_at_desk, retake
from blueprints.booking.service.walk_ins import back_to_the_queue
from blueprints.crm import api as crm
from shopbell import clock
from shopbell.errors import Invalid
from shopbell.events import publish
from shopbell.i18n import gettext as _


def resolve_clash(
    session: Session, booking_id: UUID, how: str, *, starts_at: datetime | None = None, person_id: UUID | None = None
) -> bool:
    """Settle a clash: `move` to a free time, `keep` it beside the other, `cancel` it, or `queue` the customer.

    False when the chosen time is taken by now: the clash stays, with new suggestions. Deciding twice alike is harmless;
    raises AlreadyDecided when somebody has decided differently, UnknownBooking, Invalid for a move without a time, and
    what move_at_desk raises.
    """
    booking = records.lock(session, booking_id)
    if booking.clash is None:
        if how == "keep" or (how == "cancel" and booking.status == "cancelled"):
            return True
        raise AlreadyDecided
    if how == "move":
        if starts_at is None:
            raise Invalid(fields={"start": _("a free time of the day")})
        return move_at_desk(session, booking_id, starts_at, person_id, known_slot=None)
    if how == "keep":
        keep(session, booking)
    elif how == "queue":
        queue(session, booking)
    elif booking.clash.get("why") == "cancelled_by_customer":
        drop(session, booking, "customer")
    else:
        call_off(session, booking)
    return True


def keep(session: Session, booking: Booking) -> None:
    """It stays where it is, with its time when that has become free, else without."""
    retake(session, booking)
    booking.clash = None
    records.save(session, booking)


def call_off(session: Session, booking: Booking) -> None:
    """Cancel it and tell the customer. A visit that only began beside another one can still be called off."""
    if booking.status in WENT_ON:
        booking.status = "arrived"
        session.flush()
    cancel(session, booking.id, reason="clash", by="staff", alone=True)


def queue(session: Session, booking: Booking) -> None:
    contact = crm.contact(session, booking.customer_id) if booking.customer_id else None
    name, phone = (contact.name, contact.phone) if contact else (booking.guest_name, None)
    back_to_the_queue(session, booking, name, phone)
    drop(session, booking, "queued")


def drop(session: Session, booking: Booking, reason: str) -> None:
    """Cancel it without a message: the customer knows, by cancelling it or by standing here."""
    booking.status, booking.cancelled_at, booking.cancel_reason = "cancelled", clock.now(), reason
    booking.clash = None
    records.save(session, booking)
    let_go(session, [booking.id])
    records.forget_reminder(session, booking.id)
    publish(session, TimeFreed(booking.id, booking.branch_id, booking.starts_at, booking.ends_at))
