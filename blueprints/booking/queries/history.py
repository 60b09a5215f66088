"""Appointments over time: one, a customer's, a chain's counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, DateTime, Uuid, bindparam, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from blueprints.booking.errors import UnknownBooking
from blueprints.booking.models import Booking, Series
from blueprints.booking.queries.views import details_of
from blueprints.booking.rules.timeline import midnight
from blueprints.booking.values import BookingDetails, DayCount, SeriesMade, Unplaced
from blueprints.catalog import api as catalog
from shopbell import clock
from shopbell.prepared import Prepared


def details(session: Session, booking_id: UUID) -> BookingDetails:
    """Raises UnknownBooking, also for a hold: it is no appointment yet."""
    booking = session.get(Booking, booking_id)
    if booking is None or booking.status in {"held", "blocked"} or booking.service_id is None:
        raise UnknownBooking
    return details_of(session, booking, catalog.branch(session, booking.branch_id))


def held(session: Session, booking_id: UUID) -> BookingDetails | None:
    """A hold that still runs."""
    booking = session.get(Booking, booking_id)
    if booking is None or booking.expires_at is None or booking.expires_at <= clock.now():
        return None
    return details_of(session, booking, catalog.branch(session, booking.branch_id))


def held_visit(session: Session, booking_id: UUID) -> list[BookingDetails]:
    """Everything that a hold keeps, service by service and guest by guest; nothing once its time is over."""
    rows = select(Booking).where(
        or_(Booking.id == booking_id, Booking.visit_id == booking_id),
        Booking.status == "held",
        Booking.expires_at > clock.now(),
    )
    found = list(session.scalars(rows.order_by(Booking.id)))
    branch = catalog.branch(session, found[0].branch_id) if found else None
    return [details_of(session, row, branch) for row in found] if branch else []


def visit(session: Session, booking_id: UUID) -> list[BookingDetails]:
    """The appointments of the visit that this one belongs to, the first one first; one alone is a visit too. Holds and
    blocked time are none. Raises UnknownBooking."""
    named = aliased(Booking)
    lead = select(func.coalesce(named.visit_id, named.id)).where(named.id == booking_id).scalar_subquery()
    statement = select(Booking).where(
        or_(Booking.id == lead, Booking.visit_id == lead), Booking.status.not_in(("held", "blocked"))
    )
    rows = sorted(
        session.scalars(statement), key=lambda row: (row.visit_id not in {None, row.id}, row.starts_at, row.id)
    )
    if not rows:
        raise UnknownBooking
    branch = catalog.branch(session, rows[0].branch_id)
    return [details_of(session, row, branch) for row in rows]


USUAL_PERSON = Prepared(
    select(Booking.person_id)
    .where(
        Booking.customer_id == bindparam("customer", type_=Uuid),
        Booking.starts_at > bindparam("since", type_=DateTime(timezone=True)),
        Booking.status == "done",
        Booking.person_id.is_not(None),
    )
    .group_by(Booking.person_id)
    .having(func.count() >= 2)
    .order_by(func.count().desc(), func.max(Booking.starts_at).desc())
    .limit(1)
)


def usual_person(session: Session, customer_id: UUID) -> UUID | None:
    """Who served the customer most often within a year, at least twice; of two the one seen last."""
    rows = USUAL_PERSON.run(session, {"customer": customer_id, "since": clock.now() - timedelta(days=365)})
    return rows[0][0] if rows else None


def series(session: Session, series_id: UUID) -> SeriesMade:
    """A recurring visit: the first appointment of each time in order, cancelled ones left out, and what could not be
    placed. Raises UnknownBooking."""
    found = session.get(Series, series_id)
    if found is None:
        raise UnknownBooking
    rows = session.scalars(
        select(Booking)
        .where(
            Booking.series_id == series_id,
            or_(Booking.visit_id.is_(None), Booking.visit_id == Booking.id),
            Booking.status != "cancelled",
        )
        .order_by(Booking.starts_at)
    )
    branch = catalog.branch(session, found.branch_id)
    return SeriesMade(
        series_id, tuple(details_of(session, row, branch) for row in rows), tuple(map(_unplaced, found.unplaced))
    )


def _unplaced(stored: dict[str, Any]) -> Unplaced:
    opens = stored.get("opens")
    return Unplaced(
        date.fromisoformat(stored["day"]),
        stored["code"],
        stored["detail"],
        date.fromisoformat(opens) if opens else None,
    )


def visits_of(session: Session, customer_id: UUID, limit: int = 20) -> list[dict[str, Any]]:
    """A customer's appointments, newest first, as {booking, starts_at, service, person, branch, status} of ids."""
    columns = (Booking.id, Booking.starts_at, Booking.service_id, Booking.person_id, Booking.branch_id, Booking.status)
    rows = session.execute(
        select(*columns)
        .where(Booking.customer_id == customer_id, Booking.status != "held")
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


# The boundaries come from our own time zones, one row per branch and day; PostgreSQL only counts between them.
COUNTS = text(
    """
    select days.branch_id, days.day, bookings.status, count(*)
      from unnest(:branches, :days, :firsts, :lasts) as days (branch_id, day, first, last)
      join bookings on bookings.branch_id = days.branch_id
           and bookings.starts_at >= days.first and bookings.starts_at < days.last
           and bookings.status not in ('held', 'blocked')
           and bookings.service_id is not null
     group by days.branch_id, days.day, bookings.status
    """
).bindparams(
    bindparam("branches", type_=ARRAY(Uuid)),
    bindparam("days", type_=ARRAY(Date)),
    bindparam("firsts", type_=ARRAY(DateTime(timezone=True))),
    bindparam("lasts", type_=ARRAY(DateTime(timezone=True))),
)


def daily_counts(session: Session, first_day: date, last_day: date) -> list[DayCount]:
    """Appointments per branch and local day, both days included, in the branches' order and by day; days without any
    are left out. One query, however many branches there are."""
    branches = catalog.branches(session)
    calendar = [first_day + timedelta(days=number) for number in range((last_day - first_day).days + 1)]
    cells = [(branch, day, clock.zone(branch.time_zone)) for branch in branches for day in calendar]
    found: dict[tuple[UUID, date], dict[str, int]] = {}
    boundaries = {
        "branches": [branch.id for branch, _, _ in cells],
        "days": [day for _, day, _ in cells],
        "firsts": [midnight(day, zone) for _, day, zone in cells],
        "lasts": [midnight(day + timedelta(days=1), zone) for _, day, zone in cells],
    }
    for branch_id, day, status, number in session.execute(COUNTS, boundaries):
        found.setdefault((branch_id, day), {})[status] = number
    return [_count(*key, found[key]) for key in ((branch.id, day) for branch, day, _ in cells) if key in found]


def _count(branch_id: UUID, day: date, found: dict[str, int]) -> DayCount:
    cancelled = found.get("cancelled", 0)
    booked = sum(found.values()) - cancelled
    return DayCount(branch_id, day, booked, found.get("done", 0), found.get("no_show", 0), cancelled)
