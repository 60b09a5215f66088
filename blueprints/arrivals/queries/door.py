"""What the page at the door shows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.arrivals.queries.queue import present
from blueprints.arrivals.rules.simulate import outlook
from blueprints.catalog.api import ServiceView


@dataclass(frozen=True)
class Offered:
    """What somebody who comes now can still have today, and how many minutes they would wait for it."""

    service: ServiceView
    low: int
    high: int


@dataclass(frozen=True)
class Door:
    """`offered` in the chain's order; the wait is that for the quickest of all, both None when nothing is given."""

    offered: tuple[Offered, ...]
    waiting: int
    low: int | None
    high: int | None


def door(session: Session, branch_id: UUID) -> Door:
    """Raises UnknownBranch."""
    now = present(session, branch_id)
    found = outlook(now.floor, now.paces, now.house.shortest, now.house.given)
    offered = tuple(
        Offered(now.house.services[service_id], wait.low, wait.high)
        for service_id, wait in found.offered.items()
        if wait.low is not None and wait.high is not None
    )
    here = sum(visit.status == "arrived" for visit in now.visits)
    return Door(offered, len(now.queue) + here, found.newcomer.low, found.newcomer.high)
