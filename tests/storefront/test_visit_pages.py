"""Several services and several guests, what is agreed, and what recurs: up to the confirmed visit."""

import gzip
import re
from datetime import date, timedelta
from unittest.mock import ANY
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from blueprints.booking.events import BookingMade, BookingRequested
from blueprints.booking.models import Allocation, BookingPolicy
from blueprints.catalog.models import Service
from blueprints.crm.models import Customer as CustomerRow
from blueprints.staff.models import RosterException
from blueprints.storefront import visits
from shopbell import clock, ids
from shopbell.settings import ROOT
from tests.conftest import MORNING
from tests.storefront.conftest import (
    CUSTOMER,
    TIMES,
    bookings,
    follow,
    hold,
    hrefs,
    local,
    starts,
    visit_of,
    went,
    words,
)

NINE = "2026-03-02T01:00:00Z"
TOMORROW = "2026-03-03T01:00:00Z"
FITTING = "/book/xintiandi/test-fitting"
VISIT = "/book/xintiandi/visit"
STYLES = ROOT / "frontend" / "dist"


def test_a_visit_is_put_together_by_links(customer, options, shop):
    page = went(customer, customer.see(f"{TIMES}?lang=en&o=&o={options[1]}&go=more&staff={shop.people[0]}"))
    assert "Progressive" in words(page.text)
    assert "with 王芳" in words(page.text)
    page = follow(customer, follow(customer, page, "/add?"), "service=test-fitting")
    assert words(page.text).count("with 王芳") == 2, "whoever was asked for gives the next service too"
    page = follow(customer, follow(customer, page, "to=2"), "same=1")
    assert "Guest 2" in words(page.text)
    assert words(page.text).count("with whoever is free") == 2, "nobody serves two guests at once"
    assert "Together · 1 h CN¥996.00" in words(page.text)
    page = follow(customer, follow(customer, page, "of=2&part=1"), visits.short(shop.people[1]))
    assert "with Trần Linh" in words(page.text)
    remove = [href for href in hrefs(page.text) if re.fullmatch(re.escape(VISIT) + r"\?g1=[^,&]+&g2=.*", href)]
    page = customer.see(remove[0])
    assert words(page.text).count("Remove") == 3


def test_an_empty_visit_begins_with_its_first_service(customer):
    page = customer.see(VISIT + "?lang=en")
    assert "What can we do for you?" in words(page.text)
    page = follow(customer, page, "service=test-fitting")
    assert "Your visit" in words(page.text)
    times = follow(customer, page, FITTING)
    assert starts(times.text)[0] == NINE, "one service alone goes the short way"


@pytest.mark.parametrize(
    "query",
    [
        "g1=nothing",
        "g1=test-fitting~x",
        "g1=test-fitting~" + "A" * 22,
        "g1=test-fitting@" + "A" * 22,
        "g1=" + ",".join(["test-fitting"] * 7),
        "g1=%00",
        "g1=🦊",
    ],
)
def test_a_visit_we_did_not_write_gets_a_page_with_a_way_on(customer, session, query):
    for place in (VISIT, VISIT + "/add", VISIT + "/with", VISIT + "/times"):
        page = customer.see(f"{place}?{query}&to=1&of=1&part=1")
        assert page.status_code in {404, 422}, place
        assert 'href="/book/xintiandi"' in page.text
    assert customer.browser.post(f"{VISIT}/times?{query}", data={"start": NINE}).status_code in {404, 422}
    assert bookings(session) == []


@pytest.mark.parametrize(
    "query",
    ["to=3", "to=0", "to=x", "to=", "to=1&service=nothing", "to=3&same=1", "of=9&part=1", "of=1&part=2", "of=1&part=1"],
)
def test_a_step_that_does_not_fit_the_visit_gets_a_page_with_a_way_on(customer, query):
    place = VISIT + ("/with" if query.startswith("of") else "/add")
    page = customer.see(f"{place}?g1=test-fitting&{query}")
    assert page.status_code == (200 if query == "of=1&part=1" else 404 if "nothing" in query else 422)


def test_the_largest_visit_stays_within_a_page_and_within_an_address(customer, options):
    item = f"test-eye-test~{options[1]}~{options[2]},test-fitting"
    query = "&".join(f"g{number}={item}" for number in range(1, visits.MOST_GUESTS + 1))
    for place in (VISIT, VISIT + "/add", VISIT + "/with", VISIT + "/times"):
        page = customer.see(f"{place}?{query}&to=1&of=1&part=1")
        assert page.status_code in {200, 422}
        assert max(map(len, hrefs(page.text))) < 4000
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
        assert sheets == [ANY, "/theme.css"]
        built = (STYLES / sheets[0].rpartition("/")[2]).read_bytes()
        parts = (page.text.encode(), built, customer.see("/theme.css").data)
        assert sum(len(gzip.compress(part, 9)) for part in parts) <= 10 * 1024
        assert not re.search(r"<script|\son\w+=|\sstyle=", page.text)
        assert page.text.count("<h1") == 1


COUPLE = f"{VISIT}/times?g1=test-eye-test,test-fitting&g2=test-fitting"


@pytest.mark.proves("B12")
def test_a_couple_is_booked_together_and_told_once(customer, session, published):
    details = hold(customer, COUPLE, TOMORROW)
    said = words(customer.see(details + "&lang=en").text)
    assert "Tuesday, March 3, 2026 · 09:00" in said
    assert said.index("You") < said.index("Guest 2")
    assert "Together CN¥597.00" in said
    assert "Name of guest 2 (optional)" in said
    answers = [customer.confirm(details, guest2="Mai 🦊") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    made = bookings(session)
    assert [(one.status, one.guest_name) for one in made] == [("booked", ""), ("booked", ""), ("booked", "Mai 🦊")]
    assert {one.visit_id for one in made} == {made[0].id}
    assert made[1].starts_at >= made[0].ends_at
    assert made[2].starts_at == made[0].starts_at
    assert made[0].person_id != made[2].person_id
    facts = published()
    assert [type(fact) for fact in facts] == [BookingMade] * 3
    assert [fact.lead for fact in facts] == [True, False, False]
    page = words(customer.see(local(answers[0].location)).text)
    assert "You are booked" in page
    assert "Mai 🦊" in page
    assert "Together CN¥597.00" in page


def test_everybody_or_nobody(customer, session, shop):
    session.add(RosterException(id=ids.uuid7(), person_id=shop.people[1], day=date(2026, 3, 3), kind="leave"))
    session.flush()
    assert starts(customer.see(f"{VISIT}/times?g1=test-fitting,test-fitting&day=2026-03-03").text)
    assert starts(customer.see(COUPLE + "&day=2026-03-03").text) == []
    answer = customer.browser.post(COUPLE + "&lang=en", data={"start": TOMORROW})
    assert answer.status_code == 409
    assert "This time has just been taken" in words(answer.text)
    assert bookings(session) == []
    assert session.scalar(select(func.count()).select_from(Allocation)) == 0


def test_a_refused_visit_keeps_everything_typed_and_offers_other_times(customer, customer_of, tenant, session):
    details = hold(customer, COUPLE, NINE)
    with clock.frozen(MORNING + timedelta(minutes=20)):
        customer_of(tenant).book(NINE, name="First")
        refused = customer.confirm(details + "&lang=en", guest2="Mai")
        assert refused.status_code == 409
        assert "This time has just been taken" in words(refused.text)
        for typed in (*CUSTOMER.values(), "Mai"):
            assert typed in refused.text
        offers = re.findall(r'<button name="instead" value="([^"]+)"', refused.text)
        assert len(offers) >= 3
        answer = customer.confirm(details, guest2="Mai", instead=offers[0])
        assert answer.status_code == 303
    assert [one.guest_name for one in bookings(session) if one.visit_id and one.status == "booked"] == ["", "", "Mai"]


def test_a_wrong_field_of_a_visit_keeps_the_guests_names(customer, session):
    details = hold(customer, COUPLE, NINE)
    page = customer.confirm(details + "&lang=en", phone="12", guest2="M" * 121)
    assert page.status_code == 422
    assert '<a href="#f-guest2">' in page.text
    assert "M" * 121 in page.text
    assert [one.status for one in bookings(session)] == ["held"] * 3
    assert session.scalar(select(func.count()).select_from(CustomerRow)) == 0


def test_going_back_offers_the_kept_visit_again_and_another_time_lets_go_of_it(customer, session):
    hold(customer, COUPLE, NINE)
    page = customer.see(COUPLE + "&lang=en")
    assert "We keep a time for you until 08:10" in words(page.text)
    assert any("/visit/details?hold=" in href for href in hrefs(page.text))
    hold(customer, COUPLE, TOMORROW)
    assert {one.starts_at.date() for one in bookings(session)} == {date(2026, 3, 3)}
    assert len(bookings(session)) == 3


def test_a_visits_ticket_opens_no_other_page_and_nothing_elsewhere(customer, customer_of, other_tenant, session):
    details = hold(customer, COUPLE, NINE)
    query = urlsplit(details).query
    single = customer.hold("2026-03-04T01:00:00Z", TIMES)
    assert customer.see(f"{TIMES}/details?{query}").status_code == 404
    assert customer.see(f"{VISIT}/details?{urlsplit(single).query}").status_code == 404
    stranger = customer_of(other_tenant)
    assert stranger.see(details).status_code == 404
    assert stranger.confirm(details).status_code == 404
    for token in ("", "nonsense"):
        assert customer.see(f"{VISIT}/details?hold={token}").status_code == 404
        assert customer.confirm(f"{VISIT}/details?hold={token}").status_code == 404
    assert {one.status for one in bookings(session)} == {"held"}


@pytest.mark.proves("B3")
def test_what_is_agreed_is_said_before_and_after_booking(customer, session):
    terms = {"cancel_minutes": 1440, "move_minutes": 240, "max_moves": 1, "late_cancel_percent": 30}
    session.add(BookingPolicy(id=ids.uuid7(), **terms, no_show_percent=50, deposit_percent=20))
    session.flush()
    details = customer.hold("2026-03-05T01:00:00Z")
    before = words(customer.see(details + "&lang=en").text)
    after = words(customer.see(local(customer.confirm(details).location)).text)
    for said in (before, after):
        assert "You can cancel online until Wednesday, March 4, 2026 · 09:00." in said
        assert "You can move it online until Thursday, March 5, 2026 · 05:00. You can move it once." in said
        assert "Cancelling later costs CN¥59.70." in said
        assert "If you do not come, that costs CN¥99.50." in said
        assert "A deposit of CN¥39.80 is due; you get it back if you cancel in time." in said


def test_a_service_that_needs_approval_is_a_request(customer, session, shop, published):
    session.get(Service, shop.fitting).needs_approval = True
    session.flush()
    assert "on request" in words(customer.see("/book/xintiandi?lang=en").text)
    assert "This is a request" in words(customer.see(FITTING).text)
    details = customer.hold(NINE, FITTING)
    page = customer.see(details)
    assert "tell you yes or no" in words(page.text)
    assert "Send the request" in words(page.text)
    done = words(customer.see(local(customer.confirm(details).location)).text)
    assert "Your request is with us" in done
    assert [one.status for one in bookings(session)] == ["requested"]
    assert [type(fact) for fact in published()] == [BookingRequested]


@pytest.mark.proves("B12")
def test_the_same_again_every_few_weeks_with_a_list_of_what_could_not_be_placed(customer, session, shop):
    for person in shop.people:
        session.add(RosterException(id=ids.uuid7(), person_id=person, day=date(2026, 3, 17), kind="leave"))
    session.flush()
    token = customer.book(TOMORROW)
    assert "Come regularly?" in words(customer.see(f"/done/{token}?lang=en").text)
    answers = [customer.browser.post(f"/done/{token}", data={"weeks": "1", "times": "3"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    made = bookings(session)
    assert [one.starts_at.date() for one in made] == [date(2026, 3, 3), date(2026, 3, 10)]
    assert len({one.series_id for one in made}) == 1
    said = words(customer.see(local(answers[0].location)).text)
    assert "These could not be booked: Tuesday, March 17, 2026:" in said
    assert "Come regularly?" not in said
    assert all(one.ref in said for one in made)


@pytest.mark.proves("B12")
def test_a_series_says_which_dates_are_too_far_ahead_and_from_when_they_can_be_booked(customer):
    token = customer.book(TOMORROW)
    assert "So far you can book until Friday, May 1, 2026." in words(customer.see(f"/done/{token}?lang=en").text)
    assert customer.browser.post(f"/done/{token}", data={"weeks": "26", "times": "2"}).status_code == 303
    for page in ("done", "m"):
        said = words(customer.see(f"/{page}/{token}?lang=en").text)
        assert "Tuesday, September 1, 2026: bookable from Friday, July 3, 2026" in said


@pytest.mark.parametrize("typed", [{}, {"weeks": "0", "times": "3"}, {"weeks": "1", "times": "99"}, {"weeks": "٣"}])
def test_a_series_of_a_strange_size_is_refused_next_to_its_field(customer, session, typed):
    token = customer.book(TOMORROW)
    answer = customer.browser.post(f"/done/{token}?lang=en", data=typed)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert len(bookings(session)) == 1


def test_a_cancelled_visit_is_not_repeated(customer, session):
    token = customer.book(TOMORROW)
    customer.browser.post(f"/m/{token}/cancel")
    answer = customer.browser.post(f"/done/{token}", data={"weeks": "1", "times": "3"})
    assert answer.status_code == 303
    assert [one.status for one in bookings(session)] == ["cancelled"]


def test_another_chain_cannot_repeat_a_visit(customer, customer_of, other_tenant, session):
    token = customer.book(TOMORROW)
    stranger = customer_of(other_tenant)
    assert stranger.browser.post(f"/done/{token}", data={"weeks": "1", "times": "3"}).status_code == 404
    assert len(bookings(session)) == 1


def test_the_services_of_one_person_keep_them_chosen(customer, shop):
    page = customer.see(f"/book/xintiandi?staff={shop.people[0]}&lang=en")
    assert "With 王芳" in words(page.text)
    assert f'href="{TIMES}?staff={shop.people[0]}"' in page.text
    for staff in ("nobody", "00000000-0000-0000-0000-000000000000"):
        assert customer.see(f"/book/xintiandi?staff={staff}").status_code == 404


def test_a_form_names_its_page_once(customer):
    assert visit_of(customer.see(COUPLE).text)
