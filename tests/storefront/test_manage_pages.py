"""The customer's own link: looking, moving, cancelling, the calendar file."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from blueprints.booking.events import BookingCancelled, BookingMoved, TimeFreed
from blueprints.booking.models import Booking
from shopbell import clock
from tests.conftest import MORNING
from tests.storefront.conftest import TIMES, local, starts, words

TOMORROW = "2026-03-03T01:00:00Z"
LATER = "2026-03-03T02:00:00Z"
NINE = "2026-03-02T01:00:00Z"


def only(session):
    session.expire_all()
    return session.scalars(select(Booking)).one()


def test_the_link_shows_the_appointment_and_what_can_be_done(customer, session):
    token = customer.book(TOMORROW)
    page = customer.see(f"/m/{token}?lang=en")
    said = words(page.text)
    assert "Tuesday, March 3, 2026 · 09:00" in said
    assert "until Tuesday, March 3, 2026 · 07:00" in said
    assert only(session).ref in said
    assert page.headers["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex">' in page.text


def test_moving_by_the_link_is_done_and_told_once(customer, session, published):
    token = customer.book(TOMORROW)
    choice = customer.see(f"/m/{token}/move?lang=en")
    assert choice.status_code == 200
    assert LATER in starts(choice.text)
    answers = [customer.browser.post(f"/m/{token}/move", data={"start": LATER}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    page = words(customer.see(local(answers[0].location)).text)
    assert "Your appointment has been moved" in page
    assert "Tuesday, March 3, 2026 · 10:00" in page
    assert only(session).moves == 1
    assert [type(fact) for fact in published()][1:] == [TimeFreed, BookingMoved]


def test_the_strip_of_a_move_keeps_its_choice_in_the_address(customer, shop):
    token = customer.book(TOMORROW)
    page = customer.see(f"/m/{token}/move?day=2026-03-04&staff={shop.people[0]}")
    assert f'href="/m/{token}/move?day=2026-03-05&amp;staff={shop.people[0]}"' in page.text
    assert starts(page.text)[0].endswith(f" {shop.people[0]}")


def test_a_lost_move_leaves_the_appointment_where_it_was(customer, customer_of, tenant, session):
    token = customer.book(TOMORROW)
    for name in ("First", "Second"):
        customer_of(tenant).book(LATER, name=name)
    answer = customer.browser.post(f"/m/{token}/move?lang=en", data={"start": LATER})
    assert answer.status_code == 409
    assert "This time has just been taken" in words(answer.text)
    assert re.search(r'<button name="start" value="[^"]+"', answer.text)
    assert "Tuesday, March 3, 2026 · 09:00" in words(customer.see(f"/m/{token}").text)


def test_cancelling_asks_once_and_is_told_once(customer, session, published):
    token = customer.book(TOMORROW)
    asked = customer.see(f"/m/{token}/cancel?lang=en")
    assert "Cancel this appointment?" in words(asked.text)
    assert only(session).status == "booked"
    answers = [customer.browser.post(f"/m/{token}/cancel") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    page = customer.see(local(answers[0].location))
    assert "Your appointment is cancelled" in words(page.text)
    assert f'href="{TIMES}"' in page.text
    assert only(session).status == "cancelled"
    assert [type(fact) for fact in published()][1:] == [TimeFreed, BookingCancelled]
    assert local(customer.see(f"/done/{token}").location) == f"/m/{token}"


def test_past_the_deadline_the_page_says_so_and_gives_the_telephone(customer, session):
    token = customer.book(NINE)
    page = customer.see(f"/m/{token}?lang=en")
    assert "too soon to be changed online" in words(page.text)
    assert "tel:+862150001234" in page.text
    assert "/cancel" not in page.text
    for address in ("move", "cancel"):
        assert local(customer.see(f"/m/{token}/{address}").location) == f"/m/{token}"
    moved = customer.browser.post(f"/m/{token}/move", data={"start": TOMORROW})
    cancelled = customer.browser.post(f"/m/{token}/cancel")
    assert (moved.status_code, cancelled.status_code) == (409, 409)
    assert "It is too late to change this appointment online" in words(cancelled.text)
    assert "tel:+862150001234" in cancelled.text
    assert only(session).status == "booked"


@pytest.mark.parametrize("token", ["nonsense", "A" * 43, "ü"])
def test_a_broken_link_gets_a_page_with_telephone_numbers(customer, token):
    for address in (f"/m/{token}", f"/done/{token}", f"/m/{token}/move", f"/m/{token}/booking.ics"):
        page = customer.see(f"{address}?lang=en")
        assert page.status_code == 404
        assert "This link does not work any more" in words(page.text)
        assert "tel:+862150001234" in page.text


def test_an_old_link_has_run_out(customer):
    token = customer.book(TOMORROW)
    with clock.frozen(MORNING + timedelta(days=40)):
        assert customer.see(f"/m/{token}").status_code == 404
        assert customer.browser.post(f"/m/{token}/cancel").status_code == 404


def test_another_chain_cannot_use_the_link(customer, customer_of, other_tenant, session):
    token = customer.book(TOMORROW)
    stranger = customer_of(other_tenant)
    assert stranger.see(f"/m/{token}").status_code == 404
    assert stranger.browser.post(f"/m/{token}/cancel").status_code == 404
    assert stranger.browser.post(f"/m/{token}/move", data={"start": LATER}).status_code == 404
    assert only(session).status == "booked"


def test_the_calendar_file_keeps_its_id_and_counts_changes(customer, session, tenant):
    token = customer.book(TOMORROW)
    before = calendar_lines(customer, token)
    customer.browser.post(f"/m/{token}/move", data={"start": LATER})
    after = calendar_lines(customer, token)
    customer.browser.post(f"/m/{token}/cancel")
    cancelled = calendar_lines(customer, token)
    uid = f"UID:{only(session).id}@{tenant.host}"
    assert uid in before
    assert uid in after
    assert "DTSTART;TZID=Asia/Shanghai:20260303T090000" in before
    assert "DTSTART;TZID=Asia/Shanghai:20260303T100000" in after
    assert "BEGIN:VTIMEZONE" in before
    counted = [sequence(lines) for lines in (before, after, cancelled)]
    assert counted == sorted(set(counted))
    assert "STATUS:CANCELLED" in cancelled


def sequence(lines):
    return next(int(line.removeprefix("SEQUENCE:")) for line in lines if line.startswith("SEQUENCE:"))


def calendar_lines(customer, token):
    answer = customer.see(f"/m/{token}/booking.ics")
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer.text.splitlines()


def test_a_wrong_day_while_moving_gets_a_helpful_page(customer):
    token = customer.book(TOMORROW)
    page = customer.see(f"/m/{token}/move?day=2027-02-29&lang=en")
    assert page.status_code == 422
    assert f'href="/m/{token}/move"' in page.text
    assert customer.browser.post(f"/m/{token}/move", data={"start": "soon"}).status_code == 422
