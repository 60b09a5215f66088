"""The shop floor as the simulation sees it, in minutes from now; a negative one lies in the past."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

MinuteSpan = tuple[int, int]
HORIZON = 1440
"""Nobody waits longer than to the end of this day."""


class State(Enum):
    FIXED = "fixed"
    """Time that is taken whatever happens: blocked, or held for somebody who is just booking."""
    BUSY = "busy"
    HERE = "here"
    COMING = "coming"


@dataclass(frozen=True)
class Worker:
    """Somebody on shift: `free` are the minutes they work, `can` the services they give, with planned minutes there
    as a share of the usual ones."""

    id: UUID
    resource: int
    works: tuple[MinuteSpan, ...]
    can: dict[UUID, float]


@dataclass(frozen=True)
class Visit:
    """An appointment of today. `takes` is what of its resources it has in its plan: (resource, from, to)."""

    id: UUID
    service_id: UUID | None
    person_id: UUID | None
    starts: int
    ends: int
    state: State
    takes: tuple[tuple[int, int, int], ...]
    began: int = 0
    """When the visit really began; only for BUSY ones."""
    grace: int = 15
    """How late the customer may be, in minutes."""

    @property
    def minutes(self) -> int:
        return max(self.ends - self.starts, 1)


@dataclass(frozen=True)
class Need:
    """A stretch of a service for which `count` of some resources are taken: rooms, devices or somebody to help."""

    first: int
    last: int
    options: tuple[int, ...]
    count: int = 1


@dataclass(frozen=True)
class Wanted:
    """What a service takes of whoever gives it (`main`), and what else."""

    service_id: UUID
    minutes: int
    main: tuple[MinuteSpan, ...]
    needs: tuple[Need, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether the branch has enough of everything at all."""
        return all(len(need.options) >= need.count for need in self.needs)


@dataclass(frozen=True)
class Waiter:
    """Somebody in the queue. One who was called by somebody is theirs; `only` limits it to one person."""

    id: UUID
    wanted: Wanted
    called: bool = False
    only: UUID | None = None


@dataclass(frozen=True)
class Floor:
    """Everything the simulation starts from. `waiting` in the order of their tickets."""

    workers: tuple[Worker, ...]
    visits: tuple[Visit, ...]
    waiting: tuple[Waiter, ...]


@dataclass(frozen=True)
class Estimate:
    """How long somebody waits from now, in minutes, and who probably serves them. All None: not today any more."""

    low: int | None
    high: int | None
    person_id: UUID | None


NOT_TODAY = Estimate(None, None, None)
