"""What a service takes: one person for the steps that need somebody, a room or device for those that name a type.

Steps follow one another. Neighbouring steps that need the same keep it: a customer does not change chairs because the
next step begins, and a device is not handed over between two measurements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol
from uuid import UUID

from blueprints.booking.rules.timeline import CELL_MINUTES


class Step(Protocol):
    """A step of a service; `minutes` is a multiple of five."""

    @property
    def minutes(self) -> int: ...
    @property
    def skill_id(self) -> UUID | None: ...
    @property
    def room_type(self) -> str | None: ...
    @property
    def device_type(self) -> str | None: ...


@dataclass(frozen=True)
class Need:
    """A stretch of the service, in cells from its start, for which one resource is taken.

    `kind` is person, room or device; `type` says which rooms or devices will do and is empty for the person.
    """

    kind: str
    type: str
    offset: int
    length: int


@dataclass(frozen=True)
class Demand:
    """Everything one service takes. `length` in cells; `skills` are what its one person must have."""

    length: int
    skills: frozenset[UUID]
    needs: tuple[Need, ...]

    @property
    def person_needs(self) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if need.kind == "person")

    @property
    def place_needs(self) -> tuple[Need, ...]:
        return tuple(need for need in self.needs if need.kind != "person")


def demand_of(steps: Sequence[Step]) -> Demand:
    """A service's steps as what they take."""
    lengths = [step.minutes // CELL_MINUTES for step in steps]
    kinds = {
        "person": ["" if step.skill_id else None for step in steps],
        "room": [step.room_type for step in steps],
        "device": [step.device_type for step in steps],
    }
    needs = [need for kind, types in kinds.items() for need in _runs(kind, types, lengths)]
    return Demand(
        length=sum(lengths),
        skills=frozenset(step.skill_id for step in steps if step.skill_id),
        needs=tuple(sorted(needs, key=lambda need: (need.offset, need.kind))),
    )


def _runs(kind: str, types: Sequence[str | None], lengths: Sequence[int]) -> Iterable[Need]:
    offset = 0
    for type_, group in groupby(zip(types, lengths, strict=True), key=lambda pair: pair[0]):
        length = sum(pair[1] for pair in group)
        if type_ is not None:
            yield Need(kind, type_, offset, length)
        offset += length
