"""A branch of the demonstration as it stands in the database, with who goes there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog.api import ServiceView
from shopbell import clock
from tenants.demo import DemoBranch, DemoChain
from tenants.demo.customers import DemoCustomer, customers


@dataclass(frozen=True)
class Place:
    """`services` are the ids of what the branch sells, by slug; `choices` the options one may choose of each."""

    chain: DemoChain
    branch: DemoBranch
    id: UUID
    zone: ZoneInfo
    services: dict[str, UUID]
    choices: dict[UUID, list[tuple[UUID, ...]]]
    customers: tuple[DemoCustomer, ...]

    def draw(self, day: date, part: int = 0) -> Random:
        """The same luck for the same day, whenever it is asked for; another one for what is added to it later."""
        return Random(f"{self.chain.slug}/{self.branch.slug}/{day}/{part}")


def places(session: Session, chain: DemoChain) -> list[Place]:
    """The chain's branches that still bear the names the demonstration gave them."""
    known = {branch.slug: branch for branch in chain.branches}
    sold = catalog.services(session)
    services = {service.slug: service.id for service in sold}
    choices = {service.id: choices_of(service) for service in sold}
    share = chain.customers // len(chain.branches)
    return [
        Place(
            chain=chain,
            branch=known[view.slug],
            id=view.id,
            zone=clock.zone(view.time_zone),
            choices=choices,
            services={slug: services[slug] for slug in chain.demand if slug in services},
            customers=tuple(customers(Random(f"{chain.slug}/{view.slug}"), share, known[view.slug].tongues)),
        )
        for view in catalog.branches(session)
        if view.slug in known and view.is_open
    ]


def choices_of(service: ServiceView) -> list[tuple[UUID, ...]]:
    """Each variant alone, and the first one with each add-on."""
    variants: list[tuple[UUID, ...]] = [(option.id,) for option in service.variants] or [()]
    return [*variants, *((*variants[0], addon.id) for addon in service.addons)]
