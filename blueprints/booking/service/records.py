"""Rows of the booking book: reading one for a change, writing a new one, showing it as a value."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from blueprints.booking.errors import UnknownBooking
from blueprints.booking.models import NOTE, Booking
from blueprints.booking.rules import policy
from shopbell import clock, due
from shopbell.db import table
from shopbell.loaded import Loaded, Written
from shopbell.prepared import Prepared
from shopbell.tenancy import current_tenant
from shopbell.vault.ring import ring

REF_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # pragma: allowlist secret
"""No 0, O, 1, I or L: references are read out over the telephone."""

REMINDER = "booking.remind"
INSERT = Prepared(insert(table(Booking)))
TOUCH = func.pg_current_xact_id()
ONE = Loaded(Booking, select(Booking).where(Booking.id == bindparam("booking")).with_for_update())
SAVE: Written[Booking] = Written(
    update(table(Booking)).where(table(Booking).c.id == bindparam("row_id")).values(changed_xid=TOUCH)
)


def lock(session: Session, booking_id: UUID) -> Booking:
    """The appointment, locked until the transaction ends. Raises UnknownBooking."""
    found = ONE.run(session, {"booking": booking_id})
    if not found:
        raise UnknownBooking
    return found[0]


def save(session: Session, booking: Booking) -> None:
    """Write what was changed in the locked row, and mark it as changed by this transaction, for readers that ask what
    is new, and once more for those that count."""
    booking.revision += 1
    SAVE.run(session, booking)


def new_ref() -> str:
    return "".join(secrets.choice(REF_LETTERS) for _ in range(7))


def insert_rows(session: Session, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write new rows in the order of their ids; what is not given is as usual. Returns the full values."""
    full = [{**_usual(), **row} for row in rows]
    for row in sorted(full, key=lambda row: str(row["id"])):
        INSERT.run(session, row | note_form(session, row["id"], row["note"]))
    return full


def note_form(session: Session, booking_id: UUID, note: str) -> dict[str, Any]:
    """What to write into a row for a note. Most appointments have none."""
    return ring(session).form(NOTE, booking_id, note) if note else {"note": "", "note_sealed": None}


def set_note(session: Session, booking: Booking, note: str) -> None:
    form = note_form(session, booking.id, note)
    booking.note, booking.note_sealed = form["note"], form["note_sealed"]


def _usual() -> dict[str, Any]:
    return {
        "ref": new_ref(),
        "note": "",
        "service_id": None,
        "person_id": None,
        "customer_id": None,
        "expires_at": None,
        "guest_name": "",
        "clash": None,
        "price_minor": 0,
        "currency": current_tenant().currency,
        "created_at": clock.now(),
        "visit_id": None,
        "series_id": None,
        "options": [],
        "extra_minutes": 0,
        "why": None,
        "terms": None,
        "arrived_at": None,
        "started_at": None,
    }


NAMED = aliased(Booking)
VISIT = select(func.coalesce(NAMED.visit_id, NAMED.id)).where(NAMED.id == bindparam("booking")).scalar_subquery()
MEMBERS = select(Booking).where(or_(Booking.id == VISIT, Booking.visit_id == VISIT)).order_by(Booking.id)
FOUND = Loaded(Booking, MEMBERS)
LOCKED = Loaded(Booking, MEMBERS.with_for_update())


def members(session: Session, booking_id: UUID, *, lock: bool = False) -> list[Booking]:
    """The appointments of the visit that this one belongs to, the first one first; holds too.

    With `lock` they are locked, in the order of their ids. Raises UnknownBooking.
    """
    found = (LOCKED if lock else FOUND).run(session, {"booking": booking_id})
    if not found:
        raise UnknownBooking
    return sorted(found, key=lambda row: (row.visit_id not in {None, row.id}, row.starts_at, row.id))


def exists(session: Session, booking_id: UUID) -> bool:
    return session.scalar(select(Booking.id).where(Booking.id == booking_id)) is not None


def schedule_reminder(session: Session, booking_id: UUID, starts_at: datetime, *, new: bool = False) -> None:
    """Write, move or remove the reminder's due work together with the appointment; a new one has none to remove."""
    at = policy.reminder_at(starts_at, clock.now())
    if at is not None:
        due.schedule(session, REMINDER, str(booking_id), at)
    elif not new:
        due.drop(session, REMINDER, str(booking_id))


def forget_reminder(session: Session, booking_id: UUID) -> None:
    due.drop(session, REMINDER, str(booking_id))
