"""What only staff can do: lengthen, block, approve, set rules aside; each on the same path and constraint."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from blueprints.booking import service
from blueprints.booking.errors import NotForYou, OutsideHours, SlotTaken
from blueprints.booking.events import BookingCancelled, BookingMade, BookingRequested, TimeFreed
from blueprints.booking.models import Allocation, Booking, PriorityWindow
from blueprints.booking.models import Override as Overridden
from blueprints.booking.queries.free import free_days
from blueprints.booking.values import BookingRequest, CustomerInput, HoldRequest, Override
from blueprints.catalog.models import Resource, Service
from blueprints.crm.models import Customer
from blueprints.staff.errors import UnknownPerson
from blueprints.staff.service import add_leave
from shopbell import clock, ids
from shopbell.errors import Invalid

TEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
LI = CustomerInput("李明", "13812345678")


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def booked(session, salon, service_id, at=TEN, person=None, **more):
    request = BookingRequest(salon.branch_id, service_id, at, LI, person_id=person, **more)
    return service.reserve(session, request)


def spans(session, booking_id):
    rows = session.execute(select(Allocation.starts_at, Allocation.ends_at).where(Allocation.booking_id == booking_id))
    return sorted(tuple(row) for row in rows)


def test_a_longer_appointment_takes_the_time_after_it_or_says_why_not(session, salon):
    anna = salon.stylists[0]
    first = booked(session, salon, salon.talk, person=anna)
    service.extend(session, first.id, 15)
    assert spans(session, first.id) == [(TEN, TEN + minutes(30))]
    with pytest.raises(SlotTaken):
        booked(session, salon, salon.talk, TEN + minutes(15), anna)
    booked(session, salon, salon.talk, TEN + minutes(30), anna)
    with pytest.raises(SlotTaken), session.begin_nested():
        service.extend(session, first.id, 30)
    assert spans(session, first.id) == [(TEN, TEN + minutes(30))]


def test_a_shorter_appointment_frees_its_end_and_says_so(session, salon, published):
    made = booked(session, salon, salon.cut)
    service.extend(session, made.id, -10)
    freed = [fact for fact in published() if isinstance(fact, TimeFreed)]
    assert [(fact.starts_at, fact.ends_at) for fact in freed] == [(TEN + minutes(20), TEN + minutes(30))]
    with pytest.raises(Invalid):
        service.extend(session, made.id, 7)


def test_an_extended_appointment_keeps_its_chair(session, salon):
    made = booked(session, salon, salon.cut)
    resources = select(Allocation.resource_id).where(Allocation.booking_id == made.id)
    before = set(session.scalars(resources))
    service.extend(session, made.id, 20)
    assert set(session.scalars(resources)) == before


def test_blocked_time_is_kept_by_the_same_constraint(session, salon):
    anna = salon.stylists[0]
    block = service.block(session, salon.branch_id, anna, TEN, TEN + minutes(60), "例会")
    with pytest.raises(SlotTaken):
        booked(session, salon, salon.talk, person=anna)
    service.unblock(session, block)
    booked(session, salon, salon.talk, person=anna)
    with pytest.raises(SlotTaken):
        service.block(session, salon.branch_id, anna, TEN, TEN + minutes(60), "例会")
    with pytest.raises(Invalid):
        service.block(session, salon.branch_id, anna, TEN, TEN, "")
    with pytest.raises(UnknownPerson):
        service.block(session, salon.branch_id, ids.uuid7(), TEN, TEN + minutes(5), "")


def test_a_block_of_several_days_is_seen_on_each_of_them(session, salon):
    anna = salon.stylists[0]
    service.block(session, salon.branch_id, anna, TEN, TEN + timedelta(days=3), "培训")
    found = free_days(session, salon.branch_id, salon.talk, DAY, 5, anna)
    assert [bool(day.slots) for day in found] == [True, False, False, True, True]


def test_a_request_keeps_its_time_until_it_is_approved(session, salon, published):
    session.get_one(Service, salon.talk).needs_approval = True
    session.flush()
    asked = booked(session, salon, salon.talk, person=salon.stylists[0])
    assert asked.status == "requested"
    with pytest.raises(SlotTaken):
        booked(session, salon, salon.talk, person=salon.stylists[0])
    assert service.approve(session, asked.id).status == "booked"
    service.approve(session, asked.id)
    facts = [type(fact) for fact in published() if isinstance(fact, BookingRequested | BookingMade)]
    assert facts == [BookingRequested, BookingMade]
    assert booked(session, salon, salon.talk, TEN + minutes(60), source="desk").status == "booked"


def test_a_request_that_nobody_answers_in_time_lets_go_and_says_so(session, salon, published, run_jobs):
    session.get_one(Service, salon.talk).needs_approval = True
    session.flush()
    asked = booked(session, salon, salon.talk, TEN + minutes(240))
    session.commit()
    with clock.frozen(TEN + minutes(100)):
        run_jobs()
        assert session.get_one(Booking, asked.id, populate_existing=True).status == "requested"
    with clock.frozen(TEN + minutes(121)):
        run_jobs()
        assert session.get_one(Booking, asked.id, populate_existing=True).status == "cancelled"
    told = [fact for fact in published() if isinstance(fact, BookingCancelled)]
    assert [(fact.reason, fact.by) for fact in told] == [("declined", "house")]


@pytest.mark.proves("B4")
def test_overbooking_is_explicit_recorded_and_takes_only_what_is_free(session, salon):
    anna = salon.stylists[0]
    first = booked(session, salon, salon.cut, person=anna)
    with pytest.raises(SlotTaken):
        booked(session, salon, salon.cut, person=anna, source="desk")
    over = booked(session, salon, salon.cut, person=anna, source="desk", override=Override("老客户，只要五分钟"))
    assert over.starts_at == TEN
    assert spans(session, first.id) == [(TEN, TEN + minutes(30))] * 2
    recorded = session.scalars(select(Overridden).where(Overridden.booking_id == over.id)).one()
    assert (recorded.kind, recorded.reason) == ("overbook", "老客户，只要五分钟")
    with pytest.raises(SlotTaken):
        booked(session, salon, salon.cut, person=anna, source="api", override=Override("no"))


@pytest.mark.proves("B6")
def test_whoever_is_there_and_has_least_to_do_is_overbooked_when_nobody_is_named(session, salon):
    anna, binh = salon.stylists
    booked(session, salon, salon.talk, person=anna)
    booked(session, salon, salon.talk, person=binh)
    booked(session, salon, salon.cut, TEN + minutes(180), anna)
    booked(session, salon, salon.cut, TEN + minutes(240), anna)
    assert booked(session, salon, salon.talk, source="desk", override=Override("Regular")).person_id == binh
    add_leave(session, binh, DAY)
    session.flush()
    assert booked(session, salon, salon.talk, source="desk", override=Override("Regular")).person_id == anna
    free = booked(session, salon, salon.talk, TEN + minutes(120), source="desk", override=Override("Regular"))
    assert free.person_id == anna
    assert session.scalars(select(Overridden).where(Overridden.booking_id == free.id)).all() == []


def test_an_overbooked_room_leaves_the_person_who_is_free(session, salon):
    anna, binh = salon.stylists
    booked(session, salon, salon.cut, person=anna)
    for chair in ("chair 0", "chair 1"):
        session.execute(update(Resource).where(Resource.name == chair).values(active=chair == "chair 0"))
    session.flush()
    with pytest.raises(SlotTaken), session.begin_nested():
        booked(session, salon, salon.cut, source="desk")
    over = booked(session, salon, salon.cut, source="desk", override=Override("She stands"))
    assert over.person_id == binh
    assert len(spans(session, over.id)) == 1, "her own time is taken, the chair is not"


def test_an_override_needs_a_reason_and_opens_closed_hours(session, salon):
    evening = TEN + timedelta(hours=9)
    with pytest.raises(OutsideHours):
        booked(session, salon, salon.talk, evening, source="desk")
    with pytest.raises(Invalid), session.begin_nested():
        booked(session, salon, salon.talk, evening, source="desk", override=Override(""))
    made = booked(session, salon, salon.talk, evening, source="desk", override=Override("VIP"))
    kinds = session.scalars(select(Overridden.kind).where(Overridden.booking_id == made.id)).all()
    assert kinds == ["closed_hours"]


@pytest.mark.proves("B4")
def test_kept_time_opens_to_its_tier_and_to_everybody_in_time(session, salon):
    window = PriorityWindow(id=ids.uuid7(), starts=600, ends=660, tier=2, until_hours=1, weekdays=list(range(7)))
    session.add(window)
    session.flush()

    def starts(tier: int) -> set[datetime]:
        (day,) = free_days(session, salon.branch_id, salon.talk, DAY, 1, tier=tier)
        return {slot.starts_at for slot in day.slots}

    assert TEN not in starts(0)
    assert TEN in starts(2)
    with pytest.raises(NotForYou) as refused:
        booked(session, salon, salon.talk)
    assert refused.value.extra["until"].startswith("2026-03-02T09:00:00+08:00")
    with pytest.raises(NotForYou):
        service.hold(session, HoldRequest(salon.branch_id, salon.talk, TEN))
    service.hold(session, HoldRequest(salon.branch_id, salon.talk, TEN, tier=2))
    with pytest.raises(NotForYou):
        booked(session, salon, salon.talk, source="desk")
    over = booked(session, salon, salon.talk, source="desk", override=Override("陪同 VIP"))
    assert session.scalars(select(Overridden.kind).where(Overridden.booking_id == over.id)).all() == ["priority"]


def test_the_customers_own_tier_counts(session, salon):
    session.add(PriorityWindow(id=ids.uuid7(), starts=600, ends=660, tier=1, until_hours=1, weekdays=list(range(7))))
    booked(session, salon, salon.talk, TEN + minutes(120))
    session.flush()
    session.scalars(select(Customer)).one().tier = 1
    session.flush()
    assert booked(session, salon, salon.talk).starts_at == TEN


@pytest.mark.proves("B6")
def test_work_is_shared_fairly_and_the_reason_is_kept(session, salon):
    made = [booked(session, salon, salon.talk, TEN + minutes(30 * number)) for number in range(8)]
    people = [one.person_id for one in made]
    assert people.count(salon.stylists[0]) == people.count(salon.stylists[1]) == 4
    assert {one.why["rule"] for one in made[1:]} <= {"load", "turn", "gap"}
    named = booked(session, salon, salon.talk, TEN + timedelta(hours=5), salon.stylists[1])
    assert named.why == {"rule": "asked", "facts": {}}


@pytest.mark.proves("B6")
def test_whoever_usually_serves_the_customer_does_it_again(session, salon):
    for days in (1, 2):
        past = booked(session, salon, salon.talk, TEN + timedelta(days=days), salon.stylists[1])
        row = session.get_one(Booking, past.id)
        row.status, row.starts_at = "done", TEN - timedelta(days=days)
    session.flush()
    again = booked(session, salon, salon.talk, TEN + timedelta(days=4))
    assert (again.person_id, again.why["rule"]) == (salon.stylists[1], "usual")


@pytest.mark.proves("B6")
def test_the_only_one_free_is_taken_for_that_reason(session, salon):
    booked(session, salon, salon.talk, person=salon.stylists[0])
    assert booked(session, salon, salon.talk).why == {"rule": "only", "facts": {}}


@pytest.mark.proves("B6")
def test_times_that_leave_an_unusable_gap_are_marked(session, salon):
    anna = salon.stylists[0]
    booked(session, salon, salon.cut, TEN + minutes(60), anna)
    (day,) = free_days(session, salon.branch_id, salon.cut, DAY, 1, anna)
    fits = {slot.starts_at: slot.fits for slot in day.slots}
    assert fits[TEN + minutes(30)]
    assert fits[TEN + minutes(15)]
    session.get_one(Service, salon.talk).active = False
    session.flush()
    # The shortest service left takes ten minutes more than the gap of fifteen.
    (day,) = free_days(session, salon.branch_id, salon.cut, DAY, 1, anna)
    later = {slot.starts_at: slot.fits for slot in day.slots}
    assert later[TEN + minutes(30)]
