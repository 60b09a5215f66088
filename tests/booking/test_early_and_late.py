"""A visit that ends early gives its time back; one moved at the last moment does not become free to cancel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from blueprints.booking import service
from blueprints.booking.errors import SlotTaken
from blueprints.booking.events import TimeFreed
from blueprints.booking.models import Allocation, Booking, BookingPolicy, Charge
from blueprints.booking.queries.floor import grace_of
from blueprints.booking.values import BookingRequest, CustomerInput
from shopbell import clock, ids

TEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LI = CustomerInput("李明", "13812345678")


def booked(session, salon, at=TEN):
    request = BookingRequest(salon.branch_id, salon.cut, at, LI, person_id=salon.stylists[0], source="desk")
    return service.reserve(session, request)


@pytest.mark.proves("B9")
def test_a_visit_that_is_done_early_gives_its_time_back(session, salon, published):
    made = booked(session, salon)
    with clock.frozen(TEN + timedelta(minutes=12)):
        service.set_status(session, made.id, "done")
        again = booked(session, salon, TEN + timedelta(minutes=10))
    spans = session.execute(select(Allocation.ends_at).where(Allocation.booking_id == made.id)).scalars().all()
    assert set(spans) == {TEN + timedelta(minutes=10)}
    assert again.starts_at == TEN + timedelta(minutes=10)
    assert sum(isinstance(fact, TimeFreed) for fact in published()) == 1


@pytest.mark.proves("B3")
def test_moving_at_the_last_moment_does_not_make_cancelling_free(session, salon):
    session.add(BookingPolicy(id=ids.uuid7(), cancel_minutes=24 * 60, move_minutes=30, late_cancel_percent=50))
    session.flush()
    made = booked(session, salon)
    service.move(session, made.id, TEN + timedelta(days=7))
    service.cancel(session, made.id)
    fee = session.scalars(select(Charge).where(Charge.booking_id == made.id, Charge.kind == "late_cancel")).one()
    assert (fee.amount_minor, fee.state) == (5000, "due")


@pytest.mark.proves("B9")
def test_a_visit_that_was_not_over_yet_takes_its_time_back(session, salon):
    made = booked(session, salon)
    before = taken(session, made.id)
    why = session.get(Booking, made.id).why
    with clock.frozen(TEN + timedelta(minutes=12)):
        service.set_status(session, made.id, "done")
        service.set_status(session, made.id, "in_service", undo=True)
    assert taken(session, made.id) == before
    assert session.get(Booking, made.id).why == why


def test_a_visit_cannot_go_on_in_time_that_was_given_away_meanwhile(session, salon):
    made = booked(session, salon)
    with clock.frozen(TEN + timedelta(minutes=12)):
        service.set_status(session, made.id, "done")
        booked(session, salon, TEN + timedelta(minutes=10))
        with pytest.raises(SlotTaken), session.begin_nested():
            service.set_status(session, made.id, "in_service", undo=True)
    assert session.get(Booking, made.id, populate_existing=True).status == "done"


def test_a_customer_whose_terms_give_no_grace_is_late_at_once():
    assert grace_of({"late_grace_minutes": 0}) == 0
    assert grace_of(None) == grace_of({}) == 15


def taken(session, booking_id):
    rows = select(Allocation.resource_id, Allocation.starts_at, Allocation.ends_at)
    return {tuple(row) for row in session.execute(rows.where(Allocation.booking_id == booking_id))}
