"""Processes, variants, several services, parties and series, on the real database."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from blueprints.booking import service
from blueprints.booking.errors import NotPossible, OutsideHours, SlotTaken
from blueprints.booking.events import BookingCancelled, BookingMade, BookingMoved, TimeFreed
from blueprints.booking.models import Allocation, Booking
from blueprints.booking.queries.free import free_days
from blueprints.booking.queries.history import series, visit, visits_of
from blueprints.booking.queries.quote import quote
from blueprints.booking.service.records import REMINDER
from blueprints.booking.values import BookingRequest, CustomerInput, Guest, HoldRequest, Item
from blueprints.catalog.api import UnknownOption
from blueprints.catalog.models import BranchService, OpeningException, Service
from blueprints.staff.models import PersonService
from shopbell import clock, ids
from shopbell.due import DueWork
from shopbell.errors import Invalid

TEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
LI = CustomerInput("李明", "13812345678")


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def wish(salon, *guests: Guest, at: datetime = TEN, **more) -> BookingRequest:
    return BookingRequest(salon.branch_id, None, at, LI, guests=guests, **more)


def one(service_id, *options, person=None, name="") -> Guest:
    return Guest((Item(service_id, options, person),), name)


def taken(session) -> int:
    return session.scalar(select(func.count()).select_from(Allocation)) or 0


@pytest.mark.proves("B7")
def test_the_stylist_is_free_while_colour_processes_and_bookable_meanwhile(session, salon):
    anna = salon.stylists[0]
    service.reserve(session, wish(salon, one(salon.colour, person=anna)))
    meanwhile = service.reserve(session, wish(salon, one(salon.cut, person=anna), at=TEN + minutes(20), source="desk"))
    assert meanwhile.starts_at == TEN + minutes(20)
    with pytest.raises(SlotTaken):
        service.reserve(session, wish(salon, one(salon.talk, person=anna), at=TEN + minutes(15)))


@pytest.mark.proves("B7")
def test_steps_are_done_by_different_people_with_a_bounded_wait(session, salon):
    made = service.reserve(session, wish(salon, one(salon.colour, person=salon.stylists[0])))
    assert made.ends_at == TEN + minutes(65)
    # There is one basin: who begins five minutes later waits ten minutes for it, and nobody waits fifteen.
    with pytest.raises(SlotTaken):
        service.reserve(session, wish(salon, one(salon.colour, person=salon.stylists[1])))
    later = wish(salon, one(salon.colour, person=salon.stylists[1]), at=TEN + minutes(5), source="desk")
    assert service.reserve(session, later).ends_at == TEN + minutes(5 + 75)


def test_one_basin_keeps_a_second_colour_from_beginning_where_the_wait_would_be_too_long(session, salon):
    service.reserve(session, wish(salon, one(salon.colour)))
    (day,) = free_days(session, salon.branch_id, salon.colour, DAY, 1)
    starts = {slot.starts_at for slot in day.slots}
    assert TEN not in starts
    assert TEN + minutes(15) in starts
    service.reserve(session, wish(salon, one(salon.colour), at=TEN + minutes(15)))


@pytest.mark.proves("B7")
def test_variants_and_add_ons_change_time_and_price(session, salon):
    usual = quote(session, salon.branch_id, TEN, (one(salon.cut),))
    assert (usual.minutes, usual.price_minor) == (30, 10000)
    more = quote(session, salon.branch_id, TEN, (one(salon.cut, salon.long, salon.massage),))
    assert (more.minutes, more.price_minor) == (60, 16000)
    made = service.reserve(session, wish(salon, one(salon.cut, salon.long, salon.massage)))
    assert (made.ends_at - made.starts_at, made.price_minor) == (minutes(60), 16000)
    assert made.options == (salon.long, salon.massage)
    with pytest.raises(UnknownOption):
        service.reserve(session, wish(salon, one(salon.colour, salon.long), at=TEN + minutes(120)))
    with pytest.raises(UnknownOption):
        service.reserve(session, wish(salon, one(salon.cut, salon.long, salon.short), at=TEN + minutes(120)))


def test_people_and_branches_have_durations_and_prices_of_their_own(session, salon):
    anna, binh = salon.stylists
    session.add(PersonService(person_id=anna, service_id=salon.cut, minutes_percent=150, price_minor=12000))
    session.add(PersonService(person_id=binh, service_id=salon.talk, offered=False))
    session.add(BranchService(branch_id=salon.branch_id, service_id=salon.colour, price_minor=28000))
    session.flush()
    slow = service.reserve(session, wish(salon, one(salon.cut, person=anna)))
    quick = service.reserve(session, wish(salon, one(salon.cut, person=binh)))
    assert (slow.ends_at - TEN, slow.price_minor) == (minutes(45), 12000)
    assert (quick.ends_at - TEN, quick.price_minor) == (minutes(30), 10000)
    (day,) = free_days(session, salon.branch_id, salon.talk, DAY, 1)
    assert {person for slot in day.slots for person in slot.person_ids} == {anna}
    assert quote(session, salon.branch_id, TEN, (one(salon.colour),)).price_minor == 28000


def test_buffers_are_kept_free_of_others_and_not_shown_to_the_customer(session, salon):
    session.get_one(Service, salon.talk).buffer_after_minutes = 15
    session.flush()
    anna = salon.stylists[0]
    made = service.reserve(session, wish(salon, one(salon.talk, person=anna)))
    assert made.ends_at == TEN + minutes(15)
    with pytest.raises(SlotTaken):
        service.reserve(session, wish(salon, one(salon.talk, person=anna), at=TEN + minutes(15)))
    service.reserve(session, wish(salon, one(salon.talk, person=anna), at=TEN + minutes(30)))


@pytest.mark.proves("B12")
def test_several_services_follow_one_another_in_one_visit_told_once(session, salon, published):
    both = Guest((Item(salon.colour), Item(salon.cut)))
    made = service.reserve(session, wish(salon, both))
    first, second = visit(session, made.id)
    assert (first.id, first.service_id, second.service_id) == (made.id, salon.colour, salon.cut)
    assert minutes(0) <= second.starts_at - first.ends_at <= minutes(15)
    assert [fact.lead for fact in published() if isinstance(fact, BookingMade)] == [True, False]
    assert [row.id for row in visit(session, second.id)] == [first.id, second.id]


def test_a_service_is_not_made_longer_into_the_same_guests_next_one(session, salon):
    made = service.reserve(
        session, wish(salon, Guest((Item(salon.talk, (), salon.stylists[0]), Item(salon.cut, (), salon.stylists[1]))))
    )
    with pytest.raises(NotPossible), session.begin_nested():
        service.extend(session, made.id, 30)


@pytest.mark.proves("B6")
def test_one_person_stays_with_a_guest_who_asked_for_them(session, salon):
    anna = salon.stylists[0]
    guests = (
        Guest((Item(salon.colour, (), anna), Item(salon.cut))),
        Guest((Item(salon.talk), Item(salon.cut)), "小红"),
    )
    made = service.reserve(session, wish(salon, *guests))
    rows = visit(session, made.id)
    people = {name: {row.person_id for row in rows if row.guest_name == name} for name in ("", "小红")}
    assert people == {"": {anna}, "小红": {salon.stylists[1]}}
    assert {row.why["rule"] for row in rows if row.why and not row.guest_name} == {"asked", "stays"}


@pytest.mark.proves("B12")
def test_a_couple_begins_together_everybody_or_nobody(session, salon):
    couple = (one(salon.cut), one(salon.cut, name="小红"))
    made = service.reserve(session, wish(salon, *couple))
    both = visit(session, made.id)
    assert [row.starts_at for row in both] == [TEN, TEN]
    assert {row.person_id for row in both} == set(salon.stylists)
    assert [row.guest_name for row in both] == ["", "小红"]
    before = taken(session)
    rows = session.scalar(select(func.count()).select_from(Booking))
    with pytest.raises(SlotTaken) as refused:
        service.reserve(session, wish(salon, *couple, at=TEN + minutes(15)))
    assert refused.value.extra["alternatives"]
    assert (taken(session), session.scalar(select(func.count()).select_from(Booking))) == (before, rows)


def test_a_party_larger_than_the_shop_is_refused_and_shown_no_times(session, salon):
    three = tuple(one(salon.cut, name=f"G{number}") for number in range(3))
    assert not any(day.slots for day in free_days(session, salon.branch_id, None, DAY, 2, guests=three))
    with pytest.raises(SlotTaken):
        service.reserve(session, wish(salon, *three))
    with pytest.raises(Invalid):
        service.reserve(session, wish(salon, *[one(salon.cut)] * 9))


def test_every_time_shown_to_a_couple_can_be_booked(session, salon):
    couple = (Guest((Item(salon.colour), Item(salon.cut))), one(salon.cut, name="小红"))
    service.reserve(session, wish(salon, one(salon.cut), at=TEN + minutes(90)))
    (day,) = free_days(session, salon.branch_id, None, DAY, 1, guests=couple)
    assert day.slots
    for slot in day.slots:
        with session.begin_nested() as undone:
            service.reserve(session, wish(salon, *couple, at=slot.starts_at))
            undone.rollback()


WISHES = ("cut", "colour", "talk", "long cut with massage", "colour and cut", "named colour")


@pytest.mark.proves("B6")
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("what", WISHES)
def test_every_time_shown_can_be_booked(session, salon, what, seed):
    """Over a random day: whatever is offered is there to be had, for everybody who is named beside it."""
    dice = random.Random(seed)
    session.get_one(Service, salon.talk).buffer_after_minutes = 10
    session.flush()
    for _ in range(7):
        at = TEN + minutes(5 * dice.randrange(0, 90))
        with suppress(SlotTaken, OutsideHours), session.begin_nested():
            some = dice.choice((salon.cut, salon.colour, salon.talk))
            service.reserve(session, wish(salon, one(some), at=at, source="desk"))
    guests = {
        "cut": (one(salon.cut),),
        "colour": (one(salon.colour),),
        "talk": (one(salon.talk),),
        "long cut with massage": (one(salon.cut, salon.long, salon.massage),),
        "colour and cut": (Guest((Item(salon.colour), Item(salon.cut))),),
        "named colour": (one(salon.colour, person=salon.stylists[1]),),
    }[what]
    (day,) = free_days(session, salon.branch_id, None, DAY, 1, guests=guests)
    for slot in day.slots:
        for person in (None, *slot.person_ids):
            items = (replace(guests[0].items[0], person_id=person), *guests[0].items[1:])
            with session.begin_nested() as undone:
                made = service.reserve(session, wish(salon, Guest(items), at=slot.starts_at))
                assert person in {None, made.person_id}
                undone.rollback()


def test_a_held_visit_becomes_the_appointments_it_was_kept_for(session, salon):
    couple = (one(salon.cut), one(salon.cut, name="小红"))
    held = service.hold(session, HoldRequest(salon.branch_id, None, TEN, guests=couple))
    assert held.price_minor == 20000
    made = service.reserve(session, wish(salon, *couple, hold_id=held.booking_id))
    assert [row.status for row in visit(session, made.id)] == ["booked", "booked"]
    again = service.reserve(session, wish(salon, *couple, hold_id=held.booking_id))
    assert again.id == made.id
    other = service.hold(session, HoldRequest(salon.branch_id, None, TEN + minutes(60), guests=couple))
    before = taken(session)
    service.release(session, other.booking_id)
    assert taken(session) < before


@pytest.mark.proves("B3")
def test_a_visit_moves_and_is_cancelled_as_a_whole(session, salon, published):
    couple = (one(salon.cut, person=salon.stylists[0]), Guest((Item(salon.colour), Item(salon.talk)), "小红"))
    made = service.reserve(session, wish(salon, *couple))
    before = {row.id: row for row in visit(session, made.id)}
    service.move(session, made.id, TEN + minutes(120))
    after = visit(session, made.id)
    assert {row.starts_at - before[row.id].starts_at for row in after if row.id == made.id} == {minutes(120)}
    assert all(row.starts_at >= TEN + minutes(120) for row in after)
    assert after[0].person_id == salon.stylists[0]
    assert sum(isinstance(fact, BookingMoved) and fact.lead for fact in published()) == 1
    service.cancel(session, after[2].id)
    assert {row.status for row in visit(session, made.id)} == {"cancelled"}
    assert taken(session) == 0
    facts = published()
    assert sum(isinstance(fact, BookingCancelled) and fact.lead for fact in facts) == 1
    assert sum(isinstance(fact, TimeFreed) for fact in facts) == 6


def test_one_appointment_of_a_visit_can_be_moved_or_cancelled_alone(session, salon):
    made = service.reserve(session, wish(salon, one(salon.cut), one(salon.cut, name="小红")))
    second = visit(session, made.id)[1]
    service.move(session, second.id, TEN + minutes(60), by="staff", alone=True)
    assert [row.starts_at for row in visit(session, made.id)] == [TEN, TEN + minutes(60)]
    service.cancel(session, second.id, by="staff", alone=True)
    assert [row.status for row in visit(session, made.id)] == ["booked", "cancelled"]


def test_the_reminder_of_a_visit_goes_on_when_its_first_appointment_alone_is_cancelled(session, salon):
    made = service.reserve(session, wish(salon, one(salon.cut), one(salon.cut, name="小红"), at=TEN + minutes(1440)))
    second = visit(session, made.id)[1]
    service.cancel(session, made.id, by="staff", alone=True)
    waiting = session.scalars(select(DueWork.key).where(DueWork.kind == REMINDER)).all()
    assert waiting == [str(second.id)]


def test_a_held_time_is_no_visit_of_the_customers_yet(session, salon):
    made = service.reserve(session, wish(salon, one(salon.cut)))
    assert made.customer_id
    request = HoldRequest(salon.branch_id, salon.cut, TEN + minutes(60), customer_id=made.customer_id)
    service.hold(session, request)
    assert [found["booking"] for found in visits_of(session, made.customer_id)] == [made.id]


def test_a_refused_move_of_a_visit_leaves_everything_where_it_was(session, salon):
    made = service.reserve(session, wish(salon, one(salon.cut), one(salon.cut, name="小红")))
    service.reserve(session, wish(salon, one(salon.cut), at=TEN + minutes(60)))
    shown = text("select booking_id::text, resource_id, starts_at from allocations order by 1, 2, 3")
    before = session.execute(shown).all()
    with pytest.raises(SlotTaken), session.begin_nested():
        service.move(session, made.id, TEN + minutes(60))
    assert session.execute(shown).all() == before
    session.expire_all()
    assert {row.starts_at for row in visit(session, made.id)} == {TEN}


def test_of_two_who_come_first_alike_it_is_the_turn_of_who_was_given_something_longest_ago(session, salon):
    anna, ben = salon.stylists
    for number, (first, second) in enumerate([(ben, anna), (anna, ben)]):
        for later, stylist in enumerate((first, second)):
            with clock.frozen(clock.now() + minutes(2 * number + later)):
                at = TEN + timedelta(days=2 * number + later)
                service.reserve(session, wish(salon, one(salon.cut, person=stylist), at=at))
        asked = wish(salon, one(salon.cut), at=TEN + timedelta(days=7 + number))
        made = service.reserve(session, asked)
        assert made.why is not None
        assert (made.person_id, made.why["rule"]) == (first, "turn")


@pytest.mark.proves("B12")
def test_a_series_is_told_once(session, salon, published):
    service.reserve_series(session, wish(salon, one(salon.cut)), every_weeks=1, visits=3)
    assert [fact.lead for fact in published() if isinstance(fact, BookingMade)] == [True, False, False]


@pytest.mark.proves("B12")
def test_a_series_skips_closed_and_taken_days_and_says_why(session, salon):
    closed, busy = DAY + timedelta(weeks=2), DAY + timedelta(weeks=4)
    session.add(OpeningException(id=ids.uuid7(), branch_id=salon.branch_id, day=closed, reason="节日"))
    session.flush()
    anna = salon.stylists[0]
    service.reserve(session, wish(salon, one(salon.cut, person=anna), at=TEN + timedelta(weeks=4)))
    found = service.reserve_series(session, wish(salon, one(salon.cut, person=anna)), every_weeks=2, visits=6)
    assert [row.starts_at for row in found.placed] == [TEN, TEN + timedelta(weeks=6), TEN + timedelta(weeks=8)]
    shown = {(one.day, one.code) for one in found.unplaced}
    assert shown == {(closed, "outside_hours"), (busy, "slot_taken"), (DAY + timedelta(weeks=10), "too_far_ahead")}
    assert all(one.detail for one in found.unplaced)
    late = found.unplaced[-1]
    assert late.opens == late.day - timedelta(days=60)
    assert late.opens.isoformat() in late.detail
    assert series(session, found.series_id).unplaced == found.unplaced
    assert {row.series_id for row in found.placed[1:]} == {found.series_id}
