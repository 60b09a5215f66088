"""Cancelling one guest or one service of a visit, and leaving the rest."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from blueprints.booking import api as booking
from blueprints.booking.api import BookingRequest, CustomerInput, Guest, Item
from blueprints.booking.models import Allocation, Booking
from blueprints.storefront.visits import short
from shopbell import clock, ids
from shopbell.due import DueWork
from tests.conftest import MORNING
from tests.storefront.conftest import local, words
from tests.storefront.test_manage_pages import calendar_lines, sequence

START = MORNING + timedelta(days=1, hours=1)
pytestmark = [pytest.mark.proves("B3"), pytest.mark.proves("B12")]


@pytest.fixture
def party(session, shop):
    """Two guests at once, one of them with a second service: the link, and the rows in their order."""
    guests = (Guest((Item(shop.eye_test), Item(shop.fitting))), Guest((Item(shop.fitting),), "Anna"))
    who = CustomerInput("Linh Trần", "13812345678", None, "en")
    made = booking.reserve(session, BookingRequest(shop.branch_id, None, START, who, guests=guests))
    return booking.manage_token(made.id, START + timedelta(days=30)), rows(session)


def rows(session):
    session.expire_all()
    return session.scalars(select(Booking).order_by(Booking.id)).all()


def part(*some):
    return ",".join(short(one.id) for one in some)


def states(session):
    return [row.status for row in rows(session)]


def test_the_page_offers_each_guest_and_each_service_of_one_who_has_several(customer, party):
    token, (test, fitting, anna) = party
    page = customer.see(f"/m/{token}?lang=en")
    assert "Cancel all or a part of it" in words(page.text)
    page = customer.see(f"/m/{token}/cancel?lang=en")
    offered = re.findall(r"part=([^\"&]+)", page.text)
    assert [one.replace("%2C", ",") for one in offered] == [part(test, fitting), part(test), part(fitting), part(anna)]


def test_one_guest_is_cancelled_and_the_rest_stays(customer, session, party):
    token, (_test, _fitting, anna) = party
    asked = words(customer.see(f"/m/{token}/cancel?part={part(anna)}&lang=en").text)
    assert "Cancel only this?" in asked
    assert "It is for Anna." in asked
    assert "It costs nothing until Tuesday, March 3, 2026 · 07:00." in asked
    assert "The rest of your visit stays as it is." in asked
    address = f"/m/{token}/cancel?part={part(anna)}"
    answers = [customer.browser.post(address) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert states(session) == ["booked", "booked", "cancelled"]
    assert session.scalar(select(func.count()).where(Allocation.booking_id == anna.id)) == 0
    said = words(customer.see(f"{local(answers[0].location)}&lang=en").text)
    assert "That part is cancelled." in said
    assert "Cancelled: Test Fitting (Anna)" in said
    assert said.count("Test Fitting") == 2


def test_whoever_booked_may_stay_away_and_the_others_still_come(customer, session, party):
    token, (test, fitting, anna) = party
    assert customer.browser.post(f"/m/{token}/cancel?part={part(test, fitting)}").status_code == 303
    assert states(session) == ["cancelled", "cancelled", "booked"]
    page = words(customer.see(f"/m/{token}?lang=en").text)
    assert f"Reference {anna.ref}" in page
    reminders = select(DueWork.key).where(DueWork.kind == "booking.remind")
    assert session.scalars(reminders).all() == [str(anna.id)], "the reminder goes on with who still comes"
    assert customer.browser.post(f"/m/{token}/cancel").status_code == 303
    assert set(states(session)) == {"cancelled"}


def test_a_part_costs_what_was_agreed_for_it_alone(customer, session, shop, party):
    token, (_test, _fitting, anna) = party
    terms = {**anna.terms, "cancel_minutes": 120, "late_cancel_percent": 50}
    for row in rows(session):
        row.terms = terms
    session.flush()
    address = f"/m/{token}/cancel?part={part(anna)}"
    with clock.frozen(START - timedelta(hours=1)):
        assert 'name="fee" value="9950"' in customer.see(address).text
        refused = customer.browser.post(f"{address}&lang=en")
        assert refused.status_code == 422
        assert "Confirm what it costs" in words(refused.text)
        assert set(states(session)) == {"booked"}
        answer = customer.browser.post(address, data={"fee": "9950"})
        assert answer.status_code == 303
        assert states(session) == ["booked", "booked", "cancelled"]
        assert "Cancelling late costs CN¥99.50." in words(customer.see(f"{local(answer.location)}&lang=en").text)


def test_what_is_too_soon_keeps_the_parts_that_are_not(customer, session, party):
    token, (_test, fitting, anna) = party
    for row, minutes in zip(rows(session), (120, 10, 120), strict=True):
        row.terms = {**row.terms, "cancel_minutes": minutes, "late_cancel_percent": None}
    session.flush()
    with clock.frozen(START - timedelta(hours=1)):
        page = customer.see(f"/m/{token}/cancel?lang=en")
        assert "All of it cannot be cancelled online any more." in words(page.text)
        assert re.findall(r"part=([^\"&]+)", page.text) == [part(fitting)]
        assert customer.browser.post(f"/m/{token}/cancel?part={part(anna)}").status_code == 409
        assert set(states(session)) == {"booked"}
        assert customer.browser.post(f"/m/{token}/cancel?part={part(fitting)}").status_code == 303
        assert states(session) == ["booked", "cancelled", "booked"]


@pytest.mark.parametrize("wanted", ["x", "A" * 22, ",".join([short(ids.uuid7())] * 2), "%00", "🦊"])
def test_a_part_that_is_none_of_the_visit_changes_nothing(customer, session, party, wanted):
    token, _rows = party
    assert local(customer.see(f"/m/{token}/cancel?part={wanted}").location) == f"/m/{token}"
    assert customer.browser.post(f"/m/{token}/cancel?part={wanted}").status_code == 303
    assert set(states(session)) == {"booked"}


def test_somebody_elses_appointment_is_no_part_of_it(customer, session, shop, party):
    token, _rows = party
    who = CustomerInput("Other", "13812345679", None, "en")
    other = booking.reserve(session, BookingRequest(shop.branch_id, shop.fitting, START + timedelta(hours=3), who))
    assert customer.browser.post(f"/m/{token}/cancel?part={short(other.id)}").status_code == 303
    assert booking.details(session, other.id).status == "booked"


@pytest.mark.proves("B14")
def test_the_calendar_counts_on_with_every_change_of_any_part(customer, session, party):
    token, (_test, fitting, anna) = party
    seen = [sequence(calendar_lines(customer, token))]
    for change in (
        lambda: booking.extend(session, fitting.id, 15),
        lambda: customer.browser.post(f"/m/{token}/cancel?part={part(anna)}"),
        lambda: customer.browser.post(f"/m/{token}/move", data={"start": "2026-03-03T04:00:00Z"}),
        lambda: customer.browser.post(f"/m/{token}/cancel"),
    ):
        change()
        seen.append(sequence(calendar_lines(customer, token)))
    assert seen == sorted(set(seen))
