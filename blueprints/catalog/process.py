"""How a service goes, as values: words for who does a step, its phases, and the picture of a whole visit. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shopbell.text import N_

ROLES = {
    "main": N_("Main person"),
    "second": N_("Second person"),
    "assistant": N_("Assistant"),
    "dispensing": N_("Dispensing optician"),
}
"""Who does a step. One role is one person from the first step to the last."""

LEVELS = {1: N_("Basic"), 2: N_("Experienced"), 3: N_("Expert")}
"""How well a skill is had or asked for."""

PHASES = {"active": N_("Hands-on"), "processing": N_("Processing"), "finishing": N_("Finishing")}


class Staffed(Protocol):
    @property
    def skill_id(self) -> object | None: ...


class Step(Protocol):
    @property
    def position(self) -> int: ...
    @property
    def minutes(self) -> int: ...
    @property
    def skill_id(self) -> UUID | None: ...
    @property
    def room_type(self) -> str | None: ...
    @property
    def device_type(self) -> str | None: ...
    @property
    def role(self) -> str: ...
    @property
    def room_count(self) -> int: ...
    @property
    def device_count(self) -> int: ...
    @property
    def wait_minutes(self) -> int: ...


@dataclass(frozen=True)
class Bar:
    """A stretch of the visit, in minutes from the first thing that is taken.

    `kind` is active, processing, finishing, wait (at most so long) or buffer; `number` is the step's place in the
    service, counted from 1, and 0 for what is no step.
    """

    kind: str
    starts: int
    minutes: int
    number: int = 0


@dataclass(frozen=True)
class Lane:
    """What one participant does: `kind` is customer, person, room or device; `name` is the role or the type."""

    kind: str
    name: str
    count: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Picture:
    """A visit with the longest waits. `minutes` is without waits, `longest` with them; `total` adds the buffers."""

    minutes: int
    longest: int
    total: int
    lanes: tuple[Lane, ...]

    def percent(self, minutes: int) -> str:
        """Where or how wide in the drawing."""
        return f"{100 * minutes / self.total:.2f}%"

    @property
    def ticks(self) -> list[int]:
        """Minutes worth naming below the drawing."""
        every = next(size for size in (5, 10, 15, 30, 60, 120, 240, 480, 960) if self.total <= size * 8 or size == 960)
        return list(range(0, self.total, every))


def phases(steps: Sequence[Staffed]) -> list[str]:
    """What each step is: "active" while somebody is busy, "processing" while nobody is, "finishing" after the last
    time of processing."""
    idle = [number for number, step in enumerate(steps) if step.skill_id is None]
    last = idle[-1] if idle else len(steps)
    return [
        "processing" if step.skill_id is None else "finishing" if number > last else "active"
        for number, step in enumerate(steps)
    ]


def picture(steps: Sequence[Step], *, before: int = 0, after: int = 0) -> Picture:
    """The course of a visit through these steps, with buffers of so many minutes."""
    course, now = phases(steps), before
    customer: list[Bar] = []
    for number, (phase, step) in enumerate(zip(course, steps, strict=True)):
        if step.wait_minutes and number:
            customer.append(Bar("wait", now, step.wait_minutes))
            now += step.wait_minutes
        customer.append(Bar(phase, now, step.minutes, step.position + 1))
        now += step.minutes
    bars = [bar for bar in customer if bar.number]
    lanes = [Lane("customer", "", 1, tuple(customer))]
    for kind, name in _participants(steps):
        taking = [number for number, step in enumerate(steps) if takes(step, kind) == name]
        found = [bars[number] for number in taking]
        if before and taking[0] == 0:
            found.insert(0, Bar("buffer", 0, before))
        if after and taking[-1] == len(steps) - 1:
            found.append(Bar("buffer", now, after))
        lanes.append(Lane(kind, name, max(_count(steps[number], kind) for number in taking), tuple(found)))
    return Picture(sum(step.minutes for step in steps), now - before, max(1, now + after), tuple(lanes))


def takes(step: Step, kind: str) -> str | None:
    """Which role, room type or device type the step keeps busy; None for none of the kind."""
    if kind == "person":
        return step.role if step.skill_id else None
    return step.room_type if kind == "room" else step.device_type


def _count(step: Step, kind: str) -> int:
    return {"room": step.room_count, "device": step.device_count}.get(kind, 1)


def _participants(steps: Sequence[Step]) -> Iterable[tuple[str, str]]:
    """Each role, room type and device type once, in the order they come in."""
    for kind in ("person", "room", "device"):
        for name in dict.fromkeys(takes(step, kind) for step in steps):
            if name:
                yield kind, name
