"""What other programs are told of. The document is as it is when the event is heard: a moment after it happened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.events import (
    BookingCancelled,
    BookingMade,
    BookingMoved,
    BookingRequested,
    BookingStatusChanged,
)
from blueprints.waitlist.events import OfferAccepted, WishJoined
from blueprints.webhooks.service.outgoing import listeners, tell
from shopbell import ids
from shopbell.events import on


def _tell_of_booking(session: Session, type_: str, booking_id: UUID, **more: Any) -> None:
    wanting = listeners(session, type_)
    if wanting:
        shown = booking.document(booking.details(session, booking_id))
        tell(session, wanting, f"msg_{ids.uuid7()}", type_, {"booking": shown, **more})


@on(BookingMade)
def made(session: Session, event: BookingMade) -> None:
    _tell_of_booking(session, "booking.created", event.booking_id)


@on(BookingRequested)
def requested(session: Session, event: BookingRequested) -> None:
    _tell_of_booking(session, "booking.requested", event.booking_id)


@on(BookingMoved)
def moved(session: Session, event: BookingMoved) -> None:
    before = event.old_starts_at.isoformat()
    _tell_of_booking(session, "booking.moved", event.booking_id, previous_start=before, by=event.by)


@on(BookingCancelled)
def cancelled(session: Session, event: BookingCancelled) -> None:
    _tell_of_booking(session, "booking.cancelled", event.booking_id, by=event.by)


@on(BookingStatusChanged)
def changed(session: Session, event: BookingStatusChanged) -> None:
    _tell_of_booking(session, "booking.status_changed", event.booking_id, before=event.before, after=event.after)


@on(WishJoined)
def joined(session: Session, event: WishJoined) -> None:
    _tell(session, "waitlist.joined", wish=str(event.wish_id), customer=str(event.customer_id))


@on(OfferAccepted)
def accepted(session: Session, event: OfferAccepted) -> None:
    _tell(session, "waitlist.accepted", wish=str(event.wish_id), booking=str(event.booking_id))


def _tell(session: Session, type_: str, **data: str) -> None:
    wanting = listeners(session, type_)
    if wanting:
        tell(session, wanting, f"msg_{ids.uuid7()}", type_, data)
