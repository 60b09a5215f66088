"""When visits began and ended, who is late, and what happens by itself when nobody comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.booking import service
from blueprints.booking.events import TimeFreed
from blueprints.booking.models import Allocation, Booking
from blueprints.booking.service import rulebook
from blueprints.booking.service.late import LATE
from blueprints.booking.service.records import REMINDER
from blueprints.booking.service.rulebook import PolicyInput
from blueprints.booking.values import BookingDetails, BookingRequest, CustomerInput
from shopbell import clock
from shopbell.due import DueWork
from shopbell.outbox import OutboxRow
from tests.support.world import Shop

TEN = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
SOON = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""Two hours ahead: too close for a reminder."""


def reserve(session: Session, shop: Shop, at: datetime = TEN) -> BookingDetails:
    customer = CustomerInput("李明", "13812345678")
    return service.reserve(session, BookingRequest(shop.branch_id, shop.fitting, at, customer))


def give_away_after(session: Session, minutes: int, **more: int) -> None:
    rulebook.add_policy(session, PolicyInput(None, None, {"no_show_after_minutes": minutes, **more}))


def row_of(session: Session, made: BookingDetails) -> Booking:
    session.expire_all()
    return session.get_one(Booking, made.id)


def waiting_for(session: Session, made: BookingDetails) -> dict[str, datetime]:
    rows = session.execute(select(DueWork.kind, DueWork.due_at).where(DueWork.key == str(made.id)))
    return {row.kind: row.due_at for row in rows}


def freed(session: Session) -> list[dict[str, object]]:
    return list(session.scalars(select(OutboxRow.payload).where(OutboxRow.name == TimeFreed.name)))


@pytest.mark.proves("B9")
def test_each_step_is_stamped_and_a_correction_forgets_the_later_ones(session, shop):
    made = reserve(session, shop)
    for minutes, status in ((0, "arrived"), (5, "in_service"), (20, "done")):
        with clock.frozen(TEN + timedelta(minutes=minutes)):
            service.set_status(session, made.id, status)
    row = row_of(session, made)
    assert (row.arrived_at, row.started_at, row.finished_at) == tuple(TEN + timedelta(minutes=m) for m in (0, 5, 20))
    with clock.frozen(TEN + timedelta(minutes=30)):
        service.set_status(session, made.id, "arrived", undo=True)
        assert (row.arrived_at, row.started_at, row.finished_at) == (TEN, None, None)
        service.set_status(session, made.id, "booked", undo=True)
    assert (row.arrived_at, row.started_at, row.finished_at) == (None, None, None)


def test_a_device_says_when_it_really_happened(session, shop):
    made = reserve(session, shop)
    with clock.frozen(TEN + timedelta(hours=2)):
        service.set_status(session, made.id, "arrived", at=TEN + timedelta(minutes=3))
    assert row_of(session, made).arrived_at == TEN + timedelta(minutes=3)


def test_an_arrival_nobody_saw_stays_unknown(session, shop):
    made = reserve(session, shop)
    with clock.frozen(TEN):
        service.set_status(session, made.id, "in_service")
    row = row_of(session, made)
    assert (row.arrived_at, row.started_at) == (None, TEN)


def test_a_no_show_frees_the_time_and_says_so_only_while_some_of_it_is_left(session, shop):
    made, other = reserve(session, shop), reserve(session, shop, TEN + timedelta(hours=1))
    with clock.frozen(TEN + timedelta(minutes=10)):
        service.set_status(session, made.id, "no_show")
    assert [fact["booking_id"] for fact in freed(session)] == [str(made.id)]
    with clock.frozen(TEN + timedelta(hours=5)):
        service.set_status(session, other.id, "no_show")
    assert len(freed(session)) == 1
    assert session.scalar(select(func.count()).select_from(Allocation)) == 0


def test_late_is_a_fact_of_the_terms(session, shop):
    rulebook.add_policy(session, PolicyInput(None, None, {"late_grace_minutes": 7}))
    made = reserve(session, shop)
    assert made.terms.late_at(made.starts_at) == TEN + timedelta(minutes=7)
    assert made.terms.no_show_at(made.starts_at) is None


@pytest.mark.proves("B9")
def test_whoever_does_not_come_is_a_no_show_by_itself_where_that_was_agreed(
    session: Session, shop: Shop, run_jobs: Callable[[], int]
):
    give_away_after(session, 20, no_show_percent=50)
    made, came = reserve(session, shop, SOON), reserve(session, shop, SOON + timedelta(hours=1))
    assert waiting_for(session, made) == {LATE: SOON + timedelta(minutes=20)}
    with clock.frozen(SOON + timedelta(minutes=19)):
        run_jobs()
        assert row_of(session, made).status == "booked"
    with clock.frozen(SOON + timedelta(minutes=65)):
        service.set_status(session, came.id, "arrived")
    with clock.frozen(SOON + timedelta(minutes=81)):
        run_jobs()
    assert row_of(session, made).status == "no_show"
    assert row_of(session, came).status == "arrived"
    assert waiting_for(session, made) == {}


def test_an_appointment_waits_for_its_reminder_first_and_then_for_its_customer(
    session: Session, shop: Shop, run_jobs: Callable[[], int]
):
    give_away_after(session, 20)
    made = reserve(session, shop)
    assert list(waiting_for(session, made)) == [REMINDER]
    with clock.frozen(TEN - timedelta(hours=23)):
        run_jobs()
        assert waiting_for(session, made) == {LATE: TEN + timedelta(minutes=20)}
        service.move(session, made.id, TEN + timedelta(hours=2), by="staff")
    with clock.frozen(TEN + timedelta(minutes=21)):
        run_jobs()
    assert row_of(session, made).status == "booked"
    with clock.frozen(TEN + timedelta(hours=2, minutes=20)):
        run_jobs()
        run_jobs()
    assert row_of(session, made).status == "no_show"


def test_nothing_is_looked_at_where_nothing_was_agreed_or_after_a_cancellation(session, shop, run_jobs):
    made = reserve(session, shop, SOON)
    assert waiting_for(session, made) == {}
    give_away_after(session, 20)
    other = reserve(session, shop, SOON + timedelta(hours=1))
    assert list(waiting_for(session, other)) == [LATE]
    service.cancel(session, other.id, by="staff")
    assert waiting_for(session, other) == {}
    with clock.frozen(SOON + timedelta(hours=3)):
        run_jobs()
    assert row_of(session, made).status == "booked"


def test_an_appointment_with_an_open_clash_is_left_to_whoever_decides(session, shop, run_jobs):
    give_away_after(session, 20)
    made = reserve(session, shop, SOON)
    row_of(session, made).clash = {"why": "slot_taken", "suggest": []}
    session.flush()
    with clock.frozen(SOON + timedelta(hours=1)):
        run_jobs()
    assert row_of(session, made).status == "booked"


def test_a_real_arrival_told_later_wins_over_the_no_show(session, shop, run_jobs):
    give_away_after(session, 20, no_show_percent=50)
    made = reserve(session, shop, SOON)
    with clock.frozen(SOON + timedelta(minutes=25)):
        run_jobs()
        assert row_of(session, made).status == "no_show"
        service.set_status(session, made.id, "arrived", at=SOON + timedelta(minutes=4))
    row = row_of(session, made)
    assert (row.status, row.arrived_at) == ("arrived", SOON + timedelta(minutes=4))
    assert session.scalar(select(func.count()).select_from(Allocation)) > 0
