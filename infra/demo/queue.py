"""A few people who came without an appointment and wait, while the branch is open."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.catalog import api as catalog
from infra.demo.place import Place
from shopbell import clock, ids

LONGEST_WAIT = 28
"""In minutes."""


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
