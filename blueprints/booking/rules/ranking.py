"""Who is given work that anybody could do, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from blueprints.booking.rules.needs import Demand
from blueprints.booking.rules.slots import Book, Wanted, Worker, leaves_gap
from blueprints.booking.rules.solve import Placed
from blueprints.booking.rules.timeline import CELL_MINUTES, run

HOUR = 60 // CELL_MINUTES
RULES = ("usual", "gap", "load", "skill", "load", "turn")
"""What each part of a rank is called when it decides."""
Standing = tuple[bool, bool, int, int, int]


@dataclass
class Ranking:
    """The order in which people are asked: whoever usually serves the customer; whose day is left without a gap too
    short to use; who has an hour or more less to do than others that day; whose skill is nearest to what is needed, so
    that the most experienced stay free; who has less to do by minutes; who was given something longest ago."""

    book: Book
    shortest: int
    usual_id: UUID | None = None
    turns: Mapping[UUID, float] = field(default_factory=dict)
    """When each was last given an appointment, in seconds since 1970."""
    _known: dict[tuple[int, int, int], Standing] = field(default_factory=dict)

    def __call__(self, worker: Worker, demand: Demand, cell: int) -> tuple[Any, ...]:
        return *self.standing(worker, demand, cell), self.turns.get(worker.id, 0.0), worker.resource_id

    def standing(self, worker: Worker, demand: Demand, cell: int) -> Standing:
        """The order without whose turn it is, remembered."""
        key = (worker.resource_id, id(demand), cell)
        found = self._known.get(key)
        if found is None:
            load = self.load(worker)
            first = cell + demand.lead_hull[0]
            leaves = leaves_gap(self.book.free_person(worker), first, first + demand.lead_hull[1], self.shortest)
            surplus = worker.surplus(demand.levels)
            is_usual = self.usual_id is not None and worker.id == self.usual_id
            found = self._known[key] = (not is_usual, leaves, load // HOUR, surplus, load)
        return found

    def load(self, worker: Worker) -> int:
        """Cells taken in the window, which is the day."""
        return self.book.taken.get(worker.resource_id, 0).bit_count()

    def is_tied(self, wanted: Wanted, cell: int) -> bool:
        """Whether two people come first alike, so that it matters whose turn it is."""
        ranks = sorted(self.standing(lead, demand, cell) for lead, demand in wanted.leads if lead)
        return len(ranks) > 1 and ranks[0] == ranks[1]

    def why(self, wanted: Wanted, placed: Placed, *, asked: bool) -> dict[str, Any] | None:
        """How the lead was found: {rule, facts}; None when nobody is needed."""
        if placed.lead is None:
            return None
        if asked:
            return {"rule": "asked", "facts": {}}
        others = self._free_others(wanted, placed)
        if not others:
            return {"rule": "only", "facts": {}}
        mine = self.standing(placed.lead, placed.demand, placed.first)
        standings = [self.standing(lead, demand, placed.first) for lead, demand in others]
        parts = zip(RULES, mine, min(standings), strict=False)
        rule = next((rule for rule, part, theirs in parts if part != theirs), RULES[-1])
        minutes, least = mine[-1] * CELL_MINUTES, min([load for *_, load in standings]) * CELL_MINUTES
        return {"rule": rule, "facts": {"minutes": minutes, "others": least}}

    def reluctantly(self, worker: Worker, demand: Demand, cell: int) -> tuple[Any, ...]:
        """The order when somebody has to do it who has no time: whoever is on their roster then, or at least that day;
        who has the least else to do then; and then as always."""
        offset, length = demand.lead_hull
        wanted = run(max(0, cell + offset), cell + offset + length)
        roster, taken = self.book.rosters.get(worker.id, 0), self.book.taken.get(worker.resource_id, 0)
        return (
            (wanted & ~roster).bit_count(),
            not roster,
            (wanted & taken).bit_count(),
            *self(worker, demand, cell),
        )

    def _free_others(self, wanted: Wanted, placed: Placed) -> Sequence[tuple[Worker, Demand]]:
        found = []
        for lead, demand in wanted.leads:
            offset, length = demand.lead_hull
            span = run(max(0, placed.first + offset), placed.first + offset + length)
            if lead and lead is not placed.lead and self.book.free_person(lead) & span == span:
                found.append((lead, demand))
        return found
