"""People who came without an appointment: those of the days before, and a few who wait while the branch is open."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.models import WalkIn
from blueprints.booking.service.walk_ins import phone_form
from blueprints.catalog import api as catalog
from infra.demo.place import Place
from shopbell import clock, ids

LONGEST_WAIT = 28
"""In minutes."""
PROMISES = ((5, 15), (10, 20), (15, 30), (25, 45))
GAVE_UP = 0.12


def remember(session: Session, place: Place, now: datetime, days: int) -> None:
    """Write down who came on each day of the past without an appointment; days that know of somebody stay as they are.

    Whoever was still waiting when their day ended has left.
    """
    today = clock.local_minutes(now, place.zone)[0]
    midnight = clock.at_local(today, 0, place.zone)
    here = WalkIn.branch_id == place.id
    gone = update(WalkIn).where(here, WalkIn.status.in_(("waiting", "called")), WalkIn.arrived_at < midnight)
    session.execute(gone.values(status="left").execution_options(synchronize_session=False))
    local_day = func.date(func.timezone(place.zone.key, WalkIn.arrived_at))
    known = set(session.scalars(select(local_day).where(here, WalkIn.arrived_at < midnight).distinct()))
    spans = catalog.opening_spans(session, place.id, today - timedelta(days=days), days)
    rows = [row for day, open_spans in spans.items() if open_spans and day not in known for row in came(place, day)]
    if rows:
        session.execute(insert(WalkIn), [row | phone_form(session, row["id"], row["phone"]) for row in rows])


def came(place: Place, day: date) -> list[dict[str, Any]]:
    """Three to six people of that day, in the order they came, with the wait they were promised and the real one."""
    draw = place.draw(day, -1)
    opens, closes = place.branch.hours[day.weekday()][0] if day.weekday() in place.branch.hours else (660, 1080)
    minutes = sorted(draw.sample(range(opens + 20, closes - 60), k=draw.randint(3, 6)))
    people = draw.sample(place.customers, k=len(minutes))
    return [
        {
            "id": ids.uuid7(),
            "branch_id": place.id,
            "name": customer.name,
            "phone": customer.phone,
            "service_id": draw.choice(list(place.services.values())),
            "number": number,
            "source": draw.choice(("desk", "desk", "door")),
            **waited(clock.at_local(day, minute, place.zone), draw),
        }
        for number, (customer, minute) in enumerate(zip(people, minutes, strict=True), start=1)
    ]


def waited(arrived_at: datetime, draw: Random) -> dict[str, Any]:
    low, high = draw.choice(PROMISES)
    times = {"arrived_at": arrived_at, "quoted_low": low, "quoted_high": high}
    if draw.random() < GAVE_UP:
        return {**times, "status": "left", "called_at": None, "seated_at": None}
    seated_at = arrived_at + timedelta(minutes=draw.triangular(max(low - 4, 1), high + 6, (low + high) / 2))
    return {**times, "status": "done", "called_at": seated_at - timedelta(minutes=1), "seated_at": seated_at}


def wait_today(session: Session, place: Place, now: datetime) -> None:
    """Put one to three people into today's queue, unless somebody was in it already today or the branch is closed."""
    day, minute = clock.local_minutes(now, place.zone)
    spans = catalog.opening_spans(session, place.id, day, 1)[day]
    open_now = any(opens + LONGEST_WAIT <= minute < closes for opens, closes in spans)
    if not open_now or booking.waiting(session, place.id, day, place.zone):
        return
    draw = place.draw(day)
    minutes_ago = sorted(draw.sample(range(2, LONGEST_WAIT), k=draw.randint(1, 3)), reverse=True)
    for customer, minutes in zip(draw.sample(place.customers, k=len(minutes_ago)), minutes_ago, strict=True):
        phone = customer.phone if draw.random() < 0.6 else None
        service_id = draw.choice(list(place.services.values())) if draw.random() < 0.8 else None
        with clock.frozen(now - timedelta(minutes=minutes)):
            booking.add_walk_in(session, booking.Arrival(ids.uuid7(), place.id, customer.name, phone, service_id))
