"""A patient clerk with a paper book: tries every way to place a visit, cell by cell. Slow, and plain enough to trust.

The clerk knows the rules as words only: steps follow one another; before a step the customer may wait up to its wait;
people of one role stay, rooms and devices stay over neighbouring steps that need the same and are chosen anew after a
wait; what the first and the last step take is kept for the buffers; the shop is open while the customer is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from blueprints.booking.rules.slots import Book, Worker

GAP = 3


@dataclass(frozen=True)
class Step:
    minutes: int
    skill_id: UUID | None
    room_type: str | None = None
    device_type: str | None = None
    role: str = "main"
    level: int = 1
    room_count: int = 1
    device_count: int = 1
    wait_minutes: int = 0


@dataclass(frozen=True)
class Service:
    steps: tuple[Step, ...]
    before: int = 0
    after: int = 0
    """Buffers in cells."""
    percents: Mapping[UUID, int] | None = None
    """How long the main steps take somebody, where that differs."""


Cells = frozenset[tuple[int, int]]
"""(resource, cell)"""


class Clerk:
    def __init__(self, book: Book, cells: int) -> None:
        self.book, self.cells = book, cells

    def can_begin(self, guests: Sequence[Sequence[Service]], start: int, lead: Worker | None = None) -> bool:
        """Whether all guests can begin together; with a `lead`, the first guest's first service led by them."""
        return any(True for _ in self.parties(guests, start, frozenset(), lead))

    def parties(
        self, guests: Sequence[Sequence[Service]], start: int, used: Cells, lead: Worker | None
    ) -> Iterator[Cells]:
        if not guests:
            yield used
            return
        for mine in self.guest(guests[0], start, used, lead):
            yield from self.parties(guests[1:], start, mine, None)

    def guest(self, services: Sequence[Service], start: int, used: Cells, lead: Worker | None) -> Iterator[Cells]:
        for end, mine in self.service(services[0], start, used, lead):
            if len(services) == 1:
                yield mine
                continue
            least = services[0].after + services[1].before
            for gap in range(least, max(least, GAP) + 1):
                if self.open(end, end + gap):
                    yield from self.guest(services[1:], end + gap, mine, None)

    def service(self, service: Service, start: int, used: Cells, lead: Worker | None) -> Iterator[tuple[int, Cells]]:
        roles = list(dict.fromkeys(step.role for step in service.steps if step.skill_id))
        main = "main" if "main" in roles else next(iter(roles), None)
        for cast in self.casts(service, roles):
            if lead is not None and main is not None and cast[main] != lead:
                continue
            yield from self.steps(service, cast, 0, start, used, None)

    def casts(self, service: Service, roles: list[str]) -> Iterator[dict[str, Worker]]:
        if not roles:
            yield {}
            return
        needed = [(step.skill_id, step.level) for step in service.steps if step.skill_id and step.role == roles[0]]
        for worker in self.book.workers:
            if all(worker.levels.get(skill, 0) >= level for skill, level in needed):
                for others in self.casts(service, roles[1:]):
                    yield {roles[0]: worker, **others}

    def length(self, service: Service, step: Step, cast: Mapping[str, Worker]) -> int:
        percent = 100
        if step.skill_id and step.role == "main" and service.percents and "main" in cast:
            percent = service.percents.get(cast["main"].id, 100)
        return -(-step.minutes * percent // 500)

    def steps(
        self,
        service: Service,
        cast: Mapping[str, Worker],
        number: int,
        at: int,
        used: Cells,
        kept: tuple[Step, tuple[int, ...], tuple[int, ...]] | None,
    ) -> Iterator[tuple[int, Cells]]:
        if number == len(service.steps):
            yield at, used
            return
        step = service.steps[number]
        wait = step.wait_minutes // 5 if number else 0
        length = self.length(service, step, cast)
        early = service.before if number == 0 else 0
        late = service.after if number == len(service.steps) - 1 else 0
        for begin in range(at, at + wait + 1):
            if not self.open(at, begin + length):
                continue
            before = kept if number and not step.wait_minutes else None
            for rooms, devices in self.places(step, before):
                resources = [*rooms, *devices]
                if step.skill_id:
                    resources.append(cast[step.role].resource_id)
                span = range(begin - early, begin + length + late)
                taken = frozenset((resource, cell) for resource in resources for cell in span)
                if taken & used or not all(self.free(resource, cell) for resource, cell in taken):
                    continue
                state = (step, rooms, devices)
                yield from self.steps(service, cast, number + 1, begin + length, used | taken, state)

    def places(
        self, step: Step, kept: tuple[Step, tuple[int, ...], tuple[int, ...]] | None
    ) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
        for rooms in self.some("room", step.room_type, step.room_count):
            stay = kept and (kept[0].room_type, kept[0].room_count) == (step.room_type, step.room_count)
            if stay and step.room_type and kept and rooms != kept[1]:
                continue
            for devices in self.some("device", step.device_type, step.device_count):
                stay = kept and (kept[0].device_type, kept[0].device_count) == (step.device_type, step.device_count)
                if stay and step.device_type and kept and devices != kept[2]:
                    continue
                yield rooms, devices

    def some(self, kind: str, type_: str | None, count: int) -> Iterator[tuple[int, ...]]:
        if type_ is None:
            yield ()
            return
        fitting = [place.resource_id for place in self.book.places if (place.kind, place.type) == (kind, type_)]
        yield from combinations(fitting, count)

    def free(self, resource: int, cell: int) -> bool:
        if not 0 <= cell < self.cells or self.book.taken.get(resource, 0) >> cell & 1:
            return False
        worker = next((one for one in self.book.workers if one.resource_id == resource), None)
        return worker is None or bool(self.book.rosters.get(worker.id, 0) >> cell & 1)

    def open(self, first: int, last: int) -> bool:
        return all(cell < self.cells and self.book.opening >> cell & 1 for cell in range(first, last))
