"""When a service can start, and with whom.

All bitmaps count cells from the same origin. A start is possible for a person when they are free in each of their
stretches and, for every other stretch, some room or device of the right type is free for all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from blueprints.booking.rules.needs import Demand, Need
from blueprints.booking.rules.timeline import run, starts_of


@dataclass(frozen=True)
class Worker:
    """Somebody who may give the service."""

    id: UUID
    resource_id: int
    skills: frozenset[UUID]


@dataclass(frozen=True)
class Place:
    """A room or device."""

    resource_id: int
    kind: str
    type: str


@dataclass(frozen=True)
class Choice:
    """Who and what an appointment takes: (resource, first cell, last cell + 1) for each, cells from the origin."""

    person_id: UUID | None
    taken: tuple[tuple[int, int, int], ...]


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


def starts_by_person(book: Book, demand: Demand, workers: Iterable[Worker]) -> dict[UUID, int]:
    """For each person who has the skills, the cells at which the service can start."""
    common = starts_of(book.opening, demand.length) & book.grid & starts_of(book.everything, demand.length)
    for need in demand.place_needs:
        common &= _some_place(book, need)
    result: dict[UUID, int] = {}
    for worker in workers:
        if not demand.skills <= worker.skills:
            continue
        free, starts = book.free_person(worker), common
        for need in demand.person_needs:
            starts &= starts_of(free, need.length) >> need.offset
        result[worker.id] = starts
    return result


def people_by_start(starts: Mapping[UUID, int], step: int) -> list[tuple[int, tuple[UUID, ...]]]:
    """Turn bitmaps per person into (cell, people) per start, in order of time.

    The bitmaps are written out as strings and read column by column, every `step` cells: the same few groups of people
    recur all day, so each group is made once.
    """
    people = tuple(starts)
    union = 0
    for bitmap in starts.values():
        union |= bitmap
    if not union:
        return []
    first = (union & -union).bit_length() - 1
    columns = zip(
        *(_digits(bitmap >> first, union.bit_length() - first, step) for bitmap in starts.values()), strict=True
    )
    groups: dict[tuple[str, ...], tuple[UUID, ...]] = {}
    found = []
    for number, column in enumerate(columns):
        group = groups.get(column)
        if group is None:
            group = groups[column] = tuple(person for person, digit in zip(people, column, strict=True) if digit == "1")
        if group:
            found.append((first + number * step, group))
    return found


def _digits(bitmap: int, length: int, step: int) -> str:
    """Lowest bit first, every `step`-th one."""
    return bin(bitmap)[:1:-1].ljust(length, "0")[::step]


def _some_place(book: Book, need: Need) -> int:
    found = 0
    for place in book.places:
        if place.kind == need.kind and place.type == need.type:
            found |= starts_of(book.free(place.resource_id), need.length)
    return found >> need.offset


def choose(book: Book, demand: Demand, start: int, workers: Iterable[Worker]) -> Choice | None:
    """Who and what to take for a start at that cell, or None. The person with the least work in the window goes
    first, and of the places the one whose free stretch is shortest, so that long stretches stay whole."""
    places = _choose_places(book, demand, start)
    if places is None:
        return None
    able = sorted(workers, key=lambda worker: (book.taken.get(worker.resource_id, 0).bit_count(), worker.resource_id))
    for worker in able:
        if demand.skills <= worker.skills and _is_free(book.free_person(worker), demand.person_needs, start):
            own = ((worker.resource_id, start + n.offset, start + n.offset + n.length) for n in demand.person_needs)
            return Choice(worker.id, tuple(sorted((*own, *places))))
    return None


def _choose_places(book: Book, demand: Demand, start: int) -> list[tuple[int, int, int]] | None:
    chosen: list[tuple[int, int, int]] = []
    for need in demand.place_needs:
        first, last = start + need.offset, start + need.offset + need.length
        able = [
            place
            for place in book.places
            if place.kind == need.kind
            and place.type == need.type
            and _covers(book.free(place.resource_id), first, last)
        ]
        if not able:
            return None
        best = min(able, key=lambda place: (_stretch(book.free(place.resource_id), first, last), place.resource_id))
        chosen.append((best.resource_id, first, last))
    return chosen


def _is_free(free: int, needs: Iterable[Need], start: int) -> bool:
    return all(_covers(free, start + need.offset, start + need.offset + need.length) for need in needs)


def _covers(free: int, first: int, last: int) -> bool:
    wanted = run(first, last)
    return free & wanted == wanted


def _stretch(free: int, first: int, last: int) -> int:
    """How long the free stretch around first..last is, in cells."""
    before = (~free & ((1 << first) - 1)).bit_length()
    after = ~free >> last
    return first - before + (last - first) + ((after & -after).bit_length() - 1 if after else 0)
