"""Requests: what customers asked for and a branch has yet to say yes or no to. A visit is one request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from blueprints.booking.models import Booking
from blueprints.booking.queries.views import details_of
from blueprints.booking.rules.policy import answer_by
from blueprints.booking.values import BookingDetails
from blueprints.catalog import api as catalog
from shopbell.prepared import Prepared

VISIT = func.coalesce(Booking.visit_id, Booking.id)


def _open(branch_id: UUID | BindParameter[UUID]) -> tuple[ColumnElement[bool], ...]:
    # In words of its own: only then may a plan for any values use the index of the requested ones.
    return Booking.branch_id == branch_id, Booking.status == literal_column("'requested'")


COUNT = Prepared(select(func.count(VISIT.distinct())).where(*_open(bindparam("branch"))))


@dataclass(frozen=True)
class Asked:
    """The first appointment of what was asked for, of how many; unanswered it goes at `answer_by`."""

    first: BookingDetails
    appointments: int
    asked_at: datetime
    answer_by: datetime


def count_requests(session: Session, branch_id: UUID) -> int:
    """How many wait for an answer, on whatever day."""
    [[found]] = COUNT.run(session, {"branch": branch_id})
    return int(found)


def requests(session: Session, branch_id: UUID, limit: int, offset: int = 0) -> list[Asked]:
    """Those that wait for an answer, who asked first coming first, in three queries. Raises UnknownBranch."""
    branch = catalog.branch(session, branch_id)
    asked_at, starts_at = func.min(Booking.created_at), func.min(Booking.starts_at)
    page = select(VISIT, func.count(), asked_at, starts_at).where(*_open(branch_id)).group_by(VISIT)
    found = session.execute(page.order_by(asked_at, VISIT).limit(limit).offset(offset)).all()
    rows = select(Booking).where(*_open(branch_id), VISIT.in_([row[0] for row in found]))
    firsts: dict[UUID, Booking] = {}
    for row in session.scalars(rows.order_by(Booking.starts_at, Booking.id)):
        firsts.setdefault(row.visit_id or row.id, row)
    return [
        Asked(details_of(session, firsts[visit], branch), count, asked, answer_by(starts, asked))
        for visit, count, asked, starts in found
    ]
