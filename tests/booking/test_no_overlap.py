"""Whatever happens at the same time, two appointments never share a person, a room or a device."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import ExclusionViolation, UniqueViolation
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError

from blueprints.booking import service
from blueprints.booking.errors import SlotTaken
from blueprints.booking.models import Allocation, Booking
from blueprints.booking.values import BookingRequest, CustomerInput, HoldRequest
from shopbell import clock, ids
from shopbell.db import is_deadlock
from shopbell.errors import DomainError

DAY = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
"""Wednesday 09:00 in Shanghai."""

OVERLAPS = text(
    """
    select count(*) from allocations a join allocations b
        on a.resource_id = b.resource_id and a.booking_id < b.booking_id
       and a.starts_at < b.ends_at and b.starts_at < a.ends_at
    """
)
HALF_TAKEN = text(
    """
    select count(*) from bookings b
     where b.status in ('held', 'booked') and not exists (select 1 from allocations a where a.booking_id = b.id)
    """
)

cells = st.integers(0, 11)
moves = st.one_of(
    st.tuples(st.just("reserve"), cells),
    st.tuples(st.just("hold"), cells),
    st.tuples(st.just("keep"), st.integers(0, 9)),
    st.tuples(st.just("move"), st.integers(0, 9), cells),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("raw"), st.integers(0, 5), cells, st.integers(1, 4)),
)


def at(cell: int) -> datetime:
    return DAY + timedelta(minutes=15 * cell)


def request(shop, cell: int) -> BookingRequest:
    return BookingRequest(shop.branch_id, shop.eye_test, at(cell), CustomerInput("A", "13812345678"))


class Clerk:
    """One connection carrying out its list of moves, each in a transaction of its own."""

    def __init__(self, database, shop) -> None:
        self.database, self.shop = database, shop
        self.made: list = []
        self.held: list = []

    def work(self, todo) -> None:
        for move in todo:
            while not self.done(move):
                """The loser of a deadlock does its work again, as the edge of the product does."""

    def done(self, move) -> bool:
        try:
            with self.database.transaction(self.shop.tenant) as session:
                getattr(self, move[0])(session, *move[1:])
        except DomainError:
            pass
        except DBAPIError as error:
            # Only raw SQL may run into a constraint: the product's own ways ask before they insert.
            if is_deadlock(error):
                return False
            if move[0] != "raw" or not isinstance(error.orig, ExclusionViolation | UniqueViolation):
                raise
        return True

    def reserve(self, session, cell) -> None:
        self.made.append(service.reserve(session, request(self.shop, cell)).id)

    def hold(self, session, cell) -> None:
        wanted = HoldRequest(self.shop.branch_id, self.shop.eye_test, at(cell))
        self.held.append(service.hold(session, wanted).booking_id)

    def keep(self, session, number) -> None:
        if self.held:
            hold = self.held[number % len(self.held)]
            service.reserve(session, replace(request(self.shop, number), hold_id=hold))

    def move(self, session, number, cell) -> None:
        if self.made:
            service.move(session, self.made[number % len(self.made)], at(cell))

    def cancel(self, session, number) -> None:
        if self.made:
            service.cancel(session, self.made[number % len(self.made)])

    def raw(self, session, resource, cell, length) -> None:
        known = session.scalars(select(Allocation.resource_id).distinct()).all()
        anyone = session.scalars(select(Booking.id).limit(1)).first()
        if known and anyone:
            values = {
                "booking": anyone,
                "resource": sorted(known)[resource % len(known)],
                "first": at(cell) + timedelta(seconds=ids.uuid7().int % 60),
                "last": at(cell) + timedelta(minutes=15 * length),
            }
            session.execute(
                text(
                    "insert into allocations (booking_id, resource_id, starts_at, ends_at) "
                    "values (:booking, :resource, :first, :last)"
                ),
                values,
            )


@pytest.mark.proves("B8")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(moves, min_size=3, max_size=12), st.lists(moves, min_size=3, max_size=12))
def test_random_work_over_two_connections_never_leaves_an_overlap(committed, emptied, one, two):
    shop = emptied
    with committed.transaction(shop.tenant) as session:
        session.execute(delete(Booking))
    clerks = [Clerk(committed, shop), Clerk(committed, shop)]
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(clerk.work, todo) for clerk, todo in zip(clerks, (one, two), strict=True)]:
            done.result()
    with committed.transaction(shop.tenant) as session:
        assert session.scalar(OVERLAPS) == 0
        assert session.scalar(HALF_TAKEN) == 0


@pytest.mark.proves("B8")
def test_a_storm_on_one_time_books_as_many_as_there_are_people(committed, emptied):
    start, results, lock = threading.Barrier(8), [], threading.Lock()

    def attempt() -> None:
        start.wait()
        for _ in range(5):
            outcome = "booked"
            try:
                with committed.transaction(emptied.tenant) as session:
                    service.reserve(session, request(emptied, 0))
            except SlotTaken:
                outcome = "taken"
            with lock:
                results.append(outcome)

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(attempt) for _ in range(8)]:
            done.result()
    assert results.count("booked") == 2
    assert results.count("taken") == 38


def test_raw_sql_cannot_double_book(committed, emptied):
    with committed.transaction(emptied.tenant) as session:
        made = service.reserve(session, request(emptied, 0))
    with pytest.raises(DBAPIError) as refused, committed.transaction(emptied.tenant) as session:
        session.execute(
            text(
                "insert into allocations (booking_id, resource_id, starts_at, ends_at) select booking_id, resource_id, "
                "starts_at + interval '1 second', ends_at from allocations where booking_id = :id limit 1"
            ),
            {"id": made.id},
        )
    assert isinstance(refused.value.orig, ExclusionViolation)


def test_a_hold_and_its_keeping_race_safely(committed, emptied):
    with committed.transaction(emptied.tenant) as session:
        held = service.hold(session, HoldRequest(emptied.branch_id, emptied.eye_test, at(0)))

    def keep() -> object:
        with committed.transaction(emptied.tenant) as session:
            return service.reserve(session, replace(request(emptied, 0), hold_id=held.booking_id)).id

    def expire() -> None:
        with suppress(DomainError), committed.transaction(emptied.tenant) as session:
            service.expire_holds(session, held.booking_id)

    with ThreadPoolExecutor(4) as pool:
        kept, tidied = [pool.submit(keep), pool.submit(keep)], pool.submit(expire)
        assert {done.result() for done in kept} == {held.booking_id}
        tidied.result()
    assert clock.now() < held.expires_at
