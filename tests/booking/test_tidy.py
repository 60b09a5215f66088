"""Old series, blocked time and walk-ins go; appointments and what may still matter stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from blueprints.booking import api as booking
from blueprints.booking.api import Arrival, BookingRequest, CustomerInput
from blueprints.booking.models import Allocation, Booking, Series, WalkIn
from shopbell import clock, due, housekeeping, ids


@pytest.fixture
def tidy_up(session, run_jobs):
    """A round of the house, so long from now."""

    def do(later: timedelta) -> None:
        with clock.frozen(clock.now() + later):
            due.schedule(session, housekeeping.KIND, housekeeping.KEY, clock.now())
            run_jobs()
        session.expire_all()

    return do


def repeated(session, shop):
    who = CustomerInput("Linh", "13812345678")
    request = BookingRequest(shop.branch_id, shop.fitting, clock.now() + timedelta(days=1, hours=1), who)
    return booking.reserve_series(session, request, every_weeks=2, visits=3)


def test_a_series_goes_when_its_last_visit_is_long_over_and_its_visits_stay(session, shop, tidy_up):
    made = repeated(session, shop)
    tidy_up(timedelta(days=410))
    assert session.get(Series, made.series_id) is not None, "its last visit was a month after its first"
    tidy_up(timedelta(days=440))
    assert session.get(Series, made.series_id) is None
    rows = session.scalars(select(Booking).where(Booking.service_id.is_not(None))).all()
    assert len(rows) == 3
    assert {row.series_id for row in rows} == {None}
    assert booking.details(session, rows[0].id).series_id is None


def block(session, shop, source: str, days: int):
    starts_at = clock.now() + timedelta(days=days, hours=1)
    return booking.block(
        session, shop.branch_id, shop.people[0], starts_at, starts_at + timedelta(hours=1), "Dentist", source=source
    )


def test_time_blocked_by_a_calendar_goes_after_a_month_given_back_or_not(session, shop, tidy_up):
    old, given_back, later, own = (
        block(session, shop, source, days)
        for source, days in (("import", 1), ("import", 2), ("import", 20), ("desk", 3))
    )
    booking.unblock(session, given_back)
    tidy_up(timedelta(days=35))
    left = set(session.scalars(select(Booking.id)))
    assert left == {later, own}
    assert set(session.scalars(select(Allocation.booking_id))) == {later, own}
    assert old not in left
    tidy_up(timedelta(days=410))
    assert session.scalars(select(Booking.id)).all() == []


def test_walk_ins_go_after_a_year_and_a_month(session, shop, tidy_up):
    booking.add_walk_in(session, Arrival(ids.uuid7(), shop.branch_id, "Wang", service_id=shop.fitting))
    tidy_up(timedelta(days=390))
    assert len(session.scalars(select(WalkIn.id)).all()) == 1
    tidy_up(timedelta(days=401))
    assert session.scalars(select(WalkIn.id)).all() == []
