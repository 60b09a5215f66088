"""The customer's link and what was agreed: deadlines, fees, deposits, numbers of moves, whole visits, series."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from blueprints.booking import api as booking
from blueprints.booking.api import BookingRequest, CustomerInput, Guest, Item
from blueprints.booking.models import Booking, BookingPolicy, Charge
from blueprints.booking.service import charges
from blueprints.feeds import api as feeds
from shopbell import clock, ids
from tests.conftest import MORNING
from tests.messaging.conftest import devtools, outside
from tests.storefront.conftest import local, starts, words
from tests.support.letters import letters

__all__ = ["devtools", "outside"]

TOMORROW = "2026-03-03T01:00:00Z"
LATER = "2026-03-03T02:00:00Z"
AN_HOUR_BEFORE = MORNING + timedelta(days=1)


@pytest.fixture
def policy(session, shop):
    def write(**terms):
        session.add(BookingPolicy(id=ids.uuid7(), **terms))
        session.flush()

    return write


def made(session):
    session.expire_all()
    return session.scalars(select(Booking).order_by(Booking.id)).all()


def owed(session):
    session.expire_all()
    return {(charge.kind, charge.state): charge.amount_minor for charge in session.scalars(select(Charge))}


@pytest.mark.proves("B3")
def test_the_terms_are_said_before_booking_and_on_the_customers_page(customer, policy):
    policy(cancel_minutes=1440, move_minutes=60, max_moves=2, late_cancel_percent=50, no_show_percent=100)
    details = words(customer.see(f"{customer.hold('2026-03-05T01:00:00Z')}&lang=en").text)
    token = customer.book("2026-03-05T02:00:00Z")
    page = words(customer.see(f"/m/{token}?lang=en").text)
    for said in (details, page):
        assert "You can cancel online until Wednesday, March 4, 2026" in said
        assert "You can move it 2 times." in said
        assert "Cancelling later costs CN¥99.50." in said or "Cancelling later costs ¥99.50." in said
        assert "If you do not come, that costs" in said


@pytest.mark.proves("B3")
def test_cancelling_late_needs_the_fee_confirmed_and_then_says_what_is_owed(customer, session, policy):
    policy(cancel_minutes=120, late_cancel_percent=50)
    token = customer.book(TOMORROW)
    with clock.frozen(AN_HOUR_BEFORE):
        asked = customer.see(f"/m/{token}/cancel?lang=en")
        assert "¥99.50" in words(asked.text)
        assert 'name="fee" value="9950"' in asked.text
        refused = customer.browser.post(f"/m/{token}/cancel?lang=en")
        assert refused.status_code == 422
        assert "Confirm what it costs, or keep the appointment." in words(refused.text)
        assert made(session)[0].status == "booked"
        wrong = customer.browser.post(f"/m/{token}/cancel", data={"fee": "1"})
        assert wrong.status_code == 422
        answers = [customer.browser.post(f"/m/{token}/cancel", data={"fee": "9950"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303]
        assert made(session)[0].status == "cancelled"
        assert owed(session) == {("late_cancel", "due"): 9950}
        assert "Cancelling late costs" in words(customer.see(f"/m/{token}?lang=en").text)


@pytest.mark.proves("B3")
def test_in_time_it_costs_nothing_and_a_paid_deposit_goes_back(customer, session, policy):
    policy(deposit_percent=20, late_cancel_percent=50)
    token = customer.book(TOMORROW)
    assert "A deposit of" in words(customer.see(f"/m/{token}?lang=en").text)
    (charge,) = session.scalars(select(Charge))
    charges.settle(session, charge.id, "paid", "", None)
    asked = words(customer.see(f"/m/{token}/cancel?lang=en").text)
    assert "It costs nothing until" in asked
    assert "is given back" in asked
    assert customer.browser.post(f"/m/{token}/cancel").status_code == 303
    assert owed(session) == {("deposit", "refunded"): 3980}
    assert "is given back" in words(customer.see(f"/m/{token}?lang=en").text)


@pytest.mark.proves("B3")
def test_late_a_paid_deposit_counts_towards_the_fee(customer, session, policy):
    policy(cancel_minutes=120, deposit_percent=20, late_cancel_percent=50)
    token = customer.book(TOMORROW)
    charges.settle(session, session.scalars(select(Charge.id)).one(), "paid", "", None)
    with clock.frozen(AN_HOUR_BEFORE):
        asked = customer.see(f"/m/{token}/cancel?lang=en")
        assert 'name="fee" value="9950"' in asked.text
        assert "39.80 is kept" in words(asked.text)
        assert customer.browser.post(f"/m/{token}/cancel", data={"fee": "9950"}).status_code == 303
    assert owed(session) == {("deposit", "kept"): 3980, ("late_cancel", "due"): 5970}


@pytest.mark.proves("B3")
def test_the_number_of_moves_is_kept_and_said(customer, session, policy):
    policy(max_moves=1)
    token = customer.book(TOMORROW)
    assert "You can move it once." in words(customer.see(f"/m/{token}?lang=en").text)
    assert customer.browser.post(f"/m/{token}/move", data={"start": LATER}).status_code == 303
    page = customer.see(f"/m/{token}?lang=en")
    assert "You have moved it as often as that is possible online." in words(page.text)
    assert f"/m/{token}/move" not in page.text
    assert f"/m/{token}/cancel" in page.text
    assert local(customer.see(f"/m/{token}/move").location) == f"/m/{token}"
    again = customer.browser.post(f"/m/{token}/move?lang=en", data={"start": "2026-03-03T03:00:00Z"})
    assert again.status_code == 409
    assert made(session)[0].moves == 1


@pytest.fixture
def party(session, shop):
    """Two guests at once, one of them with a second service."""
    start = MORNING + timedelta(days=1, hours=1)
    guests = (
        Guest((Item(shop.eye_test), Item(shop.fitting))),
        Guest((Item(shop.fitting, (), shop.people[1]),), "Anna"),
    )
    who = CustomerInput("Linh Trần", "13812345678", None, "en")
    made = booking.reserve(session, BookingRequest(shop.branch_id, None, start, who, guests=guests))
    return booking.manage_token(made.id, start + timedelta(days=30))


@pytest.mark.proves("B3")
@pytest.mark.proves("B12")
def test_a_whole_visit_is_shown_moved_and_cancelled(customer, session, party, shop):
    said = words(customer.see(f"/m/{party}?lang=en").text)
    assert said.count("Test Fitting") == 2
    assert "Anna" in said
    assert "Together" in said
    choice = customer.see(f"/m/{party}/move?lang=en")
    assert LATER in starts(choice.text)
    assert customer.browser.post(f"/m/{party}/move", data={"start": LATER}).status_code == 303
    rows = made(session)
    assert {row.moves for row in rows} == {1}
    assert min(row.starts_at for row in rows).isoformat() == "2026-03-03T02:00:00+00:00"
    assert next(row for row in rows if row.guest_name == "Anna").person_id == shop.people[1]
    assert "All of it is cancelled." in words(customer.see(f"/m/{party}/cancel?lang=en").text)
    assert customer.browser.post(f"/m/{party}/cancel").status_code == 303
    assert {row.status for row in made(session)} == {"cancelled"}


def test_a_visit_of_which_a_part_was_cancelled_shows_the_rest(customer, session, party):
    guest = next(row for row in made(session) if row.guest_name == "Anna")
    booking.cancel(session, guest.id, by="staff", alone=True)
    said = words(customer.see(f"/m/{party}?lang=en").text)
    assert said.count("Anna") == 1
    assert "Cancelled: Test Fitting (Anna)" in said
    assert "Your appointment" in said
    assert customer.browser.post(f"/m/{party}/move", data={"start": LATER}).status_code == 303


def test_a_service_that_is_no_longer_offered_is_moved_by_telephone(customer, session, shop, party):
    session.connection().exec_driver_sql("update services set active = false where slug = 'test-fitting'")
    answer = customer.see(f"/m/{party}/move?lang=en")
    assert answer.status_code == 409
    assert "One of the services is no longer offered like this." in words(answer.text)


def test_the_other_times_of_a_series_are_listed_with_their_links(customer, session, shop):
    start = MORNING + timedelta(days=1, hours=1)
    who = CustomerInput("Linh Trần", "13812345678", None, "en")
    request = BookingRequest(shop.branch_id, shop.fitting, start, who)
    series = booking.reserve_series(session, request, every_weeks=2, visits=3)
    token = booking.manage_token(series.placed[0].id, start + timedelta(days=30))
    page = customer.see(f"/m/{token}?lang=en").text
    assert "March 17, 2026" in page
    links = re.findall(r'<li><a href="(/m/[^"]+)"', page)
    assert len(links) == 2
    assert "Tuesday, March 17, 2026" in words(customer.see(f"{links[0]}?lang=en").text)


def test_after_the_visit_the_page_leads_to_the_review(customer, session):
    token = customer.book(TOMORROW)
    assert "/r/" not in customer.see(f"/m/{token}").text
    booking.set_status(session, made(session)[0].id, "done")
    page = customer.see(f"/m/{token}?lang=en").text
    link = re.search(r'href="(/r/[^"]+)"', page)
    assert link
    assert customer.see(link[1]).status_code == 200
    assert "Book again" in page


def test_on_the_day_the_page_says_i_am_here(customer):
    token = customer.book(TOMORROW)
    assert "/here/" not in customer.see(f"/m/{token}").text
    with clock.frozen(MORNING + timedelta(days=1, minutes=45)):
        assert "/here/" in customer.see(f"/m/{token}").text


def test_a_missed_appointment_says_so_and_what_it_costs(customer, session, policy):
    policy(no_show_percent=100)
    token = customer.book(TOMORROW)
    with clock.frozen(MORNING + timedelta(days=1, hours=2)):
        booking.set_status(session, made(session)[0].id, "no_show")
        said = words(customer.see(f"/m/{token}?lang=en").text)
    assert "You missed this appointment" in said
    assert "Nobody came to this appointment; that costs" in said


@pytest.mark.proves("B14")
@pytest.mark.usefixtures("outside")
def test_the_calendars_address_goes_to_the_customer_and_never_on_the_page(customer, session, run_jobs):
    token = customer.book(TOMORROW)
    assert "calendar address" in words(customer.see(f"/m/{token}?lang=en").text)
    for _ in range(2):
        answer = customer.browser.post(f"/m/{token}/calendar")
        assert answer.status_code == 303
        run_jobs()
    page = customer.see(f"{local(answer.location)}&lang=en")
    assert "on its way to your phone" in words(page.text)
    sent = letters(session, template="calendar")
    assert sorted(letter.channel for letter in sent) == ["email", "sms"]
    link = feeds.customer_page_url(session, made(session)[0].customer_id)
    assert all((link if letter.channel == "email" else "/s/") in letter.body for letter in sent)
    assert link not in page.text
