"""What came of promises: how long people waited, per branch and per day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.arrivals.rules.promises import TARGET_MINUTES, Waits
from blueprints.booking import api as booking
from blueprints.catalog.api import BranchView
from shopbell import clock
from shopbell.tenancy import current_tenant

NAMES = tuple(field.name for field in fields(Waits))


@dataclass(frozen=True)
class Figures:
    """`days` oldest first, every one of them; `branches` only those with anybody to count."""

    total: Waits
    days: list[tuple[date, Waits]]
    branches: dict[UUID, Waits]


def figures(session: Session, branches: Sequence[BranchView], days: int) -> Figures:
    """The waits of these branches over so many days up to today, in the chain's time. Two queries."""
    zone = clock.zone(current_tenant().time_zone)
    now = clock.now()
    today = clock.local_minutes(now, zone)[0]
    calendar = [today - timedelta(days=number) for number in range(days - 1, -1, -1)]
    # A day more on both sides: branches may lie in other zones. What is of other days is left out below.
    since, until = now - timedelta(days=days + 1), now + timedelta(days=1)
    by_day: dict[date, Waits] = defaultdict(Waits)
    by_branch: dict[UUID, Waits] = defaultdict(Waits)
    for row in booking.waits(session, [branch.id for branch in branches], since, until, TARGET_MINUTES):
        if row.day in calendar:
            counted = Waits(**{name: getattr(row, name) for name in NAMES})
            by_day[row.day] += counted
            by_branch[row.branch_id] += counted
    return Figures(sum(by_day.values(), Waits()), [(day, by_day[day]) for day in calendar], dict(by_branch))
