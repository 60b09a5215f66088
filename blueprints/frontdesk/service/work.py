"""What each kind of operation does, in the words of the booking book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.brand import api as brand
from blueprints.frontdesk import values
from blueprints.frontdesk.queries.times import as_asked
from blueprints.frontdesk.service import queue
from blueprints.frontdesk.service.outcome import Outcome, instant, may_waive, of_this_branch, override
from blueprints.frontdesk.values import Desk, Operation
from shopbell.errors import Forbidden

OURS = frozenset({"branch", "mistake", "declined"})
"""Reasons that are the house's own: the customer pays for none of them."""


def carry_out(session: Session, desk: Desk, operation: Operation) -> Outcome:
    """Raises the booking book's errors, UnknownBooking for what belongs to another branch, and Forbidden."""
    do, needed = DOERS[type(operation.command)]
    if not desk.may(needed):
        raise Forbidden
    return do(session, desk, operation, operation.command)


def create(session: Session, desk: Desk, operation: Operation, new: values.Create) -> Outcome:
    if booking.branch_of(session, new.id) not in {None, desk.branch_id}:
        raise booking.UnknownBooking
    request = request_of(desk, new)
    outcome = repeat(session, request, new.repeat) if new.repeat else once(session, request)
    if new.told and booking.branch_of(session, outcome.id):
        customer_id = booking.details(session, outcome.id).customer_id
        brand.tell(session, "booking", outcome.id, customer_id, new.told, desk.user_name)
    return outcome


def once(session: Session, request: booking.BookingRequest) -> Outcome:
    try:
        with session.begin_nested():
            return Outcome(booking.reserve(session, request).id)
    except booking.SlotTaken:
        return Outcome(booking.keep_clash(session, request), stands=False)


def request_of(desk: Desk, new: values.Create) -> booking.BookingRequest:
    return booking.BookingRequest(
        branch_id=desk.branch_id,
        service_id=new.service,
        starts_at=instant(desk, new.day, new.start),
        customer=booking.CustomerInput(**asdict(new.customer)),
        person_id=new.person,
        note=new.note,
        source="desk",
        booking_id=new.id,
        options=new.options,
        guests=as_asked(new.guests),
        override=override(desk, new.override),
    )


def repeat(session: Session, request: booking.BookingRequest, wish: values.Repeat) -> Outcome:
    """A series is placed where there is room; the days without come back with the answer."""
    made = booking.reserve_series(session, request, every_weeks=wish.weeks, visits=wish.visits)
    unplaced = [one.as_json() for one in made.unplaced]
    first = made.placed[0].id if made.placed else made.series_id
    return Outcome(first, more={"unplaced": unplaced} if unplaced else {})


def move(session: Session, desk: Desk, operation: Operation, to: values.Move) -> Outcome:
    of_this_branch(session, desk, to.id)
    starts_at = instant(desk, to.day, to.start)
    stands = booking.move_at_desk(
        session,
        to.id,
        starts_at,
        to.person,
        known_slot=operation.known_slot,
        alone=to.alone,
        override=override(desk, to.override),
    )
    return Outcome(to.id, stands)


def extend(session: Session, desk: Desk, operation: Operation, to: values.Extend) -> Outcome:
    of_this_branch(session, desk, to.id)
    booking.extend(session, to.id, to.extra, override=override(desk, to.override))
    return Outcome(to.id)


def approve(session: Session, desk: Desk, operation: Operation, which: values.Approve) -> Outcome:
    of_this_branch(session, desk, which.id)
    booking.approve(session, which.id)
    return Outcome(which.id)


def block(session: Session, desk: Desk, operation: Operation, time: values.Block) -> Outcome:
    if booking.branch_of(session, time.id) not in {None, desk.branch_id}:
        raise booking.UnknownBooking
    starts_at = instant(desk, time.day, time.start)
    ends_at = starts_at + timedelta(minutes=time.minutes)
    booking.block(session, desk.branch_id, time.person, starts_at, ends_at, time.note, booking_id=time.id)
    return Outcome(time.id)


def unblock(session: Session, desk: Desk, operation: Operation, which: values.Unblock) -> Outcome:
    of_this_branch(session, desk, which.id)
    booking.unblock(session, which.id)
    return Outcome(which.id)


def set_status(session: Session, desk: Desk, operation: Operation, step: values.SetStatus) -> Outcome:
    of_this_branch(session, desk, step.id)
    return Outcome(step.id, booking.status_at_desk(session, step.id, step.status, undo=step.undo))


def cancel(session: Session, desk: Desk, operation: Operation, wish: values.Cancel) -> Outcome:
    of_this_branch(session, desk, wish.id)
    if wish.waive:
        may_waive(desk)
    waive = wish.waive.strip() if wish.waive else (wish.reason if wish.reason in OURS else None)
    booking.cancel(
        session, wish.id, reason=wish.reason, by="staff", alone=wish.alone, waive=waive, user_id=desk.user_id
    )
    return Outcome(wish.id)


def note(session: Session, desk: Desk, operation: Operation, text: values.Note) -> Outcome:
    of_this_branch(session, desk, text.id)
    booking.set_note(session, text.id, text.note)
    return Outcome(text.id)


def settle(session: Session, desk: Desk, operation: Operation, what: values.Settle) -> Outcome:
    of_this_branch(session, desk, booking.charge(session, what.id).charge.booking_id)
    if what.state != "paid":
        may_waive(desk)
    booking.settle(session, what.id, what.state, what.reason, desk.user_id)
    return Outcome(what.id)


def resolve(session: Session, desk: Desk, operation: Operation, decision: values.Resolve) -> Outcome:
    of_this_branch(session, desk, decision.id)
    when = None
    if decision.day is not None and decision.start is not None:
        when = instant(desk, decision.day, decision.start)
    stands = booking.resolve_clash(session, decision.id, decision.how, starts_at=when, person_id=decision.person)
    return Outcome(decision.id, stands)


Doer = Callable[[Session, Desk, Operation, Any], Outcome]
DOERS: dict[type, tuple[Doer, str]] = {
    values.Create: (create, "booking.write"),
    values.Move: (move, "booking.write"),
    values.Extend: (extend, "booking.write"),
    values.Approve: (approve, "booking.approve"),
    values.Block: (block, "booking.write"),
    values.Unblock: (unblock, "booking.write"),
    values.SetStatus: (set_status, "booking.write"),
    values.Cancel: (cancel, "booking.write"),
    values.Note: (note, "booking.write"),
    values.Settle: (settle, "booking.write"),
    values.Resolve: (resolve, "booking.write"),
    values.Arrive: (queue.arrive, "booking.write"),
    values.Call: (queue.call, "arrivals.queue"),
    values.CallNext: (queue.call_next, "arrivals.queue"),
    values.CallBack: (queue.call_back, "arrivals.queue"),
    values.Seat: (queue.seat, "booking.write"),
    values.Leave: (queue.leave, "booking.write"),
}
"""What does each kind of work, and the permission it needs at the branch: the one that the API asks for."""
MAY = frozenset({"booking.override", "booking.charges", *(needed for _do, needed in DOERS.values())})
