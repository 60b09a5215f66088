"""Who and what a visit takes at one start: for every guest, service and step, everybody or nobody.

A search that takes the best person first and undoes what leads nowhere. It is exact: when it finds nothing there is
nothing, unless it had to give up after `MOST_TRIES`, which then holds for what is shown and for what is booked alike.
People who differ in nothing that matters within the visit's reach are tried once, and so are places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from blueprints.booking.rules.needs import Block, Demand, PlaceNeed
from blueprints.booking.rules.slots import LONGEST_GAP, Book, Chain, Place, Wanted, Worker, gap_between
from blueprints.booking.rules.timeline import run

MOST_TRIES = 5_000

Taken = tuple[int, int, int]
"""(resource, first cell, last cell + 1)"""


@dataclass(frozen=True)
class Placed:
    """A service in its place: cells from the window's origin; `last` is the cell after its end, buffers not counted."""

    lead: Worker | None
    demand: Demand
    first: int
    last: int
    taken: tuple[Taken, ...]


def _bounds(guests: Sequence[Sequence[Wanted]]) -> tuple[int, int]:
    """How many cells a visit can reach after its start at most, and before it."""
    longest = before = 0
    for services in guests:
        length = 0
        for wanted in services:
            first = wanted.leads[0][1]
            most = wanted.longest
            length += most + 2 * (first.before + first.after + LONGEST_GAP)
            before = max(before, first.before)
        longest = max(longest, length)
    return longest, before


class GaveUp(Exception):
    """There were too many ways to try."""


@dataclass
class Search:
    """A visit being placed. `rank` orders people for a service at a cell, None where it only matters whether anybody
    can; `keep` are resources to use if they can be."""

    book: Book
    rank: Callable[[Worker, Demand, int], tuple[object, ...]] | None
    keep: frozenset[int] = frozenset()
    most: int = MOST_TRIES
    tries: int = 0
    own: dict[int, int] = field(default_factory=dict)
    reach: int = 0
    """The cells that the visit can touch at all."""
    wanted: Sequence[Wanted] = ()
    """The services of the visit, of all guests."""

    def prepare(self, guests: Sequence[Sequence[Wanted]], start: int) -> None:
        longest, before = _bounds(guests)
        self.reach = run(max(0, start - before), start + longest)
        self.wanted = [wanted for services in guests for wanted in services]

    def free(self, worker: Worker, first: int, last: int) -> bool:
        wanted = run(first, last)
        free = self.book.free_person(worker) & ~self.own.get(worker.resource_id, 0)
        return free & wanted == wanted

    def free_places(self, need: PlaceNeed, first: int, last: int) -> list[Place]:
        """The places that would do and are free. Ranked, the one whose free stretch is shortest goes first, so that
        long stretches stay whole."""
        wanted, taken, own = run(first, last), self.book.taken, self.own
        if wanted > self.book.everything:
            return []
        free = [
            place
            for place in self.book.places
            if place.kind == need.kind
            and place.type == need.type
            and not (taken.get(place.resource_id, 0) | own.get(place.resource_id, 0)) & wanted
        ]
        if self.rank is not None:
            before, end = run(0, first), (self.book.everything + 1) >> last

            def tightness(place: Place) -> tuple[bool, int, int]:
                used = taken.get(place.resource_id, 0)
                after = used >> last | end
                stretch = (after & -after).bit_length() - (used & before).bit_length()
                return place.resource_id not in self.keep, stretch, place.resource_id

            free.sort(key=tightness)
        return free

    def take(self, taken: Taken) -> None:
        resource, first, last = taken
        self.own[resource] = self.own.get(resource, 0) | run(first, last)

    def give_back(self, taken: Taken) -> None:
        resource, first, last = taken
        self.own[resource] &= ~run(first, last)

    def count(self) -> None:
        self.tries += 1
        if self.tries > self.most:
            raise GaveUp


Onward = Sequence[Mapping[UUID | None, Chain]]
"""For each service of a guest and each of its leads, where its blocks can begin if the guest came alone."""
Service = tuple[Wanted, Mapping[UUID | None, Chain] | None]


def solve(
    search: Search, guests: Sequence[Sequence[Wanted]], start: int, onward: Sequence[Onward] | None = None
) -> list[list[Placed]] | None:
    """Every guest's services in their places, all guests beginning at the cell `start`; None when that cannot be.

    `onward` (rules.slots.onward_chains of each guest) spares the search what could not even be for that guest alone.
    """
    search.prepare(guests, start)
    known: list[list[Service]] = [
        list(zip(services, onward[number] if onward else [None] * len(services), strict=True))
        for number, services in enumerate(guests)
    ]
    choices = [_able(services[0], start) for services in known]
    if not _distinct(choices):
        return None
    # Whoever has the least choice is placed first.
    order = sorted(range(len(guests)), key=lambda number: (choices[number] is None, len(choices[number] or ())))
    try:
        found = next(_guests(search, [known[number] for number in order], start), None)
    except GaveUp:
        return None
    return [found[order.index(number)] for number in range(len(guests))] if found else None


def _able(service: Service, start: int) -> list[UUID] | None:
    """Who could lead the service from this cell on, None when nobody is busy with it at its very beginning."""
    wanted, onward = service
    begun = wanted.busy_at_once
    if begun is None:
        return None
    return [lead for lead in begun if onward is None or onward[lead][0] >> start & 1]


def _distinct(choices: Sequence[list[UUID] | None]) -> bool:
    """Whether everybody who needs somebody at once can have a person of their own: a matching, by augmenting paths."""
    served: dict[UUID, int] = {}

    def find(guest: int, asked: set[UUID]) -> bool:
        for lead in choices[guest] or ():
            if lead not in asked:
                asked.add(lead)
                if lead not in served or find(served[lead], asked):
                    served[lead] = guest
                    return True
        return False

    return all(choices[guest] is None or find(guest, set()) for guest in range(len(choices)))


def _guests(search: Search, guests: Sequence[Sequence[Service]], start: int) -> Iterator[list[list[Placed]]]:
    if not guests:
        yield []
        return
    asked = {wanted.leads[0][0].id for wanted, _ in guests[0] if len(wanted.leads) == 1 and wanted.leads[0][0]}
    for mine in _services(search, guests[0], start, 0, frozenset(asked)):
        for others in _guests(search, guests[1:], start):
            yield [mine, *others]


def _services(
    search: Search, services: Sequence[Service], start: int, slack: int, known: frozenset[UUID]
) -> Iterator[list[Placed]]:
    """One guest's services, the first beginning at `start` or up to `slack` cells later; rather with somebody `known`,
    who was asked for or has served this guest already, than with one person after the other."""
    for begin in range(start, start + slack + 1):
        if begin > start and not _open(search, begin - 1, begin):
            return
        for placed in _service(search, services[0], begin, known):
            if len(services) == 1:
                yield [placed]
                continue
            least, most = gap_between(services[0][0], services[1][0])
            if _open(search, placed.last, placed.last + least):
                met = known | {placed.lead.id} if placed.lead else known
                for rest in _services(search, services[1:], placed.last + least, most - least, met):
                    yield [placed, *rest]


def _open(search: Search, first: int, last: int) -> bool:
    wanted = run(first, last)
    return search.book.opening & wanted == wanted


def _service(search: Search, service: Service, start: int, known: frozenset[UUID]) -> Iterator[Placed]:
    wanted, onward = service
    seen: set[tuple[object, ...]] = set()
    for lead, demand in _ranked(search, wanted, start, known):
        chain = onward[lead.id if lead else None] if onward else None
        if chain and not chain[0] >> start & 1:
            continue
        alike = _alike(search, lead)
        if alike in seen:
            continue
        seen.add(alike)
        cast = {demand.lead: lead} if lead and demand.lead else {}
        for last, taken in _blocks(search, demand, 0, start, 0, cast, chain):
            yield Placed(lead, demand, start, last, tuple(taken))


def _ranked(search: Search, wanted: Wanted, start: int, known: frozenset[UUID]) -> list[tuple[Worker | None, Demand]]:
    if len(wanted.leads) < 2 or search.rank is None:
        return list(wanted.leads)
    rank = search.rank
    return sorted(
        wanted.leads,
        key=lambda pair: (not known or pair[0].id not in known, rank(pair[0], pair[1], start)) if pair[0] else (),
    )


def _alike(search: Search, worker: Worker | None) -> tuple[object, ...]:
    """What distinguishes a lead, as far as this visit may reach: when they are free, what they would be in each of its
    services, and what they can. Two that share it are interchangeable."""
    if worker is None:
        return ()
    free = search.book.free_person(worker) & ~search.own.get(worker.resource_id, 0)
    parts = [wanted.parts.get(worker.resource_id) for wanted in search.wanted]
    return free & search.reach, *parts, worker.skills


Cast = dict[str, Worker]


def _blocks(  # noqa: PLR0917
    search: Search, demand: Demand, number: int, start: int, slack: int, cast: Cast, chain: Chain | None
) -> Iterator[tuple[int, list[Taken]]]:
    """(end, everything taken) for the blocks from `number` on, beginning at `start` or up to `slack` cells later."""
    if number == len(demand.blocks):
        yield start, []
        return
    block = demand.blocks[number]
    following = demand.blocks[number + 1].wait if number + 1 < len(demand.blocks) else 0
    for begin in range(start, start + slack + 1):
        if begin > start and not _open(search, begin - 1, begin):
            return
        if (chain and not chain[number] >> begin & 1) or not _open(search, begin, begin + block.length):
            continue
        for own_cast, people in _people(search, demand, block, begin, cast):
            for places in _places(search, block.places, begin):
                end = begin + block.length
                rest = _blocks(search, demand, number + 1, end, following, own_cast, chain)
                for last, taken in rest:
                    yield last, [*people, *places, *taken]


def _people(search: Search, demand: Demand, block: Block, begin: int, cast: Cast) -> Iterator[tuple[Cast, list[Taken]]]:
    """Somebody for every role of the block; a role that was cast in an earlier block stays with its person."""
    roles = sorted({duty.role for duty in block.duties}, key=lambda role: (role not in cast, role))
    yield from _roles(search, demand, block, begin, roles, cast)


def _roles(
    search: Search, demand: Demand, block: Block, begin: int, roles: Sequence[str], cast: Cast
) -> Iterator[tuple[Cast, list[Taken]]]:
    if not roles:
        yield cast, []
        return
    role = roles[0]
    spans = [(begin + duty.offset, begin + duty.offset + duty.length) for duty in block.duties if duty.role == role]
    seen: set[tuple[object, ...]] = set()
    for worker in _candidates(search, demand, role, begin, cast):
        search.count()
        if spans[0][0] < 0 or not all(search.free(worker, *span) for span in spans):
            continue
        alike = _alike(search, worker)
        if alike in seen:
            continue
        seen.add(alike)
        taken = [(worker.resource_id, *span) for span in spans]
        for span in taken:
            search.take(span)
        try:
            for full, others in _roles(search, demand, block, begin, roles[1:], {**cast, role: worker}):
                yield full, [*taken, *others]
        finally:
            for span in taken:
                search.give_back(span)


def _candidates(search: Search, demand: Demand, role: str, begin: int, cast: Cast) -> list[Worker]:
    if role in cast:
        return [cast[role]]
    able = [worker for worker in search.book.workers if worker.has(demand.levels[role])]
    if search.rank is None:
        return able
    # Whoever already serves this guest goes on before somebody else is called; then the ranking of leads.
    here, rank = {worker.id for worker in cast.values()}, search.rank
    return sorted(
        able,
        key=lambda worker: (
            worker.resource_id not in search.keep,
            worker.id not in here,
            rank(worker, demand, begin),
        ),
    )


def _places(search: Search, needs: Sequence[PlaceNeed], begin: int) -> Iterator[list[Taken]]:
    if not needs:
        yield []
        return
    need = needs[0]
    first, last = begin + need.offset, begin + need.offset + need.length
    if first < 0:
        return
    able = search.free_places(need, first, last)
    for chosen in _some(search, able, need.count, first, last):
        taken = [(place.resource_id, first, last) for place in chosen]
        for span in taken:
            search.take(span)
        try:
            for others in _places(search, needs[1:], begin):
                yield [*taken, *others]
        finally:
            for span in taken:
                search.give_back(span)


def _some(search: Search, able: Sequence[Place], count: int, first: int, last: int) -> Iterator[tuple[Place, ...]]:
    """Every way to choose so many places that matters: of places with the same free time the first ones."""
    if count == 0:
        yield ()
        return
    seen: set[int] = set()
    for number in range(len(able) - count + 1):
        search.count()
        free = search.book.free(able[number].resource_id) & ~search.own.get(able[number].resource_id, 0)
        free &= search.reach
        if free in seen:
            continue
        seen.add(free)
        for others in _some(search, able[number + 1 :], count - 1, first, last):
            yield (able[number], *others)
