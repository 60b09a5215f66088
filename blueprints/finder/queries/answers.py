"""One question over the whole chain: branches with their first times, in the order that was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import Slot
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.finder.rules import Trip, weight
from blueprints.finder.values import Answer, Search
from blueprints.staff import api as staff
from shopbell import clock

TIMES = 3
"""Times shown of each branch."""


def answers(session: Session, search: Search) -> list[Answer]:
    """The branches that can do what is wished, best first, with the first times of each.

    How many queries it takes depends neither on branches nor on people.
    """
    branches = {branch.id: branch for branch in catalog.branches(session)}
    free = booking.earliest(
        session,
        search.guests,
        search.branch_ids,
        tier=search.tier,
        enough=partial(_settled, branches, search),
        per_branch=TIMES,
        first_day=search.first_day,
        hours=search.hours,
    )
    ranked = sorted(free, key=lambda one: _weight(branches[one], free[one][0].starts_at, search))
    chosen = ranked[: search.limit]
    names = staff.names(session, {person for branch_id in chosen for person in _people(free[branch_id])})
    return [_answer(branches[branch_id], free[branch_id], names, search) for branch_id in chosen]


def _settled(
    branches: dict[UUID, BranchView], search: Search, found: Mapping[UUID, Sequence[Slot]], until: datetime
) -> bool:
    """Whether no branch without a time so far could come before the last one that will be shown."""
    weights = sorted(_weight(branches[branch_id], slots[0].starts_at, search) for branch_id, slots in found.items())
    others = [branch for branch in branches.values() if branch.id not in found]
    return len(weights) >= search.limit and all(
        _weight(branch, until, search) >= weights[search.limit - 1] for branch in others
    )


def _weight(branch: BranchView, starts_at: datetime, search: Search) -> tuple[float, float, int]:
    minutes, _km = way(branch, search)
    return weight(Trip(starts_at, minutes or 0, branch.position), search.order, clock.now())


def way(branch: BranchView, search: Search) -> tuple[int | None, float | None]:
    """Minutes and kilometres to a branch; a branch that is on no map counts as half an hour away."""
    if search.spot is None:
        return None, None
    if branch.latitude is None or branch.longitude is None:
        return staff.estimated_minutes(None, None), None
    there = (branch.latitude, branch.longitude)
    return staff.estimated_minutes(search.spot.position, there), staff.distance_km(search.spot.position, there)


def _people(slots: list[Slot]) -> set[UUID]:
    return {person for slot in slots for person in slot.person_ids}


def _answer(branch: BranchView, slots: list[Slot], names: dict[UUID, str], search: Search) -> Answer:
    minutes, km = way(branch, search)
    people = {person: names[person] for person in _people(slots) if person in names}
    return Answer(branch, slots, people, minutes if km is not None else None, km)
