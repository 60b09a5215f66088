"""The queue: who comes, what they are told, who is called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.arrivals.errors import NobodyWaits
from blueprints.arrivals.queries.now import Now
from blueprints.arrivals.queries.queue import Place, places, present, reckoned
from blueprints.arrivals.rules.calling import next_one
from blueprints.booking import api as booking
from blueprints.booking.api import Arrival, UnknownBooking
from shopbell.i18n import gettext as _


@dataclass(frozen=True)
class Promise:
    """What somebody is told on arrival: their ticket, and a wait in minutes; both None when nobody can promise one."""

    walk_in_id: UUID
    number: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Called:
    """Who was called: a "walk_in" or the customer of a "booking", and to whom."""

    kind: str
    id: UUID
    name: str
    number: int | None
    person_id: UUID | None


def receive(session: Session, arrival: Arrival) -> Promise:
    """Somebody came without an appointment: they get a number and are told how long it will take.

    Harmless to repeat: the first promise stands. Raises Invalid, UnknownBranch or UnknownService.
    """
    booking.add_walk_in(session, arrival)
    waiting = require(session, arrival.id)
    if waiting.quoted_high is None and waiting.status == "waiting":
        estimate = reckoned(present(session, waiting.branch_id)).estimates.get(waiting.id)
        if estimate and estimate.low is not None and estimate.high is not None:
            booking.promise(session, waiting.id, estimate.low, estimate.high)
            return Promise(waiting.id, waiting.number, estimate.low, estimate.high)
    return Promise(waiting.id, waiting.number, waiting.quoted_low, waiting.quoted_high)


def call_next(
    session: Session, branch_id: UUID, person_id: UUID | None = None, *, skip: Collection[UUID] = ()
) -> Called:
    """Call whoever is next by the plan, for somebody or for whoever is free.

    Whoever that person has called already and who has not come yet is called again. Two desks that call at the same
    moment call two people: the walk-in is locked, and one that was called meanwhile is passed over. Raises NobodyWaits,
    UnknownBranch.
    """
    now = present(session, branch_id)
    for walk_in in now.queue:
        if walk_in.status == "called" and person_id and walk_in.person_id == person_id and walk_in.id not in skip:
            return Called("walk_in", walk_in.id, walk_in.name, walk_in.number, person_id)
    passed = set(skip)
    while found := next_one(now.floor, now.paces, person_id, passed):
        id_, server = found
        place = place_of(session, now, id_)
        if place.kind == "booking":
            return Called("booking", id_, place.name, None, server)
        if booking.call_walk_in(session, id_, server, only_waiting=True):
            return Called("walk_in", id_, place.name, place.number, server)
        passed.add(id_)
    raise NobodyWaits(
        _("There is nobody whose visit fits before the next appointment.") if now.queue else _("The queue is empty.")
    )


def place_of(session: Session, now: Now, id_: UUID) -> Place:
    return next(place for place in places(session, now, reckoned(now)) if place.id == id_)


def call(session: Session, walk_in_id: UUID, person_id: UUID | None = None) -> Called:
    """Call this one. Harmless to repeat. Raises UnknownBooking, or NotPossible once they do not wait."""
    waiting = require(session, walk_in_id)
    booking.call_walk_in(session, walk_in_id, person_id)
    return Called("walk_in", walk_in_id, waiting.name, waiting.number, person_id)


def call_back(session: Session, walk_in_id: UUID) -> None:
    """Called and did not come: they wait again, where they were. Harmless to repeat. Raises as call."""
    booking.call_back(session, walk_in_id)


def leave(session: Session, walk_in_id: UUID) -> None:
    """They went away; harmless to repeat. Raises UnknownBooking, or NotPossible once they are served."""
    booking.leave_walk_in(session, walk_in_id)


def require(session: Session, walk_in_id: UUID) -> booking.InQueue:
    """Raises UnknownBooking."""
    found = booking.walk_in(session, walk_in_id)
    if found is None:
        raise UnknownBooking(_("Nobody with this number is in the queue."))
    return found
