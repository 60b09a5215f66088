"""Appointments over time: one, a customer's, a chain's counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.booking.errors import UnknownBooking
from blueprints.booking.models import Booking
from blueprints.booking.queries.views import details_of
from blueprints.booking.rules.timeline import midnight
from blueprints.booking.values import BookingDetails, DayCount
from blueprints.catalog import api as catalog
from shopbell import clock


def details(session: Session, booking_id: UUID) -> BookingDetails:
    """Raises UnknownBooking, also for a hold: it is no appointment yet."""
    booking = session.get(Booking, booking_id)
    if booking is None or booking.status == "held":
        raise UnknownBooking
    return details_of(booking, catalog.branch(session, booking.branch_id))


def held(session: Session, booking_id: UUID) -> BookingDetails | None:
    """A hold that still runs."""
    booking = session.get(Booking, booking_id)
    if booking is None or booking.expires_at is None or booking.expires_at <= clock.now():
        return None
    return details_of(booking, catalog.branch(session, booking.branch_id))


def visits_of(session: Session, customer_id: UUID, limit: int = 20) -> list[dict[str, Any]]:
    """A customer's appointments, newest first, as {booking, starts_at, service, person, branch, status} of ids."""
    columns = (Booking.id, Booking.starts_at, Booking.service_id, Booking.person_id, Booking.branch_id, Booking.status)
    rows = session.execute(
        select(*columns)
        .where(Booking.customer_id == customer_id)
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
        .limit(limit)
    )
    names = ("booking", "starts_at", "service", "person", "branch", "status")
    return [dict(zip(names, row, strict=True)) for row in rows]


def visit_counts(session: Session, customer_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How often each customer has been served."""
    if not customer_ids:
        return {}
    rows = session.execute(
        select(Booking.customer_id, func.count())
        .where(Booking.customer_id.in_(customer_ids), Booking.status == "done")
        .group_by(Booking.customer_id)
    )
    return {customer: count for customer, count in rows if customer}


def daily_counts(session: Session, first_day: date, last_day: date) -> list[DayCount]:
    """Appointments per branch and local day, both days included; days without any are left out. One query a branch."""
    counts: list[DayCount] = []
    for branch in catalog.branches(session):
        zone = clock.zone(branch.time_zone)
        first, last = midnight(first_day, zone), midnight(last_day + timedelta(days=1), zone)
        rows = session.execute(
            select(Booking.starts_at, Booking.status).where(
                Booking.branch_id == branch.id,
                Booking.starts_at >= first,
                Booking.starts_at < last,
                Booking.status != "held",
            )
        )
        per_day: dict[date, dict[str, int]] = {}
        for starts_at, status in rows:
            day = per_day.setdefault(starts_at.astimezone(zone).date(), {})
            day[status] = day.get(status, 0) + 1
        counts.extend(_count(branch.id, day, found) for day, found in sorted(per_day.items()))
    return counts


def _count(branch_id: UUID, day: date, found: dict[str, int]) -> DayCount:
    cancelled = found.get("cancelled", 0)
    booked = sum(found.values()) - cancelled
    return DayCount(branch_id, day, booked, found.get("done", 0), found.get("no_show", 0), cancelled)
