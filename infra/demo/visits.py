"""What becomes of appointments: most people come, a few do not, some call it off before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, OnBoard
from blueprints.booking.models import Booking
from infra.demo.place import Place
from shopbell import clock
from tenants.demo.customers import CANCELLED

CALLED_OFF, STAYED_AWAY, CONFIRMED = 0.07, 0.05, 0.3
CALLED_OFF_LATE = 0.3
"""Of those who call it off, after it has begun to cost something."""
LATE = timedelta(minutes=12)
EXPECTED, BEGUN = {"booked", "confirmed"}, {"arrived", "in_service"}
NOBODY_LOOKED = timedelta(minutes=45)


@dataclass(frozen=True)
class Visit:
    booking_id: UUID
    starts_at: datetime
    ends_at: datetime
    made_at: datetime

    @staticmethod
    def of(details: BookingDetails) -> Visit:
        return Visit(details.id, details.starts_at, details.ends_at, details.created_at)


def run(session: Session, visit: Visit, locale: str, now: datetime, draw: Random) -> None:
    """Bring a fresh appointment to where it should be by now."""
    if draw.random() < CALLED_OFF:
        hours = draw.uniform(0.1, 20) if draw.random() < CALLED_OFF_LATE else draw.uniform(25, 90)
        before = min(now, visit.starts_at) - timedelta(hours=hours)
        with clock.frozen(max(before, visit.made_at + timedelta(minutes=5))):
            booking.cancel(session, visit.booking_id, reason=draw.choice(CANCELLED[locale]), by="staff")
        return
    advance(session, visit, now, draw)


def advance(session: Session, visit: Visit, now: datetime, draw: Random) -> None:
    """Note how far the visit is, at the moment it got there."""
    status, at = status_by(visit, now, draw)
    if status:
        with clock.frozen(min(at, now)):
            booking.set_status(session, visit.booking_id, status)


def status_by(visit: Visit, now: datetime, draw: Random) -> tuple[str | None, datetime]:
    """The status at `now`, or None while nothing has happened, and when it came to that."""
    chance = draw.random()
    if visit.starts_at + 2 * LATE < now and chance < STAYED_AWAY:
        return "no_show", visit.starts_at + 2 * LATE
    if visit.ends_at <= now:
        return "done", visit.ends_at
    if visit.starts_at <= now:
        if now - visit.starts_at >= LATE or chance > 0.6:
            return "in_service", visit.starts_at
        return ("arrived", visit.starts_at) if chance > 0.3 else (None, now)
    if visit.starts_at - now < LATE:
        return ("arrived" if chance > 0.5 else None), now
    soon = visit.starts_at - now < timedelta(days=2)
    return ("confirmed" if soon and chance < CONFIRMED else None), now


def catch_up(session: Session, place: Place, day: date, now: datetime) -> None:
    """Settle what nobody looked after: everything on a day that is over, today what is overdue by a good while."""
    today = clock.local_minutes(now, place.zone)[0]
    if day > today:
        return
    patience = NOBODY_LOOKED if day == today else timedelta(0)
    draw = place.draw(day)
    for row in booking.day_bookings(session, place.id, day, place.zone):
        visit = _visit(row, now)
        if row.status in BEGUN and visit.ends_at + patience < now:
            booking.set_status(session, visit.booking_id, "done")
        elif row.status == "requested" and visit.starts_at < now:
            booking.cancel(session, visit.booking_id, reason="declined", by="staff")
        elif row.status in EXPECTED and visit.starts_at + patience < now:
            advance(session, visit, now, draw)


def note_times(session: Session, place: Place, since: datetime, now: datetime) -> None:
    """When people came, began and were done, for visits of which only the end was noted: nobody is quite on time."""
    wanted = select(Booking.id, Booking.starts_at, Booking.ends_at).where(
        Booking.branch_id == place.id,
        Booking.starts_at >= since,
        Booking.status == "done",
        Booking.started_at.is_(None),
    )
    rows = []
    for booking_id, starts_at, ends_at in session.execute(wanted.order_by(Booking.starts_at, Booking.id)):
        draw = Random(f"{place.chain.slug}/{starts_at}/{ends_at}")
        arrived = starts_at + timedelta(minutes=draw.triangular(-15, 8, -4))
        began = max(arrived, starts_at) + timedelta(minutes=draw.triangular(0, 12, 2))
        finished = began + (ends_at - starts_at) * draw.triangular(0.75, 1.3, 1.0)
        times = {"arrived_at": arrived, "started_at": began, "finished_at": min(finished, now)}
        rows.append({"id": booking_id, **times})
    if rows:
        session.execute(update(Booking), rows)


def _visit(row: OnBoard, now: datetime) -> Visit:
    begins = row.begins
    return Visit(UUID(row.id), begins, begins + timedelta(minutes=row.minutes), min(now, begins))
