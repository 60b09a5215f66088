"""What is asked of the finder and what it answers, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from blueprints.booking.api import Guest, Slot
from blueprints.catalog.api import BranchView
from blueprints.finder.rules import Position


@dataclass(frozen=True)
class Spot:
    """Where somebody starts from. `kind` is position, branch or place; `name` maps a locale to a text."""

    kind: str
    name: dict[str, str]
    position: Position
    id: UUID | None = None


@dataclass(frozen=True)
class Search:
    """A need and a place. `hours` are minutes of the branches' local day between which the visit must start."""

    guests: tuple[Guest, ...]
    spot: Spot | None = None
    order: str = "best"
    first_day: date | None = None
    hours: tuple[int, int] = (0, 1440)
    tier: int = 0
    limit: int = 10
    branch_ids: frozenset[UUID] | None = None


@dataclass(frozen=True)
class Answer:
    """A branch with its first times. `minutes` and `km` say how far it is; None when nobody said where they are, or
    nobody knows where the branch is."""

    branch: BranchView
    slots: Sequence[Slot]
    people: dict[UUID, str]
    minutes: int | None
    km: float | None
