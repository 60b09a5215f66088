"""The walk-in queue: who waits, who is called, who left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.errors import NotPossible, UnknownBooking
from blueprints.booking.models import WALK_IN_PHONE, Booking, WalkIn
from blueprints.booking.queries.floor import QUEUE
from blueprints.booking.queries.free import one_service, party_of
from blueprints.booking.rules.policy import STAFF_MAY_ENTER_LATE
from blueprints.booking.rules.timeline import CELL_SECONDS, midnight
from blueprints.booking.service import records
from blueprints.booking.service.contact import NAME_LENGTH, checked
from blueprints.booking.service.rows import NewRows, new_ids, promised
from blueprints.booking.service.take import Who, take
from blueprints.booking.values import CustomerInput
from blueprints.crm import api as crm
from shopbell import clock, ids
from shopbell.errors import Invalid
from shopbell.i18n import gettext as _
from shopbell.text import clean_name
from shopbell.vault.ring import ring


@dataclass(frozen=True)
class Arrival:
    """Somebody at the door. `id` is chosen by the device, so that repeating is harmless; without `at` they came now."""

    id: UUID
    branch_id: UUID
    name: str
    phone: str | None = None
    service_id: UUID | None = None
    at: datetime | None = None
    source: str = "desk"
    """Where they took their ticket: desk or door."""


def add_walk_in(session: Session, arrival: Arrival) -> None:
    """Put somebody into the queue; harmless to repeat. Raises Invalid, UnknownBranch or UnknownService."""
    if session.get(WalkIn, arrival.id):
        return
    frame = plan.read_day_of(session, arrival.branch_id, clock.now()).frame
    if arrival.service_id is not None:
        party_of(frame, one_service(arrival.service_id, (), None, ()))
    name = clean_name(arrival.name)
    if not 1 <= len(name) <= NAME_LENGTH:
        hint = _("Enter a name or what the customer looks like.")
        raise Invalid(hint, fields={"name": hint})
    phone = checked(CustomerInput(name, arrival.phone)).phone if arrival.phone else None
    arrived_at = believed(arrival.at)
    number = next_number(session, arrival.branch_id, arrived_at, frame.zone)
    # A second tap waited for the first one's number: now their ticket is there.
    if session.get(WalkIn, arrival.id):
        return
    session.add(
        WalkIn(
            id=arrival.id,
            branch_id=arrival.branch_id,
            name=name,
            **phone_form(session, arrival.id, phone),
            service_id=arrival.service_id,
            status="waiting",
            arrived_at=arrived_at,
            number=number,
            source=arrival.source,
        )
    )
    session.flush()


def phone_form(session: Session, walk_in_id: UUID, phone: str | None) -> dict[str, Any]:
    """What to write into a row for a number."""
    return ring(session).form(WALK_IN_PHONE, walk_in_id, phone)


def next_number(session: Session, branch_id: UUID, at: datetime, zone: ZoneInfo) -> int:
    """The branch's next ticket on that local day. Who takes one at the same moment waits for us to commit."""
    day = clock.local_minutes(at, zone)[0]
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{branch_id} {day}", 0))))
    first, last = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    latest = select(func.max(WalkIn.number)).where(
        WalkIn.branch_id == branch_id, WalkIn.arrived_at >= first, WalkIn.arrived_at < last
    )
    return (session.scalar(latest) or 0) + 1


def promise(session: Session, walk_in_id: UUID, low: int, high: int) -> None:
    """Write down what wait, in minutes, somebody was told on arrival. What was said first stands."""
    walk_in = lock(session, walk_in_id)
    if walk_in.quoted_high is None:
        walk_in.quoted_low, walk_in.quoted_high = low, high
        walk_in.changed_xid = records.TOUCH
        session.flush()


def call_walk_in(session: Session, walk_in_id: UUID, person_id: UUID | None, *, only_waiting: bool = False) -> bool:
    """Call somebody to a person; harmless to repeat. Whether they are called now: with `only_waiting` nobody is taken
    whom somebody else has called or seated meanwhile. Raises UnknownBooking, or NotPossible once they do not wait."""
    walk_in = lock(session, walk_in_id)
    if only_waiting and walk_in.status != "waiting":
        return False
    if walk_in.status not in QUEUE:
        raise NotPossible(_("This customer is no longer waiting."))
    if walk_in.status == "waiting" or walk_in.person_id != person_id:
        walk_in.status, walk_in.person_id, walk_in.called_at = "called", person_id, clock.now()
        walk_in.changed_xid = records.TOUCH
        session.flush()
    return True


def call_back(session: Session, walk_in_id: UUID) -> None:
    """Called and did not come: they wait again, where they were. Harmless to repeat. Raises as call_walk_in."""
    walk_in = lock(session, walk_in_id)
    if walk_in.status not in QUEUE:
        raise NotPossible(_("This customer is no longer waiting."))
    if walk_in.status == "called":
        walk_in.status, walk_in.person_id, walk_in.called_at = "waiting", None, None
        walk_in.changed_xid = records.TOUCH
        session.flush()


@dataclass(frozen=True)
class Seating:
    """Somebody called from the queue. Without a service it is the one they named on arrival, without a person anyone
    who is free, without `at` it happens now. With a `booking_id` of the device's own the visit gets that id."""

    walk_in_id: UUID
    service_id: UUID | None = None
    person_id: UUID | None = None
    booking_id: UUID | None = None
    at: datetime | None = None


def seat_walk_in(session: Session, seating: Seating, *, clash: dict[str, Any] | None = None) -> UUID:
    """Call somebody from the queue: their visit begins. Returns the appointment's id; the first call wins.

    With a `clash` the visit takes no time of its own and carries that as what is wrong with it. Raises UnknownBooking,
    NotPossible when they left or no service is named, and what reserve raises for the time.
    """
    walk_in = lock(session, seating.walk_in_id)
    phone = ring(session).shown(WALK_IN_PHONE, walk_in.id, walk_in.phone, walk_in.phone_sealed)
    if walk_in.status == "serving" and walk_in.booking_id:
        return walk_in.booking_id
    wanted = seating.service_id or walk_in.service_id
    if walk_in.status not in QUEUE or wanted is None:
        raise NotPossible(_("This customer is no longer waiting.") if wanted else _("Choose a service first."))
    seated_at = believed(seating.at)
    starts_at, person_id = cell_of_the_day(seated_at), seating.person_id
    reading = plan.read_day_of(session, walk_in.branch_id, starts_at)
    party = party_of(reading.frame, one_service(wanted, (), person_id, ()))
    common = {
        "customer_id": crm.remember(session, walk_in.name, phone) if phone else None,
        "guest_name": walk_in.name,
        "status": "in_service",
        "source": "walk_in",
        "arrived_at": walk_in.arrived_at,
        "started_at": seated_at,
        "clash": clash,
    }
    rows = NewRows(session, new_ids(party.guests, seating.booking_id), common)
    if clash is None:
        take(session, reading, party, starts_at, rows, Who(by_staff=True))
    else:
        rows.write(promised(reading.frame, party, starts_at))
    new_id, person_id = rows.ids[0], rows.written[0]["person_id"]
    walk_in.status, walk_in.booking_id, walk_in.seated_at = "serving", new_id, seated_at
    walk_in.person_id, walk_in.service_id = person_id, wanted
    walk_in.changed_xid = records.TOUCH
    session.flush()
    return new_id


def back_to_the_queue(session: Session, booking: Booking, name: str, phone: str | None) -> None:
    """Let the customer of an appointment wait as a walk-in: again, when they came from the queue."""
    walk_in = session.scalars(select(WalkIn).where(WalkIn.booking_id == booking.id).with_for_update()).first()
    if walk_in is None:
        new_id = ids.uuid7()
        walk_in = WalkIn(
            id=new_id,
            branch_id=booking.branch_id,
            name=name,
            **phone_form(session, new_id, phone),
            service_id=booking.service_id,
            arrived_at=clock.now(),
        )
        zone = plan.read_day_of(session, booking.branch_id, walk_in.arrived_at).frame.zone
        walk_in.number = next_number(session, booking.branch_id, walk_in.arrived_at, zone)
        session.add(walk_in)
    walk_in.status, walk_in.booking_id, walk_in.person_id = "waiting", None, None
    walk_in.called_at, walk_in.seated_at = None, None
    walk_in.changed_xid = records.TOUCH
    session.flush()


def leave_walk_in(session: Session, walk_in_id: UUID) -> None:
    """They went away; harmless to repeat. Raises UnknownBooking, or NotPossible once they are served."""
    walk_in = lock(session, walk_in_id)
    if walk_in.status == "left":
        return
    if walk_in.status not in QUEUE:
        raise NotPossible(_("This customer is no longer waiting."))
    walk_in.status, walk_in.changed_xid = "left", records.TOUCH
    session.flush()


def lock(session: Session, walk_in_id: UUID) -> WalkIn:
    walk_in = session.get(WalkIn, walk_in_id, with_for_update=True, populate_existing=True)
    if walk_in is None:
        raise UnknownBooking(_("Nobody with this number is in the queue."))
    return walk_in


def believed(at: datetime | None) -> datetime:
    """When a device says that something happened, as far as that can be: not ahead of us and not before yesterday."""
    now = clock.now()
    return max(now - STAFF_MAY_ENTER_LATE, min(at, now)) if at else now


def cell_of_the_day(instant: datetime) -> datetime:
    """Down to the five-minute cell."""
    return datetime.fromtimestamp(int(instant.timestamp()) // CELL_SECONDS * CELL_SECONDS, UTC)
