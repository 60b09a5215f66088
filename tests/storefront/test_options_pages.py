"""Variants and add-ons, people and times: from the choice to the pressed time."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from blueprints.booking.models import PeakRule
from blueprints.catalog.models import Service
from blueprints.staff.models import PersonService, RosterException
from blueprints.storefront import visits
from shopbell import ids
from shopbell.settings import ROOT
from tests.conftest import MORNING
from tests.storefront.conftest import (
    TIMES,
    bookings,
    hrefs,
    starts,
    words,
)

NINE = "2026-03-02T01:00:00Z"
TOMORROW = "2026-03-03T01:00:00Z"
FITTING = "/book/xintiandi/test-fitting"
VISIT = "/book/xintiandi/visit"
STYLES = ROOT / "frontend" / "dist"


@pytest.mark.proves("B12")
def test_a_service_with_variants_asks_for_one_before_its_times(customer, options):
    page = customer.see(TIMES + "?lang=en&day=2026-03-04")
    said = words(page.text)
    assert starts(page.text) == []
    assert "Single vision 30 min CN¥199.00" in said
    assert "Progressive 45 min CN¥299.00" in said
    assert "Eye drops + 5 min + CN¥30.00" in said
    assert re.findall(r'value="([^"]+)" checked', page.text) == [options[0]]
    assert '<input type="hidden" name="day" value="2026-03-04">' in page.text


def test_a_service_without_options_stays_as_short_as_it_was(customer, options):
    page = customer.see(FITTING)
    assert starts(page.text)[0] == NINE


def test_the_list_says_from_which_price_and_time_on(customer, options):
    said = words(customer.see("/book/xintiandi?lang=en").text)
    assert "Test Eye Test from 30 min from CN¥199.00" in said
    assert "Test Fitting 15 min CN¥199.00" in said


def test_what_was_chosen_is_kept_through_links_language_and_booking(customer, options, session):
    _short, progressive, drops = options
    chosen = f"{TIMES}?o=&o={progressive}&o={drops}&go=on"
    page = customer.see(chosen + "&lang=en")
    assert "Progressive · Eye drops · 50 min · CN¥329.00" in words(page.text)
    links = [href for href in hrefs(page.text) if "day=" in href and href.startswith(TIMES)]
    assert links
    assert all(f"o={progressive}" in href and f"o={drops}" in href for href in links if "staff=" not in href)
    assert f"{progressive}&o={drops}" in next(href for href in hrefs(page.text) if "lang=vi" in href)
    details = customer.hold(NINE, chosen)
    said = words(customer.see(details + "&lang=en").text)
    assert "Progressive · Eye drops 50 min" in said
    assert "CN¥329.00" in said
    assert customer.confirm(details).status_code == 303
    made = bookings(session)[0]
    assert {visits.short(found) for found in made.options} == {progressive, drops}
    assert (made.price_minor, made.ends_at - made.starts_at) == (32900, timedelta(minutes=50))


@pytest.mark.parametrize("query", ["o=nonsense", "o=" + "A" * 22, "o={0}&o={1}", "o=%00", "staff=x&o="])
def test_options_nobody_offered_get_a_page_with_a_way_on(customer, options, session, query):
    address = f"{TIMES}?{query.format(*options)}"
    page = customer.see(address)
    assert page.status_code in {404, 422}
    assert f'href="{TIMES}"' in page.text
    answer = customer.browser.post(address, data={"start": NINE})
    assert answer.status_code in {404, 422}
    assert bookings(session) == []


@pytest.mark.proves("B1")
def test_a_persons_own_price_and_pace_are_shown_where_they_are_chosen(customer, session, shop):
    session.add(
        PersonService(person_id=shop.people[1], service_id=shop.eye_test, minutes_percent=150, price_minor=25000)
    )
    session.flush()
    assert "from 30 min · from CN¥199.00" in words(customer.see(TIMES + "?lang=en").text)
    assert "45 min · CN¥250.00" in words(customer.see(f"{TIMES}?staff={shop.people[1]}").text)
    details = customer.hold(f"{NINE} {shop.people[1]}")
    said = words(customer.see(details).text)
    assert "45 min · with Trần Linh" in said
    assert "CN¥250.00" in said
    assert "You asked for this person." in said


def test_one_button_takes_the_first_free_time_with_anyone(customer, shop):
    page = customer.see(TIMES + "?lang=en")
    first = re.search(r'class="btn primary big block first" name="start" value="([^"]+)"', page.text)
    assert first
    assert first[1] == NINE
    named = customer.see(f"{TIMES}?staff={shop.people[0]}").text
    assert f'class="btn big first" href="{TIMES}"' in named


@pytest.mark.proves("B6")
def test_times_that_leave_no_gap_are_marked_quietly(customer, session, shop):
    """Without the short services a quarter of an hour is of no use to anybody."""
    session.execute(update(Service).where(Service.id != shop.eye_test).values(active=False))
    page = customer.see(TIMES + "?lang=en")
    assert "Marked times leave no gap in our day." in words(page.text)
    marked = re.findall(r'<button name="start" value="([^"]+)" class="fit" aria-describedby="fits">', page.text)
    assert 0 < len(marked) < len(starts(page.text)) - 1


def test_a_busy_day_says_from_when_it_can_be_booked(customer, session, shop):
    rule = PeakRule(id=ids.uuid7(), name={"en": "New Year"}, starts=0, ends=1440, horizon_days=2)
    rule.first_day = rule.last_day = date(2026, 3, 8)
    session.add(rule)
    session.flush()
    page = customer.see(TIMES + "?lang=en&day=2026-03-08")
    assert "This is a busy day: it can be booked from Friday, March 6, 2026 · 00:00." in words(page.text)
    assert "Not yet" in words(page.text)
    assert starts(page.text) == []


def test_a_full_book_shows_the_way_to_the_waiting_list(customer, session, shop):
    for person in shop.people:
        session.add(RosterException(id=ids.uuid7(), person_id=person, day=MORNING.date(), kind="leave"))
    session.flush()
    page = customer.see(TIMES + "?lang=en&day=2026-03-02")
    assert "Put me on the waiting list" in words(page.text)
    waiting = next(href for href in hrefs(page.text) if href.startswith("/waitlist/"))
    assert customer.see(waiting).status_code == 200


@pytest.mark.proves("B5")
def test_people_stand_with_title_languages_and_their_profile(customer, shop):
    page = customer.see(TIMES + "?lang=en")
    assert "Optometrist" in words(page.text)
    assert '<span lang="zh-CN">中文</span>' in page.text
    profile = f"/book/xintiandi/team/{shop.people[0]}"
    assert f'href="{profile}"' in page.text
    assert customer.see(profile).status_code == 200
