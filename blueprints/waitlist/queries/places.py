"""Where else, and with whom: the branches in reach of one, and the people who can give a service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking.api import Guest
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.staff import api as staff
from blueprints.staff.api import PersonView
from blueprints.waitlist import rules

LOOKED_AT = 12
"""How many of the nearest branches are asked whether they offer the service."""
SHOWN = rules.MOST_BRANCHES - 1


@dataclass(frozen=True)
class Near:
    """Another branch; `km` is None where one of the two has no place on the map."""

    branch: BranchView
    km: float | None


def people_for(session: Session, branch: BranchView, service: ServiceView) -> list[PersonView]:
    """Those at the branch who can give the service; nobody when it needs nobody."""
    if not service.levels:
        return []
    return [person for person in staff.people_at(session, branch.id) if service.fits(person.levels)]


def services_of(session: Session, guests: Sequence[Guest]) -> dict[UUID, ServiceView]:
    """What the guests are to get; services that are no longer offered too."""
    wanted = {item.service_id for guest in guests for item in guest.items}
    return {found.id: found for found in catalog.services(session, active_only=False) if found.id in wanted}


def names_of(session: Session, guests: Sequence[Guest]) -> dict[UUID, str]:
    """Of the people who were asked for."""
    return staff.names(session, {item.person_id for guest in guests for item in guest.items if item.person_id})


def in_reach(session: Session, branch: BranchView, services: Sequence[ServiceView]) -> list[Near]:
    """Other branches that offer all these services, nearest first."""
    others = [Near(other, distance(branch, other)) for other in catalog.branches(session) if other.id != branch.id]
    near = [one for one in others if one.branch.is_open and (one.km is None or one.km <= rules.FURTHEST_KM)]
    near.sort(key=lambda one: (one.km is None, one.km or 0.0, one.branch.position))
    return [one for one in near[:LOOKED_AT] if offers(session, one.branch, services)][:SHOWN]


def offers(session: Session, branch: BranchView, services: Sequence[ServiceView]) -> bool:
    terms, people = catalog.branch_terms(session, branch.id), staff.people_at(session, branch.id)
    return all(
        terms.get(service.id, catalog.USUAL).offered
        and (not service.levels or any(service.fits(person.levels) for person in people))
        for service in services
    )


def distance(one: BranchView, other: BranchView) -> float | None:
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    return rules.distance_km((one.latitude, one.longitude), (other.latitude, other.longitude))
