"""What the page at the door shows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.arrivals.queries.queue import present, reckoned
from blueprints.catalog.api import ServiceView


@dataclass(frozen=True)
class Door:
    """`services` are those somebody on shift gives today; the wait is a newcomer's, both None when none is served."""

    services: tuple[ServiceView, ...]
    waiting: int
    low: int | None
    high: int | None


def door(session: Session, branch_id: UUID) -> Door:
    """Raises UnknownBranch."""
    now = present(session, branch_id)
    newcomer = reckoned(now).newcomer
    given = {service for person, gives in now.house.can.items() if now.house.shifts.get(person) for service in gives}
    services = tuple(service for service in now.house.services.values() if service.id in given)
    here = sum(visit.status == "arrived" for visit in now.visits)
    return Door(services, len(now.queue) + here, newcomer.low, newcomer.high)
