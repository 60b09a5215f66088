"""The rest of the day, played through three times: visits go quickly, as they usually do, or slowly.

Each time the same thing happens, and always the same for the same floor:

1. Blocked and held time is taken. Visits in service last by what such visits really take, given how long they have
   lasted already; the gaps inside them (colour that processes) stay free for others.
2. Appointments keep their times, and begin later only when their person is not free: a visit before them overran. Late
   customers may come any minute: in the quick run they do not come, in the others they come now. Once their grace is
   over, only the rest of their planned time is kept for them.
3. Those who wait go in the order of their tickets, each to the person with whom they begin first, wherever the whole
   visit fits: between appointments, within the shift, with rooms, devices and helpers enough. Of several such people
   the one who can do the fewest other things is taken.

Somebody whose visit is short may so begin before somebody in front of them, in a gap too short for that one: it costs
nobody a minute. Whoever is placed only ever takes time away from those behind: one more person at the end of the queue
ahead of somebody never shortens their wait. The anomaly of all such plans remains: somebody who joins further ahead may
push a long visit out of a gap into which a short one behind then fits, and one more pair of hands may draw a long visit
to where it stands in a short one's way. It is bounded by the longest visit, and rare.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from blueprints.arrivals.rules.floor import (
    HORIZON,
    NOT_TODAY,
    Estimate,
    Floor,
    MinuteSpan,
    Need,
    State,
    Visit,
    Waiter,
    Wanted,
    Worker,
)
from blueprints.arrivals.rules.pace import Paces

QUICK, USUAL, SLOW = 0.15, 0.5, 0.9
"""The share of visits that are over by then. Calibrated: see tests/arrivals/test_calibration.py."""
EVERYTHING = (1 << HORIZON) - 1
SHOWN_IN = 5
"""Ranges are told in steps of so many minutes: nobody believes "7 to 18"."""


@dataclass(frozen=True)
class Place:
    """Where somebody is in one run: from which minute, with whom."""

    starts: int
    worker: Worker | None
    factor: float = 1.0


@dataclass
class Run:
    """One way the day may go. `open` holds each resource's free minutes, `taken` only what visits took of them."""

    floor: Floor
    paces: Paces
    share: float
    open: dict[int, int] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)
    places: dict[UUID, Place] = field(default_factory=dict)
    starts: dict[int, dict[MinuteSpan, int]] = field(default_factory=dict)
    """Where stretches could begin, by resource; forgotten when something is taken of it."""
    hopeless: set[tuple[UUID, UUID | None]] = field(default_factory=set)
    """Services, and by whom, that nobody can begin any more today: time is only ever taken away."""

    def __post_init__(self) -> None:
        for worker in self.floor.workers:
            self.open[worker.resource] = bitmap(worker.works)
        for state in State:
            visits = [visit for visit in self.floor.visits if visit.state is state]
            for visit in sorted(visits, key=lambda visit: (visit.starts, visit.id.int)):
                if state in {State.FIXED, State.BUSY}:
                    self.place_running(visit)
        due = [visit for visit in self.floor.visits if visit.state in {State.HERE, State.COMING}]
        for visit in sorted(due, key=lambda visit: (visit.starts, visit.state is State.COMING, visit.id.int)):
            self.place_appointment(visit)

    def take(self, resource: int, first: int, last: int) -> None:
        mask = run(first, last)
        self.taken[resource] = self.taken.get(resource, 0) | mask
        self.open[resource] = self.open.get(resource, EVERYTHING) & ~mask
        self.starts.pop(resource, None)

    def beginnings(self, resource: int, span: MinuteSpan) -> int:
        """The minutes at which a visit could begin that takes the resource for this stretch of it."""
        known = self.starts.setdefault(resource, {})
        found = known.get(span)
        if found is None:
            found = known[span] = starts_of(self.free(resource), *span)
        return found

    def free(self, resource: int) -> int:
        return self.open.get(resource, EVERYTHING)

    def place_running(self, visit: Visit) -> None:
        if visit.state is State.FIXED:
            for resource, first, last in visit.takes:
                self.take(resource, first, last)
            return
        pace = self.paces.of(visit.service_id, visit.person_id)
        factor = pace.factor(self.share, -visit.began / visit.minutes)
        for resource, first, last in visit.takes:
            begins, ends = stretched((first - visit.starts, last - visit.starts), factor)
            self.take(resource, visit.began + begins, visit.began + ends)

    def place_appointment(self, visit: Visit) -> None:
        late = visit.state is State.COMING and visit.starts < 0
        if late and self.share < USUAL:
            return
        if late and -visit.starts > visit.grace:
            for resource, first, last in visit.takes:
                self.take(resource, first, last)
            return
        factor = self.paces.of(visit.service_id, visit.person_id).factor(self.share)
        spans = [
            (resource, *stretched((first - visit.starts, last - visit.starts), factor))
            for resource, first, last in visit.takes
        ]
        starts = self.first_after(max(visit.starts, 0), spans)
        for resource, first, last in spans:
            self.take(resource, starts + first, starts + last)
        if visit.state is State.HERE:
            worker = next((worker for worker in self.floor.workers if worker.id == visit.person_id), None)
            self.places[visit.id] = Place(starts, worker, factor)

    def first_after(self, earliest: int, spans: list[tuple[int, int, int]]) -> int:
        """When an appointment can begin: its resources are given, and it may run beyond the shift."""
        possible = EVERYTHING & ~run(0, earliest)
        for resource, first, last in spans:
            free = EVERYTHING & ~self.taken.get(resource, 0)
            possible &= starts_of(free | ~EVERYTHING & run(HORIZON, 2 * HORIZON), first, last)
        return lowest(possible) if possible else earliest

    def find(self, wanted: Wanted, only: UUID | None = None) -> Place | None:
        """Where a service could begin first, and with whom."""
        if (wanted.service_id, only) in self.hopeless:
            return None
        best: Place | None = None
        for worker in self.floor.workers:
            if wanted.service_id not in worker.can or only not in {None, worker.id}:
                continue
            factor = worker.can[wanted.service_id] * self.paces.of(wanted.service_id, worker.id).factor(self.share)
            best = self.better(best, wanted, worker, factor)
        if best is None:
            self.hopeless.add((wanted.service_id, only))
        return best

    def better(self, best: Place | None, wanted: Wanted, worker: Worker, factor: float) -> Place | None:
        """The best place so far, or the one with this person."""
        possible = self.with_worker(wanted, worker, factor)
        if not possible or (best and rank(Place(lowest(possible), worker)) >= rank(best)):
            return best
        possible = self.with_needs(possible, wanted, worker, factor)
        found = Place(lowest(possible), worker, factor)
        return found if possible and (best is None or rank(found) < rank(best)) else best

    def possible(self, wanted: Wanted, worker: Worker, factor: float) -> int:
        """The minutes at which the service could begin with this person, as a bitmap."""
        return self.with_needs(self.with_worker(wanted, worker, factor), wanted, worker, factor)

    def with_worker(self, wanted: Wanted, worker: Worker, factor: float) -> int:
        possible = EVERYTHING
        for span in wanted.main:
            possible &= self.beginnings(worker.resource, stretched(span, factor))
        return possible

    def with_needs(self, possible: int, wanted: Wanted, worker: Worker, factor: float) -> int:
        for need in wanted.needs:
            if possible:
                possible &= self.enough(need, worker, factor)
        return possible

    def enough(self, need: Need, worker: Worker, factor: float) -> int:
        """Where at least `count` of the options are free for the whole stretch."""
        span = stretched((need.first, need.last), factor)
        at_least = [EVERYTHING] + [0] * need.count
        for resource in need.options:
            if resource == worker.resource:
                continue
            free = self.beginnings(resource, span)
            for number in range(need.count, 0, -1):
                at_least[number] |= at_least[number - 1] & free
        return at_least[need.count]

    def seat(self, waiter: Waiter) -> None:
        """Give somebody who waits their place, if there is one today."""
        found = self.find(waiter.wanted, waiter.only)
        if found is None or found.worker is None:
            return
        self.places[waiter.id] = found
        for span in waiter.wanted.main:
            first, last = stretched(span, found.factor)
            self.take(found.worker.resource, found.starts + first, found.starts + last)
        for need in waiter.wanted.needs:
            self.take_some(need, found)

    def take_some(self, need: Need, place: Place) -> None:
        first, last = stretched((need.first, need.last), place.factor)
        mask, missing = run(place.starts + first, place.starts + last), need.count
        for resource in need.options:
            itself = place.worker is not None and resource == place.worker.resource
            if missing and not itself and self.free(resource) & mask == mask:
                self.take(resource, place.starts + first, place.starts + last)
                missing -= 1


def in_line(floor: Floor) -> list[Waiter]:
    """Those who were called first, then by ticket."""
    return sorted(floor.waiting, key=lambda waiter: not waiter.called)


@dataclass(frozen=True)
class Outlook:
    """What the rest of the day looks like. `free` are the people who have nothing to do for some minutes."""

    estimates: dict[UUID, Estimate]
    free: tuple[UUID, ...]
    newcomer: Estimate


def outlook(floor: Floor, paces: Paces, newcomer: Wanted | None = None) -> Outlook:
    """How long everybody waits: walk-ins, arrived appointments, and a `newcomer` who wants this."""
    runs = [Run(floor, paces, share) for share in (QUICK, USUAL, SLOW)]
    soon = run(0, SHOWN_IN)
    free = tuple(worker.id for worker in floor.workers if runs[1].free(worker.resource) & soon == soon)
    for waiter in in_line(floor):
        for one in runs:
            one.seat(waiter)
    who = [visit.id for visit in floor.visits if visit.state is State.HERE] + [waiter.id for waiter in floor.waiting]
    found = {id_: estimate([one.places.get(id_) for one in runs]) for id_ in who}
    return Outlook(found, free, estimate([one.find(newcomer) for one in runs]) if newcomer else NOT_TODAY)


def estimate(places: list[Place | None]) -> Estimate:
    """A range out of the runs. Who has no place on a slow day may not be served at all, and nobody promises that."""
    found = [place for place in places if place is not None]
    if len(found) < len(places):
        return NOT_TODAY
    usual = found[len(found) // 2]
    low, high = min(place.starts for place in found), max(place.starts for place in found)
    return Estimate(
        low // SHOWN_IN * SHOWN_IN, -(-high // SHOWN_IN) * SHOWN_IN, usual.worker.id if usual.worker else None
    )


def rank(place: Place) -> tuple[int, int]:
    return place.starts, len(place.worker.can) if place.worker else 0


def stretched(span: MinuteSpan, factor: float) -> MinuteSpan:
    """A stretch of a visit that takes so many times as long; never nothing."""
    first = int(span[0] * factor + 0.5)
    return first, max(int(span[1] * factor + 0.999), first + 1)


def run(first: int, last: int) -> int:
    """The minutes from `first` up to before `last`, without those in the past."""
    first, last = max(first, 0), max(last, 0)
    return ((1 << (last - first)) - 1) << first if last > first else 0


def bitmap(spans: tuple[MinuteSpan, ...]) -> int:
    found = 0
    for first, last in spans:
        found |= run(first, last)
    return found & EVERYTHING


def starts_of(free: int, first: int, last: int) -> int:
    """Every minute t for which t + first up to t + last are free."""
    free >>= first
    covered, length = 1, last - first
    while covered < length:
        step = min(covered, length - covered)
        free &= free >> step
        covered += step
    return free


def lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1
