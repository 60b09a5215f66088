"""Reads of people and rosters, as plain values. How many round trips one makes never depends on the rows."""

from blueprints.staff.queries.marks import marks
from blueprints.staff.queries.people import (
    PersonView,
    all_people,
    count_people,
    names,
    people_after,
    people_at,
    people_of,
    person,
    person_terms,
)
from blueprints.staff.queries.photos import PhotoView, photo
from blueprints.staff.queries.rosters import (
    ExceptionView,
    PeriodView,
    Rush,
    exceptions_of,
    periods_of,
    planned_work,
    roster_spans,
    rosters_of,
    rushes,
)
from blueprints.staff.queries.travel import position, said_from, ways
from blueprints.staff.queries.workers import WorkerView, other_branches, workers_of

__all__ = [
    "ExceptionView",
    "PeriodView",
    "PersonView",
    "PhotoView",
    "Rush",
    "WorkerView",
    "all_people",
    "count_people",
    "exceptions_of",
    "marks",
    "names",
    "other_branches",
    "people_after",
    "people_at",
    "people_of",
    "periods_of",
    "person",
    "person_terms",
    "photo",
    "planned_work",
    "position",
    "roster_spans",
    "rosters_of",
    "rushes",
    "said_from",
    "ways",
    "workers_of",
]
