"""Who is in the shop and who is expected: today's appointments with what they take, and the queue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from blueprints.booking.models import Allocation, Booking, WalkIn
from shopbell import clock

OPEN = ("held", "blocked", "requested", "booked", "confirmed", "arrived", "in_service")
QUEUE = ("waiting", "called")
GRACE = 15
"""Minutes, for appointments that were made without terms of their own."""


@dataclass(frozen=True)
class OnFloor:
    """An appointment that is not over. `takes` is (resource, from, to) of its plan."""

    id: UUID
    branch_id: UUID
    service_id: UUID | None
    person_id: UUID | None
    customer_id: UUID | None
    visit_id: UUID | None
    guest_name: str
    status: str
    starts_at: datetime
    ends_at: datetime
    arrived_at: datetime | None
    started_at: datetime | None
    grace_minutes: int
    takes: tuple[tuple[int, datetime, datetime], ...]


@dataclass(frozen=True)
class InQueue:
    """A walk-in. `quoted_low` to `quoted_high` minutes is what they were told on arrival."""

    id: UUID
    branch_id: UUID
    name: str
    service_id: UUID | None
    person_id: UUID | None
    booking_id: UUID | None
    status: str
    arrived_at: datetime
    number: int | None
    quoted_low: int | None
    quoted_high: int | None
    called_at: datetime | None
    seated_at: datetime | None


@dataclass(frozen=True)
class Expected:
    """An appointment somebody may check in for."""

    id: UUID
    ref: str
    branch_id: UUID
    customer_id: UUID | None
    status: str
    starts_at: datetime
    grace_minutes: int


WALK_IN: tuple[Any, ...] = (
    WalkIn.id,
    WalkIn.branch_id,
    WalkIn.name,
    WalkIn.service_id,
    WalkIn.person_id,
    WalkIn.booking_id,
    WalkIn.status,
    WalkIn.arrived_at,
    WalkIn.number,
    WalkIn.quoted_low,
    WalkIn.quoted_high,
    WalkIn.called_at,
    WalkIn.seated_at,
)
EXPECTED: tuple[Any, ...] = (
    Booking.id,
    Booking.ref,
    Booking.branch_id,
    Booking.customer_id,
    Booking.status,
    Booking.starts_at,
    Booking.terms,
)


def on_the_floor(session: Session, branch_ids: Collection[UUID], since: datetime, until: datetime) -> list[OnFloor]:
    """The appointments that begin in between and are not over, in two queries however many branches."""
    statement = select(
        Booking.id,
        Booking.branch_id,
        Booking.service_id,
        Booking.person_id,
        Booking.customer_id,
        Booking.visit_id,
        Booking.guest_name,
        Booking.status,
        Booking.starts_at,
        Booking.ends_at,
        Booking.arrived_at,
        Booking.started_at,
        Booking.terms,
    ).where(
        Booking.branch_id.in_(branch_ids),
        Booking.starts_at >= since,
        Booking.starts_at < until,
        Booking.status.in_(OPEN),
        or_(Booking.expires_at.is_(None), Booking.expires_at > clock.now()),
    )
    rows = session.execute(statement.order_by(Booking.starts_at, Booking.id)).all()
    takes = _takes(session, [row.id for row in rows])
    found = []
    for row in rows:
        values = row._asdict()
        grace = grace_of(values.pop("terms"))
        found.append(OnFloor(**values, grace_minutes=grace, takes=tuple(takes[row.id])))
    return found


def _takes(session: Session, ids: list[UUID]) -> dict[UUID, list[tuple[int, datetime, datetime]]]:
    found: dict[UUID, list[tuple[int, datetime, datetime]]] = defaultdict(list)
    if ids:
        statement = select(Allocation.booking_id, Allocation.resource_id, Allocation.starts_at, Allocation.ends_at)
        for row in session.execute(statement.where(Allocation.booking_id.in_(ids))):
            found[row.booking_id].append((row.resource_id, row.starts_at, row.ends_at))
    return found


def in_the_queue(session: Session, branch_ids: Collection[UUID], since: datetime) -> list[InQueue]:
    """Those who have come since then and still wait, in the order in which they came."""
    statement = select(*WALK_IN).where(
        WalkIn.branch_id.in_(branch_ids), WalkIn.arrived_at >= since, WalkIn.status.in_(QUEUE)
    )
    rows = session.execute(statement.order_by(WalkIn.arrived_at, WalkIn.number, WalkIn.id))
    return [InQueue(*row) for row in rows]


def walk_in(session: Session, walk_in_id: UUID) -> InQueue | None:
    row = session.execute(select(*WALK_IN).where(WalkIn.id == walk_in_id)).first()
    return InQueue(*row) if row else None


def expected_at(session: Session, branch_id: UUID, since: datetime, until: datetime) -> list[Expected]:
    """The appointments of a branch that begin in between and were not cancelled, in order."""
    statement = select(*EXPECTED).where(
        Booking.branch_id == branch_id,
        Booking.starts_at >= since,
        Booking.starts_at < until,
        Booking.status.in_(("booked", "confirmed", "arrived", "in_service", "done", "no_show")),
    )
    return [_expected(row) for row in session.execute(statement.order_by(Booking.starts_at, Booking.id))]


def next_expected(session: Session, branch_id: UUID, now: datetime) -> Expected | None:
    """The appointment of a customer that begins next at a branch."""
    statement = select(*EXPECTED).where(
        Booking.branch_id == branch_id,
        Booking.starts_at > now,
        Booking.status.in_(("booked", "confirmed")),
        Booking.customer_id.is_not(None),
    )
    row = session.execute(statement.order_by(Booking.starts_at, Booking.id).limit(1)).first()
    return _expected(row) if row else None


def expected_by_ref(session: Session, ref: str) -> list[Expected]:
    """The appointments with this reference, whichever branch they are at; those of one visit are several."""
    statement = select(*EXPECTED).where(Booking.ref == ref, Booking.status.notin_(("held", "blocked", "cancelled")))
    return [_expected(row) for row in session.execute(statement.order_by(Booking.starts_at, Booking.id))]


def _expected(row: Any) -> Expected:
    values = row._asdict()
    grace = grace_of(values.pop("terms"))
    return Expected(**values, grace_minutes=grace)


def grace_of(terms: dict[str, Any] | None) -> int:
    """How late the customer of an appointment made on these terms may be, in minutes."""
    agreed = (terms or {}).get("late_grace_minutes")
    return GRACE if agreed is None else int(agreed)
