"""How branches differ in services: what is said of them at the branch, in its region and for the chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.catalog.errors import UnknownBranch
from blueprints.catalog.models import Branch, BranchService, Service
from blueprints.catalog.queries.catalogue import services
from blueprints.catalog.queries.hours import hours_said
from blueprints.catalog.queries.settled import VERSION, said_at
from blueprints.catalog.queries.views import USUAL, BranchView, OptionView, ServiceView, TermsView
from blueprints.catalog.settings import CURRENCY, OFFERED, OPTION_PRICE, PERCENT, PRICE
from shopbell import clock
from shopbell.tenancy import current_tenant
from tenants.settings import store
from tenants.settings.rules import Entry, Path, Said, Statement, path_to

OF_SERVICE = (OFFERED.name, PERCENT.name, PRICE.name)


def branch_terms(session: Session, branch_id: UUID) -> dict[UUID, TermsView]:
    """Where the branch differs today, by service."""
    return branch_terms_of(session, [branch_id])[branch_id]


def branch_terms_of(
    session: Session, branch_ids: Sequence[UUID], on: date | None = None, known: Said | None = None
) -> dict[UUID, dict[UUID, TermsView]]:
    """Where branches differ on the day (None: today), by branch and service.

    With `known` it is as if that were all that is said.
    """
    places = _places(session, branch_ids, known)
    other = {place.currency(on) for place in places.values()} != {current_tenant().currency}
    currencies: dict[UUID, str] = {}
    if other:
        # Where prices are in another currency a service is on offer once it has a price in it.
        currencies = {row[0]: row[1] for row in session.execute(select(Service.id, Service.currency))}
    return {
        branch_id: places[branch_id].terms(on, currencies) if branch_id in places else {} for branch_id in branch_ids
    }


def terms_said(session: Session, branch_id: UUID) -> Said:
    """All that is said, the branch's own table among it. Raises UnknownBranch."""
    found = _places(session, [branch_id], None)
    if branch_id not in found:
        raise UnknownBranch
    return found[branch_id].said


def said_of_branch(session: Session, branch: BranchView, known: Said) -> Said:
    """What is said, and before all else what stands in the branch's own columns and tables."""
    with_terms = _places(session, [branch.id], known)[branch.id].said
    return said_at(branch, hours_said(session, branch.id, with_terms))


def services_at(
    session: Session, branch: BranchView, *, on: date | None = None, active_only: bool = True
) -> list[ServiceView]:
    """The chain's services as the branch prices them, in the chain's order: see at_branch."""
    found = services(session, active_only=active_only)
    if branch.currency == current_tenant().currency:
        return found
    return at_branch(found, branch, branch_terms_of(session, [branch.id], on)[branch.id], store.said(session), on)


def at_branch(
    found: Iterable[ServiceView],
    branch: BranchView,
    terms: Mapping[UUID, TermsView],
    said: Said,
    on: date | None = None,
) -> list[ServiceView]:
    """Services with their prices in the branch's currency; an option without a price in it is not on offer there.

    In the chain's own currency they are as they are: what the branch differs in is said by its terms.
    """
    if branch.currency == current_tenant().currency:
        return list(found)
    path = path_to(branch.region_id, branch.id)
    day = on or clock.local_minutes(clock.now(), clock.zone(branch.time_zone))[0]
    return [_at_branch(one, branch.currency, terms.get(one.id, USUAL), said, path, day) for one in found]


def _at_branch(service: ServiceView, currency: str, terms: TermsView, said: Said, path: Path, day: date) -> ServiceView:
    if service.currency == currency:
        return service

    def priced(option: OptionView) -> OptionView:
        price = price_in(currency, said.standing(OPTION_PRICE, path, day, str(option.id)))
        if price is None:
            return replace(option, price_minor=0, active=option.active and option.price_minor == 0)
        return replace(option, price_minor=price)

    options = tuple(priced(option) for option in service.options)
    return replace(service, currency=currency, price_minor=terms.price_minor or 0, options=options)


def prices_at(
    branch: BranchView, personal: Mapping[UUID, Mapping[UUID, TermsView]]
) -> Mapping[UUID, Mapping[UUID, TermsView]]:
    """People's own terms; their prices are in the chain's currency, and where another one is paid they do not count."""
    if branch.currency == current_tenant().currency:
        return personal
    return {
        person: {service: replace(one, price_minor=None) for service, one in terms.items()}
        for person, terms in personal.items()
    }


def price_in(currency: str, standing: Iterable[Entry]) -> int | None:
    """The most binding price in a currency, in minor units; those in others are not for this place."""
    found = None
    for entry in standing:
        if entry.value and entry.value["currency"] == currency:
            found = entry.value["minor"]
    return found


@dataclass
class _Place:
    """A branch with everything that is said of services there."""

    path: Path
    time_zone: str
    said: Said = field(default_factory=Said)
    ever: list[tuple[Statement, Entry]] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)

    def day(self, on: date | None) -> date:
        return on or clock.local_minutes(clock.now(), clock.zone(self.time_zone))[0]

    def currency(self, on: date | None) -> str:
        return self.said.value(CURRENCY, self.path, self.day(on)) or current_tenant().currency

    def terms(self, on: date | None, currencies: Mapping[UUID, str]) -> dict[UUID, TermsView]:
        day, currency = self.day(on), self.currency(on)
        found = {}
        for subject in {*self.subjects, *map(str, currencies)}:
            price = price_in(currency, self.said.standing(PRICE, self.path, day, subject))
            offered = self.said.value(OFFERED, self.path, day, subject)
            priced = price is not None or currencies.get(UUID(subject), currency) == currency
            percent = self.said.value(PERCENT, self.path, day, subject)
            view = TermsView(offered and priced, percent, price)
            if view != USUAL:
                found[UUID(subject)] = view
        return found

    def note(self, service_id: UUID, offered: bool, percent: int, price: int | None) -> None:
        """What the branch's own table says is older than anything else."""
        values: dict[str, Any] = {}
        values |= {} if offered else {OFFERED.name: False}
        values |= {} if percent == PERCENT.default else {PERCENT.name: percent}
        values |= {} if price is None else {PRICE.name: {"minor": price, "currency": current_tenant().currency}}
        self.ever += [((name, str(service_id)), Entry(self.path[-1], value)) for name, value in values.items()]


def _places(session: Session, branch_ids: Sequence[UUID], known: Said | None) -> dict[UUID, _Place]:
    statement = (
        select(
            Branch.id,
            Branch.region_id,
            Branch.time_zone,
            VERSION,
            BranchService.service_id,
            BranchService.offered,
            BranchService.minutes_percent,
            BranchService.price_minor,
        )
        .outerjoin_from(Branch, BranchService, BranchService.branch_id == Branch.id)
        .where(Branch.id.in_(branch_ids))
    )
    found: dict[UUID, _Place] = {}
    version = None
    for branch_id, region_id, zone, seen, service_id, offered, percent, price in session.execute(statement):
        version = seen
        place = found.setdefault(branch_id, _Place(path_to(region_id, branch_id), zone))
        if service_id:
            place.note(service_id, offered, percent, price)
    if found:
        _put_said(found, store.said(session, version) if known is None else known)
    return found


def _put_said(found: Mapping[UUID, _Place], known: Said) -> None:
    """Give each place what is said, and the services of which something is said on its way up."""
    everything = known.including(pair for place in found.values() for pair in place.ever)
    places_of: dict[str, set[UUID | None]] = defaultdict(set)
    for (name, subject), places in everything.entries.items():
        if name in OF_SERVICE:
            places_of[subject] |= places.keys()
    for place in found.values():
        ids = {step.id for step in place.path}
        place.said = everything
        place.subjects = {subject for subject, places in places_of.items() if places & ids}
