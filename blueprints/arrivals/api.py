"""What other features may ask about who is here, who waits and for how long.

`plan(session, branch_id) -> dict` is the branch's queue right now, ready for JSON; instants are epoch milliseconds,
ids are text, minutes are whole minutes from now:

    {
      "at": 1764054000000,                 when it was reckoned
      "waiting": [                         in the order in which they are expected to be served
        {
          "kind": "walk_in",               or "booking": somebody with an appointment who has arrived
          "id": "…",                       of the walk-in or of the appointment
          "number": 12,                    the ticket; null for an appointment
          "name": "Linh",
          "service": "…",                  null while nobody has asked
          "status": "waiting",             waiting, called (walk-ins) or arrived (appointments)
          "since": 1764053100000,          when they came
          "due": null,                     an appointment's time
          "position": 1,                   counted from 1, appointments and walk-ins together
          "low": 5, "high": 15,            the wait from now; both null when nobody can serve them today any more
          "with": "…",                     the person who will probably serve them; null when nobody can
          "promised": [10, 20],            what they were told when they came; null when nothing was
          "late": false,                   they have waited longer than they were promised
          "called": null                   when they were called
        }
      ],
      "expected": [                        appointments whose time has come and whose customer has not
        {"id": "…", "name": "…", "service": "…", "with": "…", "due": 1764053400000,
         "minutes": 6,                     since then
         "gave_up": false}                 true once the grace is over: the desk may note a no-show
      ],
      "free": ["…"],                       people on shift who have nobody and nothing to do right now
      "newcomer": {"low": 10, "high": 25}  of somebody who came now for the shortest service; nulls: not today
    }

What the desk does, each in the caller's transaction; all raise UnknownBooking for an id that is not there:

- `receive(session, Arrival) -> Promise(walk_in_id, number, low, high)`: somebody came without an appointment.
  Harmless to repeat. Use it in place of `booking.api.add_walk_in`: it also stores what they are told.
- `call_next(session, branch_id, person_id=None, *, skip=()) -> Called(kind, id, name, number, person_id)`: whoever is
  next by the plan, for one person or for whoever is free. A walk-in becomes `called`; an appointment stays
  `arrived` until the visit begins. Raises NobodyWaits. Repeated for the same person it gives the same answer, until the
  called one is seated, sent back or gone. `skip` names ids that are not to be called.
- `call(session, walk_in_id, person_id=None) -> Called`: calls this one.
- `call_back(session, walk_in_id)`: called and did not come: waits again, at their old place. Harmless to repeat.
- `booking.api.seat_walk_in` and `leave_walk_in` take waiting and called walk-ins alike.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.arrivals import queries, service, tickets
from blueprints.arrivals.errors import (
    CannotCheckIn,
    NobodyWaits,
    TooEarlyToCheckIn,
    TooLateToCheckIn,
    UnknownDoor,
    UnknownTicket,
)
from blueprints.arrivals.queries import Wait
from blueprints.arrivals.service import Called, Promise, call, call_back, call_next, i_am_here, receive
from blueprints.booking import api as booking
from blueprints.booking.api import Arrival

HERE, TICKET = "/here/", "/t/"

__all__ = [
    "Arrival",
    "Called",
    "CannotCheckIn",
    "NobodyWaits",
    "Promise",
    "TooEarlyToCheckIn",
    "TooLateToCheckIn",
    "UnknownDoor",
    "UnknownTicket",
    "Wait",
    "call",
    "call_back",
    "call_next",
    "check_in_link",
    "i_am_here",
    "plan",
    "receive",
    "ticket_link",
    "wait_now",
]


def plan(session: Session, branch_id: UUID) -> dict[str, Any]:
    """The branch's queue right now, ready for JSON, in the shape above. Raises UnknownBranch."""
    return queries.plan(session, branch_id)


def wait_now(session: Session, branch_ids: Collection[UUID]) -> dict[UUID, Wait]:
    """How long somebody waits who walks in now, per branch: Wait(low, high, waiting), minutes and people.

    Branches that would serve nobody any more today are left out. Kept for some seconds; see queries.wait_now for what
    it costs.
    """
    return queries.wait_now(session, branch_ids)


def check_in_link(session: Session, booking_id: UUID) -> str | None:
    """The address (a path) under which the customer says "I am here", while it is time for that; once they are here,
    that of their ticket, which shows the wait. None before, after, and for what needs no check-in. Raises
    UnknownBooking."""
    details = booking.details(session, booking_id)
    if details.status == "arrived":
        return TICKET + tickets.token(booking_id)
    return HERE + tickets.token(booking_id) if service.may_check_in(details) else None


def ticket_link(walk_in_id: UUID) -> str:
    """The address (a path) of a walk-in's ticket on their own phone."""
    return TICKET + tickets.token(walk_in_id)
