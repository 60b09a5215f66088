"""When a service, or several one after the other, can start, and with whom.

All bitmaps count cells from the same origin. A block of steps can begin where its people are free for their stretches,
enough rooms and devices of each type are, and the branch is open. Backwards from the end, a block can begin where it is
possible and the rest can begin once it is done, or at most its wait later. For one guest that is exact: nothing of what
they take overlaps in time. For guests who come together it is what each could do alone; rules.solve has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import product
from operator import or_
from uuid import UUID

from blueprints.booking.rules.needs import Block, Demand, PlaceNeed, Stretch
from blueprints.booking.rules.timeline import run, starts_of

LONGEST_GAP = 3
"""Cells that a guest may have to wait between two services, unless their buffers need more."""

ONE_BIT = tuple(bytes(byte >> bit & 1 for byte in range(256)) for bit in range(8))
"""For each bit a table that leaves nothing else of a byte."""


@dataclass(frozen=True)
class Worker:
    """Somebody who may give services; `levels` maps their skills to how well they have them."""

    id: UUID
    resource_id: int
    levels: Mapping[UUID, int]

    @cached_property
    def skills(self) -> frozenset[tuple[UUID, int]]:
        """The levels as one value: what two people share who can do the same."""
        return frozenset(self.levels.items())

    def has(self, needed: Mapping[UUID, int]) -> bool:
        return all(self.levels.get(skill, 0) >= level for skill, level in needed.items())

    def surplus(self, levels: Mapping[str, Mapping[UUID, int]]) -> int:
        """How much better they are than the roles need, over all that these ask for."""
        return sum([self.levels.get(skill, 0) - level for needed in levels.values() for skill, level in needed.items()])


@dataclass(frozen=True)
class Place:
    """A room or device."""

    resource_id: int
    kind: str
    type: str


@dataclass(frozen=True)
class Book:
    """What is open, who works when, and what is free, all over one window."""

    opening: int
    grid: int
    rosters: Mapping[UUID, int]
    workers: Sequence[Worker]
    places: Sequence[Place]
    taken: Mapping[int, int]
    everything: int

    def free(self, resource_id: int) -> int:
        return self.everything & ~self.taken.get(resource_id, 0)

    def free_person(self, worker: Worker) -> int:
        return self.rosters.get(worker.id, 0) & ~self.taken.get(worker.resource_id, 0)


@dataclass(frozen=True)
class Wanted:
    """A service with everybody who may lead it, each with what it takes when they do; without a lead just one demand.

    Durations differ from person to person, so demands do.
    """

    leads: tuple[tuple[Worker | None, Demand], ...]

    @property
    def demands(self) -> tuple[Demand, ...]:
        return tuple(demand for _, demand in self.leads)

    @cached_property
    def longest(self) -> int:
        return max(demand.longest for demand in self.demands)

    @cached_property
    def parts(self) -> Mapping[int, int]:
        """For each lead, by their resource, the identity of what the service takes when they lead it."""
        return {lead.resource_id: id(demand) for lead, demand in self.leads if lead}

    @cached_property
    def busy_at_once(self) -> tuple[UUID, ...] | None:
        """The leads, when each of them is busy from the very start on; None when somebody is not."""
        found = tuple(
            lead.id
            for lead, demand in self.leads
            if lead and any(duty.role == demand.lead and duty.offset <= 0 for duty in demand.blocks[0].duties)
        )
        return found if len(found) == len(self.leads) else None


Cast = Mapping[str, int]
"""When whoever plays a role is free; for the roles that are played by one person throughout."""
Remembered = dict[PlaceNeed | int | tuple[str, int], int]
"""What does not depend on the cast: where places are free for a need, and where the branch is open for a length; and
for a block, by its identity, which lasts as long as the question, all of that with those who help in it alone."""


Chain = tuple[int, ...]
"""For each block of a service, the cells at which it can begin so that the rest can follow."""


def chains_by_lead(book: Book, wanted: Wanted, then: int | None = None) -> dict[UUID | None, Chain]:
    """For each possible lead, where each block can begin; the first one's cells are those of the service.

    `then` has the cells at which what follows can begin; None when nothing does.
    """
    remembered: Remembered = {}
    return {lead.id if lead else None: _chain(book, demand, lead, then, remembered) for lead, demand in wanted.leads}


def guest_starts(book: Book, services: Sequence[Wanted]) -> dict[UUID | None, int]:
    """For each possible lead of the first service, the cells at which a guest can begin all of them."""
    return first_cells(onward_chains(book, services)[0])


def onward_chains(book: Book, services: Sequence[Wanted]) -> list[dict[UUID | None, Chain]]:
    """For each service and each of its leads, where each block can begin so that all that follows can."""
    found: list[dict[UUID | None, Chain]] = []
    then: int | None = None
    for number in range(len(services) - 1, -1, -1):
        chains = chains_by_lead(book, services[number], then)
        found.insert(0, chains)
        if number:
            gap = gap_between(services[number - 1], services[number])
            then = _after_gap(book, union(first_cells(chains)), gap)
    return found


def first_cells(chains: Mapping[UUID | None, Chain]) -> dict[UUID | None, int]:
    return {lead: chain[0] for lead, chain in chains.items()}


def union(starts: Mapping[UUID | None, int]) -> int:
    return reduce(or_, starts.values(), 0)


def gap_between(first: Wanted, second: Wanted) -> tuple[int, int]:
    """The least and the most cells between two services of a guest: buffers are kept, and nobody waits long."""
    least = max(demand.after for demand in first.demands) + max(demand.before for demand in second.demands)
    return least, max(least, LONGEST_GAP)


def _after_gap(book: Book, starts: int, gap: tuple[int, int]) -> int:
    """The cells at which one service may end so that the next can begin after a gap, all within opening hours."""
    least, most = gap
    found = waiting(starts, book.opening, most - least)
    for _ in range(least):
        found = found >> 1 & book.opening
    return found


def waiting(starts: int, opening: int, cells: int) -> int:
    """The cells from which something can begin at once or after waiting at most so many cells, while it is open."""
    found = starts
    for _ in range(cells):
        longer = starts | (found >> 1 & opening)
        if longer == found:
            break
        found = longer
    return found


def _chain(book: Book, demand: Demand, lead: Worker | None, then: int | None, remembered: Remembered) -> Chain:
    cast = {demand.lead: book.free_person(lead)} if lead and demand.lead else {}
    if not demand.spanning:
        return _backwards(book, demand, cast, then, remembered)
    able = [[worker for worker in book.workers if worker.has(demand.levels[role])] for role in demand.spanning]
    found = [0] * len(demand.blocks)
    for people in product(*able):
        others = dict(zip(demand.spanning, map(book.free_person, people), strict=True))
        found = list(map(or_, found, _backwards(book, demand, {**others, **cast}, then, remembered)))
    return tuple(found)


def _backwards(book: Book, demand: Demand, cast: Cast, then: int | None, remembered: Remembered) -> Chain:
    """From the last block back to the first: where each can begin so that the rest can follow."""
    chain: list[int] = []
    found = (book.everything << 1 | 1) if then is None else then
    wait = 0
    for block in reversed(demand.blocks):
        if found:
            found = waiting(found, book.opening, wait) >> block.length
            found &= _block_starts(book, demand, block, cast, remembered)
        chain.append(found)
        wait = block.wait
    return tuple(reversed(chain))


def _block_starts(book: Book, demand: Demand, block: Block, cast: Cast, remembered: Remembered) -> int:
    key = ("block", id(block))
    found = remembered.get(key)
    if found is None:
        found = remembered[key] = _without_cast(book, demand, block, cast, remembered)
    for duty in block.duties:
        if duty.role in cast:
            found &= _moved(starts_of(cast[duty.role], duty.length), duty.offset)
    return found


def _without_cast(book: Book, demand: Demand, block: Block, cast: Cast, remembered: Remembered) -> int:
    """Where a block could begin if those who are cast had time."""
    found = _open_and_placed(book, block, remembered)
    for role in {duty.role for duty in block.duties} - cast.keys():
        duties = [duty for duty in block.duties if duty.role == role]
        able = (other for other in book.workers if other.has(demand.levels[role]))
        found &= reduce(or_, (_free_for(book.free_person(other), duties, book.everything) for other in able), 0)
    return found


def _open_and_placed(book: Book, block: Block, remembered: Remembered) -> int:
    if block.length not in remembered:
        remembered[block.length] = starts_of(book.opening, block.length)
    found = remembered[block.length]
    for need in block.places:
        if need not in remembered:
            remembered[need] = _enough_places(book, need)
        found &= remembered[need]
    return found


def _free_for(free: int, stretches: Iterable[Stretch], everything: int) -> int:
    """The cells at which something can begin that takes these stretches."""
    found = everything
    for stretch in stretches:
        found &= _moved(starts_of(free, stretch.length), stretch.offset)
    return found


def _moved(starts: int, offset: int) -> int:
    return starts >> offset if offset >= 0 else starts << -offset


def _enough_places(book: Book, need: PlaceNeed) -> int:
    """The cells at which at least `count` places of the type are free for the stretch."""
    enough = [0] * need.count
    for place in book.places:
        if place.kind == need.kind and place.type == need.type:
            free = _moved(starts_of(book.free(place.resource_id), need.length), need.offset)
            for number in range(need.count - 1, 0, -1):
                enough[number] |= enough[number - 1] & free
            enough[0] |= free
    return enough[-1]


def people_by_start(starts: Mapping[UUID | None, int]) -> Iterator[tuple[int, tuple[UUID, ...]]]:
    """Turn bitmaps per person into (cell, people) per start, in order of time; nobody (None) is in no tuple.

    The bitmaps are laid below one another and read column by column: the same few groups of people recur all day, so
    each group is made once.
    """
    people, together = tuple(starts), union(starts)
    size = together.bit_length() // 8 + 1
    rows = b"".join(bitmap.to_bytes(size, "little") for bitmap in starts.values())
    groups: dict[bytes, tuple[UUID, ...]] = {}
    cell = -1
    for gap in bin(together)[:1:-1].split("1")[:-1]:
        cell += len(gap) + 1
        column = rows[cell >> 3 :: size].translate(ONE_BIT[cell & 7])
        group = groups.get(column)
        if group is None:
            able = (person for person, can in zip(people, column, strict=True) if can)
            group = groups[column] = tuple(person for person in able if person is not None)
        yield cell, group


def without_gaps(free: int, offset: int, length: int, shortest: int, everything: int) -> int:
    """The starts after which no free stretch shorter than `shortest` is left beside a busy one.

    Somebody is busy for `length` cells from `offset` after the start; `free` is when they are free before that.
    """
    bad, edge = 0, free & ~(free << 1)
    behind = ~free & (free << 1) & (everything << 1 | 1)
    ahead = 0
    for _ in range(1, shortest):
        edge = (edge << 1) & free
        bad |= edge
        behind = (behind >> 1) & free
        ahead |= behind
    return everything & ~_moved(bad, offset) & ~_moved(ahead, offset + length)


def leaves_gap(free: int, first: int, last: int, shortest: int) -> bool:
    """The same for somebody who would be busy from one cell up to another: whether such a stretch is left."""
    near = run(0, shortest)
    before = near & ~_moved(free, first - shortest)
    after = near & ~_moved(free, last)
    if after and not after & 1:
        return True
    return bool(before) and not before >> (shortest - 1) and first >= 0 and bool(free >> first & 1)
