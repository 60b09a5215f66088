"""When somebody is free next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from blueprints.catalog.api import ServiceView
from blueprints.staff.api import PersonView
from blueprints.storefront.queries.offer import Offer
from blueprints.storefront.queries.times import Search, bookable, free_slots
from blueprints.storefront.queries.visit import Visit, choice_of
from blueprints.storefront.rules import DAYS_SHOWN

SERVICES = 3
TIMES = 3


@dataclass(frozen=True)
class Soon:
    """The next free times of one person for a service with its usual options, as day and instant."""

    service: ServiceView
    visit: Visit
    starts: tuple[tuple[date, datetime], ...]


def soon_free(session: Session, offer: Offer, person: PersonView, *, tier: int = 0) -> list[Soon]:
    """For the first services that somebody gives, the next times within two weeks; one question to the book each."""
    today, last_day = bookable(offer.branch)
    days, found = min(DAYS_SHOWN, (last_day - today).days + 1), []
    for service in offer.given(person)[:SERVICES]:
        choice = choice_of(offer, service, (), person.id if service.skill_ids else None)
        visit = Visit(offer.branch, ((choice,),))
        free = free_slots(session, Search(visit, None, tier), today, days)
        starts = [(day, slot.starts_at) for day, slots in free.items() for slot in slots][:TIMES]
        found.append(Soon(service, visit, tuple(starts)))
    return [soon for soon in found if soon.starts]
