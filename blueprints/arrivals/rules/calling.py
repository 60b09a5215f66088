"""Who is next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from blueprints.arrivals.rules.floor import Floor, State, Visit, Waiter, Worker
from blueprints.arrivals.rules.pace import Paces
from blueprints.arrivals.rules.simulate import USUAL, Run, in_line, way_of

Next = tuple[UUID, UUID | None]
"""Whom to call, and who serves them."""
LITTLE = 5
"""So many minutes an appointment may begin late for a visit before it; never so that the plans overlap."""


def next_one(floor: Floor, paces: Paces, person_id: UUID | None, skip: Collection[UUID] = ()) -> Next | None:
    """Who is to be called, by somebody or by whoever is free; None when nobody who waits can begin now.

    First those with an appointment whose time has come; then the first of the queue whose visit fits before the next
    appointment; then an appointment of later whose customer is here already, rather than that nobody is served.
    Whoever calls is done with the visit they had, whatever the book still says.
    """
    floor = without_own(floor, person_id) if person_id else floor
    usual = Run(floor, paces, USUAL)
    here = [visit for visit in floor.visits if visit.state is State.HERE and visit.id not in skip]
    here = [visit for visit in here if person_id in {None, visit.person_id}]
    for visit in sorted(here, key=lambda visit: (visit.starts, visit.id.int)):
        if visit.starts <= 0 and (person_id or usual.places[visit.id].starts == 0):
            return visit.id, visit.person_id
    for waiter in in_line(floor):
        if waiter.id in skip or waiter.called:
            continue
        if worker := server_now(usual, waiter, person_id):
            return waiter.id, worker.id
    early = [visit for visit in here if visit.starts > 0 and first_of_person(floor, visit)]
    if early and person_id:
        return early[0].id, person_id
    return None


def server_now(usual: Run, waiter: Waiter, person_id: UUID | None) -> Worker | None:
    """Who can begin with them this minute, and be done in time; of several, who can do the fewest other things."""
    if person_id and waiter.only not in {None, person_id}:
        return None
    service, able = waiter.wanted.service_id, []
    for worker in usual.floor.workers:
        if person_id not in {None, worker.id} or waiter.only not in {None, worker.id} or service not in worker.can:
            continue
        usually = usual.paces.of(service, worker.id).factor(USUAL) - LITTLE / waiter.wanted.minutes
        factor = worker.can[service] * max(1.0, usually)
        if usual.possible(way_of(waiter.wanted, worker, factor)) & 1:
            able.append(worker)
    return min(able, key=lambda worker: len(worker.can), default=None)


def first_of_person(floor: Floor, visit: Visit) -> bool:
    """Whether no other appointment of the same person comes before it."""
    others = [other for other in floor.visits if other.person_id == visit.person_id and other.state is not State.FIXED]
    return all(other.starts >= visit.starts for other in others if other.ends > 0)


def without_own(floor: Floor, person_id: UUID) -> Floor:
    """The floor as though the visit this person is in were over."""
    left = [visit for visit in floor.visits if not (visit.state is State.BUSY and visit.person_id == person_id)]
    return replace(floor, visits=tuple(left))
