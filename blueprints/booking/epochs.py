"""What holds at branches from a day on: dated settings come into force for appointments that begin on that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking.queries.rulebook import rulebooks
from blueprints.booking.rules.needs import demand_of
from blueprints.booking.rules.rulebook import Rulebook
from blueprints.catalog import api as catalog
from blueprints.catalog.api import USUAL, BranchView, ServiceView, TermsView
from shopbell.tenancy import current_tenant
from tenants.settings import store
from tenants.settings.rules import Said

PersonTerms = Mapping[UUID, Mapping[UUID, TermsView]]


@dataclass(frozen=True)
class Epoch:
    """What holds at a branch from a day on, as long as nothing else begins to hold.

    `services` holds retired ones too, `offered` names those on offer here; `shortest` is how many cells somebody is
    busy with the shortest of them.
    """

    branch: BranchView
    services: Mapping[UUID, ServiceView]
    offered: frozenset[UUID]
    branch_terms: Mapping[UUID, TermsView]
    person_terms: PersonTerms
    rulebook: Rulebook
    shortest: int


def epochs_of(
    session: Session,
    version: UUID,
    branches: Sequence[BranchView],
    first_day: date,
    days: int,
    person_terms: PersonTerms,
) -> dict[UUID, dict[date, Epoch]]:
    """By branch, and by the days from which another one holds: the first day, and hardly ever a later one.

    The queries grow with the days on which something changes, not with the branches. Opening hours are no part of an
    epoch: a frame's are known day by day.
    """
    said = store.said(session, version)
    services = catalog.services(session, active_only=False)
    last_day = first_day + timedelta(days=days - 1)
    begins: dict[date, list[BranchView]] = defaultdict(list)
    opening = {key.name for key in catalog.OF_OPENING}
    for branch in branches:
        for day in (first_day, *said.days(catalog.path_of(branch), first_day, last_day, but=opening)):
            begins[day].append(branch)
    loading = _Loading(session, said, services, person_terms)
    found: dict[UUID, dict[date, Epoch]] = {branch.id: {} for branch in branches}
    for day, places in sorted(begins.items()):
        for branch_id, epoch in loading.on(day, places).items():
            found[branch_id][day] = epoch
    return found


class _Loading:
    """What branches and days have in common is made once."""

    def __init__(
        self, session: Session, said: Said, services: Sequence[ServiceView], person_terms: PersonTerms
    ) -> None:
        self.session, self.said, self.services = session, said, services
        self.usual = self._known(services)
        self.person_terms = person_terms
        self.own_currency = current_tenant().currency

    def on(self, day: date, branches: Sequence[BranchView]) -> dict[UUID, Epoch]:
        terms = catalog.branch_terms_of(self.session, [branch.id for branch in branches], day, self.said)
        places = [catalog.settled(branch, self.said, day) for branch in branches]
        rules = rulebooks(self.session, places, day, self.said)
        return {place.id: self._epoch(place, terms[place.id], rules[place.id], day) for place in places}

    def _epoch(self, place: BranchView, terms: Mapping[UUID, TermsView], rules: Rulebook, day: date) -> Epoch:
        (services, busy), people = self.usual, self.person_terms
        if place.currency != self.own_currency:
            services, busy = self._known(catalog.at_branch(self.services, place, terms, self.said, day))
            people = catalog.prices_at(place, people)
        offered = frozenset(id_ for id_ in busy if terms.get(id_, USUAL).offered)
        shortest = min((busy[id_] for id_ in offered), default=1)
        return Epoch(place, services, offered, terms, people, rules, shortest)

    def _known(self, services: Iterable[ServiceView]) -> tuple[dict[UUID, ServiceView], dict[UUID, int]]:
        """The services, and for how many cells the lead of each that can be booked is busy, with the first variant."""
        known = {service.id: service for service in services}
        busy = {
            one.id: demand_of(one.process(one.chosen(()))).lead_hull[1]
            for one in known.values()
            if one.active and one.steps
        }
        return known, busy
