"""The first times over all branches are what each branch shows by itself, whatever has changed since the last look."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, event, select, update

from blueprints.booking import service
from blueprints.booking.errors import BranchClosed
from blueprints.booking.queries.earliest import earliest
from blueprints.booking.queries.free import free_days
from blueprints.booking.values import BookingRequest, CustomerInput, Guest, HoldRequest, Item
from blueprints.catalog.models import Branch, BranchService, OpeningException, ServiceStep
from blueprints.staff.models import RosterException, RosterShift
from shopbell import clock, ids
from tests.support import world

TEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LI = CustomerInput("李明", "13812345678")


@pytest.fixture
def second(session, shop) -> None:
    """Somebody at the second branch, who can fit too."""
    world.person(session, "Mai", shop.second_branch_id, shop.skill_id)


def fitting(shop) -> tuple[Guest, ...]:
    return (Guest((Item(shop.fitting),)),)


def alone(session, branch_id, shop, days: int = 14) -> list[datetime]:
    try:
        found = free_days(session, branch_id, shop.fitting, date(2026, 3, 2), days)
    except BranchClosed:
        return []
    return [slot.starts_at for day in found for slot in day.slots][:3]


def check(session, shop) -> None:
    check_at(session, shop, shop.branch_id, shop.second_branch_id)


def check_at(session, shop, *branch_ids: UUID) -> None:
    found = earliest(session, fitting(shop))
    for branch_id in branch_ids:
        assert [slot.starts_at for slot in found.get(branch_id, [])] == alone(session, branch_id, shop)


def reserve(session, shop, at, branch_id=None, person=None):
    request = BookingRequest(branch_id or shop.branch_id, shop.fitting, at, LI, person_id=person)
    return service.reserve(session, request)


@pytest.mark.proves("B13")
@pytest.mark.usefixtures("second")
def test_the_first_times_are_those_each_branch_shows_and_follow_every_change(session, shop):
    check(session, shop)
    first = TEN - timedelta(hours=1)
    made = [reserve(session, shop, first, person=person) for person in shop.people]
    check(session, shop)
    held = service.hold(session, HoldRequest(shop.second_branch_id, shop.fitting, first))
    check(session, shop)
    service.release(session, held.booking_id)
    check(session, shop)
    service.move(session, made[0].id, first + timedelta(hours=2), by="staff")
    check(session, shop)
    service.cancel(session, made[1].id, by="staff")
    check(session, shop)
    service.block(session, shop.branch_id, shop.people[0], first + timedelta(hours=5), first + timedelta(hours=8), "")
    check(session, shop)
    session.add(OpeningException(id=ids.uuid7(), branch_id=shop.second_branch_id, day=date(2026, 3, 2), reason=""))
    session.flush()
    check(session, shop)


def test_a_hold_counts_until_it_runs_out(session, shop):
    first = TEN - timedelta(hours=1)
    for person in shop.people:
        service.hold(session, HoldRequest(shop.branch_id, shop.fitting, first, person))
    assert earliest(session, fitting(shop))[shop.branch_id][0].starts_at == first + timedelta(minutes=15)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert earliest(session, fitting(shop))[shop.branch_id][0].starts_at == first


def test_days_far_ahead_are_looked_at_when_the_near_ones_are_full(session, shop):
    service.hold(session, HoldRequest(shop.branch_id, shop.fitting, TEN))
    for offset in range(20):
        day = date(2026, 3, 2) + timedelta(days=offset)
        session.add(OpeningException(id=ids.uuid7(), branch_id=shop.branch_id, day=day, reason=""))
    session.flush()
    found = earliest(session, fitting(shop))[shop.branch_id]
    assert found[0].starts_at == datetime(2026, 3, 22, 1, 0, tzinfo=UTC)


def test_a_branch_that_does_not_offer_the_wish_is_left_out(session, shop):
    assert shop.second_branch_id not in earliest(session, fitting(shop))
    assert earliest(session, fitting(shop), [shop.second_branch_id]) == {}


@pytest.mark.proves("B13")
@pytest.mark.usefixtures("second")
def test_a_second_question_takes_five_queries_however_many_branches_there_are(session, shop):
    earliest(session, fitting(shop))
    for number in range(6):
        branch = world.branch(session, f"b{number}", 5 + number)
        world.person(session, f"P{number}", branch, shop.skill_id)
    assert len(earliest(session, fitting(shop), enough=1)) == 8
    statements: list[str] = []
    connection = session.connection()

    def count(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(connection, "before_cursor_execute", count)
    try:
        assert len(earliest(session, fitting(shop), enough=1)) == 8
    finally:
        event.remove(connection, "before_cursor_execute", count)
    assert len(statements) <= 6


@pytest.mark.proves("B13")
@pytest.mark.usefixtures("second")
def test_what_changes_at_one_branch_is_seen_and_leaves_the_others_as_they_are(session, shop):
    """A shift, hours, a room, somebody who comes along from the other branch, a branch that opens, a price, a rule."""
    check(session, shop)
    for change in CHANGES:
        change(session, shop)
        session.flush()
        check(session, shop)


def shorter_day(session, shop) -> None:
    session.execute(update(RosterShift).where(RosterShift.branch_id == shop.branch_id).values(starts=11 * 60))


def own_day_off(session, shop) -> None:
    leave = {"person_id": shop.people[0], "day": date(2026, 3, 2), "kind": "leave"}
    session.add(RosterException(id=ids.uuid7(), **leave))


def helps_out_elsewhere(session, shop) -> None:
    extra = {"person_id": shop.people[1], "day": date(2026, 3, 2), "kind": "extra", "starts": 540, "ends": 600}
    session.add(RosterException(id=ids.uuid7(), branch_id=shop.second_branch_id, **extra))


def home_again(session, shop) -> None:
    session.execute(delete(RosterException).where(RosterException.person_id == shop.people[1]))


def closed_in_the_morning(session, shop) -> None:
    closed = {"day": date(2026, 3, 3), "reason": ""}
    session.add(OpeningException(id=ids.uuid7(), branch_id=shop.branch_id, **closed))


def open_again(session, _shop) -> None:
    session.execute(delete(OpeningException))


def not_offered_here(session, shop) -> None:
    session.add(BranchService(branch_id=shop.second_branch_id, service_id=shop.fitting, minutes_percent=200))


def longer_everywhere(session, shop) -> None:
    session.execute(update(ServiceStep).where(ServiceStep.service_id == shop.fitting).values(minutes=45))


def second_branch_shut(session, shop) -> None:
    session.execute(update(Branch).where(Branch.id == shop.second_branch_id).values(is_open=False))


def second_branch_open(session, shop) -> None:
    session.execute(update(Branch).where(Branch.id == shop.second_branch_id).values(is_open=True))


CHANGES = (
    shorter_day,
    own_day_off,
    helps_out_elsewhere,
    home_again,
    closed_in_the_morning,
    open_again,
    not_offered_here,
    longer_everywhere,
    second_branch_shut,
    second_branch_open,
)


@pytest.fixture
def lasting(committed, emptied):
    """Says how long a fitting takes, really committed; as before in the end."""
    steps = update(ServiceStep).where(ServiceStep.service_id == emptied.fitting)
    with committed.transaction(emptied.tenant) as session:
        minutes = session.scalar(select(ServiceStep.minutes).where(ServiceStep.service_id == emptied.fitting))
    yield lambda session, minutes: session.execute(steps.values(minutes=minutes))
    with committed.transaction(emptied.tenant) as session:
        session.execute(steps.values(minutes=minutes))


@pytest.mark.proves("B13")
def test_a_change_for_all_leaves_what_is_taken_as_it_was(committed, emptied, lasting):
    """Each step is committed before the next, so that what is known of the book is used again."""

    def nine(session) -> None:
        reserve(session, emptied, TEN - timedelta(hours=1), person=emptied.people[0])

    def half_past_nine_and_shorter(session) -> None:
        reserve(session, emptied, TEN - timedelta(minutes=30), person=emptied.people[1])
        lasting(session, 20)

    def longer(session) -> None:
        lasting(session, 45)

    for change in (nine, longer, half_past_nine_and_shorter, longer):
        with committed.transaction(emptied.tenant) as session:
            check_at(session, emptied, emptied.branch_id)
            change(session)
        with committed.transaction(emptied.tenant) as session:
            check_at(session, emptied, emptied.branch_id)


@pytest.mark.proves("B13")
def test_several_guests_find_the_first_times_that_the_branch_shows_them(session, shop):
    couple = (Guest((Item(shop.fitting),)), Guest((Item(shop.eye_test),), "小红"))
    reserve(session, shop, TEN - timedelta(hours=1), person=shop.people[0])
    days = free_days(session, shop.branch_id, None, date(2026, 3, 2), 2, guests=couple)
    shown = [slot.starts_at for day in days for slot in day.slots][:3]
    assert [slot.starts_at for slot in earliest(session, couple)[shop.branch_id]] == shown
