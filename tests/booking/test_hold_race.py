"""A hold is made an appointment in the very moment in which its ten minutes end and somebody removes it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, text

from blueprints.booking import service
from blueprints.booking.models import Allocation
from blueprints.booking.values import BookingRequest, CustomerInput, HoldRequest
from blueprints.staff.models import Person
from shopbell import clock

START = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
# The locks of all databases of the cluster are in one list.
WAITING = text(
    "select count(*) from pg_locks where not granted"
    " and pid in (select pid from pg_stat_activity where datname = current_database())"
)


@pytest.mark.parametrize("pieces", [3, 1], ids=["all of it", "the person's part, which somebody needs"])
def test_an_appointment_made_of_a_hold_that_is_being_removed_still_takes_its_time(committed, emptied, pieces):
    shop = emptied
    with committed.transaction(shop.tenant) as session:
        held = service.hold(session, HoldRequest(shop.branch_id, shop.eye_test, START))
    request = BookingRequest(
        shop.branch_id, shop.eye_test, START, CustomerInput("A", "13812345678"), hold_id=held.booking_id
    )

    def confirm():
        with committed.transaction(shop.tenant) as session:
            return service.reserve(session, request).id

    with ExitStack() as time, ThreadPoolExecutor(1) as pool:
        time.enter_context(clock.frozen(held.expires_at - timedelta(seconds=1)))
        with committed.transaction(shop.tenant) as remover:
            removed = delete(Allocation).where(Allocation.booking_id == held.booking_id)
            if pieces == 1:
                removed = removed.where(Allocation.resource_id.in_(select(Person.resource_id)))
            assert remover.execute(removed).rowcount == pieces
            made = pool.submit(confirm)
            pause = threading.Event()
            while not remover.scalar(WAITING):
                pause.wait(0.01)
            time.enter_context(clock.frozen(held.expires_at + timedelta(seconds=1)))
        booking_id = made.result(timeout=20)
    with committed.transaction(shop.tenant) as session:
        taken = session.scalar(select(func.count()).where(Allocation.booking_id == booking_id))
    assert taken == 3
