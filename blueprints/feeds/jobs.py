"""Due work of feeds."""

from __future__ import annotations

from uuid import UUID

from blueprints.feeds.service import calendars, reading
from shopbell.due import JobRun, job


@job(calendars.READ, own_transactions=True)
def read_calendar(run: JobRun) -> None:
    """Ask, read, and take what was read into the booking book: never in one transaction with the waiting."""
    calendar_id = UUID(run.key)
    with run.database.transaction(run.tenant) as session:
        question = calendars.question(session, calendar_id)
    if question is None:
        return
    answer = reading.read(question)
    more = True
    while more:
        with run.database.transaction(run.tenant) as session:
            more = calendars.take_in(session, calendar_id, answer)
