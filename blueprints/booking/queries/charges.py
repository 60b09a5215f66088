"""What is owed: charges of appointments, and missed visits of customers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.booking.models import Booking, Charge
from shopbell import clock

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class ChargeView:
    """A deposit, or a fee for a late cancellation or a no-show (`kind`), and what became of it.

    `state` is due, paid, kept (a deposit that is not given back), waived, refunded or dropped (nobody owes it now).
    """

    id: UUID
    booking_id: UUID
    kind: str
    amount_minor: int
    currency: str
    state: str
    reason: str
    decided_by: UUID | None
    created_at: datetime
    decided_at: datetime | None


COLUMNS = tuple(getattr(Charge, name) for name in ChargeView.__dataclass_fields__)


def no_shows(session: Session, customer_id: UUID) -> int:
    """How many visits the customer missed within a year, at any branch; several services of one visit count once."""
    visit = func.coalesce(Booking.visit_id, Booking.id)
    wanted = select(func.count(visit.distinct())).where(
        Booking.customer_id == customer_id,
        Booking.starts_at > clock.now() - YEAR,
        Booking.starts_at <= clock.now(),
        Booking.status == "no_show",
    )
    return session.scalar(wanted) or 0


def charges_of(session: Session, booking_ids: Iterable[UUID]) -> dict[UUID, list[ChargeView]]:
    """The charges of appointments, the oldest first, in one query; those without any are left out."""
    wanted = list(booking_ids)
    found: dict[UUID, list[ChargeView]] = {}
    if wanted:
        statement = select(*COLUMNS).where(Charge.booking_id.in_(wanted)).order_by(Charge.created_at, Charge.id)
        for row in session.execute(statement):
            found.setdefault(row.booking_id, []).append(ChargeView(*row))
    return found
