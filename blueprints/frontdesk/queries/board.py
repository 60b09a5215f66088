"""A branch's day for the console, and its changes. Six queries at most when the day's frame is remembered."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.frontdesk.queries.frame import Frame, frame_of
from shopbell import clock, i18n
from shopbell.spans import merged
from shopbell.tenancy import current_tenant

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
        rows = booking.changed_bookings(session, branch_id, since, frame.zone)
        bookings = [_shown(session, frame, row) for row in rows]
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
    return [_shown(session, frame, row) for row in rows]


def _walk_ins(session: Session, frame: Frame) -> list[dict[str, Any]]:
    """Who came today: the queue is of now, whichever day is looked at."""
    today, _ = clock.local_minutes(clock.now(), frame.zone)
    return booking.waiting(session, frame.branch.id, today, frame.zone)


def _shown(session: Session, frame: Frame, row: dict[str, Any]) -> dict[str, Any]:
    takes = row.pop("takes")
    service = frame.services.get(UUID(row["service"]))
    busy = []
    if row["person"]:
        person = frame.person(session, UUID(row["person"]))
        busy = merged((start, start + minutes) for start, minutes in takes.get(person.resource_id, ()))
    busy = busy or frame.usual_work(UUID(row["service"])) or [(0, row["minutes"])]
    return {
        **row,
        "busy": [[start, end - start] for start, end in busy],
        "service_name": _localized(service.name) if service else "",
    }


def _people(session: Session, frame: Frame, bookings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everyone with a shift that day or a booking that stands, in the staff's order."""
    wanted = set(frame.shifts)
    wanted |= {UUID(row["person"]) for row in bookings if row["person"] and row["status"] != "cancelled"}
    people = sorted(
        (frame.person(session, person) for person in wanted), key=lambda person: (person.position, person.name)
    )
    return [
        {
            "id": str(person.id),
            "name": person.name,
            "title": _localized(person.title),
            "initials": person.initials,
            "shifts": [list(span) for span in frame.shifts.get(person.id, ())],
            "can": [str(service) for service in frame.able(person)],
        }
        for person in people
    ]


def _localized(texts: dict[str, str]) -> str:
    return i18n.localized(texts, current_tenant().locale)
