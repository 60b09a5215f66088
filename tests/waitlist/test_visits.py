"""Waiting for a visit of several services or guests: a time is offered when there is room for everybody."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingRequest, CustomerInput, Guest, Item
from blueprints.staff.models import RosterException
from blueprints.storefront.api import visit_address
from blueprints.waitlist import links, service
from blueprints.waitlist.models import Wish
from blueprints.waitlist.queries import views
from blueprints.waitlist.values import JoinRequest, WishView
from shopbell import clock, ids
from tests.support.letters import letters
from tests.support.world import Shop
from tests.waitlist.people import DAY, LAN, TEN, book, free, offers, only_offer, status
from tests.waitlist.test_pages import ASKED

pytestmark = [pytest.mark.proves("B11"), pytest.mark.proves("B12")]
Run = Callable[[], int]
COUPLE = "/waitlist/xintiandi/test-eye-test?g1=test-eye-test,test-fitting&g2=test-fitting"


def couple(shop: Shop) -> tuple[Guest, ...]:
    """An eye test and a fitting for one, a fitting for the other, at the same time."""
    return (Guest((Item(shop.eye_test), Item(shop.fitting))), Guest((Item(shop.fitting),)))


def wait(session: Session, shop: Shop, **more: object) -> WishView:
    request = JoinRequest(None, (shop.branch_id,), DAY, DAY, LAN, guests=couple(shop), **more)  # type: ignore[arg-type]
    return service.join(session, request)


@pytest.fixture(autouse=True)
def english(client: FlaskClient) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"


def test_a_couple_is_offered_a_time_that_holds_for_both(session: Session, shop: Shop, run_jobs: Run) -> None:
    waiting = wait(session, shop)
    free(session, shop, minutes=45)
    run_jobs()
    offer = only_offer(session)
    held = booking.held_visit(session, offer.hold_id)
    assert [row.service_id for row in held] == [shop.eye_test, shop.fitting, shop.fitting]
    assert held[0].person_id != held[2].person_id
    assert held[0].starts_at == held[2].starts_at == offer.starts_at == TEN
    assert offer.ends_at == TEN + timedelta(minutes=45)
    made = service.accept(session, offer.id)
    rows = booking.visit(session, made.id)
    assert {row.id for row in rows} == {row.id for row in held}, "what was held is what was booked"
    assert {row.status for row in rows} == {"booked"}
    assert {row.source for row in rows} == {"waitlist"}
    assert status(session, waiting) == ("accepted", "accepted")


def test_room_for_one_of_two_is_no_offer(session: Session, shop: Shop, run_jobs: Run) -> None:
    session.add(RosterException(id=ids.uuid7(), person_id=shop.people[1], day=DAY, kind="leave"))
    session.flush()
    wait(session, shop)
    free(session, shop, minutes=45)
    run_jobs()
    assert offers(session) == []


def test_silence_frees_all_of_it(session: Session, shop: Shop, run_jobs: Run) -> None:
    waiting = wait(session, shop)
    free(session, shop, minutes=45)
    run_jobs()
    offer = only_offer(session)
    with clock.frozen(offer.expires_at):
        run_jobs()
        assert booking.held_visit(session, offer.hold_id) == []
    assert status(session, waiting) == ("waiting", "")


def test_only_a_visit_with_all_of_it_fulfils_the_wish(session: Session, shop: Shop, run_jobs: Run) -> None:
    waiting = wait(session, shop)
    who = CustomerInput(LAN.name, LAN.phone)
    book(session, shop, TEN + timedelta(hours=2), customer=who)
    run_jobs()
    assert status(session, waiting) == ("waiting", "")
    request = BookingRequest(shop.branch_id, None, TEN + timedelta(hours=4), who, guests=couple(shop))
    booking.reserve(session, request)
    run_jobs()
    assert status(session, waiting) == ("over", "booked")


def test_a_whole_visit_is_moved_to_an_earlier_time_that_is_accepted(
    session: Session, shop: Shop, run_jobs: Run
) -> None:
    later = TEN + timedelta(days=2)
    made = booking.reserve(session, BookingRequest(shop.branch_id, None, later, LAN, guests=couple(shop)))
    wanted = JoinRequest(None, (shop.branch_id,), DAY, date(2026, 3, 20), LAN, booking_id=made.id)
    waiting = service.join(session, wanted)
    assert len(waiting.guests) == 2
    free(session, shop, minutes=45)
    run_jobs()
    moved = service.accept(session, only_offer(session).id)
    rows = booking.visit(session, moved.id)
    assert moved.id == made.id
    assert [row.status for row in rows] == ["booked"] * 3
    assert min(row.starts_at for row in rows) == TEN
    assert {row.moves for row in rows} == {0}, "our offer uses up none of the customer's moves"


def test_a_couple_joins_and_answers_without_javascript(
    client: FlaskClient, session: Session, shop: Shop, run_jobs: Run
) -> None:
    shown = client.get(COUPLE)
    assert shown.status_code == 200
    assert "room for all of you" in shown.text
    assert re.search(r'action="/waitlist/xintiandi/test-eye-test\?[^"]*g2=test-fitting', shown.text)
    wrong = client.post(COUPLE, data={**ASKED, "name": ""})
    assert wrong.status_code == 422
    assert "Guest 2" in wrong.text
    sent = client.post(COUPLE, data={**ASKED, "earliest": "0", "latest": "1440"})
    assert sent.status_code == 303, sent.text
    page = client.get(sent.headers["Location"]).text
    assert "Guest 2" in page
    assert "/book/xintiandi/visit/times?g1=test-eye-test" in page
    free(session, shop, minutes=45)
    run_jobs()
    link = f"/offer/{links.offer_token(views.offer(session, only_offer(session).id))}"
    asked = client.get(link).text
    assert asked.count("Test Fitting") == 2
    assert "Good to know" in asked, "what is agreed is said before somebody says yes"
    assert "CN¥597.00" in asked
    assert "Guest 2" in asked
    answer = client.post(link, data={"answer": "yes"})
    assert answer.status_code == 303
    assert "You are booked" in client.get(answer.headers["Location"]).text
    told = letters(session, template="offer", channel="sms")
    assert all("2" in message.body for message in told)


@pytest.mark.parametrize("visit", ["g1=nothing,nothing", "g1=test-fitting~x", "g1=" + ",".join(["test-fitting"] * 7)])
def test_a_visit_that_we_did_not_write_is_refused(client: FlaskClient, session: Session, visit: str) -> None:
    address = f"/waitlist/xintiandi/test-eye-test?{visit}"
    assert client.get(address).status_code in {404, 422}
    assert client.post(address, data=ASKED).status_code in {404, 422}
    assert session.scalars(select(Wish)).all() == []


def test_the_times_of_a_visit_lead_to_waiting_for_all_of_it(client: FlaskClient, session: Session, shop: Shop) -> None:
    page = client.get("/book/xintiandi/visit/times", query_string=visit_address(session, couple(shop))).text
    link = re.search(r'href="(/waitlist/[^"]+)"', page)
    assert link
    assert "Guest 2" in client.get(link[1].replace("&amp;", "&")).text


def test_who_would_like_to_come_sooner_finds_the_waitlist_where_they_move_their_visit(
    client: FlaskClient, session: Session, shop: Shop
) -> None:
    later = TEN + timedelta(days=2)
    made = booking.reserve(session, BookingRequest(shop.branch_id, None, later, LAN, guests=couple(shop)))
    page = client.get(f"/m/{booking.manage_token(made.id, later + timedelta(days=9))}/move").text
    link = re.search(r'href="(/waitlist/[^"]+)"', page)
    assert link
    form = client.get(link[1].replace("&amp;", "&"))
    assert "Instead of your appointment" in form.text
    assert "Guest 2" in form.text
    assert client.post(link[1].replace("&amp;", "&"), data=ASKED).status_code == 303
    (wish,) = session.scalars(select(Wish))
    assert wish.booking_id == made.id
    assert len(wish.guests or ()) == 2


def test_programs_wish_for_visits_too(api_client: Callable[..., FlaskClient], shop: Shop) -> None:
    body = {
        "guests": [
            {"items": [{"service": str(shop.eye_test)}, {"service": str(shop.fitting)}]},
            {"items": [{"service": str(shop.fitting), "staff": str(shop.people[0])}]},
        ],
        "branches": [str(shop.branch_id)],
        "first_day": DAY.isoformat(),
        "last_day": DAY.isoformat(),
        "customer": {"name": "Lan", "phone": "13800138000"},
    }
    client = api_client("booking")
    made = client.post("/api/v1/waitlist", json=body)
    assert made.status_code == 201, made.text
    wish = made.get_json()
    assert wish["service"] == str(shop.eye_test)
    assert [len(guest["items"]) for guest in wish["guests"]] == [2, 1]
    assert wish["guests"][1]["items"][0]["staff"] == str(shop.people[0])
    assert client.get(f"/api/v1/waitlist/{wish['id']}").get_json()["guests"] == wish["guests"]
    nothing = {name: value for name, value in body.items() if name != "guests"}
    refused = client.post("/api/v1/waitlist", json=nothing)
    assert refused.status_code == 422
    assert "service" in refused.get_json()["fields"]


def test_the_desk_sees_who_waits_for_what(sign_in_as: Callable[..., FlaskClient], session: Session, shop: Shop) -> None:
    fitting = Guest((Item(shop.fitting, (), shop.people[1]),))
    request = JoinRequest(None, (shop.branch_id,), DAY, DAY, LAN, guests=(*couple(shop), fitting))
    service.join(session, request)
    page = sign_in_as("hq").get("/hq/waitlist?lang=en").text
    assert "Guest 3" in page
    assert "Trần Linh" in page
