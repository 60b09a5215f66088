"""Whether enough people are planned for busy times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking.queries.rulebook import rulebook
from blueprints.booking.rules.timeline import Window, bits, cell_of
from blueprints.catalog import api as catalog
from blueprints.staff import api as staff
from shopbell import clock


@dataclass(frozen=True)
class Shortage:
    """On that day, within a busy time (`name` by locale), at worst `planned` people work where `needed` should."""

    day: date
    name: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    needed: int
    planned: int


def shortages(session: Session, branch_id: UUID, first_day: date, days: int) -> list[Shortage]:
    """Busy times of the coming days with too few people on the roster, in order. Hours that the branch is closed do
    not count. Raises UnknownBranch; the same few queries however many people and rules there are."""
    branch = catalog.branch(session, branch_id)
    peaks = [peak for peak in rulebook(session, branch).peaks if peak.staff_min]
    if not peaks:
        return []
    window = Window.of_days(first_day, days, clock.zone(branch.time_zone))
    opening = window.of_spans(catalog.opening_spans(session, branch_id, first_day, days))
    rosters = staff.roster_spans(session, branch_id, first_day, days)
    people = [window.of_spans(spans) for spans in rosters.values()]
    found = []
    for peak in peaks:
        for day, first, last in peak.times.during(window):
            open_cells = opening & window.cells(cell_of(first), cell_of(last))
            planned = fewest(people, open_cells)
            if planned is not None and planned < (peak.staff_min or 0):
                found.append(Shortage(day, dict(peak.name), first, last, peak.staff_min or 0, planned))
    return sorted(found, key=lambda shortage: (shortage.starts_at, shortage.ends_at))


def fewest(people: Iterable[int], cells: int) -> int | None:
    """The smallest number of bitmaps set in any one of the cells; None without a cell."""
    present = [person & cells for person in people]
    if not cells:
        return None
    if not any(present):
        return 0
    return min(sum(person >> cell & 1 for person in present) for cell in bits(cells))
