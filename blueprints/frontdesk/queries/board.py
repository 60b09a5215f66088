"""A branch's day for the console, and its changes. Six queries at most when the day's frame is remembered."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.frontdesk.queries.frame import Frame, frame_of
from blueprints.frontdesk.queries.rows import Rows, localized
from shopbell import clock

LONGEST_CURSOR = 19


def board(session: Session, branch_id: UUID, day: date | None) -> dict[str, Any]:
    """The day (today when None) as JSON values: people with shifts, bookings, today's walk-ins, and a cursor.

    Raises UnknownBranch.
    """
    frame = frame_of(session, branch_id, day)
    cursor = booking.cursor(session)
    bookings = _day(session, frame)
    return {
        "day": frame.day.isoformat(),
        **present(frame),
        "opens": min((opens for opens, _ in frame.opening), default=None),
        "closes": max((closes for _, closes in frame.opening), default=None),
        "people": _people(session, frame, bookings),
        "bookings": bookings,
        "walkins": _walk_ins(session, frame),
        "cursor": cursor,
    }


def changes(session: Session, branch_id: UUID, day: date | None, since: Any) -> dict[str, Any]:
    """What has changed at the branch since the cursor, this transaction's own work included, and the next cursor.

    Without a cursor, or with one that this database never gave out, the day's rows. Raises UnknownBranch.
    """
    frame = frame_of(session, branch_id, day)
    cursor = booking.cursor(session)
    if _usable(since, cursor):
        rows = booking.changed_bookings(session, branch_id, since)
        bookings = Rows(session, frame).shown(rows)
        walk_ins = booking.changed_walk_ins(session, branch_id, since)
    else:
        bookings, walk_ins = _day(session, frame), _walk_ins(session, frame)
    changed = [{"kind": "booking", "id": row["id"], "data": row} for row in bookings]
    changed += [{"kind": "walkin", "id": row["id"], "data": row} for row in walk_ins]
    return {"changes": changed, "cursor": cursor, **present(frame)}


def present(frame: Frame) -> dict[str, Any]:
    """The branch's own clock: a device's may be wrong."""
    today, minute = clock.local_minutes(clock.now(), frame.zone)
    return {"today": today.isoformat(), "now_minute": minute}


def _usable(since: Any, cursor: str) -> bool:
    """A restored database begins anew: a cursor ahead of it would hide everything."""
    return (
        isinstance(since, str) and since.isascii() and since.isdigit() and len(since) < 20 and int(since) <= int(cursor)
    )


def _day(session: Session, frame: Frame) -> list[dict[str, Any]]:
    rows = booking.day_bookings(session, frame.branch.id, frame.day, frame.zone)
    return Rows(session, frame).shown(rows)


def _walk_ins(session: Session, frame: Frame) -> list[dict[str, Any]]:
    """Who came today: the queue is of now, whichever day is looked at."""
    today, _ = clock.local_minutes(clock.now(), frame.zone)
    return booking.waiting(session, frame.branch.id, today, frame.zone)


def _people(session: Session, frame: Frame, bookings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everyone with a shift that day or a booking that stands, in the staff's order."""
    standing = [row for row in bookings if row["status"] != "cancelled"]
    at_work = {row["person"] for row in standing} | {helper["person"] for row in standing for helper in row["helps"]}
    wanted = {*frame.shifts, *at_work} - {None}
    people = {person_id: frame.person(session, person_id) for person_id in wanted}
    return [
        {
            "id": person_id,
            "name": person.name,
            "title": localized(person.title),
            "initials": person.initials,
            "shifts": frame.shifts.get(person_id, ()),
            "can": frame.able(person),
        }
        for person_id, person in sorted(people.items(), key=lambda one: (one[1].position, one[1].name))
    ]
