"""Whether the people of a branch, what they can do and when they work are as they were: see shopbell.marks."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from shopbell.marks import Marks, read, rows_of, together
from shopbell.prepared import Prepared

OF_PEOPLE = ("person_skills", "person_services", "roster_shifts", "roster_exceptions")
PEOPLE = together((rows_of("people", "id"), *(rows_of(table, "person_id") for table in OF_PEOPLE)))
# Work at one branch takes time from another: whatever concerns a person concerns every branch that they work at.
BRANCHES = """
    select work.branch_id as whose, hashtextextended(concat_ws(' ', work.person_id, of_people.mark), 0) as mark
      from (select person_id, branch_id from roster_shifts
            union select person_id, branch_id from roster_exceptions where branch_id is not null) as work
      join of_people on of_people.whose = work.person_id
"""
MARKS = Prepared(
    text(f"with of_people as ({PEOPLE}) {together((BRANCHES, rows_of('branch_travel', 'cast(null as uuid)')))}")
)


def marks(session: Session) -> Marks:
    """Who works at a branch is who it was as long as its mark and the chain's are. One query."""
    return read(session, MARKS)
