"""Reads of people and rosters, as plain values. None of them makes more than two round trips."""

from blueprints.staff.queries.people import PersonView, all_people, count_people, names, people_at, person, person_terms
from blueprints.staff.queries.rosters import ExceptionView, PeriodView, exceptions_of, periods_of, roster_spans

__all__ = [
    "ExceptionView",
    "PeriodView",
    "PersonView",
    "all_people",
    "count_people",
    "exceptions_of",
    "names",
    "people_at",
    "periods_of",
    "person",
    "person_terms",
    "roster_spans",
]
