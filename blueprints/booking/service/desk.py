"""Work that already happened at the desk, perhaps without network: it is a fact, so it is kept and its clash marked.

A clash is {why, suggest, mine?, with?}: why it needs a decision (slot_taken, moved_elsewhere, cancelled_by_customer),
free places nearby, where the desk wanted it when it stands elsewhere, and the appointment in its way. A place is
{person, day, start} with `start` in minutes of the branch's local day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.booking import plan
from blueprints.booking.errors import CancelledMeanwhile, OutsideHours, SlotTaken
from blueprints.booking.frames import Frame
from blueprints.booking.models import Allocation, Booking
from blueprints.booking.queries.free import alternatives, one_service, party_of, with_anybody
from blueprints.booking.service import records
from blueprints.booking.service.again import item_of
from blueprints.booking.service.again import retake as again
from blueprints.booking.service.change import move
from blueprints.booking.service.contact import checked, checked_guests, checked_note
from blueprints.booking.service.reserve import announce, remember
from blueprints.booking.service.rows import NewRows, named, new_ids, promised
from blueprints.booking.service.status import set_status, tell
from blueprints.booking.service.walk_ins import Seating, seat_walk_in
from blueprints.booking.values import BookingRequest, Guest, Override
from shopbell import clock
from shopbell.errors import DomainError
from shopbell.i18n import gettext as _

WENT_ON = frozenset({"arrived", "in_service", "done"})
"""Steps that say somebody was in the shop."""


def keep_clash(session: Session, request: BookingRequest) -> UUID:
    """Keep an appointment that the desk promised although its time is taken: it holds no time of its own, and says
    what is wrong and where it could go. Raises Invalid for what was typed, UnknownBranch, UnknownService."""
    customer, note = checked(request.customer), checked_note(request.note)
    frame = plan.read_day_of(session, request.branch_id, request.starts_at).frame
    wish = one_service(request.service_id, request.options, request.person_id, request.guests)
    party = party_of(frame, named(checked_guests(wish)))
    common = {
        "customer_id": remember(session, customer, request.source),
        "status": "booked",
        "source": request.source,
        "note": note,
        "clash": clash(session, frame, party.guests, request.starts_at),
    }
    rows = NewRows(session, new_ids(party.guests, request.booking_id), common)
    rows.write(promised(frame, party, request.starts_at))
    announce(session, rows.written)
    return rows.ids[0]


def move_at_desk(
    session: Session,
    booking_id: UUID,
    starts_at: datetime,
    person_id: UUID | None,
    *,
    known_slot: int | None,
    alone: bool = True,
    override: Override | None = None,
) -> bool:
    """Move as the desk did. False when that cannot stand: the appointment stays where it is and its clash is marked.

    `known_slot` is the slot version the desk saw; when somebody has moved the appointment since, the first one stands.
    Raises UnknownBooking, CancelledMeanwhile, NotPossible, and what reserve raises for the time except SlotTaken.
    """
    booking = records.lock(session, booking_id)
    if booking.status == "cancelled":
        raise CancelledMeanwhile(_("It was cancelled while this device worked on it. Nothing was moved."))
    if booking.starts_at == starts_at and person_id in {None, booking.person_id}:
        return stand(session, booking)
    if known_slot is not None and known_slot != booking.slot_version:
        mark_clash(session, booking, "moved_elsewhere", starts_at, person_id)
        return False
    try:
        with session.begin_nested():
            move(session, booking_id, starts_at, person_id, by="staff", alone=alone, override=override)
    except SlotTaken:
        mark_clash(session, booking, "slot_taken", starts_at, person_id)
        return False
    return True


def status_at_desk(session: Session, booking_id: UUID, status: str, *, undo: bool = False) -> bool:
    """Note how far the visit is, as the desk saw it. False when that needs a decision: the customer came although the
    appointment was cancelled meanwhile, or after a no-show whose time is given away.

    Raises UnknownBooking, CancelledMeanwhile, NotPossible.
    """
    booking = records.lock(session, booking_id)
    if booking.status == "cancelled":
        if undo or status not in WENT_ON:
            raise CancelledMeanwhile(_("It was cancelled while this device worked on it."))
        booking.cancelled_at, booking.cancel_reason = None, None
        keep_going(session, booking, status, {"why": "cancelled_by_customer", "suggest": []})
        retake(session, booking)
        return False
    try:
        with session.begin_nested():
            set_status(session, booking_id, status, undo=undo)
    except SlotTaken:
        frame = plan.read_day_of(session, booking.branch_id, booking.starts_at).frame
        keep_going(session, booking, status, beside(session, frame, booking.person_id, booking.starts_at))
        return False
    return True


def keep_going(session: Session, booking: Booking, status: str, clash: dict[str, Any]) -> None:
    before, booking.status, booking.clash = booking.status, status, clash
    records.save(session, booking)
    tell(session, booking, before)


def seat_at_desk(session: Session, seating: Seating) -> tuple[UUID, bool]:
    """Call somebody from the queue: the appointment's id, and False when the visit runs beside another one or beyond
    the opening hours, which somebody has to decide. Raises UnknownBooking, NotPossible, NobodyCan."""
    try:
        with session.begin_nested():
            return seat_walk_in(session, seating), True
    except SlotTaken:
        return seat_walk_in(session, seating, clash={"why": "slot_taken", "suggest": []}), False
    except OutsideHours:
        return seat_walk_in(session, seating, clash={"why": "outside_hours", "suggest": []}), False


def mark_clash(session: Session, booking: Booking, why: str, starts_at: datetime, person_id: UUID | None) -> None:
    """Write down that the desk wanted the appointment elsewhere. Raises UnknownPerson, BranchClosed or NobodyCan."""
    frame = plan.read_day_of(session, booking.branch_id, starts_at).frame
    day, minute = clock.local_minutes(starts_at, frame.zone)
    mine = {"person": str(person_id) if person_id else None, "day": day.isoformat(), "start": minute}
    guests = (Guest((replace(item_of(booking), person_id=person_id),)),)
    party_of(frame, guests)
    found = clash(session, frame, guests, starts_at)
    others = [place for place in found["suggest"] if place != mine]
    booking.clash = {**found, "why": why, "mine": mine, "suggest": others}
    records.save(session, booking)


def clash(session: Session, frame: Frame, guests: Sequence[Guest], starts_at: datetime) -> dict[str, Any]:
    """Why, and free places nearby: the same time with somebody else first, then up to five times."""
    nearest = alternatives(session, frame, guests, starts_at)
    person_id = guests[0].items[0].person_id
    if person_id is not None:
        with_anyone = alternatives(session, frame, with_anybody(guests), starts_at)
        same_time = [free for free in with_anyone if clock.parse_instant(free["start"]) == starts_at]
        nearest = same_time + [free for free in nearest if free not in same_time]
    suggest = []
    for free in nearest:
        day, minute = clock.local_minutes(clock.parse_instant(free["start"]), frame.zone)
        person = free["staff"]["id"] if "staff" in free else None
        suggest.append({"person": person, "day": day.isoformat(), "start": minute})
    return {**beside(session, frame, person_id, starts_at), "suggest": suggest}


def beside(session: Session, frame: Frame, person_id: UUID | None, starts_at: datetime) -> dict[str, Any]:
    """A clash over a taken time, with the appointment the person has at that moment."""
    person = frame.people.get(person_id) if person_id else None
    statement = select(Allocation.booking_id).where(
        Allocation.resource_id == (person.resource_id if person else None),
        Allocation.starts_at <= starts_at,
        Allocation.ends_at > starts_at,
    )
    rival = session.scalars(statement.limit(1)).first()
    return {"why": "slot_taken", "suggest": [], **({"with": str(rival)} if rival else {})}


def stand(session: Session, booking: Booking) -> bool:
    """The appointment is to be where it is: nothing to do, unless a clash left it there without time of its own."""
    if booking.clash is None:
        return True
    if not retake(session, booking):
        mark_clash(session, booking, "slot_taken", booking.starts_at, booking.person_id)
        return False
    booking.clash = None
    records.save(session, booking)
    return True


def retake(session: Session, booking: Booking) -> bool:
    """Take the appointment's time where it stands, if it holds none and that is possible. Whether it holds it now."""
    if session.scalars(select(Allocation.booking_id).where(Allocation.booking_id == booking.id).limit(1)).first():
        return True
    why = booking.why
    try:
        with session.begin_nested():
            again(session, booking)
    except DomainError:
        session.refresh(booking)
        return False
    booking.why = why
    return True
