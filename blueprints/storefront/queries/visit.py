"""A visit with everything its pages say about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from blueprints.booking import api as booking
from blueprints.booking.api import Item
from blueprints.catalog.api import BranchView, OptionView, ServiceView
from blueprints.staff.api import PersonView
from blueprints.storefront.queries.offer import Offer, Range
from blueprints.storefront.visits import Part, Plan


@dataclass(frozen=True)
class Choice:
    """A service of a branch's offer for one guest: with its options, and with one person or whoever is free."""

    offer: Offer
    service: ServiceView
    options: tuple[OptionView, ...]
    person: PersonView | None

    @cached_property
    def prices(self) -> Range:
        return self.offer.prices(self.service, self.options, self.person)

    @cached_property
    def minutes(self) -> Range:
        return self.offer.minutes(self.service, self.options, self.person)

    @property
    def item(self) -> Item:
        ids = tuple(option.id for option in self.options)
        return Item(self.service.id, ids, self.person.id if self.person else None)

    @property
    def part(self) -> Part:
        item = self.item
        return Part(self.service.slug, item.options, item.person_id)


@dataclass(frozen=True)
class Visit:
    """Who comes to a branch, and for what."""

    branch: BranchView
    guests: tuple[tuple[Choice, ...], ...]

    @property
    def only(self) -> Choice | None:
        """The one service of a visit that has no other."""
        return self.guests[0][0] if len(self.guests) == 1 and len(self.guests[0]) == 1 else None

    @property
    def choices(self) -> list[Choice]:
        return [choice for guest in self.guests for choice in guest]

    @property
    def plan(self) -> Plan:
        return Plan(tuple(tuple(choice.part for choice in guest) for guest in self.guests))

    @property
    def asked(self) -> tuple[booking.Guest, ...]:
        """As the booking book wants it."""
        return tuple(booking.Guest(tuple(choice.item for choice in guest)) for guest in self.guests)

    @property
    def prices(self) -> Range:
        """What it comes to."""
        found = [choice.prices for choice in self.choices]
        return Range(sum(one.low for one in found), sum(one.high for one in found))

    @property
    def minutes(self) -> Range:
        """Until the last guest is ready, without waits between services."""
        found = [[choice.minutes for choice in guest] for guest in self.guests]
        return Range(
            max(sum(one.low for one in guest) for guest in found),
            max(sum(one.high for one in guest) for guest in found),
        )

    @property
    def needs_approval(self) -> bool:
        return any(choice.service.needs_approval for choice in self.choices)


def choice_of(offer: Offer, service: ServiceView, option_ids: Iterable[UUID], person_id: UUID | None) -> Choice:
    """Raises UnknownOption, UnknownPerson."""
    options = service.chosen(option_ids)
    person = offer.person_for(service, person_id) if person_id else None
    return Choice(offer, service, options, person)


def visit_of(offer: Offer, plan: Plan) -> Visit:
    """The visit of an address. Raises UnknownService, UnknownOption, UnknownPerson."""
    guests = tuple(
        tuple(choice_of(offer, offer.service(part.service), part.options, part.person_id) for part in guest)
        for guest in plan.guests
    )
    return Visit(offer.branch, guests)


def visit_of_guests(offer: Offer, guests: Iterable[booking.Guest]) -> Visit:
    """The visit that was kept or booked. Raises UnknownService, UnknownOption, UnknownPerson."""
    found = tuple(
        tuple(choice_of(offer, offer.service_of(item.service_id), item.options, item.person_id) for item in guest.items)
        for guest in guests
    )
    return Visit(offer.branch, found)
