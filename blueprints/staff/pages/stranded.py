"""Appointments that lie ahead and that a person's roster no longer covers: after leave, say, or a shorter week."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, Busy
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.crm import api as crm
from blueprints.staff import queries
from shopbell import clock
from shopbell.spans import Span

AHEAD = 180
"""Days that are looked at."""
SHOWN = 10


@dataclass(frozen=True)
class Stranded:
    """How many there are, and the first of them with the names of customers and services by id."""

    count: int
    first: list[BookingDetails]
    names: dict[UUID, str]
    services: dict[UUID, dict[str, str]]


def stranded(session: Session, person_id: UUID, branches: dict[UUID, BranchView]) -> Stranded:
    """In as many queries as the person has branches with appointments, and a few."""
    now = clock.now()
    found = booking.busy(session, person_id, now, now + timedelta(days=AHEAD))
    by_branch: dict[UUID, list[Busy]] = defaultdict(list)
    for busy in found:
        by_branch[busy.branch_id].append(busy)
    lost: dict[UUID, None] = {}
    for branch_id, there in by_branch.items():
        lost |= dict.fromkeys(busy.booking_id for busy in _uncovered(session, person_id, branches[branch_id], there))
    ids = [busy.booking_id for busy in found if busy.booking_id in lost]
    first = booking.details_of_all(session, list(dict.fromkeys(ids))[:SHOWN])
    contacts = crm.contacts(session, [details.customer_id for details in first if details.customer_id])
    services = catalog.services(session, active_only=False) if first else []
    return Stranded(
        count=len(lost),
        first=first,
        names={contact_id: contact.name for contact_id, contact in contacts.items()},
        services={service.id: service.name for service in services},
    )


def _uncovered(session: Session, person_id: UUID, branch: BranchView, there: list[Busy]) -> list[Busy]:
    zone = clock.zone(branch.time_zone)
    days = [clock.local_minutes(busy.starts_at, zone)[0] for busy in there]
    spans = queries.roster_spans(session, branch.id, min(days), (max(days) - min(days)).days + 1).get(person_id, {})
    return [busy for busy, day in zip(there, days, strict=True) if not _covered(busy, branch, day, spans.get(day, []))]


def _covered(busy: Busy, branch: BranchView, day: date, spans: list[Span]) -> bool:
    zone = clock.zone(branch.time_zone)
    _, starts = clock.local_minutes(busy.starts_at, zone)
    last_day, ends = clock.local_minutes(busy.ends_at, zone)
    ends = ends if last_day == day else clock.MINUTES_IN_A_DAY
    return any(first <= starts and ends <= last for first, last in spans)
