"""When something can begin on a day, as the desk asks while it books or moves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.frontdesk import values
from blueprints.frontdesk.queries.frame import branch_at
from blueprints.frontdesk.queries.offered import money
from shopbell import clock


def times(session: Session, branch_id: UUID, wish: values.Wish) -> dict[str, Any]:
    """Free starts of the day as {start, people}, with what the visit takes and costs. Raises what free_days raises."""
    guests = guests_of(wish)
    [day] = booking.free_days(session, branch_id, None, wish.day, 1, guests=guests, without=wish.without)
    quote = booking.quote(session, branch_id, None, guests)
    zone = clock.zone(branch_at(session, branch_id).time_zone)
    return {
        "times": [
            {
                "start": clock.local_minutes(slot.starts_at, zone)[1],
                "people": [str(person) for person in slot.person_ids],
                "fits": slot.fits,
            }
            for slot in day.slots
        ],
        "minutes": quote.minutes,
        "price": money(quote.price_minor, quote.currency),
        "deposit": money(quote.deposit_minor, quote.currency) if quote.deposit_minor else "",
    }


def guests_of(wish: values.Wish) -> tuple[booking.Guest, ...]:
    alone = (values.Guest((values.Item(wish.service, wish.options, wish.person),), ""),) if wish.service else ()
    return as_asked(wish.guests or alone)


def as_asked(guests: tuple[values.Guest, ...]) -> tuple[booking.Guest, ...]:
    """In the words of the booking book."""
    return tuple(
        booking.Guest(tuple(booking.Item(item.service, item.options, item.person) for item in guest.items), guest.name)
        for guest in guests
    )
