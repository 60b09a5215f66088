"""A branch's day as the console shows it, and what has changed since a device last looked.

A device remembers an opaque cursor: the oldest transaction that was still running when it read. Rows written by that
one or later ones are new to it; a few may come twice, none is missed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from blueprints.booking.models import Allocation, Booking, WalkIn
from blueprints.booking.rules import terms as agreed
from blueprints.booking.rules.terms import Terms
from blueprints.booking.rules.timeline import midnight
from blueprints.crm import api as crm
from shopbell import clock
from shopbell.db import Xid8

BOOKING: tuple[Any, ...] = (
    Booking.id,
    Booking.ref,
    Booking.person_id,
    Booking.starts_at,
    Booking.ends_at,
    Booking.service_id,
    Booking.customer_id,
    Booking.guest_name,
    Booking.status,
    Booking.source,
    Booking.note,
    Booking.clash,
    Booking.slot_version,
    Booking.visit_id,
    Booking.series_id,
    Booking.options,
    Booking.extra_minutes,
    Booking.why,
    Booking.terms,
    Booking.price_minor,
    Booking.currency,
)


def cursor(session: Session) -> str:
    """Where a reader stands; read it before the rows."""
    oldest_running = func.pg_snapshot_xmin(func.pg_current_snapshot())
    return session.scalars(select(cast(oldest_running, Text))).one()


def day_bookings(session: Session, branch_id: UUID, day: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Every appointment that starts on the local day, cancelled ones too: a device may have to forget them."""
    first, last = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    statement = select(*BOOKING).where(
        Booking.branch_id == branch_id, Booking.starts_at >= first, Booking.starts_at < last, _stands()
    )
    return _shown(session, statement.order_by(Booking.starts_at, Booking.id), zone)


def changed_bookings(session: Session, branch_id: UUID, since: str, zone: ZoneInfo) -> list[dict[str, Any]]:
    new = (Booking.branch_id == branch_id, _since(Booking.changed_xid, since), _stands())
    return _shown(session, select(*BOOKING).where(*new), zone)


def booking_as_shown(session: Session, booking_id: UUID, zone: ZoneInfo) -> dict[str, Any] | None:
    found = _shown(session, select(*BOOKING).where(Booking.id == booking_id), zone)
    return found[0] if found else None


def branch_of(session: Session, booking_id: UUID) -> UUID | None:
    return session.scalar(select(Booking.branch_id).where(Booking.id == booking_id))


def branch_of_walk_in(session: Session, walk_in_id: UUID) -> UUID | None:
    return session.scalar(select(WalkIn.branch_id).where(WalkIn.id == walk_in_id))


def waiting(session: Session, branch_id: UUID, day: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The walk-ins who came on the local day."""
    first, last = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    statement = select(WalkIn).where(
        WalkIn.branch_id == branch_id, WalkIn.arrived_at >= first, WalkIn.arrived_at < last
    )
    return [_walk_in(row) for row in session.scalars(statement.order_by(WalkIn.arrived_at))]


def changed_walk_ins(session: Session, branch_id: UUID, since: str) -> list[dict[str, Any]]:
    statement = select(WalkIn).where(WalkIn.branch_id == branch_id, _since(WalkIn.changed_xid, since))
    return [_walk_in(row) for row in session.scalars(statement)]


def _stands() -> ColumnElement[bool]:
    """Not a hold whose time is over: that one is nothing any more, even before it is swept away."""
    return or_(Booking.expires_at.is_(None), Booking.expires_at > clock.now())


def _since(column: Any, since: str) -> ColumnElement[bool]:
    return column >= cast(since, Xid8)


def _shown(session: Session, statement: Select[Any], zone: ZoneInfo) -> list[dict[str, Any]]:
    rows = session.execute(statement).all()
    busy = _busy(session, [row.id for row in rows])
    contacts = crm.contacts(session, {row.customer_id for row in rows if row.customer_id})
    return [_booking(row, busy.get(row.id, {}), contacts, zone) for row in rows]


def _busy(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[int, list[tuple[datetime, datetime]]]]:
    """What each appointment takes: {booking: {resource: spans}}."""
    found: dict[UUID, dict[int, list[tuple[datetime, datetime]]]] = defaultdict(lambda: defaultdict(list))
    if not ids:
        return found
    statement = select(Allocation.booking_id, Allocation.resource_id, Allocation.starts_at, Allocation.ends_at)
    for row in session.execute(statement.where(Allocation.booking_id.in_(ids)).order_by(Allocation.starts_at)):
        found[row.booking_id][row.resource_id].append((row.starts_at, row.ends_at))
    return found


def _booking(row: Any, busy: dict[int, Any], contacts: dict[UUID, Any], zone: ZoneInfo) -> dict[str, Any]:
    day, start = clock.local_minutes(row.starts_at, zone)
    contact, terms = contacts.get(row.customer_id), agreed.from_json(row.terms, Terms())
    guest = {"id": None, "name": row.guest_name, "phone": ""} if row.guest_name else None
    return {
        "id": str(row.id),
        "ref": row.ref,
        "day": day.isoformat(),
        "person": str(row.person_id) if row.person_id else None,
        "start": start,
        "minutes": _minutes(row.starts_at, row.ends_at),
        "extra": row.extra_minutes,
        "takes": {
            resource: [[_minutes(row.starts_at, first), _minutes(first, last)] for first, last in spans]
            for resource, spans in busy.items()
        },
        "service": str(row.service_id) if row.service_id else None,
        "options": [str(option) for option in row.options],
        "customer": {"id": str(contact.id), "name": contact.name, "phone": contact.phone} if contact else guest,
        "guest": row.guest_name if contact else "",
        "status": row.status,
        "source": row.source,
        "note": row.note,
        "clash": row.clash,
        "slot_version": row.slot_version,
        "visit": str(row.visit_id) if row.visit_id else None,
        "series": str(row.series_id) if row.series_id else None,
        "why": row.why,
        "price_minor": row.price_minor,
        "currency": row.currency,
        "fee_minor": agreed.share(row.price_minor, terms.late_cancel_percent),
        "free_until": int(terms.cancel_deadline(row.starts_at).timestamp() * 1000),
        "grace": terms.late_grace_minutes,
    }


def _walk_in(row: WalkIn) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "phone": row.phone or "",
        "service": str(row.service_id) if row.service_id else None,
        "at": int(row.arrived_at.timestamp() * 1000),
        "status": row.status,
        "person": str(row.person_id) if row.person_id else None,
        "booking": str(row.booking_id) if row.booking_id else None,
        "number": row.number,
        "source": row.source,
        "promised": [row.quoted_low, row.quoted_high] if row.quoted_high is not None else None,
        "called_at": int(row.called_at.timestamp() * 1000) if row.called_at else None,
    }


def _minutes(first: datetime, last: datetime) -> int:
    return int((last - first).total_seconds() // 60)
