"""A branch's day for the console, and its changes. Six queries at most when the day's frame is remembered."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.frontdesk.queries.frame import Frame, frame_of
from blueprints.frontdesk.queries.offered import money
from shopbell import clock, i18n
from shopbell.i18n import gettext as _
from shopbell.spans import Span, merged
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
    """The row with names for ids: `busy` is the person's own work as [offset, minutes], `helps` that of others."""
    takes, price, fee = row.pop("takes"), row.pop("price_minor"), row.pop("fee_minor")
    currency, free_until = row.pop("currency"), row.pop("free_until")
    service = frame.services.get(UUID(row["service"])) if row["service"] else None
    person = frame.person(session, UUID(row["person"])) if row["person"] else None
    chosen = {UUID(option) for option in row["options"]}
    work = {resource: _spans(spans) for resource, spans in takes.items()}
    own = work.pop(person.resource_id, []) if person else []
    others = [(frame.by_resource[resource], spans) for resource, spans in work.items() if resource in frame.by_resource]
    busy = own or ([] if others else _lengths(frame.usual_work(service, chosen))) or [[0, row["minutes"]]]
    return {
        **row,
        "busy": busy,
        "helps": [{"person": str(person_id), "busy": spans} for person_id, spans in others],
        "places": sorted(frame.places[resource] for resource in work if resource in frame.places),
        "service_name": _localized(service.name) if service else "",
        "chosen": [_localized(one.name) for one in service.options if one.id in chosen] if service else [],
        "price": money(price, currency) if service else "",
        "fee": {"text": money(fee, currency), "after": free_until} if fee else None,
        "why": _reason(row["why"]),
    }


def _reason(why: dict[str, Any] | None) -> str:
    """The book speaks to the customer; the desk is told about them."""
    if why and why.get("rule") == "asked":
        return _("The customer asked for this person.")
    return booking.reason_text(why)


def _spans(takes: list[list[int]]) -> list[list[int]]:
    return _lengths(merged((start, start + minutes) for start, minutes in takes))


def _lengths(spans: list[Span]) -> list[list[int]]:
    return [[start, end - start] for start, end in spans]


def _people(session: Session, frame: Frame, bookings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everyone with a shift that day or a booking that stands, in the staff's order."""
    wanted = set(frame.shifts)
    standing = [row for row in bookings if row["status"] != "cancelled"]
    wanted |= {UUID(row["person"]) for row in standing if row["person"]}
    wanted |= {UUID(helper["person"]) for row in standing for helper in row["helps"]}
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
