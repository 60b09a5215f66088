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

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from uuid import UUID

from blueprints.arrivals.rules.floor import (
    HORIZON,
    NOT_TODAY,
    Estimate,
    Floor,
    MinuteSpan,
    State,
    Visit,
    Waiter,
    Wanted,
    Worker,
)
from blueprints.arrivals.rules.pace import Paces

QUICK, USUAL, SLOW = 0.2, 0.5, 0.85
"""The share of visits that are over by then. Calibrated: see tests/arrivals/test_calibration.py."""
EVERYTHING = (1 << HORIZON) - 1
SHOWN_IN = 5
"""Ranges are told in steps of so many minutes: nobody believes "7 to 18"."""


Pool = tuple[tuple[int, ...], MinuteSpan, int]
"""Resources of which so many are taken for a stretch: (which, from when to when, how many)."""


@dataclass(frozen=True)
class Way:
    """A service as one person gives it. `skills` is how many services they can give at all."""

    worker: Worker
    main: tuple[MinuteSpan, ...]
    pools: tuple[Pool, ...]
    skills: int


@dataclass(frozen=True)
class Place:
    """Where somebody is in one run: from which minute, with whom."""

    starts: int
    worker: Worker | None
    way: Way | None = None

    @property
    def rank(self) -> tuple[int, int]:
        return self.starts, self.way.skills if self.way else 0


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
    pools: dict[Pool, int] = field(default_factory=dict)
    ways: dict[tuple[int, UUID | None], list[Way]] = field(default_factory=dict)
    """By the service wanted (the very object, which lives as long as the floor) and the person asked for."""

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
        if self.pools:
            self.pools.clear()

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
            self.places[visit.id] = Place(starts, worker)

    def first_after(self, earliest: int, spans: list[tuple[int, int, int]]) -> int:
        """When an appointment can begin: its resources are given, and it may run beyond the shift."""
        if not any(self.taken.get(what, 0) & run(earliest + first, earliest + last) for what, first, last in spans):
            return earliest
        possible = EVERYTHING & ~run(0, earliest)
        for resource, first, last in spans:
            free = EVERYTHING & ~self.taken.get(resource, 0)
            possible &= starts_of(free | ~EVERYTHING & run(HORIZON, 2 * HORIZON), first, last)
        return lowest(possible) if possible else earliest

    def find(self, wanted: Wanted, only: UUID | None = None) -> Place | None:
        """Where a service could begin first, and with whom."""
        best: Place | None = None
        key = (id(wanted), only)
        ways = self.ways.get(key)
        if ways is None:
            ways = self.ways[key] = [way for way in self.ways_of(wanted) if only in {None, way.worker.id}]
        for way in ways:
            possible = self.with_worker(way)
            starts = lowest(possible)
            if not possible or (best and (starts, way.skills) >= best.rank):
                continue
            possible = self.with_needs(way, possible)
            starts = lowest(possible)
            if possible and (best is None or (starts, way.skills) < best.rank):
                best = Place(starts, way.worker, way)
        if best is None:
            # Time is only ever taken away: nobody who comes later finds any.
            self.ways[key] = []
        return best

    def ways_of(self, wanted: Wanted) -> list[Way]:
        service_id = wanted.service_id
        found = []
        for worker in self.floor.workers:
            if service_id in worker.can:
                pace = self.paces.of(service_id, worker.id).factor(self.share)
                found.append(way_of(wanted, worker, worker.can[service_id] * pace))
        return found

    def possible(self, way: Way) -> int:
        """The minutes at which the service could begin so, as a bitmap."""
        return self.with_needs(way, self.with_worker(way))

    def with_worker(self, way: Way) -> int:
        possible, resource = EVERYTHING, way.worker.resource
        for span in way.main:
            possible &= self.beginnings(resource, span)
        return possible

    def with_needs(self, way: Way, possible: int) -> int:
        for pool in way.pools:
            if possible:
                possible &= self.enough(pool)
        return possible

    def enough(self, pool: Pool) -> int:
        """Where at least so many of the pool are free for the whole stretch."""
        found = self.pools.get(pool)
        if found is None:
            options, span, count = pool
            found = self.pools[pool] = at_least(count, [self.beginnings(option, span) for option in options])
        return found

    def seat(self, waiter: Waiter) -> None:
        """Give somebody who waits their place, if there is one today."""
        found = self.find(waiter.wanted, waiter.only)
        if found is None or found.way is None:
            return
        self.places[waiter.id] = found
        for first, last in found.way.main:
            self.take(found.way.worker.resource, found.starts + first, found.starts + last)
        for pool in found.way.pools:
            self.take_some(pool, found.starts)

    def take_some(self, pool: Pool, starts: int) -> None:
        options, (first, last), missing = pool
        mask = run(starts + first, starts + last)
        for resource in options:
            if missing and self.free(resource) & mask == mask:
                self.take(resource, starts + first, starts + last)
                missing -= 1


def way_of(wanted: Wanted, worker: Worker, factor: float) -> Way:
    """The service as this person gives it, so many times as long as planned."""
    pools = [
        (
            tuple(option for option in need.options if option != worker.resource),
            stretched((need.first, need.last), factor),
            need.count,
        )
        for need in wanted.needs
    ]
    return Way(worker, tuple(stretched(span, factor) for span in wanted.main), tuple(pools), len(worker.can))


def in_line(floor: Floor) -> list[Waiter]:
    """Those who were called first, then by ticket."""
    return sorted(floor.waiting, key=lambda waiter: not waiter.called)


@dataclass(frozen=True)
class Outlook:
    """What the rest of the day looks like. `free` are the people who have nothing to do for some minutes. `offered` is
    what a newcomer would wait for each of some services."""

    estimates: dict[UUID, Estimate]
    free: tuple[UUID, ...]
    newcomer: Estimate
    offered: dict[UUID, Estimate] = field(default_factory=dict)


def outlook(floor: Floor, paces: Paces, newcomer: Wanted | None = None, offered: Collection[Wanted] = ()) -> Outlook:
    """How long everybody waits: walk-ins, arrived appointments, and a `newcomer` who wants this, or one of these."""
    runs = [Run(floor, paces, share) for share in (QUICK, USUAL, SLOW)]
    soon = run(0, SHOWN_IN)
    free = tuple(worker.id for worker in floor.workers if runs[1].free(worker.resource) & soon == soon)
    for waiter in in_line(floor):
        for one in runs:
            one.seat(waiter)
    who = [visit.id for visit in floor.visits if visit.state is State.HERE] + [waiter.id for waiter in floor.waiting]
    found = {id_: estimate([one.places.get(id_) for one in runs]) for id_ in who}
    waits = {wanted.service_id: estimate([one.find(wanted) for one in runs]) for wanted in offered}
    return Outlook(found, free, estimate([one.find(newcomer) for one in runs]) if newcomer else NOT_TODAY, waits)


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


def stretched(span: MinuteSpan, factor: float) -> MinuteSpan:
    """A stretch of a visit that takes so many times as long; never nothing."""
    first = int(span[0] * factor + 0.5)
    return first, max(int(span[1] * factor + 0.999), first + 1)


def run(first: int, last: int) -> int:
    """The minutes from `first` up to before `last`, without those in the past."""
    first, last = max(first, 0), max(last, 0)
    return ((1 << (last - first)) - 1) << first if last > first else 0


def at_least(count: int, bitmaps: list[int]) -> int:
    """The bits set in so many of the bitmaps."""
    if count == 1:
        return reduce(or_, bitmaps, 0)
    reached = [EVERYTHING] + [0] * count
    for free in bitmaps:
        for number in range(count, 0, -1):
            reached[number] |= reached[number - 1] & free
    return reached[count]


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
