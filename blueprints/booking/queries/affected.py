"""Appointments that lie ahead and that no longer fit: after leave, a shorter week, other hours, a closed day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from blueprints.booking.models import UPCOMING, Allocation, Booking
from blueprints.booking.queries.views import details_of
from blueprints.booking.values import BookingDetails
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.crm import api as crm
from blueprints.staff import api as staff
from shopbell import clock
from shopbell.spans import Span, merged

AHEAD = timedelta(days=366)
"""How far is looked: further than anybody may book."""

Found = Row[UUID, UUID, datetime, datetime]
"""An appointment, its branch, and the time that is looked at."""


@dataclass(frozen=True)
class Affected:
    """An appointment as head office reads of it. `day` is the branch's own, `service` in each language."""

    details: BookingDetails
    branch: BranchView
    day: date
    service: Mapping[str, str]
    person: str
    customer: str


def outside_roster(session: Session, person_id: UUID) -> list[UUID]:
    """What somebody takes part in while their roster says that they are not there, by start. In two queries, and one
    for each branch where they have appointments. Raises UnknownPerson."""
    resource_id = staff.person(session, person_id).resource_id
    columns = (Booking.id, Booking.branch_id, Allocation.starts_at, Allocation.ends_at)
    statement = select(*columns).join(Allocation, Allocation.booking_id == Booking.id)
    found = _ahead(session, statement.where(Allocation.resource_id == resource_id), Allocation.starts_at)
    by_branch: dict[UUID, list[Found]] = defaultdict(list)
    for row in found:
        by_branch[row.branch_id].append(row)
    branches = {branch.id: branch for branch in catalog.branches(session)} if found else {}
    lost: set[UUID] = set()
    for branch_id, rows in by_branch.items():
        first, count = _reach(branches[branch_id], rows)
        spans = staff.roster_spans(session, branch_id, first, count).get(person_id, {})
        lost |= {row.id for row in rows if not _fits(branches[branch_id], row, spans)}
    return _in_order(found, lost)


def outside_hours(session: Session, branch_id: UUID) -> list[UUID]:
    """What a branch has in its book while it is closed, by start. In a handful of queries. Raises UnknownBranch."""
    branch = catalog.branch(session, branch_id)
    columns = (Booking.id, Booking.branch_id, Booking.starts_at, Booking.ends_at)
    found = _ahead(session, select(*columns).where(Booking.branch_id == branch_id), Booking.starts_at)
    if not found:
        return []
    spans = catalog.opening_spans(session, branch_id, *_reach(branch, found))
    return _in_order(found, {row.id for row in found if not _fits(branch, row, spans)})


def affected(session: Session, booking_ids: Sequence[UUID]) -> list[Affected]:
    """These appointments by start, in names; unknown ids are left out."""
    if not booking_ids:
        return []
    statement = select(Booking).where(Booking.id.in_(list(booking_ids)))
    rows = list(session.scalars(statement.order_by(Booking.starts_at, Booking.id)))
    branches = {branch.id: branch for branch in catalog.branches(session)}
    services = {service.id: service.name for service in catalog.services(session, active_only=False)}
    people = staff.names(session, {row.person_id for row in rows if row.person_id})
    contacts = crm.contacts(session, {row.customer_id for row in rows if row.customer_id})
    return [
        Affected(
            details=details_of(session, row, branches[row.branch_id]),
            branch=branches[row.branch_id],
            day=_local(branches[row.branch_id], row.starts_at)[0],
            service=services.get(row.service_id, {}) if row.service_id else {},
            person=people.get(row.person_id, "") if row.person_id else "",
            customer=row.guest_name or (contacts[row.customer_id].name if row.customer_id in contacts else ""),
        )
        for row in rows
    ]


def _ahead(session: Session, statement: Select[UUID, UUID, datetime, datetime], starts_at: Any) -> Sequence[Found]:
    now = clock.now()
    ahead = (Booking.status.in_(UPCOMING), starts_at >= now, starts_at < now + AHEAD)
    return session.execute(statement.where(*ahead).order_by(starts_at, Booking.id)).all()


def _reach(branch: BranchView, rows: Sequence[Found]) -> tuple[date, int]:
    """The first of their local days, and how many there are up to the last."""
    first, last = (_local(branch, row.starts_at)[0] for row in (rows[0], rows[-1]))
    return first, (last - first).days + 1


def _local(branch: BranchView, instant: datetime) -> tuple[date, int]:
    return clock.local_minutes(instant, clock.zone(branch.time_zone))


def _fits(branch: BranchView, row: Found, spans: Mapping[date, Sequence[Span]]) -> bool:
    day, starts = _local(branch, row.starts_at)
    last_day, ends = _local(branch, row.ends_at)
    ends = ends if last_day == day else clock.MINUTES_IN_A_DAY
    return any(first <= starts and ends <= last for first, last in merged(spans.get(day, ())))


def _in_order(found: Sequence[Found], wanted: set[UUID]) -> list[UUID]:
    return list(dict.fromkeys(row.id for row in found if row.id in wanted))
