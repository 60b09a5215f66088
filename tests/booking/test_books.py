"""What is remembered of a branch's book is what the book says, whoever has changed it since."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from blueprints.booking import plan, service
from blueprints.booking.queries import books
from blueprints.booking.values import BookingRequest, CustomerInput, HoldRequest
from blueprints.staff.models import Person, RosterShift
from shopbell import clock, ids
from shopbell.errors import DomainError

DAY = date(2026, 3, 4)
START = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
LI = CustomerInput("李明", "13812345678")


@pytest.fixture
def floating(committed, emptied):
    """The first person of the first branch works a day at the second one too, for a while."""
    shift = RosterShift(
        id=ids.uuid7(),
        person_id=emptied.people[0],
        branch_id=emptied.second_branch_id,
        weekday=DAY.weekday() + 1,
        starts=8 * 60,
        ends=20 * 60,
        valid_from=date(2026, 1, 1),
    )
    with committed.transaction(emptied.tenant) as session:
        session.add(shift)
    yield emptied.people[0]
    with committed.transaction(emptied.tenant) as session:
        session.delete(shift)


def taken(committed, shop, branch_id) -> Mapping[int, int]:
    """As remembered, which has to be what a fresh reading finds."""
    with committed.transaction(shop.tenant) as session:
        remembered = books.read(session, branch_id, DAY, 7).book.taken
        fresh = plan.read(session, branch_id, DAY, 7).book.taken
    assert {one: bitmap for one, bitmap in remembered.items() if bitmap} == {
        one: bitmap for one, bitmap in fresh.items() if bitmap
    }
    return remembered


def reserve(session, shop, start, person=None):
    return service.reserve(session, BookingRequest(shop.branch_id, shop.fitting, start, LI, person_id=person))


def change(session, shop, chance: random.Random, made: list[UUID]) -> None:
    """One of the things that people do to a book."""
    start = START + timedelta(days=chance.randrange(3), minutes=15 * chance.randrange(20))
    what = chance.choice(("book", "book", "hold", "move", "cancel", "block", "longer"))
    if what == "book" or not made:
        made.append(reserve(session, shop, start).id)
    elif what == "hold":
        held = service.hold(session, HoldRequest(shop.branch_id, shop.fitting, start))
        if chance.random() < 0.5:
            request = BookingRequest(shop.branch_id, shop.fitting, start, LI, hold_id=held.booking_id)
            made.append(service.reserve(session, request).id)
    elif what == "move":
        service.move(session, chance.choice(made), start, by="staff")
    elif what == "cancel":
        service.cancel(session, chance.choice(made), by="staff")
    elif what == "block":
        service.block(session, shop.branch_id, chance.choice(shop.people), start, start + timedelta(hours=1), "")
    else:
        service.extend(session, chance.choice(made), 15)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_change_what_is_remembered_is_what_the_book_says(committed, emptied, seed):
    chance = random.Random(seed)
    made: list[UUID] = []
    for _ in range(25):
        try:
            with committed.transaction(emptied.tenant) as session:
                change(session, emptied, chance, made)
        except DomainError:
            pass
        taken(committed, emptied, emptied.branch_id)


def test_a_hold_is_seen_at_once_and_no_more_when_it_is_over(committed, emptied):
    assert not any(taken(committed, emptied, emptied.branch_id).values())
    with committed.transaction(emptied.tenant) as session:
        service.hold(session, HoldRequest(emptied.branch_id, emptied.fitting, START))
    assert any(taken(committed, emptied, emptied.branch_id).values())
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert not any(taken(committed, emptied, emptied.branch_id).values())


def test_a_hold_outside_the_days_takes_nothing_of_them(committed, emptied):
    with committed.transaction(emptied.tenant) as session:
        for days in (-2, 12):
            service.hold(
                session, HoldRequest(emptied.branch_id, emptied.fitting, START + timedelta(days=days, hours=2))
            )
    assert not any(taken(committed, emptied, emptied.branch_id).values())


def test_nobody_sees_what_a_transaction_wrote_that_came_to_nothing(committed, emptied):
    with committed.transaction(emptied.tenant) as session:
        reserve(session, emptied, START)
        assert any(books.read(session, emptied.branch_id, DAY, 7).book.taken.values())
        session.rollback()
    assert not any(taken(committed, emptied, emptied.branch_id).values())


def test_what_takes_somebodys_time_at_another_branch_is_seen(committed, emptied, floating):
    taken(committed, emptied, emptied.second_branch_id)
    with committed.transaction(emptied.tenant) as session:
        made = reserve(session, emptied, START, floating)
        resource = session.get(Person, floating).resource_id
    assert taken(committed, emptied, emptied.second_branch_id)[resource]
    with committed.transaction(emptied.tenant) as session:
        service.cancel(session, made.id, by="staff")
    assert not taken(committed, emptied, emptied.second_branch_id).get(resource)


def test_the_time_of_somebody_who_is_blocked_where_they_never_worked_is_seen_within_a_minute(committed, emptied):
    taken(committed, emptied, emptied.branch_id)
    person = emptied.people[0]
    with committed.transaction(emptied.tenant) as session:
        service.block(session, emptied.second_branch_id, person, START, START + timedelta(hours=1), "")
    with clock.frozen(clock.now() + books.REMEMBERED_FOR):
        assert any(taken(committed, emptied, emptied.branch_id).values())


def test_an_unchanged_book_is_not_read_again(committed, emptied):
    with committed.transaction(emptied.tenant) as session:
        reserve(session, emptied, START)
    before = taken(committed, emptied, emptied.branch_id)
    # While anybody on this server writes who began before our commit, what we wrote counts as news: that goes by.
    for _try in range(100):
        with committed.transaction(emptied.tenant) as session:
            first = books._known[emptied.tenant.id, emptied.branch_id, DAY, 7]
            assert books.read(session, emptied.branch_id, DAY, 7).book.taken == before
            if books._known[emptied.tenant.id, emptied.branch_id, DAY, 7] is first:
                return
        threading.Event().wait(0.1)
    pytest.fail("it was read again and again")
