"""Days in the life of a chain: appointments made, kept, missed and called off, over two weeks back and ten days ahead.

What a day holds is drawn from its own date, so the same day comes out alike whenever it is made; how much of it is
booked yet, how far the visits are and where today is busiest depends on the present.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, BookingRequest, CustomerInput, NotForYou, Slot
from infra.demo import agreed, queue, visits
from infra.demo.place import Place, places
from infra.demo.quiet import say_nothing_of
from infra.demo.visits import Visit
from shopbell import clock
from tenants.demo import DemoChain
from tenants.demo.customers import DemoCustomer, note

DAYS_BACK, DAYS_AHEAD = 13, 10
LOOKED_AFTER = 60
"""How many days back visits are still settled when the demonstration was not opened for long."""

WEEKDAYS = (0.8, 0.85, 0.9, 0.95, 1.1, 1.3, 1.25)
FILLING = (1.5, 0.8, 0.65, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2)
"""How full the book is today, tomorrow and so on: people book late."""

SOURCES = {"web": 62, "desk": 30, "api": 8}
ASKED_FOR = 0.4
"""How many name the person they would like."""

ANNOUNCED = 2


def live(session: Session, chain: DemoChain, now: datetime) -> None:
    """Settle what has passed and have every day of the window hold what it should by now.

    Days that are full enough and visits that somebody noted are left as they are.
    """
    first, last = now - timedelta(days=LOOKED_AFTER), now + timedelta(days=DAYS_AHEAD + 1)
    counts = {(count.branch_id, count.day): count for count in booking.daily_counts(session, first.date(), last.date())}
    for place in places(session, chain):
        today = clock.local_minutes(now, place.zone)[0]
        for (branch_id, day), count in counts.items():
            if branch_id == place.id and day <= today and count.booked > count.done + count.no_show:
                visits.catch_up(session, place, day, now)
        for offset in range(-DAYS_BACK, DAYS_AHEAD + 1):
            day = today + timedelta(days=offset)
            found, wanted = counts.get((place.id, day)), wanted_on(place, day, offset)
            there = found.booked + found.cancelled if found else 0
            if there < wanted * 0.5:
                fill(session, place, day, wanted - there, now, part=there)
        visits.note_times(session, place, now - timedelta(days=LOOKED_AFTER), now)
        queue.remember(session, place, now, DAYS_BACK)
        queue.wait_today(session, place, now)


def wanted_on(place: Place, day: date, offset: int) -> int:
    """How many appointments the day should have, `offset` days from today. A closed day wants none."""
    if day.weekday() not in place.branch.hours:
        return 0
    full = place.branch.bookings_a_day * WEEKDAYS[day.weekday()] * place.draw(day).uniform(0.9, 1.15)
    return round(full * (FILLING[offset] if offset >= 0 else 1.0))


def fill(session: Session, place: Place, day: date, count: int, now: datetime, *, part: int) -> None:
    """Make `count` appointments on the day and let them come to what they have come to by now."""
    draw = place.draw(day, part)
    people = draw.sample(place.customers, k=min(count, len(place.customers)))
    # Facts are written in batches, not one by one before every question.
    with session.no_autoflush:
        made = [(customer, found) for customer in people if (found := book(session, place, day, customer, now, draw))]
        known = [details.id for _, details in made]
        agreed.pay_deposits(session, known, now)
        for customer, details in made:
            visits.run(session, Visit.of(details), customer.locale, now, draw)
    agreed.settle_fees(session, place, known, now)
    say_nothing_of(session, known, now)
    # Hundreds of rows nobody will look at again would be searched for changes at every flush.
    session.expunge_all()


def book(
    session: Session, place: Place, day: date, customer: DemoCustomer, now: datetime, draw: Random
) -> BookingDetails | None:
    """One appointment at a time that is free, made some days before; None on a day too full for what they want."""
    demand = {slug: place.chain.demand[slug] for slug in place.services}
    service_id = place.services[draw.choices(list(demand), weights=list(demand.values()))[0]]
    options = draw.choice(place.choices[service_id])
    long_before = min(now, clock.at_local(day, 0, place.zone)) - timedelta(days=1)
    with clock.frozen(long_before):
        (free,) = booking.free_days(session, place.id, service_id, day, 1, options=options, tier=customer.tier)
    if not free.slots:
        return None
    slot = draw.choices(free.slots, weights=[liking(slot, place.zone, now) for slot in free.slots])[0]
    request = BookingRequest(
        branch_id=place.id,
        service_id=service_id,
        starts_at=slot.starts_at,
        customer=CustomerInput(customer.name, customer.phone, customer.email, customer.locale),
        person_id=draw.choice(slot.person_ids) if draw.random() < ASKED_FOR else None,
        note=note(draw, customer.locale),
        source=draw.choices(list(SOURCES), weights=list(SOURCES.values()))[0],
        options=options,
    )
    try:
        return reserve(session, request, made_at(slot.starts_at, now, draw))
    except NotForYou:
        # At that moment it was still kept for members.
        return reserve(session, request, long_before)


def reserve(session: Session, request: BookingRequest, at: datetime) -> BookingDetails:
    with clock.frozen(at):
        made = booking.reserve(session, request)
        if made.status == "requested":
            booking.approve(session, made.id)
        return made


def liking(slot: Slot, zone: ZoneInfo, now: datetime) -> float:
    """How much people like a start: the full and half hour, after work; and around now, so that the board is alive."""
    day, minute = clock.local_minutes(slot.starts_at, zone)
    after_work = 1.5 if day.weekday() < 5 and minute >= 17 * 60 else 1.0
    around_now = 6.0 if timedelta(minutes=-50) < slot.starts_at - now < timedelta(minutes=60) else 1.0
    return after_work * around_now * (1.0 if minute % 30 == 0 else 0.2)


def made_at(starts_at: datetime, now: datetime, draw: Random) -> datetime:
    """When somebody made this appointment: the same day or up to ten before, and not in the future."""
    hours = draw.choices((draw.uniform(1.5, 6), draw.uniform(18, 72), draw.uniform(72, 240)), weights=(25, 45, 30))[0]
    latest = min(starts_at - timedelta(hours=hours), now - timedelta(hours=draw.uniform(0.2, 60)))
    return latest.replace(microsecond=0)


def announce_some(session: Session, chain: DemoChain, now: datetime) -> None:
    """A few appointments made this very moment: their customers are told, so mailbox and telephone are not empty."""
    for place in places(session, chain)[:ANNOUNCED]:
        day = clock.local_minutes(now, place.zone)[0] + timedelta(days=2)
        with_email = [customer for customer in place.customers if customer.email]
        draw = place.draw(day)
        book_now(session, place, day, draw.choice(with_email), draw)


def book_now(session: Session, place: Place, day: date, customer: DemoCustomer, draw: Random) -> None:
    service_id = draw.choice(list(place.services.values()))
    free = [slot for found in booking.free_days(session, place.id, service_id, day, 3) for slot in found.slots]
    if free:
        who = CustomerInput(customer.name, customer.phone, customer.email, customer.locale)
        booking.reserve(session, BookingRequest(place.id, service_id, draw.choice(free).starts_at, who))
