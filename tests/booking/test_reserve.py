"""Reserving, moving and cancelling, on the real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.booking import service
from blueprints.booking.errors import (
    InThePast,
    NotOnTheGrid,
    OutsideHours,
    SlotTaken,
    TooFarAhead,
    TooLateToChange,
    TooSoon,
)
from blueprints.booking.events import BookingCancelled, BookingMade, BookingMoved, TimeFreed
from blueprints.booking.models import Allocation, Booking
from blueprints.booking.queries.free import free_days
from blueprints.booking.service.records import REMINDER
from blueprints.booking.values import BookingRequest, CustomerInput, HoldRequest
from shopbell import clock
from shopbell.due import DueWork
from shopbell.errors import Invalid
from tests.support.world import Shop

TEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai."""


def request(shop: Shop, at: datetime = TEN, **changes: object) -> BookingRequest:
    values = {
        "branch_id": shop.branch_id,
        "service_id": shop.eye_test,
        "starts_at": at,
        "customer": CustomerInput("李明", "13812345678"),
    }
    return BookingRequest(**{**values, **changes})  # type: ignore[arg-type]


def allocations(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Allocation)) or 0


@pytest.mark.proves("B8")
def test_a_booking_takes_the_person_the_room_and_the_device_together(session, shop, published):
    made = service.reserve(session, request(shop))
    taken = session.scalars(select(Allocation).where(Allocation.booking_id == made.id)).all()
    spans = sorted((row.ends_at - row.starts_at).total_seconds() / 60 for row in taken)
    assert spans == [20, 20, 30]
    assert made.ends_at == TEN + timedelta(minutes=30)
    assert [type(fact) for fact in published()] == [BookingMade]


def test_a_reminder_is_written_moved_and_removed_with_the_booking(session, shop):
    far = TEN + timedelta(days=3)
    made = service.reserve(session, request(shop, far))
    due_at = select(DueWork.due_at).where(DueWork.kind == REMINDER, DueWork.key == str(made.id))
    assert session.scalar(due_at) == far - timedelta(hours=24)
    service.move(session, made.id, far + timedelta(hours=1))
    assert session.scalar(due_at) == far - timedelta(hours=23)
    service.cancel(session, made.id)
    assert session.scalar(due_at) is None


def test_the_third_customer_for_two_people_is_offered_other_times(session, shop):
    service.reserve(session, request(shop))
    service.reserve(session, request(shop))
    before = allocations(session)
    with pytest.raises(SlotTaken) as refused:
        service.reserve(session, request(shop))
    starts = [clock.parse_instant(free["start"]) for free in refused.value.extra["alternatives"]]
    assert len(starts) == 5
    assert TEN not in starts
    assert allocations(session) == before


def test_two_customers_for_anyone_get_different_people(session, shop):
    first, second = service.reserve(session, request(shop)), service.reserve(session, request(shop))
    assert {first.person_id, second.person_id} == set(shop.people)


@pytest.mark.parametrize(
    ("at", "error"),
    [
        (TEN - timedelta(days=1), InThePast),
        (TEN - timedelta(hours=1, minutes=45), TooSoon),
        (TEN + timedelta(days=90), TooFarAhead),
        (TEN + timedelta(minutes=7), NotOnTheGrid),
        (TEN + timedelta(hours=7, minutes=45), OutsideHours),
        (TEN + timedelta(hours=12), OutsideHours),
    ],
)
def test_a_time_that_does_not_fit_is_refused_by_name_and_nothing_is_written(session, shop, at, error):
    with pytest.raises(error):
        service.reserve(session, request(shop, at))


@pytest.mark.parametrize("phone", ["1" * 40, "call me", ""])
def test_a_phone_that_cannot_be_is_refused_with_the_field_named(session, shop, phone):
    with pytest.raises(Invalid) as refused:
        service.reserve(session, request(shop, customer=CustomerInput("A", phone)))
    assert list(refused.value.fields) == ["customer.phone"]


@pytest.mark.parametrize("name", ["😀 Ngọc", "محمد علي", "Ольга", "明"])
def test_names_of_every_script_are_kept(session, shop, name):
    made = service.reserve(session, request(shop, customer=CustomerInput(name, "13812345678")))
    assert made.customer_id is not None


def test_a_hold_keeps_its_time_and_becomes_the_booking_once(session, shop, published):
    held = service.hold(session, HoldRequest(shop.branch_id, shop.eye_test, TEN, shop.people[0]))
    with pytest.raises(SlotTaken):
        service.reserve(session, request(shop, person_id=shop.people[0]))
    first = service.reserve(session, request(shop, hold_id=held.booking_id))
    again = service.reserve(session, request(shop, hold_id=held.booking_id))
    assert first.id == again.id == held.booking_id
    assert [type(fact) for fact in published()] == [BookingMade]


def test_a_hold_that_ran_out_gives_its_time_back_even_before_anyone_tidies_up(session, shop):
    service.hold(session, HoldRequest(shop.branch_id, shop.eye_test, TEN, shop.people[0]))
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        made = service.reserve(session, request(shop, person_id=shop.people[0]))
    assert made.person_id == shop.people[0]


def test_holds_are_tidied_up_by_due_work(session, shop, run_jobs):
    held = service.hold(session, HoldRequest(shop.branch_id, shop.eye_test, TEN))
    session.commit()
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        run_jobs()
    session.expire_all()
    assert session.get(Booking, held.booking_id) is None
    assert allocations(session) == 0


@pytest.mark.proves("B3")
def test_moving_frees_the_old_time_and_says_so(session, shop, published):
    made = service.reserve(session, request(shop, person_id=shop.people[0]))
    later = TEN + timedelta(minutes=15)
    moved = service.move(session, made.id, later)
    assert (moved.starts_at, moved.slot_version, moved.moves) == (later, 1, 1)
    assert [type(fact) for fact in published()] == [BookingMade, TimeFreed, BookingMoved]
    other = service.reserve(session, request(shop, TEN - timedelta(minutes=15), person_id=moved.person_id))
    assert other.person_id == moved.person_id


def test_a_refused_move_leaves_the_booking_where_it_was(session, shop):
    for _ in range(2):
        service.reserve(session, request(shop, TEN + timedelta(hours=1)))
    made = service.reserve(session, request(shop))
    session.commit()
    with pytest.raises(SlotTaken), session.begin_nested():
        service.move(session, made.id, TEN + timedelta(hours=1))
    session.expire_all()
    assert session.get_one(Booking, made.id).starts_at == TEN
    assert len(session.scalars(select(Allocation).where(Allocation.booking_id == made.id)).all()) == 3


def test_cancelling_twice_is_announced_once(session, shop, published):
    made = service.reserve(session, request(shop))
    service.cancel(session, made.id)
    service.cancel(session, made.id)
    assert [type(fact) for fact in published()] == [BookingMade, TimeFreed, BookingCancelled]
    assert allocations(session) == 0


@pytest.mark.proves("B3")
def test_after_the_deadline_only_the_branch_can_cancel(session, shop):
    made = service.reserve(session, request(shop))
    with clock.frozen(TEN - timedelta(minutes=119)):
        with pytest.raises(TooLateToChange):
            service.cancel(session, made.id)
        assert service.cancel(session, made.id, by="staff").status == "cancelled"


def test_a_no_show_frees_the_time_and_can_be_taken_back(session, shop):
    made = service.reserve(session, request(shop))
    service.set_status(session, made.id, "no_show")
    assert allocations(session) == 0
    assert service.set_status(session, made.id, "arrived", undo=True) == "arrived"
    assert allocations(session) == 3


def test_the_later_step_of_a_visit_wins(session, shop):
    made = service.reserve(session, request(shop))
    assert service.set_status(session, made.id, "in_service") == "in_service"
    assert service.set_status(session, made.id, "arrived") == "in_service"
    assert service.set_status(session, made.id, "arrived", undo=True) == "arrived"


def test_a_changed_roster_is_in_force_with_the_next_request(session, shop):
    from blueprints.staff.models import RosterShift

    assert free_days(session, shop.branch_id, shop.eye_test, TEN.date(), 1)[0].slots
    for shift in session.scalars(select(RosterShift)):
        session.delete(shift)
    session.flush()
    from blueprints.booking.errors import NobodyCan

    with pytest.raises(NobodyCan):
        free_days(session, shop.branch_id, shop.eye_test, TEN.date(), 1)


def test_availability_names_whoever_is_free(session, shop):
    service.reserve(session, request(shop, person_id=shop.people[0]))
    (day,) = free_days(session, shop.branch_id, shop.eye_test, TEN.date(), 1)
    at_ten = next(slot for slot in day.slots if slot.starts_at == TEN)
    assert at_ten.person_ids == (shop.people[1],)
    assert day.slots[0].starts_at == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert day.slots[-1].starts_at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


Facts = Callable[[], list[object]]


def test_an_appointment_that_moves_is_not_in_its_own_way(session, shop):
    made = service.reserve(session, request(shop, person_id=shop.people[0]))

    def starts(**more):
        (day,) = free_days(session, shop.branch_id, shop.eye_test, TEN.date(), 1, shop.people[0], **more)
        return {slot.starts_at for slot in day.slots}

    assert TEN + timedelta(minutes=15) not in starts()
    assert TEN + timedelta(minutes=15) in starts(without=made.id)
    assert service.move(session, made.id, TEN + timedelta(minutes=15), shop.people[0]).moves == 1
