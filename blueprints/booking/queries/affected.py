"""Appointments that lie ahead and that a change of a roster, of hours or of a branch touches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from blueprints.booking.models import UPCOMING, Allocation, Booking
from blueprints.booking.queries.views import details_of
from blueprints.booking.values import BookingDetails
from blueprints.catalog import api as catalog
from blueprints.staff import api as staff


@dataclass(frozen=True)
class Busy:
    """Time that somebody is busy with an appointment that lies ahead."""

    booking_id: UUID
    branch_id: UUID
    starts_at: datetime
    ends_at: datetime


def affected(
    session: Session,
    person_id: UUID | None,
    branch_id: UUID | None,
    starts_at: datetime,
    ends_at: datetime,
    limit: int = 50,
) -> list[BookingDetails]:
    """Appointments ahead that touch the time, at most `limit`, in order: those somebody takes part in, those of a
    branch, or both. Raises UnknownPerson."""
    statement = select(Booking).where(Booking.status.in_(UPCOMING))
    if branch_id:
        statement = statement.where(Booking.branch_id == branch_id)
    if person_id:
        statement = statement.where(Booking.id.in_(_held_by(session, person_id, starts_at, ends_at)))
    else:
        statement = statement.where(Booking.starts_at < ends_at, Booking.ends_at > starts_at)
    return _details(session, statement.order_by(Booking.starts_at, Booking.id).limit(limit))


def busy(session: Session, person_id: UUID, starts_at: datetime, ends_at: datetime) -> list[Busy]:
    """When somebody is busy with appointments ahead that touch the time, in order. Raises UnknownPerson."""
    statement = (
        select(Booking.id, Booking.branch_id, Allocation.starts_at, Allocation.ends_at)
        .join(Allocation, Allocation.booking_id == Booking.id)
        .where(
            Allocation.resource_id == staff.person(session, person_id).resource_id,
            Allocation.starts_at < ends_at,
            Allocation.ends_at > starts_at,
            Booking.status.in_(UPCOMING),
        )
        .order_by(Allocation.starts_at)
    )
    return [Busy(*row) for row in session.execute(statement)]


def details_of_all(session: Session, booking_ids: Sequence[UUID]) -> list[BookingDetails]:
    """These appointments in the order of their starts; unknown ids are left out."""
    statement = select(Booking).where(Booking.id.in_(list(booking_ids)))
    return _details(session, statement.order_by(Booking.starts_at, Booking.id))


def _held_by(session: Session, person_id: UUID, starts_at: datetime, ends_at: datetime) -> Select[Any]:
    return select(Allocation.booking_id).where(
        Allocation.resource_id == staff.person(session, person_id).resource_id,
        Allocation.starts_at < ends_at,
        Allocation.ends_at > starts_at,
    )


def _details(session: Session, statement: Select[Any]) -> list[BookingDetails]:
    branches = {branch.id: branch for branch in catalog.branches(session)}
    return [details_of(row, branches[row.branch_id]) for row in session.scalars(statement)]
