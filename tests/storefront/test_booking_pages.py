"""From the front door to a confirmed appointment."""

import gzip
import re
from datetime import timedelta
from unittest.mock import ANY

import pytest
from sqlalchemy import func, select

from blueprints.booking.events import BookingMade
from blueprints.booking.models import Allocation, Booking
from blueprints.booking.models.book import NOTE
from blueprints.catalog.models import Branch
from blueprints.crm import api as crm
from blueprints.crm.models import Customer as CustomerRow
from blueprints.staff.models import RosterException
from shopbell import clock, ids
from shopbell.settings import ROOT
from shopbell.vault.ring import ring
from tests.conftest import MORNING
from tests.storefront.conftest import CUSTOMER, TIMES, local, starts, visit_of, words

NINE = "2026-03-02T01:00:00Z"
HALF_PAST = "2026-03-02T01:30:00Z"
STYLES = ROOT / "frontend" / "dist"


def statuses(session):
    session.expire_all()
    return sorted(session.scalars(select(Booking.status)))


def test_the_front_door_lists_the_branches_with_what_they_are_doing(customer):
    page = customer.see("/?lang=en")
    assert page.status_code == 200
    assert 'href="/book/xintiandi"' in page.text
    assert "Opens today at 09:00" in words(page.text)
    with clock.frozen(MORNING + timedelta(hours=4)):
        assert "Open today until 18:00" in words(customer.see("/").text)
    with clock.frozen(MORNING + timedelta(hours=12)):
        assert "Closed for today" in words(customer.see("/").text)


def test_a_branch_lists_only_what_somebody_there_can_do(customer):
    here, there = customer.see("/book/xintiandi?lang=en"), customer.see("/book/jingan?lang=en")
    assert f'href="{TIMES}"' in here.text
    assert "30 min" in words(here.text)
    assert "test-eye-test" not in there.text
    assert "There is nothing to book here yet" in words(there.text)


def test_times_stand_under_the_part_of_the_day_and_belong_to_the_branchs_clock(customer):
    page = customer.see(TIMES + "?lang=en")
    assert starts(page.text)[0] == NINE
    assert "09:00" in words(page.text)
    assert words(page.text).index("Morning") < words(page.text).index("Afternoon") < words(page.text).index("Evening")
    assert len(re.findall(r'class="days".*?</nav>', page.text, re.S)[0].split("<small>")) == 14 * 2 + 1


def test_a_chosen_person_keeps_the_choice_in_every_link_and_button(customer, shop):
    page = customer.see(f"{TIMES}?staff={shop.people[1]}")
    assert starts(page.text)[0] == f"{NINE} {shop.people[1]}"
    assert f"staff={shop.people[1]}" in page.text


def test_an_empty_day_leads_to_the_next_free_one(customer, session, shop):
    everybody_busy(session, shop, day=MORNING)
    page = customer.see(TIMES + "?day=2026-03-02&lang=en")
    assert page.status_code == 200
    assert starts(page.text) == []
    assert "There is no free time on Monday, March 2, 2026" in words(page.text)
    assert f'href="{TIMES}?day=2026-03-03"' in page.text
    assert "Full" in words(page.text)
    assert starts(customer.see(TIMES).text)[0] == "2026-03-03T01:00:00Z", "without a day the first free one is shown"


def everybody_busy(session, shop, day):
    for person in shop.people:
        session.add(RosterException(id=ids.uuid7(), person_id=person, day=day.date(), kind="leave"))
    session.flush()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("day=2027-02-29", 422),
        ("day=tomorrow", 422),
        ("day=2026-03-01", 422),
        ("day=2026-09-01", 422),
        ("day=9999-12-31", 422),
        ("day=%00", 422),
        ("staff=nobody", 404),
        ("staff=00000000-0000-0000-0000-000000000000", 404),
        ("staff=%F0%9F%A6%8A", 404),
    ],
)
def test_a_bad_address_gets_a_helpful_page(customer, query, status):
    page = customer.see(f"{TIMES}?{query}&lang=en")
    assert page.status_code == status
    assert f'href="{TIMES}"' in page.text
    assert "See the next free times" in words(page.text)


@pytest.mark.parametrize("address", ["/book/nowhere", "/book/nowhere/test-eye-test", "/book/xintiandi/nothing"])
def test_unknown_branches_and_services_get_a_page_with_a_way_on(customer, address):
    page = customer.see(address)
    assert page.status_code == 404
    assert 'href="/' in page.text
    assert page.mimetype == "text/html"


def test_a_service_nobody_gives_at_a_branch_says_so(customer):
    page = customer.see("/book/jingan/test-eye-test?lang=en")
    assert page.status_code == 422
    assert 'href="/book/jingan"' in page.text


def test_choosing_a_time_keeps_it_for_ten_minutes_and_says_until_when(customer, session):
    details = customer.hold(NINE)
    page = customer.see(details + "&lang=en")
    assert "Monday, March 2, 2026 · 09:00" in words(page.text)
    assert "We keep this time for you until 08:10" in words(page.text)
    assert "This is soon: to move or cancel it, please call us." in words(page.text)
    assert statuses(session) == ["held"]
    assert page.headers["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex">' in page.text


def test_the_deadline_is_said_before_confirming(customer):
    page = customer.see(customer.hold("2026-03-03T01:00:00Z") + "&lang=en")
    assert "You can move or cancel online until Tuesday, March 3, 2026 · 07:00." in words(page.text)


def test_a_double_click_on_a_time_keeps_it_once(customer, session):
    visit = visit_of(customer.see(TIMES).text)
    answers = [customer.browser.post(TIMES, data={"start": NINE, "visit": visit}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert statuses(session) == ["held"]


def test_two_people_whose_forms_name_no_visit_get_a_time_each(customer_of, tenant, session):
    answers = [customer_of(tenant).browser.post(TIMES, data={"start": NINE}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location != answers[1].location
    assert statuses(session) == ["held", "held"]


def test_choosing_another_time_lets_go_of_the_first(customer, session):
    customer.hold(NINE)
    customer.hold(HALF_PAST)
    assert session.scalars(select(Booking.starts_at)).all() == [clock.parse_instant(HALF_PAST)]


def test_going_back_offers_the_kept_time_again(customer):
    details = customer.hold(NINE)
    page = customer.see(TIMES + "?lang=en")
    assert "We keep a time for you until 08:10" in words(page.text)
    assert re.search(r'href="(/book/[^"]+/details\?hold=[^"]+)"', page.text)
    assert customer.see(details).status_code == 200


def test_confirming_books_once_and_shows_where_and_when(customer, session, published):
    details = customer.hold(NINE)
    answer = customer.confirm(details)
    page = customer.see(local(answer.location) + "?lang=en")
    assert answer.status_code == 303
    assert "You are booked" in words(page.text)
    assert "Monday, March 2, 2026 · 09:00" in words(page.text)
    booking = session.scalars(select(Booking)).one()
    note = ring(session).shown(NOTE, booking.id, booking.note, booking.note_sealed)
    assert (booking.status, booking.source, note) == ("booked", "web", "window seat")
    assert booking.ref in words(page.text)
    who = crm.contact(session, booking.customer_id)
    assert (who.name, who.phone, who.email) == ("Linh Trần", "+8613123456789", "linh@example.com")
    assert published() == [BookingMade(booking.id, who.id, booking.branch_id, booking.starts_at, "web")]


def test_a_second_click_on_confirm_books_nothing_more(customer, session, published):
    details = customer.hold(NINE)
    answers = [customer.confirm(details), customer.confirm(details), customer.confirm(details, name="Somebody Else")]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert len({answer.location for answer in answers}) == 1
    assert statuses(session) == ["booked"]
    assert len(published()) == 1
    assert local(customer.see(details).location) == local(answers[0].location), "going back leads to what was booked"


def test_a_hold_that_ran_out_still_gets_the_time_when_it_is_free(customer, session):
    details = customer.hold(NINE)
    with clock.frozen(MORNING + timedelta(minutes=20)):
        assert "The ten minutes are over" in words(customer.see(details + "&lang=en").text)
        answers = [customer.confirm(details), customer.confirm(details)]
        assert [answer.status_code for answer in answers] == [303, 303]
    assert statuses(session).count("booked") == 1


@pytest.fixture
def late_loser(customer, customer_of, tenant, session):
    """Somebody whose hold ran out while others took both people; their refused confirmation."""
    details = customer.hold(NINE)
    with clock.frozen(MORNING + timedelta(minutes=20)):
        for name in ("First", "Second"):
            customer_of(tenant).book(NINE, name=name)
        yield customer.confirm(details + "&lang=en"), details


def test_a_lost_time_answers_409_with_others_and_keeps_everything_typed(late_loser, session):
    refused, _details = late_loser
    assert refused.status_code == 409
    assert "This time has just been taken" in words(refused.text)
    assert len(re.findall(r'<button name="instead"', refused.text)) >= 3
    for typed in CUSTOMER.values():
        assert typed in refused.text
    assert statuses(session).count("booked") == 2


def test_taking_an_alternative_books_it_with_what_was_typed(late_loser, customer, session):
    refused, details = late_loser
    offers = re.findall(r'<button name="instead" value="([^"]+)"', refused.text)
    answers = [customer.confirm(details, instead=offers[0]) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert statuses(session).count("booked") == 3
    page = words(customer.see(local(answers[0].location) + "?lang=en").text)
    assert "You are booked" in page


def test_a_time_taken_before_it_is_chosen_answers_409_with_others(customer, customer_of, tenant, session):
    page = customer.see(TIMES)
    for name in ("First", "Second"):
        customer_of(tenant).book(NINE, name=name)
    answer = customer.browser.post(TIMES + "?lang=en", data={"start": NINE, "visit": visit_of(page.text)})
    assert answer.status_code == 409
    assert "This time has just been taken" in words(answer.text)
    assert "Nearest free times" in words(answer.text)
    assert NINE not in starts(answer.text)
    assert len(starts(answer.text)) > 10


WRONG = {"name": " ", "phone": "0" * 40, "email": "nope", "note": "n" * 501}


@pytest.mark.parametrize("field", list(WRONG))
def test_a_wrong_field_is_named_linked_and_kept(customer, session, field):
    details = customer.hold(NINE)
    page = customer.confirm(details + "&lang=en", **{field: WRONG[field]})
    assert page.status_code == 422
    assert f'<a href="#f-{field}">' in page.text
    box = re.search(rf'<(?:input|textarea)[^>]*id="f-{field}"[^>]*>', page.text)
    assert box is not None
    assert 'aria-invalid="true"' in box[0]
    assert re.search(rf'aria-describedby="[^"]*e-{field}"', box[0])
    assert f'id="e-{field}"' in page.text
    assert all(typed in page.text for name, typed in {**CUSTOMER, field: WRONG[field]}.items())
    assert "<title>Please check" in page.text
    assert statuses(session) == ["held"]
    assert session.scalar(select(func.count()).select_from(CustomerRow)) == 0


@pytest.mark.parametrize("name", ["🦊 Foxy", "محمد عبد الله", '<b>Linh</b> & "An"', "欧阳娜娜"])
def test_names_of_every_script_can_book(customer, session, name):
    customer.book(NINE, name=name)
    assert session.scalars(select(CustomerRow.name)).one() == name


@pytest.mark.parametrize(
    "start", ["", "soon", "2026-03-02T01:00:00", "2026-02-29T01:00:00Z", NINE + " nobody", "\x00", NINE * 99]
)
def test_a_time_nobody_offered_as_such_is_answered_with_a_page(customer, session, start):
    answer = customer.choose(start)
    assert answer.status_code == 422
    assert statuses(session) == []


@pytest.mark.parametrize(
    "start",
    [
        "2026-03-01T01:00:00Z",
        "2026-03-02T00:15:00Z",
        "2026-03-02T14:00:00Z",
        "2026-03-02T01:07:00Z",
        "2027-03-02T01:00:00Z",
    ],
)
def test_a_forged_time_is_refused_with_the_real_ones_beside_it(customer, session, start):
    answer = customer.choose(start)
    assert answer.status_code == 422
    assert starts(answer.text)
    assert statuses(session) == []


@pytest.mark.parametrize("token", ["", "nonsense", "eyJ4IjoxfQ.AAAA"])
def test_a_hold_cannot_be_forged(customer, session, token):
    for answer in (
        customer.see(f"{TIMES}/details?hold={token}"),
        customer.confirm(f"{TIMES}/details?hold={token}"),
    ):
        assert answer.status_code == 404
        assert f'href="{TIMES}"' in answer.text
    assert statuses(session) == []


def test_a_ticket_opens_only_the_service_it_was_made_for(customer):
    details = customer.hold(NINE).replace("test-eye-test", "test-fitting")
    assert customer.see(details).status_code == 404


def test_another_chains_ticket_and_branch_mean_nothing_here(customer, customer_of, other_tenant, session):
    details = customer.hold(NINE)
    stranger = customer_of(other_tenant)
    assert stranger.see(details).status_code == 404
    assert stranger.confirm(details).status_code == 404
    assert statuses(session) == ["held"]


def test_a_branch_that_takes_no_bookings_says_so_and_gives_its_telephone(customer, session, shop):
    session.get(Branch, shop.branch_id).is_open = False
    session.flush()
    page = customer.see(TIMES + "?lang=en")
    assert "takes no bookings right now" in words(page.text)
    assert "tel:+862150001234" in page.text
    assert customer.browser.post(TIMES, data={"start": NINE, "visit": "v"}).status_code in {200, 409}
    assert session.scalar(select(func.count()).select_from(Allocation)) == 0


@pytest.mark.parametrize("locale", ["zh-CN", "vi", "en"])
def test_pages_speak_the_chosen_language_and_remember_it(customer, locale):
    page = customer.see(f"{TIMES}?lang={locale}")
    assert f'<html lang="{locale}">' in page.text
    assert f'<html lang="{locale}">' in customer.see(TIMES).text
    assert re.findall(r'hreflang="([^"]+)"', page.text) == ["en", "zh-CN", "vi"]


def test_a_text_in_another_language_says_which(customer):
    page = customer.see("/?lang=vi")
    assert '<span lang="en">1 Test Road, Shanghai</span>' in page.text


def test_a_name_in_another_script_says_which_language_it_is(customer):
    assert '<span lang="zh">王芳</span>' in customer.see(TIMES + "?lang=vi").text
    assert ">王芳</a>" in customer.see(TIMES + "?lang=zh-CN").text


def test_no_page_carries_a_script_or_an_inline_style(customer):
    details = customer.hold(NINE)
    for address in ("/", "/book/xintiandi", TIMES, details):
        page = customer.see(address).text
        assert not re.search(r"<script|\son\w+=|\sstyle=", page)
        assert page.count("<h1") == 1
        assert 'href="#main"' in page


def test_a_page_with_its_style_sheets_stays_within_ten_kilobytes(customer):
    details = customer.hold(HALF_PAST)
    for address in ("/", "/book/xintiandi", TIMES, details):
        page = customer.see(address).text
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        assert sheets == [ANY, "/theme.css"]
        built = (STYLES / sheets[0].rpartition("/")[2]).read_bytes()
        parts = (page.encode(), built, customer.see("/theme.css").data)
        assert sum(len(gzip.compress(part, 9)) for part in parts) <= 10 * 1024


def test_an_address_that_keeps_on_holding_times_is_slowed_down(client, shop):
    address = "/book/xintiandi/test-eye-test"
    answers = [client.post(address, data={}).status_code for _ in range(45)]
    assert answers[0] == 422
    assert answers[-1] == 429
