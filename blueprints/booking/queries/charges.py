"""What is owed: charges of appointments, and missed visits of customers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, UnaryExpression, func, select
from sqlalchemy.orm import Session

from blueprints.booking.errors import UnknownCharge
from blueprints.booking.models import Booking, Charge
from blueprints.booking.rules.fees import STATES
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


@dataclass(frozen=True)
class Owed:
    """A charge with the appointment it belongs to."""

    charge: ChargeView
    ref: str
    branch_id: UUID
    service_id: UUID | None
    customer_id: UUID | None
    guest_name: str
    starts_at: datetime
    status: str
    price_minor: int


@dataclass(frozen=True)
class Filter:
    """Which charges: of these branches (None: all), in these states and of these kinds (empty: all)."""

    branch_ids: tuple[UUID, ...] | None = None
    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def where(self) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = [Charge.state.in_(self.states or STATES)]
        if self.branch_ids is not None:
            wanted.append(Charge.branch_id.in_(self.branch_ids))
        if self.kinds:
            wanted.append(Charge.kind.in_(self.kinds))
        return wanted


OWED = (
    Booking.ref,
    Booking.branch_id,
    Booking.service_id,
    Booking.customer_id,
    Booking.guest_name,
    Booking.starts_at,
    Booking.status,
    Booking.price_minor,
)


def count_charges(session: Session, wanted: Filter) -> int:
    return session.scalar(select(func.count()).select_from(Charge).where(*wanted.where())) or 0


def total_due(session: Session, wanted: Filter) -> dict[str, int]:
    """What is due among these, by currency, in minor units."""
    statement = select(Charge.currency, func.sum(Charge.amount_minor)).where(*wanted.where(), Charge.state == "due")
    return {currency: int(total) for currency, total in session.execute(statement.group_by(Charge.currency))}


def list_charges(session: Session, wanted: Filter, *, limit: int, offset: int) -> list[Owed]:
    """The newest first."""
    page = select(Charge.id).where(*wanted.where()).order_by(Charge.id.desc()).limit(limit).offset(offset)
    return _owed(session, Charge.id.in_(page.scalar_subquery()), Charge.id.desc())


def charges_after(session: Session, wanted: Filter, after: UUID | None, limit: int) -> list[Owed]:
    """The oldest first, from the one after that id on."""
    page = select(Charge.id).where(*wanted.where(), *([Charge.id > after] if after else []))
    page = page.order_by(Charge.id).limit(limit)
    return _owed(session, Charge.id.in_(page.scalar_subquery()), Charge.id.asc())


def charge(session: Session, charge_id: UUID) -> Owed:
    """Raises UnknownCharge."""
    found = _owed(session, Charge.id == charge_id, Charge.id.asc())
    if not found:
        raise UnknownCharge
    return found[0]


def _owed(session: Session, which: ColumnElement[bool], order: UnaryExpression[UUID]) -> list[Owed]:
    statement = select(*COLUMNS, *OWED).join(Booking, Booking.id == Charge.booking_id).where(which).order_by(order)
    cut = len(COLUMNS)
    return [Owed(ChargeView(*row[:cut]), *row[cut:]) for row in session.execute(statement)]
