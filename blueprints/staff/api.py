"""What other features may ask about people. Plain values, in the caller's transaction."""

from blueprints.staff.errors import UnknownPerson
from blueprints.staff.queries import (
    PersonView,
    WorkerView,
    marks,
    names,
    other_branches,
    people_at,
    people_of,
    person,
    person_terms,
    roster_spans,
    rosters_of,
    ways,
    workers_of,
)
from blueprints.staff.travel import Ways, distance_km, estimated_minutes

__all__ = [
    "PersonView",
    "UnknownPerson",
    "Ways",
    "WorkerView",
    "distance_km",
    "estimated_minutes",
    "marks",
    "names",
    "other_branches",
    "people_at",
    "people_of",
    "person",
    "person_terms",
    "roster_spans",
    "rosters_of",
    "ways",
    "workers_of",
]
