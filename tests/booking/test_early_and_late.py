"""A visit that ends early gives its time back; one moved at the last moment does not become free to cancel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from blueprints.booking import service
from blueprints.booking.events import TimeFreed
from blueprints.booking.models import Allocation, BookingPolicy, Charge
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
