"""What each kind of operation does, in the words of the booking book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.frontdesk import values
from blueprints.frontdesk.values import Desk, Operation
from shopbell import clock
from shopbell.errors import Invalid
from shopbell.i18n import gettext as _


@dataclass(frozen=True)
class Outcome:
    """The appointment or walk-in it was about, and whether that needs a decision now."""

    id: UUID
    stands: bool = True

    @property
    def status(self) -> str:
        return "applied" if self.stands else "clash"


def carry_out(session: Session, desk: Desk, operation: Operation) -> Outcome:
    """Raises the booking book's errors, and UnknownBooking for what belongs to another branch."""
    return DOERS[type(operation.command)](session, desk, operation, operation.command)


def create(session: Session, desk: Desk, operation: Operation, new: values.Create) -> Outcome:
    if booking.branch_of(session, new.id) not in {None, desk.branch_id}:
        raise booking.UnknownBooking
    request = booking.BookingRequest(
        branch_id=desk.branch_id,
        service_id=new.service,
        starts_at=instant(desk, new.day, new.start),
        customer=booking.CustomerInput(**asdict(new.customer)),
        person_id=new.person,
        note=new.note,
        source="desk",
        booking_id=new.id,
    )
    try:
        with session.begin_nested():
            return Outcome(booking.reserve(session, request).id)
    except booking.SlotTaken:
        return Outcome(booking.keep_clash(session, request), stands=False)


def move(session: Session, desk: Desk, operation: Operation, to: values.Move) -> Outcome:
    of_this_branch(session, desk, to.id)
    starts_at = instant(desk, to.day, to.start)
    stands = booking.move_at_desk(session, to.id, starts_at, to.person, known_slot=operation.known_slot)
    return Outcome(to.id, stands)


def set_status(session: Session, desk: Desk, operation: Operation, step: values.SetStatus) -> Outcome:
    of_this_branch(session, desk, step.id)
    return Outcome(step.id, booking.status_at_desk(session, step.id, step.status, undo=step.undo))


def cancel(session: Session, desk: Desk, operation: Operation, wish: values.Cancel) -> Outcome:
    of_this_branch(session, desk, wish.id)
    booking.cancel(session, wish.id, reason=wish.reason, by="staff")
    return Outcome(wish.id)


def note(session: Session, desk: Desk, operation: Operation, text: values.Note) -> Outcome:
    of_this_branch(session, desk, text.id)
    booking.set_note(session, text.id, text.note)
    return Outcome(text.id)


def arrive(session: Session, desk: Desk, operation: Operation, who: values.Arrive) -> Outcome:
    if booking.branch_of_walk_in(session, who.id) not in {None, desk.branch_id}:
        raise booking.UnknownBooking
    arrival = booking.Arrival(who.id, desk.branch_id, who.name, who.phone or None, who.service, operation.at)
    booking.add_walk_in(session, arrival)
    return Outcome(who.id)


def seat(session: Session, desk: Desk, operation: Operation, call: values.Seat) -> Outcome:
    walk_in_of_this_branch(session, desk, call.id)
    # Another device may have been given the same id by accident: then the visit gets one of ours.
    booking_id = None if booking.branch_of(session, call.booking_id) else call.booking_id
    seating = booking.Seating(call.id, call.service, call.person, booking_id, operation.at)
    return Outcome(*booking.seat_at_desk(session, seating))


def leave(session: Session, desk: Desk, operation: Operation, who: values.Leave) -> Outcome:
    walk_in_of_this_branch(session, desk, who.id)
    booking.leave_walk_in(session, who.id)
    return Outcome(who.id)


def resolve(session: Session, desk: Desk, operation: Operation, decision: values.Resolve) -> Outcome:
    of_this_branch(session, desk, decision.id)
    when = None
    if decision.day is not None and decision.start is not None:
        when = instant(desk, decision.day, decision.start)
    stands = booking.resolve_clash(session, decision.id, decision.how, starts_at=when, person_id=decision.person)
    return Outcome(decision.id, stands)


Doer = Callable[[Session, Desk, Operation, Any], Outcome]
DOERS: dict[type, Doer] = {
    values.Create: create,
    values.Move: move,
    values.SetStatus: set_status,
    values.Cancel: cancel,
    values.Note: note,
    values.Arrive: arrive,
    values.Seat: seat,
    values.Leave: leave,
    values.Resolve: resolve,
}


def of_this_branch(session: Session, desk: Desk, booking_id: UUID) -> None:
    if booking.branch_of(session, booking_id) != desk.branch_id:
        raise booking.UnknownBooking(_("This appointment is not in this branch's book."))


def walk_in_of_this_branch(session: Session, desk: Desk, walk_in_id: UUID) -> None:
    if booking.branch_of_walk_in(session, walk_in_id) != desk.branch_id:
        raise booking.UnknownBooking(_("Nobody with this number is in the queue."))


def instant(desk: Desk, day: date, minute: int) -> datetime:
    """Raises Invalid for a time that the clocks skip on that day."""
    try:
        return clock.at_local(day, minute, desk.zone)
    except (clock.SkippedLocalTime, OverflowError) as error:
        hint = _("On this day the clocks skip this time. Choose another one.")
        raise Invalid(hint, fields={"start": hint}) from error
