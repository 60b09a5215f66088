"""Whether a branch, its hours, rooms and prices are as they were: see shopbell.marks."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from shopbell.marks import Marks, read, rows_of, together
from shopbell.prepared import Prepared

OF_BRANCHES = ("opening_hours", "opening_exceptions", "branch_services", "resources")
OF_THE_CHAIN = ("regions", "setting_values", "skills", "services", "service_options", "service_steps")
MARKS = Prepared(
    text(
        together(
            (
                rows_of("branches", "id"),
                *map(rows_of, OF_BRANCHES),
                *(rows_of(table, "cast(null as uuid)") for table in OF_THE_CHAIN),
            )
        )
    )
)


def marks(session: Session) -> Marks:
    """What a branch offers, and when, is what it was as long as its mark and the chain's are. One query."""
    return read(session, MARKS)
