"""Keeping a time for ten minutes while somebody types their name."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.models import Booking
from blueprints.booking.queries.views import usual_terms
from blueprints.booking.service import records
from blueprints.booking.service.take import demand_for, ends_at, take
from blueprints.booking.values import Held, HoldRequest
from shopbell import clock, due, ids

HOLD = timedelta(minutes=10)
EXPIRE = "booking.expire_hold"


def hold(session: Session, request: HoldRequest) -> Held:
    """Take the time for ten minutes, under the same constraint as an appointment. Raises what reserve raises."""
    reading = plan.read_day_of(session, request.branch_id, request.starts_at)
    demand = demand_for(reading.frame, request.service_id, request.person_id)
    booking_id, expires_at = ids.uuid7(), clock.now() + HOLD
    records.insert_booking(
        session,
        reading.frame,
        id=booking_id,
        service_id=request.service_id,
        person_id=request.person_id,
        starts_at=request.starts_at,
        ends_at=ends_at(request.starts_at, demand),
        status="held",
        source="web",
        expires_at=expires_at,
    )
    choice = take(
        session,
        reading,
        booking_id,
        request.service_id,
        request.starts_at,
        request.person_id,
        expires_at=expires_at,
    )
    session.execute(update(Booking).where(Booking.id == booking_id).values(person_id=choice.person_id))
    due.schedule(session, EXPIRE, str(booking_id), expires_at)
    service = reading.frame.services[request.service_id]
    return Held(
        booking_id,
        choice.person_id,
        expires_at,
        ends_at(request.starts_at, demand),
        service.price_minor,
        service.currency,
        0,
        usual_terms(reading.frame.branch),
    )


def release(session: Session, booking_id: UUID) -> None:
    """Let a held time go; harmless when it has become an appointment or is gone."""
    session.execute(delete(Booking).where(Booking.id == booking_id, Booking.status == "held"))
    due.drop(session, EXPIRE, str(booking_id))


def expire_holds(session: Session, booking_id: UUID) -> None:
    """Remove a hold whose time is over; its allocations go with it."""
    session.execute(
        delete(Booking).where(Booking.id == booking_id, Booking.status == "held", Booking.expires_at <= clock.now())
    )
