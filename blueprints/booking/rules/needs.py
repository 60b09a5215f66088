"""What a service takes: people by role, and rooms or devices for the steps that name a type.

Steps follow one another. Steps of one role are done by one person. Neighbouring steps that need the same room or device
keep it: a customer does not change chairs because the next step begins, and a device is not handed over between two
measurements. Where the customer may have to wait, the service falls into *blocks*: each begins when its own people and
places are free, at most the wait later, with rooms and devices chosen anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Protocol
from uuid import UUID

from blueprints.booking.rules.timeline import CELL_MINUTES

MAIN = "main"


class Step(Protocol):
    """A step of a service; `minutes` is a multiple of five."""

    @property
    def minutes(self) -> int: ...
    @property
    def skill_id(self) -> UUID | None: ...
    @property
    def level(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def room_type(self) -> str | None: ...
    @property
    def room_count(self) -> int: ...
    @property
    def device_type(self) -> str | None: ...
    @property
    def device_count(self) -> int: ...
    @property
    def wait_minutes(self) -> int: ...


@dataclass(frozen=True)
class Stretch:
    """Cells from `offset` on, counted from the block's start; a buffer may begin before it and end after it."""

    offset: int
    length: int


@dataclass(frozen=True)
class Duty(Stretch):
    """A stretch in which the person of a role is busy."""

    role: str


@dataclass(frozen=True)
class PlaceNeed(Stretch):
    """A stretch for which `count` rooms or devices (`kind`) of a type are taken."""

    kind: str
    type: str
    count: int


@dataclass(frozen=True)
class Block:
    """Steps without a wait between them; before it the customer may wait up to `wait` cells."""

    length: int
    wait: int
    duties: tuple[Duty, ...]
    places: tuple[PlaceNeed, ...]


@dataclass(frozen=True)
class Demand:
    """Everything one service takes. `levels` maps each role to the skills its person must have, and how well.

    `lead` is the role whose person the appointment names, None when nobody is needed. `before` and `after` are the
    buffers, already within the first and the last block's stretches.
    """

    blocks: tuple[Block, ...]
    levels: Mapping[str, Mapping[UUID, int]]
    lead: str | None
    before: int
    after: int

    @cached_property
    def length(self) -> int:
        """Without waits."""
        return sum(block.length for block in self.blocks)

    @cached_property
    def longest(self) -> int:
        return sum(block.length + block.wait for block in self.blocks)

    @cached_property
    def spanning(self) -> tuple[str, ...]:
        """The roles besides the lead that are needed in more than one block, so that one person must fit all."""
        found = [role for block in self.blocks for role in {duty.role for duty in block.duties}]
        return tuple(sorted({role for role in found if found.count(role) > 1 and role != self.lead}))

    @cached_property
    def lead_hull(self) -> tuple[int, int]:
        """From when to when the lead is busy when nobody waits: offset and length in cells."""
        firsts, lasts, at = [], [], 0
        for block in self.blocks:
            for duty in block.duties:
                if duty.role == self.lead:
                    firsts.append(at + duty.offset)
                    lasts.append(at + duty.offset + duty.length)
            at += block.length
        return (min(firsts), max(lasts) - min(firsts)) if firsts else (0, self.length)


def demand_of(
    steps: Sequence[Step],
    *,
    percent: int = 100,
    extra_minutes: int = 0,
    buffer_before_minutes: int = 0,
    buffer_after_minutes: int = 0,
) -> Demand:
    """A service's steps as what they take.

    `percent` is how long the main role's steps take the person who gives them, rounded up to whole cells;
    `extra_minutes` go to the last step in which somebody is busy, which keeps at least one cell.
    """
    lengths = _lengths(steps, percent, extra_minutes)
    blocks = [_block(group) for group in _without_waits(steps, lengths)]
    before, after = -(-buffer_before_minutes // CELL_MINUTES), -(-buffer_after_minutes // CELL_MINUTES)
    if blocks:
        blocks[0] = _earlier(blocks[0], before)
        blocks[-1] = _longer(blocks[-1], after)
    levels = _levels(steps)
    lead = MAIN if MAIN in levels else next(iter(levels), None)
    return Demand(tuple(blocks), levels, lead, before, after)


def _lengths(steps: Sequence[Step], percent: int, extra_minutes: int) -> list[int]:
    lengths = []
    for step in steps:
        share = percent if step.skill_id and step.role == MAIN else 100
        lengths.append(max(1, -(-step.minutes * share // (100 * CELL_MINUTES))))
    busy = [number for number, step in enumerate(steps) if step.skill_id]
    if busy:
        lengths[busy[-1]] = max(1, lengths[busy[-1]] + extra_minutes // CELL_MINUTES)
    return lengths


def _levels(steps: Sequence[Step]) -> dict[str, dict[UUID, int]]:
    levels: dict[str, dict[UUID, int]] = {}
    for step in steps:
        if step.skill_id:
            needed = levels.setdefault(step.role, {})
            needed[step.skill_id] = max(needed.get(step.skill_id, 0), step.level)
    return levels


Sized = tuple[Step, int]


def _without_waits(steps: Sequence[Step], lengths: Sequence[int]) -> list[list[Sized]]:
    groups: list[list[Sized]] = []
    for step, length in zip(steps, lengths, strict=True):
        if not groups or step.wait_minutes:
            groups.append([])
        groups[-1].append((step, length))
    return groups


def _block(group: Sequence[Sized]) -> Block:
    duties = [Duty(offset, length, role) for role, offset, length in _runs(group, _role)]
    places = [
        PlaceNeed(offset, length, *need) for need, offset, length in (*_runs(group, _room), *_runs(group, _device))
    ]
    wait = group[0][0].wait_minutes // CELL_MINUTES
    return Block(sum(length for _, length in group), wait, tuple(duties), tuple(places))


def _role(step: Step) -> str | None:
    return step.role if step.skill_id else None


def _room(step: Step) -> tuple[str, str, int] | None:
    return ("room", step.room_type, step.room_count) if step.room_type else None


def _device(step: Step) -> tuple[str, str, int] | None:
    return ("device", step.device_type, step.device_count) if step.device_type else None


def _runs(group: Sequence[Sized], need_of) -> Iterable[tuple]:  # type: ignore[no-untyped-def, type-arg]
    """(need, offset, length) for each run of neighbouring steps with one need."""
    offset = 0
    for need, run in groupby(group, key=lambda sized: need_of(sized[0])):
        length = sum(sized[1] for sized in run)
        if need is not None:
            yield need, offset, length
        offset += length


def _earlier(block: Block, cells: int) -> Block:
    """What is taken from the block's start on is taken some cells before."""

    def begin(found):  # type: ignore[no-untyped-def]
        return replace(found, offset=-cells, length=found.length + cells) if found.offset == 0 else found

    return replace(block, duties=tuple(map(begin, block.duties)), places=tuple(map(begin, block.places)))


def _longer(block: Block, cells: int) -> Block:
    """What is taken up to the block's end is taken some cells more."""

    def end(found):  # type: ignore[no-untyped-def]
        return replace(found, length=found.length + cells) if found.offset + found.length == block.length else found

    return replace(block, duties=tuple(map(end, block.duties)), places=tuple(map(end, block.places)))
