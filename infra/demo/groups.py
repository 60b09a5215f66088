"""Visits that are more than one appointment: two services in a row, a couple, a series; and time kept for a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingRequest, CustomerInput, Guest, Item, SlotTaken
from blueprints.staff import api as staff
from infra.demo.place import Place
from infra.demo.quiet import say_nothing_of
from infra.demo.visits import Visit, advance, note_times
from shopbell import clock
from tenants.demo.customers import DemoCustomer
from tenants.demo.words import MEETING

IN_A_ROW_ON = (-3, 1, 3)
COUPLE_ON, REGULAR_ON, MEETING_ON = 2, 1, 1
LATELY = timedelta(days=7)
MADE_BEFORE = timedelta(hours=27)
NOON, MEETING_LASTS = 12 * 60, timedelta(minutes=30)


def bring(session: Session, places: Sequence[Place], now: datetime) -> None:
    """One of each kind at every branch, the couple and the series only at the first one, where time is free."""
    for place in places:
        today = clock.local_minutes(now, place.zone)[0]
        meet(session, place, today + timedelta(days=MEETING_ON))
        known = in_a_row(session, place, today, now)
        if place is places[0]:
            known += couple(session, place, today, now) + regular(session, place, today, now)
        note_times(session, place, now - LATELY, now)
        say_nothing_of(session, known, now)


def in_a_row(session: Session, place: Place, today: date, now: datetime) -> list[UUID]:
    guests = (guest(place, *place.chain.one_by_one),)
    found = []
    for number, offset in enumerate(IN_A_ROW_ON):
        day = today + timedelta(days=offset)
        found += together(session, place, day, guests, place.customers[number], now)
    return found


def couple(session: Session, place: Place, today: date, now: datetime) -> list[UUID]:
    first, second = place.chain.side_by_side
    guests = (guest(place, first), guest(place, second, name=place.customers[4].name))
    return together(session, place, today + timedelta(days=COUPLE_ON), guests, place.customers[3], now)


def together(
    session: Session, place: Place, day: date, guests: tuple[Guest, ...], customer: DemoCustomer, now: datetime
) -> list[UUID]:
    """The visit in the middle of what is free that day, as far as it has come by now; nothing on a day too full."""
    made_at = min(now, clock.at_local(day, 0, place.zone)) - MADE_BEFORE
    with clock.frozen(made_at):
        (free,) = booking.free_days(session, place.id, None, day, 1, guests=guests)
        if not free.slots:
            return []
        starts_at = free.slots[len(free.slots) // 2].starts_at
        request = BookingRequest(place.id, None, starts_at, named(customer), guests=guests)
        lead = booking.reserve(session, request)
    parts = booking.visit(session, lead.id)
    for part in parts:
        advance(session, Visit.of(part), now, place.draw(day, 1000))
    return [part.id for part in parts]


def regular(session: Session, place: Place, today: date, now: datetime) -> list[UUID]:
    slug, weeks, times = place.chain.regular
    service_id, day = place.services[slug], today + timedelta(days=REGULAR_ON)
    with clock.frozen(now - MADE_BEFORE):
        free = [slot for found in booking.free_days(session, place.id, service_id, day, 5) for slot in found.slots]
        if not free:
            return []
        request = BookingRequest(place.id, service_id, free[0].starts_at, named(place.customers[5]), source="desk")
        made = booking.reserve_series(session, request, every_weeks=weeks, visits=times)
    return [placed.id for placed in made.placed]


def meet(session: Session, place: Place, day: date) -> None:
    """Half an hour at noon that two of the people have for each other, unless a customer is there."""
    starts_at = clock.at_local(day, NOON, place.zone)
    for person in staff.people_at(session, place.id)[:2]:
        try:
            with session.begin_nested():
                end = starts_at + MEETING_LASTS
                booking.block(session, place.id, person.id, starts_at, end, MEETING[place.branch.tongue])
        except SlotTaken:
            continue


def guest(place: Place, *slugs: str, name: str = "") -> Guest:
    return Guest(tuple(Item(place.services[slug]) for slug in slugs), name)


def named(customer: DemoCustomer) -> CustomerInput:
    return CustomerInput(customer.name, customer.phone, customer.email, customer.locale)
