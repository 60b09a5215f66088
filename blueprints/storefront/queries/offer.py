"""What a branch offers: its services, who gives them, how long they take there and what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog.api import USUAL, BranchView, OptionView, ServiceView, TermsView, UnknownService
from blueprints.staff import api as staff
from blueprints.staff.api import PersonView, UnknownPerson
from blueprints.storefront.rules import lasts
from shopbell.config_version import remembered


@dataclass(frozen=True)
class Range:
    """From the least to the most, both included."""

    low: int
    high: int

    @property
    def varies(self) -> bool:
        return self.low < self.high


@dataclass(frozen=True)
class Offer:
    """A branch with the chain's services, the people at work there, and where both differ from the usual."""

    branch: BranchView
    services: tuple[ServiceView, ...]
    people: tuple[PersonView, ...]
    here: Mapping[UUID, TermsView]
    personal: Mapping[UUID, Mapping[UUID, TermsView]]

    def service(self, slug: str) -> ServiceView:
        """A service on offer somewhere in the chain. Raises UnknownService."""
        for service in self.services:
            if service.slug == slug:
                return service
        raise UnknownService

    def service_of(self, service_id: UUID) -> ServiceView:
        """Raises UnknownService."""
        for service in self.services:
            if service.id == service_id:
                return service
        raise UnknownService

    def given(self, person: PersonView | None = None) -> list[ServiceView]:
        """The services that somebody, or one person, gives at this branch."""
        people = [person] if person else self.people
        return [service for service in self.services if any(self.gives(one, service) for one in people)]

    def gives(self, person: PersonView, service: ServiceView) -> bool:
        offered = self.terms_here(service).offered and self.terms_of(person, service).offered
        return offered and bool(service.steps) and service.fits(person.levels)

    def people_for(self, service: ServiceView) -> tuple[PersonView, ...]:
        """Those who may be asked for; nobody when the service needs nobody."""
        if not service.skill_ids:
            return ()
        return tuple(person for person in self.people if self.gives(person, service))

    def person_for(self, service: ServiceView, person_id: UUID) -> PersonView:
        """Raises UnknownPerson for one who does not give this service here."""
        for person in self.people_for(service):
            if person.id == person_id:
                return person
        raise UnknownPerson

    def terms_here(self, service: ServiceView) -> TermsView:
        return self.here.get(service.id, USUAL)

    def terms_of(self, person: PersonView, service: ServiceView) -> TermsView:
        return self.personal.get(person.id, {}).get(service.id, USUAL)

    def prices(self, service: ServiceView, options: Sequence[OptionView], person: PersonView | None = None) -> Range:
        """What it costs with these options, from the least dear person to the dearest."""
        here = self.terms_here(service).price_minor
        usual = service.price_minor if here is None else here
        own = [self.terms_of(one, service).price_minor for one in self._whoever(service, person)]
        found = [usual if price is None else price for price in own] or [usual]
        more = sum(option.price_minor for option in options)
        return Range(max(0, min(found) + more), max(0, max(found) + more))

    def minutes(self, service: ServiceView, options: Sequence[OptionView], person: PersonView | None = None) -> Range:
        """How long it takes with these options, from the fastest person to the slowest."""
        here, steps = self.terms_here(service).minutes_percent, service.process(options)
        own = [self.terms_of(one, service).minutes_percent for one in self._whoever(service, person)]
        found = [lasts(steps, here * percent // 100) for percent in own or [100]]
        return Range(min(found), max(found))

    def more_minutes(self, service: ServiceView, addon: OptionView) -> int:
        """How many minutes an add-on adds to the first variant."""
        plain = service.chosen(())
        return self.minutes(service, (*plain, addon)).low - self.minutes(service, plain).low

    def spread(self, service: ServiceView, person: PersonView | None = None) -> tuple[Range, Range]:
        """Prices and minutes over all variants, of `person` or of whoever can, without add-ons."""
        kinds: Sequence[tuple[OptionView, ...]] = [(variant,) for variant in service.variants] or [()]
        prices = [self.prices(service, kind, person) for kind in kinds]
        minutes = [self.minutes(service, kind, person) for kind in kinds]
        return _together(prices), _together(minutes)

    def _whoever(self, service: ServiceView, person: PersonView | None) -> Sequence[PersonView]:
        return (person,) if person else self.people_for(service)


def offer_of(session: Session, branch: BranchView) -> Offer:
    """Five questions, however much the branch offers; one while the configuration stays as it is."""
    return _offer_at(session, branch.id)


@remembered
def _offer_at(session: Session, branch_id: UUID) -> Offer:
    branch = catalog.branch(session, branch_id)
    people = tuple(staff.people_at(session, branch.id))
    personal = staff.person_terms(session, [person.id for person in people])
    return Offer(
        branch=branch,
        services=tuple(catalog.services_at(session, branch)),
        people=people,
        here=catalog.branch_terms(session, branch.id),
        personal=catalog.prices_at(branch, personal),
    )


def _together(ranges: Sequence[Range]) -> Range:
    return Range(min(one.low for one in ranges), max(one.high for one in ranges))
