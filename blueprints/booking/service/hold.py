"""Keeping a time while somebody types their name, or thinks an offer over."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, delete, or_
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from blueprints.booking import plan
from blueprints.booking.models import Booking
from blueprints.booking.queries.free import one_service, party_of
from blueprints.booking.queries.history import usual_person
from blueprints.booking.queries.quote import deposit_of, strictest
from blueprints.booking.service.allowed import refuse_beyond_quota
from blueprints.booking.service.contact import checked_guests
from blueprints.booking.service.reserve import tier_of
from blueprints.booking.service.rows import NewRows, named, new_ids
from blueprints.booking.service.take import Who, take
from blueprints.booking.values import Held, HoldRequest
from shopbell import clock, due

EXPIRE = "booking.expire_hold"


def hold(session: Session, request: HoldRequest) -> Held:
    """Take the time for some minutes, under the same constraint as an appointment. Raises what reserve raises."""
    if not request.offer:
        refuse_beyond_quota("web")
    reading = plan.read_day_of(session, request.branch_id, request.starts_at)
    frame = reading.frame
    wish = one_service(request.service_id, request.options, request.person_id, request.guests)
    guests = named(checked_guests(wish))
    party = party_of(frame, guests)
    expires_at = clock.now() + timedelta(minutes=request.minutes)
    common = {"status": "held", "source": "web", "expires_at": expires_at, "customer_id": request.customer_id}
    rows = NewRows(session, new_ids(guests), common)
    usual_id = usual_person(session, request.customer_id) if request.customer_id else None
    who = Who(tier=max(request.tier, tier_of(session, frame, request.customer_id)), usual_id=usual_id)
    visit = take(session, reading, party, request.starts_at, rows, who, expires_at=expires_at)
    due.schedule(session, EXPIRE, str(rows.ids[0]), expires_at)
    first, price = rows.written[0], sum(row["price_minor"] for row in rows.written)
    return Held(
        booking_id=rows.ids[0],
        person_id=first["person_id"],
        expires_at=expires_at,
        ends_at=max(visit.span(number)[1] for number in range(len(rows.ids))),
        price_minor=price,
        currency=first["currency"],
        deposit_minor=deposit_of(session, frame, rows.written, request.starts_at, request.customer_id),
        terms=strictest(frame, [row["service_id"] for row in rows.written]),
    )


def release(session: Session, booking_id: UUID) -> None:
    """Let a held time go; harmless when it has become an appointment or is gone."""
    session.execute(delete(Booking).where(_visit(booking_id), Booking.status == "held"))
    due.drop(session, EXPIRE, str(booking_id))


def expire_holds(session: Session, booking_id: UUID) -> None:
    """Remove a hold whose time is over; its allocations go with it."""
    session.execute(
        delete(Booking).where(and_(_visit(booking_id), Booking.status == "held", Booking.expires_at <= clock.now()))
    )


def _visit(booking_id: UUID) -> ColumnElement[bool]:
    return or_(Booking.id == booking_id, Booking.visit_id == booking_id)
