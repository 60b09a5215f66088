"""What a list of changes would make otherwise at which branches, and which appointments that breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import Changed, Differs
from blueprints.catalog import api as catalog
from blueprints.catalog.api import CURRENCY, OFFERED, PERCENT, PRICE, USUAL, BranchView, TermsView
from blueprints.settings.queries.places import branches_below
from shopbell import clock
from tenants.settings import store
from tenants.settings.rules import Said
from tenants.settings.store import Change

FARTHEST = 800
"""Days. Nobody books further ahead than a year, and a change may be prepared a year before."""
OF_OPENING = {key.name for key in catalog.OF_OPENING}
OF_SERVICES = {OFFERED.name, PERCENT.name, PRICE.name, CURRENCY.name}
MORE_IS_STRICTER = {
    "cancel_minutes",
    "move_minutes",
    "late_cancel_percent",
    "no_show_percent",
    "deposit_percent",
}


@dataclass(frozen=True)
class Impact:
    """`counts` by branch and cause; the branches are all for which the changes speak."""

    branches: Sequence[BranchView]
    changed: Changed
    counts: dict[UUID, dict[str, int]]

    @property
    def total(self) -> int:
        return sum(number for causes in self.counts.values() for number in causes.values())


@dataclass(frozen=True)
class _Compared:
    """What holds before and after the changes, on the days that they concern."""

    session: Session
    branches: Sequence[BranchView]
    before: Said
    after: Said
    first_day: date
    last_day: date

    @property
    def ids(self) -> list[UUID]:
        return [branch.id for branch in self.branches]

    def stretches(self) -> list[tuple[date, date]]:
        """Runs of days on which nothing changes at any of the branches."""
        begins = {self.first_day}
        for branch in self.branches:
            for said in (self.before, self.after):
                begins |= set(said.days(catalog.path_of(branch), self.first_day, self.last_day))
        days = sorted(begins)
        ends = [*(day - timedelta(days=1) for day in days[1:]), self.last_day]
        return list(zip(days, ends, strict=True))


def impact_of(session: Session, changes: Sequence[Change]) -> Impact:
    """The appointments ahead that the changes would break."""
    found = {branch.id: branch for change in changes for branch in branches_below(session, change.place)}
    branches = list(found.values())
    if not branches:
        return Impact((), Changed((), {}, {}), {})
    before = store.said(session)
    after = before.including((change.statement, change.entry()) for change in changes)
    first_day = min(_first_day(change) for change in changes)
    last_day = booking.last_start(session, list(found)).date() + timedelta(days=1)
    last_day = min(max(last_day, first_day), first_day + timedelta(days=FARTHEST))
    changed = _changed(_Compared(session, branches, before, after, first_day, last_day), changes)
    counts = booking.count_broken(session, changed, list(found), clock.now())
    return Impact(branches, changed, counts)


def _first_day(change: Change) -> date:
    return date.fromisoformat(change.subject) if change.key.about == catalog.DAY else change.starts_on


def _changed(compared: _Compared, changes: Sequence[Change]) -> Changed:
    names = {change.key.name for change in changes}
    differs: list[Differs] = []
    if names & OF_SERVICES:
        differs += _services(compared)
    if any(name.startswith("terms.") for name in names):
        differs += _terms(compared)
    closing = _closing(compared) if names & OF_OPENING else {}
    longer = {one.branch_id for one in differs if one.cause == "longer"}
    return Changed(differs, closing, _opening(compared, compared.after, longer))


def _opening(compared: _Compared, said: Said, ids: set[UUID]) -> dict[UUID, dict[date, list[tuple[int, int]]]]:
    if not ids:
        return {}
    days = (compared.last_day - compared.first_day).days + 1
    return catalog.opening_as_said(compared.session, said, sorted(ids), compared.first_day, days)


def _closing(compared: _Compared) -> dict[UUID, dict[date, list[tuple[int, int]]]]:
    """The new hours of the days that get other ones."""
    ids = set(compared.ids)
    before, after = _opening(compared, compared.before, ids), _opening(compared, compared.after, ids)
    return {
        branch_id: {day: spans for day, spans in days.items() if spans != before[branch_id][day]}
        for branch_id, days in after.items()
    }


def _services(compared: _Compared) -> Iterator[Differs]:
    usual = {service.id: service for service in catalog.services(compared.session, active_only=False)}
    for first, last in compared.stretches():
        before = catalog.branch_terms_of(compared.session, compared.ids, first, compared.before)
        after = catalog.branch_terms_of(compared.session, compared.ids, first, compared.after)
        for branch_id, terms in after.items():
            for service_id in terms.keys() | before[branch_id].keys():
                if service_id in usual:
                    old, new = before[branch_id].get(service_id, USUAL), terms.get(service_id, USUAL)
                    for cause in _causes(old, new, usual[service_id].price_minor):
                        factor = new.minutes_percent / old.minutes_percent
                        yield Differs(branch_id, service_id, cause, first, last, factor)


def _causes(old: TermsView, new: TermsView, usual_price: int) -> Iterator[str]:
    if old.offered and not new.offered:
        yield "service"
    if new.minutes_percent > old.minutes_percent:
        yield "longer"
    prices = [usual_price if view.price_minor is None else view.price_minor for view in (old, new)]
    if new.offered and prices[0] != prices[1]:
        yield "price"


def _terms(compared: _Compared) -> Iterator[Differs]:
    services = [service.id for service in catalog.services(compared.session, active_only=False)]
    for first, last in compared.stretches():
        before = booking.rulebooks(compared.session, compared.branches, first, compared.before)
        after = booking.rulebooks(compared.session, compared.branches, first, compared.after)
        for branch_id in compared.ids:
            for service_id in services:
                old, new = before[branch_id].terms(service_id), after[branch_id].terms(service_id)
                if any(_stricter(name, getattr(old, name), getattr(new, name)) for name in booking.TERM_NAMES):
                    yield Differs(branch_id, service_id, "terms", first, last)


def _stricter(name: str, old: int | None, new: int | None) -> bool:
    if old == new:
        return False
    if name == "late_cancel_percent":
        # Without one nobody cancels late by themselves; a fee makes it possible.
        return new is None or (old is not None and new > old)
    if name in MORE_IS_STRICTER:
        return (new or 0) > (old or 0)
    return new is not None and (old is None or new < old)
