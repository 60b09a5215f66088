"""What somebody has before them: a customer's appointments, or a person's work, for a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from blueprints.booking.models import Allocation, Booking

SHOWN = ("requested", "booked", "confirmed", "arrived", "in_service", "done")


@dataclass(frozen=True)
class Engagement:
    """Time for an appointment, or a person's blocked time (without a service). For a person who only helps, from the
    first to the last step they help with."""

    id: UUID
    ref: str
    branch_id: UUID
    service_id: UUID | None
    person_id: UUID | None
    customer_id: UUID | None
    guest_name: str
    status: str
    source: str
    revision: int
    starts_at: datetime
    ends_at: datetime


COLUMNS: tuple[Any, ...] = (
    Booking.id,
    Booking.ref,
    Booking.branch_id,
    Booking.service_id,
    Booking.person_id,
    Booking.customer_id,
    Booking.guest_name,
    Booking.status,
    Booking.source,
    Booking.revision,
)


def customer_agenda(
    session: Session, customer_id: UUID, since: datetime, until: datetime, *, cancelled_since: datetime
) -> list[Engagement]:
    """Appointments that begin between the two instants, in order; cancelled ones if that was not long ago."""
    statement = select(*COLUMNS, Booking.starts_at, Booking.ends_at).where(
        Booking.customer_id == customer_id,
        Booking.starts_at.between(since, until),
        or_(
            Booking.status.in_(SHOWN),
            (Booking.status == "cancelled") & (Booking.cancelled_at >= cancelled_since),
        ),
    )
    return _read(session, statement.order_by(Booking.starts_at, Booking.id))


def person_agenda(
    session: Session,
    person_id: UUID,
    resource_id: int,
    since: datetime,
    until: datetime,
    *,
    cancelled_since: datetime,
) -> list[Engagement]:
    """A person's work and blocked time that begins between the two instants, in order; `resource_id` is theirs.

    Appointments they would have given are among them when they were cancelled not long ago.
    """
    first, last = func.min(Allocation.starts_at), func.max(Allocation.ends_at)
    working = (
        select(*COLUMNS, first, last)
        .join(Booking, Booking.id == Allocation.booking_id)
        .where(
            Allocation.resource_id == resource_id,
            Allocation.starts_at.between(since, until),
            Booking.status.in_((*SHOWN, "blocked")),
        )
        .group_by(Booking.id)
    )
    cancelled = select(*COLUMNS, Booking.starts_at, Booking.ends_at).where(
        Booking.person_id == person_id,
        Booking.status == "cancelled",
        Booking.service_id.is_not(None),
        Booking.cancelled_at >= cancelled_since,
        Booking.starts_at.between(since, until),
    )
    found = _read(session, working) + _read(session, cancelled)
    return sorted(found, key=lambda one: (one.starts_at, one.id))


def _read(session: Session, statement: Select[Any]) -> list[Engagement]:
    return [Engagement(*row) for row in session.execute(statement)]
