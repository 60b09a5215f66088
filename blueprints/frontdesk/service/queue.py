"""Who comes without an appointment, who is called and who leaves."""

from __future__ import annotations

from sqlalchemy.orm import Session

from blueprints.arrivals import api as arrivals
from blueprints.booking import api as booking
from blueprints.brand import api as brand
from blueprints.frontdesk import values
from blueprints.frontdesk.service.outcome import Outcome, walk_in_of_this_branch
from blueprints.frontdesk.values import Desk, Operation


def arrive(session: Session, desk: Desk, operation: Operation, who: values.Arrive) -> Outcome:
    if booking.branch_of_walk_in(session, who.id) not in {None, desk.branch_id}:
        raise booking.UnknownBooking
    arrival = booking.Arrival(who.id, desk.branch_id, who.name, who.phone or None, who.service, operation.at)
    arrivals.receive(session, arrival)
    brand.tell(session, "walk_in", who.id, None, who.told, desk.user_name)
    return Outcome(who.id)


def call(session: Session, desk: Desk, operation: Operation, who: values.Call) -> Outcome:
    walk_in_of_this_branch(session, desk, who.id)
    return Outcome(who.id, more={"name": arrivals.call(session, who.id, who.person).name})


def call_next(session: Session, desk: Desk, operation: Operation, wish: values.CallNext) -> Outcome:
    """Whoever is next by now, whom the device need not know of. Nobody is no trouble: it is told why."""
    try:
        called = arrivals.call_next(session, desk.branch_id, wish.person)
    except arrivals.NobodyWaits as nobody:
        return Outcome(wish.id, more={"detail": nobody.detail})
    return Outcome(called.id, more={"name": called.name})


def call_back(session: Session, desk: Desk, operation: Operation, who: values.CallBack) -> Outcome:
    walk_in_of_this_branch(session, desk, who.id)
    arrivals.call_back(session, who.id)
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
