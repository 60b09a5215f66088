"""How messages fare: what was sent and what was not, how fast, what it cost, and how the providers are doing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.messaging import settings
from blueprints.messaging.pages import words
from blueprints.messaging.pages.blueprint import PAGES
from blueprints.messaging.queries import deliveries as queries
from blueprints.messaging.queries.deliveries import LEFT, NOT_SENT, Spending, Tally
from blueprints.messaging.service import routes
from blueprints.messaging.service.budgets import THE_CHAIN
from shopbell import charts, clock
from shopbell.http import current_session, permit, permitted_branches
from shopbell.money import in_minor
from shopbell.pages import render
from shopbell.tenancy import current_tenant
from tenants.settings import store

PERIODS = (7, 28, 90)
MOST_BRANCHES = 50
"""So many of the dearest are shown; what the others cost is in the sum."""


@dataclass(frozen=True)
class Fared:
    """Messages of some days, counted."""

    tallies: Sequence[Tally]
    days: Sequence[date]

    @cached_property
    def states(self) -> Counter[str]:
        return self._counted("state", self.tallies)

    @property
    def written(self) -> int:
        return self.states.total()

    @property
    def left(self) -> int:
        return sum(self.states[state] for state in LEFT)

    @property
    def not_sent(self) -> int:
        return sum(self.states[state] for state in NOT_SENT)

    @property
    def waiting(self) -> int:
        return self.states["queued"] + self.states["sending"]

    @cached_property
    def sorts(self) -> dict[tuple[str, str], Counter[str]]:
        """The states of each (channel, purpose) that there is."""
        sorts = sorted({(one.channel, one.purpose) for one in self.tallies})
        return {
            sort: self._counted("state", [one for one in self.tallies if (one.channel, one.purpose) == sort])
            for sort in sorts
        }

    def per_day(self, states: Collection[str]) -> list[int]:
        found = self._counted("day", [one for one in self.tallies if one.state in states])
        return [found[day] for day in self.days]

    @staticmethod
    def _counted(what: str, tallies: Sequence[Tally]) -> Counter[Any]:
        found: Counter[Any] = Counter()
        for one in tallies:
            found[getattr(one, what)] += one.messages
        return found


@PAGES.get("/messages/deliveries")
@permit("messaging.read")
def deliveries() -> Response:
    """The last days, 7 of them or ?days=; managers see their own branches."""
    session, days = current_session(), asked_days()
    branches, zone = permitted_branches(), clock.zone(current_tenant().time_zone)
    today, _minute = clock.local_minutes(clock.now(), zone)
    first = today - timedelta(days=days - 1)
    since = clock.at_local(first, 0, zone)
    fared = Fared(
        queries.tallies(session, since, current_tenant().time_zone, branches),
        [first + timedelta(days=number) for number in range(days)],
    )
    spent = queries.spending(session, since, branches)
    named = {branch.id: branch for branch in catalog.branches(session)}
    return render(
        "messaging/deliveries.html",
        words=words,
        days=days,
        periods=PERIODS,
        fared=fared,
        chart=charts.line_chart({"left": fared.per_day(LEFT), "not_sent": fared.per_day(NOT_SENT)}),
        waits={(wait.channel, wait.purpose): wait for wait in queries.waits(session, since, branches)},
        reasons=queries.reasons(session, since, branches),
        spent=costs(session, spent[:MOST_BRANCHES], named, today),
        sums=sums(spent),
        names={branch.id: branch.name for branch in named.values()},
        accounts=routes.overview(session) if branches is None else (),
    )


def asked_days() -> int:
    asked = request.args.get("days", type=int)
    return asked if asked in PERIODS else PERIODS[0]


@dataclass(frozen=True)
class BranchCost:
    """What a branch spends, and what is `taken` of this month's budget, which has its `limit` or none. In minor
    units."""

    branch_id: UUID | None
    currency: str
    messages: int
    segments: int
    cost: int
    taken: int | None
    limit: int | None


def costs(
    session: Session, spent: Sequence[Spending], branches: Mapping[UUID, BranchView], today: date
) -> list[BranchCost]:
    taken = queries.budgets(session, today.replace(day=1), {one.branch_id or THE_CHAIN for one in spent})
    said = store.said(session)

    def limit(one: Spending) -> int | None:
        branch = branches.get(one.branch_id) if one.branch_id else None
        return settings.budget(said, catalog.path_of(branch), today, one.currency) if branch else None

    return [
        BranchCost(
            one.branch_id,
            one.currency,
            one.messages,
            one.segments,
            in_minor(one.micros, one.currency),
            _minor(taken.get((one.branch_id or THE_CHAIN, one.currency)), one.currency),
            limit(one),
        )
        for one in spent
    ]


def _minor(micros: int | None, currency: str) -> int | None:
    return None if micros is None else in_minor(micros, currency)


def sums(spent: Sequence[Spending]) -> dict[str, int]:
    """Minor units by currency."""
    found: Counter[str] = Counter()
    for one in spent:
        found[one.currency] += one.micros
    return {currency: in_minor(micros, currency) for currency, micros in found.items()}
