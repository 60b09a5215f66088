"""Whether a party could find room at all: a quick look before the search, which would try every way first.

What is counted is the first service of each guest, wherever its length does not depend on who gives it. What everybody
needs at a known moment is counted cell by cell; where guests may have to wait, it must fit into the time up to the
longest wait. That is never too strict: a party that finds room passes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from blueprints.booking.rules.slots import Book, Wanted


class Group(NamedTuple):
    """Who or what may serve: places by kind and type, else people by name (`leads`) or by what they must be able to."""

    kind: str = ""
    type: str = ""
    leads: frozenset[UUID] = frozenset()
    able: frozenset[tuple[UUID, int]] = frozenset()


Need = tuple[Group, int, int, int, int]
"""(group, first cell, last cell + 1, length, how many): so many of the group for so long within these cells."""


@dataclass(frozen=True)
class Crowd:
    """What a party needs together: (free time of each who may serve, first cell, last cell + 1, cells) from its start
    on."""

    needs: tuple[tuple[tuple[int, ...], int, int, int], ...]

    def fits(self, start: int) -> bool:
        """Whether there may be room when everybody begins at this cell."""
        for free, first, last, cells in self.needs:
            begin, mask = max(start + first, 0), (1 << (last - first)) - 1
            if sum((bitmap >> begin & mask).bit_count() for bitmap in free) < cells:
                return False
        return True


def crowd(book: Book, guests: Sequence[Sequence[Wanted]]) -> Crowd:
    wanted: dict[tuple[Group, int, int], int] = defaultdict(int)
    for services in guests:
        for group, first, last, length, count in _needs(services[0]):
            if last - first == length:
                for cell in range(first, last):
                    wanted[group, cell, cell + 1] += count
            else:
                wanted[group, first, last] += count * length
    free = {group: _free(book, group) for group, _first, _last in wanted}
    return Crowd(tuple((free[group], first, last, cells) for (group, first, last), cells in wanted.items()))


def _needs(wanted: Wanted) -> Iterator[Need]:
    demand = wanted.demands[0]
    if any(other.blocks != demand.blocks for other in wanted.demands):
        return
    leads = frozenset(lead.id for lead, _demand in wanted.leads if lead)
    earliest = latest = 0
    for block in demand.blocks:
        latest += block.wait
        for place in block.places:
            last = latest + place.offset + place.length
            yield Group(place.kind, place.type), earliest + place.offset, last, place.length, place.count
        for duty in block.duties:
            able = frozenset(demand.levels[duty.role].items())
            group = Group(leads=leads) if duty.role == demand.lead else Group(able=able)
            yield group, earliest + duty.offset, latest + duty.offset + duty.length, duty.length, 1
        earliest += block.length
        latest += block.length


def _free(book: Book, group: Group) -> tuple[int, ...]:
    if group.kind:
        places = (place for place in book.places if (place.kind, place.type) == (group.kind, group.type))
        return tuple(book.free(place.resource_id) for place in places)
    needed = dict(group.able)
    people = (one for one in book.workers if (one.id in group.leads if group.leads else one.has(needed)))
    return tuple(book.free_person(one) for one in people)
