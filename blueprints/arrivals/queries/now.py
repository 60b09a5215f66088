"""The shop floor right now, as the rules want it, with what the simulation makes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.arrivals.queries.house import House, minutes
from blueprints.arrivals.queries.memory import Memory
from blueprints.arrivals.rules.floor import Floor, State, Visit, Waiter
from blueprints.arrivals.rules.pace import NOTHING_LEARNED, SHARES, Paces, learned
from blueprints.booking import api as booking
from blueprints.booking.api import InQueue, OnFloor
from shopbell import clock
from shopbell.tenancy import current_tenant

LESSONS = timedelta(days=56)
"""Visits of so many days teach how long a service takes."""
LEARN_AGAIN = timedelta(hours=1)
STATES = {"held": State.FIXED, "blocked": State.FIXED, "in_service": State.BUSY, "arrived": State.HERE}


@dataclass(frozen=True)
class Now:
    """A branch at this moment. `visits` are today's appointments that are not over, `queue` the walk-ins."""

    at: datetime
    house: House
    visits: tuple[OnFloor, ...]
    queue: tuple[InQueue, ...]
    paces: Paces
    floor: Floor


PACES: Memory[tuple[UUID, UUID], tuple[datetime, Paces]] = Memory()


def look(session: Session, houses: Collection[House]) -> dict[UUID, Now]:
    """The branches as they are now: three queries, and a fourth once an hour, however many branches."""
    if not houses:
        return {}
    now = clock.now()
    ids = [house.branch.id for house in houses]
    since, until = min(house.starts_at for house in houses), max(house.ends_at for house in houses)
    visits: dict[UUID, list[OnFloor]] = defaultdict(list)
    for visit in booking.on_the_floor(session, ids, since, until):
        visits[visit.branch_id].append(visit)
    queue: dict[UUID, list[InQueue]] = defaultdict(list)
    for walk_in in booking.in_the_queue(session, ids, since):
        queue[walk_in.branch_id].append(walk_in)
    paces = paces_at(session, ids)
    return {
        house.branch.id: _now(house, visits[house.branch.id], queue[house.branch.id], paces[house.branch.id], now)
        for house in houses
    }


def _now(house: House, visits: list[OnFloor], queue: list[InQueue], paces: Paces, now: datetime) -> Now:
    today = [visit for visit in visits if house.starts_at <= visit.starts_at < house.ends_at]
    waiting = [walk_in for walk_in in queue if walk_in.arrived_at >= house.starts_at]
    floor = Floor(
        workers=house.workers(now),
        visits=tuple(visit_of(visit, house, now) for visit in today),
        waiting=tuple(found for walk_in in waiting if (found := waiter_of(walk_in, house))),
    )
    return Now(now, house, tuple(today), tuple(waiting), paces, floor)


def visit_of(visit: OnFloor, house: House, now: datetime) -> Visit:
    takes = tuple((resource, minutes(first, now), minutes(last, now)) for resource, first, last in visit.takes)
    starts, ends = minutes(visit.starts_at, now), minutes(visit.ends_at, now)
    person = house.people.get(visit.person_id) if visit.person_id else None
    if not takes and person:
        # A visit that runs beside another one has no time of its own in the book, and keeps somebody busy all the same.
        takes = ((person.resource_id, starts, ends),)
    return Visit(
        id=visit.id,
        service_id=visit.service_id,
        person_id=visit.person_id,
        starts=starts,
        ends=ends,
        state=STATES.get(visit.status, State.COMING),
        takes=takes,
        began=min(minutes(visit.started_at or visit.starts_at, now), 0),
        grace=visit.grace_minutes,
    )


def waiter_of(walk_in: InQueue, house: House) -> Waiter | None:
    """Who has not said what they come for is reckoned with the quickest service."""
    wanted = house.wanted.get(walk_in.service_id) if walk_in.service_id else house.shortest
    if wanted is None:
        return None
    called = walk_in.status == "called"
    return Waiter(walk_in.id, wanted, called, walk_in.person_id if called else None)


def paces_at(session: Session, branch_ids: Iterable[UUID]) -> dict[UUID, Paces]:
    """What the branches have learned, at most an hour ago."""
    now, tenant = clock.now(), current_tenant().id
    wanted = list(branch_ids)
    known = {id_: found for id_ in wanted if (found := PACES.get((tenant, id_)))}
    fresh = {id_: paces for id_, (at, paces) in known.items() if at <= now < at + LEARN_AGAIN}
    if missing := [id_ for id_ in wanted if id_ not in fresh]:
        rows = defaultdict(list)
        for branch, service, person, count, ratios in booking.real_minutes(
            session, missing, now - LESSONS, now, SHARES
        ):
            rows[branch].append((service, person, count, ratios))
        for id_ in missing:
            fresh[id_] = learned(rows[id_]) if rows[id_] else NOTHING_LEARNED
            PACES.put((tenant, id_), (now, fresh[id_]))
    return fresh
