"""Who waits for a time at a chain's first branch: two patiently, and one who has just been offered something."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import Slot
from blueprints.waitlist import service as waitlist
from blueprints.waitlist.rules import Freed
from blueprints.waitlist.values import JoinRequest
from infra.demo.groups import named
from infra.demo.place import Place
from infra.demo.quiet import say_nothing_of
from shopbell import clock
from tenants.demo.chain import SAT, SUN

EVENING, DAY_ENDS = 18 * 60, 24 * 60
HOURS_AGO = (30, 20, 6)


def wait(session: Session, place: Place, now: datetime) -> None:
    """Put three people on the list, hours ago, and offer one of them a time that is free, now."""
    today = clock.local_minutes(now, place.zone)[0]
    most_wanted = max(place.services, key=lambda slug: place.chain.demand[slug])
    free = find(session, place, most_wanted, today)
    wishes = [
        wish(place, 8, most_wanted, today, days=5, earliest=EVENING),
        wish(place, 9, place.chain.one_by_one[1], today, days=20, weekdays=(SAT, SUN)),
    ]
    if free is not None:
        minute = clock.local_minutes(free.starts_at, place.zone)[1]
        wishes.append(wish(place, 10, most_wanted, today, days=3, latest=minute + 60))
    for hours, request in zip(HOURS_AGO, wishes, strict=False):
        with clock.frozen(now - timedelta(hours=hours)):
            made = waitlist.join(session, request)
        say_nothing_of(session, [made.id], now, key="wish_id")
    if free is not None:
        waitlist.fill(session, Freed(place.id, free.starts_at, free.starts_at + timedelta(hours=1)))


def find(session: Session, place: Place, slug: str, today: date) -> Slot | None:
    """A free time of the next days at which only the third of them could come."""
    days = booking.free_days(session, place.id, place.services[slug], today + timedelta(days=1), 3)
    return next(
        (
            slot
            for day in days
            for slot in day.slots
            if clock.local_minutes(slot.starts_at, place.zone)[1] < EVENING - 60
        ),
        None,
    )


def wish(
    place: Place,
    number: int,
    slug: str,
    today: date,
    *,
    days: int,
    weekdays: tuple[int, ...] = tuple(range(7)),
    earliest: int = 0,
    latest: int = DAY_ENDS,
) -> JoinRequest:
    return JoinRequest(
        place.services[slug],
        (place.id,),
        today + timedelta(days=1),
        today + timedelta(days=days),
        named(place.customers[number]),
        weekdays=weekdays,
        earliest=earliest,
        latest=latest,
    )
