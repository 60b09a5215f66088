"""Deposits, fees and missed visits: what was agreed is what is owed, once, and staff may settle or waive it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.booking import service
from blueprints.booking.errors import NotPossible, ReasonMissing, TooLateToChange, TooManyMoves, UnknownCharge
from blueprints.booking.models import Booking, BookingPolicy, Charge, Override
from blueprints.booking.queries.charges import charges_of, no_shows
from blueprints.booking.queries.history import details
from blueprints.booking.service import charges, rulebook
from blueprints.booking.service.rulebook import PeakInput, PolicyInput, TimesInput
from blueprints.booking.values import BookingDetails, BookingRequest, CustomerInput, HoldRequest
from shopbell import clock, ids
from tests.support.world import Shop

TEN = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
"""Wednesday 10:00 in Shanghai, two days and two hours ahead. A service costs 199.00 yuan."""

SignIn = Callable[..., FlaskClient]


def terms(session: Session, **values: int) -> None:
    rulebook.add_policy(session, PolicyInput(None, None, values))


def reserve(session: Session, shop: Shop, at: datetime = TEN, **changes: object) -> BookingDetails:
    values = {
        "branch_id": shop.branch_id,
        "service_id": shop.fitting,
        "starts_at": at,
        "customer": CustomerInput("李明", "13812345678"),
    }
    return service.reserve(session, BookingRequest(**{**values, **changes}))  # type: ignore[arg-type]


def owed(session: Session, booking_id: UUID) -> dict[str, tuple[int, str]]:
    session.expire_all()
    found = charges_of(session, [booking_id]).get(booking_id, [])
    return {one.kind: (one.amount_minor, one.state) for one in found}


def the(session: Session, booking_id: UUID, kind: str) -> UUID:
    return session.scalars(select(Charge.id).where(Charge.booking_id == booking_id, Charge.kind == kind)).one()


def test_nothing_is_owed_where_nothing_was_agreed(session, shop):
    made = reserve(session, shop)
    service.cancel(session, made.id)
    assert owed(session, made.id) == {}


def test_a_deposit_is_a_share_of_the_price_and_is_asked_for_once(session, shop):
    terms(session, deposit_percent=30)
    booking_id = ids.uuid7()
    made = reserve(session, shop, booking_id=booking_id)
    reserve(session, shop, booking_id=booking_id)
    assert owed(session, made.id) == {"deposit": (5970, "due")}


def test_a_deposit_is_asked_for_when_a_hold_becomes_an_appointment(session, shop):
    terms(session, deposit_percent=30)
    held = service.hold(session, HoldRequest(shop.branch_id, shop.fitting, TEN))
    assert owed(session, held.booking_id) == {}
    made = reserve(session, shop, hold_id=held.booking_id)
    assert owed(session, made.id) == {"deposit": (5970, "due")}


@pytest.mark.proves("B10")
def test_a_busy_time_asks_for_its_own_deposit_also_after_a_move(session, shop):
    peak = PeakInput(TimesInput(None, [3], [(600, 720)]), {"en": "Thursday"}, deposit_percent=50)
    rulebook.save_peak(session, peak)
    made = reserve(session, shop)
    assert owed(session, made.id) == {}
    service.move(session, made.id, TEN + timedelta(days=1), by="customer")
    assert owed(session, made.id) == {"deposit": (9950, "due")}
    service.move(session, made.id, TEN, by="customer")
    assert owed(session, made.id) == {"deposit": (9950, "due")}


@pytest.mark.proves("B3")
def test_cancelling_in_time_is_free_and_gives_a_paid_deposit_back(session, shop):
    terms(session, deposit_percent=30, cancel_minutes=1440, late_cancel_percent=50)
    unpaid, paid = reserve(session, shop), reserve(session, shop, TEN + timedelta(hours=1))
    charges.settle(session, the(session, paid.id, "deposit"), "paid", "", None)
    with clock.frozen(TEN - timedelta(hours=24)):
        service.cancel(session, unpaid.id)
        service.cancel(session, paid.id)
    assert owed(session, unpaid.id) == {"deposit": (5970, "dropped")}
    assert owed(session, paid.id) == {"deposit": (5970, "refunded")}


@pytest.mark.proves("B3")
def test_cancelling_late_costs_the_fee_agreed_when_the_appointment_was_made(session, shop):
    terms(session, cancel_minutes=1440, late_cancel_percent=50)
    made = reserve(session, shop)
    assert (made.terms.late_cancel_percent, made.cancel_deadline) == (50, TEN - timedelta(hours=24))
    row = session.scalars(select(BookingPolicy)).one()
    rulebook.change_policy(session, row.id, {"cancel_minutes": 2880, "late_cancel_percent": 100})
    assert details(session, made.id).terms.late_cancel_percent == 50
    with clock.frozen(TEN - timedelta(hours=23)):
        service.cancel(session, made.id)
        service.cancel(session, made.id)
    assert owed(session, made.id) == {"late_cancel": (9950, "due")}


def test_a_paid_deposit_is_kept_when_cancelled_late_and_counts_towards_the_fee(session, shop):
    terms(session, cancel_minutes=1440, late_cancel_percent=50, deposit_percent=30)
    made = reserve(session, shop)
    charges.settle(session, the(session, made.id, "deposit"), "paid", "", None)
    with clock.frozen(TEN - timedelta(hours=1)):
        service.cancel(session, made.id)
    assert owed(session, made.id) == {"deposit": (5970, "kept"), "late_cancel": (3980, "due")}


@pytest.mark.proves("B3")
def test_where_no_fee_was_agreed_only_staff_cancel_late(session, shop):
    terms(session, cancel_minutes=1440)
    made = reserve(session, shop)
    with clock.frozen(TEN - timedelta(hours=1)):
        with pytest.raises(TooLateToChange):
            service.cancel(session, made.id)
        service.cancel(session, made.id, by="staff")
    assert owed(session, made.id) == {}


def test_nobody_cancels_what_has_begun_not_even_for_a_fee(session, shop):
    terms(session, cancel_minutes=60, late_cancel_percent=10)
    made = reserve(session, shop)
    with clock.frozen(TEN), pytest.raises(TooLateToChange):
        service.cancel(session, made.id)


@pytest.mark.proves("B3")
def test_staff_waive_a_fee_with_a_reason_that_is_kept(session, shop):
    terms(session, cancel_minutes=1440, late_cancel_percent=50, deposit_percent=20)
    made, user = reserve(session, shop), ids.uuid7()
    charges.settle(session, the(session, made.id, "deposit"), "paid", "", None)
    with clock.frozen(TEN - timedelta(hours=1)):
        with pytest.raises(ReasonMissing), session.begin_nested():
            service.cancel(session, made.id, by="staff", waive="  ", user_id=user)
        service.cancel(session, made.id, by="staff", waive="Her child is ill", user_id=user)
    assert owed(session, made.id) == {"deposit": (3980, "refunded"), "late_cancel": (5970, "waived")}
    override = session.scalars(select(Override)).one()
    assert (override.kind, override.reason, override.user_id) == ("fee_waived", "Her child is ill", user)


def test_what_the_house_cancels_costs_nothing(session, shop):
    terms(session, cancel_minutes=1440, late_cancel_percent=50, deposit_percent=20)
    made = reserve(session, shop)
    with clock.frozen(TEN - timedelta(hours=1)):
        row = session.get_one(Booking, made.id)
        charges.on_cancelled(session, row, made.terms, at=clock.now(), by="incident")
    assert owed(session, made.id) == {"deposit": (3980, "dropped")}


@pytest.mark.proves("B3")
def test_customers_move_as_often_as_agreed_and_until_their_own_deadline(session, shop):
    terms(session, max_moves=2, move_minutes=600, cancel_minutes=1440)
    made = reserve(session, shop)
    service.move(session, made.id, TEN + timedelta(minutes=30), by="staff")
    service.move(session, made.id, TEN + timedelta(hours=1), by="customer")
    with clock.frozen(TEN - timedelta(hours=9, minutes=1)):
        service.move(session, made.id, TEN + timedelta(hours=2), by="customer")
    with pytest.raises(TooManyMoves):
        service.move(session, made.id, TEN + timedelta(hours=3), by="customer")
    other = reserve(session, shop, TEN + timedelta(hours=5))
    with clock.frozen(TEN), pytest.raises(TooLateToChange):
        service.move(session, other.id, TEN + timedelta(hours=6), by="customer")
    service.move(session, made.id, TEN + timedelta(hours=3), by="staff")


def test_a_no_show_costs_what_was_agreed_and_coming_after_all_costs_nothing(session, shop):
    terms(session, no_show_percent=50, deposit_percent=20)
    unpaid, paid = reserve(session, shop), reserve(session, shop, TEN + timedelta(hours=1))
    charges.settle(session, the(session, paid.id, "deposit"), "paid", "", None)
    with clock.frozen(TEN + timedelta(minutes=20)):
        service.set_status(session, unpaid.id, "no_show")
        service.set_status(session, paid.id, "no_show")
        assert owed(session, unpaid.id) == {"deposit": (3980, "dropped"), "no_show": (9950, "due")}
        assert owed(session, paid.id) == {"deposit": (3980, "kept"), "no_show": (5970, "due")}
        service.set_status(session, unpaid.id, "arrived")
        service.set_status(session, paid.id, "arrived")
        assert owed(session, unpaid.id) == {"deposit": (3980, "due"), "no_show": (9950, "dropped")}
        assert owed(session, paid.id) == {"deposit": (3980, "paid"), "no_show": (5970, "dropped")}
        service.set_status(session, unpaid.id, "no_show", undo=True)
    assert owed(session, unpaid.id)["no_show"] == (9950, "due")


@pytest.mark.proves("B3")
def test_whoever_missed_two_visits_within_a_year_at_any_branch_pays_a_deposit(session, shop):
    terms(session, no_shows_for_deposit=2, no_show_percent=40)
    for number in range(2):
        missed = reserve(session, shop, TEN + timedelta(hours=number))
        assert owed(session, missed.id) == {}
        with clock.frozen(missed.starts_at + timedelta(minutes=30)):
            service.set_status(session, missed.id, "no_show")
    with clock.frozen(TEN + timedelta(days=1)):
        again = reserve(session, shop, TEN + timedelta(days=2))
        assert owed(session, again.id) == {"deposit": (7960, "due")}
        other = reserve(session, shop, TEN + timedelta(days=2), customer=CustomerInput("王芳", "13812345679"))
        assert owed(session, other.id) == {}
    assert again.customer_id
    with clock.frozen(TEN + timedelta(days=366)):
        assert no_shows(session, again.customer_id) == 0


def test_several_services_of_one_missed_visit_count_once(session, shop):
    first, second = reserve(session, shop), reserve(session, shop, TEN + timedelta(hours=1))
    for made in (first, second):
        row = session.get_one(Booking, made.id)
        row.visit_id, row.status = first.id, "no_show"
    session.flush()
    assert first.customer_id
    with clock.frozen(TEN + timedelta(days=1)):
        assert no_shows(session, first.customer_id) == 1


def test_a_charge_goes_through_its_states_and_wants_a_reason(session, shop):
    terms(session, deposit_percent=30)
    made, user = reserve(session, shop), ids.uuid7()
    charge_id = the(session, made.id, "deposit")
    with pytest.raises(NotPossible):
        charges.settle(session, charge_id, "refunded", "why", user)
    with pytest.raises(ReasonMissing) as refused:
        charges.settle(session, charge_id, "waived", " ", user)
    assert list(refused.value.fields) == ["reason"]
    assert charges.settle(session, charge_id, "waived", "New here", user).state == "waived"
    assert charges.settle(session, charge_id, "waived", "", user).reason == "New here"
    assert session.scalars(select(Override.kind)).all() == ["fee_waived"]
    charges.settle(session, charge_id, "due", "", user)
    charges.settle(session, charge_id, "paid", "", user)
    kept = charges.settle(session, charge_id, "kept", "Did not come", user)
    assert (kept.state, kept.decided_by, kept.decided_at) == ("kept", user, clock.now())
    charges.settle(session, charge_id, "refunded", "Sorry", user)
    with pytest.raises(NotPossible):
        charges.settle(session, charge_id, "due", "", user)
    with pytest.raises(UnknownCharge):
        charges.settle(session, ids.uuid7(), "paid", "", user)
