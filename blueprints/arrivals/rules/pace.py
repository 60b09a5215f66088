"""How long a service really takes, compared with its plan, learned from visits that were finished.

A pace is a distribution of real minutes divided by planned ones. Working with the ratio lets visits of all lengths of a
service (hair to the waist, two add-ons) teach one lesson. What somebody does often has a pace of their own; else the
service's pace at the branch holds, and without enough visits the plan itself, give or take what is usual.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

SHARES = tuple(number / 20 for number in range(1, 20))
"""The quantiles a pace is known by: 5 %, 10 %, … 95 %."""
LEAST = 8
"""So many finished visits make a pace; fewer say more about one odd morning."""
ROW = tuple[UUID, UUID | None, int, tuple[float, ...]]
OVERDUE = (0.05, 0.35)
"""What is left, as shares of the plan, of a visit that has lasted longer than nearly all others ever did."""


@dataclass(frozen=True)
class Pace:
    """Ratios of real to planned minutes at each of SHARES, ascending."""

    ratios: tuple[float, ...]

    def ratio(self, share: float) -> float:
        """The ratio that this share of visits does not exceed."""
        place = (share - SHARES[0]) / (SHARES[-1] - SHARES[0]) * (len(SHARES) - 1)
        if place <= 0 or place >= len(SHARES) - 1:
            return self.ratios[0 if place <= 0 else -1]
        below = int(place)
        return self.ratios[below] + (place - below) * (self.ratios[below + 1] - self.ratios[below])

    def share_below(self, ratio: float) -> float:
        """Which share of visits is over by then; 1 when hardly any lasts longer."""
        if ratio < self.ratios[0]:
            return 0.0
        if ratio >= self.ratios[-1]:
            return 1.0
        above = bisect_right(self.ratios, ratio)
        low, high = self.ratios[above - 1], self.ratios[above]
        return SHARES[above - 1] + (ratio - low) / (high - low) * (SHARES[above] - SHARES[above - 1])

    def factor(self, share: float, elapsed: float = 0.0) -> float:
        """The ratio at this share of those visits that last longer than `elapsed` (a ratio too)."""
        over = self.share_below(elapsed)
        if over >= 1:
            return elapsed + OVERDUE[0] + share * (OVERDUE[1] - OVERDUE[0])
        return max(self.ratio(over + share * (1 - over)), elapsed + OVERDUE[0])


AS_PLANNED = Pace(tuple(0.75 + 0.5 * share for share in SHARES))
"""Before anything is learned: as planned, give or take what is usual."""


@dataclass(frozen=True)
class Paces:
    """What a branch has learned: by service and person, and by service."""

    by_person: Mapping[tuple[UUID, UUID], Pace]
    by_service: Mapping[UUID, Pace]

    def of(self, service_id: UUID | None, person_id: UUID | None) -> Pace:
        if service_id is None:
            return AS_PLANNED
        own = self.by_person.get((service_id, person_id)) if person_id else None
        return own or self.by_service.get(service_id, AS_PLANNED)


NOTHING_LEARNED = Paces({}, {})


def learned(rows: list[ROW]) -> Paces:
    """From (service, person or None for all, number of visits, ratios at SHARES)."""
    enough = [row for row in rows if row[2] >= LEAST]
    return Paces(
        {(service, person): Pace(ratios) for service, person, _count, ratios in enough if person},
        {service: Pace(ratios) for service, person, _count, ratios in enough if person is None},
    )
