"""A customer's visits over the whole chain, as they look back and ahead themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Subquery, func, or_, select
from sqlalchemy.orm import Session

from blueprints.booking.models import Booking
from blueprints.booking.queries.views import details_of
from blueprints.booking.values import BookingDetails
from blueprints.catalog import api as catalog

STANDING = ("requested", "booked", "confirmed", "arrived", "in_service")


@dataclass(frozen=True)
class OwnCounts:
    """How many visits somebody has before them, and how many are past or cancelled."""

    ahead: int
    past: int


def own_counts(session: Session, customer_id: UUID, *, at: datetime) -> OwnCounts:
    visits = _visits(customer_id, at)
    ahead, total = session.execute(select(func.count().filter(visits.c.ahead), func.count()).select_from(visits)).one()
    return OwnCounts(ahead, total - ahead)


def own_visits(
    session: Session, customer_id: UUID, *, ahead: bool, at: datetime, start: int, limit: int
) -> list[list[BookingDetails]]:
    """Some of the visits before them, the next one first, or of all others, the latest first. Of each its appointments
    in order; a visit lies ahead until the last of it is over, or until all of it is cancelled."""
    visits = _visits(customer_id, at)
    first = visits.c.starts_at.asc() if ahead else visits.c.starts_at.desc()
    wanted = select(visits.c.lead).where(visits.c.ahead.is_(ahead)).order_by(first, visits.c.lead)
    leads = session.scalars(wanted.offset(start).limit(limit)).all()
    if not leads:
        return []
    rows = session.scalars(
        select(Booking)
        .where(or_(Booking.id.in_(leads), Booking.visit_id.in_(leads)), Booking.status.not_in(("held", "blocked")))
        .order_by(Booking.starts_at, Booking.id)
    )
    branches = {branch.id: branch for branch in catalog.branches(session)}
    found: dict[UUID, list[BookingDetails]] = {lead: [] for lead in leads}
    for row in rows:
        found[row.visit_id or row.id].append(details_of(session, row, branches[row.branch_id]))
    return list(found.values())


def _visits(customer_id: UUID, at: datetime) -> Subquery:
    """The lead, the start and whether it lies ahead, of each visit of a customer's."""
    lead = func.coalesce(Booking.visit_id, Booking.id)
    stands = Booking.status.in_(STANDING) & (Booking.ends_at > at)
    return (
        select(lead.label("lead"), func.min(Booking.starts_at).label("starts_at"), func.bool_or(stands).label("ahead"))
        .where(
            Booking.customer_id == customer_id,
            Booking.status.not_in(("held", "blocked")),
            Booking.service_id.is_not(None),
        )
        .group_by(lead)
        .subquery()
    )
